"""Which classes there are, and which properties lead from things of one class to things of another, with counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kg.explore.graphs import Graph, Link, Node
from kg.explore.links import nodes
from kg.explore.telling import called
from kg.queries import Table
from kg.queries.values import Lookup, Steps
from kg.store.base import text_of
from kg.vocabulary import RDF

EXACT = 1_000_000
"""Statements of a graph of which every link is counted; of a larger one some links of each class and property are."""
_SAMPLE = 2_000
_BATCH = 20


@dataclass(frozen=True)
class Known:
    """What has been counted already.

    Attributes
    ----------
    statements
        All that the graph holds.
    things
        How many there are of each class.
    stated
        How many statements of things of a class there are with a property, by class and property.
    """

    statements: int
    things: Mapping[str, int]
    stated: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Between:
    """Links by a property from things of a class to things of another; ``exact`` unless estimated from some of them."""

    source: str
    property: str
    target: str
    count: int
    exact: bool = True


@dataclass(frozen=True)
class Overview:
    """Classes with the number of their things and their properties with numbers of statements; links between classes.

    The graph has the classes as nodes, which need not be things of the data graph themselves.
    """

    things: Mapping[str, int]
    stated: Mapping[tuple[str, str], int]
    between: tuple[Between, ...]
    graph: Graph = field(repr=False)


def overview(known: Known | None, *, language: str, exact: int = EXACT) -> Steps[Overview]:
    """The schema that the data shows, whatever an ontology says.

    Parameters
    ----------
    known
        What has been counted of the release; without, it is counted, which takes a scan of all statements.
    exact
        Statements up to which every link is counted.

    Notes
    -----
    Up to so many statements links are counted in one scan. Beyond that the classes at the other end are those of some
    2,000 links of each class and property, and the count is their part of all statements: an estimate, and said to be.
    """
    known = known or (yield from _counted())
    between = (yield from _exact()) if known.statements <= exact else (yield from _estimated(known))
    used = {each.property for each in between} | {name for _, name in known.stated}
    names = yield from called({*known.things, *used}, language)
    graph = Graph.of(
        (Node(kind, names.get(kind), attributes={"things": number}) for kind, number in known.things.items()),
        {
            Link(each.source, each.property, each.target): {
                "count": each.count,
                "exact": each.exact,
                **({"label": str(names[each.property])} if each.property in names else {}),
            }
            for each in between
        },
    )
    return Overview(known.things, known.stated, tuple(between), graph)


def _counted() -> Steps[Known]:
    number = yield Lookup("SELECT (COUNT(*) AS ?number) WHERE { ?s ?p ?o }", ("number",))
    things = yield Lookup(
        f"SELECT ?class (COUNT(DISTINCT ?s) AS ?number) WHERE {{ ?s <{RDF.type}> ?class FILTER(isIRI(?class)) }}"
        " GROUP BY ?class",
        ("class", "number"),
    )
    stated = yield Lookup(
        f"SELECT ?class ?p (COUNT(*) AS ?number) WHERE {{ ?s <{RDF.type}> ?class ; ?p ?o FILTER(isIRI(?class)) }}"
        " GROUP BY ?class ?p",
        ("class", "p", "number"),
    )
    return Known(
        int(text_of(number.rows[0][0])),
        {text_of(kind): int(text_of(count)) for kind, count in sorted(things.rows, key=str)},
        {(text_of(kind), text_of(name)): int(text_of(count)) for kind, name, count in sorted(stated.rows, key=str)},
    )


def _exact() -> Steps[list[Between]]:
    table = yield Lookup(
        f"""SELECT ?class ?p ?other (COUNT(*) AS ?number) WHERE {{
  ?s ?p ?o . ?o <{RDF.type}> ?other . ?s <{RDF.type}> ?class FILTER(isIRI(?class) && isIRI(?other))
}} GROUP BY ?class ?p ?other""",
        ("class", "p", "other", "number"),
    )
    return sorted(_between(table), key=_order)


def _between(table: Table) -> Iterator[Between]:
    for kind, name, other, number in table.rows:
        yield Between(text_of(kind), text_of(name), text_of(other), int(text_of(number)))


def _estimated(known: Known) -> Steps[list[Between]]:
    """The same from some links of each class and property."""
    pairs = [pair for pair in sorted(known.stated) if pair[1] != RDF.type]
    found: list[Between] = []
    for start in range(0, len(pairs), _BATCH):
        batch = pairs[start : start + _BATCH]
        branches = " UNION ".join(_sample(number, *pair) for number, pair in enumerate(batch))
        table = yield Lookup(
            f"""SELECT ?pair ?other (COUNT(*) AS ?number) WHERE {{
  {branches} ?o <{RDF.type}> ?other FILTER(isIRI(?other))
}} GROUP BY ?pair ?other""",
            ("pair", "other", "number"),
        )
        for place, other, number in table.rows:
            kind, name = batch[int(text_of(place))]
            every = known.stated[kind, name]
            seen = min(every, _SAMPLE)
            count = round(int(text_of(number)) / seen * every)
            found.append(Between(kind, name, text_of(other), count, exact=every <= _SAMPLE))
    return sorted(found, key=_order)


def _sample(number: int, kind: str, name: str) -> str:
    of_class, by = nodes((kind, name))
    return f"{{ SELECT ?o ({number} AS ?pair) WHERE {{ ?s <{RDF.type}> {of_class} ; {by} ?o }} LIMIT {_SAMPLE} }}"


def _order(each: Between) -> tuple[str, str, str]:
    return each.source, each.property, each.target
