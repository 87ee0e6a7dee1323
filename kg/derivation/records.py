"""Figures counted or added up from single records of a register: contracts, say, become the indicators of a report.

A rule is a query in ``queries/rules``. Each of its rows is one figure: operation, graph that was read, dimensions, unit
and value, in columns called as the properties of an observation. Rules lie beside the named queries, so that a person
can run them and read how a figure came about.

A figure from records is no operand: `kg.derivation.rules` stays within what one document states.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kg import assets, iris
from kg.derivation.figures import DERIVED, LEVEL, Figure, Key, plain
from kg.derivation.intervals import Interval
from kg.store.base import Row, Store, text_of
from kg.vocabulary import TT

RULES = "rules"
_DIMENSIONS = ("indicator", "refPeriod", "refArea", "observedUnit", "channel")
_TRIGGER = f"ASK {{ ?record a <{TT.TransferAgreement}> }}"


@dataclass(frozen=True)
class Counted:
    """A figure from the records of one graph, with the operation and the rule (IRI of the query) behind it."""

    figure: Figure
    operation: str
    rule: str
    graph: str

    @property
    def derivation(self) -> str:
        """The activity behind all figures that a rule gave of a graph."""
        return iris.derivation_iri(iris.local(self.operation), self.rule, self.graph)


def files() -> list[Path]:
    """The files of the rules, in order."""
    return sorted((assets.folder("queries") / RULES).glob("*.rq"))


def counted(store: Store, graphs: Sequence[str]) -> Iterator[Counted]:
    """What the rules give; nothing, at no cost, where there are no records.

    Notes
    -----
    Cost: one pass over the records for each rule, some 25 CPU µs a record and rule.
    """
    if store.ask(_TRIGGER, graphs=graphs):
        for file in files():
            rule = f"{iris.QUERY}{RULES}/{file.stem}"
            for row in store.select(file.read_text("utf-8")):
                yield _counted(rule, row)


def _counted(rule: str, row: Row) -> Counted:
    operation, graph, unit = (text_of(row[name]) for name in ("operation", "graph", "unit"))
    value, key = Decimal(text_of(row["value"])), _key(row)
    iri = iris.derived_observation_iri(iris.local(operation), rule, graph, key.text, unit)
    return Counted(Figure(iri, key, unit, value, Interval(value, value), DERIVED, ""), operation, rule, graph)


def _key(row: Row) -> Key:
    indicator, period, area, observed_unit, channel = (text_of(row[name]) for name in _DIMENSIONS)
    threshold = ""
    if "thresholdValue" in row:
        value = plain(Decimal(text_of(row["thresholdValue"])))
        comparator, unit = (iris.local(text_of(row[name])) for name in ("thresholdComparator", "thresholdUnit"))
        threshold = f"{comparator}:{value}:{unit}"
    return Key(indicator, period, area, observed_unit, channel, LEVEL, threshold=threshold)
