"""Rows that are left out of a build that keeps going, written beside it in a form that can be mended and loaded.

For each table of an input that has some there is a CSV file of these rows as they stand, header included, and
``<table>.reasons.csv``, which says of each what is wrong where. ``csv-metadata.json`` describes the former as the
source's metadata does, so that a mended file can be put back, or loaded by itself.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.csvw import Mapped, Table, raw_rows
from kg.csvw.files import table_name
from kg.errors import Complaint
from kg.store.durable import explained
from kg.store.releases import DataFolder

_REASONS = ("row", "source_row", "column", "found", "expected")
_FILE_BOUND = ("encoding", "skipRows", "skipColumns")  # of a dialect: what the file of refused rows has not
_IN_PLACE = ("@context", "tables", "tableSchema")  # of a group: what is written anew


@dataclass(frozen=True)
class Refused:
    """What is left out of one input: the number of rows of each table, and texts of files by name."""

    rows: Mapping[str, int]
    files: Mapping[str, str]


def of(mapped: Mapped) -> Refused | None:
    """What a mapping left out; None if that is nothing. The tables' files are read again for it."""
    pairs = [(table, [item for item in mapped.refused if item.file == table.file]) for table in mapped.group.tables]
    found = [(table, complaints) for table, complaints in pairs if complaints]
    if not found:
        return None
    files = {"csv-metadata.json": _metadata(mapped.group.path, {table.name: table for table, _ in found})}
    for table, complaints in found:
        numbers = sorted({item.row for item in complaints})
        files[f"{table.name}.csv"] = "".join(_ended(row) for row in raw_rows(table, set(numbers)))
        files[f"{table.name}.reasons.csv"] = _reasons(table, complaints, numbers)
    return Refused({table.name: len({item.row for item in complaints}) for table, complaints in found}, files)


def keep(folder: DataFolder, refused: Mapping[str, Refused], identifier: str) -> Path:
    """Write what was left out of each input into a folder, which is returned; StoreError if it cannot be written."""
    place = folder.refused(identifier)
    with explained(f"cannot write to {place}"):
        for name, each in refused.items():
            room = place / name
            room.mkdir(parents=True, exist_ok=True)
            for file, text in each.files.items():
                (room / file).write_text(text, encoding="utf-8", newline="")
    return place


def _ended(row: str) -> str:
    """A row with a line end: the last one of a file may have none."""
    return row if row.endswith(("\n", "\r")) or not row else f"{row}\n"


def _reasons(table: Table, complaints: Iterable[Complaint], numbers: list[int]) -> str:
    first = table.dialect.header_rows + 1
    places = {number: place for place, number in enumerate(numbers, first)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_REASONS)
    writer.writerows((places[each.row], each.row, each.column, each.value, each.expected) for each in complaints)
    return text.getvalue()


def _metadata(path: Path, tables: Mapping[str, Table]) -> str:
    """The metadata of these tables alone: schemas in place, and without references to tables that are not there."""
    group: dict[str, Any] = json.loads(path.read_text("utf-8-sig"))
    named = group.get("tables", [group])
    kept = [_described(described, tables[_name(described)]) for described in named if _name(described) in tables]
    rest = {key: group[key] for key in group if key == "dialect" or ("tables" in group and key not in _IN_PLACE)}
    written = {"@context": _context(group), **_unbound(rest), "tables": kept}
    return json.dumps(written, ensure_ascii=False, indent=2) + "\n"


def _context(group: Mapping[str, Any]) -> Any:
    """The context without a base: what is written aside lies together."""
    context = group["@context"]
    if not isinstance(context, list):
        return context
    kept = [{key: value for key, value in each.items() if key != "@base"} for each in context if isinstance(each, dict)]
    return [context[0], *filter(None, kept)]


def _name(table: Mapping[str, Any]) -> str:
    file, _, member = str(table["url"]).partition("#")
    return table_name(member or file)


def _described(given: Mapping[str, Any], table: Table) -> dict[str, Any]:
    found = table.described.members() if table.described else {}
    schema = {key: node.value for key, node in found.items() if key not in ("foreignKeys", "@context")}
    known = {key: value for key, value in given.items() if key != "@context"}
    return {**_unbound(known), "url": f"{table.name}.csv", "tableSchema": schema}


def _unbound(described: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(dialect := described.get("dialect"), dict):
        return described
    return {**described, "dialect": {key: value for key, value in dialect.items() if key not in _FILE_BOUND}}
