"""From the JSON of a column to a `Column`: inherited properties, titles, name and templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from kg.csvw.datatype_reading import datatype
from kg.csvw.datatypes import Datatype
from kg.csvw.document import Node
from kg.csvw.metadata import Column, Title
from kg.csvw.templates import Template, parse, variable_name

T = TypeVar("T")
D = TypeVar("D")

INHERITED = frozenset(
    {"aboutUrl", "datatype", "default", "lang", "null", "ordered", "propertyUrl", "required", "separator"}
    | {"textDirection", "valueUrl"}
)
_COLUMN = INHERITED | {"@id", "@type", "name", "suppressOutput", "titles", "virtual"}
_DIRECTIONS = ("ltr", "rtl", "auto", "inherit")
_NAME = re.compile(r"(?:[A-Za-z0-9.]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})*")
_LANGUAGE = re.compile(  # BCP 47, section 2.1: language, script, region, variants, extensions, private use
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?|[xX](?:-[A-Za-z0-9]{1,8})+"
)


def column(
    node: Node, inherited: Mapping[str, Node], *, suppressed: bool = False, number: int = 1, language: str | None = None
) -> Column:
    """A column from its JSON and the properties that group, table and schema hand down.

    Parameters
    ----------
    number
        Of the column, from 1: the last resort for its name.
    language
        Of the document, for titles that have none of their own.
    """
    check_type(node, "Column")
    node.allow(_COLUMN)
    given = _given(node, inherited)
    titles = node.get("titles", lambda found: _titles(found, language), ())
    name = _named(node, titles, number, language)
    suppressed = node.get("suppressOutput", Node.boolean, suppressed) or suppressed
    about, predicate, value = (_template_of(given, key, name) for key in ("aboutUrl", "propertyUrl", "valueUrl"))
    if node.notes.strict and not suppressed:
        _check_complete(given, name, node)
    _read(given, "textDirection", _direction, "inherit")
    return _possible(
        Column(
            name=name,
            named=name == node.get("name", Node.text, None),
            titles=titles,
            virtual=node.get("virtual", Node.boolean, False),
            required=_read(given, "required", Node.boolean, False),
            suppressed=suppressed,
            about=about,
            predicate=predicate,
            object=value,
            datatype=_read(given, "datatype", datatype, Datatype()),
            language=_read(given, "lang", tag, None),
            default=_read(given, "default", Node.text, ""),
            nulls=_read(given, "null", _texts, ("",)),
            separator=_read(given, "separator", _separator, None),
            ordered=_read(given, "ordered", _ordered, False),
        ),
        node,
    )


def tag(node: Node) -> str | None:
    """The tag of a language in lower case, as the store keeps it; ``und`` is none."""
    text = node.text()
    if not _LANGUAGE.fullmatch(text):
        raise node.wrong(f"{text!r} is not a language tag as en or zh-Hans")
    return None if text == "und" else text.lower()


def check_type(node: Node, expected: str) -> None:
    """Refuse a description that says to be of another type, or that is named by a blank node."""
    members = node.members()
    if "@type" in members and members["@type"].value != expected:
        raise members["@type"].forbidden(f"expected {expected}")
    if str(members["@id"].value if "@id" in members else "").startswith("_:"):
        raise members["@id"].forbidden("expected an address, not a blank node")


def _given(node: Node, inherited: Mapping[str, Node]) -> dict[str, Node]:
    return {**inherited, **{key: value for key, value in node.members().items() if key in INHERITED}}


def _read(given: Mapping[str, Node], key: str, read: Callable[[Node], T], default: D) -> T | D:
    return given[key].read(read, default) if key in given else default


def _named(node: Node, titles: tuple[Title, ...], number: int, language: str | None) -> str:
    """The name that is given; where the standard allows none, the first title or the number."""
    if node.notes.strict:
        node.require("name")
    fitting = (title.text for title in titles if title.language in (None, language))
    return node.get("name", _name, "") or variable_name(next(fitting, "")) or f"_col.{number}"


def _name(node: Node) -> str:
    name = node.text()
    if not _NAME.fullmatch(name):
        raise node.wrong(f"{name!r} is no column name: letters, digits, _ and ., not starting with _")
    return name


def _titles(node: Node, language: str | None) -> tuple[Title, ...]:
    """Titles, of all languages together."""
    if isinstance(node.value, dict):
        return tuple(title for key, found in node.members().items() for title in found.read(_in_language(key), ()))
    return tuple(Title(text, language) for text in _texts(node))


def _in_language(key: str) -> Callable[[Node], tuple[Title, ...]]:
    def read(node: Node) -> tuple[Title, ...]:
        language = tag(replace(node, value=key))
        return tuple(Title(text, language) for text in _texts(node))

    return read


def _texts(node: Node) -> tuple[str, ...]:
    return node.each(Node.text) if isinstance(node.value, list) else (node.text(),)


def _direction(node: Node) -> str:
    if node.value not in _DIRECTIONS:
        raise node.wrong(f"expected one of {', '.join(_DIRECTIONS)}")
    return node.text()


def _ordered(node: Node) -> bool:
    ordered = node.boolean()
    if ordered and node.notes.strict:
        raise node.wrong("ordered lists are not supported; leave ordered out")
    return ordered


def _separator(node: Node) -> str | None:
    if node.value is None:
        return None
    if not node.text():
        raise node.wrong("expected at least one character")
    return node.text()


def _template_of(given: Mapping[str, Node], key: str, name: str) -> Template | None:
    """The template, where there is one; one that is no text is an empty one to the standard, which means the table."""
    return given[key].read(lambda node: _template(node, name), Template("", ("",))) if key in given else None


def _template(node: Node, name: str) -> Template:
    try:
        return parse(node.text(), name=name, absolute=node.notes.strict)
    except ValueError as error:
        raise node.wrong(f"{node.text()!r} {error}") from error


def _check_complete(given: Mapping[str, Node], name: str, node: Node) -> None:
    """The standard's defaults, made from the address of the file, name nothing that lasts, so both must be written."""
    for key in ("aboutUrl", "propertyUrl"):
        if key not in given:
            raise node.wrong(f"column {name} has no {key}; write one, or suppressOutput true")


def _possible(column: Column, node: Node) -> Column:
    if node.notes.strict and column.virtual and column.required and not column.default:
        raise node.wrong(f"column {column.name} is virtual, has no default and can never have the value it requires")
    return column
