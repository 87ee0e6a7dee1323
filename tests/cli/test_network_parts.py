"""kg network paths, ego and backbone: parts of a network, told of or written, each with its own digest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import ConfigError, KgError, NetworkError
from kg.store.releases import DataFolder

NAME = "co-authored-reports"


def run(folder: DataFolder, *arguments: str) -> str:
    """What is printed, with notes where it is no JSON."""
    result = CliRunner().invoke(app, ["network", *arguments, "--data-dir", str(folder.layout.root)])
    if result.exception:
        raise result.exception
    return result.stdout if "--json" in arguments else result.output


def told(folder: DataFolder, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(folder, *arguments, "--json"))
    return answer


def test_all_shortest_paths_or_so_many(data_folder: DataFolder) -> None:
    shortest = told(data_folder, "paths", NAME, "ncste", "istic")
    assert [len(path["nodes"]) for path in shortest["paths"]] == [2]
    three = told(data_folder, "paths", NAME, "ncste", "istic", "--number", "3")["paths"]
    assert three[0] == shortest["paths"][0]
    assert [path["length"] for path in three] == [1, 2, 2]
    strong = told(data_folder, "paths", NAME, "ncste", "istic", "--number", "3", "--distance", "inverse")["paths"]
    assert all(
        path["length"] == pytest.approx(sum(1 / weight for weight in path["weights"]), rel=1e-12) for path in strong
    )
    text = run(data_folder, "paths", NAME, "ncste", "istic")
    assert shortest["digest"] in text
    assert "Evaluation > Institute of Scientific" in text


def test_no_path_is_an_answer(data_folder: DataFolder) -> None:
    assert "no path leads from ncste to gemaker" in run(data_folder, "paths", NAME, "ncste", "gemaker")
    assert told(data_folder, "paths", NAME, "ncste", "gemaker", "-n", "2")["paths"] == []


def test_a_part_has_a_digest_of_its_own(data_folder: DataFolder) -> None:
    parts = [
        ("show", NAME),
        ("ego", NAME, "ncste"),
        ("ego", NAME, "ncste", "--radius", "2"),
        ("ego", NAME, "ncste", "gemaker"),
        ("backbone", NAME),
        ("backbone", NAME, "--alpha", "0.3"),
        ("backbone", NAME, "--alpha", "0.3", "--isolates"),
    ]
    shown = [told(data_folder, *part) for part in parts]
    assert len({each["digest"] for each in shown}) == len(parts)
    assert all(each["digest"] in each["citation"] for each in shown)
    assert shown[5]["derived"] == "backbone alpha=0.3"
    assert shown[5]["nodes"] < shown[6]["nodes"] == shown[0]["nodes"]
    assert shown[1]["nodes"] < shown[3]["nodes"] < shown[0]["nodes"]


@pytest.mark.parametrize("part", [("ego", NAME, "ncste"), ("backbone", NAME, "--alpha", "0.3")])
def test_a_part_is_written_as_any_network_is(part: tuple[str, ...], data_folder: DataFolder, tmp_path: Path) -> None:
    shown = told(data_folder, *part)
    (written,) = json.loads(run(data_folder, *part, "-o", str(tmp_path / "part.graphml"), "--json"))
    assert written["digest"] == shown["digest"]
    graph = nx.read_graphml(tmp_path / "part.graphml")
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (shown["nodes"], shown["edges"])
    assert graph.graph["derived"] == shown["derived"]


def test_so_many_edges_are_shown(data_folder: DataFolder) -> None:
    assert len(told(data_folder, "backbone", NAME, "--alpha", "0.3", "--top", "2")["heaviest"]) == 2


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        (("paths", NAME, "ncste", "nobody"), NetworkError, "no node 'nobody'"),
        (("ego", NAME, "nobody"), NetworkError, "no node 'nobody'"),
        (("paths", NAME, "ncste", "istic", "--distance", "miles"), KgError, "take hops or inverse"),
        (("backbone", NAME, "-o", "x.xls"), ConfigError, "that of no format"),
        (("backbone", NAME, "--format", "gexf"), ConfigError, "say which with -o"),
    ],
)
def test_what_is_wrong_is_told(
    arguments: tuple[str, ...], error: type[KgError], match: str, data_folder: DataFolder
) -> None:
    with pytest.raises(error, match=match):
        run(data_folder, *arguments)
