"""URI templates: from ``…/id/obs/seed/{key}`` and the columns of a table to IRIs, column by column.

RFC 6570 level 1 (``{x}``) and, of level 2, reserved (``{+x}``) and fragment expansion (``{#x}``), as CSV on the Web
uses them. Variables are column names, ``_row`` (from 1), ``_sourceRow`` (the header is row 1) and ``_name``.
A template that refers to a null cell gives null, never an IRI with a hole: see `kg.csvw.mapping`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

import polars as pl
import pyoxigraph as ox

from kg.csvw.prefixes import expand

UNRESERVED = "-._~"
RESERVED = ":/?#[]@!$&'()*+,;="

_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_VARIABLE = re.compile(r"([+#]?)([A-Za-z0-9_.%]+)")
_TRIPLET = re.compile(r"(%[0-9A-Fa-f]{2})")
_FIXED_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*[/?#]|(?!//|$))")


@dataclass(frozen=True)
class Variable:
    """One expression of a template; operator is empty, ``+`` or ``#``."""

    name: str
    operator: str = ""

    @property
    def column(self) -> str:
        """The name of the column that holds the encoded values of this variable."""
        return f"{'+' if self.operator else ''}{{{self.name}}}"


@dataclass(frozen=True)
class Template:
    """A parsed template: literal pieces and variables in order."""

    text: str
    pieces: tuple[str | Variable, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Variable))

    @property
    def beginning(self) -> str:
        """What all its IRIs begin with."""
        first = self.pieces[0]
        return first if isinstance(first, str) else ""

    @property
    def encodes_all(self) -> bool:
        """Whether encoding alone keeps the IRI valid: what comes from cells is behind the host and fully encoded."""
        first = self.pieces[0]
        host_is_fixed = isinstance(first, str) and _FIXED_HOST.match(first) is not None
        return not self.variables or (host_is_fixed and not any(variable.operator for variable in self.variables))


def parse(text: str, *, name: str, absolute: bool = True) -> Template:
    """A template from its text; prefixes are expanded and ``_name`` is filled in.

    Parameters
    ----------
    name
        The name of the column whose property the template is, for ``{_name}``.
    absolute
        Whether every IRI has to be a whole one as it stands; else it is resolved against the table's address.

    Raises
    ------
    ValueError
        The text is not a template of the supported levels, or can never give an absolute IRI.
    """
    pieces: list[str | Variable] = []
    for index, part in enumerate(_EXPRESSION.split(text)):
        pieces.extend(_literal(part) if index % 2 == 0 else [_variable(part, name)])
    template = Template(text, _joined(pieces) or ("",))
    if absolute:
        _check_absolute(template)
    return template


def expression(template: Template) -> pl.Expr:
    """IRIs without brackets, over a frame that has the columns of `encoded` for each variable; null if one is null."""
    pieces = [pl.lit(part) if isinstance(part, str) else part for part in parts(template)]
    return pl.concat_str(pieces, ignore_nulls=False)


def parts(template: Template) -> list[str | pl.Expr]:
    """What the IRIs of a template are put together from, in order."""
    result: list[str | pl.Expr] = []
    for piece in template.pieces:
        if isinstance(piece, str):
            result.append(piece)
        else:
            result += ["#", pl.col(piece.column)] if piece.operator == "#" else [pl.col(piece.column)]
    return result


def encoded(values: pl.Series, variable: Variable) -> pl.Series:
    """The values as they stand in an IRI: percent-encoded where they have to be.

    Only values with other than unreserved (or reserved) characters are touched, each distinct one once.
    """
    allowed = UNRESERVED + (RESERVED if variable.operator else "")
    kept = f"[^A-Za-z0-9{re.escape(allowed)}]"
    needy = values.unique().drop_nulls()
    needy = needy.filter(needy.str.contains(kept))
    if not needy.is_empty():
        values = values.replace(
            needy, pl.Series([encode(value, variable.operator) for value in needy], dtype=pl.String)
        )
    return values.alias(variable.column)


def variable_name(title: str) -> str:
    """A title as the name of a column, in which templates allow letters, digits, ``_`` and ``.`` only."""
    return encode(title).replace("-", "%2D").replace("~", "%7E")


def valid_iri(text: str) -> bool:
    """Whether the text is an absolute IRI (RFC 3987), as the RDF library sees it."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def encode(value: str, operator: str = "") -> str:
    """A value as it stands in an IRI: simple, or reserved expansion of RFC 6570."""
    if not operator:
        return quote(value, safe=UNRESERVED)
    parts = _TRIPLET.split(value)
    return "".join(part if index % 2 else quote(part, safe=UNRESERVED + RESERVED) for index, part in enumerate(parts))


def _literal(part: str) -> list[str | Variable]:
    if "{" in part or "}" in part:
        raise ValueError("has a brace without its partner")
    return [part] if part else []


def _variable(part: str, name: str) -> str | Variable:
    match = _VARIABLE.fullmatch(part)
    if match is None:
        raise ValueError(f"{{{part}}} is not supported: write {{x}}, {{+x}} or {{#x}} with one name")
    operator, variable = match.groups()
    if variable == "_name":
        return ("#" if operator == "#" else "") + encode(name, operator)
    return Variable(variable, operator)


def _joined(pieces: list[str | Variable]) -> tuple[str | Variable, ...]:
    """Neighbouring literals as one, and a prefix at the start expanded."""
    joined: list[str | Variable] = []
    for piece in pieces:
        if isinstance(piece, str) and joined and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    if joined and isinstance(joined[0], str):
        joined[0] = expand(joined[0])
    return tuple(joined)


def _check_absolute(template: Template) -> None:
    if template.pieces == ("",):
        raise ValueError("is empty")
    if isinstance(template.pieces[0], Variable) and template.pieces[0].operator == "+":
        return
    sample = "".join(
        piece if isinstance(piece, str) else ("#x" if piece.operator == "#" else "x") for piece in template.pieces
    )
    if not valid_iri(sample):
        raise ValueError("does not give an absolute IRI: write it out, or start with a prefix that CSVW predefines")
