"""Datatypes: which there are, how a metadata file narrows them, and how to say in words what they expect.

`kg.csvw.parsing` applies them to columns.

References
----------
W3C, Metadata Vocabulary for Tabular Data, section 5.11; Model for Tabular Data and Metadata, section 6.4.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.csvw.formats import DateFormat, NumberFormat
from kg.vocabulary import RDF, XSD

_ANY = r"(?s:.*)"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_INTEGER = r"[+-]?[0-9]+"
_FLOAT = r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN)"
_SETTLED_INTEGER = r"0|-?[1-9][0-9]{0,17}"
_SETTLED_DECIMAL = rf"{_SETTLED_INTEGER}|-?(?:0|[1-9][0-9]{{0,14}})\.[0-9]{{0,14}}[1-9]"


@dataclass(frozen=True)
class Kind:
    """A built-in datatype: its lexical form, its bounds, and how the store keeps it.

    ``family`` decides on formats and comparison; ``settled`` matches forms that the store surely keeps as they are.
    """

    name: str
    family: str
    lexical: str
    expected: str
    settled: str | None = None
    low: int | None = None
    high: int | None = None
    standard_iri: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "standard_iri", self.standard_iri or f"{XSD.namespace}{self.name}")

    @property
    def iri(self) -> str:
        """The datatype of the literals that the store keeps: every kind of integer is one."""
        return str(XSD.integer) if self.family == "integer" else self.standard_iri

    @property
    def keeps_space(self) -> bool:
        """Whether white space is part of a value."""
        return self.name in ("string", "json", "xml", "html", "anyAtomicType")


def _integer(name: str, low: int | None = None, high: int | None = None) -> Kind:
    return Kind(name, "integer", _INTEGER, "an integer", _SETTLED_INTEGER, low, high)


def _signed(name: str, bits: int) -> Kind:
    return _integer(name, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _unsigned(name: str, bits: int) -> Kind:
    return _integer(name, 0, 2**bits - 1)


_CONTROL = r"[^\t\n\r]*"
_ONE_SPACED = r"(?:[^\t\n\r ]+(?: [^\t\n\r ]+)*)?"
_NAME_START = r"[:A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{2070}-\x{FFFD}]"
_NAME = rf"{_NAME_START}(?:{_NAME_START}|[-.0-9\x{{B7}}\x{{300}}-\x{{36F}}])*"
_CLOCKED = r"T(?:[0-9]+H(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?|[0-9]+M(?:[0-9]+(?:\.[0-9]+)?S)?|[0-9]+(?:\.[0-9]+)?S)"
_DAYS = rf"(?:[0-9]+D(?:{_CLOCKED})?|{_CLOCKED})"
_MONTHS = r"(?:[0-9]+Y(?:[0-9]+M)?|[0-9]+M)"

_KINDS = (
    Kind("string", "text", _ANY, "text", _ANY),
    Kind("anyAtomicType", "text", _ANY, "text", _ANY),
    Kind("normalizedString", "text", _CONTROL, "text in one line", _ANY),
    Kind("token", "text", _ONE_SPACED, "text in one line without outer or double spaces", _ANY),
    Kind("Name", "text", _NAME, "an XML name", _ANY),
    Kind("NMTOKEN", "text", rf"(?:{_NAME_START}|[-.0-9])+", "an XML name token", _ANY),
    Kind("QName", "text", rf"(?:{_NAME})(?::{_NAME})?", "a qualified XML name", _ANY),
    Kind("base64Binary", "text", r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "base64", _ANY),
    Kind("hexBinary", "text", "(?:[0-9A-Fa-f]{2})*", "pairs of hexadecimal digits", _ANY),
    Kind("json", "text", _ANY, "JSON", _ANY, standard_iri="http://www.w3.org/ns/csvw#JSON"),
    Kind("xml", "text", _ANY, "XML", _ANY, standard_iri=f"{RDF.namespace}XMLLiteral"),
    Kind("html", "text", _ANY, "HTML", _ANY, standard_iri=f"{RDF.namespace}HTML"),
    Kind("duration", "duration", rf"-?P(?:{_MONTHS}(?:{_DAYS})?|{_DAYS})", "a duration as P1Y2M3DT4H"),
    Kind("dayTimeDuration", "duration", rf"-?P{_DAYS}", "a duration as P3DT4H"),
    Kind("yearMonthDuration", "duration", rf"-?P{_MONTHS}", "a duration as P1Y2M"),
    Kind("time", "date", _CLOCK + _ZONE, "a time as 08:30:00"),
    Kind("dateTimeStamp", "date", f"{_DAY}T{_CLOCK}{_ZONE[:-1]}", "a date and time with its zone"),
    Kind("gDay", "date", f"---(?:0[1-9]|[12][0-9]|3[01]){_ZONE}", "a day as ---31"),
    Kind("gMonth", "date", f"--(?:0[1-9]|1[0-2]){_ZONE}", "a month as --12"),
    Kind("gMonthDay", "date", f"--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]){_ZONE}", "a day of a year as --12-31"),
    Kind("anyURI", "text", r'[^\x00-\x20<>"{}|\\^`]+', "an address without spaces, quotes or brackets", _ANY),
    Kind("language", "text", "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", "a language tag", _ANY),
    Kind("boolean", "boolean", "true|false|1|0", "true or false", "true|false"),
    Kind("decimal", "number", r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", "a decimal number", _SETTLED_DECIMAL),
    Kind("double", "number", _FLOAT, "a number"),
    Kind("float", "number", _FLOAT, "a number"),
    Kind("date", "date", _DAY + _ZONE, "a date as 2020-12-31", "[0-9-]{10}"),
    Kind("dateTime", "date", f"{_DAY}T{_CLOCK}{_ZONE}", "a date and time as 2020-12-31T08:30:00"),
    Kind("gYear", "date", f"[0-9]{{4}}{_ZONE}", "a year as 2020", "[0-9]{4}"),
    Kind("gYearMonth", "date", f"[0-9]{{4}}-(?:0[1-9]|1[0-2]){_ZONE}", "a month as 2020-12", "[0-9]{4}-[0-9]{2}"),
    _integer("integer"),
    _integer("nonNegativeInteger", 0),
    _integer("positiveInteger", 1),
    _integer("nonPositiveInteger", None, 0),
    _integer("negativeInteger", None, -1),
    *(_signed(name, bits) for name, bits in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))),
    *(_unsigned(f"unsigned{name}", bits) for name, bits in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))),
)
_ALIASES = (("number", "double"), ("datetime", "dateTime"), ("any", "anyAtomicType"), ("binary", "base64Binary"))
KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS} | {
    alias: next(kind for kind in _KINDS if kind.name == name) for alias, name in _ALIASES
}


@dataclass(frozen=True)
class BooleanFormat:
    """The two words of ``Y|N``."""

    true: str
    false: str


Format = NumberFormat | DateFormat | BooleanFormat | str


@dataclass(frozen=True)
class Bounds:
    """Smallest and largest value, as written in the metadata; an exclusive bound does not hold itself."""

    low: str | None = None
    high: str | None = None
    low_exclusive: bool = False
    high_exclusive: bool = False


@dataclass(frozen=True)
class Lengths:
    """Fewest and most characters of a text."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Datatype:
    """The datatype of a column: a built-in kind, perhaps narrowed. A ``str`` format is a regular expression."""

    kind: Kind = KINDS["string"]
    format: Format | None = None
    bounds: Bounds = Bounds()
    lengths: Lengths = Lengths()
    id: str | None = None

    @property
    def is_string(self) -> bool:
        """Whether values are plain strings, which may carry a language."""
        return self.kind.name == "string"

    @property
    def expected(self) -> str:
        """What a cell has to hold, in words that end a sentence."""
        limits = [f"{rule} {limit}" for limit, rule in self.limits]
        return " ".join([self._form(), *limits, *self._sizes()])

    def _form(self) -> str:
        match self.format:
            case NumberFormat(pattern=str(pattern)) | DateFormat(pattern=pattern):
                return f"{self.kind.expected.partition(' as ')[0]} written {pattern}"
            case BooleanFormat(true=true, false=false):
                return f"{true} or {false}"
            case str(pattern):
                return f"{self.kind.expected} that matches {pattern}"
        return self.kind.expected

    @property
    def limits(self) -> list[tuple[str, str]]:
        """The bounds of kind and metadata with their rule: ``("0", "from")``; a stated bound adds to the kind's own."""
        bounds = self.bounds
        pairs = (
            (self.kind.low, "from"),
            (self.kind.high, "up to"),
            (bounds.low, "above" if bounds.low_exclusive else "from"),
            (bounds.high, "below" if bounds.high_exclusive else "up to"),
        )
        return [(str(limit), rule) for limit, rule in pairs if limit is not None]

    def _sizes(self) -> list[str]:
        least, most = self.lengths.least, self.lengths.most
        if least is not None and least == most:
            return [f"of {least} characters"]
        pairs = ((least, "of at least"), (most, "of at most"))
        return [f"{word} {limit} characters" for limit, word in pairs if limit is not None]
