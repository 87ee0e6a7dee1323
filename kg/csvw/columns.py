"""From the JSON of a column to a `Column`: inherited properties, templates, datatypes and their formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import polars as pl

from kg.csvw.datatypes import KINDS, BooleanFormat, Bounds, Datatype, Format, Kind, Lengths
from kg.csvw.document import Node
from kg.csvw.formats import DateFormat, NumberFormat
from kg.csvw.metadata import Column, Statement
from kg.csvw.parsing import comparable
from kg.csvw.templates import Template, parse

INHERITED = frozenset(
    {"aboutUrl", "datatype", "default", "lang", "null", "ordered", "propertyUrl", "required", "separator"}
    | {"textDirection", "valueUrl"}
)
_COLUMN = INHERITED | {"@id", "@type", "name", "suppressOutput", "titles", "virtual"}
_BOUNDS = {"minimum", "minInclusive", "maximum", "maxInclusive", "minExclusive", "maxExclusive"}
_DATATYPE = _BOUNDS | {"base", "format", "length", "minLength", "maxLength"}
_NAME = re.compile(r"[A-Za-z0-9.%][A-Za-z0-9_.%]*")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def column(node: Node, inherited: Mapping[str, Node], *, suppressed: bool) -> Column:
    """A column from its JSON and the properties that group, table and schema hand down."""
    node.allow(_COLUMN)
    own = node.members()
    given = {**inherited, **{key: value for key, value in own.items() if key in INHERITED}}
    name = _name(node.require("name"))
    suppressed = suppressed or ("suppressOutput" in own and own["suppressOutput"].boolean())
    if "ordered" in given and given["ordered"].boolean():
        raise given["ordered"].wrong("ordered lists are not supported; leave ordered out")
    return _possible(
        Column(
            name=name,
            titles=_titles(own["titles"]) if "titles" in own else (),
            virtual="virtual" in own and own["virtual"].boolean(),
            required="required" in given and given["required"].boolean(),
            statement=None if suppressed else _statement(given, name, node),
            datatype=_datatype(given["datatype"]) if "datatype" in given else Datatype(),
            language=_language(given["lang"]) if "lang" in given else None,
            default=given["default"].text() if "default" in given else "",
            nulls=tuple(value.text() for value in given["null"].one_or_more()) if "null" in given else ("",),
            separator=_separator(given["separator"]) if "separator" in given else None,
        ),
        node,
    )


def _statement(given: Mapping[str, Node], name: str, node: Node) -> Statement:
    """The standard's defaults, made from the address of the file, name nothing that lasts, so both must be written."""
    for key in ("aboutUrl", "propertyUrl"):
        if key not in given:
            raise node.wrong(f"column {name} has no {key}; write one, or suppressOutput true")
    about, predicate = _template(given["aboutUrl"], name), _template(given["propertyUrl"], name)
    return Statement(about, predicate, _template(given["valueUrl"], name) if "valueUrl" in given else None)


def _possible(column: Column, node: Node) -> Column:
    if column.virtual and column.required and not column.default:
        raise node.wrong(f"column {column.name} is virtual, has no default and can never have the value it requires")
    return column


def _name(node: Node) -> str:
    name = node.text()
    if not _NAME.fullmatch(name):
        raise node.wrong(f"{name!r} is no column name: letters, digits, _ and ., not starting with _")
    return name


def _titles(node: Node) -> tuple[str, ...]:
    """Titles in all languages together."""
    if isinstance(node.value, dict):
        return tuple(title.text() for value in node.members().values() for title in value.one_or_more())
    return tuple(title.text() for title in node.one_or_more())


def _template(node: Node, name: str) -> Template:
    try:
        return parse(node.text(), name=name)
    except ValueError as error:
        raise node.wrong(f"{node.text()!r} {error}") from error


def _separator(node: Node) -> str:
    if not node.text():
        raise node.wrong("expected at least one character")
    return node.text()


def _language(node: Node) -> str | None:
    """The tag in lower case, as the store keeps it; ``und`` is none."""
    tag = node.text()
    if not _LANGUAGE.fullmatch(tag):
        raise node.wrong(f"{tag!r} is not a language tag as en or zh-Hans")
    return None if tag == "und" else tag.lower()


def _datatype(node: Node) -> Datatype:
    if isinstance(node.value, str):
        return Datatype(_kind(node))
    node.allow(_DATATYPE)
    given = node.members()
    kind = _kind(given["base"]) if "base" in given else KINDS["string"]
    return Datatype(
        kind,
        _format(given["format"], kind) if "format" in given else None,
        _bounds(given, kind),
        _lengths(given, kind),
    )


def _kind(node: Node) -> Kind:
    if node.text() not in KINDS:
        raise node.wrong(f"the datatype {node.text()!r} is not supported (supported: {', '.join(sorted(KINDS))})")
    return KINDS[node.text()]


def _format(node: Node, kind: Kind) -> Format:
    try:
        return _FORMATS[kind.family](node)
    except ValueError as error:
        raise node.wrong(str(error)) from error


def _number_format(node: Node) -> NumberFormat:
    if isinstance(node.value, str):
        result = NumberFormat(node.text())
    else:
        node.allow({"pattern", "decimalChar", "groupChar"})
        given = {key: value.text() for key, value in node.members().items()}
        result = NumberFormat(given.get("pattern"), given.get("decimalChar", "."), given.get("groupChar"))
    if result.pattern and "," in result.pattern and result.group is None:
        result = NumberFormat(result.pattern, result.decimal, ",")
    _compiled(result.expression)
    return result


def _date_format(node: Node) -> DateFormat:
    result = DateFormat(node.text())
    _compiled(result.expression)
    return result


def _boolean_format(node: Node) -> BooleanFormat:
    true, bar, false = node.text().partition("|")
    if not (true and bar and false) or true == false:
        raise ValueError("expected the two words of a truth value as Y|N")
    return BooleanFormat(true, false)


def _text_format(node: Node) -> str:
    return _compiled(node.text())


_FORMATS: dict[str, Callable[[Node], Format]] = {
    "integer": _number_format,
    "number": _number_format,
    "date": _date_format,
    "boolean": _boolean_format,
    "text": _text_format,
}


def _compiled(expression: str) -> str:
    """The expression, if the engine that will apply it to columns can read it."""
    try:
        pl.Series([""]).str.contains(f"^(?:{expression})$")
    except pl.exceptions.ComputeError as error:
        raise ValueError(f"{expression!r} is not a regular expression: {error}") from error
    return expression


def _bounds(given: Mapping[str, Node], kind: Kind) -> Bounds:
    limits = {key: _limit(given[key], kind) for key in sorted(_BOUNDS & given.keys())}
    low = limits.get("minimum") or limits.get("minInclusive") or limits.get("minExclusive")
    high = limits.get("maximum") or limits.get("maxInclusive") or limits.get("maxExclusive")
    return Bounds(low, high, "minExclusive" in limits, "maxExclusive" in limits)


def _limit(node: Node, kind: Kind) -> str:
    if kind.family not in ("integer", "number") and kind.name not in ("date", "gYear", "gYearMonth"):
        raise node.wrong(f"values of {kind.name} cannot be compared with a bound here")
    if isinstance(node.value, bool) or not isinstance(node.value, int | float | str):
        raise node.wrong("expected a number or a string")
    if not comparable(str(node.value), kind):
        raise node.wrong(f"{node.value!r} is no bound for values of {kind.name}: expected {kind.expected}")
    return str(node.value)


def _lengths(given: Mapping[str, Node], kind: Kind) -> Lengths:
    named = {key: given[key] for key in ("length", "minLength", "maxLength") if key in given}
    for key, node in named.items():
        if kind.family != "text":
            raise node.wrong(f"{key} is for texts, not for {kind.name}")
    sizes = {key: node.count() for key, node in named.items()}
    exact = sizes.get("length")
    return Lengths(sizes.get("minLength", exact), sizes.get("maxLength", exact))
