"""What is stated of a thing: how often by each property in both directions, and a few values of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.explore.graphs import Graph, Link
from kg.explore.links import IN, OUT, values
from kg.explore.telling import called, told
from kg.queries import Table
from kg.queries.labels import Label
from kg.queries.values import Lookup, Steps
from kg.store.base import Term, text_of

_BATCH = 25


@dataclass(frozen=True)
class Property:
    """How often a property leads from a thing, or to it.

    Attributes
    ----------
    count, links
        Statements, and those of them at whose other end is a thing.
    samples
        Some of what is at the other end, sorted; all of it where ``count`` says so.
    """

    iri: str
    direction: str
    count: int
    links: int
    label: Label | None = None
    samples: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Described:
    """A thing, with the part of the graph that its samples are."""

    thing: str
    properties: tuple[Property, ...] = ()
    graph: Graph = field(default_factory=lambda: Graph({}, {}))

    def __bool__(self) -> bool:
        return bool(self.properties)

    def count(self, direction: str) -> int:
        """All statements in a direction."""
        return sum(each.count for each in self.properties if each.direction == direction)


def described(thing: ox.NamedNode, *, samples: int, language: str) -> Steps[Described]:
    """All that; nothing where the graph does not know the thing.

    Notes
    -----
    Costs two scans of what leads from the thing and to it, about 1 CPU second a million links, and little else: samples
    are cut off in an order that sorts nothing, so of many values whichever the store finds first are given.
    """
    counted = [*(yield from _counted(thing, OUT)), *(yield from _counted(thing, IN))]
    seen = yield from _sampled(thing, counted, samples)
    names = yield from called((each.iri for each in counted), language)
    properties = tuple(
        Property(each.iri, each.direction, each.count, each.links, names.get(each.iri), seen.get(_key(each), ()))
        for each in counted
    )
    links = [link for each in properties for link in _links(thing, each)]
    things = yield from told({thing.value, *(link.other(thing.value) for link in links)}, language)
    return Described(thing.value, properties, Graph.of(things.values(), links))


def _counted(thing: ox.NamedNode, direction: str) -> Steps[list[Property]]:
    triple = "?node ?property ?other" if direction == OUT else "?other ?property ?node"
    text = f"""SELECT ?property (COUNT(*) AS ?number) (SUM(IF(isIRI(?other), 1, 0)) AS ?links) WHERE {{
  {values("node", [thing.value])} {triple}
}} GROUP BY ?property ORDER BY ?property"""
    table = yield Lookup(text, ("property", "number", "links"))
    return [
        Property(text_of(name), direction, int(text_of(number)), int(text_of(links)))
        for name, number, links in table.rows
    ]


def _key(of: Property) -> tuple[str, str]:
    return of.direction, of.iri


def _sampled(
    thing: ox.NamedNode, counted: list[Property], samples: int
) -> Steps[Mapping[tuple[str, str], tuple[Term, ...]]]:
    """Some values of each property, by direction and property."""
    found: dict[tuple[str, str], list[Term]] = {}
    for start in range(0, len(counted) if samples else 0, _BATCH):
        branches = (_sample(thing, each, samples) for each in counted[start : start + _BATCH])
        text = f"SELECT ?leads ?property ?other WHERE {{ {' UNION '.join(branches)} }}"
        table: Table = yield Lookup(text, ("leads", "property", "other"))
        for leads, name, other in table.rows:
            if other is not None:
                found.setdefault((text_of(leads), text_of(name)), []).append(other)
    return {key: tuple(sorted(set(those), key=str)) for key, those in found.items()}


def _sample(thing: ox.NamedNode, of: Property, samples: int) -> str:
    name = ox.NamedNode(of.iri)
    triple = f"{thing} {name} ?other" if of.direction == OUT else f"?other {name} {thing}"
    return (
        f'{{ SELECT ?other ("{of.direction}" AS ?leads) ({name} AS ?property) WHERE {{ {triple} }} LIMIT {samples} }}'
    )


def _links(thing: ox.NamedNode, of: Property) -> list[Link]:
    things = [term.value for term in of.samples if isinstance(term, ox.NamedNode)]
    if of.direction == OUT:
        return [Link(thing.value, of.iri, other) for other in things]
    return [Link(other, of.iri, thing.value) for other in things]
