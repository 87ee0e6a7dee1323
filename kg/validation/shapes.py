"""The shapes files, read and checked: the only definition of what is valid.

Turtle comes in; out go a graph of the core shapes for pySHACL and the SPARQL constraints as values for
`kg.validation.sparql`. A mistake in a shapes file is found here, not when data is checked with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as FilePath

import pyoxigraph
import rdflib
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from kg.errors import ConfigError
from kg.validation.paths import Path
from kg.validation.results import Severity
from kg.validation.sparql import Constraint, Target
from kg.validation.terms import to_rdflib
from kg.vocabulary import shortened

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_NAMES_PREDICATE = (*_TARGETS[2:], SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)


@dataclass(frozen=True)
class Shapes:
    """Shapes that are well-formed: as one graph, and the SPARQL constraints in it as values."""

    graph: rdflib.Graph
    constraints: tuple[Constraint, ...]

    @classmethod
    def load(cls, files: Iterable[FilePath]) -> Shapes:
        """The shapes of some Turtle files, checked.

        Raises
        ------
        ConfigError
            A file is not Turtle, a shape has no path or severity that can be used, or a SPARQL constraint cannot be
            run; the text names the file and the shape.
        """
        reader = _Reader()
        for file in files:
            reader.parse(file)
        reader.check_severities()
        reader.check_paths()
        return cls(reader.graph, tuple(reader.constraints()))

    @cached_property
    def core(self) -> rdflib.Graph:
        """The shapes without their SPARQL constraints."""
        queries = set(self.graph.objects(None, SH.sparql))
        core = rdflib.Graph()
        for triple in self.graph:
            if triple[1] != SH.sparql and triple[0] not in queries:
                core.add(triple)
        return core

    @cached_property
    def core_predicates(self) -> frozenset[str]:
        """The predicates whose triples the core shapes can see: those of paths and targets, types and subclasses."""
        nodes = {*self.core.objects(None, SH.path), RDF.type, RDFS.subClassOf}
        for predicate in _NAMES_PREDICATE:
            nodes.update(self.core.objects(None, predicate))
        steps = (Path.read(self.core, node).predicates() for node in nodes)
        return frozenset(iri for step in steps for iri in step)


class _Reader:
    """Shapes files being read into one graph, which remembers the file of each node for its complaints."""

    def __init__(self) -> None:
        self.graph = rdflib.Graph()
        self._file: dict[Node, FilePath] = {}

    def parse(self, file: FilePath) -> None:
        """Add the triples of a file."""
        try:
            for triple in pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE):
                subject, predicate, value = map(to_rdflib, (triple.subject, triple.predicate, triple.object))
                self.graph.add((subject, predicate, value))
                self._file.setdefault(subject, file)
        except (OSError, SyntaxError) as error:
            raise ConfigError(f"{file.name}: cannot be read as Turtle: {error}") from error

    def check_severities(self) -> None:
        """Refuse severities that are none of SHACL's."""
        for node, severity in self.graph.subject_objects(SH.severity):
            try:
                Severity.of(str(severity))
            except ValueError as error:
                raise self._wrong(node, str(error)) from error

    def check_paths(self) -> None:
        """Refuse property shapes without exactly one well-formed path."""
        for node in {*self.graph.objects(None, SH.property), *self.graph.subjects(RDF.type, SH.PropertyShape)}:
            paths = list(self.graph.objects(node, SH.path))
            if len(paths) != 1:
                raise self._wrong(node, f"a property shape has one sh:path, this one {len(paths)}")
            try:
                Path.read(self.graph, paths[0])
            except ValueError as error:
                raise self._wrong(node, str(error)) from error

    def constraints(self) -> Iterator[Constraint]:
        """The SPARQL constraints that are in force, each found able to run."""
        for shape, node in sorted(self.graph.subject_objects(SH.sparql)):
            if not {self._flag(shape), self._flag(node)} & {True}:
                yield self._constraint(shape, node)

    def _constraint(self, shape: Node, node: Node) -> Constraint:
        severity = self.graph.value(shape, SH.severity, default=SH.Violation)
        constraint = Constraint(
            iri=str(node),
            shape=str(shape),
            severity=Severity.of(str(severity)),
            message=self._text(node, SH.message),
            targets=tuple(self._targets(shape)),
            select=self._text(node, SH.select),
            prefixes=self._prefixes(node),
        )
        for problem in constraint.problems():
            raise self._wrong(node, problem)
        return self._parsed(node, constraint)

    def _parsed(self, node: Node, constraint: Constraint) -> Constraint:
        try:
            pyoxigraph.Store().query(constraint.query)
        except SyntaxError as error:
            raise self._wrong(node, f"the SELECT is not SPARQL: {error}") from error
        return constraint

    def _targets(self, shape: Node) -> Iterator[Target]:
        for kind in _TARGETS:
            for node in sorted(map(str, self.graph.objects(shape, kind))):
                yield Target(str(kind).removeprefix(str(SH)), node)

    def _prefixes(self, node: Node) -> str:
        lines = []
        for declaration in self.graph.objects(node, SH.prefixes / SH.declare):
            prefix, namespace = (self._text(declaration, said) for said in (SH.prefix, SH.namespace))
            lines.append(f"PREFIX {prefix}: <{namespace}>\n")
        return "".join(sorted(lines))

    def _text(self, node: Node, predicate: Node) -> str:
        values = list(self.graph.objects(node, predicate))
        if len(values) != 1:
            raise self._wrong(node, f"expected one {shortened(str(predicate))}, found {len(values)}")
        return str(values[0])

    def _flag(self, node: Node) -> bool:
        return bool(self.graph.value(node, SH.deactivated, default=rdflib.Literal(False)))

    def _wrong(self, node: Node, problem: str) -> ConfigError:
        file = self._file.get(node)
        return ConfigError(f"{file.name if file else 'shapes'}: {shortened(str(node))}: {problem}")
