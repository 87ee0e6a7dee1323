"""Random shapes of SHACL core over the pools of names of `generated_data`: every component, every form of path.

Nested shapes are drawn before the shape that names them, so that none is recursive; some are named twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st
from rdflib import RDF, RDFS, SH, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node

from . import generated_data as data
from .generated_data import EX

TRUE = Literal("true", datatype=XSD.boolean)
DATATYPES = [XSD.string, RDF.langString, XSD.integer, XSD.decimal, XSD.double, XSD.date, XSD.dateTime]
DATATYPES += [XSD.boolean, XSD.anyURI, EX.unknown]
KINDS = [SH.IRI, SH.BlankNode, SH.Literal, SH.BlankNodeOrIRI, SH.BlankNodeOrLiteral, SH.IRIOrLiteral]
PATTERNS = [("^a", None), ("b", None), ("^A$", "i"), ("[0-9]+", None), ("^$", None), ("urn:x:[ab]", None)]
ORDERED = {*data.NUMBERS, *data.MOMENTS}
DEPTH = 2

counts = st.integers(0, 3).map(Literal)

paths: st.SearchStrategy[object] = st.recursive(
    data.predicates,
    lambda steps: st.one_of(
        st.tuples(st.just("sequence"), st.lists(steps, min_size=2, max_size=3)),
        st.tuples(st.just(SH.alternativePath), st.lists(steps, min_size=2, max_size=3)),
        st.tuples(st.sampled_from([SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath]), steps),
    ),
    max_leaves=3,  # pySHACL loses the innermost members of lists that are nested deeper when it reports the path
)


@dataclass
class Draft:
    """A shapes graph being drawn."""

    draw: st.DrawFn
    without: Collection[Maker] = ()
    literals: Sequence[Node] = tuple(data.LITERALS)
    having: str = ""
    graph: Graph = field(default_factory=Graph)
    names: list[Node] = field(default_factory=list)
    node_shapes: list[Node] = field(default_factory=list)
    property_shapes: list[Node] = field(default_factory=list)

    def chance(self, one_in: int) -> bool:
        """True once in so many times; False is the simpler."""
        return self.draw(st.integers(1, one_in)) == one_in and one_in > 1

    def add(self, node: Node, predicate: URIRef, value: Node) -> None:
        """State something of a shape."""
        self.graph.add((node, predicate, value))

    def members(self, nodes: Iterable[Node]) -> Node:
        """An RDF list."""
        return RdfList(self.graph, BNode(), list(nodes)).uri  # type: ignore[no-any-return]

    def path(self, drawn: object) -> Node:
        """The node of a path."""
        if isinstance(drawn, URIRef):
            return drawn
        operator, argument = drawn  # type: ignore[misc]
        if operator == "sequence":
            return self.members(map(self.path, argument))
        node = BNode()
        many = isinstance(argument, list)
        self.add(node, operator, self.members(map(self.path, argument)) if many else self.path(argument))
        return node

    def node_shape(self, depth: int) -> Node:
        """A node shape; sometimes one that was drawn before."""
        if self.node_shapes and self.chance(4):
            return self.draw(st.sampled_from(self.node_shapes))
        node = self.named(SH.NodeShape, depth)
        self._constrain(node, depth, EVERYWHERE | (NESTING if depth else {}))
        self.node_shapes.append(node)
        return node

    def property_shape(self, depth: int) -> Node:
        """A property shape; sometimes one that was drawn before."""
        if self.property_shapes and self.chance(4):
            return self.draw(st.sampled_from(self.property_shapes))
        node = self.named(SH.PropertyShape, depth)
        self.add(node, SH.path, self.path(self.draw(paths)))
        self._constrain(node, depth, EVERYWHERE | ON_PROPERTIES | (NESTING | QUALIFIED if depth else {}))
        self.property_shapes.append(node)
        return node

    def shape(self, depth: int) -> Node:
        """A shape of either kind."""
        on_path = self.chance(2) or (depth == DEPTH and self.having in ON_PROPERTIES | QUALIFIED)
        return self.property_shape(depth) if on_path else self.node_shape(depth)

    def named(self, kind: URIRef, depth: int) -> Node:
        """A new shape with a severity, or switched off, now and then."""
        node = BNode() if depth < DEPTH and self.chance(2) else EX[f"S{len(self.names)}"]
        if depth == DEPTH and not self.names and self.chance(5):
            node = EX.C
            self.add(node, RDF.type, RDFS.Class)  # its instances are targets
        self.names.append(node)
        self.add(node, RDF.type, kind)
        if self.chance(5):
            self.add(node, SH.severity, self.draw(st.sampled_from([SH.Warning, SH.Info, SH.Violation])))
        if self.chance(12):
            self.add(node, SH.deactivated, TRUE)
        return node

    def _constrain(self, node: Node, depth: int, makers: Mapping[str, Maker]) -> None:
        allowed = [name for name in makers if name not in {*self.without, self.having}]
        least = 1 if not self.having or depth < DEPTH else 0
        drawn = self.draw(st.lists(st.sampled_from(allowed), min_size=least, max_size=3, unique=True))
        for name in drawn if least else [self.having, *drawn]:
            makers[name](self, node, depth)


Maker = Callable[[Draft, Node, int], None]


def several(predicate: URIRef, values: st.SearchStrategy[Node]) -> Maker:
    """A parameter that may have more than one value, each a constraint of its own."""

    def make(draft: Draft, node: Node, depth: int) -> None:
        for value in draft.draw(st.lists(values, min_size=1, max_size=2)):
            draft.add(node, predicate, value)

    return make


def single(predicate: URIRef, values: st.SearchStrategy[Node]) -> Maker:
    """A parameter with one value."""
    return lambda draft, node, depth: draft.add(node, predicate, draft.draw(values))


def bounded(predicate: URIRef) -> Maker:
    """A parameter with a literal to compare with."""

    def make(draft: Draft, node: Node, depth: int) -> None:
        ordered = [literal for literal in draft.literals if literal in ORDERED]
        draft.add(node, predicate, draft.draw(st.sampled_from(ordered)))

    return make


def target_nodes(draft: Draft, node: Node, depth: int) -> None:
    """sh:targetNode, once or twice."""
    for _ in range(draft.draw(st.integers(1, 2))):
        draft.add(node, SH.targetNode, draft.draw(data.iris | st.sampled_from(draft.literals)))


def listed(predicate: URIRef, values: st.SearchStrategy[Node]) -> Maker:
    """A parameter with a list of terms."""

    def make(draft: Draft, node: Node, depth: int) -> None:
        draft.add(node, predicate, draft.members(draft.draw(st.lists(values, min_size=1, max_size=3))))

    return make


def pattern(draft: Draft, node: Node, depth: int) -> None:
    """sh:pattern, with or without flags."""
    text, flags = draft.draw(st.sampled_from(PATTERNS))
    draft.add(node, SH.pattern, Literal(text))
    if flags:
        draft.add(node, SH.flags, Literal(flags))


def closed(draft: Draft, node: Node, depth: int) -> None:
    """sh:closed, with some properties of its own and some ignored."""
    draft.add(node, SH.closed, TRUE)
    if draft.chance(2):
        listed(SH.ignoredProperties, st.sampled_from([RDF.type, *data.PREDICATES]))(draft, node, depth)


def nested(predicate: URIRef) -> Maker:
    """sh:not or sh:node."""

    def make(draft: Draft, node: Node, depth: int) -> None:
        draft.add(node, predicate, draft.node_shape(depth - 1) if predicate == SH.node else draft.shape(depth - 1))

    return make


def logical(predicate: URIRef) -> Maker:
    """sh:and, sh:or or sh:xone."""

    def make(draft: Draft, node: Node, depth: int) -> None:
        many = draft.draw(st.integers(1, 3))
        draft.add(node, predicate, draft.members([draft.shape(depth - 1) for _ in range(many)]))

    return make


def properties(draft: Draft, node: Node, depth: int) -> None:
    """sh:property, once or twice."""
    for _ in range(draft.draw(st.integers(1, 2))):
        draft.add(node, SH.property, draft.property_shape(depth - 1))


def qualified(draft: Draft, node: Node, depth: int) -> None:
    """A qualified value shape with one or two counts, sometimes disjoint with those of its siblings."""
    draft.add(node, SH.qualifiedValueShape, draft.shape(depth - 1))
    least, most = draft.draw(counts), draft.draw(counts)
    if not draft.chance(2):
        draft.add(node, SH.qualifiedMinCount, least)
    if (node, SH.qualifiedMinCount, None) not in draft.graph or draft.chance(2):
        draft.add(node, SH.qualifiedMaxCount, most)
    if draft.chance(2):
        draft.add(node, SH.qualifiedValueShapesDisjoint, TRUE)


BOUNDS = {name: bounded(SH[name]) for name in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")}
ORDERS = {name: several(SH[name], data.predicates) for name in ("lessThan", "lessThanOrEquals")}
EVERYWHERE: dict[str, Maker] = BOUNDS | {
    "class": several(SH["class"], data.classes),
    "datatype": single(SH.datatype, st.sampled_from(DATATYPES)),
    "nodeKind": single(SH.nodeKind, st.sampled_from(KINDS)),
    "minLength": single(SH.minLength, counts),
    "maxLength": single(SH.maxLength, counts),
    "pattern": pattern,
    "languageIn": listed(SH.languageIn, st.sampled_from([Literal("en"), Literal("en-gb"), Literal("de")])),
    "equals": several(SH.equals, data.predicates),
    "disjoint": several(SH.disjoint, data.predicates),
    "in": listed(SH["in"], data.iris | data.literals),
    "hasValue": several(SH.hasValue, data.iris | data.literals),
    "closed": closed,
}
ON_PROPERTIES: dict[str, Maker] = ORDERS | {
    "minCount": single(SH.minCount, counts),
    "maxCount": single(SH.maxCount, counts),
    "uniqueLang": single(SH.uniqueLang, st.just(TRUE)),
}
NESTING: dict[str, Maker] = {
    **{name: nested(SH[name]) for name in ("node", "not")},
    **{name: logical(SH[name]) for name in ("and", "or", "xone")},
    "property": properties,
}
QUALIFIED: dict[str, Maker] = {"qualifiedValueShape": qualified}
COMPONENTS = [*EVERYWHERE, *ON_PROPERTIES, *NESTING, *QUALIFIED]
TARGETS: list[Maker] = [
    target_nodes,
    several(SH.targetClass, data.classes),
    several(SH.targetSubjectsOf, data.predicates),
    several(SH.targetObjectsOf, data.predicates),
]

# Where pySHACL 0.40 leaves the recommendation, on terms that are not of one kind: it takes ill-typed literals and those
# of unknown datatypes for greater or smaller than a bound, compares IRIs as texts, refuses blank nodes in sh:lessThan,
# and lets blank nodes pass sh:minLength 0.
DEVIANT = {*BOUNDS, *ORDERS, "minLength"}


@st.composite
def graphs(
    draw: st.DrawFn, without: Collection[str] = (), literals: Sequence[Node] = Draft.literals, having: str = ""
) -> Graph:
    """A shapes graph with one or two shapes that have targets, and those nested in them.

    Parameters
    ----------
    without
        Parameters that are not to be used, by their names in the namespace of SHACL.
    literals
        Those that may be targets, or bounds.
    having
        A parameter that each shape with targets is to have.
    """
    draft = Draft(draw, without, literals, having)
    for _ in range(draw(st.integers(1, 2))):
        node = draft.shape(DEPTH)
        for target in draw(st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2, unique=True)):
            target(draft, node, 0)
    return draft.graph
