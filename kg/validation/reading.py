"""A shapes graph becomes values (`kg.validation.model`), or a complaint that names the shape.

All that SHACL demands of a shapes graph (section 4, "syntax rules" of each component) is checked here, before any data
is read: paths, the number and kind of each parameter's values, regular expressions, and that no shape leads back to
itself. Recursive shapes have no meaning in the standard (section 3.4.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import BNode, Node, URIRef

from kg.validation import components
from kg.validation.model import Constraint, Shape, Target
from kg.validation.parameters import (
    LISTS_OF_SHAPES,
    PARAMETERS,
    QUALIFIED,
    SHAPES_EXPECTED,
    Parameter,
    is_flag,
    is_list,
    rejected,
)
from kg.validation.paths import Path
from kg.validation.terms import from_rdflib, resource
from kg.vocabulary import shortened

Complaint = Callable[[Node, str], Exception]
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_DEEPEST = 60


class ShapeReader:
    """Reads shapes of a graph; asked twice for a node, it gives the same shape.

    Parameters
    ----------
    wrong
        Makes the error to be raised of a node and a text.
    """

    def __init__(self, graph: rdflib.Graph, wrong: Complaint) -> None:
        self._graph = graph
        self._wrong = wrong
        self._known: dict[Node, Shape] = {}
        self._open: list[Node] = []

    def shapes(self) -> tuple[Shape, ...]:
        """All shapes of the graph (section 2.1), in the order of their names."""
        return tuple(self.shape(node) for node in sorted(self._nodes(), key=_place))

    def shape(self, node: Node) -> Shape:
        """The shape that a node stands for."""
        if node in self._open:
            circle = " > ".join(_shown(member) for member in [*self._open[self._open.index(node) :], node])
            raise self._wrong(
                node, f"the shape is recursive ({circle}), which has no meaning in SHACL: break the circle"
            )
        if len(self._open) > _DEEPEST:
            raise self._wrong(self._open[0], f"shapes are nested more than {_DEEPEST} deep in it")
        if node not in self._known:
            self._open.append(node)
            self._known[node] = self._read(node)
            self._open.pop()
        return self._known[node]

    def _nodes(self) -> set[Node]:
        graph = self._graph
        nodes = {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}
        for predicate in (*_TARGETS, *(SH[name] for name in (*PARAMETERS, "qualifiedValueShape", "sparql"))):
            nodes.update(graph.subjects(predicate))
        for name in SHAPES_EXPECTED:
            nodes.update(graph.objects(None, SH[name]))
        for name in LISTS_OF_SHAPES:
            lists = (head for head in graph.objects(None, SH[name]) if is_list(graph, head))
            nodes.update(member for head in lists for member in Collection(graph, head))
        return nodes

    def _read(self, node: Node) -> Shape:
        if isinstance(node, rdflib.Literal):
            raise self._wrong(node, "a literal is no shape")
        path = self._path(node)
        off = self._flag(node, SH.deactivated)
        return Shape(
            node=resource(node),
            path=path,
            targets=() if off else tuple(self._targets(node)),
            constraints=() if off else tuple(self._constraints(node, path)),
            severity=self._severity(node),
            messages=self._messages(node),
            deactivated=off,
        )

    def _path(self, node: Node) -> Path | None:
        paths = list(self._graph.objects(node, SH.path))
        expected = (None, SH.property, node) in self._graph or (node, RDF.type, SH.PropertyShape) in self._graph
        if not paths and not expected:
            return None
        if len(paths) != 1:
            raise self._wrong(node, f"a property shape has one sh:path, this one {len(paths)}")
        if (node, RDF.type, SH.NodeShape) in self._graph:
            raise self._wrong(node, "a node shape has no sh:path: make it a property shape")
        try:
            return Path.read(self._graph, paths[0])
        except ValueError as error:
            raise self._wrong(node, str(error)) from error

    def _targets(self, node: Node) -> Iterator[Target]:
        for predicate in _TARGETS:
            for value in sorted(self._graph.objects(node, predicate), key=str):
                if predicate != SH.targetNode and not isinstance(value, URIRef):
                    raise self._wrong(node, f"{shortened(str(predicate))} names an IRI, not {value}")
                if isinstance(value, BNode):
                    raise self._wrong(node, "sh:targetNode names an IRI or a literal, not a blank node")
                yield Target(predicate.removeprefix(str(SH)), from_rdflib(value))
        if isinstance(node, URIRef) and RDFS.Class in self._classes(node):
            yield Target("targetClass", ox.NamedNode(str(node)))

    def _classes(self, node: Node) -> set[Node]:
        direct = self._graph.objects(node, RDF.type)
        return {above for known in direct for above in self._graph.transitive_objects(known, RDFS.subClassOf) if above}

    def _severity(self, node: Node) -> str:
        values = list(self._graph.objects(node, SH.severity)) or [SH.Violation]
        if len(values) > 1 or not isinstance(values[0], URIRef):
            raise self._wrong(node, "a shape has one sh:severity, an IRI")
        if str(values[0]).startswith(str(SH)) and values[0] not in {SH.Violation, SH.Warning, SH.Info}:
            raise self._wrong(node, f"{values[0]} is not sh:Violation, sh:Warning or sh:Info")
        return str(values[0])

    def _messages(self, node: Node) -> tuple[ox.Literal, ...]:
        messages = [from_rdflib(value) for value in sorted(self._graph.objects(node, SH.message), key=str)]
        if not all(isinstance(message, ox.Literal) for message in messages):
            raise self._wrong(node, "sh:message is a text")
        return tuple(message for message in messages if isinstance(message, ox.Literal))

    def _flag(self, node: Node, predicate: URIRef) -> bool:
        values = list(self._graph.objects(node, predicate))
        if not all(map(is_flag, values)) or len(values) > 1:
            raise self._wrong(node, f"{shortened(str(predicate))} is either true or false")
        return any(value.toPython() for value in values)  # type: ignore[attr-defined]

    def _constraints(self, node: Node, path: Path | None) -> Iterator[Constraint]:
        for parameter in PARAMETERS.values():
            for value in self._values(node, parameter, path):
                yield from self._core(node, parameter, value)
        if path:
            yield from self._qualified(node, path)
        yield from components.constraints(self._graph, node, path, self._wrong)

    def _values(self, node: Node, parameter: Parameter, path: Path | None) -> list[Node]:
        values = sorted(self._graph.objects(node, SH[parameter.name]), key=str)
        if len(values) > 1 and not parameter.many:
            raise self._wrong(node, f"a shape has one sh:{parameter.name}, this one {len(values)}")
        if values and parameter.on_properties and not path:
            raise self._wrong(node, f"sh:{parameter.name} needs a property shape: a node shape has no path")
        return values

    def _core(self, node: Node, parameter: Parameter, value: Node) -> Iterator[Constraint]:
        members = self._members(node, parameter, value)
        if parameter.value in {"shape", "shapes"}:
            shapes = tuple(map(self.shape, members))
            self._check_kinds(node, parameter.name, shapes)
            yield Constraint(parameter.component, parameter.name, shapes=shapes)
        elif parameter.name not in {"closed", "uniqueLang"}:
            terms = tuple(map(from_rdflib, members))
            yield Constraint(
                parameter.component, parameter.name, terms, flags=self._pattern_flags(node, parameter, value)
            )
        elif str(value) == "true":  # the literal true; "1" does not switch a constraint on
            allowed = self._allowed(node) if parameter.name == "closed" else ()
            yield Constraint(parameter.component, parameter.name, allowed)

    def _members(self, node: Node, parameter: Parameter, value: Node) -> list[Node]:
        if parameter.value.endswith("s"):
            if not is_list(self._graph, value):
                raise self._wrong(node, f"sh:{parameter.name} wants a list of {parameter.wants}")
            members = list(Collection(self._graph, value))
        else:
            members = [value]
        for member in members:
            if not parameter.fits(member):
                raise self._wrong(node, f"sh:{parameter.name} wants {parameter.wants}, not {member}")
        return members

    def _check_kinds(self, node: Node, name: str, shapes: tuple[Shape, ...]) -> None:
        if name == "node" and shapes[0].path:
            raise self._wrong(node, f"sh:node wants a node shape, {shapes[0].name} has a path: use sh:property")

    def _pattern_flags(self, node: Node, parameter: Parameter, value: Node) -> str:
        if parameter.name != "pattern":
            return ""
        flags = "".join(map(str, self._graph.objects(node, SH.flags)))
        if rejected(ox.Literal(str(value)), ox.Literal(flags)):
            raise self._wrong(
                node, f"the engine rejects the regular expression {value!s}" + f" with flags {flags}" * bool(flags)
            )
        return flags

    def _allowed(self, node: Node) -> tuple[ox.NamedNode, ...]:
        """What a closed shape allows: paths of its properties that are IRIs, and what it ignores (section 4.8.1)."""
        held = self._graph.objects(node, SH.property)
        paths = {path for shape in held for path in self._graph.objects(shape, SH.path)}
        for head in self._graph.objects(node, SH.ignoredProperties):
            if not is_list(self._graph, head):
                raise self._wrong(node, "sh:ignoredProperties wants a list of IRIs")
            paths.update(Collection(self._graph, head))
        return tuple(ox.NamedNode(str(path)) for path in sorted(paths, key=str) if isinstance(path, URIRef))

    def _qualified(self, node: Node, path: Path) -> Iterator[Constraint]:
        wanted = sorted(self._graph.objects(node, SH.qualifiedValueShape), key=str)
        counts = [(known, value) for known in QUALIFIED.values() for value in self._values(node, known, path)]
        if wanted and not counts:
            raise self._wrong(node, "sh:qualifiedValueShape needs sh:qualifiedMinCount or sh:qualifiedMaxCount")
        siblings = self._siblings(node, set(wanted)) if self._flag(node, SH.qualifiedValueShapesDisjoint) else ()
        for value_shape in map(self.shape, wanted):
            for known, value in counts:
                terms = tuple(map(from_rdflib, self._members(node, known, value)))
                yield Constraint(known.component, known.name, terms, (value_shape, *siblings))

    def _siblings(self, node: Node, own: set[Node]) -> tuple[Shape, ...]:
        """Value shapes of the other property shapes of the same parents (section 4.7.3)."""
        graph = self._graph
        beside = {held for parent in graph.subjects(SH.property, node) for held in graph.objects(parent, SH.property)}
        others = {shape for held in beside for shape in graph.objects(held, SH.qualifiedValueShape)}
        return tuple(map(self.shape, sorted(others - own, key=str)))


def _place(node: Node) -> tuple[bool, str]:
    """Named shapes first, so that it is they who are complained of."""
    return isinstance(node, BNode), str(node)


def _shown(node: Node) -> str:
    return shortened(str(node)) if isinstance(node, URIRef) else f"_:{node}"
