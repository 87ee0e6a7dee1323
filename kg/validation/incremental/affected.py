"""After a change of the data, check again only what the change can affect.

In come the former report, the change and the shapes; out comes the report that a full check would give. For each
family of units (module `reach`) the focus nodes are found whose results may differ (module `lookups` says
why these are all); the results of the others are kept, the family is run on those that are still targets.

The results of a property shape inside a property shape name nodes on the way, not the focus node that the check began
at, and may be due to several of those. So all results at nodes that an affected one comes to are given up, and every
focus node that comes there is checked again. Both are looked for in the old and the new graph together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.store.base import Store, Term, text_of
from kg.validation.incremental.lookups import HERE, Lookup, Way, inverse
from kg.validation.incremental.neighbourhood import Change, Neighbourhood, Nodes, TooFarError
from kg.validation.incremental.reach import Owner, Unit, families
from kg.validation.model import Shape, Target
from kg.validation.paths import Path
from kg.validation.report import Report, Result
from kg.vocabulary import RDF, RDFS


@dataclass(frozen=True)
class Since:
    """An earlier check by the same shapes and the same program, and the quads that have come and gone since then.

    Quads that came and went again may be among both.
    """

    report: Report
    added: Collection[Quad]
    removed: Collection[Quad]


Run = Callable[[Sequence[Shape]], Report]
"""Checks some shapes in full; entry points are those that have targets."""

LIMIT = 10_000
"""Focus nodes of one shape from which on it is checked in full."""

WORTHWHILE_QUADS = 100_000
"""Quads of a store from which on it pays to look for what a change can affect.

The search has to understand all queries of the shapes, which takes 0.5 to 0.8 CPU s with the project's, whatever the
size of store and change. Checking all of them took 0.3 CPU s on 32,000 quads, 0.5 on 64,000, 0.9 on 130,000, 1.9 on
238,000.
"""

_FEW = 500
_TYPES = 10


@dataclass(frozen=True)
class Affected:
    """What a change means for a family: focus nodes to check again, and those whose former results no longer count.

    Both are None where all are meant.
    """

    family: Sequence[Unit]
    focus: Nodes | None
    outdated: Mapping[Owner, Nodes] | None

    def keeps(self, result: Result) -> bool:
        """Whether a former result of the family holds still."""
        return self.outdated is not None and result.focus not in self.outdated[_owner(result)]


def recheck(
    store: Store,
    shapes: Iterable[Shape],
    since: Since,
    run: Run,
    *,
    graphs: Sequence[str] | None = None,
    limit: int = LIMIT,
) -> Report:
    """The report on the union of the graphs of a store (all when None), from an earlier one and what has changed.

    Parameters
    ----------
    run
        How to check some shapes in full.
    limit
        Focus nodes of one family from which on it is checked in full.

    Notes
    -----
    Cost grows with the nodes around the change and with the length of the former report, not with the store. Results
    of shapes that are not among these are left out, such as those of row counts.
    """
    change = Change.of(store, since.added, since.removed, graphs=graphs)
    search = Search(store, change, graphs, limit)
    found = [search.affected(family) for family in families(shapes)]
    judge = {owner: one for one in found for unit in one.family for owner in unit.owners}
    kept = [result for result in since.report.results if (one := judge.get(_owner(result))) and one.keeps(result)]
    again = [shape for one in found for unit in one.family if (shape := search.restricted(unit.shape, one.focus))]
    return Report.of([*(replace(result, source=None) for result in kept), *(run(again).results if again else ())])


class Search:
    """The search for what one change affects."""

    def __init__(self, store: Store, change: Change, graphs: Sequence[str] | None = None, limit: int = LIMIT) -> None:
        self._change = change
        self._both = Neighbourhood(store, graphs=graphs, also=change.removed, limit=limit)
        self._now = Neighbourhood(store, graphs=graphs, limit=_TYPES * limit)
        self._store, self._graphs = store, graphs
        self._found: dict[Lookup, Nodes | None] = {}
        self._classes: dict[str, Nodes] = {}

    def affected(self, family: Sequence[Unit]) -> Affected:
        """What the change means for a family."""
        try:
            focus = frozenset[Term]().union(*map(self._of_unit, family))
            outdated: dict[Owner, Nodes] = {}
            begun: Nodes = focus
            for unit in family:
                for owner, ways in unit.owners.items():
                    for way in ways:
                        reached = self._both.origins(inverse(way), focus)
                        outdated[owner] = outdated.get(owner, frozenset()) | reached
                        begun |= self._both.origins(way, reached)
            self._check_names(begun)
        except TooFarError:
            return Affected(family, None, None)
        return Affected(family, begun, outdated)

    def restricted(self, shape: Shape, focus: Nodes | None) -> Shape | None:
        """The shape with only these of its targets; None if there are none."""
        if focus is None:
            return shape
        try:
            wanted = sorted(self._targeted(shape.targets, focus), key=str)
        except TooFarError:
            return shape
        return replace(shape, targets=tuple(Target("targetNode", node) for node in wanted)) if wanted else None

    def _of_unit(self, unit: Unit) -> Nodes:
        if any(isinstance(target.node, Literal) for target in unit.shape.targets):
            raise TooFarError  # a store may write a literal anew: the target is then not found by comparing
        found = frozenset[Term]().union(*map(self._of_lookup, unit.targeted))
        if unit.predicates is not None and unit.predicates.isdisjoint(self._change.by_predicate):
            return found
        if unit.lookups is None:
            raise TooFarError
        return found.union(*map(self._of_lookup, unit.lookups))

    def _of_lookup(self, lookup: Lookup) -> Nodes:
        if lookup not in self._found:
            self._found[lookup] = self._search(lookup)
        found = self._found[lookup]
        if found is None:
            raise TooFarError
        return found

    def _search(self, lookup: Lookup) -> Nodes | None:
        """The focus nodes that come to a changed triple, by the way that the fewest come."""
        triples = [triple for triple in self._matching(lookup) if self._fits(triple, lookup)]
        if not triples:
            return frozenset()
        best: Nodes | None = None
        for way in sorted(lookup.ways, key=_length):
            try:
                found = self._both.origins(way.path, frozenset(getattr(triple, way.end) for triple in triples))
            except TooFarError:
                continue
            if len(found) <= _FEW:
                return found
            best = found if best is None or len(found) < len(best) else best
        return best

    def _matching(self, lookup: Lookup) -> Sequence[Triple]:
        return self._change.by_predicate.get(lookup.predicate or "", ())

    def _fits(self, triple: Triple, lookup: Lookup) -> bool:
        if lookup.subject is not None and text_of(triple.subject) != lookup.subject:
            return False
        if lookup.object is not None and text_of(triple.object) != lookup.object:
            return False
        return lookup.under is None or triple.object in self._below(lookup.under)

    def _below(self, iri: str) -> Nodes:
        if iri not in self._classes:
            rows = self._store.select(f"SELECT ?c {{ ?c <{RDFS.subClassOf}>+ <{iri}> }}", graphs=self._graphs)
            self._classes[iri] = frozenset([NamedNode(iri), *(row["c"] for row in rows)])
        return self._classes[iri]

    def _targeted(self, targets: Iterable[Target], nodes: Nodes) -> Nodes:
        """Those of the nodes that are targets (section 2.1.3)."""
        found: set[Term] = set()
        for target in targets:
            if target.kind == "targetNode":
                found |= nodes & {target.node}
            else:
                found |= self._beside_targets(target, nodes)
        return frozenset(found)

    def _beside_targets(self, target: Target, nodes: Nodes) -> Nodes:
        iri = text_of(target.node)
        if target.kind == "targetClass":
            classes, step = self._below(iri), (RDF.type, False)
            self._now.ask(step, nodes)
            return frozenset(node for node in nodes if self._now.beside(step, node) & classes)
        step = (iri, target.kind == "targetObjectsOf")
        self._now.ask(step, nodes)
        return frozenset(node for node in nodes if self._now.beside(step, node))

    def _check_names(self, nodes: Nodes) -> None:
        if len(nodes) > self._both.limit or any(isinstance(node, BlankNode | Triple) for node in nodes):
            raise TooFarError


def _owner(result: Result) -> Owner:
    return result.shape, result.constraint


def _length(way: Way) -> int:
    return _steps(way.path)


def _steps(path: Path) -> int:
    return max(1, sum(map(_steps, path.parts))) if path != HERE else 0
