"""The shapes files, read and checked: the only definition of what is valid.

Turtle comes in; out go the shapes as values for the compiler, and as a graph for pySHACL. A mistake in a shapes file is
found here, not when data is checked with it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

import pyoxigraph
import rdflib
from rdflib.namespace import SH
from rdflib.term import Node

from kg.errors import ConfigError
from kg.store.rdf_files import RdfFile
from kg.store.reading import DEFAULT_LIMITS, Limits, read_rdf
from kg.validation.labels import named_above, steady
from kg.validation.model import Shape
from kg.validation.reading import ShapeReader
from kg.validation.terms import to_rdflib
from kg.vocabulary import shortened

_log = logging.getLogger(__name__)
_ADVANCED = frozenset({SH.target, SH.expression, SH.js, SH.rule})
"""Properties of SHACL Advanced Features and SHACL-JS that would add checks or data; they are notes, not standards."""


@dataclass(frozen=True)
class Shapes:
    """Shapes that are well-formed: as one graph, and as values in the order of their names.

    ``unknown`` tells of properties called as SHACL's that check nothing, since nobody knows them here.
    """

    graph: rdflib.Graph
    shapes: tuple[Shape, ...]
    unknown: tuple[str, ...] = ()

    @classmethod
    def of(cls, graph: rdflib.Graph) -> Shapes:
        """The shapes of a graph, checked; errors as for `load`. Blank shapes keep the labels that they have there."""
        reader = _Reader()
        reader.graph = graph
        return reader.shapes()

    @classmethod
    def load(cls, files: Iterable[FilePath]) -> Shapes:
        """The shapes of some Turtle files, checked.

        Raises
        ------
        ConfigError
            A file is not Turtle, or a shape says what SHACL does not allow; the text names the file and the shape.
        """
        reader = _Reader()
        for file in files:
            reader.parse(file)
        reader.graph = steady(reader.graph)
        return reader.shapes()

    @classmethod
    def read(cls, files: Sequence[RdfFile], *, limits: Limits | None = DEFAULT_LIMITS) -> Shapes:
        """The shapes of RDF files of any syntax, from anywhere, checked.

        Parameters
        ----------
        limits
            See `kg.store.reading.read_rdf`.

        Raises
        ------
        SourceError
            See `kg.store.reading.read_rdf`.
        ConfigError
            A shape says what SHACL does not allow; or none has a target, so that nothing would be checked.
        """
        reader = _Reader()
        names = {file.graph: FilePath(str(file)) for file in files}
        for block in read_rdf(files, limits=limits, named=False):
            for quad in pyoxigraph.parse(block, format=pyoxigraph.RdfFormat.N_QUADS):
                reader.add(quad, names.get(quad.graph_name.value))
        reader.graph = steady(reader.graph)
        read = reader.shapes()
        if not any(shape.targets for shape in read.shapes):
            raise ConfigError(
                f"{', '.join(map(str, files))}: no shape has a target, so nothing would be checked; give one"
                " sh:targetClass, sh:targetNode, sh:targetSubjectsOf or sh:targetObjectsOf"
            )
        return read


class _Reader:
    """Shapes files being read into one graph, which remembers the file of each node for its complaints."""

    def __init__(self) -> None:
        self.graph = rdflib.Graph()
        self._file: dict[Node, FilePath] = {}

    def parse(self, file: FilePath) -> None:
        """Add the triples of a file."""
        try:
            for triple in pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE):
                self.add(triple, file)
        except (OSError, SyntaxError) as error:
            raise ConfigError(f"{file.name}: cannot be read as Turtle: {error}") from error

    def add(self, triple: pyoxigraph.Triple | pyoxigraph.Quad, file: FilePath | None) -> None:
        """Add a triple of a file."""
        subject, predicate, value = map(to_rdflib, (triple.subject, triple.predicate, triple.object))
        self.graph.add((subject, predicate, value))
        if file:
            self._file.setdefault(subject, file)

    def shapes(self) -> Shapes:
        """All of it as values, if it is well-formed."""
        unknown = tuple(
            str(self._wrong(subject, f"{shortened(str(predicate))} is not known, so it checks nothing"))
            for subject, predicate in self._unknown()
        )
        for text in unknown:
            _log.warning("%s", text)
        return Shapes(self.graph, ShapeReader(self.graph, self._wrong).shapes(), unknown)

    def _unknown(self) -> Iterator[tuple[Node, Node]]:
        """Properties called as SHACL's that neither the standard nor this program knows, each where it stands first."""
        for predicate in sorted(set(self.graph.predicates()), key=str):
            if str(predicate).startswith(str(SH)) and not _is_known(str(predicate)):
                yield min(self.graph.subjects(predicate), key=str), predicate

    def _wrong(self, node: Node, problem: str) -> ConfigError:
        owner = named_above(self.graph, node)
        file = self._file.get(owner)
        part = "" if owner == node else ", in a nameless part"
        return ConfigError(f"{file.name if file else 'shapes'}: {shortened(str(owner))}{part}: {problem}")


def _is_known(iri: str) -> bool:
    """Whether a name of SHACL's namespace is one, and none that would add checks that are not made."""
    try:
        return SH[iri.removeprefix(str(SH))] not in _ADVANCED
    except AttributeError:
        return False
