"""Files of users as inputs: what makes one a new one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg import pipeline


def schema(column: str) -> str:
    columns = [
        {"name": "id", "titles": "id", "suppressOutput": True},
        {"name": "name", "titles": "name", "propertyUrl": column},
    ]
    return json.dumps({"columns": columns, "aboutUrl": "http://example.org/{id}"})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table whose schema is a file of its own."""
    metadata = {"@context": "http://www.w3.org/ns/csvw", "url": "people.csv", "tableSchema": "people.json"}
    (tmp_path / "people.csv").write_text("id,name\n1,Ann\n", "utf-8")
    (tmp_path / "people.csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    (tmp_path / "people.json").write_text(schema("http://example.org/name"), "utf-8")
    return tmp_path / "people.csv"


def test_a_changed_schema_makes_a_table_a_new_input(table: Path) -> None:
    (before,) = pipeline.from_files([table])
    (same,) = pipeline.from_files([table])
    table.with_name("people.json").write_text(schema("http://example.org/label"), "utf-8")
    (after,) = pipeline.from_files([table])
    assert before.digest == same.digest
    assert before.digest != after.digest
