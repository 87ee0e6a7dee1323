"""From a CSV file to a frame of texts, after checks that Polars leaves out: every row complete, no header twice.

The file is UTF-8 (a byte order mark is allowed), with commas, double quotes and one header row, as the standard's
default dialect has it. Rows count as records, the header being row 1 (RFC 7111): a quoted line break does not start a
new row, so that in a file with such cells an editor's line number runs ahead.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kg.csvw.metadata import Column, Table
from kg.errors import SourceFormatError, SourceUnavailableError

FIRST_ROW = 2
"""The source row of the first record below the header."""

_UNUSUAL = "has quotes or line ends that RFC 4180 does not know; save it anew as CSV"


def texts(table: Table) -> pl.DataFrame:
    """The cells of a table as texts, one column for each that is not virtual, called by its name; no cell is null.

    Raises
    ------
    SourceUnavailableError
        The file is not there.
    SourceFormatError
        It is not UTF-8, its header is not that of the schema, a row has too few or too many cells, a quote is not
        closed.
    """
    names = [column.name for column in table.schema.cells]
    records = _checked_records(table)
    if records == 0:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    try:
        frame = pl.read_csv(table.path, infer_schema=False, new_columns=names)
    except pl.exceptions.PolarsError as error:
        raise SourceFormatError(_UNUSUAL, file=table.file) from error
    if frame.height != records:
        raise SourceFormatError(_UNUSUAL, file=table.file)
    return frame.fill_null("")


def _checked_records(table: Table) -> int:
    """The number of records below the header, once all of them are known to be complete."""
    try:
        with table.path.open(encoding="utf-8-sig", newline="") as stream:
            return _count(table, csv.reader(stream, strict=True))
    except FileNotFoundError as error:
        raise SourceUnavailableError(f"{table.file} is not there, and its metadata names it") from error
    except OSError as error:
        raise SourceUnavailableError(f"{table.file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _not_utf8(table.path, table.file) from error
    except csv.Error as error:
        raise SourceFormatError(f"cannot be read: {error}", file=table.file, row=1) from error


def _count(table: Table, records: Iterator[list[str]]) -> int:
    header = next(records, None)
    if header is None:
        raise SourceFormatError("is empty; expected a header", file=table.file)
    _check_header(table, header)
    width, row = len(header), FIRST_ROW - 1
    try:
        for record in records:
            row += 1
            if len(record) != width:
                raise SourceFormatError(_misfit(len(record), width), file=table.file, row=row)
    except csv.Error as error:
        raise SourceFormatError(f"cannot be read: {error}", file=table.file, row=row + 1) from error
    return row - FIRST_ROW + 1


def _misfit(found: int, width: int) -> str:
    if found == 0:
        return "is empty; remove the line"
    return f"has {found} cells, expected {width}; a text with a comma or a line break has to stand in quotes"


def _check_header(table: Table, header: list[str]) -> None:
    """The header's titles have to be those of the schema, in the same order."""
    if twice := {title for title in header if header.count(title) > 1}:
        raise SourceFormatError(f"the column {min(twice)!r} stands twice in the header", file=table.file, row=1)
    columns = table.schema.cells
    missing = [column.name for column in columns if not any(_means(title, column) for title in header)]
    extra = [title for title in header if not any(_means(title, column) for column in columns)]
    if missing or extra:
        parts = ((missing, "lacks the column"), (extra, "has columns that the schema does not know:"))
        found = "; ".join(f"{words} {', '.join(names)}" for names, words in parts if names)
        raise SourceFormatError(f"the header {found}", file=table.file, row=1)
    if not all(_means(title, column) for title, column in zip(header, columns, strict=True)):
        order = ",".join(column.name for column in columns)
        raise SourceFormatError(f"the columns must stand in the order {order}", file=table.file, row=1)


def _means(title: str, column: Column) -> bool:
    return title == column.name or title in column.titles


def _not_utf8(path: Path, file: str) -> SourceFormatError:
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            return SourceFormatError(f"is not UTF-8: {error}; save it as UTF-8", file=file, row=number)
    return SourceFormatError("is not UTF-8; save it as UTF-8", file=file)
