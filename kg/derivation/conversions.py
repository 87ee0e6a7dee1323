"""Two currencies, one cell: when a document tells one amount in two currencies, the rate that lies between them.

The rate belongs to that document and to nobody else: it is never used to convert another figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from kg import iris
from kg.derivation.figures import Figure
from kg.derivation.intervals import quotient

IMPLIED = iris.concept("code/rate-implied")


@dataclass(frozen=True)
class Conversion:
    """An amount and the same amount in another currency, as one document gives them.

    ``rate`` is in source units per target unit.
    """

    source: Figure
    target: Figure
    rate: Decimal

    @property
    def iri(self) -> str:
        """The IRI of the conversion, from its two observations."""
        return iris.derivation_iri("convert", self.source.iri, self.target.iri)


def conversions(figures: Iterable[Figure], money: frozenset[str]) -> Iterator[Conversion]:
    """The conversions that one document implies, between its main currency and each other.

    Parameters
    ----------
    figures
        Stated figures of one context.
    money
        IRIs of units that are currencies.

    Notes
    -----
    Which of the two is the original no document says. It is taken to be the currency in which the document states most
    of its figures; of two that are equally frequent, the one with the larger number (the weaker currency).
    """
    amounts = [figure for figure in figures if figure.unit in money and figure.value > 0]
    frequency = Counter(figure.unit for figure in amounts)
    cells: dict[str, dict[str, Figure]] = {}
    for figure in amounts:
        cells.setdefault(figure.key.cell, {}).setdefault(figure.unit, figure)
    for same in cells.values():
        source, *targets = sorted(same.values(), key=lambda f: (-frequency[f.unit], -f.value, f.iri))
        for target in targets:
            if target.interval.low > 0:
                yield Conversion(source, target, quotient(source.value, target.value))
