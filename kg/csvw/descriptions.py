"""What descriptions of groups, tables and schemas have in common: context, annotations, direction, transformations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin

from kg.csvw.annotations import check_common
from kg.csvw.columns import check_type, tag
from kg.csvw.document import Node, as_object
from kg.csvw.metadata import Annotations
from kg.csvw.places import Place

CONTEXT = "http://www.w3.org/ns/csvw"
_TRANSFORMATION = {"@id", "@type", "source", "scriptFormat", "targetFormat", "titles", "url"}
_DIRECTIONS = ("ltr", "rtl", "auto")


@dataclass(frozen=True)
class Context:
    """What a document says of itself before all else: the base of its addresses, and its language."""

    base: str
    language: str | None = None


def context_of(node: Node, place: Place) -> Context:
    """The context of a document; ForbiddenMetadataError if it is none of CSVW."""
    first, *more = node.require("@context").one_or_more()
    if first.value != CONTEXT:
        raise first.forbidden(f"expected {CONTEXT}")
    base, language = place.address, None
    for extra in more:
        extra.only({"@base", "@language"})
        base = urljoin(base, extra.get("@base", Node.text, base))
        language = extra.get("@language", tag, None)
    return Context(base, language)


def check_description(node: Node, known: Collection[str], kind: str) -> None:
    """What groups and tables have in common."""
    check_type(node, kind)
    node.allow(known)
    check_common(node)
    node.get("tableDirection", _direction, "auto")
    node.get("transformations", _transformations, None)


def annotations_of(node: Node, context: Context) -> Annotations:
    """What a description says of itself."""
    members = node.members()
    notes = members.get("notes")
    id_ = node.get("@id", Node.text, "") if "@id" in members else None
    return Annotations(
        urljoin(context.base, id_) if id_ is not None else None,
        notes if notes is not None and isinstance(notes.value, list) else None,
        node.common(),
        context.language,
        context.base,
    )


def _direction(node: Node) -> str:
    if node.value not in _DIRECTIONS:
        raise node.wrong(f"expected one of {', '.join(_DIRECTIONS)}")
    return node.text()


def _transformations(node: Node) -> None:
    """Transformations are for other processors; what is forbidden in them is so here."""
    for item in node.each(as_object):
        check_type(item, "Template")
        item.allow(_TRANSFORMATION)
        check_common(item)
        for key in ("url", "scriptFormat", "targetFormat"):
            item.require(key)
