"""The neighbours of a thing a page at a time: by property, direction and class."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import CursorError
from kg.explore.graphs import Graph, Link
from kg.explore.links import OUT, Chosen, values
from kg.explore.telling import known, told
from kg.queries.values import Lookup, Steps
from kg.store.base import text_of

SORTED = 50_000
"""More links than that are not sorted: a million take ten seconds."""
_GAP = " "
"""Between the parts of a place; no IRI holds it."""


@dataclass(frozen=True)
class Page:
    """One page of neighbours.

    Attributes
    ----------
    total, exact
        All links that were chosen, on whatever page; where classes are chosen no more than `SORTED` and one are
        counted, since each link costs a look at what it leads to.
    links
        Those on this page in their order: by direction, property and neighbour.
    after
        Where the next page begins; empty on the last one, and where the page is a sample.
    sample
        Whether these are only some of too many to be sorted.
    """

    thing: str
    total: int
    links: tuple[Link, ...]
    graph: Graph
    after: str = ""
    sample: bool = False
    exact: bool = True


def neighbours(
    thing: ox.NamedNode, chosen: Chosen, *, limit: int, after: str = "", language: str = "en"
) -> Steps[Page]:
    """A page of them.

    Parameters
    ----------
    after
        ``Page.after`` of the page before.

    Raises
    ------
    CursorError
        It is none.
    NotFoundError
        The graph says nothing of the thing.
    """
    place = _place(after)
    yield from known([thing.value])
    total = yield from _total(thing, chosen)
    sample = total > SORTED
    table = yield Lookup(
        _text(thing, chosen, None if sample else place, limit + (not sample)), ("leads", "property", "other")
    )
    rows = [(text_of(leads), text_of(name), text_of(other)) for leads, name, other in table.rows]
    shown = sorted(rows, key=_order) if sample else rows[:limit]
    links = tuple(
        Link(thing.value, name, other) if leads == OUT else Link(other, name, thing.value)
        for leads, name, other in shown
    )
    things = yield from told({thing.value, *(other for _, _, other in shown)}, language)
    more = not sample and len(rows) > limit
    return Page(
        thing.value,
        total,
        links,
        Graph.of(things.values(), links),
        _GAP.join(shown[-1]) if more else "",
        sample,
        not (sample and chosen.classes),
    )


def _total(thing: ox.NamedNode, chosen: Chosen) -> Steps[int]:
    branches = " UNION ".join(f"{{ {chosen.pattern(way)} }}" for way in chosen.ways)
    what = f"{values('node', [thing.value])} {{ {branches} }}"
    if chosen.classes:
        what = f"{{ SELECT ?other WHERE {{ {what} }} LIMIT {SORTED + 1} }}"
    text = f"SELECT (COUNT(*) AS ?number) WHERE {{ {what} }}"
    table = yield Lookup(text, ("number",))
    return int(text_of(table.rows[0][0]))


def _text(thing: ox.NamedNode, chosen: Chosen, place: tuple[str, ...] | None, limit: int) -> str:
    """The query of a page; without a place that of a sample, in no order."""
    branches = (f'{{ {chosen.pattern(way)} BIND("{way}" AS ?leads) }}' for way in chosen.ways)
    later, order = "", ""
    if place is not None:
        order = "ORDER BY DESC(?leads) STR(?property) STR(?other)"
        if place:
            leads, name, other = (str(ox.Literal(part)) for part in place)
            later = f"""FILTER(?leads < {leads} || ?leads = {leads} && (STR(?property) > {name}
    || STR(?property) = {name} && STR(?other) > {other}))"""
    return f"""SELECT ?leads ?property ?other WHERE {{
  {values("node", [thing.value])} {{ {" UNION ".join(branches)} }} {later}
}} {order} LIMIT {limit}"""


def _order(row: tuple[str, str, str]) -> tuple[bool, str, str]:
    leads, name, other = row
    return leads != OUT, name, other


def _place(after: str) -> tuple[str, ...]:
    parts = tuple(after.split(_GAP)) if after else ()
    if parts and (len(parts) != len(("leads", "property", "other")) or parts[0] not in (OUT, "in")):
        raise CursorError("after is no place in this list; take it from the page before, as it stands there")
    return parts
