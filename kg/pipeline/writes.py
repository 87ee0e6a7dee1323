"""What a client writes, behind the gate: a change to graphs of one's own becomes inputs of a build.

An update is carried out on a copy of the live database, and only graphs of one's own are taken out of it: whatever a
text does to others there is lost with the copy. What it says that it writes is looked at first, for the sake of a clear
error, and the number of quads afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from kg.errors import NotFoundError, ReadOnlyError, RefusedError, StoreUnavailableError
from kg.pipeline import own_graphs
from kg.pipeline.build import Clock, now, quietly, staged
from kg.pipeline.inputs import Input, Progress
from kg.pipeline.run import Author
from kg.sparql.operations import ALL, DEFAULT, NAMED, Operation
from kg.store import bodies, default_graph, updating
from kg.store.bodies import READING
from kg.store.canonical import Block, canonical
from kg.store.changes import Change, Condition, DropGraph, PutDataset, PutGraph, Update, Written, graph_tag
from kg.store.durable import explained
from kg.store.embedded import EmbeddedStore
from kg.store.manifest import Manifest
from kg.store.release import Release
from kg.store.releases import DataFolder, Staging
from kg.store.segments import read
from kg.store.updating import Fetch

Wanted = Mapping[str, Sequence[Block]]
"""Graphs of one's own and what each is to hold; nothing for one that is to be no more."""


def write(
    folder: DataFolder,
    change: Change,
    shapes: Sequence[Path],
    *,
    condition: Condition | None = None,
    fetch: Fetch = updating.refused,
    clock: Clock = now,
    patience: float = 0.0,
    progress: Progress = quietly,
    author: str | None = None,
) -> Written:
    """Make a change, let the gate decide, and publish what comes of it.

    Parameters
    ----------
    shapes, clock, patience, progress
        As for `kg.pipeline.build`.
    condition
        What must hold of the graph that is put or dropped.
    fetch
        What gets documents for LOAD.
    author
        The name of the token that it is made with, which the graph about the graphs tells.

    Raises
    ------
    ReadOnlyError
        A graph that is to change is not one of one's own.
    QueryError, SourceError, NotFoundError, PreconditionFailedError
        The change cannot be made; see `kg.store.updating`, `kg.store.bodies`, `Condition`.
    ValidationFailedError
        The gate refuses; the report is in the error, and nowhere else.
    StoreError
        As for `kg.pipeline.build`.
    """
    with folder.stage(patience=patience) as staging:
        live = staging.parent
        if live is None:
            raise StoreUnavailableError("there is no release yet to write to; run `kg build` first")
        graph = change.graph if isinstance(change, PutGraph | DropGraph) else None
        before = graph_tag(live, graph)
        if condition:
            condition.check(before)
        progress("updating" if isinstance(change, Update) else READING)
        wanted = _wanted(staging, live, change, fetch)
        inputs, dropped = _inputs(live.manifest, wanted)
        outcome = staged(
            None,
            staging,
            inputs,
            shapes,
            complete=False,
            drop=dropped,
            clock=clock,
            progress=progress,
            author=Author(author, change.operation),
        )
        release = outcome.release or live
        counts = outcome.report.counts() if outcome.published else release.manifest.validation
        after = graph_tag(release, graph)
        created = before is None and after is not None  # what holds nothing is not there afterwards either
        return Written(release.id, outcome.published, created, counts, after)


def _inputs(live: Manifest, wanted: Wanted) -> tuple[list[Input], list[str]]:
    """What is to be built and what is to be dropped: a graph that holds nothing is no more."""
    inputs = [own_graphs.as_input(graph, blocks) for graph, blocks in wanted.items() if any(blocks)]
    emptied = [own_graphs.segment_of(graph) for graph, blocks in wanted.items() if not any(blocks)]
    return inputs, [name for name in emptied if name in live.segments]


def _wanted(staging: Staging, live: Release, change: Change, fetch: Fetch) -> Wanted:
    if isinstance(change, Update):
        return _updated(staging, live, change, fetch)
    if isinstance(change, PutDataset):
        return _merged(live, change)
    graph = own_graphs.check(live.manifest, change.graph)
    if isinstance(change, PutGraph):
        kept = _kept(live, graph) if change.merge else ()
        return {graph: [*kept, *canonical(_sent(graph, change))]}
    if graph_tag(live, graph) is None:
        raise NotFoundError(f"there is no graph {graph}")
    return {graph: []}


def _merged(live: Release, change: PutDataset) -> Wanted:
    """Every graph of one's own that a dataset names, with what it held before."""
    if not change.merge:
        raise ReadOnlyError("a dataset cannot be put in place of graphs of sources; post it, to merge it into your own")
    quads = [quad for part in change.parts for quad in bodies.dataset(part, change.base)]
    graphs = {None if isinstance(name := quad.graph_name, ox.DefaultGraph) else name.value for quad in quads}
    checked = [own_graphs.check(live.manifest, graph) for graph in sorted(graphs, key=str)]
    lines = [line for block in canonical(quads) for line in block.splitlines(keepends=True)]
    return {
        graph: [
            *_kept(live, graph),
            Block(b"".join(line for line in lines if line.endswith(f" <{graph}> .\n".encode()))),
        ]
        for graph in checked
    }


def _kept(live: Release, graph: str) -> Iterator[Block]:
    """What stays of a graph that is merged into."""
    name = own_graphs.segment_of(graph)
    if name in live.manifest.segments:
        yield Block(b"".join(read(live.segment_path(name))))


def _sent(graph: str, change: PutGraph) -> Iterator[ox.Quad]:
    name = bodies.graph_name(graph)
    return (quad for part in change.parts for quad in bodies.quads(part, name, change.base))


def _updated(staging: Staging, live: Release, update: Update, fetch: Fetch) -> Wanted:
    operations = updating.operations(update)
    for operation in operations:
        _check_targets(live.manifest, operation)
    with scratch(staging, live) as copy:
        for operation in operations:
            copy.carry_out(operation, update.base, fetch)
        return copy.taken(operations)


def _check_targets(live: Manifest, operation: Operation) -> None:
    for target in operation.targets:
        if target in (ALL, NAMED):
            raise ReadOnlyError(f"{operation.kind} {target} would empty graphs of sources; name a graph of your own")
        own_graphs.check(live, None if target == DEFAULT else target)


@contextmanager
def scratch(staging: Staging, live: Release) -> Iterator[Scratch]:
    """A copy of the live database beside the release in the making, which goes with it."""
    place = staging.folder.with_name("scratch")
    EmbeddedStore.copy(live.database, place)
    with explained("the copy to work on could not be written"):
        yield Scratch(EmbeddedStore.open(place, read_only=False).database, live.manifest)


@dataclass
class Scratch:
    """A copy of the live database on which an update is carried out.

    Its default graph is empty while the live release answers from the union of its graphs. An operation that matches
    the default graph gets the union in its place, as long as no triple can be in two graphs; then the graphs' merge.
    """

    database: ox.Store
    live: Manifest
    written: bool = False

    def __post_init__(self) -> None:
        self.merged = self.live.default_graph == "materialised"

    def carry_out(self, operation: Operation, base: str | None, fetch: Fetch) -> None:
        """Do one operation, unless it would write a graph that is not one's own."""
        if operation.matches and not (self.merged or self.written):
            graphs = self._graphs()
            operation = operation.over(graphs, graphs)
        elif operation.matches or operation.source == DEFAULT:
            self._merge()
        if operation.variables:
            self._check_variables(operation, base)
        updating.carry_out(self.database, [operation], base, fetch)
        self.written = True

    def taken(self, operations: Iterable[Operation]) -> Wanted:
        """What the graphs of one's own hold that these operations may have written.

        Raises
        ------
        RefusedError
            Others have changed as well: the text says something else to the engine than to us.
        """
        named = {target for each in operations for target in each.targets}
        if any(each.variables for each in operations):
            named |= {graph for graph in self._graphs() if own_graphs.is_own(self.live, graph)}
        held = {
            graph: list(self.database.quads_for_pattern(None, None, None, ox.NamedNode(graph)))
            for graph in sorted(named)
        }
        self._check_rest({graph: len(quads) for graph, quads in held.items()})
        return {graph: list(canonical(quads)) for graph, quads in held.items()}

    def _check_rest(self, sizes: Mapping[str, int]) -> None:
        segments = self.live.segments
        before = [segments[name].quads for name in map(own_graphs.segment_of, sizes) if name in segments]
        others = len(self.database) - sum(sizes.values()) - self._merged_quads()
        if others != self.live.quads - sum(before):
            raise RefusedError("this update writes other graphs than it seems to; write each operation plainly")

    def _merged_quads(self) -> int:
        return (
            sum(1 for _ in self.database.quads_for_pattern(None, None, None, ox.DefaultGraph())) if self.merged else 0
        )

    def _check_variables(self, operation: Operation, base: str | None) -> None:
        """See that a variable in place of a graph stands for graphs of one's own only."""
        for graph in sorted(self._graphs_of_variables(operation, base)):
            own_graphs.check(self.live, graph)

    def _graphs_of_variables(self, operation: Operation, base: str | None) -> set[str]:
        """What its variables in place of graphs stand for.

        The loop alone holds the solutions: an error keeps its frames, and they must end in their own thread.
        """
        default, named = self._dataset(operation) or (None, None)
        graphs = set()
        dataset: dict[str, Any] = {
            "default_graph": None if default is None else [*default],
            "named_graphs": None if named is None else [*named],
        }
        for solution in cast(ox.QuerySolutions, self.database.query(operation.graphs_query, base_iri=base, **dataset)):
            terms = [solution[name[1:]] for name in operation.variables]
            graphs |= {term.value for term in terms if isinstance(term, ox.NamedNode)}
        return graphs

    def _dataset(self, operation: Operation) -> tuple[list[ox.NamedNode], list[ox.NamedNode]] | None:
        """What an operation is matched in (SPARQL 1.1 Update, section 3.1.3); None is what the database holds."""
        if operation.using or operation.using_named:
            return _nodes(operation.using), _nodes(operation.using_named)
        return (_nodes([operation.home]), _nodes(self._graphs())) if operation.home else None

    def _merge(self) -> None:
        """Make the default graph the merge of the named graphs as they are now."""
        if self.merged and not self.written:
            return
        for quad in self.database.quads_for_pattern(None, None, None, ox.DefaultGraph()):
            self.database.remove(quad)
        default_graph.materialise(self.database)
        self.merged = True

    def _graphs(self) -> list[str]:
        return sorted(graph.value for graph in self.database.named_graphs() if isinstance(graph, ox.NamedNode))


def _nodes(graphs: Iterable[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(graph) for graph in graphs]
