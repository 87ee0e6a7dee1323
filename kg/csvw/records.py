"""Delimited text, record by record: slower than whole columns, and exact about what is wrong with a row.

It reads what the reader of columns cannot: headers, comments, odd dialects, and blocks in which something does not fit.

References
----------
RFC 4180; W3C, Model for Tabular Data and Metadata, section 8.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.csvw.dialects import Dialect
from kg.errors import Complaint, SourceFormatError


@dataclass(frozen=True)
class Record:
    """One record: its number in the file, its text as it stands, its cells; a comment has text only."""

    row: int
    raw: str
    cells: list[str]
    comment: str | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.cells)


def records(text: str, dialect: Dialect, *, row: int, file: str) -> Iterator[Record]:
    """The records of a text that begins and ends between two records.

    Parameters
    ----------
    row
        The number of the first one in the file.

    Raises
    ------
    SourceFormatError
        A quote is not closed, or something follows a closing one.
    """
    lines = _Lines(text, dialect.comment_prefix)
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        doublequote=dialect.double_quote,
        escapechar=None if dialect.double_quote else "\\",
        strict=True,
    )
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise SourceFormatError(_explained(error), file=file, row=row + len(lines.comments)) from error
        for comment in lines.comments:
            yield Record(row, comment, [], comment[len(dialect.comment_prefix or "") :].strip())
            row += 1
        lines.comments.clear()
        if cells is None:
            return
        yield Record(row, lines.taken(), cells)
        row += 1


class _Lines:
    """Lines for the csv module; those of comments are put aside, those of a record are kept as they stand."""

    def __init__(self, text: str, comment_prefix: str | None) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self._prefix = comment_prefix
        self._taken: list[str] = []
        self.comments: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        while self._prefix and not self._taken and line.startswith(self._prefix):
            self.comments.append(line)
            line = next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> str:
        """The text of the record that was read last."""
        raw = "".join(self._taken)
        self._taken.clear()
        return raw


def _explained(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "the file ends within a cell: a quote is not closed, or the file was not fetched whole"
    return f"cannot be read: {error}; a quote stands around a whole cell, and is doubled within one"


def misfit(record: Record, titles: Sequence[str], dialect: Dialect, *, file: str) -> Complaint | None:
    """What is wrong with a record as a row of columns with these titles; None if nothing is."""
    found, width, text = len(record.cells), len(titles), record.raw.rstrip("\r\n")[:_SHOWN]
    if found == 0:
        return Complaint(file, record.row, "", text, f"{width} cells: the line is empty; remove it")
    if found < width:
        return Complaint(file, record.row, titles[found], text, f"{width} cells, not {found}: this one is missing")
    if found > width:
        hint = f"a text with {dialect.delimiter!r} or a line break has to stand in quotes"
        return Complaint(
            file, record.row, titles[-1], text, f"this one to be the last, not {found - width} more: {hint}"
        )
    if not _well_written(dialect).fullmatch(record.raw):
        return Complaint(file, record.row, "", text, _UNUSUAL)
    return None


_SHOWN = 200  # characters of a row that a complaint repeats
_UNUSUAL = "quotes only around whole cells, doubled within, and line ends as RFC 4180 has them"


@lru_cache(maxsize=64)
def _well_written(dialect: Dialect) -> re.Pattern[str]:
    if dialect.quote is None or not dialect.double_quote:
        return re.compile(r"(?s:.*?)(?:\r?\n)?")
    quote, mark = re.escape(dialect.quote), re.escape(dialect.delimiter)
    cell = f"(?:{quote}(?:[^{quote}]|{quote}{quote})*+{quote}|[^{quote}{mark}\r\n]*+)"
    return re.compile(f"{cell}(?:{mark}{cell})*+(?:\r?\n)?")
