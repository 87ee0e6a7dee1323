"""Metadata and files that are not what they should be: the error names file, place and what to do."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kg import csvw
from kg.errors import MappingError, SourceFormatError, SourceUnavailableError

EX = "http://example.org/"
GOOD: dict[str, Any] = {
    "@context": "http://www.w3.org/ns/csvw",
    "dc:title": "annotations are let pass",
    "tables": [
        {
            "url": "t.csv",
            "aboutUrl": f"{EX}{{key}}",
            "tableSchema": {
                "columns": [
                    {"name": "key", "titles": ["Key", "ID"], "suppressOutput": True},
                    {"name": "day", "propertyUrl": f"{EX}day", "datatype": {"base": "date"}},
                ],
                "primaryKey": "key",
            },
        }
    ],
}
CSV = b"Key,day\na,2020-01-01\n"


def change(*path: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    """A change of one place of the good metadata; a value of None takes it away."""

    def apply(metadata: dict[str, Any]) -> None:
        node: Any = metadata
        for step in path[:-1]:
            node = node[step]
        if value is None:
            del node[path[-1]]
        else:
            node[path[-1]] = value

    return apply


TABLE = ("tables", 0)
SCHEMA = (*TABLE, "tableSchema")
DAY = (*SCHEMA, "columns", 1)
LIST = {"name": "key", "suppressOutput": True, "separator": ";"}
WRONG = {
    "context": (change("@context", value="http://schema.org/"), "@context: expected http://www.w3.org/ns/csvw"),
    "no context": (change("@context", value=None), "the document: has no @context"),
    "unknown property": (change(*DAY, "datatyp", value="date"), "columns[1].datatyp: is not a property"),
    "unknown in group": (change("dialects", value={}), "dialects: is not a property"),
    "wrong dialect": (change("dialect", value={"delimiter": ""}), "dialect.delimiter: expected one character"),
    "unknown encoding": (change("dialect", value={"encoding": "utf-9"}), "dialect.encoding: 'utf-9' is no encoding"),
    "line ends": (change("dialect", value={"lineTerminators": "|"}), "lineTerminators: lines are read that end in LF"),
    "wrong type": (change(*DAY, "required", value="yes"), 'columns[1].required: expected true or false, found "yes"'),
    "datatype": (change(*DAY, "datatype", value="dat"), "columns[1].datatype: the datatype 'dat' is not supported"),
    "number format": (
        change(*DAY, "datatype", value={"base": "decimal", "format": "0.0x"}),
        "datatype.format: '0.0x' is not a number pattern",
    ),
    "date format": (
        change(*DAY, "datatype", value={"base": "date", "format": "DD.MM.YYYY"}),
        "datatype.format: 'D' is not a field of a date",
    ),
    "boolean format": (
        change(*DAY, "datatype", value={"base": "boolean", "format": "yes"}),
        "datatype.format: expected the two words",
    ),
    "regular expression": (
        change(*DAY, "datatype", value={"format": "[a-z"}),
        "datatype.format: '[a-z' is not a regular expression",
    ),
    "bound of a text": (
        change(*DAY, "datatype", value={"base": "string", "minimum": 1}),
        "datatype.minimum: values of string cannot be compared",
    ),
    "half a bound": (
        change(*DAY, "datatype", value={"base": "integer", "minimum": 0.5}),
        "datatype.minimum: 0.5 is no bound for values of integer: expected an integer",
    ),
    "bound that is no number": (
        change(*DAY, "datatype", value={"base": "decimal", "maxExclusive": "abc"}),
        "datatype.maxExclusive: 'abc' is no bound for values of decimal: expected a decimal number",
    ),
    "bound that is no day": (
        change(*DAY, "datatype", value={"base": "date", "maximum": "2020-02-30"}),
        "datatype.maximum: '2020-02-30' is no bound for values of date",
    ),
    "list in a key": (
        change(*SCHEMA, value={**GOOD["tables"][0]["tableSchema"], "columns": [LIST]}),
        "primaryKey: 'key' holds lists",
    ),
    "list in a foreign key": (
        change(
            *SCHEMA,
            value={
                "columns": [LIST],
                "foreignKeys": [
                    {"columnReference": "key", "reference": {"resource": "t.csv", "columnReference": "key"}}
                ],
            },
        ),
        "columnReference: 'key' holds lists (separator), which cannot be part of a key",
    ),
    "length of a date": (
        change(*DAY, "datatype", value={"base": "date", "length": 10}),
        "datatype.length: length is for texts, not for date",
    ),
    "no propertyUrl": (change(*DAY, "propertyUrl", value=None), "columns[1]: column day has no propertyUrl"),
    "no aboutUrl": (change(*TABLE, "aboutUrl", value=None), "columns[1]: column day has no aboutUrl"),
    "unknown variable": (change(*DAY, "valueUrl", value=f"{EX}{{dya}}"), "uses 'dya'; usable, one value a cell: day"),
    "operator": (
        change(*DAY, "valueUrl", value=f"{EX}{{?day}}"),
        "valueUrl: 'http://example.org/{?day}' {?day} is not",
    ),
    "brace": (change(*DAY, "valueUrl", value=f"{EX}{{day"), "has a brace without its partner"),
    "relative template": (change(*DAY, "valueUrl", value="id/{day}"), "does not give an absolute IRI"),
    "unknown prefix": (change(*DAY, "propertyUrl", value="tt day"), "does not give an absolute IRI"),
    "ordered": (change(*DAY, "ordered", value=True), "columns[1].ordered: ordered lists are not supported"),
    "separator": (change(*DAY, "separator", value=""), "columns[1].separator: expected at least one character"),
    "language": (change(*DAY, "lang", value="e n"), "columns[1].lang: 'e n' is not a language tag"),
    "column name": (change(*DAY, "name", value="_day"), "columns[1].name: '_day' is no column name"),
    "column twice": (change(*DAY, "name", value="key"), "tableSchema: two columns are called key"),
    "primary key": (change(*SCHEMA, "primaryKey", value="kye"), "primaryKey: 'kye' is no column of the table"),
    "virtual first": (
        change(*SCHEMA, "columns", 0, "virtual", value=True),
        "columns[1]: stands after a virtual column",
    ),
    "table outside": (change(*TABLE, "url", value="../t.csv"), "tables[0].url: '../t.csv' leads out of the folder"),
    "table on the network": (change(*TABLE, "url", value=f"{EX}t.csv"), "only files beside the metadata"),
    "schema on the network": (
        change(*SCHEMA, value=f"{EX}s.json"),
        "tables[0].tableSchema: 'http://example.org/s.json'",
    ),
    "no tables": (change("tables", value=[]), "tables: expected a list with at least one element, found []"),
    "foreign key": (
        change(*SCHEMA, "foreignKeys", value=[{"columnReference": "day", "reference": {"resource": "u.csv"}}]),
        "reference: has no columnReference",
    ),
    "table not there": (
        change(
            *SCHEMA,
            "foreignKeys",
            value=[{"columnReference": "day", "reference": {"resource": "u.csv", "columnReference": "x"}}],
        ),
        "reference.resource: is no table of this group",
    ),
}


@pytest.mark.parametrize(("damage", "message"), WRONG.values(), ids=WRONG)
def test_wrong_metadata(tmp_path: Path, damage: Callable[[dict[str, Any]], None], message: str) -> None:
    metadata = copy.deepcopy(GOOD)
    damage(metadata)
    with pytest.raises(SourceFormatError) as raised:
        csvw.map(csvw.read(write(tmp_path, metadata)), source="test", graph=f"{EX}graph")
    assert str(raised.value).startswith("csv-metadata.json: ")
    assert message in str(raised.value)


FILES = {
    "missing column": (b"Key\na\n", "t.csv, row 1: the header lacks the column day"),
    "extra column": (b"Key,day,x\na,,\n", "t.csv, row 1: the header has columns that the schema does not know: x"),
    "order": (b"day,ID\n,a\n", "t.csv, row 1: the columns must stand in the order key,day"),
    "duplicate header": (b"Key,day,day\na,,\n", "t.csv, row 1: the column 'day' stands twice in the header"),
    "no header": (b"", "t.csv: is empty; expected a header"),
    "open quote": (b'key,day\n"a,2020-01-01\n', "t.csv, row 2: the file ends within a cell"),
    "not UTF-8": (b"key,day\na,\xe4\n", "t.csv, row 2: cell 2 holds the bytes e4, which are not UTF-8"),
    "old line ends": (b"key,day\ra,\rb,\r", "t.csv, row 1: has line ends that RFC 4180 does not know"),
    "broken header": (b'"key,day\na,\n', "t.csv, row 1: the file ends within a cell"),
}


@pytest.mark.parametrize(("content", "message"), FILES.values(), ids=FILES)
def test_wrong_files(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(SourceFormatError) as raised:
        csvw.map(csvw.read(write(tmp_path, GOOD, content)), source="test", graph=f"{EX}graph")
    assert str(raised.value).startswith(message)


ROWS = {
    "short row": (
        b"key,day\na,2020-01-01\nb\n",
        "t.csv, row 3, column day: found 'b', expected 2 cells, not 1: this one is missing",
    ),
    "long row": (
        b'key,day\n"a\nb",2020-01-01,\n',
        "t.csv, row 2, column day: found '\"a\\nb\",2020-01-01,', expected this one to be the last, not 1 more",
    ),
    "empty line": (b"key,day\na,\n\nb,\n", "t.csv, row 3: found '', expected 2 cells: the line is empty; remove it"),
    "mixed line ends": (b"key,day\na,\rb,\n", "t.csv, row 2: found 'a,', expected quotes only around whole cells"),
    "stray quote": (b'key,day\na"b,\n', "t.csv, row 2: found 'a\"b,', expected quotes only around whole cells"),
}


@pytest.mark.parametrize(("content", "message"), ROWS.values(), ids=ROWS)
def test_rows_that_are_none(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(MappingError) as raised:
        csvw.map(csvw.read(write(tmp_path, GOOD, content)), source="test", graph=f"{EX}graph")
    assert message in str(raised.value)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    (tmp_path / "t.csv").unlink()
    with pytest.raises(SourceUnavailableError, match=r"t\.csv is not there"):
        csvw.map(csvw.read(path), source="test", graph=f"{EX}graph")
    with pytest.raises(SourceUnavailableError, match=r"m\.json is not there"):
        csvw.read(tmp_path / "m.json")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    (tmp_path / "t.csv").unlink()
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(SourceUnavailableError, match=r"t\.csv cannot be read: "):
        csvw.map(csvw.read(path), source="test", graph=f"{EX}graph")
    with pytest.raises(SourceUnavailableError, match=r"cannot be read: "):
        csvw.read(tmp_path)


def test_a_graph_is_named_by_an_iri(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match="'a b' cannot name a graph: give an IRI such as"):
        csvw.map(csvw.read(write(tmp_path, GOOD)), source="test", graph="a b")


@pytest.mark.parametrize(
    ("base", "limit"),
    [("integer", -3), ("long", "+7"), ("decimal", 0.5), ("double", "1e3"), ("double", 1e22), ("gYear", 2020)],
)
def test_bounds_that_values_can_keep_to(base: str, limit: object, tmp_path: Path) -> None:
    metadata = copy.deepcopy(GOOD)
    change(*DAY, "datatype", value={"base": base, "minimum": limit})(metadata)
    csvw.read(write(tmp_path, metadata))


def test_row_numbers_ask_nothing_of_optional_cells(tmp_path: Path) -> None:
    metadata = copy.deepcopy(GOOD)
    extra = {"name": "x", "virtual": True, "propertyUrl": f"{EX}x", "valueUrl": f"{EX}{{_row}}/{{_sourceRow}}/{{day}}"}
    metadata["tables"][0]["tableSchema"]["columns"].append(extra)
    path = write(tmp_path, metadata, b"key,day\na,2020-01-01\nb,\n")
    lines = list(csvw.map(csvw.read(path), source="test", graph=f"{EX}graph").lines())
    assert [line for line in lines if f"{EX}x" in line] == [f"<{EX}a> <{EX}x> <{EX}1/2/2020-01-01> <{EX}graph> ."]


@pytest.mark.parametrize("text", ["{", '{"a": 1, "a": 2}', '{"@context": "\udcff"}'])
def test_documents_that_are_no_json(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SourceFormatError, match=r"m\.json: is not JSON in UTF-8"):
        csvw.read(tmp_path / "m.json")


def test_a_schema_of_the_project_is_found_from_anywhere(tmp_path: Path) -> None:
    metadata = copy.deepcopy(GOOD)
    metadata["tables"][0] = {"url": "t.csv", "tableSchema": "https://w3id.org/techtransfer/schemas/areas.json"}
    group = csvw.read(write(tmp_path, metadata))
    assert [path.name for path in group.files] == ["csv-metadata.json", "areas.json", "t.csv"]


def test_a_schema_beside_the_source_is_shared_within_the_root(tmp_path: Path) -> None:
    metadata = copy.deepcopy(GOOD)
    schema = metadata["tables"][0]["tableSchema"]
    metadata["tables"][0]["tableSchema"] = "../../shared.json"
    (tmp_path / "shared.json").write_text(json.dumps(schema), encoding="utf-8")
    folder = tmp_path / "source" / "tables"
    folder.mkdir(parents=True)
    path = write(folder, metadata)
    assert csvw.map(csvw.read(path, root=tmp_path), source="test", graph=f"{EX}graph").rows == {"t": 1}
    with pytest.raises(SourceFormatError, match="leads out of the folder tables"):
        csvw.read(path)


def test_subjects_are_located(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD, b"key,day\na,2020-01-01\nb c,2020-01-02\n")
    located = csvw.locate(csvw.read(path), [f"{EX}b%20c", f"{EX}a", f"{EX}unknown"])
    assert located == {f"{EX}a": ("t.csv", 2), f"{EX}b%20c": ("t.csv", 3)}


def test_tables_that_cannot_state_a_subject_are_not_opened(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    group = csvw.read(path)
    (tmp_path / "t.csv").unlink()
    assert csvw.locate(group, ["http://elsewhere.example/a"]) == {}


def write(folder: Path, metadata: dict[str, Any], content: bytes = CSV) -> Path:
    (folder / "csv-metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    (folder / "t.csv").write_bytes(content)
    return folder / "csv-metadata.json"
