"""Headers and schemas of tables of anybody: which column is which, and what is warned of where the two differ.

References
----------
W3C, Metadata Vocabulary for Tabular Data, section 5.5.1, Schema Compatibility.
"""

from __future__ import annotations

from dataclasses import replace

from kg.csvw.document import Notes
from kg.csvw.metadata import Column, Schema, Table, Title
from kg.csvw.templates import variable_name
from kg.csvw.text import Sheet


def with_schema(table: Table, sheet: Sheet, notes: Notes) -> Table:
    """The table with a column for each of the file; headers that differ from the schema are warned of."""
    header = list(zip(*sheet.header, strict=False))
    if table.undescribed is None:
        columns = tuple(_embedded(titles, number) for number, titles in enumerate(header, 1))
        columns = columns or tuple(Column(f"_col.{number}") for number in range(1, sheet.width + 1))
        return replace(table, schema=Schema(columns))
    cells = list(table.schema.cells)
    if cells and len(cells) != sheet.width:
        notes.warn(f"{table.file}: has {sheet.width} columns, and its schema {len(cells)}")
    for column, titles in zip(cells, header, strict=False):
        if column.titles and not any(_alike(title, column, known) for title in titles for known in column.titles):
            expected = " or ".join(title.text for title in column.titles)
            notes.warn(f"{table.file}: expected the column {expected}, found {titles[-1]}")
    more = (replace(table.undescribed, name=f"_col.{n}") for n in range(len(cells) + 1, sheet.width + 1))
    virtual = (column for column in table.schema.columns if column.virtual)
    return replace(table, schema=replace(table.schema, columns=(*cells[: sheet.width], *more, *virtual)))


def _embedded(titles: tuple[str, ...], number: int) -> Column:
    text = next((title for title in titles if title), "")
    return Column(variable_name(text) if text else f"_col.{number}", tuple(Title(title) for title in titles))


def _alike(title: str, column: Column, known: Title) -> bool:
    """Whether a header is a title; its language is the column's, and languages match as far as the shorter one goes."""
    if title != known.text:
        return False
    if known.language is None or column.language is None:
        return True
    short, long = sorted((known.language, column.language), key=len)
    return long == short or long.startswith(f"{short}-")
