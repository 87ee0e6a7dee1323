"""Triples about a node, written as a table of what it has: the small language that descriptions are put together in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.iris import short_hash
from kg.vocabulary import RDF, XSD

Node = ox.NamedNode | ox.BlankNode
Value = Node | ox.Literal
Values = Value | Iterable[Value] | None


def about(node: Node, kind: str | Iterable[str], has: Mapping[str, Values]) -> Iterator[ox.Triple]:
    """The triples of a node: its types, then each property with one value, several, or none."""
    for each in [kind] if isinstance(kind, str) else kind:
        yield ox.Triple(node, ox.NamedNode(RDF.type), ox.NamedNode(each))
    for predicate, values in has.items():
        for value in _all(values):
            yield ox.Triple(node, ox.NamedNode(predicate), value)


def _all(values: Values) -> Iterable[Value]:
    if values is None:
        return ()
    return (values,) if isinstance(values, ox.NamedNode | ox.BlankNode | ox.Literal) else values


def nameless(*of: str) -> ox.BlankNode:
    """A blank node for what is only told of something else; always the same for the same, so that texts are equal."""
    return ox.BlankNode(f"b{short_hash(*of)}")


def iri(text: str) -> ox.NamedNode:
    """A node. Raises ValueError where the text is no IRI."""
    return ox.NamedNode(text)


def iris(texts: Iterable[str]) -> list[ox.NamedNode]:
    """Nodes, in their order."""
    return [ox.NamedNode(text) for text in texts]


def number(value: int) -> ox.Literal:
    """A count."""
    return ox.Literal(value)


def words(**texts: str) -> list[ox.Literal]:
    """The same in several languages: ``words(en="release", zh="版本")``."""
    return [ox.Literal(text, language=language) for language, text in texts.items() if text]


def text(value: str) -> ox.Literal | None:
    """A text without a language; nothing if it is empty."""
    return ox.Literal(value) if value else None


def typed(value: str, datatype: str = XSD.dateTime) -> ox.Literal:
    """A text of a datatype."""
    return ox.Literal(value, datatype=ox.NamedNode(datatype))
