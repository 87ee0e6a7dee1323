"""What a shapes graph says, as immutable values: shapes, their targets, their constraints.

`kg.validation.reading` makes them of a graph and refuses what is broken; the compiler, the search for affected focus
nodes and the fallback read them. Nothing here knows of SPARQL or of data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.store.base import Term
from kg.validation.paths import Path

Node = NamedNode | BlankNode


@dataclass(frozen=True)
class Target:
    """Which nodes a shape looks at (SHACL, section 2.1.3).

    ``kind`` is the local name of SHACL's property: ``targetClass`` (implicit class targets too), ``targetNode``,
    ``targetSubjectsOf``, ``targetObjectsOf``. Only the node of a ``targetNode`` may be a literal.
    """

    kind: str
    node: Term


@dataclass(frozen=True)
class Query:
    """A query of SHACL-SPARQL: of an ``sh:SPARQLConstraint``, or the validator of a custom component (section 5, 6).

    ``form`` is ``select`` or ``ask``, ``text`` stands as written, ``prefixes`` are the ``PREFIX`` lines that belong
    before it. ``parameters`` are the names of all that a component has, ``arguments`` those with a value here.
    """

    node: Node
    form: str
    text: str
    prefixes: str = ""
    messages: tuple[Literal, ...] = ()
    parameters: tuple[str, ...] = ()
    arguments: tuple[tuple[str, Term], ...] = ()


@dataclass(frozen=True)
class Constraint:
    """What one constraint component demands in one shape (section 4).

    Attributes
    ----------
    component
        IRI of the component, ``…#MinCountConstraintComponent``.
    name
        Local name of its main parameter: ``minCount``, ``in``, ``and``, ``qualifiedMaxCount``, ``sparql``; of a custom
        component ``component``.
    terms
        Values of the parameter: one term, or the members of the list of ``in`` and ``languageIn``; of ``closed`` the
        predicates that are allowed.
    shapes
        Shapes that the parameter names, in order. Of a qualified constraint the first is the value shape, the others
        are the sibling shapes, whose nodes do not count.
    flags
        ``sh:flags`` of a pattern.
    query
        Of ``sparql`` and of custom components.
    """

    component: str
    name: str
    terms: tuple[Term, ...] = ()
    shapes: tuple[Shape, ...] = ()
    flags: str = ""
    query: Query | None = None

    @property
    def term(self) -> Term:
        """The only value of the parameter."""
        (only,) = self.terms
        return only


@dataclass(frozen=True)
class Shape:
    """A node shape, or, with a path, a property shape (section 2).

    A deactivated shape has neither targets nor constraints: every node conforms to it. ``severity`` is an IRI, and
    ``messages`` are those of ``sh:message``. Shapes that are nested are values of `Constraint.shapes`; none is its own.
    """

    node: Node
    path: Path | None = None
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = field(default=(), repr=False)
    severity: str = "http://www.w3.org/ns/shacl#Violation"
    messages: tuple[Literal, ...] = ()
    deactivated: bool = False

    def __hash__(self) -> int:
        """By name: a deep hash of shapes within shapes would cost more than all the rest."""
        return hash(self.node)

    @property
    def name(self) -> str:
        """What results call the shape: its IRI, or ``_:`` and the label that a blank node has in the shapes graph."""
        return named(self.node)

    def within(self) -> Iterator[Shape]:
        """The shape and all that are nested in it, each as often as it is named."""
        yield self
        for constraint in self.constraints:
            for shape in constraint.shapes:
                yield from shape.within()


def named(node: Node) -> str:
    """A node of a shapes graph as results name it."""
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"
