"""RDF terms between the two libraries: Oxigraph's, which the store speaks, and rdflib's, which pySHACL needs.

Both directions keep a literal's text as it stands, so that a value found by one library is the value of the other.
"""

from __future__ import annotations

import re

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib.term import Node

from kg.store.base import Term, text_of
from kg.vocabulary import PREFIXES, XSD, shortened

_LOCAL = re.compile(r"[A-Za-z][\w-]*")


def to_rdflib(term: Term) -> Node:
    """The rdflib term for one of Oxigraph's."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal):
        plain = term.language or term.datatype.value == XSD.string
        datatype = None if plain else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    raise TypeError(f"rdflib has no term for the quoted triple {term}")


def from_rdflib(node: Node) -> Term:
    """The Oxigraph term for one of rdflib's."""
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
    raise TypeError(f"Oxigraph has no term for {node!r}")


def resource(node: Node) -> NamedNode | BlankNode:
    """The Oxigraph term for an IRI or a blank node of rdflib's."""
    return BlankNode(str(node)) if isinstance(node, rdflib.BNode) else NamedNode(str(node))


def readable(term: Term) -> str:
    """A term as it stands in a message: a shortened IRI, or the text of a literal."""
    return shortened(term.value) if isinstance(term, NamedNode) else text_of(term)


def turtle(iri: str) -> str:
    """A node in Turtle: prefixed where what follows the prefix is a plain name, else in full; a blank one by label."""
    if iri.startswith("_:"):
        return iri
    prefix, _, name = shortened(iri).partition(":")
    return f"{prefix}:{name}" if prefix in PREFIXES and _LOCAL.fullmatch(name) else f"<{iri}>"
