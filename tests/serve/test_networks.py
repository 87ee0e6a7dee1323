"""/networks gives what kg network gives; long computations are jobs, shared, and leave nothing when cancelled."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import httpx
import networkx as nx
import psutil
import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.pipeline import build
from kg.pipeline.inputs import Input, Produced
from kg.queries import NamedQuery, files
from kg.serve.networks.tasks import Most
from kg.serve.networks.work import Room
from kg.store.canonical import canonical
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

NAME = "co-authored-reports"
ASYNC = {"Prefer": "respond-async"}
RING = """#+ summary: Who knows whom
#+ question: Who knows whom?
#+ columns:
#+   - {name: one, meaning: a thing}
#+   - {name: other, meaning: another}
#+ tags: [test]
#+ source: this test
#+ network:
#+   form: edges
SELECT ?one ?other WHERE { GRAPH ?g { ?one <https://example.org/knows> ?other } } ORDER BY ?one ?other
"""
NODES = 1_200
SLOW = "/networks/ring/measures?measure=betweenness&engine=networkx"


@pytest.fixture(scope="module")
def client(data_folder: DataFolder, serve: Serve, named_queries: dict[str, NamedQuery]) -> Iterator[httpx.Client]:
    with serve(data_folder.current, named_queries=named_queries, computing=Room(patience=30)) as client:
        yield client


@pytest.fixture(scope="module")
def slow_folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A release with things that each know the next ones: enough for a reference measure to take a minute."""
    place = tmp_path_factory.mktemp("ring")
    (shapes := place / "shapes.ttl").write_text("")
    things = [ox.NamedNode(f"https://example.org/{number:05}") for number in range(NODES)]
    knows, graph = ox.NamedNode("https://example.org/knows"), ox.NamedNode("https://example.org/graph")
    quads = [
        ox.Quad(thing, knows, things[(number + step) % NODES], graph)
        for number, thing in enumerate(things)
        for step in range(1, 12)
    ]
    folder = DataFolder.open(place / "data", create=True)
    build(folder, [Input("all", "source", "All", "", "0", lambda: Produced(canonical(quads)))], [shapes])
    return folder


@pytest.fixture
def ring(tmp_path: Path) -> dict[str, NamedQuery]:
    (folder := tmp_path / "networks").mkdir()
    (file := folder / "ring.rq").write_text(RING)
    query = files.read(file)
    return {query.name: query}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where results of computations lie."""
    (folder := tmp_path / "kept").mkdir()
    return folder


@pytest.fixture
def processes() -> Callable[[], list[int]]:
    """What tells the processes that compute networks and were not there before the test."""
    before = computing()
    return lambda: sorted(computing() - before)


def computing() -> set[int]:
    found = set()
    for each in psutil.Process(os.getpid()).children(recursive=True):
        with suppress(psutil.Error):  # it ends just now
            if any("kg.serve.networks.process" in word for word in each.cmdline()):
                found.add(each.pid)
    return found


def until(true: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What a function gives as soon as that is something."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)
    return found


def command(folder: DataFolder, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["network", *arguments, "--data-dir", str(folder.layout.root)])
    assert result.exception is None, result.output
    return result.stdout


def test_networks_are_listed_with_what_they_take(client: httpx.Client) -> None:
    listed = {each["name"]: each for each in client.get("/networks").json()}
    assert {"co-participation", "joint-contracts", NAME} <= listed.keys()
    assert listed[NAME]["href"] == f"/networks/{NAME}"
    assert {each["name"] for each in listed[NAME]["parameters"]} >= {"from", "weighting", "role"}


def test_a_summary_says_what_the_command_says(client: httpx.Client, data_folder: DataFolder) -> None:
    told = client.get(f"/networks/{NAME}", params={"weighting": "newman"}).json()
    shown = json.loads(command(data_folder, "show", NAME, "--json", "-p", "weighting=newman"))
    assert {**told["network"], "heaviest": told["heaviest"]} == shown
    assert told["about"]["question"] == "Who writes reports with whom?"


@pytest.mark.parametrize("format", ["json", "graphml", "gexf", "csv", "pajek"])
def test_a_graph_is_the_file_that_the_command_writes(
    client: httpx.Client, data_folder: DataFolder, tmp_path: Path, format: str
) -> None:
    response = client.get(f"/networks/{NAME}/graph", params={"format": format})
    command(data_folder, "export", NAME, "-o", str(tmp_path / "net"), "--format", format)
    (file,) = [each for each in tmp_path.iterdir() if "nodes" not in each.name]
    assert response.content == file.read_bytes()
    assert response.headers["Content-Disposition"].startswith("inline; filename=")


def test_the_format_is_negotiated(client: httpx.Client) -> None:
    address = f"/networks/{NAME}/graph"
    assert client.get(address, headers={"Accept": "application/gexf+xml"}).text.startswith("<?xml")
    assert client.get(address, headers={"Accept": "text/turtle"}).status_code == 406
    nodes = client.get(address, params={"format": "csv", "part": "nodes"}).text
    header = next(line for line in nodes.splitlines() if not line.startswith("#"))
    assert {"label", "area"} <= set(header.split(","))


def test_a_graph_with_places_is_what_the_command_writes(
    client: httpx.Client, data_folder: DataFolder, tmp_path: Path
) -> None:
    response = client.get(f"/networks/{NAME}/graph", params={"format": "gexf", "layout": "usual", "seed": "2"})
    said = command(data_folder, "layout", NAME, "-o", str(tmp_path / "placed.gexf"), "--seed", "2")
    assert "forceatlas2 of networkx" in said
    assert response.content == (tmp_path / "placed.gexf").read_bytes()
    assert "<viz:position" in response.text


def pair(place: Path) -> DataFolder:
    """A release in which one thing knows another, and both have names that a spreadsheet would run."""
    (shapes := place / "shapes.ttl").write_text("")
    one, knows, other, graph = (ox.NamedNode(f"https://example.org/{name}") for name in ("a", "knows", "b", "graph"))
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    quads = [
        ox.Quad(one, knows, other, graph),
        *(ox.Quad(each, label, ox.Literal("=cmd|' /C calc'!A0"), graph) for each in (one, other)),
    ]
    folder = DataFolder.open(place / "data", create=True)
    build(folder, [Input("all", "source", "All", "", "0", lambda: Produced(canonical(quads)))], [shapes])
    return folder


def test_no_table_holds_a_formula(serve: Serve, ring: dict[str, NamedQuery], tmp_path: Path) -> None:
    folder = pair(tmp_path)
    ends = "one=https://example.org/a&other=https://example.org/b"
    with serve(folder.current, named_queries=ring, computing=Room(patience=30)) as client:
        for asked in ("measures?top=9", "communities?top=9", f"paths?{ends}", "graph?part=nodes"):
            table = client.get(f"/networks/ring/{asked}&format=csv")
            assert table.status_code == 200, table.text
            cells = [cell for row in csv.reader(io.StringIO(table.text)) for cell in row]
            assert cells.count("'=cmd|' /C calc'!A0") == 2, asked
            assert not [cell for cell in cells if cell.startswith("=")], asked
        assert ",'=cmd|' /C calc'!A0," in client.get("/networks/ring/plots/brokers.csv").text


def test_of_layouts_that_anybody_asks_for_the_usual_one_is_kept(
    serve: Serve, ring: dict[str, NamedQuery], tmp_path: Path
) -> None:
    folder = pair(tmp_path)
    current = folder.current()
    assert current
    asked = ("seed=2", "minimum=1", "layout=forceatlas2", "layout=usual&seed=3", "")
    with serve(folder.current, named_queries=ring, computing=Room(patience=30)) as client:
        for more in asked:
            layout = "" if "layout" in more else "layout=usual&"
            assert client.get(f"/networks/ring/graph?{layout}{more}").json()["nodes"][0].keys() >= {"x", "y"}
    kept = [file.name for file in (current.folder / "exports").glob("*layout*.parquet")]
    assert len(kept) == 1
    assert "layout-forceatlas2-1-" in kept[0]


@pytest.mark.parametrize("ending", ["svg", "png", "csv"])
@pytest.mark.parametrize(("plot", "more"), [("degrees", {}), ("brokers", {}), ("communities", {"every": "2"})])
def test_a_plot_is_what_the_command_writes(
    client: httpx.Client, data_folder: DataFolder, tmp_path: Path, plot: str, more: dict[str, str], ending: str
) -> None:
    file = tmp_path / f"plot.{ending}"
    response = client.get(f"/networks/{NAME}/plots/{plot}.{ending}", params=more)
    command(data_folder, "plot", NAME, plot, "-o", str(file), *(f"--{name}={value}" for name, value in more.items()))
    assert response.content == file.read_bytes()
    kind = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"}[ending]
    assert response.headers["Content-Type"].partition(";")[0] == kind


def test_the_page_has_plots_and_their_tables(client: httpx.Client) -> None:
    page = client.get(f"/networks/{NAME}", headers={"Accept": "text/html"}).text
    for plot, column in (("degrees", "share or more"), ("brokers", "betweenness"), ("communities", "stayed")):
        assert f"/plots/{plot}.svg" in page
        assert f"/plots/{plot}.csv" in page
        assert f">{column}</th>" in page


def test_measures_are_those_of_the_command(client: httpx.Client, data_folder: DataFolder) -> None:
    asked = {"measure": "betweenness,pagerank", "top": "3", "pagerank.damping": "0.5"}
    told = client.get(f"/networks/{NAME}/measures", params=asked).json()
    arguments = ("-m", "betweenness,pagerank", "--top", "3", "-s", "pagerank.damping=0.5")
    assert told == json.loads(command(data_folder, "measure", NAME, *arguments, "--format", "json"))
    assert told["measures"][1]["parameters"]["damping"] == 0.5
    table = client.get(f"/networks/{NAME}/measures", params={**asked, "format": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["iri"] for row in rows] == [each["iri"] for each in told["measures"][0]["values"]]


def test_communities(client: httpx.Client) -> None:
    told = client.get(f"/networks/{NAME}/communities", params={"runs": "2", "seed": "7"}).json()
    assert told["measures"][0]["parameters"]["seed"] == 7
    assert sum(each["nodes"] for each in told["communities"]) == told["network"]["nodes"]


def test_what_is_around_a_node(client: httpx.Client) -> None:
    whole = nx.node_link_graph(client.get(f"/networks/{NAME}/graph").json(), edges="edges")
    (ncste,) = [node for node in whole if node.endswith("/ncste")]
    found = nx.node_link_graph(client.get(f"/networks/{NAME}/ego/ncste").json(), edges="edges")
    assert set(found) == {ncste, *whole[ncste]}
    assert set(nx.node_link_graph(client.get(f"/networks/{NAME}/ego/{ncste}").json(), edges="edges")) == set(found)


def test_paths_and_records(client: httpx.Client) -> None:
    ends = {"one": "ncste", "other": "istic"}
    told = client.get(f"/networks/{NAME}/paths", params=ends).json()
    assert [node["id"].rpartition("/")[2] for node in told["paths"][0]["nodes"]] == ["ncste", "istic"]
    records = client.get(f"/networks/{NAME}/records", params=ends).json()["records"]
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"/networks/{NAME}/records", params={**ends, "format": "csv"}).text))
    )
    assert [row["record"] for row in rows] == [each["record"] for each in records]
    assert records


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/networks/nothing", 404, "there is co-authored-reports"),
        (f"/networks/{NAME}?frm=2019-01-01", 400, "from, until"),
        (f"/networks/{NAME}?from=soon", 400, "from"),
        (f"/networks/{NAME}?from=2019-01-01&from=2020-01-01", 400, "one value"),
        (f"/networks/{NAME}/measures?measure=fame", 400, "betweenness"),
        (f"/networks/{NAME}/measures?measure=pagerank&damping=2", 400, "from 0"),
        (f"/networks/{NAME}/measures?measure=pagerank&samples=2", 400, "samples"),
        (f"/networks/{NAME}/measures?top=0", 400, "top"),
        (f"/networks/{NAME}/paths?one=ncste", 400, "other"),
        (f"/networks/{NAME}/ego/nobody", 422, "no node"),
        (f"/networks/{NAME}/measures?from=2090-01-01&isolates=false", 422, "empty"),
        (f"/networks/{NAME}/plots/pie.svg", 404, "degrees, brokers"),
        (f"/networks/{NAME}/plots/degrees.gif", 404, ".svg, .png, .csv"),
        (f"/networks/{NAME}/plots/degrees.svg?every=2", 400, "every"),
        ("/networks/jobs/none", 404, "no such job"),
    ],
)
def test_what_is_wrong_is_said(client: httpx.Client, address: str, status: int, said: str) -> None:
    response = client.get(address)
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert said in response.json()["detail"]


def test_who_has_the_answer_is_told_so(client: httpx.Client) -> None:
    first = client.get(f"/networks/{NAME}/measures")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"/networks/{NAME}/measures", headers=tag).status_code == 304
    assert client.get(f"/networks/{NAME}/measures?top=2", headers=tag).status_code == 200


def test_a_network_over_the_limits_says_what_makes_it_smaller(
    data_folder: DataFolder, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    with serve(
        data_folder.current, named_queries=named_queries, computing=Room(patience=30), most=Most(nodes=3)
    ) as few:
        response = few.get(f"/networks/{NAME}")
    assert response.status_code == 413
    assert response.json()["code"] == "network-too-large"
    assert "minimum" in response.json()["detail"]


# Pages


def test_the_page_shows_what_the_network_is_and_where_it_comes_from(client: httpx.Client) -> None:
    page = {"Accept": "text/html"}
    assert f'href="/networks/{NAME}"' in client.get("/networks", headers=page).text
    shown = client.get(f"/networks/{NAME}", headers=page).text
    told = client.get(f"/networks/{NAME}").json()["network"]
    assert "Who writes reports with whom?" in shown
    assert f"{told['nodes']} nodes" in shown
    assert told["digest"] in shown
    assert 'name="from"' in shown
    assert "/networks/co-authored-reports/graph?format=gexf" in shown
    chinese = client.get(f"/networks/{NAME}", params={"lang": "zh"}, headers=page).text
    assert f"{told['nodes']} 个节点" in chinese


def test_the_page_says_beside_the_form_what_is_wrong(client: httpx.Client) -> None:
    page = {"Accept": "text/html"}
    response = client.get(f"/networks/{NAME}", params={"from": "soon<script>"}, headers=page)
    assert response.status_code == 400
    assert 'aria-invalid="true"' in response.text
    assert "<script>" not in response.text
    empty = client.get(f"/networks/{NAME}", params={"from": "2090-01-01", "isolates": "false"}, headers=page)
    assert empty.status_code == 200
    assert "No two nodes share a record here" in empty.text


def test_the_page_shows_how_far_a_long_computation_is(
    slow_folder: DataFolder, serve: Serve, ring: dict[str, NamedQuery], kept: Path
) -> None:
    with serve(slow_folder.current, named_queries=ring, computing=Room(folder=kept, patience=0.05)) as slow:
        waiting = slow.get("/networks/ring", headers={"Accept": "text/html"}).text
        assert 'http-equiv="refresh"' in waiting
        assert "<progress" in waiting
        until(lambda: "Nodes between most others" in slow.get("/networks/ring", headers={"Accept": "text/html"}).text)


# Jobs


def test_a_job_leads_to_its_result(client: httpx.Client) -> None:
    address = f"/networks/{NAME}/measures?measure=core&top=2"
    accepted = client.get(address, headers=ASYNC)
    assert accepted.status_code == 202
    assert accepted.headers["Preference-Applied"] == "respond-async"
    place = accepted.headers["Location"]
    until(lambda: client.get(place).status_code == 303)
    assert client.get(place).json()["fraction"] == 1
    result = client.get(place, follow_redirects=True)
    assert result.json() == client.get(address).json()
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == client.delete(place).status_code == 404


def test_a_job_that_fails_says_why(client: httpx.Client) -> None:
    place = client.get(f"/networks/{NAME}/ego/nobody-at-all", headers=ASYNC).headers["Location"]
    told = until(lambda: (told := client.get(place).json())["status"] == "failed" and told)
    assert told["problem"]["code"] == "network"
    assert client.get(f"{place}/result").status_code == 422


def test_what_is_cancelled_midway_leaves_no_process_and_no_file(
    slow_folder: DataFolder, serve: Serve, ring: dict[str, NamedQuery], kept: Path, processes: Callable[[], list[int]]
) -> None:
    room = Room(folder=kept, patience=0.5)
    with serve(slow_folder.current, named_queries=ring, computing=room) as slow:
        accepted = slow.get(SLOW)
        assert accepted.status_code == 202
        place = accepted.headers["Location"]
        running = until(lambda: (told := slow.get(place).json())["step"].startswith("betweenness") and told)
        assert 0 < running["fraction"] < 1
        assert len(processes()) == 1
        assert slow.delete(place).status_code == 204
        until(lambda: not processes())
        assert [file for folder in kept.iterdir() for file in folder.iterdir()] == []
        assert slow.get(f"{place}/result").status_code == 404
    assert list(kept.iterdir()) == []


def test_two_clients_share_a_computation_until_both_have_left(
    slow_folder: DataFolder, serve: Serve, ring: dict[str, NamedQuery], kept: Path, processes: Callable[[], list[int]]
) -> None:
    room = Room(folder=kept, patience=0.2)
    with serve(slow_folder.current, named_queries=ring, computing=room) as slow:
        one = slow.get(SLOW, headers=ASYNC).headers["Location"]
        assert slow.get(SLOW, headers=ASYNC).headers["Location"] == one  # a client has one job of one computation
        elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(base_url=slow.base_url, transport=elsewhere, timeout=30) as client:
            other = client.get(SLOW, headers=ASYNC).headers["Location"]
        assert one != other
        until(lambda: slow.get(one).json()["step"].startswith("betweenness"))
        assert len(processes()) == 1
        slow.delete(one)
        assert slow.get(other).json()["status"] == "running"
        slow.delete(other)
        until(lambda: not processes())


def test_a_client_that_leaves_ends_what_nobody_else_wants(
    slow_folder: DataFolder, serve: Serve, ring: dict[str, NamedQuery], kept: Path, processes: Callable[[], list[int]]
) -> None:
    with serve(slow_folder.current, named_queries=ring, computing=Room(folder=kept, patience=60)) as slow:
        with pytest.raises(httpx.ReadTimeout):
            slow.get(SLOW, timeout=4.0)
        until(lambda: not processes())


def test_a_client_has_so_many_under_way_and_no_more(
    slow_folder: DataFolder, serve: Serve, ring: dict[str, NamedQuery], kept: Path, processes: Callable[[], list[int]]
) -> None:
    room = Room(folder=kept, patience=0.2, each=2, workers=1)
    with serve(slow_folder.current, named_queries=ring, computing=room) as slow:
        answers = [slow.get(f"{SLOW}&top={number}", headers=ASYNC) for number in (1, 2, 3)]
        assert [each.status_code for each in answers] == [202, 202, 429]
        assert answers[2].headers["Retry-After"]
    assert not processes()  # the service has ended, and what it had begun


def test_where_as_many_wait_as_may_the_next_one_is_told_that_the_service_is_busy(
    slow_folder: DataFolder, serve: Serve, ring: dict[str, NamedQuery], kept: Path
) -> None:
    room = Room(folder=kept, each=10, workers=1, queue=1)
    with serve(slow_folder.current, named_queries=ring, computing=room) as slow:
        answers = [slow.get(f"{SLOW}&top={number}", headers=ASYNC) for number in (1, 2, 3)]
        joining = slow.get(f"{SLOW}&top=2", headers=ASYNC)
    assert [each.status_code for each in answers] == [202, 202, 503]
    assert answers[2].json()["code"] == "store-busy"
    assert answers[2].headers["Retry-After"]
    assert joining.status_code == 202


def test_a_result_over_the_limit_is_refused_and_not_kept(
    data_folder: DataFolder, serve: Serve, named_queries: dict[str, NamedQuery], kept: Path
) -> None:
    room = Room(folder=kept, patience=30)
    with serve(data_folder.current, named_queries=named_queries, computing=room, most=Most(size=1_000)) as small:
        answers = [small.get(f"/networks/{NAME}/{verb}") for verb in ("graph", "graph?format=gexf", "measures")]
        assert [file for folder in kept.iterdir() for file in folder.iterdir()] == []
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (413, "network-too-large")
        assert "more than 1,000 bytes" in answer.json()["detail"]


def test_what_takes_too_long_is_ended(
    slow_folder: DataFolder, serve: Serve, ring: dict[str, NamedQuery], kept: Path, processes: Callable[[], list[int]]
) -> None:
    room = Room(folder=kept, patience=30)
    with serve(slow_folder.current, named_queries=ring, computing=room, most=Most(seconds=0.01)) as slow:
        ended = slow.get("/networks/ring/measures?measure=degree")
        until(lambda: not processes())
    assert ended.status_code == 413
    assert "took longer than 0.01 seconds and was ended" in ended.json()["detail"]


def test_what_would_take_too_long_is_not_begun(
    slow_folder: DataFolder, serve: Serve, ring: dict[str, NamedQuery], kept: Path
) -> None:
    room = Room(folder=kept, patience=30)
    with serve(slow_folder.current, named_queries=ring, computing=room, most=Most(seconds=5)) as slow:
        refused = slow.get(SLOW)
        sampled = slow.get("/networks/ring/measures?measure=betweenness&samples=16")
    assert refused.status_code == 413
    assert "sample" in refused.json()["detail"]
    assert sampled.status_code == 200


def test_a_job_stays_on_its_release(
    serve: Serve, ring: dict[str, NamedQuery], slow_folder: DataFolder, kept: Path, tmp_path: Path
) -> None:
    (shapes := tmp_path / "shapes.ttl").write_text("")
    first = slow_folder.current()
    assert first
    room = Room(folder=kept, patience=0.1)
    with serve(slow_folder.current, named_queries=ring, computing=room, look_seconds=0.1) as slow:
        place = slow.get("/networks/ring/measures?measure=core", headers=ASYNC).headers["Location"]
        quad = ox.Quad(*(ox.NamedNode(f"https://example.org/{name}") for name in ("a", "knows", "b", "graph")))
        build(slow_folder, [Input("all", "source", "All", "", "1", lambda: Produced(canonical([quad])))], [shapes])
        until(lambda: slow.get("/health").json()["release"] != first.id)
        until(lambda: slow.get(place).status_code == 303)
        told = slow.get(f"{place}/result").json()["network"]
        assert (told["release"], told["nodes"]) == (first.id, NODES)
        fresh = slow.get("/networks/ring", headers={"Prefer": "wait=30"}).json()["network"]
        assert (fresh["release"] != first.id, fresh["nodes"]) == (True, 2)
