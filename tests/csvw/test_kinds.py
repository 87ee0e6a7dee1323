"""The same table as CSV, TSV, Parquet, JSON lines and Excel gives the same quads under the same metadata."""

from __future__ import annotations

import gzip
import json
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from kg import csvw
from kg.errors import KgError, MappingError, SourceFormatError
from kg.pipeline import refusals

KINDS = Path(__file__).parent / "kinds"
GRAPH = "https://example.org/graph"
FILES = ("contracts.csv", "contracts.tsv", "contracts.parquet", "contracts.jsonl", "contracts.xlsx")


def described(folder: Path, url: str) -> Path:
    shutil.copyfile(KINDS / "schema.json", folder / "schema.json")
    metadata = {"@context": "http://www.w3.org/ns/csvw", "url": url, "tableSchema": "schema.json"}
    (folder / "csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    return folder / "csv-metadata.json"


def mapping(folder: Path, url: str, *, keep_going: bool = False) -> csvw.Mapped:
    return csvw.map(csvw.read(described(folder, url)), source="x", graph=GRAPH, keep_going=keep_going)


@pytest.mark.parametrize("name", FILES)
def test_each_kind_gives_the_same(name: str, tmp_path: Path) -> None:
    for file in (name, FILES[0]):
        shutil.copyfile(KINDS / file, tmp_path / file)
    expected = sorted(mapping(tmp_path, FILES[0]).lines())
    assert len(expected) == 12
    assert sorted(mapping(tmp_path, name).lines()) == expected


@pytest.mark.parametrize(("name", "row"), [("contracts.jsonl", 2), ("contracts.parquet", 2), ("contracts.xlsx", 3)])
def test_rows_are_counted_as_they_stand(name: str, row: int, tmp_path: Path) -> None:
    shutil.copyfile(KINDS / name, tmp_path / name)
    located = csvw.locate(csvw.read(described(tmp_path, name)), ["https://example.org/contract/c2"])
    assert located == {"https://example.org/contract/c2": (name, row)}


def test_a_sheet_is_named_behind_the_file(tmp_path: Path) -> None:
    shutil.copyfile(KINDS / "contracts.xlsx", tmp_path / "contracts.xlsx")
    assert mapping(tmp_path, "contracts.xlsx#Contracts").rows == {"Contracts": 3}
    with pytest.raises(SourceFormatError, match=r"contracts\.xlsx: is no Excel file, or has no such sheet"):
        mapping(tmp_path, "contracts.xlsx#Other")


def test_moments_and_lists_of_parquet_are_texts(tmp_path: Path) -> None:
    frame = pl.DataFrame({"at": [datetime(2023, 1, 31, 8, 30)], "all": [["a", "b"]]})
    frame.write_parquet(tmp_path / "t.parquet")
    table = csvw.Table("t", tmp_path / "t.parquet", "t.parquet", csvw.Schema((csvw.Column("all"), csvw.Column("at"))))
    assert csvw.texts(table).rows() == [('["a", "b"]', "2023-01-31T08:30:00.000000")]


def test_json_lines_may_be_packed(tmp_path: Path) -> None:
    (tmp_path / "contracts.jsonl.gz").write_bytes(gzip.compress((KINDS / "contracts.jsonl").read_bytes()))
    assert mapping(tmp_path, "contracts.jsonl.gz").rows == {"contracts": 3}


GOOD = '{"id": "a", "value": 1, "signed": null, "done": true, "count": 1}\n'
WRONG = {
    "not JSON": (f"{GOOD}{{nothing\n", "t.jsonl, row 2: is not JSON"),
    "no object": (f"{GOOD}[1]\n", "t.jsonl, row 2: expected a JSON object"),
    "empty line": (f"{GOOD}\n{GOOD}", "t.jsonl, row 2: is empty; remove the line"),
    "missing key": ('{"id": "a"}\n', "row 1: the header lacks the column value, signed, done, count"),
    "unknown key": (GOOD.replace("count", "number"), "has columns that the schema does not know: number"),
}


@pytest.mark.parametrize(("content", "message"), WRONG.values(), ids=WRONG)
def test_wrong_lines_are_named(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(content, "utf-8")
    with pytest.raises(KgError) as raised:
        mapping(tmp_path, "t.jsonl")
    assert message in str(raised.value)


def test_a_late_key_is_named(tmp_path: Path) -> None:
    late = GOOD.replace("}", ', "extra": 1}')
    (tmp_path / "t.jsonl").write_text(GOOD * 20_000 + late, "utf-8")
    with pytest.raises(SourceFormatError, match="row 20001: has the key extra, which the first rows have not"):
        mapping(tmp_path, "t.jsonl")


@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx"])
def test_other_files_under_the_name_are_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"<html>")
    with pytest.raises(SourceFormatError, match=rf"{name}: is no"):
        mapping(tmp_path, name)


def test_an_absurd_excel_file_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x", "w") as stream:
        for _ in range(300):
            stream.write(bytes(1 << 20))
    with pytest.raises(SourceFormatError, match=r"t\.xlsx: unpacks to 314,572,800 bytes"):
        mapping(tmp_path, "t.xlsx")


def test_wrong_rows_are_written_aside_as_csv(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(GOOD + GOOD.replace('"a"', '"b"').replace("true", '"maybe"'), "utf-8")
    with pytest.raises(MappingError, match="row 2, column done: found 'maybe', expected true or false"):
        mapping(tmp_path, "t.jsonl")
    refused = refusals.of(mapping(tmp_path, "t.jsonl", keep_going=True))
    assert refused is not None
    assert refused.files["t.csv"] == "id,value,signed,done,count\nb,1,,maybe,1\n"
