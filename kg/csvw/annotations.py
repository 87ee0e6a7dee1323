"""Annotations of metadata as triples: properties of other vocabularies, and notes, in the JSON-LD that CSVW allows.

References
----------
W3C, Metadata Vocabulary for Tabular Data, sections 5.8 and 6.1; JSON to RDF of Generating RDF from Tabular Data,
section 4.4 (normative use of JSON-LD's algorithm).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urljoin

from kg.csvw.document import Node, is_common
from kg.csvw.metadata import Annotations
from kg.csvw.prefixes import PREFIXES, expand
from kg.csvw.terms import iri, literal
from kg.vocabulary import RDF, XSD

_CSVW = PREFIXES["csvw"]
_TERMS = frozenset(
    {
        *("Cell", "Column", "Datatype", "Dialect", "Direction", "ForeignKey", "JSON", "NumericFormat", "Row", "Schema"),
        *("Table", "TableGroup", "TableReference", "Transformation", "uriTemplate"),
    }
)
_DATATYPES = frozenset({"any", "binary", "datetime", "number", "html", "json", "xml"})

Fresh = Callable[[], str]
Triple = tuple[str, str, str]


def check_common(node: Node) -> None:
    """Refuse annotations of an object that no JSON-LD of CSVW can hold; ForbiddenMetadataError says what is wrong."""
    for value in node.common().values():
        _check(value)
    notes = node.members().get("notes")
    if notes is not None and isinstance(notes.value, list):
        for note in notes.items() if notes.value else ():
            _check(note)


def triples(subject: str, annotations: Annotations, fresh: Fresh) -> Iterator[Triple]:
    """What annotations state of a subject; subject, blank nodes and results are terms of N-Triples."""
    yield from _members(subject, annotations.common, annotations, fresh)
    if annotations.notes is not None and annotations.notes.value:
        for note in annotations.notes.items():
            yield from _value(subject, f"<{_CSVW}note>", note, annotations, fresh)


def _check(node: Node) -> None:
    if isinstance(node.value, list):
        for item in node.items() if node.value else ():
            _check(item)
    elif isinstance(node.value, dict):
        _check_object(node)


def _check_object(node: Node) -> None:
    members = node.members()
    for key, member in members.items():
        if key.startswith("@") and key not in ("@id", "@type", "@value", "@language"):
            raise member.forbidden("is not allowed in an annotation")
    if "@value" in members:
        others = members.keys() - {"@value"}
        if not (others <= {"@type"} or others <= {"@language"}):
            raise node.forbidden("@value stands alone, or beside either @type or @language")
    elif "@language" in members:
        raise members["@language"].forbidden("belongs beside a @value")
    if "@id" in members and (not isinstance(members["@id"].value, str) or members["@id"].text().startswith("_:")):
        raise members["@id"].forbidden("expected an address, not a blank node")
    if "@type" in members:
        _check_type(members["@type"], of_value="@value" in members)
    for key, member in members.items():
        if not key.startswith("@"):
            _check(member)


def _check_type(node: Node, *, of_value: bool) -> None:
    for item in node.one_or_more():
        if not isinstance(item.value, str) or _type(item.text(), of_value=of_value) is None:
            raise item.forbidden("expected a term of CSVW, a name with a prefix that it predefines, or an address")


def _type(text: str, *, of_value: bool) -> str | None:
    """The IRI that a type means; None if it means none."""
    if is_common(text):
        return expand(text)
    if of_value:
        return f"{XSD.namespace}{text}" if text in XSD.terms or text in _DATATYPES else None
    return f"{_CSVW}{text}" if text in _TERMS else None


def _members(subject: str, members: Mapping[str, Node], context: Annotations, fresh: Fresh) -> Iterator[Triple]:
    for key, node in members.items():
        yield from _value(subject, iri(expand(key)), node, context, fresh)


def _value(subject: str, predicate: str, node: Node, context: Annotations, fresh: Fresh) -> Iterator[Triple]:
    match node.value:
        case list():
            for item in node.items() if node.value else ():
                yield from _value(subject, predicate, item, context, fresh)
        case dict() if "@value" in node.value:
            yield subject, predicate, _literal(node)
        case dict():
            members = node.members()
            thing = iri(urljoin(context.base, expand(str(members["@id"].value)))) if "@id" in members else fresh()
            yield subject, predicate, thing
            for item in members["@type"].one_or_more() if "@type" in members else ():
                yield thing, f"<{RDF.type}>", iri(_type(item.text(), of_value=False) or item.text())
            rest = {key: value for key, value in members.items() if not key.startswith("@")}
            yield from _members(thing, rest, context, fresh)
        case None:
            return
        case scalar:
            yield subject, predicate, _scalar(scalar, context.language)


def _literal(node: Node) -> str:
    members = node.members()
    value = members["@value"].value
    if "@type" in members:
        text = value if isinstance(value, str) else json.dumps(value)
        return literal(text, datatype=_type(members["@type"].text(), of_value=True))
    return _scalar(value, members["@language"].text() if "@language" in members else None)


def _scalar(value: object, language: str | None) -> str:
    if isinstance(value, str):
        return literal(value, language=language)
    if isinstance(value, bool):
        return literal(json.dumps(value), datatype=XSD.boolean)
    if isinstance(value, int):
        return literal(str(value), datatype=XSD.integer)
    return literal(json.dumps(value), datatype=XSD.double)
