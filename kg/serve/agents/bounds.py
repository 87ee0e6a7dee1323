"""Answers kept small, and texts of others made harmless to look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import pyoxigraph as ox

from kg.queries import Table
from kg.serve.agents.models import Scalar, Source
from kg.store.base import Term, text_of
from kg.vocabulary import XSD

TEXT = 500
"""Characters of one value."""
ANSWER = 40_000
"""Characters of the rows of one answer."""
_LIST = 40
_CUT = "…[cut]"
# Control characters, marks that change the direction of writing, tags and what else has no width: an instruction may
# be hidden in them that a person who looks at the same text cannot see.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def shown(text: str, most: int = TEXT) -> str:
    """A text of somebody's, cut, and with a sign for whatever cannot be seen in it."""
    seen = _UNSEEN.sub("\ufffd", text[: most + 1])
    return seen if len(text) <= most else f"{seen[:most]}{_CUT}"


def scalar(term: Term | None) -> Scalar:
    """A term as JSON has it: numbers and truth values as such, IRIs and all else as text."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        if term.datatype.value == XSD.boolean:
            return term.value == "true"
        if term.datatype.value in (XSD.integer, XSD.decimal, XSD.double):
            return _number(term.value)
    return shown(text_of(term))


def _number(text: str) -> int | float | str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return shown(text)
    if not number.is_finite():
        return text
    return int(number) if number == number.to_integral_value() and abs(number) < 2**53 else float(number)


def as_rows(table: Table) -> list[dict[str, Scalar]]:
    """Rows by name of column; what is not bound is left out."""
    return [
        {name: scalar(term) for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]


def fitting(rows: Iterable[Mapping[str, Any]], most: int = ANSWER) -> int:
    """How many of the first rows fit into an answer; at least one, so that paging comes to an end."""
    size = number = 0
    for row in rows:
        size += sum(len(name) + len(str(value)) + 6 for name, value in row.items())
        if size > most and number:
            break
        number += 1
    return number


def was_cut(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a text of some rows was cut."""
    return any(isinstance(value, str) and value.endswith(_CUT) for row in rows for value in row.values())


def sources(rows: Iterable[Mapping[str, Scalar]]) -> list[Source]:
    """The documents that rows name in columns called so, with label and quality where there are columns of them."""
    found: dict[str, Source] = {}
    for row in rows:
        for name, value in row.items():
            if name.lower().endswith("document") and isinstance(value, str):
                label, quality = str(row.get(f"{name}Label") or ""), ""
                if name == "document":
                    quality = str(row.get("quality") or "").rpartition("/")[2]
                found.setdefault(value, Source(iri=value, label=label, quality=quality))
    return list(found.values())


def bounded(told: Any, most: int = _LIST) -> tuple[Any, bool]:
    """A tree of JSON with its texts and lists cut, and whether anything was."""
    if isinstance(told, str):
        return shown(told), len(told) > TEXT
    if isinstance(told, Mapping):
        pairs = {str(name): bounded(value) for name, value in told.items()}
        return {name: value for name, (value, _) in pairs.items()}, any(cut for _, cut in pairs.values())
    if isinstance(told, list | tuple):
        items = [bounded(value) for value in told[:most]]
        return [value for value, _ in items], len(told) > most or any(cut for _, cut in items)
    return told, False
