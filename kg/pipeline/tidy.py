"""Tables in the order of their keys, so that a change is a line in one place and two people's rows do not collide.

Records are moved as they stand, with their quotes and line ends; nothing in them is written anew.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from kg import csvw
from kg.csvw import Table, texts
from kg.csvw.dialects import Dialect
from kg.errors import SourceError
from kg.sources.base import Source
from kg.store import durable

Key = list[tuple[int, str]]


def tidy(sources: Iterable[Source]) -> list[Path]:
    """Sort the tables of sources by their primary keys; the files that were not in order.

    Numbers in keys count as numbers. Rows with one key keep their order, and a table without a key stays as it is.
    A file is replaced as a whole.

    Raises
    ------
    SourceUnavailableError, SourceFormatError, MappingError
        A table cannot be read to its last cell, so that a record might be torn; no file was changed.
    SourceError
        A file cannot be written; it is as it was.
    """
    tables = [table for source in sources for table in _own(source)]
    changes = {table.path: text for table in tables if (text := _sorted(table)) is not None}
    for path, text in changes.items():
        _replace(path, text)
    return list(changes)


def _own(source: Source) -> list[Table]:
    """The tables that lie in the source's folder; what a person downloaded stays as it is."""
    tables = csvw.read(source.metadata, root=source.root).tables
    return [table for table in tables if source.download is None or table.path.is_file()]


def in_order(table: Table) -> bool:
    """Whether the rows of a table stand in the order of its primary key; errors as for `tidy`."""
    return _sorted(table) is None


def _sorted(table: Table) -> str | None:
    """The text of a table in order; None where it is so already, or is no plain CSV that a person would sort."""
    if table.path.suffix != ".csv" or table.dialect != Dialect():
        return None
    texts(table)  # refuses what csv alone would take for something: missing cells, stray quotes, other bytes than UTF-8
    mark, text = _marked(table.path.read_bytes().decode())
    (header, _), *records = _records(text)
    ordered = sorted(records, key=lambda record: _key(table, record[1]))
    if ordered == records:
        return None
    end = header[len(header.rstrip("\r\n")) :]
    lines = (line if line.endswith(("\r", "\n")) else line + end for line, _ in ordered)  # the last may have no end
    return "".join((mark, header, *lines))


def _marked(text: str) -> tuple[str, str]:
    """The byte order mark, if there is one, and the text after it."""
    bare = text.removeprefix("\ufeff")
    return text[: len(text) - len(bare)], bare


def _records(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each record as it stands and its cells; one with a line break in quotes has several lines."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for cells in csv.reader(lines(), strict=True):
        yield "".join(taken), cells
        taken.clear()


def _key(table: Table, cells: list[str]) -> Key:
    named = dict(zip((column.name for column in table.schema.cells), cells, strict=True))
    keys = (named[column] for column in table.schema.primary_key)
    return [(int(text) if text.isdecimal() else -1, text) for text in keys]


def _replace(path: Path, text: str) -> None:
    """Put a text in the place of a file, which keeps its rights; what a crash leaves is hidden, so no source's file."""
    target = path.resolve()
    hidden = target.with_name(f".{target.name}")
    try:
        draft = durable.prepared_text(hidden, text)
        shutil.copymode(target, draft)
        durable.put(draft, target)
    except OSError as error:
        with suppress(OSError):
            hidden.with_name(f"{hidden.name}.tmp").unlink()
        raise SourceError(f"cannot sort {path}, which is as it was: {durable.remedy(error)}") from error
