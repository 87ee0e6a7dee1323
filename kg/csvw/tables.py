"""From a table's file to batches of texts under the names of its schema, after a look at the header.

Rows count as records, the header being row 1 (RFC 7111): a quoted line break does not start a new row, so that in a
file with such cells an editor's line number runs ahead.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from kg import packed
from kg.csvw import frames, text
from kg.csvw.metadata import Column, Table
from kg.csvw.text import Batch, Sheet
from kg.errors import MappingError, SourceFormatError


def opened(table: Table) -> Sheet:
    """The file of a table, its header read and not looked at.

    Raises
    ------
    SourceUnavailableError
        The file is not there.
    SourceFormatError
        It is damaged, not in its encoding, or a quote is not closed; from the batches as well.
    """
    if table.path.name.endswith(frames.KINDS):
        return frames.sheet(table.path, file=table.file, member=table.member)
    pieces = packed.pieces(table.path, name=table.file, member=table.member)
    return text.sheet(pieces, table.dialect, file=table.file)


def batches(table: Table) -> Iterator[Batch]:
    """The cells of a table as texts, one column for each that is not virtual, called by its name; no cell is null.

    Raises
    ------
    SourceUnavailableError, SourceFormatError
        As for `opened`; or the header is not that of the schema. Rows of another width are misfits of their batch.
    """
    sheet = opened(table)
    names = [column.name for column in table.schema.cells]
    if sheet.header or table.dialect.header_rows:
        _check_header(table, sheet.header[-1] if sheet.header else [], in_order=not sheet.by_name)
    elif sheet.width not in (0, len(names)):
        message = f"rows have {sheet.width} cells, expected {len(names)}: {', '.join(names)}"
        raise SourceFormatError(message, file=table.file, row=1)
    found = _in_file(table, sheet.header[-1]) if sheet.by_name else names
    for batch in sheet.batches:
        batch.cells.columns = found
        yield replace(batch, cells=batch.cells.select(names))


def _in_file(table: Table, header: list[str]) -> list[str]:
    """The names of the columns in the order in which a header has their titles."""
    columns = table.schema.cells
    return [next(column.name for column in columns if _means(title, column)) for title in header]


def texts(table: Table) -> pl.DataFrame:
    """All cells of a table at once; MappingError where rows are misfits, else errors as for `batches`."""
    found = list(batches(table))
    if misfits := [misfit for batch in found for misfit in batch.misfits]:
        raise MappingError(table.file, misfits)
    empty = pl.DataFrame(schema=dict.fromkeys((column.name for column in table.schema.cells), pl.String))
    return pl.concat([empty, *(batch.cells for batch in found)])


def raw_rows(table: Table, rows: set[int]) -> Iterator[str]:
    """The header of a table and these rows as they stand in its file; of other files than CSV, as CSV has them."""
    if table.path.name.endswith(frames.KINDS):
        yield from _as_csv(table, rows)
        return
    pieces = packed.pieces(table.path, name=table.file, member=table.member)
    for record in text.raw_records(pieces, table.dialect, rows, file=table.file):
        yield record.raw


def _as_csv(table: Table, rows: set[int]) -> Iterator[str]:
    yield _csv([[column.name for column in table.schema.cells]])
    for batch in batches(table):
        yield _csv(batch.cells.filter(batch.rows.is_in(list(rows))).rows())


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _check_header(table: Table, header: list[str], *, in_order: bool = True) -> None:
    """The header's titles have to be those of the schema, in the same order where it matters."""
    row = table.dialect.skip_rows + table.dialect.header_rows or 1
    if not header:
        raise SourceFormatError("is empty; expected a header", file=table.file)
    if twice := {title for title in header if header.count(title) > 1}:
        raise SourceFormatError(f"the column {min(twice)!r} stands twice in the header", file=table.file, row=row)
    columns = table.schema.cells
    missing = [column.name for column in columns if not any(_means(title, column) for title in header)]
    extra = [title for title in header if not any(_means(title, column) for column in columns)]
    if missing or extra:
        parts = ((missing, "lacks the column"), (extra, "has columns that the schema does not know:"))
        found = "; ".join(f"{words} {', '.join(names)}" for names, words in parts if names)
        expected = ",".join(column.name for column in columns)
        raise SourceFormatError(f"the header {found}; expected {expected}", file=table.file, row=row)
    if in_order and not all(_means(title, column) for title, column in zip(header, columns, strict=True)):
        order = ",".join(column.name for column in columns)
        raise SourceFormatError(f"the columns must stand in the order {order}", file=table.file, row=row)


def _means(title: str, column: Column) -> bool:
    return title == column.name or any(title == known.text for known in column.titles)
