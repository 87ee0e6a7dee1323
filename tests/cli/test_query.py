"""``kg query``: formats, pages, names of things, the SPARQL of an answer, and queries of one's own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest

from kg.store.releases import DataFolder

from .test_commands import kg

VALUES = "figures/contract-value-by-year"
OWN = """#+ summary: Names of institutions
#+ question: What are institutions called?
#+ columns:
#+   - {name: name, meaning: a name}
#+ source: made up
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?name WHERE { ?thing a tt:Organization ; rdfs:label ?name }
ORDER BY ?name
"""


@pytest.fixture(scope="session")
def data(data_folder: DataFolder) -> Path:
    return data_folder.layout.root


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "names.rq").write_text(OWN)
    return tmp_path


@pytest.mark.parametrize("area", ["China", "中国", "cn", "id:area/CN", "https://w3id.org/techtransfer/id/area/CN"])
def test_a_thing_can_be_given_by_its_name(data: Path, area: str) -> None:
    wanted = kg("query", VALUES, "--area", "CN", "--format", "json", data=data).stdout
    assert json.loads(wanted)
    assert kg("query", VALUES, "--area", area, "--format", "json", data=data).stdout == wanted


def test_a_name_that_nothing_has_is_an_error_with_what_there_is(data: Path) -> None:
    result = kg("query", VALUES, "--area", "Chnia", data=data)
    assert (result.returncode, result.stdout) == (8, "")
    assert "one of CN (China)" in result.stderr


def test_pages_go_on_where_they_ended_until_all_is_there(data: Path) -> None:
    whole = json.loads(kg("query", VALUES, "--format", "json", data=data).stdout)
    found, cursor = list[object](), list[str]()
    while True:
        page = kg("query", VALUES, "--limit", "7", "--format", "json", *cursor, data=data)
        found += json.loads(page.stdout)
        assert f"of {len(whole)}" in page.stderr
        if not (onwards := re.search(r"--cursor (\S+) goes on", page.stderr)):
            break
        cursor = ["--cursor", onwards[1]]
    assert found == whole
    other = kg("query", VALUES, "--limit", "7", *cursor, "--area", "GB", data=data)
    assert (other.returncode, "of another query or other values" in other.stderr) == (8, True)


def test_a_cursor_stays_on_its_release_and_says_so_when_that_is_gone(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    (tmp_path / "more.ttl").write_text("<http://example.org/a> <http://example.org/b> 1 .")
    first = kg("query", VALUES, "--limit", "7", data=folder)
    onwards = re.search(r"--cursor (\S+) goes on", first.stderr)
    assert onwards
    assert kg("load", str(tmp_path / "more.ttl"), data=folder).returncode == 0
    assert kg("query", VALUES, "--limit", "7", "--cursor", onwards[1], data=folder).returncode == 0
    (live,) = [r["id"] for r in json.loads(kg("releases", "list", "--json", data=folder).stdout) if r.get("live")]
    wrong = kg("query", VALUES, "--limit", "7", "--cursor", onwards[1], "--release", live, data=folder)
    assert (wrong.returncode, "begin again without it" in wrong.stderr) == (8, True)


def test_the_sparql_of_an_answer_gives_that_answer(data: Path, data_folder: DataFolder) -> None:
    text = kg("query", VALUES, "--area", "China", "--unit", "USD", "--sparql", data=data).stdout
    assert "VALUES ?unit { <https://w3id.org/techtransfer/concept/unit/USD> }" in text
    release = data_folder.current()
    assert release
    with release.open() as store:
        values = [row["value"].value for row in store.select(text) if isinstance(row["value"], ox.Literal)]
    rows = json.loads(kg("query", VALUES, "--unit", "USD", "--format", "json", data=data).stdout)
    assert [str(row["value"]) for row in rows] == values


def test_an_answer_in_a_file(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "values.parquet"
    done = kg("query", VALUES, "--unit", "USD", "--format", "parquet", "-o", str(file), data=data)
    assert (done.returncode, done.stdout) == (0, "")
    assert pl.read_parquet(file)["value"].dtype == pl.Float64
    nowhere = kg("query", VALUES, "--format", "csv", "-o", str(tmp_path / "none" / "a.csv"), data=data)
    assert (nowhere.returncode, "cannot write" in nowhere.stderr) == (3, True)


@pytest.mark.parametrize(
    ("form", "start"), [("tsv", "?period\t"), ("srj", '{"head"'), ("srx", "<?xml"), ("html", "<!DOCT")]
)
def test_an_answer_in_each_format(data: Path, form: str, start: str) -> None:
    assert kg("query", VALUES, "--unit", "USD", "--format", form, data=data).stdout.startswith(start)


def test_what_a_query_takes_is_told_with_the_values_there_are(data: Path, tmp_path: Path) -> None:
    about = kg("query", "policy/findings-by-document", "--about", data=data).stdout
    assert "--kind is one of: Finding (finding), Outlook" in about
    assert "CN (China)" in about
    assert "--kind" in kg("query", "policy/findings-by-document", "--about", data=tmp_path / "none").stdout


def test_queries_of_ones_own_stand_beside_the_others(data: Path, own: Path) -> None:
    listed = kg("query", data=data, KG_QUERIES_DIR=str(own)).stdout
    assert "mine/names" in listed
    assert VALUES in listed
    rows = json.loads(kg("query", "mine/names", "--format", "json", "--queries-dir", str(own), data=data).stdout)
    assert {"name": "Tsinghua University"} in rows


@pytest.mark.parametrize("command", [["query"], ["serve", "--port", "0"]])
def test_a_file_with_a_fault_stops_all_with_its_name(data: Path, own: Path, command: list[str]) -> None:
    file = own / "mine" / "names.rq"
    file.write_text(OWN.replace("tt:Organization", "tt:Organisation"))
    result = kg(*command, "--queries-dir", str(own), data=data)
    assert result.returncode == 3
    assert (
        f"kg: {file}, line 8: the ontology has no class or property Organisation; it has Organization" in result.stderr
    )
