"""From the JSON of a datatype to a `Datatype`: its base, its format, its bounds and lengths."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from kg.csvw.datatypes import KINDS, BooleanFormat, Bounds, Datatype, Format, Kind, Lengths
from kg.csvw.document import Node
from kg.csvw.formats import DateFormat, NumberFormat
from kg.csvw.parsing import comparable, in_order
from kg.csvw.templates import valid_iri
from kg.vocabulary import XSD

_BOUNDS = ("minimum", "minInclusive", "maximum", "maxInclusive", "minExclusive", "maxExclusive")
_LENGTHS = ("length", "minLength", "maxLength")
_DATATYPE = {*_BOUNDS, *_LENGTHS, "@id", "@type", "base", "format"}
_STRING = KINDS["string"]


def datatype(node: Node) -> Datatype:
    """A datatype: the name of a built-in one, or an object that narrows one.

    Raises
    ------
    SourceFormatError
        It is not known, or its format, bounds or lengths are none that values of it can keep to.
    """
    if isinstance(node.value, str):
        return Datatype(_kind(node))
    node.allow(_DATATYPE)
    given = node.members()
    kind = node.get("base", _kind, _STRING)
    return Datatype(
        kind,
        node.get("format", lambda found: _format(found, kind), None),
        _bounds(given, kind),
        _lengths(given, kind),
        _id(given["@id"]) if "@id" in given else None,
    )


def _kind(node: Node) -> Kind:
    if node.text() not in KINDS:
        raise node.wrong(f"the datatype {node.text()!r} is not supported (supported: {', '.join(sorted(KINDS))})")
    return KINDS[node.text()]


def _id(node: Node) -> str:
    builtin = {kind.standard_iri for kind in KINDS.values()}
    if not valid_iri(node.text()) or node.text() in builtin or node.text().startswith(("_:", XSD.namespace)):
        raise node.forbidden("expected an address, of another datatype than the built-in ones")
    return node.text()


def _format(node: Node, kind: Kind) -> Format:
    try:
        return _FORMATS[kind.family](node, kind)
    except ValueError as error:
        raise node.wrong(str(error)) from error


def _number_format(node: Node, _: Kind) -> NumberFormat:
    if isinstance(node.value, str):
        result = NumberFormat(node.text())
    else:
        node.allow({"pattern", "decimalChar", "groupChar"})
        given = {key: value.text() for key, value in node.members().items()}
        group = given.get("groupChar")
        result = NumberFormat(_checked_pattern(node, given), given.get("decimalChar", "."), group)
    if result.pattern and "," in result.pattern and result.group is None:
        result = NumberFormat(result.pattern, result.decimal, ",")
    _compiled(result.expression)
    return result


def _checked_pattern(node: Node, given: Mapping[str, str]) -> str | None:
    """The pattern of an object; one that is none is passed over where that is allowed, and its marks stay."""
    if "pattern" not in given:
        return None
    if node.notes.strict:
        return given["pattern"]
    try:
        _compiled(NumberFormat(given["pattern"], group=",").expression)
    except ValueError as error:
        node.notes.warn(f"{node.wrong(str(error))} (ignored)")
        return None
    return given["pattern"]


def _date_format(node: Node, kind: Kind) -> DateFormat:
    result = DateFormat(node.text(), time=kind.name == "time")
    _compiled(result.expression)
    return result


def _boolean_format(node: Node, _: Kind) -> BooleanFormat:
    true, bar, false = node.text().partition("|")
    if not (true and bar and false) or true == false:
        raise ValueError("expected the two words of a truth value as Y|N")
    return BooleanFormat(true, false)


def _text_format(node: Node, _: Kind) -> str:
    return _compiled(node.text())


_FORMATS: dict[str, Callable[[Node, Kind], Format]] = {
    "integer": _number_format,
    "number": _number_format,
    "date": _date_format,
    "boolean": _boolean_format,
    "text": _text_format,
    "duration": _text_format,
}


def _compiled(expression: str) -> str:
    """The expression, if the engine that will apply it to columns can read it."""
    try:
        pl.Series([""]).str.contains(f"^(?:{expression})$")
    except pl.exceptions.ComputeError as error:
        raise ValueError(f"{expression!r} is not a regular expression: {error}") from error
    return expression


def _bounds(given: Mapping[str, Node], kind: Kind) -> Bounds:
    limits = {key: _limit(given[key], kind) for key in _BOUNDS if key in given}
    for one, other in (("minInclusive", "minExclusive"), ("maxInclusive", "maxExclusive")):
        if one in limits and other in limits:
            raise given[other].forbidden(f"stands beside {one}: give one of them")
    low = limits.get("minimum") or limits.get("minInclusive") or limits.get("minExclusive")
    high = limits.get("maximum") or limits.get("maxInclusive") or limits.get("maxExclusive")
    bounds = Bounds(low, high, "minExclusive" in limits, "maxExclusive" in limits)
    strictly = bounds.low_exclusive != bounds.high_exclusive
    if low is not None and high is not None and not in_order(low, high, kind, strictly=strictly):
        where = next(given[key] for key in ("maximum", "maxInclusive", "maxExclusive") if key in given)
        raise where.forbidden(f"{high} leaves no value, since values begin at {low}")
    return bounds


def _limit(node: Node, kind: Kind) -> str:
    if kind.family not in ("integer", "number", "date"):
        raise node.forbidden(f"values of {kind.name} cannot be compared with a bound here")
    if isinstance(node.value, bool) or not isinstance(node.value, int | float | str):
        raise node.wrong("expected a number or a string")
    if not comparable(str(node.value), kind):
        raise node.wrong(f"{node.value!r} is no bound for values of {kind.name}: expected {kind.expected}")
    return str(node.value)


def _lengths(given: Mapping[str, Node], kind: Kind) -> Lengths:
    named = {key: given[key] for key in _LENGTHS if key in given}
    for key, node in named.items():
        if kind.family != "text":
            raise node.forbidden(f"{key} is for texts, not for {kind.name}")
    sizes = {key: node.count() for key, node in named.items()}
    exact, least, most = (sizes.get(key) for key in _LENGTHS)
    for key, low, high in (("minLength", least, exact), ("maxLength", exact, most), ("maxLength", least, most)):
        if low is not None and high is not None and low > high:
            raise named[key].forbidden("no text is so short and so long")
    return Lengths(exact if least is None else least, exact if most is None else most)
