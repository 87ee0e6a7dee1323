"""kg search: for people and for programs, in a pipe; a build leaves an index."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli.main import app
from kg.errors import NotFoundError, ParameterError
from kg.search import ready
from kg.store.releases import DataFolder


def run(folder: DataFolder, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["search", *arguments, "--data-dir", str(folder.layout.root)])


def test_a_table_for_people(data_folder: DataFolder) -> None:
    result = run(data_folder, "清华", "--limit", "1")
    assert result.exit_code == 0
    header, row = result.stdout.splitlines()
    assert header.split()[0] == "name"
    assert [cell.strip() for cell in row.split("  ") if cell.strip()] == [
        *("Tsinghua University", "清华大学", "organization", "CN", "org-id:tsinghua-university"),
    ]
    assert "1 of " in result.stderr


def test_json_for_programs_and_going_on(data_folder: DataFolder) -> None:
    first = json.loads(run(data_folder, "university", "--limit", "2", "--json").stdout)
    second = json.loads(run(data_folder, "university", "--limit", "2", "--json", "--after", first["next"]).stdout)
    assert first["total"] == second["total"] > 4
    assert not {hit["iri"] for hit in first["hits"]} & {hit["iri"] for hit in second["hits"]}
    assert first["facets"]["class"][0].keys() == {"value", "label", "count"}


def test_words_may_come_one_by_one_and_choices_again(data_folder: DataFolder) -> None:
    told = json.loads(
        run(
            data_folder,
            "action",
            "plan",
            "--class",
            "Policy",
            "--country",
            "cn",
            "--year",
            "2016",
            "--year",
            "2023",
            "--json",
        ).stdout
    )
    assert told["total"] >= 1
    assert all(hit["countries"][0]["code"] == "CN" and set(hit["years"]) & {2016, 2023} for hit in told["hits"])


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ((), ParameterError, "words to look for"),
        (("",), ParameterError, "words to look for"),
        (("x" * 10_000,), ParameterError, "at most 300 characters"),
        (("a", "--year", "soon"), ParameterError, "2018-2022"),
        (("a", "--after", "nowhere"), ParameterError, "after"),
        (("a", "--release", "none"), NotFoundError, "kg releases list"),
    ],
)
def test_what_is_wrong_is_told(
    arguments: tuple[str, ...], error: type[Exception], told: str, data_folder: DataFolder
) -> None:
    result = run(data_folder, *arguments)
    assert isinstance(result.exception, error)
    assert told in str(result.exception)


def test_nothing_found_is_no_error(data_folder: DataFolder) -> None:
    result = run(data_folder, "qqqqwwww")
    assert result.exit_code == 0
    assert "0 of 0 things" in result.stderr


def test_a_load_leaves_an_index(tmp_path: Path) -> None:
    file = tmp_path / "one.ttl"
    file.write_text('<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "alpha" .', "utf-8")
    data = str(tmp_path / "data")
    assert CliRunner().invoke(app, ["load", str(file), "--data-dir", data]).exit_code == 0
    folder = DataFolder.open(Path(data))
    live = folder.current()
    assert live
    assert ready(live)
    assert "https://example.org/a" in run(folder, "alpha").stdout
