"""The part of a graph around several things that says most about them, within a number of things.

Theory of operation
-------------------
Interest spreads from the things asked for, each with 1, along links for some steps: a thing passes on half of what it
has, shared among its links by their weights. A link weighs 1 / log of how many triples of the graph have its property,
and 1 / log of how many links the thing at its other end has: what all are linked with, such as a unit or a status, gets
little. What came from each of the things asked for is added up as (sum of square roots) squared, so that what joins
several of them goes before what one alone leads to. Those with most are kept, and of each the way on which most
of it came, so that what is kept hangs together.

References
----------
G. Pirrò, Explaining and Suggesting Relatedness in Knowledge Graphs, The Semantic Web (ISWC 2015), LNCS 9366, 622-639:
the inverse triple frequency of a property, here without the number of all triples, which takes a scan to know.
L. A. Adamic, E. Adar, Friends and neighbors on the Web, Social Networks 25(3), 2003, 211-230.
H. Tong, C. Faloutsos, Center-Piece Subgraphs: Problem Definition and Fast Solutions, KDD 2006, 404-413: a score from
each thing asked for, and one of all that lies between all and any of them.
A. M. Collins, E. F. Loftus, A spreading-activation theory of semantic processing, Psychological Review 82(6), 1975.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.explore.budget import Budget
from kg.explore.graphs import Graph, Link
from kg.explore.links import Chosen, degrees, links_of, values
from kg.explore.telling import known, told
from kg.queries.values import Steps
from kg.store.base import text_of

_PASSED_ON = 0.5
_MOST_WEIGHED = 400
"""Things of one step whose links are counted; of more those that got most so far."""


@dataclass(frozen=True)
class Around:
    """The things kept, with their part of the interest, and the links between them.

    Attributes
    ----------
    left_out
        How many things were met and not kept.
    complete
        Whether all links within the steps were looked at.
    """

    graph: Graph
    left_out: int
    complete: bool
    hubs: tuple[str, ...]


@dataclass(frozen=True)
class _Weights:
    """How rare properties are, and how many links things have."""

    rarity: Mapping[str, float]
    crowds: Mapping[str, int]

    def of(self, link: Link, end: str, seen: int) -> float:
        """The weight of a link to a thing, which has at least as many links as were seen."""
        return self.rarity[link.property] / math.log(2 + self.crowds.get(end, seen))


def around(
    things: Sequence[ox.NamedNode],
    chosen: Chosen,
    *,
    most: int,
    steps: int,
    language: str,
    budget: Budget,
    frequencies: Mapping[str, int] | None = None,
) -> Steps[Around]:
    """That part of the graph.

    Parameters
    ----------
    most
        Things to keep, those asked for included.
    frequencies
        Triples by property of the whole graph, where that is known; else counted.
    """
    seeds = [thing.value for thing in things]
    yield from known(seeds)
    parts = {seed: {seed: 1.0} for seed in seeds}
    fronts = {seed: {seed: 1.0} for seed in seeds}
    links, hubs = set[Link](), set[str]()
    ways: dict[str, tuple[float, str]] = {}
    rarity: dict[str, float] = {}
    for _ in range(steps):
        front = {iri for each in fronts.values() for iri in each}
        found = yield from links_of(front, chosen, budget)
        links |= found.links
        hubs |= found.hubs
        yield from _rare({link.property for link in found.links} - rarity.keys(), rarity, frequencies, budget)
        crowds = yield from degrees(_unweighed(found.links, front), Chosen(), budget)
        by_end, weights = _by_end(found.links), _Weights(rarity, crowds)
        for seed, has in fronts.items():
            got = _spread(has, by_end, weights, ways, set(seeds))
            for iri, part in got.items():
                parts[seed][iri] = parts[seed].get(iri, 0.0) + part
            fronts[seed] = dict(
                sorted(got.items(), key=lambda pair: (-pair[1], pair[0]))[: _MOST_WEIGHED // len(seeds)]
            )
    interest = _together(parts.values())
    kept = _kept(seeds, interest, ways, most)
    attributes = {iri: {"interest": round(interest[iri], 6), "asked": iri in seeds} for iri in kept}
    nodes = yield from told(kept, language, attributes)
    shown = {link: {"rarity": round(rarity[link.property], 3)} for link in links if {link.source, link.target} <= kept}
    return Around(
        Graph.of(nodes.values(), shown), len(interest.keys() - kept), not hubs and budget.left, tuple(sorted(hubs))
    )


def _by_end(links: Iterable[Link]) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = {}
    for link in sorted(links):
        for end in {link.source, link.target}:
            found.setdefault(end, []).append(link)
    return found


def _together(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """What things have from all that were asked for."""
    roots: dict[str, float] = {}
    for part in parts:
        for iri, has in part.items():
            roots[iri] = roots.get(iri, 0.0) + math.sqrt(has)
    return {iri: root**2 for iri, root in roots.items()}


def _unweighed(links: Iterable[Link], front: set[str]) -> list[str]:
    """The things that are new, whose links are to be counted; of too many those that most links lead to."""
    met: dict[str, int] = {}
    for link in links:
        for end in {link.source, link.target} - front:
            met[end] = met.get(end, 0) + 1
    ordered = sorted(met, key=lambda iri: (-met[iri], iri))
    return ordered[:_MOST_WEIGHED]


def _spread(
    front: Mapping[str, float],
    by_end: Mapping[str, list[Link]],
    weights: _Weights,
    ways: dict[str, tuple[float, str]],
    seeds: set[str],
) -> dict[str, float]:
    """What the things linked with those at the front get, and from which each has most of it."""
    got: dict[str, float] = {}
    for iri, has in front.items():
        weighed = {
            link: weights.of(link, link.other(iri), len(by_end.get(link.other(iri), ())))
            for link in by_end.get(iri, ())
            if link.source != link.target
        }
        whole = sum(weighed.values())
        for link, weight in weighed.items():
            part = _PASSED_ON * has * weight / whole
            other = link.other(iri)
            got[other] = got.get(other, 0.0) + part
            if other not in seeds and part > ways.get(other, (0.0, ""))[0]:
                ways[other] = part, iri
    return got


def _rare(
    properties: Iterable[str], rarity: dict[str, float], frequencies: Mapping[str, int] | None, budget: Budget
) -> Steps[None]:
    """How rare properties are: 1 / log of how many triples have them."""
    wanted = sorted(properties)
    counted = dict(frequencies or {})
    if wanted and not frequencies:
        text = f"SELECT ?property (COUNT(*) AS ?number) WHERE {{ {values('property', wanted)} ?s ?property ?o }}"
        table = yield from budget.ask(f"{text} GROUP BY ?property", "property", "number")
        counted = {text_of(name): int(text_of(number)) for name, number in table.rows}
    for name in wanted:
        rarity[name] = 1 / math.log(2 + counted.get(name, 1))


def _kept(
    seeds: Sequence[str], interest: Mapping[str, float], ways: Mapping[str, tuple[float, str]], most: int
) -> set[str]:
    """The things with most interest, each with all on its way from one that was asked for, as far as there is room."""
    kept = set(seeds)
    for best in sorted(interest, key=lambda each: (-interest[each], each)):
        way, at = list[str](), best
        while at not in kept and at in ways and at not in way:
            way.append(at)
            at = ways[at][1]
        if at in kept and len(kept) + len(way) <= most:
            kept |= set(way)
    return kept
