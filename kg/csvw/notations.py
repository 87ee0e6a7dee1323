"""How people write numbers and dates: what a text that does not fit might have been meant as.

Used to say so in a complaint, and to guess the metadata of a table that has none.
"""

from __future__ import annotations

import re

from kg.csvw.datatypes import Datatype
from kg.csvw.formats import DateFormat, NumberFormat

DECIMAL_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[. '\u00a0\u202f]\d{3})+|\d+),\d+")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
DATES = (
    ("yyyy-MM-dd", r"\d{4}-\d{2}-\d{2}"),
    ("d.M.yyyy", r"\d{1,2}\.\d{1,2}\.\d{4}"),
    ("d/M/yyyy", r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])/\d{4}"),
    ("M/d/yyyy", r"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/\d{4}"),
    ("d-M-yyyy", r"(?:0?[1-9]|[12]\d|3[01])-(?:0?[1-9]|1[0-2])-\d{4}"),
    ("yyyy/M/d", r"\d{4}/\d{1,2}/\d{1,2}"),
    ("yyyy.M.d", r"\d{4}\.\d{1,2}\.\d{1,2}"),
    ("yyyyMMdd", r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"),
)
"""Formats in the order in which they are tried, each with the regular expression of what may be written so."""


def hint(datatype: Datatype, text: str) -> str:
    """What to write into the metadata if a whole column is written as this text is; empty if nothing comes to mind."""
    match datatype.kind.family:
        case "integer" | "number":
            return _number_hint(datatype, text.strip())
        case "date" if datatype.kind.name in ("date", "dateTime"):
            return _date_hint(datatype, text.strip())
    return ""


def _number_hint(datatype: Datatype, text: str) -> str:
    if isinstance(datatype.format, NumberFormat) and datatype.format.decimal == ",":
        return "; the metadata says that decimals stand behind a comma" if "." in text and "," not in text else ""
    if DECIMAL_COMMA.fullmatch(text):
        return '; if the file writes decimals behind a comma, say "format": {"decimalChar": ",", "groupChar": "."}'
    if GROUPED.fullmatch(text):
        return '; if the file groups digits, say "format": {"groupChar": ","}'
    return ""


def _date_hint(datatype: Datatype, text: str) -> str:
    known = datatype.format.pattern if isinstance(datatype.format, DateFormat) else "yyyy-MM-dd"
    fitting = [name for name, form in DATES if name != known and re.fullmatch(form, text)]
    if not fitting:
        return ""
    return f"; it is written {' or '.join(fitting)}: a column has one format, which the metadata gives"
