"""Data that is to be checked, wherever it is: a release, files, a server; and what the shapes find in it.

Unlike a build this keeps nothing and refuses nothing. Shapes are read before data, so that a mistake in them is told
first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg import iris
from kg.errors import NotFoundError, SourceUnavailableError, StoreUnavailableError
from kg.pipeline.inputs import Input, Progress, bundled
from kg.pipeline.loads import from_files, is_table
from kg.pipeline.places import Origins, Places, in_files, in_segments
from kg.store.base import Store
from kg.store.canonical import Block
from kg.store.memory import loaded
from kg.store.rdf_files import FORMATS, RdfFile
from kg.store.reading import DEFAULT_LIMITS, Limits, read_rdf
from kg.store.releases import Release
from kg.validation import gate
from kg.validation.compiler.domains import Sizes
from kg.validation.model import Target
from kg.validation.readable import ReadableReport, labels
from kg.validation.shapes import Shapes

if TYPE_CHECKING:
    from kg.store.remote.store import RemoteStore
from kg.vocabulary import RDFS

_ANYTHING = "ASK { ?s ?p ?o }"


@dataclass(frozen=True)
class Data:
    """A store, the graphs of it that are meant (all when None), and where its nodes come from.

    ``only`` is the file of all of them, where it is one. ``added`` are graphs of ours beside the data: they are looked
    at and are not what is to be validated.
    """

    store: Store
    graphs: Sequence[str] | None = None
    places: Places | None = None
    only: str = ""
    added: frozenset[str] = frozenset()

    def checked(
        self, shapes: Shapes, *, first: int | None = None, progress: Progress = lambda _: None
    ) -> ReadableReport:
        """What shapes find, with the first results of each rule (all when None)."""
        report = gate.check(self.store, shapes, graphs=self.graphs, progress=progress)
        progress("looking up labels")
        told = ReadableReport.of(
            report, shapes.graph, lambda things: labels(self.store, things, graphs=self.graphs), first=first
        )
        told = replace(told, notes=shapes.unknown)
        if not told.rules:
            return replace(told, targeted=self._targeted(shapes))
        if self.places is None:
            return told
        progress("looking up sources")
        return told.located(Origins(self.store, self.places, otherwise=self.only).of(told.listed.results))

    def _targeted(self, shapes: Shapes) -> bool:
        """Whether some node is a target of some shape."""
        wanted = [shape for shape in shapes.shapes if shape.targets]
        if not self.added:
            sizes = Sizes.measured(self.store, wanted, graphs=self.graphs)
            return any(sizes.number(shape.targets) for shape in wanted)
        return any(self._has(target) for shape in wanted for target in shape.targets)

    def _has(self, target: Target) -> bool:
        """Whether the data, without what was added, has a target."""
        patterns = {
            "targetClass": f"GRAPH ?g {{ ?this a ?class }} ?class <{RDFS.subClassOf}>* {target.node}",
            "targetSubjectsOf": f"GRAPH ?g {{ ?this {target.node} ?any }}",
            "targetObjectsOf": f"GRAPH ?g {{ ?any {target.node} ?this }}",
        }
        others = ", ".join(f"<{graph}>" for graph in sorted(self.added))
        pattern = patterns.get(target.kind)
        return pattern is None or self.store.ask(f"ASK {{ {pattern} FILTER(?g NOT IN ({others})) }}")


def shapes_of(paths: Sequence[Path]) -> Shapes:
    """The shapes of RDF files and of folders, which are searched to the bottom.

    Raises
    ------
    SourceError
        A file is not there, or is not RDF.
    ConfigError
        See `Shapes.read`.
    """
    files = [file for path in paths for file in _files(path)]
    return Shapes.read([RdfFile(file, _iri(file)) for file in files])


def of_release(release: Release, store: Store, inputs: Iterable[Input], *, graphs: Collection[str] = ()) -> Data:
    """A release, whose nodes are found in those of the inputs that it was made from."""
    if unknown := sorted(set(graphs) - set(store.graphs())):
        raise NotFoundError(f"no graph {unknown[0]}; there are\n  " + "\n  ".join(store.graphs()))
    places = in_segments(release.manifest.segments, release.manifest.sources, inputs)
    return Data(store, sorted(graphs) or None, places)


def of_files(
    paths: Sequence[Path],
    *,
    graphs: Collection[str] = (),
    with_terms: bool = False,
    progress: Progress = lambda _: None,
) -> Data:
    """Files as they stand, RDF of any syntax or tables with CSVW metadata, each in a graph named by its address.

    Parameters
    ----------
    graphs
        The named graphs that are meant; all if empty.
    with_terms
        Read the project's ontology and concept schemes too: its shapes ask what is a subclass of what.

    Raises
    ------
    SourceError, MappingError
        A file is not there or cannot be read.
    NotFoundError
        There is no graph of this name.
    """
    tables = [item for path in paths if is_table(path) for item in from_files([path], name="data", graph=_iri(path))]
    rdf = [RdfFile(path, _iri(path)) for path in paths if not is_table(path)]
    progress(f"reading {', '.join(map(str, paths))}")
    located = {_iri(path): item for path, item in zip(filter(is_table, paths), tables, strict=True)}
    blocks = chain(_rdf(rdf, DEFAULT_LIMITS), *(item.produce().blocks for item in tables))
    added = _OWN if with_terms else frozenset()
    places = in_files(rdf, located, besides=added)
    return Data(_store(blocks, graphs, with_terms), places=places, only=_only(paths), added=added)


def of_sent(files: Sequence[RdfFile], *, with_terms: bool = False) -> Data:
    """Data that a stranger sent, read in this process, which must have limits of its own; see `of_files`."""
    added = _OWN if with_terms else frozenset()
    store = _store(_rdf(files, None), (), with_terms)
    return Data(store, places=in_files(files, {}, besides=added), only=_only(files), added=added)


def of_server(store: RemoteStore, *, graphs: Collection[str] = ()) -> Data:
    """What a SPARQL 1.1 server has in some graphs, or in its default graph.

    Raises
    ------
    NotFoundError
        A graph is not there, or holds nothing.
    StoreUnavailableError
        No graph is named and the default graph is empty: a report on nothing would look as if all were well.
    StoreError
        See `RemoteStore`.
    """
    for graph in sorted(graphs):
        if not _holds(store, graph):
            raise NotFoundError(f"{store.called} has nothing in a graph {graph}")
    if not graphs and not store.ask(_ANYTHING):
        raise StoreUnavailableError(f"the default graph of {store.called} is empty; name graphs of it with --graph")
    return Data(store, sorted(graphs) or None)


def _holds(store: RemoteStore, graph: str) -> bool:
    """Whether a server has the graph; asked by GRAPH, as in a dataset an unknown graph may be an error."""
    try:
        return store.ask(f"ASK {{ GRAPH {NamedNode(graph)} {{ ?s ?p ?o }} }}")
    except ValueError:  # no absolute IRI
        return False


_EXTENSIONS = {f".{name}" for name in FORMATS} - {".json", ".xml"}
"""What is taken from a folder: most often these two are something else than RDF."""
_OWN = frozenset({iris.GRAPH_ONTOLOGY, iris.GRAPH_ALIGNMENT, iris.GRAPH_CONCEPTS})


def _rdf(files: Sequence[RdfFile], limits: Limits | None) -> Iterator[Block]:
    return read_rdf(files, limits=limits, named=False) if files else iter(())


def _store(blocks: Iterable[Block], graphs: Collection[str], with_terms: bool) -> Store:
    terms = (item.produce().blocks for item in bundled()) if with_terms else ()
    return loaded(chain(blocks, *terms), graphs={*graphs, *_OWN} if graphs and with_terms else graphs)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.suffix in _EXTENSIONS and file.is_file())
    if not files:
        raise SourceUnavailableError(f"{path}: the folder holds no RDF file")
    return files


def _only(files: Sequence[object]) -> str:
    return str(files[0]) if len(files) == 1 else ""


def _iri(path: Path) -> str:
    return path.absolute().as_uri()
