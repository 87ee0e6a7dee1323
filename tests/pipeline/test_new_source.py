"""A source folder from a table: what is guessed, that it builds as it was written, and what is refused."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from kg import pipeline
from kg.csvw import guessing
from kg.errors import ConfigError, MappingError, SourceError, SourceFormatError, SourceUnavailableError
from kg.pipeline.new_source import new_source
from kg.sources import register
from kg.store.releases import DataFolder

KINDS = Path(__file__).parents[1] / "csvw" / "kinds"

COMMA = {"decimalChar": ",", "groupChar": "."}
COLUMNS = {
    "whole numbers": ("n", ["1", "-20", "0"], "integer"),
    "leading zeros": ("n", ["01", "20", "03"], None),
    "decimals": ("n", ["1.5", "20", "0.25"], "decimal"),
    "groups": ("n", ["1,200", "20", "3,000,000"], {"base": "integer", "format": {"groupChar": ","}}),
    "groups and decimals": ("n", ["1,200.5", "20", "3"], {"base": "decimal", "format": {"groupChar": ","}}),
    "decimal comma": ("n", ["1.200,5", "20", "3,1"], {"base": "decimal", "format": COMMA}),
    "exponents": ("n", ["1e6", "2.5e-3"], "double"),
    "ISO dates": ("n", ["2023-01-31", "2024-02-29"], "date"),
    "no dates": ("n", ["2023-01-31", "2023-02-29"], None),
    "German dates": ("n", ["31.1.2023", "01.02.2023"], {"base": "date", "format": "d.M.yyyy"}),
    "days first": ("n", ["31/01/2023", "01/02/2023"], {"base": "date", "format": "d/M/yyyy"}),
    "months first": ("n", ["01/31/2023", "01/02/2023"], {"base": "date", "format": "M/d/yyyy"}),
    "eight digits": ("n", ["20230131", "20240229"], "integer"),
    "eight digits of a date": ("Start date", ["20230131", "20240229"], {"base": "date", "format": "yyyyMMdd"}),
    "years": ("Year", ["1999", "2024"], "gYear"),
    "four digits": ("n", ["1999", "2024"], "integer"),
    "truth": ("n", ["Yes", "No", "Yes"], {"base": "boolean", "format": "Yes|No"}),
    "moments": ("n", ["2023-01-31T08:30:00Z"], "dateTime"),
    "addresses": ("n", ["https://example.org/a", "http://example.org/b?c=d"], "anyURI"),
    "texts": ("n", ["a", "1"], None),
    "nothing": ("n", ["", ""], None),
}


@pytest.mark.parametrize(("title", "values", "datatype"), COLUMNS.values(), ids=COLUMNS)
def test_datatypes_that_every_value_agrees_on(title: str, values: list[str], datatype: object) -> None:
    (guess,) = guessing.guess([title], pl.DataFrame({"0": values}))
    assert guess.datatype == datatype


def test_null_markers_are_what_stands_where_nothing_else_misfits() -> None:
    frame = pl.DataFrame({"0": ["1", "-", "n/a", ""], "1": ["a", "-", "NULL", "b"], "2": ["1", "-", "?", "x"]})
    found = [(each.nulls, each.required) for each in guessing.guess(["a", "b", "c"], frame)]
    assert found == [(("-", "n/a"), False), (("NULL",), False), ((), True)]


LOOKS = {
    "Country": (["DE", "NA"], "a country by its ISO 3166-1 code of two letters"),
    "country name": (["Namibia", "Germany"], "a country by its name"),
    "nation": (["NAM", "DEU"], "a country by its ISO 3166-1 code of three letters"),
    "grid": (["grid.1.1a", "grid.20.b"], "a GRID identifier"),
    "doi": (["10.1000/182", "https://doi.org/10.5281/zenodo.1"], "a DOI"),
    "Award": (["1.5", "2"], "money: say in which currency"),
    "price": (["€ 1,200", "€ 2"], "money with its sign: it stays a text until the sign is gone"),
    "unit": (["£000s"], ""),
    "project id": (["a", "b"], "an identifier"),
    "when": (["03/04/2023", "05/06/2023"], "a date, with the day first; M/d/yyyy fits as well"),
    "empty": ([""], "nothing: no row of the sample has a value"),
}


@pytest.mark.parametrize(("title", "values", "words"), [(title, *found) for title, found in LOOKS.items()], ids=LOOKS)
def test_what_a_column_looks_like(title: str, values: list[str], words: str) -> None:
    (guess,) = guessing.guess([title], pl.DataFrame({"0": values}))
    assert guess.looks_like == words


def test_names_are_what_templates_can_use() -> None:
    titles = ["On Street", "région", "projectID", "年", "on street", "1st"]
    assert guessing.names(titles) == ["on_street", "region", "project_id", "column_4", "on_street_5", "1st"]


KEYS = [
    ({"name": ["x", "y"], "id": ["1", "2"]}, ("id",)),
    ({"year": ["1", "1", "2"], "who": ["a", "b", "a"]}, ("year", "who")),
    ({"year": ["1", "1"], "who": ["a", "a"]}, ()),
    ({"id": ["1", ""], "name": ["x", "y"]}, ("name",)),
]


@pytest.mark.parametrize(("columns", "expected"), KEYS)
def test_keys(columns: dict[str, list[str]], expected: tuple[str, ...]) -> None:
    frame = pl.DataFrame(columns)
    assert guessing.key(guessing.guess(list(columns), frame), frame) == expected


TABLE = "Office ID;Land;Budget EUR\no-1;Österreich;1.200,50\no-2;France;n/a\n"


@pytest.mark.parametrize("pack", [False, True], ids=["plain", "packed"])
def test_what_was_written_builds_at_once(pack: bool, tmp_path: Path) -> None:
    file = tmp_path / ("offices.csv.gz" if pack else "offices.csv")
    text = TABLE.encode("windows-1252")
    file.write_bytes(gzip.compress(text) if pack else text)
    written = new_source("offices", file, tmp_path / "sources")
    assert (written.key, written.rows, written.before_building) == (("office_id",), 2, "")
    (source,) = register.discover([tmp_path / "sources"])
    outcome = pipeline.build(
        DataFolder.open(tmp_path / "data", create=True), pipeline.from_sources([source]), [], complete=False
    )
    assert outcome.published
    assert outcome.rows == 2


@pytest.mark.parametrize("name", ["contracts.jsonl", "contracts.parquet", "contracts.xlsx", "contracts.tsv"])
def test_other_kinds_of_tables(name: str, tmp_path: Path) -> None:
    shutil.copyfile(KINDS / name, tmp_path / name)
    written = new_source("contracts", tmp_path / name, tmp_path / "sources")
    assert (written.key, written.rows, written.before_building) == (("id",), 3, "")


def test_what_must_be_edited_first_is_said(tmp_path: Path) -> None:
    rows = "".join(f"{n}\n" for n in range(guessing.SAMPLE_ROWS + 200_000))
    (tmp_path / "t.csv").write_text(f"id\n{rows}unknown\n", "utf-8")
    written = new_source("numbers", tmp_path / "t.csv", tmp_path / "sources")
    assert "column id: found 'unknown', expected an integer" in written.before_building


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id\n1\n", "utf-8")
    written = new_source("mine", tmp_path / "t.csv", tmp_path)
    metadata = written.folder / "tables" / "csv-metadata.json"
    metadata.write_text(json.dumps({"edited": True}), "utf-8")
    with pytest.raises(SourceError, match="is there already, and nothing in it is overwritten"):
        new_source("mine", tmp_path / "t.csv", tmp_path)
    assert json.loads(metadata.read_text("utf-8")) == {"edited": True}


def test_wrong_names_and_files_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,x\n1\n", "utf-8")
    (tmp_path / "empty.csv").write_text("", "utf-8")
    (tmp_path / "t.doc").write_text("", "utf-8")
    places = tmp_path / "sources"
    for name, file, error in (
        ("My Register", "t.csv", ConfigError),
        ("mine", "none.csv", SourceUnavailableError),
        ("mine", "t.doc", SourceFormatError),
        ("mine", "empty.csv", SourceFormatError),
        ("mine", "t.csv", MappingError),
    ):
        with pytest.raises(error):
            new_source(name, tmp_path / file, places)
    assert not places.exists()
