"""A change of a graph, and the graph around it: what stands beside given nodes, asked for in sets.

All questions are ``VALUES`` joined with one triple pattern, so that any SPARQL 1.1 server answers them by look-ups. An
answer is kept, so shapes that go the same way ask once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TypeVar

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, Quad, Triple

from kg.store.base import Store, Term
from kg.validation.paths import Path

Nodes = frozenset[Term]
Step = tuple[str, bool]
"""A predicate (empty for any), and whether it is walked from the object to the subject."""

_CHUNK = 1000
_T = TypeVar("_T")


class TooFarError(Exception):
    """More nodes than are worth being named one by one, or some that have no name to be asked by."""


@dataclass(frozen=True)
class Change:
    """The triples in which two unions of graphs differ. One too many costs time; one that is missing costs results."""

    added: frozenset[Triple]
    removed: frozenset[Triple]

    @classmethod
    def of(
        cls, store: Store, added: Iterable[Quad], removed: Iterable[Quad], *, graphs: Sequence[str] | None = None
    ) -> Change:
        """The effect that a change of quads, already made, had on the union of graphs of a store (all when None).

        A triple that was taken from one graph and stands in another, or stood there before it was added, has not
        changed.
        """
        plus, minus = (_normal(quads, graphs) for quads in (added, removed))
        plus, minus = plus - minus, minus - plus
        lost, new = ({quad.triple for quad in quads} for quads in (minus, plus))
        lost, new = lost - new, new - lost
        standing: dict[Triple, set[str]] = defaultdict(set)
        for triple, graph in _graphs_of(store, lost | new):
            if graphs is None or graph in graphs:
                standing[triple].add(graph)
        for quad in plus:
            standing[quad.triple].discard(bare_name(quad))
        return cls(
            added=frozenset(triple for triple in new if not standing[triple]),
            removed=frozenset(triple for triple in lost if not standing[triple]),
        )

    @property
    def triples(self) -> Iterator[Triple]:
        """All triples that were added or removed."""
        yield from self.added
        yield from self.removed

    @cached_property
    def by_predicate(self) -> Mapping[str, Sequence[Triple]]:
        """The triples of each predicate; under the empty name all of them."""
        found: dict[str, list[Triple]] = defaultdict(list)
        for triple in self.triples:
            found[triple.predicate.value].append(triple)
            found[""].append(triple)
        return found


class Neighbourhood:
    """Nodes beside others, in the union of graphs of a store together with triples that are no longer there.

    Parameters
    ----------
    limit
        How many triples one question may find.
    """

    def __init__(
        self, store: Store, *, graphs: Sequence[str] | None = None, also: Iterable[Triple] = (), limit: int = 10_000
    ) -> None:
        self.limit = limit
        self._store, self._graphs = store, graphs
        self._known: dict[Step, dict[Term, set[Term]]] = defaultdict(dict)
        self._also: dict[Step, dict[Term, set[Term]]] = defaultdict(lambda: defaultdict(set))
        self._hopeless: dict[Step, list[Nodes]] = defaultdict(list)
        for triple in also:
            for name in (triple.predicate.value, ""):
                self._also[name, False][triple.subject].add(triple.object)
                self._also[name, True][triple.object].add(triple.subject)

    def origins(self, path: Path, nodes: Nodes) -> Nodes:
        """The nodes from which a path leads to one of the given ones.

        Raises
        ------
        TooFarError
            More than the limit, or nodes without a name lie on the way.
        """
        if path.operator == "predicate":
            return self._beside((path.iri, True), nodes)
        if path.operator == "inversePath":
            return self._beside((path.parts[0].iri, False), nodes)
        if path.operator == "sequence":
            for part in reversed(path.parts):
                nodes = self.origins(part, nodes)
            return nodes
        once: Nodes = frozenset().union(*(self.origins(part, nodes) for part in path.parts))
        if path.operator == "alternativePath":
            return once
        if path.operator == "zeroOrOnePath":
            return once | nodes
        reached, new = once, once
        while new:
            new = self.origins(path.parts[0], new) - reached
            reached |= new
        return reached if path.operator == "oneOrMorePath" else reached | nodes

    def beside(self, step: Step, node: Term) -> frozenset[Term]:
        """The nodes one step away from one."""
        return self._beside(step, frozenset([node]))

    def ask(self, step: Step, nodes: Iterable[Term]) -> None:
        """Ask for several nodes at once what will be wanted of each."""
        self._beside(step, frozenset(nodes))

    def _beside(self, step: Step, nodes: Nodes) -> Nodes:
        known = self._known[step]
        wanted = [node for node in nodes if node not in known]
        if wanted:
            self._fill(step, frozenset(wanted))
        found: set[Term] = set()
        for node in nodes:
            found |= known[node]
        if len(found) > self.limit:
            raise TooFarError
        return frozenset(found)

    def _fill(self, step: Step, nodes: Nodes) -> None:
        if any(hopeless <= nodes for hopeless in self._hopeless[step]):
            raise TooFarError
        found: dict[Term, set[Term]] = {node: set(self._also[step].get(node, ())) for node in nodes}
        askable = [node for node in nodes if step[1] or not isinstance(node, Literal)]
        if any(isinstance(node, BlankNode | Triple) for node in askable):
            raise TooFarError
        for node, other in self._answers(step, askable):
            found[node].add(other)
        self._known[step].update(found)

    def _answers(self, step: Step, nodes: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
        """Pairs of a given node and one beside it; the given one as it was given, however the store writes it."""
        pattern = ("?n {} ?x" if step[1] else "?x {} ?n").format(f"<{step[0]}>" if step[0] else "?p")
        left = self.limit
        for chunk in _chunks(nodes):
            values = " ".join(f"({place} {node})" for place, node in enumerate(chunk))
            query = f"SELECT ?i ?n WHERE {{ VALUES (?i ?x) {{ {values} }} {pattern} }} LIMIT {left + 1}"
            for row in self._store.select(query, graphs=self._graphs):
                left -= 1
                if left < 0:
                    self._hopeless[step].append(frozenset(nodes))
                    raise TooFarError
                yield chunk[int(_text(row["i"]))], row["n"]


def bare_name(quad: Quad) -> str:
    """The IRI of a quad's graph."""
    return getattr(quad.graph_name, "value", "")


def _text(term: Term) -> str:
    return str(getattr(term, "value", ""))


def _normal(quads: Iterable[Quad], graphs: Sequence[str] | None) -> frozenset[Quad]:
    """Quads as Oxigraph keeps them, which writes some literals anew; only those of the graphs."""
    store = ox.Store()
    store.bulk_extend(quads)
    return frozenset(quad for quad in store if graphs is None or bare_name(quad) in graphs)


def _graphs_of(store: Store, triples: Iterable[Triple]) -> Iterator[tuple[Triple, str]]:
    """The triples that stand in a store, each with one of its graphs; those with unnamed nodes are left out."""
    askable = (triple for triple in triples if not any(isinstance(term, BlankNode | Triple) for term in triple))
    for chunk in _chunks(askable):
        values = " ".join(f"({place} {' '.join(map(str, triple))})" for place, triple in enumerate(chunk))
        query = f"SELECT ?i ?g WHERE {{ VALUES (?i ?s ?p ?o) {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}"
        for row in store.select(query):
            yield chunk[int(_text(row["i"]))], _text(row["g"])


def _chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
