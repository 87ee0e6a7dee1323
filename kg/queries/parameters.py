"""Parameters of named queries: from the text that a person typed to one RDF term of the declared type.

Whatever is typed becomes a term of the RDF library or a `ParameterError`; no text reaches a query in any other way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pyoxigraph as ox

from kg import iris
from kg.errors import ParameterError
from kg.vocabulary import PREFIXES, XSD

Term = ox.NamedNode | ox.Literal


@dataclass(frozen=True)
class Parameter:
    """One value that the caller of a query may choose.

    Attributes
    ----------
    type
        One of `TYPES`.
    below
        For an ``iri``: the path under the base that a short value such as ``CN`` is appended to (``id/area/``).
    default
        What stands in the file and counts when no value is given.
    example
        A value to show. It stands in the file when there is neither a default nor the right to leave the value out.
    optional
        Without a value the query asks for any value: the file says ``UNDEF``.
    values
        For an ``iri``: the only short values there are.
    """

    name: str
    type: str
    description: str
    below: str | None = None
    default: str | None = None
    example: str | None = None
    optional: bool = False
    values: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether the query cannot be run without a value."""
        return self.default is None and not self.optional

    @property
    def standing(self) -> str | None:
        """The value that the file as it stands is written with; None for ``UNDEF``."""
        if self.optional:
            return None
        return self.example if self.default is None else self.default

    def term(self, value: str) -> Term:
        """The RDF term for a value.

        Raises
        ------
        ParameterError
            The value is not of the parameter's type.
        """
        if self.type == "iri":
            return self._iri(value)
        kind = TYPES[self.type]
        try:
            return kind.literal(value)
        except ValueError as error:
            raise ParameterError(self.name, f"{kind.expected}, not {value!r}") from error

    def _iri(self, value: str) -> ox.NamedNode:
        short = self.below and value and not is_identifier(value)
        try:
            return ox.NamedNode(f"{iris.BASE}{self.below}{value}" if short else _written_out(value))
        except ValueError as error:
            ending = f", or its last part as in {self.standing or self.example}" if self.below else ""
            raise ParameterError(self.name, f"{TYPES['iri'].expected}{ending}, not {value!r}") from error


@dataclass(frozen=True)
class _Kind:
    """What a type accepts: a pattern, and a check of what a pattern cannot say; and the datatype of its terms."""

    expected: str
    pattern: str
    datatype: str
    check: Callable[[str], object] = str
    form: Callable[[str], str] = str

    def literal(self, value: str) -> ox.Literal:
        """The literal for a value; ValueError where it does not fit (text that is not Unicode is one, too)."""
        if not re.fullmatch(self.pattern, value, re.ASCII | re.DOTALL):
            raise ValueError(value)
        self.check(value)
        return ox.Literal(self.form(value), datatype=ox.NamedNode(self.datatype))


_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(?!//)(.*)", re.DOTALL)


def is_identifier(value: str) -> bool:
    """Whether a value says by itself which thing it is: an IRI, bare or in angle brackets, or a CURIE."""
    return bool(_ABSOLUTE.match(value)) or (value.startswith("<") and value.endswith(">"))


def _written_out(value: str) -> str:
    """An IRI without its brackets; of a CURIE whose prefix is a known one, the IRI."""
    if value.startswith("<") and value.endswith(">"):
        return value[1:-1]
    curie = _CURIE.fullmatch(value)
    return f"{PREFIXES[curie[1]]}{curie[2]}" if curie and curie[1] in PREFIXES else value


# Numbers have at most the digits that xsd:integer and xsd:decimal are guaranteed to keep in Oxigraph (64 and 128 bits).
TYPES: Mapping[str, _Kind] = MappingProxyType(
    {
        "boolean": _Kind("true or false", "true|false", XSD.boolean),
        "date": _Kind("a day as in 2022-07-01", r"\d{4}-\d{2}-\d{2}", XSD.date, date.fromisoformat),
        "decimal": _Kind("a number as in 0.5", r"[+-]?\d{1,20}(\.\d{1,18})?", XSD.decimal),
        "integer": _Kind("a whole number", r"[+-]?\d{1,18}", XSD.integer),
        "iri": _Kind("an IRI", ".*", XSD.anyURI),
        "language": _Kind("a language tag as in en", r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", XSD.string, form=str.lower),
        "string": _Kind("text", ".*", XSD.string),
        "year": _Kind("a year as in 2020", r"\d{4}", XSD.gYear),
    }
)
