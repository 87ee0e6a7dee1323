"""The command line as a person meets it: real processes, exit codes, what stands on which stream."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store.releases import DataFolder

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}


def kg(*arguments: str, data: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**ENVIRONMENT, **({"KG_DATA_DIR": str(data)} if data else {}), **variables}
    command = [sys.executable, "-m", "kg.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.fixture(scope="session")
def data(data_folder: DataFolder) -> Path:
    return data_folder.layout.root


def test_an_answer_as_csv_json_and_table(data: Path) -> None:
    name = "figures/contract-value-by-year"
    rows = list(csv.DictReader(io.StringIO(kg("query", name, "--area", "CN", "--format", "csv", data=data).stdout)))
    values = {(row["firstDay"][:4], row["unit"].rsplit("/", 1)[-1], row["value"]) for row in rows}
    assert values >= {("2019", "CNY", "108600000000"), ("2020", "CNY", "125610000000"), ("2020", "USD", "18640000000")}
    assert len(json.loads(kg("query", name, "--area=CN", "--format", "json", data=data).stdout)) == len(rows)
    table = kg("query", name, "--area", "CN", data=data)
    assert "108,600,000,000" in table.stdout
    assert f"{len(rows)} rows" in table.stderr


def test_a_query_file_and_what_a_query_is_about(data: Path, tmp_path: Path) -> None:
    known = kg("query", data=data).stdout
    assert "checks/claims-in-conflict" in known
    assert "--area" in kg("query", "figures/contract-value-by-year", "--about", data=data).stdout
    missing = kg("query", str(tmp_path / "mine.rq"), data=data)
    assert (missing.returncode, "cannot read the query" in missing.stderr) == (3, True)


WRONG = {
    "unknown query": (["query", "figures/nothing"], 8, "there is no query figures/nothing"),
    "unknown parameter": (
        ["query", "figures/contract-value-by-year", "--aera", "CN"],
        8,
        "parameter aera: expected one of",
    ),
    "parameter without value": (["query", "figures/contract-value-by-year", "--area"], 8, "an option with a value"),
    "IRI that is none": (["query", "figures/contract-value-by-year", "--area", "C N>"], 8, "parameter area"),
    "unknown release": (["releases", "show", "nope"], 9, "is no release and no tag"),
    "unknown graph": (["export", "--graph", "http://example.org/none"], 9, "no graph http://example.org/none"),
    "unknown source": (["build", "--source", "seed-article"], 4, "did you mean seed-articles?"),
    "unknown load": (["load", "--drop", "nothing"], 9, "nothing is loaded as nothing"),
    "no file": (["load", "nowhere.ttl"], 4, "nowhere.ttl: no such file"),
    "no documents": (["verify", "--documents", "nowhere"], 4, "is not there"),
    "wrong option": (["query", "--format", "xls"], 2, "xls"),
    "wrong command": (["biuld"], 2, "biuld"),
}


@pytest.mark.parametrize(("arguments", "code", "text"), WRONG.values(), ids=WRONG)
def test_errors_are_one_message_and_the_code_of_their_class(
    arguments: list[str], code: int, text: str, data: Path
) -> None:
    result = kg(*arguments, data=data)
    assert (result.returncode, result.stdout if code != 2 else "") == (code, "")
    assert text in result.stderr
    assert "Traceback" not in result.stderr


def test_settings_are_checked_by_name(data: Path) -> None:
    result = kg("serve", data=data, KG_PORT="eighty")
    assert (result.returncode, "KG_PORT = 'eighty'" in result.stderr) == (3, True)


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    result = kg("query", "figures/counts-by-class", data=tmp_path / "none")
    assert (result.returncode, "build first" in result.stderr) == (7, True)


@pytest.mark.parametrize(
    ("format", "syntax"),
    [
        ("trig", ox.RdfFormat.TRIG),
        ("nquads", ox.RdfFormat.N_QUADS),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("turtle", ox.RdfFormat.TURTLE),
        ("ntriples", ox.RdfFormat.N_TRIPLES),
    ],
)
def test_every_export_holds_what_the_release_holds(
    format: str, syntax: ox.RdfFormat, data_folder: DataFolder, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert kg("export", "--format", format, "-o", str(out), data=data_folder.layout.root).returncode == 0
    release = data_folder.current()
    assert release is not None
    with release.open() as store:
        wanted = set(store.quads())
    found = set(ox.parse(path=str(out), format=syntax))
    if syntax.supports_datasets:
        assert found == wanted
    else:
        assert {quad.triple for quad in found} == {quad.triple for quad in wanted}


def test_one_graph_alone(data: Path, data_folder: DataFolder) -> None:
    graph = "https://w3id.org/techtransfer/graph/judgements"
    text = kg("export", "--format", "turtle", "--graph", graph, data=data).stdout
    quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    release = data_folder.current()
    assert release is not None
    with release.open() as store:
        assert {quad.triple for quad in quads} == {quad.triple for quad in store.quads(graph)}


def test_loading_replacing_and_dropping(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "notes.ttl"
    assert kg("build", data=data).returncode == 0
    ask = tmp_path / "ask.rq"
    ask.write_text(
        "#+ summary: values\n#+ question: which values\n#+ columns:\n#+   - name: o\n#+     meaning: the value\n"
        "#+ source: test\nSELECT ?o { GRAPH ?g { <http://example.org/a> <http://example.org/b> ?o } } ORDER BY ?o\n",
        "utf-8",
    )
    for value in ("one", "two"):
        file.write_text(f'<http://example.org/a> <http://example.org/b> "{value}" .', "utf-8")
        assert kg("load", str(file), data=data).returncode == 0
        assert json.loads(kg("query", str(ask), "--format", "json", data=data).stdout) == [{"o": value}]
    assert "notes.ttl" in kg("load", data=data).stdout
    assert "nothing changed" in kg("load", str(file), data=data).stdout
    assert kg("load", "--drop", "notes", data=data).returncode == 0
    assert json.loads(kg("query", str(ask), "--format", "json", data=data).stdout) == []


def test_a_load_cannot_pretend_to_be_a_source(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "fake.nq"
    file.write_text(
        "<http://e/a> <http://e/b> <http://e/c> <https://w3id.org/techtransfer/graph/judgements> .", "utf-8"
    )
    assert kg("build", data=data).returncode == 0
    result = kg("load", str(file), data=data)
    assert (result.returncode, "belongs to the project" in result.stderr) == (4, True)


def test_a_table_is_loaded_with_its_metadata(tmp_path: Path) -> None:
    data, table = tmp_path / "data", tmp_path / "people.csv"
    table.write_text("id,name\n1,Ann\n2,\n", "utf-8")
    without = kg("load", str(table), data=data)
    assert (without.returncode, "people.csv-metadata.json" in without.stderr) == (4, True)
    columns = [
        {"name": "id", "titles": "id", "suppressOutput": True},
        {"name": "name", "titles": "name", "required": True, "propertyUrl": "http://example.org/name"},
    ]
    metadata = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "people.csv",
        "tableSchema": {"columns": columns, "aboutUrl": "http://example.org/{id}", "primaryKey": "id"},
    }
    (tmp_path / "people.csv-metadata.json").write_text(json.dumps(metadata), "utf-8")
    assert kg("build", data=data).returncode == 0
    wrong = kg("load", str(table), data=data)
    assert (wrong.returncode, "people.csv, row 3, column name" in wrong.stderr) == (5, True)
    table.write_text("id,name\n1,Ann\n2,Bo\n", "utf-8")
    assert kg("load", str(table), data=data).returncode == 0
    lines = kg("export", "--format", "nquads", data=data).stdout
    assert (
        '<http://example.org/2> <http://example.org/name> "Bo" <https://w3id.org/techtransfer/graph/load/people> .'
        in lines
    )


def test_releases_from_the_command_line(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "notes.ttl"
    file.write_text('<http://example.org/a> <http://example.org/b> "c" .', "utf-8")
    kg("build", data=data)
    first = json.loads(kg("releases", "list", "--json", data=data).stdout)[0]["id"]
    assert kg("releases", "tag", "current", "before", data=data).returncode == 0
    kg("load", str(file), data=data)
    lines = kg("releases", "diff", "before", data=data).stdout.splitlines()
    assert [line for line in lines if "example.org" in line and line.startswith("+ ")] != []
    assert kg("releases", "rollback", "before", data=data).stdout.strip() == f"live is now {first}"
    assert kg("releases", "rebuild", data=data).returncode == 0
    assert json.loads(kg("releases", "show", "--json", data=data).stdout)["id"] == first
    assert kg("releases", "prune", "--keep", "1", data=data).returncode == 0
    assert {each["id"] for each in json.loads(kg("releases", "list", "--json", data=data).stdout)} >= {first}


def test_verify_recomputes_the_evidence_of_both_articles(data: Path, shared: Path) -> None:
    result = kg("verify", "--documents", str(shared / "extraction" / "articles"), "--json", data=data)
    outcomes = json.loads(result.stdout)
    assert result.returncode == 0
    assert {outcome["result"] for outcome in outcomes} == {"verified"}
    assert sum(outcome["spans"] for outcome in outcomes) == 56


def test_verify_finds_a_changed_document(data: Path, shared: Path, tmp_path: Path) -> None:
    for article in (shared / "extraction" / "articles").iterdir():
        (tmp_path / article.name).write_bytes(article.read_bytes().replace(b"2020", b"2021"))
    result = kg("verify", "--documents", str(tmp_path), "--json", data=data)
    assert sorted(outcome["result"] for outcome in json.loads(result.stdout)) == ["no file", "verified"]


def test_span_prints_what_a_table_needs(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("One.\n\nTwo 𝟚 three.\n", "utf-8")
    start, end, paragraph, _ = kg("span", str(text), "three").stdout.strip().split(",")
    assert (start, end, paragraph) == ("12", "17", "2")
    assert "more than once" in kg("span", str(text), "e").stderr


def test_dry_run_shows_what_would_change(data: Path, tmp_path: Path) -> None:
    result = kg("build", "--source", "seed-articles", "--dry-run", "--json", data=data)
    assert json.loads(result.stdout)["changes"] == {}
    mine = tmp_path / "my-survey"
    shutil.copytree(ROOT / "tests" / "sources" / "my-survey", mine)
    own = tmp_path / "data"
    assert kg("build", "--sources-dir", str(tmp_path), data=own).returncode == 0
    table = mine / "tables" / "documents.csv"
    table.write_text(table.read_text("utf-8").replace("mysurvey,", "mysurvey,New ", 1), "utf-8")
    shown = kg("build", "--source", "my-survey", "--dry-run", "--sources-dir", str(tmp_path), data=own)
    assert shown.returncode == 0
    assert '"New ' in shown.stdout
    assert "dry run: nothing was published" in shown.stdout
    assert "nothing changed" not in kg("build", "--sources-dir", str(tmp_path), data=own).stdout


def test_tidy_sorts_the_tables_of_a_folder_of_sources(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "sources" / "my-survey", tmp_path / "my-survey")
    table = tmp_path / "my-survey" / "tables" / "observations.csv"
    header, *rows = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join([header, *reversed(rows)]), "utf-8")
    result = kg("tidy", "--sources-dir", str(tmp_path))
    assert (result.returncode, result.stdout) == (0, f"sorted {table}\n")
    assert "1 table was not in order" in result.stderr
    assert table.read_text("utf-8") == "".join([header, *sorted(rows)])
    assert "0 tables were" in kg("tidy", "--sources-dir", str(tmp_path)).stderr
    table.write_text("key\n", "utf-8")
    assert kg("tidy", "--sources-dir", str(tmp_path)).returncode == 4


def test_version() -> None:
    assert kg("--version").stdout.startswith("kg 0.")
