"""Growth along a series: from the level of one year to that of the next, whichever documents give them.

Within one document `kg.derivation.rules` does this already. Across documents one value a cell has to be chosen, by
`best`, which charts use as well. Where documents contradict each other on a level there is nothing to choose from, and
no growth. The result is growth of totals: its basis says so, and it is never compared with growth that a source states
on another basis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from kg import iris
from kg.derivation.figures import LEVEL, Figure, Key
from kg.derivation.intervals import Interval
from kg.derivation.rules import Derived, growth
from kg.store.base import Store, text_of
from kg.vocabulary import DCTERMS, TT

C = TypeVar("C")

_STATUSES = ("restated", "reported", "estimated")
_QUALITIES = ("official", "press", "seed", "mirror")

_DOCUMENTS = f"""SELECT ?document ?quality ?issued WHERE {{
  ?document a <{TT.Document}> .
  OPTIONAL {{ ?document <{TT.sourceQuality}> ?quality }}
  OPTIONAL {{ ?document <{DCTERMS.issued}> ?issued }}
}}"""


@dataclass(frozen=True)
class Standing:
    """What a claim has to show when one of those on a cell is chosen; codes are local names.

    Attributes
    ----------
    qualities
        Of the documents that it rests on: it is no better than the worst of them.
    issued
        The day on which it came out, as far as that is known: a year, a month or a day.
    name
        Decides where nothing else does.
    """

    status: str
    qualities: tuple[str, ...]
    interval: Interval
    issued: str
    name: str

    @property
    def rank(self) -> tuple[int, int, Decimal, int, str]:
        """The smaller, the better: status, quality, precision, the later date of issue."""
        quality = max((_place(quality, _QUALITIES) for quality in self.qualities), default=len(_QUALITIES))
        day = int("".join(filter(str.isdigit, self.issued))[:8].ljust(8, "0"))
        return _place(self.status, _STATUSES), quality, self.interval.width, -day, self.name


def best(claims: Iterable[C], standing: Callable[[C], Standing]) -> C:
    """The claim to show for a cell: the first by rank, or a finer one of the same status that agrees with it.

    The quality of the source decides only between claims that disagree. Where their intervals meet they say the same,
    one of them more exactly; that one is taken, as long as it agrees with all that were preferred on the way to it.
    """
    ranked = sorted(((standing(claim), claim) for claim in claims), key=lambda pair: pair[0].rank)
    chosen = ranked[:1]
    for one, claim in ranked[1:]:
        finer = one.status == chosen[0][0].status and one.interval.width < chosen[-1][0].interval.width
        if finer and all(one.interval.meets(other.interval) for other, _ in chosen):
            chosen.append((one, claim))
    return chosen[-1][1]


def across(operands: Iterable[Figure], standing: Callable[[Figure], Standing]) -> Iterator[Derived]:
    """Growth between the chosen levels of successive years, where no single document gives both.

    Parameters
    ----------
    operands
        Current figures of all documents.
    standing
        See `standings`.
    """
    cells: dict[tuple[Key, str], list[Figure]] = {}
    for figure in operands:
        if figure.key.transformation == LEVEL:
            cells.setdefault((figure.key, figure.unit), []).append(figure)
    for (key, unit), claims in cells.items():
        earlier = cells.get((replace(key, period=iris.year_before(key.period)), unit), [])
        if earlier and not _contexts(claims) & _contexts(earlier):
            later, first = best(claims, standing), best(earlier, standing)
            if _agree(claims, later) and _agree(earlier, first):
                yield from growth(later, first)


def _agree(claims: Sequence[Figure], chosen: Figure) -> bool:
    """Whether the claims on one cell all allow what the chosen one does."""
    return all(claim.interval.meets(chosen.interval) for claim in claims)


def _contexts(claims: Iterable[Figure]) -> set[tuple[str, str]]:
    return {claim.context for claim in claims}


def standings(store: Store, graphs: Sequence[str]) -> Callable[[Figure], Standing]:
    """What figures have to show, from what the graph knows of their documents."""
    known: dict[str, tuple[tuple[str, ...], str]] = {}
    for row in store.select(_DOCUMENTS, graphs=graphs):
        document, quality, issued = (text_of(row.get(name)) for name in ("document", "quality", "issued"))
        known[document] = ((iris.local(quality),) if quality else (), issued)

    def standing(figure: Figure) -> Standing:
        qualities, issued = known.get(figure.document, ((), ""))
        return Standing(iris.local(figure.status), qualities, figure.interval, issued, figure.iri)

    return standing


def _place(word: str, order: Sequence[str]) -> int:
    return order.index(word) if word in order else len(order)
