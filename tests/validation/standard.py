"""The recommendation read aloud: SHACL core as its text defines it, one focus node after the other.

The slow second opinion beside pySHACL, for cases where that one is known to deviate. Each component is the sentence
"TEXTUAL DEFINITION" of its section; SPARQL's operators are asked of Oxigraph, on two literals at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.validation.paths import Path
from kg.validation.terms import from_rdflib

from .findings import Finding

TRUE = "true"
KINDS = (SH.NodeShape, SH.PropertyShape)
TARGETS = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
Definition = Callable[["Situation", Node], Iterable[Node | None]]


def by_standard(data: Graph, shapes: Graph) -> list[Finding]:
    """The results of validating a data graph (section 3.4)."""
    recommendation = Recommendation(data, shapes)
    return [finding for shape in recommendation.all_shapes() for finding in recommendation.of_targets(shape)]


@dataclass(frozen=True)
class Recommendation:
    """A data graph and a shapes graph."""

    data: Graph
    shapes: Graph

    def all_shapes(self) -> set[Node]:
        """Section 2.1: those among the shapes that may have targets."""
        targeted = {node for predicate in TARGETS for node in self.shapes.subjects(predicate)}
        return targeted | {node for kind in KINDS for node in self.shapes.subjects(RDF.type, kind)}

    def of_targets(self, shape: Node) -> Iterator[Finding]:
        """Section 3.4: validation of a data graph against a shape is that of each focus node of its targets."""
        for focus in self.targets(shape):
            yield from self.of_focus(shape, focus)

    def of_focus(self, shape: Node, focus: Node) -> Iterator[Finding]:
        """Section 3.4: the results of all constraints of the shape, none if it is deactivated (2.1.5)."""
        if str(self.shapes.value(shape, SH.deactivated)) == TRUE:
            return
        situation = Situation(self, shape, focus)
        for predicate, value in set(self.shapes.predicate_objects(shape)):
            name = predicate.removeprefix(str(SH)) if isinstance(predicate, URIRef) else ""
            if name == "property":
                for node in situation.values:
                    yield from self.of_focus(value, node)
            elif name == "closed" and str(value) == TRUE:
                yield from _closed(situation)
            elif name in DEFINITIONS:
                yield from (situation.finding(name, found) for found in DEFINITIONS[name](situation, value))

    def conforms(self, shape: Node, node: Node) -> bool:
        """Section 3.6: a node conforms to a shape if validating it gives no result."""
        return next(self.of_focus(shape, node), None) is None

    def targets(self, shape: Node) -> set[Node]:
        """Section 2.1.3, the implicit class targets included."""
        graph, data = self.shapes, self.data
        classes = set(graph.objects(shape, SH.targetClass)) | ({shape} if self._is_class(shape) else set())
        found = set(graph.objects(shape, SH.targetNode))
        found |= {node for node in data.subjects(RDF.type) if any(self.is_instance(node, kind) for kind in classes)}
        for predicate in graph.objects(shape, SH.targetSubjectsOf):
            found |= set(data.subjects(predicate))
        for predicate in graph.objects(shape, SH.targetObjectsOf):
            found |= set(data.objects(None, predicate))
        return found

    def is_instance(self, node: Node, kind: Node) -> bool:
        """Section 1.1, "SHACL instance"."""
        return any(
            kind in self.data.transitive_objects(own, RDFS.subClassOf) for own in self.data.objects(node, RDF.type)
        )

    def reached(self, path: Path, node: Node, *, backwards: bool = False) -> set[Node]:
        """Section 2.3.1: the nodes that a path leads to."""
        predicate, parts = URIRef(path.iri), path.parts
        match path.operator:
            case "predicate":
                return set(self.data.subjects(predicate, node) if backwards else self.data.objects(node, predicate))
            case "inversePath":
                return self.reached(parts[0], node, backwards=not backwards)
            case "alternativePath":
                return {end for part in parts for end in self.reached(part, node, backwards=backwards)}
            case "sequence":
                ends = {node}
                for part in reversed(parts) if backwards else parts:
                    ends = {end for start in ends for end in self.reached(part, start, backwards=backwards)}
                return ends
            case "zeroOrOnePath":
                return {node} | self.reached(parts[0], node, backwards=backwards)
        ends = {node} if path.operator == "zeroOrMorePath" else set()
        new = self.reached(parts[0], node, backwards=backwards)
        while new:
            ends |= new
            new = {end for start in new for end in self.reached(parts[0], start, backwards=backwards)} - ends
        return ends

    def _is_class(self, shape: Node) -> bool:
        return (shape, RDF.type, RDFS.Class) in self.shapes


class Situation:
    """A shape, a focus node, and its value nodes (section 3.4)."""

    def __init__(self, recommendation: Recommendation, shape: Node, focus: Node) -> None:
        self.recommendation, self.shape, self.focus = recommendation, shape, focus
        self.graph = recommendation.shapes
        node = self.graph.value(shape, SH.path)
        self.path = None if node is None else Path.read(self.graph, node)
        self.values: Set[Node] = recommendation.reached(self.path, focus) if self.path else {focus}

    def finding(self, name: str, value: Node | None, path: Path | None = None) -> Finding:
        """A result; the path is that of the shape unless another is given."""
        component = SH[f"{name[0].upper()}{name[1:]}ConstraintComponent"]
        severity = self.graph.value(self.shape, SH.severity, default=SH.Violation)
        return Finding(self.focus, path or self.path, value, component, self.shape, severity)

    def members(self, head: Node) -> list[Node]:
        """The members of a list in the shapes graph."""
        return list(Collection(self.graph, head))

    def others(self, predicate: Node) -> set[Node]:
        """The values of a property at the focus node."""
        return set(self.recommendation.data.objects(self.focus, predicate))

    def passing(self, shapes: Iterable[Node], node: Node) -> int:
        """To how many of the shapes a node conforms."""
        return sum(self.recommendation.conforms(shape, node) for shape in shapes)

    def qualified(self) -> int:
        """Section 4.7.3: the number of values that conform to the value shape and to none of its siblings'."""
        shape, siblings = self.graph.value(self.shape, SH.qualifiedValueShape), set()
        if str(self.graph.value(self.shape, SH.qualifiedValueShapesDisjoint)) == TRUE:
            for parent in self.graph.subjects(SH.property, self.shape):
                siblings |= set(self.graph.objects(parent, SH.property / SH.qualifiedValueShape)) - {shape}
        return sum(self.passing([shape], node) == 1 and not self.passing(siblings, node) for node in self.values)


def each(fails: Callable[[Situation, Node, Node], bool]) -> Definition:
    """For each value node that fails, a result with the value node as sh:value."""
    return lambda at, parameter: (node for node in at.values if fails(at, node, parameter))


def qualified(fails: Callable[[int, int], bool]) -> Definition:
    """One result without sh:value where the number of qualified values fails; only on property shapes."""
    return lambda at, count: [None] if at.path and fails(at.qualified(), int(str(count))) else []


def once(fails: Callable[[Situation, Node], bool]) -> Definition:
    """One result without sh:value where the set of value nodes fails."""
    return lambda at, parameter: [None] if fails(at, parameter) else []


def pairs(operator: str) -> Definition:
    """For each pair of a value node and a value of another property that are not so ordered."""
    return lambda at, predicate: (
        node for node in at.values for other in at.others(predicate) if not holds(node, operator, other)
    )


def kind(node: Node) -> str:
    """The node kind."""
    return "IRI" if isinstance(node, URIRef) else "BlankNode" if isinstance(node, BNode) else "Literal"


def length(node: Node) -> int | None:
    """STRLEN(STR(…)), nothing for a blank node."""
    return None if isinstance(node, BNode) else len(str(node))


def fits(node: Node, least: int, most: int) -> bool:
    """Whether the length is within bounds."""
    found = length(node)
    return found is not None and least <= found <= most


def holds(left: Node, operator: str, right: Node) -> bool:
    """Whether SPARQL says so of two literals; an error is a no."""
    return (
        isinstance(left, Literal) and isinstance(right, Literal) and _said(f"{_text(left)} {operator} {_text(right)}")
    )


def well_typed(node: Node, datatype: Node) -> bool:
    """Section 4.1.2: a literal of the datatype, and not an ill-typed one."""
    return isinstance(node, Literal) and from_rdflib(node).datatype.value == str(datatype) and not node.ill_typed


def matches(at: Situation, node: Node, pattern: Node) -> bool:
    """REGEX(STR(…), pattern, flags), never for a blank node."""
    flags = at.graph.value(at.shape, SH.flags, default=Literal(""))
    text = _text(Literal(str(node)))
    return not isinstance(node, BNode) and _said(f"REGEX({text}, {_text(pattern)}, {_text(flags)})")


def in_language(at: Situation, node: Node, head: Node) -> bool:
    """LANGMATCHES for one of the ranges of a list."""
    ranges = at.members(head) if isinstance(node, Literal) and node.language else []
    return any(_said(f'LANGMATCHES("{node.language}", {_text(tag)})') for tag in ranges)  # type: ignore[attr-defined]


def repeated(at: Situation, parameter: Node) -> Iterator[None]:
    """sh:uniqueLang: a result for each language tag that two values have."""
    tags = [node.language.lower() for node in at.values if isinstance(node, Literal) and node.language]
    yield from (None for tag in set(tags) if tags.count(tag) > 1 and str(parameter) == TRUE)


def _closed(at: Situation) -> Iterator[Finding]:
    """Section 4.8.1: a result for each triple of a value node whose predicate is none of those listed."""
    ignored = [member for head in at.graph.objects(at.shape, SH.ignoredProperties) for member in at.members(head)]
    allowed = {*at.graph.objects(at.shape, SH.property / SH.path), *ignored}
    for node in at.values:
        for predicate, value in at.recommendation.data.predicate_objects(node):
            if predicate not in allowed:
                yield at.finding("closed", value, Path.predicate(str(predicate)))


def _text(node: Node) -> str:
    return str(from_rdflib(node))


@cache
def _said(expression: str) -> bool:
    return bool(ox.Store().query(f"ASK {{ FILTER({expression}) }}"))


FOREVER = 10**9
DEFINITIONS: dict[str, Definition] = {
    "class": each(lambda at, node, kind: not at.recommendation.is_instance(node, kind)),
    "datatype": each(lambda at, node, datatype: not well_typed(node, datatype)),
    "nodeKind": each(lambda at, node, kinds: kind(node) not in str(kinds.removeprefix(str(SH))).split("Or")),  # type: ignore[attr-defined]
    "minCount": once(lambda at, count: len(at.values) < int(str(count))),
    "maxCount": once(lambda at, count: len(at.values) > int(str(count))),
    "minExclusive": each(lambda at, node, bound: not holds(bound, "<", node)),
    "minInclusive": each(lambda at, node, bound: not holds(bound, "<=", node)),
    "maxExclusive": each(lambda at, node, bound: not holds(bound, ">", node)),
    "maxInclusive": each(lambda at, node, bound: not holds(bound, ">=", node)),
    "minLength": each(lambda at, node, least: not fits(node, int(str(least)), FOREVER)),
    "maxLength": each(lambda at, node, most: not fits(node, 0, int(str(most)))),
    "pattern": each(lambda at, node, pattern: not matches(at, node, pattern)),
    "languageIn": each(lambda at, node, tags: not in_language(at, node, tags)),
    "uniqueLang": repeated,
    "equals": lambda at, predicate: at.values ^ at.others(predicate),
    "disjoint": lambda at, predicate: at.values & at.others(predicate),
    "lessThan": pairs("<"),
    "lessThanOrEquals": pairs("<="),
    "not": each(lambda at, node, shape: at.passing([shape], node) == 1),
    "and": each(lambda at, node, head: at.passing(at.members(head), node) < len(at.members(head))),
    "or": each(lambda at, node, head: at.passing(at.members(head), node) == 0),
    "xone": each(lambda at, node, head: at.passing(at.members(head), node) != 1),
    "node": each(lambda at, node, shape: at.passing([shape], node) == 0),
    "qualifiedMinCount": qualified(lambda found, least: found < least),
    "qualifiedMaxCount": qualified(lambda found, most: found > most),
    "hasValue": once(lambda at, value: value not in at.values),
    "in": each(lambda at, node, head: node not in at.members(head)),
}
