"""Figures counted or added up from single records of a register: contracts, say, become the indicators of a report.

A rule is a query in ``queries/rules``. Each of its rows is one figure: operation, graph that was read, dimensions, unit
and value, in columns called as the properties of an observation. Rules lie beside the named queries, so that a person
can run them and read how a figure came about.

A figure from records is no operand: `kg.derivation.rules` stays within what one document states.

A register is large and changes seldom: `state` tells whether anything that a rule reads has changed, and `known` what
the rules gave before, as ``graph/derived`` holds it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kg import assets, iris
from kg.derivation.figures import DERIVED, LEVEL, Figure, Key, plain
from kg.derivation.intervals import Interval
from kg.store.base import Row, Store, text_of
from kg.vocabulary import PROV, SKOS, TT

RULES = "rules"
_DIMENSIONS = ("indicator", "refPeriod", "refArea", "observedUnit", "channel")
_THRESHOLD = ("thresholdComparator", "thresholdValue", "thresholdUnit")
_RECORD = ("provider", "channel", "agreedOn", "agreementValue", "agreementUnit")
_IS_REGISTER = f"ASK {{ ?record <{TT.provider}> ?provider }}"
_BESIDE = (
    f"SELECT ?provider ?area ?in {{ ?provider <{TT.inPopulation}> ?in ; <{TT.homeArea}> ?area }}",
    f"SELECT ?part ?whole {{ ?part <{TT.partOfPopulation}> ?whole }}",
    f"SELECT ?part ?whole {{ ?part <{TT.withinArea}> ?whole }}",
    f"SELECT ?channel {{ ?channel <{SKOS.inScheme}> <{iris.concept('channel')}> }}",
    f"SELECT ?channel ?group {{ ?channel <{SKOS.broader}> ?group }}",
    f"""SELECT DISTINCT ?indicator ?comparator ?value ?unit WHERE {{
      ?published <{TT.indicator}> ?indicator ; <{TT.thresholdComparator}> ?comparator ;
        <{TT.thresholdValue}> ?value ; <{TT.thresholdUnit}> ?unit
      FILTER NOT EXISTS {{ ?published <{TT.status}> <{DERIVED}> }} }}""",
)
"""What rules read beside the records, as thousands of rows at most; nothing of it is ever derived."""
_KNOWN = f"""SELECT * WHERE {{
  GRAPH <{iris.GRAPH_DERIVED}> {{
    ?figure <{TT.derivedBy}> ?derivation ; <{TT.value}> ?value ; <{TT.unit}> ?unit ;
      {" ; ".join(f"<{getattr(TT, name)}> ?{name}" for name in _DIMENSIONS)} .
    ?derivation <{TT.derivationRule}> ?rule ; <{TT.operation}> ?operation ; <{PROV.used}> ?graph .
    OPTIONAL {{ ?figure {" ; ".join(f"<{getattr(TT, name)}> ?{name}" for name in _THRESHOLD)} }}
  }}
}}"""


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


def properties() -> frozenset[str]:
    """The properties that `state` looks at: a rule may read no other."""
    read = {getattr(TT, name) for name in _RECORD}
    return frozenset(read.union(*(re.findall("<([^>]*)>", query) for query in _BESIDE)))


def state(store: Store, digests: Mapping[str, str]) -> str | None:
    """SHA-256 over all that the rules read but their own text; None where there are no records.

    Parameters
    ----------
    digests
        Of the content of each graph that sources fill.

    Notes
    -----
    Cost: a look at each graph, and the providers with their populations and areas: milliseconds for thousands.
    """
    registers = [graph for graph in sorted(digests) if store.ask(_IS_REGISTER, graphs=[graph])]
    if not registers:
        return None
    digest = hashlib.sha256()
    for graph in registers:
        digest.update(f"{graph} {digests[graph]}\n".encode())
    for query in _BESIDE:
        rows = sorted(" ".join(str(row[name]) for name in sorted(row)) for row in store.select(query))
        digest.update("\n".join([*rows, ""]).encode())
    return digest.hexdigest()


def counted(store: Store, graphs: Sequence[str]) -> Iterator[Counted]:
    """What the rules give; nothing, at no cost, where there are no records.

    Notes
    -----
    Cost: a pass over the records for each rule, which joins whole properties: 8 to 16 CPU µs a record and rule.
    """
    if store.ask(_IS_REGISTER, graphs=graphs):
        for file in files():
            rule = f"{iris.QUERY}{RULES}/{file.stem}"
            for row in store.select(file.read_text("utf-8")):
                yield _counted(rule, row)


def known(store: Store) -> Iterator[Counted]:
    """What the rules gave when ``graph/derived`` was made, as it stands there."""
    for row in store.select(_KNOWN):
        yield _counted(text_of(row["rule"]), row)


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
