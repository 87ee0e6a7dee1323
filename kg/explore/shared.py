"""What several things are all linked with: their common neighbours, those first that few others are linked with.

The neighbours of the thing with the fewest links are looked at; the others are only asked whether they are linked with
these, so that one of them may have a million links.

References
----------
L. A. Adamic, E. Adar, Friends and neighbors on the Web, Social Networks 25(3), 2003, 211-230, equation for the
similarity of two pages: what they share weighs 1 / log of how often it is shared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.explore.budget import Budget, batches
from kg.explore.graphs import Graph, Link
from kg.explore.links import OUT, Chosen, degrees, links_of, values
from kg.explore.telling import known, told
from kg.queries.values import Steps
from kg.store.base import text_of


@dataclass(frozen=True)
class Common:
    """A thing that all are linked with: by which links, how many it has, counted up to a limit, and its weight."""

    iri: str
    links: tuple[Link, ...]
    degree: int
    score: float


@dataclass(frozen=True)
class Shared:
    """Common neighbours, the weightiest first.

    Attributes
    ----------
    complete
        Whether all have been looked at, of whom there are ``number``.
    """

    found: tuple[Common, ...]
    number: int
    graph: Graph
    complete: bool


def common(
    things: Sequence[ox.NamedNode], chosen: Chosen, *, limit: int, language: str, budget: Budget
) -> Steps[Shared]:
    """The common neighbours of two things or more; NotFoundError if the graph says nothing of one."""
    names = [thing.value for thing in things]
    yield from known(names)
    sizes = yield from degrees(names, chosen, budget)
    first, *others = sorted(names, key=lambda name: (sizes.get(name, 0), name))
    begun = yield from links_of([first], chosen, budget)
    links, complete = begun.links, not begun.hubs
    candidates = {link.other(first) for link in links} - set(names)
    for other in others:
        joined = yield from _joined(other, sorted(candidates), chosen, budget)
        complete = complete and joined is not None
        found = joined or set()
        candidates &= {link.other(other) for link in found}
        links |= found
    crowds = yield from degrees(sorted(candidates), Chosen(), budget)
    told_ = sorted(_weighed(candidates, links, names, crowds), key=lambda each: (-each.score, each.iri))
    shown = told_[:limit]
    nodes = yield from told(
        {*names, *(each.iri for each in shown)},
        language,
        {each.iri: {"score": each.score, "degree": each.degree} for each in shown},
    )
    graph = Graph.of(nodes.values(), {link for each in shown for link in each.links})
    return Shared(tuple(shown), len(told_), graph, complete and (budget.left or len(crowds) == len(candidates)))


def _joined(thing: str, candidates: list[str], chosen: Chosen, budget: Budget) -> Steps[set[Link] | None]:
    """The links between a thing and some others; None where the budget does not go so far."""
    found = set[Link]()
    for batch in batches(candidates):
        if not budget.left:
            return None
        branches = (
            f"{{ VALUES ?node {{ {ox.NamedNode(thing)} }} {values('other', batch)} {chosen.pattern(way)}"
            f' BIND("{way}" AS ?leads) }}'
            for way in chosen.ways
        )
        table = yield from budget.ask(
            f"SELECT ?property ?other ?leads WHERE {{ {' UNION '.join(branches)} }}", "property", "other", "leads"
        )
        for name, other, leads in table.rows:
            ends = (thing, text_of(other)) if text_of(leads) == OUT else (text_of(other), thing)
            found.add(Link(ends[0], text_of(name), ends[1]))
    return found


def _weighed(
    candidates: Iterable[str], links: set[Link], names: Sequence[str], crowds: dict[str, int]
) -> Iterable[Common]:
    by_node: dict[str, list[Link]] = {}
    for link in links:
        for end in {link.source, link.target} - set(names):
            by_node.setdefault(end, []).append(link)
    for node in candidates:
        degree = max(crowds.get(node, 0), len(names))
        yield Common(node, tuple(sorted(by_node[node])), degree, round(1 / math.log(1 + degree), 6))
