"""The shortest paths between two things, over links in either direction or one, as many as are asked for.

Theory of operation
-------------------
Two searches by breadth meet: one from each end, each level of it one query for a batch of things (`kg.explore.links`);
the end with fewer things at its edge goes next. When ``d`` levels from the one end and ``e`` from the other have been
looked at, every path of at most ``d + e`` links is among the links seen: of such a path with L links, link i leads on
from a thing that is i - 1 links from the one end and from one that is L - i from the other, so it was seen if i <= d or
L - i < e, and one of the two holds for each i when L <= d + e. Among the links seen, simple paths are listed by length
(Yen's algorithm), and they are the answer as soon as as many as asked for have at most ``d + e`` links.

A thing with more links than the budget looks at, a hub, is not gone through: it would take all of the budget, and
says little. Two searches meet at it all the same, so paths over one hub are found; what that leaves open is told by
`complete`. Of paths of one length, those over things with few links come first: a thing that all are linked with
explains nothing.

References
----------
J. Y. Yen, Finding the K Shortest Loopless Paths in a Network, Management Science 17(11), 1971, 712-716.
I. Pohl, Bi-directional Search, Machine Intelligence 6, 1971, 127-140.
L. A. Adamic, E. Adar, Friends and neighbors on the Web, Social Networks 25(3), 2003, 211-230: a thing that is shared
counts for less the more it is shared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.explore.budget import Budget
from kg.explore.graphs import Graph, Link
from kg.explore.links import BOTH, IN, OUT, Chosen, degrees, links_of
from kg.explore.telling import known, told
from kg.queries.values import Steps

if TYPE_CHECKING:
    import networkx as nx

_MOST_BETWEEN = 300
"""Things between the ends that paths are sought over."""
_CROWD = 1_000_000


@dataclass(frozen=True)
class Path:
    """One path: the things on it in order, and the links of each of its steps, of which there may be several."""

    nodes: tuple[str, ...]
    steps: tuple[tuple[Link, ...], ...]

    @property
    def length(self) -> int:
        """The number of its steps."""
        return len(self.steps)


@dataclass(frozen=True)
class Paths:
    """Paths, the shortest first.

    Attributes
    ----------
    complete
        Whether no other path is as short as these, or, of fewer than were asked for, no other is within the length.
    hubs
        Things that were not gone through since they have too many links, sorted.
    met
        How many things were met.
    """

    paths: tuple[Path, ...]
    graph: Graph
    complete: bool
    hubs: tuple[str, ...] = ()
    met: int = 0


@dataclass
class _Side:
    """The search from one end: things by how many links they are away, and those at its edge."""

    end: str
    chosen: Chosen
    away: dict[str, int] = field(default_factory=dict)
    edge: list[str] = field(default_factory=list)
    levels: int = 0
    hubs: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.away, self.edge = {self.end: 0}, [self.end]

    @property
    def exhausted(self) -> bool:
        """Whether all that can be reached has been seen."""
        return not self.edge


def paths(
    ends: tuple[ox.NamedNode, ox.NamedNode], chosen: Chosen, *, number: int, longest: int, language: str, budget: Budget
) -> Steps[Paths]:
    """The shortest paths from one thing to another.

    Parameters
    ----------
    chosen
        Which links are gone along; in direction ``out`` only with them, in direction ``in`` only against them.
    number
        How many paths; fewer where there are no more.
    longest
        Links of a path at most.

    Raises
    ------
    NotFoundError
        The graph says nothing of one of them.

    Notes
    -----
    Costs a query for each hundred things at an edge, and no more than the budget has.
    """
    one, other = (end.value for end in ends)
    yield from known((one, other))
    sides = _Side(one, chosen), _Side(other, replace(chosen, direction=_back(chosen.direction)))
    links: set[Link] = set()
    while True:
        reached = min(sides[0].levels + sides[1].levels, longest)
        found = _Seen(links, chosen.direction, one, other).paths(number, reached)
        side = _next(sides, budget)
        if len(found) >= number or reached >= longest or side is None:
            break
        yield from _level(side, links, budget)
    seen = _Seen(links, chosen.direction, one, other)
    lengths = [path.length for path in seen.paths(number, longest)]
    crowded = yield from degrees(seen.inner(max(lengths, default=0)), chosen, budget)
    best = seen.paths(number, max(lengths, default=0), crowded)
    shown = {link for path in best for step in path.steps for link in step}
    things = yield from told({one, other, *(node for path in best for node in path.nodes)}, language)
    return Paths(
        tuple(best),
        Graph.of(things.values(), shown),
        _complete(best, sides, number, longest),
        tuple(sorted(sides[0].hubs | sides[1].hubs)),
        len(sides[0].away.keys() | sides[1].away.keys()),
    )


def _back(direction: str) -> str:
    return {OUT: IN, IN: OUT, BOTH: BOTH}[direction]


def _next(sides: tuple[_Side, _Side], budget: Budget) -> _Side | None:
    """The side to go on with: the one with fewer things at its edge; None where nothing is left to be seen or spent."""
    able = [side for side in sides if side.edge]
    met = len(sides[0].away) + len(sides[1].away)
    if not able or not budget.left or met >= budget.nodes:
        return None
    if any(side.exhausted and not side.hubs for side in sides):
        return None  # one end reaches nothing more, and all links that could lead there have been seen
    return min(able, key=lambda side: len(side.edge))


def _level(side: _Side, links: set[Link], budget: Budget) -> Steps[None]:
    """See the links of all things at the edge of a side."""
    found = yield from links_of(side.edge, side.chosen, budget)
    side.hubs |= found.hubs
    links |= found.links
    reached = set[str]()
    open_ = set(side.edge) - found.hubs
    for link in found.links:
        for end in (link.source, link.target):
            if end in open_:
                reached.add(link.other(end))
    side.levels += 1
    side.edge = sorted(reached - side.away.keys())
    side.away |= dict.fromkeys(side.edge, side.levels)


class _Seen:
    """The links seen, as steps that may be taken from one thing to another."""

    def __init__(self, links: Iterable[Link], direction: str, one: str, other: str) -> None:
        import networkx as nx  # noqa: PLC0415 - 0.1 s, and not all need it

        self._ends = one, other
        self._graph: nx.DiGraph[str] = nx.DiGraph()
        for link in links:
            for step in _steps(link, direction):
                if not self._graph.has_edge(*step):
                    self._graph.add_edge(*step, links=[])
                self._graph.edges[step]["links"].append(link)
        self._ahead = _away(self._graph, one)
        self._back = _away(self._graph.reverse(copy=False), other)

    def inner(self, longest: int) -> list[str]:
        """Things that stand on some way of so many steps at most; of too many those on short ways, with few links."""
        between = {
            node for node, steps in self._ahead.items() if node in self._back and steps + self._back[node] <= longest
        }
        while lone := [node for node in between.difference(self._ends) if self._is_lone(node, between)]:
            between.difference_update(lone)
        between.difference_update(self._ends)

        def order(node: str) -> tuple[int, int, str]:
            return self._ahead[node] + self._back[node], self._graph.degree(node), node

        return sorted(between, key=order)[:_MOST_BETWEEN]

    def _is_lone(self, node: str, between: set[str]) -> bool:
        """Whether a thing is linked with one other alone, so that no path goes through it."""
        linked = {*self._graph.pred[node], *self._graph.succ[node]} - {node}
        return len(linked & between) <= 1

    def paths(self, number: int, longest: int, crowded: Mapping[str, int] | None = None) -> list[Path]:
        """The shortest simple paths, of so many steps at most.

        Parameters
        ----------
        crowded
            How many links things have: of paths of one length, those over things with few of them come first. A step
            weighs 1 and less than 1/64 more for each of its ends, so length counts first.
        """
        import networkx as nx  # noqa: PLC0415 - as above

        one, other = self._ends
        shortest = self._ahead.get(other)
        if one == other or shortest is None:
            return []
        found: list[Path] = []
        for length in range(shortest, longest + 1):
            kept = {*self._ends, *self.inner(length)}
            graph: nx.DiGraph[str] = self._graph.subgraph(kept).copy()
            for source, target, said in graph.edges(data=True):
                said["weight"] = 1 + sum(_crowd((crowded or {}).get(end, 0)) for end in (source, target))
            listed = nx.shortest_simple_paths(graph, one, other, weight="weight" if crowded else None)
            found = [self._path(nodes) for nodes in islice(listed, number) if len(nodes) - 1 <= length]
            if len(found) >= number:
                break
        return found

    def _path(self, nodes: list[str]) -> Path:
        steps = (tuple(sorted(self._graph.edges[pair]["links"])) for pair in pairwise(nodes))
        return Path(tuple(nodes), tuple(steps))


def _away(graph: nx.DiGraph[str], node: str) -> dict[str, int]:
    """How many steps things are away from one."""
    import networkx as nx  # noqa: PLC0415 - as above

    return dict(nx.single_source_shortest_path_length(graph, node)) if node in graph else {}


def _crowd(links: int) -> float:
    return math.log1p(min(links, _CROWD)) / math.log1p(_CROWD) / 64


def _steps(link: Link, direction: str) -> list[tuple[str, str]]:
    ahead, back = (link.source, link.target), (link.target, link.source)
    return [ahead] if direction == OUT else [back] if direction == IN else [ahead, back]


def _complete(found: list[Path], sides: tuple[_Side, _Side], number: int, longest: int) -> bool:
    """Whether the paths are proven to be the shortest."""
    one, other = sides
    if one.end == other.end:
        return True
    wanted = found[-1].length if len(found) >= number else longest
    levels = sorted((one.levels, other.levels))
    hubs = one.hubs | other.hubs
    if not hubs:
        return wanted <= sum(levels) or one.exhausted or other.exhausted
    if {one.end, other.end} & hubs:  # links of an end are seen from the other one alone
        open_end = [side for side in sides if side.end not in hubs]
        return bool(open_end) and len(hubs) == 1 and wanted <= open_end[0].levels
    return len(hubs) == 1 and wanted <= 1 + levels[0]
