"""Links of things, whole where there are few of them, a sample where there are many.

A query for the links of a batch of things stops at as many rows as few things would have. Only if it stops there, each
of them is asked for with a limit of its own, so that what one costs does not depend on how many links it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.explore.budget import Budget, batches
from kg.explore.graphs import Link
from kg.queries import Table
from kg.queries.values import Steps
from kg.store.base import text_of

OUT, IN, BOTH = "out", "in", "both"
DIRECTIONS = (OUT, IN, BOTH)
_ROOM = 4
"""How many hubs' worth of links a batch may have before its things are asked for one by one."""
_APART = 20
"""Things that are asked for with limits of their own in one query."""


@dataclass(frozen=True)
class Chosen:
    """Which links count.

    Attributes
    ----------
    properties
        Only these; all if there are none.
    without
        None of these.
    classes
        Only links to a thing of one of these; to any if there are none.
    direction
        From the thing, to it, or both.
    """

    properties: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    direction: str = BOTH

    @property
    def ways(self) -> tuple[str, ...]:
        """The directions, one by one."""
        return (OUT, IN) if self.direction == BOTH else (self.direction,)

    def pattern(self, way: str) -> str:
        """Links of ``?node`` by ``?property`` to ``?other``, which is a thing."""
        triple = "?node ?property ?other" if way == OUT else "?other ?property ?node"
        only = f"{values('property', self.properties)} " if self.properties else ""
        without = f" FILTER(?property NOT IN ({', '.join(nodes(self.without))}))" if self.without else ""
        # one EXISTS for each: with VALUES inside, Oxigraph makes a plan of it that goes through all links for each link
        either = " || ".join(f"EXISTS {{ ?other a {kind} }}" for kind in nodes(self.classes))
        of_class = f" FILTER({either})" if either else ""
        return f"{only}{triple} . FILTER(isIRI(?other)){without}{of_class}"


@dataclass
class Found:
    """Links, and those of the things whose links are not all here."""

    links: set[Link] = field(default_factory=set)
    hubs: set[str] = field(default_factory=set)

    def of(self, node: str) -> list[Link]:
        """Those that lead from a thing or to it, sorted."""
        return sorted(link for link in self.links if node in (link.source, link.target))


def nodes(iris: Iterable[str]) -> Iterator[str]:
    """IRIs as SPARQL writes them; each has been checked, and is checked once more."""
    return (str(ox.NamedNode(iri)) for iri in iris)


def values(name: str, iris: Iterable[str]) -> str:
    """The block that binds a variable to some IRIs."""
    return f"VALUES ?{name} {{ {' '.join(nodes(iris))} }}"


def links_of(things: Iterable[str], chosen: Chosen, budget: Budget) -> Steps[Found]:
    """The links of some things, in batches as far as the budget goes; what it does not reach counts as a hub."""
    found = Found()
    for batch in batches(sorted(things)):
        yield from _batch(batch, chosen, budget, found)
    return found


def degrees(things: Iterable[str], chosen: Chosen, budget: Budget) -> Steps[dict[str, int]]:
    """How many links things have, up to a limit in each direction; of what the budget does not reach, nothing."""
    found: dict[str, int] = {}
    for few in batches(sorted(set(things)), _APART):
        if not budget.left:
            break
        branches = (
            f"{{ SELECT ({node} AS ?node) (COUNT(*) AS ?number) WHERE {{ {{ SELECT ?other WHERE {{"
            f" {{ VALUES ?node {{ {node} }} {chosen.pattern(way)} }} }} LIMIT {budget.fan + 1} }} }} }}"
            for node in nodes(few)
            for way in chosen.ways
        )
        text = f"SELECT ?node ?number WHERE {{ {' UNION '.join(branches)} }}"
        table = yield from budget.ask(text, "node", "number")
        for node, number in table.rows:
            found[text_of(node)] = found.get(text_of(node), 0) + int(text_of(number))
    return found


def _batch(batch: list[str], chosen: Chosen, budget: Budget, found: Found) -> Steps[None]:
    if not budget.left:
        found.hubs.update(batch)
        return
    most = budget.fan * _ROOM
    branches = (f"{{ {chosen.pattern(way)} BIND({_flag(way)} AS ?leads) }}" for way in chosen.ways)
    text = f"""SELECT ?node ?property ?other ?leads WHERE {{
  {values("node", batch)} {{ {" UNION ".join(branches)} }}
}} LIMIT {most + 1}"""
    table = yield from budget.ask(text, "node", "property", "other", "leads")
    if len(table.rows) <= most:
        found.links.update(_links(table))
        return
    for few in batches(batch, _APART):
        yield from _apart(few, chosen, budget, found)


def _apart(few: Sequence[str], chosen: Chosen, budget: Budget, found: Found) -> Steps[None]:
    """The links of each up to a limit of its own."""
    if not budget.left:
        found.hubs.update(few)
        return
    branches = (
        f"{{ SELECT ?node ?property ?other ({_flag(way)} AS ?leads) WHERE {{ {values('node', [node])}"
        f" {chosen.pattern(way)} }} LIMIT {budget.fan + 1} }}"
        for node in few
        for way in chosen.ways
    )
    text = f"SELECT ?node ?property ?other ?leads WHERE {{ {' UNION '.join(branches)} }}"
    table = yield from budget.ask(text, "node", "property", "other", "leads")
    met: dict[tuple[str, str], int] = {}
    for node, _, _, leads in table.rows:
        key = (str(node), str(leads))
        met[key] = met.get(key, 0) + 1
    crowded = {node for (node, _), number in met.items() if number > budget.fan}
    found.hubs.update(node for node in few if str(ox.NamedNode(node)) in crowded)
    found.links.update(_links(table))


def _flag(way: str) -> str:
    return "true" if way == OUT else "false"


def _links(table: Table) -> Iterator[Link]:
    for node, name, other, leads in table.rows:
        ends = (node, other) if isinstance(leads, ox.Literal) and leads.value == "true" else (other, node)
        if all(isinstance(term, ox.NamedNode) for term in (*ends, name)):
            yield Link(ends[0].value, name.value, ends[1].value)  # type: ignore[union-attr]  # seen above
