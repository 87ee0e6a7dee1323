"""The parameters of SHACL's core components, and what a shapes graph may say with each (SHACL, section 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox
import rdflib
from rdflib.namespace import SH
from rdflib.term import Node, URIRef

from kg.vocabulary import XSD

_WHOLE = frozenset({XSD.integer, *(f"{XSD.namespace}{name}" for name in ("int", "long", "nonNegativeInteger"))})
_KINDS = {SH[name] for name in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a component: its local name, and what its values are.

    Attributes
    ----------
    value
        ``term``, ``terms`` (a list), ``shape`` or ``shapes`` (a list).
    fits
        Whether a value, or a member of the list, may stand there; ``wants`` says in words what may.
    many
        Whether a shape may have several, each a constraint of its own.
    on_properties
        Whether only a property shape may have it.
    """

    name: str
    value: str
    wants: str
    fits: Callable[[Node], bool]
    many: bool = False
    on_properties: bool = False

    @property
    def component(self) -> str:
        """The IRI of the component."""
        return f"{SH}{self.name[0].upper()}{self.name[1:]}ConstraintComponent"


def is_flag(node: Node) -> bool:
    """Whether a node is true or false."""
    return isinstance(node, rdflib.Literal) and isinstance(node.value, bool)


def _is_iri(node: Node) -> bool:
    return isinstance(node, URIRef)


def _is_literal(node: Node) -> bool:
    return isinstance(node, rdflib.Literal)


def _is_text(node: Node) -> bool:
    return isinstance(node, rdflib.Literal) and not node.language and str(node.datatype or XSD.string) == XSD.string


def _is_count(node: Node) -> bool:
    return isinstance(node, rdflib.Literal) and str(node.datatype) in _WHOLE and str(node).lstrip("+").isdecimal()


def _is_kind(node: Node) -> bool:
    return node in _KINDS


def _is_shape(node: Node) -> bool:
    return not isinstance(node, rdflib.Literal)


def _anything(_: Node) -> bool:
    return True


def _terms(
    wants: str, fits: Callable[[Node], bool], *names: str, many: bool = False, on: bool = False
) -> list[Parameter]:
    return [Parameter(name, "term", wants, fits, many=many, on_properties=on) for name in names]


PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in [
        *_terms("an IRI", _is_iri, "class", many=True),
        *_terms("an IRI", _is_iri, "datatype"),
        *_terms("a node kind of SHACL", _is_kind, "nodeKind"),
        *_terms("a whole number", _is_count, "minCount", "maxCount", on=True),
        *_terms("a literal", _is_literal, "minExclusive", "minInclusive", "maxExclusive", "maxInclusive"),
        *_terms("a whole number", _is_count, "minLength", "maxLength"),
        *_terms("a string", _is_text, "pattern"),
        Parameter("languageIn", "terms", "language tags", _is_text),
        *_terms("true or false", is_flag, "uniqueLang", on=True),
        *_terms("an IRI", _is_iri, "equals", "disjoint", many=True),
        *_terms("an IRI", _is_iri, "lessThan", "lessThanOrEquals", many=True, on=True),
        Parameter("not", "shape", "a shape", _is_shape, many=True),
        *(Parameter(name, "shapes", "shapes", _is_shape, many=True) for name in ("and", "or", "xone")),
        Parameter("node", "shape", "a shape", _is_shape, many=True),
        Parameter("property", "shape", "a shape", _is_shape, many=True),
        *_terms("true or false", is_flag, "closed"),
        *_terms("a term", _anything, "hasValue", many=True),
        Parameter("in", "terms", "terms", _anything),
    ]
}
SHAPES_EXPECTED = (*(name for name, known in PARAMETERS.items() if known.value == "shape"), "qualifiedValueShape")
LISTS_OF_SHAPES = tuple(name for name, known in PARAMETERS.items() if known.value == "shapes")
QUALIFIED = {
    name: Parameter(name, "term", "a whole number", _is_count, on_properties=True)
    for name in ("qualifiedMinCount", "qualifiedMaxCount")
}


def rejected(pattern: ox.Literal, flags: ox.Literal) -> bool:
    """Whether the engine cannot use a regular expression; a query with one silently finds nothing."""
    return not ox.Store().query(f"ASK {{ FILTER(BOUND(?usable)) BIND(REGEX('', {pattern}, {flags}) AS ?usable) }}")


def is_list(graph: rdflib.Graph, head: Node) -> bool:
    """Whether a node is a well-formed RDF list: one first and one rest each, an end, no circle."""
    seen = set()
    while head != rdflib.RDF.nil:
        rests = list(graph.objects(head, rdflib.RDF.rest))
        if head in seen or len(rests) != 1 or len(list(graph.objects(head, rdflib.RDF.first))) != 1:
            return False
        seen.add(head)
        head = rests[0]
    return True
