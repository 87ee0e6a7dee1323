"""Sorting tables in place: records are moved as they stand, and a file is replaced as a whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import csvw
from kg.errors import MappingError, SourceError, SourceFormatError
from kg.pipeline import tidy
from kg.pipeline.tidy import in_order
from kg.sources import register
from kg.sources.base import Source

COLUMNS = [
    {"name": "area", "titles": "country", "propertyUrl": "http://example.org/area"},
    {"name": "year", "propertyUrl": "http://example.org/year"},
    {"name": "note", "propertyUrl": "http://example.org/note"},
]
HEADER = b"country,year,note\n"


def source(place: Path, key: list[str], **tables: bytes) -> Source:
    """A source with tables of this content, all of the same columns and key."""
    folder = place / "mine" / "tables"
    folder.mkdir(parents=True)
    (folder.parent / "source.toml").write_text('title = "t"\npublisher = "p"\nlicence = "CC0-1.0"\n', "utf-8")
    schema = {"aboutUrl": "http://example.org/{area}-{year}", "columns": COLUMNS}
    group = {
        "@context": "http://www.w3.org/ns/csvw",
        "tables": [
            {"url": f"{name}.csv", "tableSchema": schema | ({"primaryKey": key} if key else {})} for name in tables
        ],
    }
    (folder / "csv-metadata.json").write_text(json.dumps(group), "utf-8")
    for name, content in tables.items():
        (folder / f"{name}.csv").write_bytes(content)
    return register.find("mine", [place])


def path(of: Source, name: str = "rows") -> Path:
    return of.folder / "tables" / f"{name}.csv"


SORTED = {
    "numbers as numbers": (HEADER + b"CN,10,\nCN,9,\n", HEADER + b"CN,9,\nCN,10,\n"),
    "numbers before words": (HEADER + b"CN,all,\nCN,2020,\nCN,,\n", HEADER + b"CN,,\nCN,all,\nCN,2020,\n"),
    "the same number in two forms": (HEADER + b"CN,9,\nCN,09,\n", HEADER + b"CN,09,\nCN,9,\n"),
    "one key twice": (HEADER + b"JP,1,b\nCN,1,z\nCN,1,a\n", HEADER + b"CN,1,z\nCN,1,a\nJP,1,b\n"),
    "quotes nobody needs": (HEADER + b'"JP","1","b"\nCN,1,a\n', HEADER + b'CN,1,a\n"JP","1","b"\n'),
    "breaks and quotes in cells": (
        HEADER + b'JP,1,"two\nlines, ""so"""\nCN,1,a\n',
        HEADER + b'CN,1,a\nJP,1,"two\nlines, ""so"""\n',
    ),
    "line ends of another system": (
        b"country,year,note\r\nJP,1,\r\nCN,1,\r\n",
        b"country,year,note\r\nCN,1,\r\nJP,1,\r\n",
    ),
    "no line end at the end": (b"country,year,note\r\nJP,1,\r\nCN,1,", b"country,year,note\r\nCN,1,\r\nJP,1,\r\n"),
    "a byte order mark": (b"\xef\xbb\xbf" + HEADER + b"JP,1,\nCN,1,\n", b"\xef\xbb\xbf" + HEADER + b"CN,1,\nJP,1,\n"),
}


@pytest.mark.parametrize(("before", "after"), SORTED.values(), ids=SORTED)
def test_records_are_moved_as_they_stand(before: bytes, after: bytes, tmp_path: Path) -> None:
    mine = source(tmp_path, ["area", "year"], rows=before)
    (table,) = csvw.read(mine.metadata).tables
    assert not in_order(table)
    path(mine).chmod(0o640)
    assert tidy([mine]) == [path(mine)]
    assert path(mine).read_bytes() == after
    assert path(mine).stat().st_mode & 0o777 == 0o640
    assert in_order(table)
    assert tidy([mine]) == []


@pytest.mark.parametrize(
    ("key", "content"),
    [
        (["area"], b"country,year,note\r\nCN,1,\nCN,2,"),
        (["area"], HEADER),
        ([], HEADER + b"JP,1,\nCN,1,\n"),
    ],
)
def test_what_needs_no_sorting_stays_to_the_byte(key: list[str], content: bytes, tmp_path: Path) -> None:
    mine = source(tmp_path, key, rows=content)
    assert tidy([mine]) == []
    assert path(mine).read_bytes() == content


@pytest.mark.parametrize(
    "wrong",
    [
        HEADER + b"JP,1\nCN,1,a\n",
        HEADER + b"JP,1,\xff\nCN,1,a\n",
        HEADER + b'JP,1,"open\nCN,1,a\n',
        HEADER + b'JP,1,"shut" late\nCN,1,a\n',
        HEADER + b"JP,1,a\n\nCN,1,a\n",
        b"country,year,year\nJP,1,a\nCN,1,a\n",
        b"",
    ],
)
def test_what_cannot_be_sorted_safely_is_refused_and_nothing_is_written(wrong: bytes, tmp_path: Path) -> None:
    fine = HEADER + b"JP,1,\nCN,1,\n"
    mine = source(tmp_path, ["area", "year"], first=fine, rows=wrong)
    with pytest.raises((SourceFormatError, MappingError), match=r"rows\.csv"):
        tidy([mine])
    assert (path(mine, "first").read_bytes(), path(mine).read_bytes()) == (fine, wrong)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    mine = source(tmp_path, ["area", "year"], rows=b"")
    target = tmp_path / "elsewhere.csv"
    target.write_bytes(HEADER + b"JP,1,\nCN,1,\n")
    path(mine).unlink()
    path(mine).symlink_to(target)
    tidy([mine])
    assert path(mine).is_symlink()
    assert target.read_bytes() == HEADER + b"CN,1,\nJP,1,\n"


def test_a_file_that_cannot_be_written_is_as_it_was(tmp_path: Path) -> None:
    content = HEADER + b"JP,1,\nCN,1,\n"
    mine = source(tmp_path, ["area", "year"], rows=content)
    obstacle = path(mine).with_name(".rows.csv.tmp")
    obstacle.mkdir()
    with pytest.raises(SourceError, match="which is as it was"):
        tidy([mine])
    assert path(mine).read_bytes() == content
