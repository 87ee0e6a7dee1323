"""A build that keeps going: good rows are published, wrong ones written aside and taken up again once mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import pipeline
from kg.errors import MappingError
from kg.pipeline import Outcome
from kg.store.releases import DataFolder

EX = "https://example.org/"
GOOD, WRONG = "c1,1200.50\n", "c2,a lot\n"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder.open(tmp_path / "data", create=True)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return written(tmp_path)


def written(folder: Path, *, base: str = "", grouped: bool = False) -> Path:
    """A table with a wrong cell; it and its schema lie in the folder ``base``, the metadata above it."""
    columns = [
        {"name": "id", "propertyUrl": f"{EX}id"},
        {"name": "value", "datatype": "decimal", "propertyUrl": f"{EX}value"},
    ]
    schema = {"aboutUrl": f"{EX}{{id}}", "primaryKey": "id", "columns": columns}
    context: object = ["http://www.w3.org/ns/csvw", {"@base": base}] if base else "http://www.w3.org/ns/csvw"
    described = {"url": "contracts.csv", "tableSchema": "contracts.json"}
    metadata = {"@context": context, **({"tables": [described]} if grouped else described)}
    place = folder / base
    place.mkdir(exist_ok=True)
    (place / "contracts.json").write_text(json.dumps(schema), "utf-8")
    (folder / "contracts.csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    (place / "contracts.csv").write_text(f"id,value\n{GOOD}{WRONG}", "utf-8")
    return place / "contracts.csv"


def load(folder: DataFolder, file: Path, *, keep_going: bool = False, dry_run: bool = False) -> Outcome:
    inputs = pipeline.from_files([file], name="contracts", keep_going=keep_going)
    return pipeline.build(folder, inputs, [], complete=False, dry_run=dry_run)


def test_nothing_is_published_unless_asked_for(folder: DataFolder, table: Path) -> None:
    with pytest.raises(MappingError, match="column value: found 'a lot', expected a decimal number"):
        load(folder, table)
    assert folder.current() is None


def test_good_rows_are_published_and_the_others_written_aside(folder: DataFolder, table: Path) -> None:
    outcome = load(folder, table, keep_going=True)
    assert outcome.published
    assert outcome.rows == 1
    assert outcome.refused == {"load/contracts": {"contracts": 1}}
    assert outcome.release is not None
    assert outcome.release.manifest.sources["load/contracts"]["refused"] == {"contracts": 1}
    assert outcome.refused_in is not None
    place = outcome.refused_in / "load" / "contracts"
    assert (place / "contracts.csv").read_text("utf-8") == f"id,value\n{WRONG}"
    reasons = "row,source_row,column,found,expected\n2,3,value,a lot,a decimal number\n"
    assert (place / "contracts.reasons.csv").read_text("utf-8") == reasons


def test_a_dry_run_writes_nothing(folder: DataFolder, table: Path) -> None:
    outcome = load(folder, table, keep_going=True, dry_run=True)
    assert (outcome.refused, outcome.refused_in) == ({"load/contracts": {"contracts": 1}}, None)
    assert list(folder.layout.refused.iterdir()) == []


def test_what_was_left_out_is_not_forgotten(folder: DataFolder, table: Path) -> None:
    load(folder, table, keep_going=True)
    assert load(folder, table, keep_going=True).refused == {"load/contracts": {"contracts": 1}}
    with pytest.raises(MappingError):
        load(folder, table)
    table.write_text(f"id,value\n{GOOD}c2,3\n", "utf-8")
    mended = load(folder, table)
    assert (mended.rows, mended.refused) == (2, {})


@pytest.mark.parametrize(("base", "grouped"), [("", False), ("", True), ("deeper/", False), ("deeper/", True)])
def test_mended_rows_are_loaded_from_where_they_were_written(
    folder: DataFolder, tmp_path: Path, base: str, grouped: bool
) -> None:
    written(tmp_path, base=base, grouped=grouped)
    outcome = load(folder, tmp_path / "contracts.csv-metadata.json", keep_going=True)
    assert outcome.refused_in is not None
    place = outcome.refused_in / "load" / "contracts"
    aside = place / "contracts.csv"
    aside.write_text(aside.read_text("utf-8").replace("a lot", "3"), "utf-8")
    inputs = pipeline.from_files([place / "csv-metadata.json"], name="mended")
    assert pipeline.build(folder, inputs, [], complete=False).rows == 2
