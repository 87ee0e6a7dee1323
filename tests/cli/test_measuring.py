"""kg network measure and communities: values with their provenance, and refusals that say what to do."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kg.analysis.measures import MEASURES
from kg.cli.main import app
from kg.errors import AnalysisError, ConfigError, KgError, NetworkTooLargeError, ParameterError
from kg.store.releases import DataFolder

NAME = "co-authored-reports"


def run(folder: DataFolder | None, *arguments: str) -> str:
    where = ["--data-dir", str(folder.layout.root)] if folder else []
    result = CliRunner().invoke(app, ["network", *arguments, *where])
    if result.exception:
        raise result.exception
    return result.stdout


def told(folder: DataFolder, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(folder, *arguments, "--format", "json"))
    return answer


def test_measures_are_listed_and_told_about() -> None:
    assert [line.split()[0] for line in run(None, "measure").splitlines()[1:]] == list(MEASURES)
    text = run(None, "measure", "-m", "betweenness")
    assert MEASURES["betweenness"].misleads in text
    assert "a whole number from 0" in text
    (listed,) = json.loads(run(None, "measure", "-m", "core", "--format", "json"))
    assert listed["engines"][0] == "scipy"


def test_values_stand_side_by_side_the_highest_first(data_folder: DataFolder) -> None:
    lines = run(data_folder, "measure", NAME, "-m", "degree,clustering", "--top", "3").splitlines()
    (head,) = (number for number, line in enumerate(lines) if line.startswith("iri"))
    assert lines[head].split() == ["iri", "label", "degree", "strength", "clustering"]
    assert len(lines[head + 1 :]) == 3 + 3
    assert lines[-3].startswith("degree: scipy")
    assert "clustering by " in lines[-1]
    release = data_folder.current()
    assert release
    assert release.id in "\n".join(lines[:head])


def test_json_says_all_that_is_needed_to_get_it_again(data_folder: DataFolder) -> None:
    answer = told(data_folder, "measure", NAME, "-m", "betweenness", "--samples", "5", "--seed", "3", "-p", "minimum=1")
    release = data_folder.current()
    assert release
    assert answer["network"]["release"] == release.id
    assert answer["network"]["parameters"] == {"minimum": "1"}
    (betweenness,) = answer["measures"]
    assert betweenness["parameters"] == {"samples": 5, "seed": 3, "distance": "hops", "normalized": True}
    assert betweenness["told"]["bound"] > 0
    assert {"iri", "label", "betweenness", "error"} == betweenness["values"][0].keys()
    again = told(data_folder, "measure", NAME, "-m", "betweenness", "--samples", "5", "--seed", "3", "-p", "minimum=1")
    assert again == answer


def test_a_parameter_can_be_of_one_measure(data_folder: DataFolder) -> None:
    arguments = ("-m", "pagerank,eigenvector", "-s", "pagerank.weighted=false", "-s", "tolerance=1e-6")
    first, second = told(data_folder, "measure", NAME, *arguments)["measures"]
    assert (first["parameters"]["weighted"], second["parameters"]["weighted"]) == (False, True)
    assert first["parameters"]["tolerance"] == second["parameters"]["tolerance"] == 1e-6


def test_a_file_has_its_provenance_beside_it(data_folder: DataFolder, tmp_path: Path) -> None:
    target = tmp_path / "values.csv"
    run(data_folder, "measure", NAME, "-m", "degree,core", "--format", "csv", "-o", str(target))
    rows = list(csv.DictReader(target.read_text("utf-8").splitlines()))
    shown = told(data_folder, "measure", NAME, "-m", "degree,core")
    assert len(rows) == shown["network"]["nodes"]
    assert [row["degree"] for row in rows] == sorted((row["degree"] for row in rows), key=int, reverse=True)
    beside = json.loads((tmp_path / "values.csv.json").read_text("utf-8"))
    assert beside["network"] == shown["network"]
    assert [each["measure"] for each in beside["measures"]] == ["degree", "core"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["values.csv", "values.csv.json"]


def test_communities_by_community_and_by_node(data_folder: DataFolder) -> None:
    text = run(data_folder, "communities", NAME, "--seed", "4")
    assert "mean_nmi" in text
    assert "seed 4" in text
    (found,) = told(data_folder, "communities", NAME, "--seed", "4", "--runs", "3")["measures"]
    assert found["parameters"]["runs"] == 3
    sizes = {row["community"]: row["size"] for row in found["values"]}
    assert sum(sizes.values()) == len(found["values"])
    louvain = told(data_folder, "communities", NAME, "--method", "louvain", "--engine", "networkx")
    assert louvain["measures"][0]["engine"] == "networkx"


def test_communities_of_each_slice(data_folder: DataFolder, tmp_path: Path) -> None:
    asked = ("communities", NAME, "--every", "5", "--seed", "4")
    slices = json.loads(run(data_folder, *asked, "--format", "json"))
    names = [each["slice"] for each in slices]
    assert names == sorted(set(names))
    assert any(each["before_nmi"] is not None for each in slices)
    assert all(each["network"]["digest"] in each["citation"] for each in slices)
    table = run(data_folder, *asked)
    assert all(each["digest"] in table for each in slices)
    assert "seed 4" in table
    target = tmp_path / "slices.csv"
    run(data_folder, *asked, "--format", "csv", "-o", str(target))
    rows = list(csv.DictReader(target.read_text("utf-8").splitlines()))
    assert len(rows) == sum(len(found["values"]) for each in slices for found in each["measures"])
    beside = json.loads((tmp_path / "slices.csv.json").read_text("utf-8"))
    assert [each["digest"] for each in beside] == [each["digest"] for each in slices]


REFUSED: list[tuple[tuple[str, ...], type[KgError], str]] = [
    (("measure", NAME, "-m", "fame"), ParameterError, "one of degree"),
    (("measure", NAME, "-m", "core", "--samples", "3"), ParameterError, "which is what core takes"),
    (("measure", NAME, "-m", "density,core", "--format", "csv"), ConfigError, "ask for one kind"),
    (("measure", NAME, "-o", "x.txt"), ConfigError, "--format csv or json"),
    (("measure", NAME, "-m", "betweenness", "--limit", "1e-9"), NetworkTooLargeError, "--samples"),
    (("measure", "relay-chains", "-m", "core"), AnalysisError, "--undirected"),
    (("measure", NAME, "-p", "from=2090-01-01"), AnalysisError, "the network is empty"),
    (("communities", NAME, "--method", "stars"), ParameterError, "leiden or louvain"),
]


@pytest.mark.parametrize(("arguments", "error", "match"), REFUSED)
def test_refusals_say_what_to_do(
    arguments: tuple[str, ...], error: type[KgError], match: str, data_folder: DataFolder, tmp_path: Path
) -> None:
    with pytest.raises(error, match=match):
        run(data_folder, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_directions_can_be_dropped(data_folder: DataFolder) -> None:
    assert told(data_folder, "measure", "relay-chains", "-m", "core", "--undirected")["network"]["directed"] is False
