"""Ways through a small graph that one can check by hand: the same on a release here and on a server elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import networkx as nx
import pyoxigraph as ox
import pytest

from kg.queries import NamedQuery
from kg.store.querying.requests import Limits
from kg.store.release import Release
from kg.store.remote.pool import RemotePool
from kg.store.remote.release import Holding
from kg.store.remote.server import Connection, Server

from ..servers import Started
from .conftest import MakeRelease

Serve = Callable[..., AbstractContextManager[httpx.Client]]

EX = "https://example.org/"
DATA = Path(__file__).parent / "explore.trig"
HUB = 200_000


def small_release(make_release: MakeRelease, folder: Path) -> Release:
    """A release of explore.trig alone."""
    release = make_release(folder)
    store = ox.Store(str(release.database))
    store.clear()
    store.load(path=str(DATA))
    store.flush()
    return release


@pytest.fixture(scope="module")
def embedded(
    make_release: MakeRelease,
    serve: Serve,
    named_queries: dict[str, NamedQuery],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    release = small_release(make_release, tmp_path_factory.mktemp("explore"))
    with serve(lambda: release, named_queries=named_queries) as client:
        yield client


@pytest.fixture
def elsewhere(other: Started, serve: Serve, named_queries: dict[str, NamedQuery]) -> Iterator[httpx.Client]:
    server = Server(url=other.query)
    httpx.post(other.graphs, content=DATA.read_bytes(), headers={"Content-Type": "application/trig"}).raise_for_status()
    with (
        Connection(server) as connection,
        serve(
            Holding(connection).current, named_queries=named_queries, answering=partial(RemotePool, server=server)
        ) as client,
    ):
        yield client


def get(client: httpx.Client, path: str, **params: Any) -> Any:
    response = client.get(path, params=params or None)
    assert response.status_code == 200, response.text
    return response.json()


def short(iris: Any) -> list[str]:
    return [iri.removeprefix(EX) for iri in iris]


def counts(told: Any) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (each["direction"], each["property"].rpartition("/")[2].rpartition("#")[2]): (each["count"], each["things"])
        for each in told["properties"]
    }


def test_a_thing_is_told_by_counts_and_samples(embedded: httpx.Client) -> None:
    told = get(embedded, "/explore", iri=f"{EX}ann", samples=2)
    assert counts(told) == {
        ("out", "type"): (1, 1),
        ("out", "label"): (2, 0),
        ("out", "born"): (1, 0),
        ("out", "knows"): (3, 3),
        ("out", "member"): (1, 1),
        ("out", "office"): (1, 1),
        ("in", "knows"): (1, 1),
    }
    assert told["statements"] == {"out": 9, "in": 1}
    assert told["thing"] == {"id": f"{EX}ann", "label": "Ann", "language": "en", "classes": [f"{EX}Person"]}
    (knows,) = [each for each in told["properties"] if each["property"] == f"{EX}knows" and each["direction"] == "out"]
    assert len(knows["samples"]) == 2
    assert get(embedded, knows["href"])["total"] == 3


def test_names_come_in_the_language_asked_for(embedded: httpx.Client) -> None:
    assert get(embedded, "/explore", iri=f"{EX}ann", lang="zh")["thing"]["label"] == "安"


ODD = f"{EX}%C3%A9t%C3%A9/ü?q=a&b#x"


@pytest.mark.parametrize("name", [ODD, f"{EX}ann"])
def test_an_iri_stands_percent_encoded_in_the_path(embedded: httpx.Client, name: str) -> None:
    assert get(embedded, f"/explore/{quote(name, safe='')}")["thing"]["id"] == name
    for node in get(embedded, "/explore", iri=name)["nodes"]:
        assert get(embedded, node["href"])["thing"]["id"] == node["id"]


def test_a_path_or_a_curie_names_a_thing_of_ours(client: httpx.Client) -> None:
    found = [
        get(client, f"/explore/{name}")["thing"]["id"] for name in ("doc/gazette", "id/doc/gazette", "id:doc/gazette")
    ]
    assert found == ["https://w3id.org/techtransfer/id/doc/gazette"] * 3


def neighbours(client: httpx.Client, **params: Any) -> list[tuple[str, str, str]]:
    told = get(client, "/explore/neighbours", **params)
    return [(each["direction"], *short((each["property"], each["id"]))) for each in told["neighbours"]]


def test_neighbours_by_property_class_and_direction(embedded: httpx.Client) -> None:
    eve = f"{EX}eve"
    assert neighbours(embedded, iri=eve, property=f"{EX}knows") == [("in", "knows", "bob"), ("in", "knows", "dan")]
    assert neighbours(embedded, iri=eve, direction="out", without=["a", f"{EX}office"]) == [
        ("out", "member", "club"),
        ("out", "visits", "town"),
    ]
    assert neighbours(embedded, iri=eve, **{"class": [f"{EX}Club", f"{EX}Person"]}, direction="out") == [
        ("out", "member", "club")
    ]


def test_pages_of_neighbours_are_all_of_them_in_order(embedded: httpx.Client) -> None:
    whole = get(embedded, "/explore/neighbours", iri=f"{EX}eve", limit=1000)
    assert "next" not in whole
    for limit in (1, 2, 3):
        page = get(embedded, "/explore/neighbours", iri=f"{EX}eve", limit=limit)
        seen = page["neighbours"]
        while "next" in page:
            page = get(embedded, page["next"])
            seen += page["neighbours"]
        assert seen == whole["neighbours"]
    assert len(whole["neighbours"]) == whole["total"] == 8


def test_classes_and_what_joins_them(embedded: httpx.Client) -> None:
    told = get(embedded, "/explore/schema")
    assert {each["class"].removeprefix(EX): each["things"] for each in told["classes"]} == {
        "Person": 7,
        "Guest": 1,
        "Club": 1,
        "Place": 3,
    }
    (club,) = [each for each in told["classes"] if each["class"] == f"{EX}Club"]
    assert sorted(club["properties"].values()) == [1, 1]
    links = {(*short((e["source"], e["property"], e["target"])), e["count"], e["exact"]) for e in told["edges"]}
    assert ("Person", "knows", "Person", 6, True) in links
    assert ("Person", "visits", "Place", 2, True) in links
    assert ("Guest", "visits", "Place", 1, True) in links
    assert ("Person", "knows", "Guest", 2, True) in links


def found_paths(client: httpx.Client, one: str, other: str, **params: Any) -> tuple[list[str], bool]:
    told = get(client, "/explore/paths", **{"from": f"{EX}{one}", "to": f"{EX}{other}"}, **params)
    return [" ".join(short(path["things"])) for path in told["paths"]], told["complete"]


def test_the_shortest_paths_come_first_and_those_over_crowded_things_last(embedded: httpx.Client) -> None:
    knows = {"property": [f"{EX}knows", f"{EX}helps"]}
    assert found_paths(embedded, "ann", "eve", k=1, **knows) == (["ann bob eve"], True)
    assert found_paths(embedded, "ann", "eve", k=9, **knows) == (["ann bob eve", "ann cat dan eve"], True)
    assert found_paths(embedded, "ann", "eve", k=9, longest=2, **knows) == (["ann bob eve"], True)
    assert found_paths(embedded, "eve", "ann", direction="out", **knows) == ([], True)
    assert found_paths(embedded, "eve", "ann", direction="in", **knows)[0][0] == "eve bob ann"
    assert found_paths(embedded, "ann", "eve", k=2) == (["ann bob eve", "ann club eve"], True)
    assert found_paths(embedded, "ann", "eve", k=2, without=f"{EX}knows")[0][0] == "ann club eve"
    assert found_paths(embedded, "ann", "gus") == ([], True)
    assert found_paths(embedded, "ann", "ann") == ([], True)


def test_classes_join_only_where_they_are_asked_for(embedded: httpx.Client) -> None:
    assert found_paths(embedded, "gus", "ann", property="a", k=1) == (["gus Person ann"], True)


def test_each_step_has_all_its_links(embedded: httpx.Client) -> None:
    wanted = {"from": f"{EX}cat", "to": f"{EX}eve", "k": 1, "property": [f"{EX}knows", f"{EX}helps"]}
    (path,) = get(embedded, "/explore/paths", **wanted)["paths"]
    steps = [[(link["property"].removeprefix(EX), link["direction"]) for link in step] for step in path["steps"]]
    assert steps == [[("knows", "out")], [("helps", "out"), ("knows", "out")]]


def test_common_neighbours_by_how_few_share_them(embedded: httpx.Client) -> None:
    told = get(embedded, "/explore/common", iri=[f"{EX}ann", f"{EX}eve"])
    assert [(*short([each["id"]]), each["degree"]) for each in told["common"]] == [("bob", 5), ("club", 6)]
    assert told["common"][0]["score"] > told["common"][1]["score"] > 0
    assert (told["number"], told["complete"]) == (2, True)
    three = get(embedded, "/explore/common", iri=[f"{EX}ann", f"{EX}eve", f"{EX}cat"])
    assert short(each["id"] for each in three["common"]) == ["club"]
    places = get(embedded, "/explore/common", iri=[f"{EX}dan", f"{EX}eve"], **{"class": f"{EX}Place"})
    assert short(each["id"] for each in places["common"]) == ["south"]


def test_a_subgraph_keeps_what_joins_the_things_asked_for(embedded: httpx.Client) -> None:
    told = get(embedded, "/explore/subgraph", iri=[f"{EX}ann", f"{EX}eve"], nodes=4)
    graph = nx.node_link_graph(told, edges="edges").to_undirected()
    assert set(short(graph)) == {"ann", "eve", "bob", "club"}
    assert nx.is_connected(graph)
    assert told["leftOut"] > 0
    for nodes in (2, 3, 5, 8, 50):
        told = get(embedded, "/explore/subgraph", iri=f"{EX}ann", nodes=nodes)
        graph = nx.node_link_graph(told, edges="edges").to_undirected()
        assert len(graph) <= nodes
        assert nx.is_connected(graph), "what is kept hangs together"
    assert told["leftOut"] == 0


def values_of(told: Any) -> dict[str, dict[str, int]]:
    """How many things have each value, by property."""
    return {
        facet["property"].rpartition("/")[2].rpartition("#")[2]: {
            value["value"]["value"].removeprefix(EX): value["count"] for value in facet["values"]
        }
        for facet in told["facets"]
    }


def test_facets_tell_things_apart_and_lead_on(embedded: httpx.Client) -> None:
    told = get(embedded, "/explore/facets", **{"class": f"{EX}Person"})
    assert (told["total"], told["seen"], len(told["nodes"])) == (7, 7, 7)
    found = values_of(told)
    assert found["office"] == {"south": 3, "north": 2}
    assert found["born"] == {"1990": 2, "1991": 1}
    assert found["member"] == {"club": 5}
    assert "label" not in found, "what is another for each tells nothing apart"
    for facet in told["facets"]:
        for value in facet["values"]:
            chosen = get(embedded, value["href"])
            assert chosen["total"] == value["count"], value["where"]
    south = get(
        embedded,
        "/explore/facets",
        **{"class": f"{EX}Person"},
        where=[f"<{EX}office>=<{EX}south>", "a=<https://example.org/Guest>"],
    )
    assert short(node["id"] for node in south["nodes"]) == ["eve"]


def test_facets_over_classes_below_and_over_chosen_properties(embedded: httpx.Client) -> None:
    visitors = get(embedded, "/explore/facets", **{"class": f"{EX}Visitor"})
    assert (short(visitors["classes"]), visitors["total"]) == (["Guest", "Visitor"], 1)
    labels = get(embedded, "/explore/facets", **{"class": f"{EX}Person"}, property="rdfs:label", values=2)
    assert [(facet["things"], facet["distinct"], len(facet["values"])) for facet in labels["facets"]] == [(7, 8, 2)]
    knowing = get(embedded, "/explore/facets", **{"class": f"{EX}Person"}, where=f"<{EX}knows>", limit=3)
    assert (knowing["total"], short(node["id"] for node in knowing["nodes"])) == (4, ["ann", "bob", "cat"])
    assert short(node["id"] for node in get(embedded, knowing["next"])["nodes"]) == ["dan"]
    nothing = get(embedded, "/explore/facets", **{"class": f"{EX}Nothing"})
    assert (nothing["total"], nothing["facets"]) == (0, [])


PATHS = [
    f"/explore?iri={EX}ann&samples=3",
    f"/explore/neighbours?iri={EX}eve&limit=3",
    "/explore/schema",
    f"/explore/paths?from={EX}ann&to={EX}eve&k=4",
    f"/explore/common?iri={EX}ann&iri={EX}eve",
    f"/explore/subgraph?iri={EX}ann&iri={EX}eve&nodes=6",
    f"/explore/facets?class={EX}Person&limit=4",
]


@pytest.mark.parametrize("path", PATHS)
def test_each_form_holds_the_same_graph(embedded: httpx.Client, path: str) -> None:
    told = get(embedded, path)
    graph = nx.node_link_graph(told, edges="edges")
    response = embedded.get(path, headers={"accept": "application/graphml+xml"})
    assert response.headers["content-type"] == "application/graphml+xml"
    read = nx.read_graphml(io.BytesIO(response.content), force_multigraph=True)
    named = nx.relabel_nodes(read, {node: told["iri"] for node, told in read.nodes.data()})
    assert set(named) == set(graph)
    as_links = {(one, other, key) for one, other, key in graph.edges(keys=True)}
    assert {(one, other, said["property"]) for one, other, said in named.edges(data=True)} == as_links
    triples = {
        (t.subject, t.predicate, t.object)
        for t in ox.parse(embedded.get(path, headers={"accept": "text/turtle"}).content, ox.RdfFormat.TURTLE)
    }
    if path.startswith("/explore/facets"):
        assert not as_links
    elif path != "/explore/schema":
        nodes = ((ox.NamedNode(one), ox.NamedNode(key), ox.NamedNode(other)) for one, other, key in as_links)
        assert set(nodes) <= triples
    else:
        assert len([t for t in triples if t[2].value.endswith("#Linkset")]) == len(as_links)


def test_what_xml_cannot_hold_is_replaced(embedded: httpx.Client) -> None:
    body = embedded.get("/explore", params={"iri": f"{EX}gus", "format": "graphml"}).content
    (label,) = nx.get_node_attributes(nx.read_graphml(io.BytesIO(body)), "label").values()
    assert label == "Gus <b>& Co</b>\ufffd"


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_is_kept_as_long_as_the_release(embedded: httpx.Client, path: str) -> None:
    first = embedded.get(path)
    tag = first.headers["etag"]
    assert embedded.get(path, headers={"if-none-match": tag}).status_code == 304
    assert embedded.get(path).content == first.content
    others = [
        embedded.get(path, headers=headers).headers["etag"]
        for headers in ({"accept": "text/turtle"}, {"accept-language": "zh"})
    ]
    assert len({tag, *others}) == 3
    assert embedded.head(path).headers["etag"] == tag


@pytest.mark.parametrize("path", PATHS)
def test_a_server_elsewhere_gives_the_same(embedded: httpx.Client, elsewhere: httpx.Client, path: str) -> None:
    here, there = get(embedded, path), get(elsewhere, path)
    for told in (here, there):
        told.pop("release", None)
        told.pop("graph")
    if "samples=3" in path:  # which values are shown of many is for the store to say
        assert counts(here) == counts(there)
    else:
        assert here == there


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        (f"/explore/{quote(EX + 'nobody', safe='')}", {}, 404, "not-found"),
        ("/explore/a%3E%20b", {}, 400, "parameter"),
        ("/explore/%FF", {}, 400, "parameter"),
        ("/explore", {}, 400, "parameter"),
        ("/explore", {"iri": ["a", "b"]}, 400, "parameter"),
        ("/explore/org/x", {"samples": "-1"}, 400, "parameter"),
        ("/explore/neighbours", {"iri": "org/x", "propety": "a"}, 400, "parameter"),
        ("/explore/neighbours", {"iri": "org/x", "limit": "0"}, 400, "parameter"),
        ("/explore/neighbours", {"iri": "org/x", "direction": "up"}, 400, "parameter"),
        ("/explore/neighbours", {"iri": "org/x", "property": "x y"}, 400, "parameter"),
        ("/explore/neighbours", {"iri": "org/x", "property": ["a"] * 51}, 400, "parameter"),
        ("/explore/neighbours", {"iri": "org/x", "after": "2"}, 400, "cursor"),
        ("/explore/neighbours", {"iri": "org/x> . } #"}, 400, "parameter"),
        ("/explore/neighbours", {"iri": f"{EX}nobody"}, 404, "not-found"),
        ("/explore/schema", {"format": "pdf"}, 400, "parameter"),
        ("/explore/facets", {}, 400, "parameter"),
        ("/explore/facets", {"class": "Policy", "where": "<x:y"}, 400, "parameter"),
        ("/explore/facets", {"class": "Policy", "where": "homeArea=a b"}, 400, "parameter"),
        ("/explore/facets", {"class": "Policy", "where": ["homeArea"] * 21}, 400, "parameter"),
        ("/explore/paths", {"from": "org/x"}, 400, "parameter"),
        ("/explore/paths", {"from": f"{EX}ann", "to": f"{EX}nobody"}, 404, "not-found"),
        ("/explore/paths", {"from": f"{EX}ann", "to": f"{EX}eve", "k": "21"}, 400, "parameter"),
        ("/explore/common", {"iri": f"{EX}ann"}, 400, "parameter"),
        ("/explore/common", {"iri": [f"{EX}ann", f"{EX}nobody"]}, 404, "not-found"),
        ("/explore/subgraph", {"iri": [f"{EX}ann", f"{EX}eve"], "nodes": "1"}, 400, "parameter"),
    ],
)
def test_what_is_wrong_is_said(
    embedded: httpx.Client, path: str, params: dict[str, Any], status: int, code: str
) -> None:
    response = embedded.get(path, params=params or None)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"


def test_nothing_acceptable(embedded: httpx.Client) -> None:
    assert embedded.get("/explore/schema", headers={"accept": "image/png"}).status_code == 406


@pytest.fixture(scope="module")
def crowd(
    make_release: MakeRelease,
    serve: Serve,
    named_queries: dict[str, NamedQuery],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    """explore.trig, and a club of very many members, to which Ann and Eve belong."""
    release = small_release(make_release, tmp_path_factory.mktemp("crowd"))
    club, member, graph = (ox.NamedNode(f"{EX}{name}") for name in ("crowd", "member", "crowds"))
    members = [*(f"m{number}" for number in range(HUB)), "ann", "eve"]
    store = ox.Store(str(release.database))
    store.bulk_extend(ox.Quad(ox.NamedNode(f"{EX}{name}"), member, club, graph) for name in members)
    store.flush()
    del store
    with serve(lambda: release, named_queries=named_queries, limits=Limits(timeout=300.0)) as client:
        yield client


def test_a_crowded_node_is_told_by_counts_and_samples(crowd: httpx.Client) -> None:
    told = get(crowd, "/explore", iri=f"{EX}crowd")
    assert counts(told) == {("in", "member"): (HUB + 2, HUB + 2)}
    assert len(told["properties"][0]["samples"]) == 5
    page = get(crowd, "/explore/neighbours", iri=f"{EX}crowd", limit=10)
    assert (page["total"], page["sample"], len(page["neighbours"]), "next" in page) == (HUB + 2, True, 10, False)
    assert page["all"].startswith("/sparql?")
    few = get(crowd, "/explore/neighbours", iri=f"{EX}crowd", limit=10, **{"class": f"{EX}Guest"})
    assert (few["total"], few["sample"], short(each["id"] for each in few["neighbours"])) == (1, False, ["eve"])


def test_paths_do_not_go_through_a_crowd_but_meet_at_it(crowd: httpx.Client) -> None:
    by = {"property": f"{EX}member"}
    told = get(crowd, "/explore/paths", **{"from": f"{EX}ann", "to": f"{EX}eve"}, k=2, **by)
    assert [short(path["things"]) for path in told["paths"]] == [["ann", "club", "eve"], ["ann", "crowd", "eve"]]
    assert told["complete"]
    three = get(crowd, "/explore/paths", **{"from": f"{EX}m7", "to": f"{EX}eve"}, k=3, longest=4, **by)
    assert short(three["paths"][0]["things"]) == ["m7", "crowd", "eve"]
    assert (three["hubs"], three["complete"]) == ([f"{EX}crowd"], False)
    far = get(crowd, "/explore/paths", **{"from": f"{EX}crowd", "to": f"{EX}bob"}, k=1, **by)
    assert short(far["paths"][0]["things"])[0::3] == ["crowd", "bob"]


def test_a_crowd_shares_things_and_is_shared(crowd: httpx.Client) -> None:
    told = get(crowd, "/explore/common", iri=[f"{EX}crowd", f"{EX}club"])
    assert (short(each["id"] for each in told["common"]), told["complete"]) == (["ann", "eve"], True)
    shared = get(crowd, "/explore/common", iri=[f"{EX}ann", f"{EX}eve"])["common"]
    assert short(each["id"] for each in shared)[-1] == "crowd"
    around = get(crowd, "/explore/subgraph", iri=[f"{EX}ann", f"{EX}eve"], nodes=5)
    assert f"{EX}m7" not in {node["id"] for node in around["nodes"]}
    assert (around["hubs"], around["complete"]) == ([f"{EX}crowd"], False)
