"""kg network lists, shows and writes networks, and says of each where it comes from."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import ConfigError, KgError, NetworkError, ParameterError
from kg.store.releases import DataFolder

NAME = "co-authored-reports"


def run(folder: DataFolder | None, *arguments: str) -> str:
    where = ["--data-dir", str(folder.layout.root)] if folder else []
    result = CliRunner().invoke(app, ["network", *arguments, *where])
    if result.exception:
        raise result.exception
    return result.stdout


def test_all_are_listed() -> None:
    listed = json.loads(run(None, "list", "--json"))
    assert {"joint-contracts", "ownership"} <= {each["name"] for each in listed}
    assert all(each["summary"] and each["digest"] for each in listed)
    assert "joint-contracts" in run(None, "list")


def test_about_tells_parameters_and_columns() -> None:
    text = run(None, "show", NAME, "--about")
    assert "compiledBy for authors" in text
    assert "1/(k-1)" in text
    told = json.loads(run(None, "show", "ownership", "--about", "--json"))
    assert [each["name"] for each in told["parameters"]] == ["minimum", "isolates", "area", "kind", "sector"]


def test_every_output_says_where_it_comes_from(data_folder: DataFolder, tmp_path: Path) -> None:
    release = data_folder.current()
    assert release
    shown = json.loads(run(data_folder, "show", NAME, "--json", "-p", "weighting=newman"))
    assert shown["release"] == release.id
    assert shown["parameters"] == {"weighting": "newman"}
    assert len(shown["query_digest"]) == len(shown["release_digest"]) == len(shown["digest"]) == 64
    assert shown["digest"] in run(data_folder, "show", NAME, "-p", "weighting=newman")
    written = json.loads(
        run(data_folder, "export", NAME, "-p", "weighting=newman", "-o", str(tmp_path / "n.json"), "--json")
    )
    assert written[0]["digest"] == shown["digest"]
    graph = nx.node_link_graph(json.loads((tmp_path / "n.json").read_text("utf-8")), edges="edges")
    assert graph.graph["digest"] == shown["digest"]
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (shown["nodes"], shown["edges"])


def test_records_behind_an_edge(data_folder: DataFolder) -> None:
    told = json.loads(run(data_folder, "show", NAME, "--between", "ncste", "istic", "--json"))
    heaviest = json.loads(run(data_folder, "show", NAME, "--json"))["heaviest"]
    edge = next(each for each in heaviest if {each["one"], each["other"]} == {told["one"], told["other"]})
    assert len(told["records"]) == edge["records"] > 1
    assert "id:edition/ncste-2021" in run(data_folder, "show", NAME, "--between", "ncste", "istic")
    with pytest.raises(NetworkError, match="no node 'nobody'"):
        run(data_folder, "show", NAME, "--between", "ncste", "nobody")


def test_slices_are_shown_and_written(data_folder: DataFolder, tmp_path: Path) -> None:
    slices = json.loads(run(data_folder, "show", NAME, "--every", "5", "--json"))
    assert len({each["digest"] for each in slices}) == len(slices) > 2
    run(data_folder, "export", NAME, "--every", "5", "-o", str(tmp_path / "reports.net"))
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {f"reports.{each['slice'].replace('/', '-')}.net" for each in slices}


def test_a_query_of_ones_own(data_folder: DataFolder, tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("SELECT ?one ?other WHERE { ?other <http://www.w3.org/ns/org#subOrganizationOf> ?one }")
    mine = json.loads(run(data_folder, "show", str(path), "--json"))
    ours = json.loads(run(data_folder, "show", "ownership", "--json"))
    assert mine["definition"] == "mine"
    assert mine["edges"] == ours["edges"] > 0


def test_an_empty_network_is_no_error(data_folder: DataFolder, tmp_path: Path) -> None:
    assert "0 nodes" in run(data_folder, "show", "joint-contracts")
    assert run(data_folder, "export", "joint-contracts", "-o", str(tmp_path / "n.graphml"))


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (["show", NAME, "-p", "role"], ParameterError, "NAME=VALUE"),
        (["show", NAME, "-p", "role=compiledBy", "-p", "role=guidedBy"], ParameterError, "commas"),
        (["export", NAME, "-o", "net.xlsx"], ConfigError, "ending of net.xlsx is that of no format"),
        (["export", NAME, "-o", "net", "--format", "dot"], ConfigError, "there is no format dot; there is json"),
        (["show", "ownership", "--every", "1"], NetworkError, "does not tell when"),
    ],
)
def test_what_is_wrong_is_told(
    arguments: list[str], error: type[KgError], told: str, data_folder: DataFolder, tmp_path: Path
) -> None:
    with pytest.raises(error, match=told):
        run(data_folder, *arguments)
