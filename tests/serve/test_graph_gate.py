"""The Graph Store Protocol behind the gate: what is let in, what is refused, whose a graph is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

from kg.pipeline import build
from kg.pipeline.inputs import Input, Produced
from kg.serve.access import Access
from kg.serve.writing.writer import Site
from kg.store.canonical import canonical
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

BASE = "https://w3id.org/techtransfer/graph/"
SOURCE, OWN, FREE = f"{BASE}source/seed", f"{BASE}own/notes", "http://example.org/mine"
TURTLE = {"content-type": "text/turtle"}
GOOD = "<http://example.org/alice> a <http://example.org/Person> ; <http://example.org/name> 'Alice' ."
BAD = "<http://example.org/bob> a <http://example.org/Person> ."
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://example.org/PersonShape> a sh:NodeShape ; sh:targetClass <http://example.org/Person> ;
  sh:property <http://example.org/PersonShape-name> .
<http://example.org/PersonShape-name> a sh:PropertyShape ; sh:path <http://example.org/name> ; sh:minCount 1 ;
  sh:message "A person has a name."@en .
"""


def _seed() -> Produced:
    text = f"<http://example.org/seed> <http://example.org/name> 'Seed' <{SOURCE}> ."
    return Produced(canonical(ox.parse(text.replace("'", '"'), format=ox.RdfFormat.N_QUADS)))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[httpx.Client]:
    place: Path = tmp_path_factory.mktemp("gate")
    shapes = place / "shapes.ttl"
    shapes.write_text(SHAPE)
    folder = DataFolder.open(place / "data", create=True)
    build(folder, [Input("seed", "source", "Seed", "", "0", _seed)], [shapes])
    site = Site(root=folder.layout.root, shapes=(shapes,))
    with serve(folder.current, named_queries={}, site=site, access=Access(anonymous="write")) as client:
        yield client


def data(graph: str) -> str:
    return f"/data?graph={quote(graph, safe='')}"


def release(client: httpx.Client) -> str:
    return str(client.get("/health").json()["release"])


@pytest.mark.parametrize("graph", [OWN, FREE])
def test_a_graph_of_ones_own_is_a_release_at_once(client: httpx.Client, graph: str) -> None:
    before = release(client)
    created = client.put(data(graph), content=GOOD, headers=TURTLE)
    assert (created.status_code, created.json()["graph"]) == (201, graph)
    assert created.json()["release"] == release(client) != before
    assert "Alice" in client.get(data(graph)).text
    again = client.put(data(graph), content=GOOD, headers=TURTLE)
    assert (again.status_code, again.json()["release"]) == (200, created.json()["release"])  # nothing has changed
    assert client.delete(data(graph)).status_code == 204
    assert client.get(data(graph)).status_code == 404
    told = client.get(data(f"{BASE}meta"), headers={"accept": "application/n-triples"}).text
    assert f"<https://w3id.org/techtransfer/id/write/{created.json()['release']}>" in told
    assert f"#invalidated> <{graph}>" in told
    assert client.delete(data(graph)).status_code == 404


def test_the_tag_is_of_what_the_graph_holds(client: httpx.Client) -> None:
    client.put(data(OWN), content=GOOD, headers=TURTLE)
    tag = client.get(data(OWN)).headers["etag"]
    client.put(data(FREE), content=GOOD, headers=TURTLE)
    assert client.get(data(OWN)).headers["etag"] == tag == client.get("/graph/own/notes").headers["etag"]
    more = f"{GOOD} <http://example.org/alice> <http://example.org/knows> [ <http://example.org/age> 1 ] ."
    assert client.put(data(OWN), content=more, headers={**TURTLE, "if-match": tag}).status_code == 200
    assert client.get(data(OWN)).headers["etag"] != tag
    assert client.put(data(OWN), content=GOOD, headers={**TURTLE, "if-match": tag}).status_code == 412


def test_what_breaks_a_shape_is_refused_and_changes_nothing(client: httpx.Client) -> None:
    client.put(data(OWN), content=GOOD, headers=TURTLE)
    before = release(client)
    for method in ("PUT", "POST"):
        refused = client.request(method, data(OWN), content=BAD, headers=TURTLE)
        assert (refused.status_code, refused.json()["code"]) == (422, "validation")
        assert "PersonShape-name" in refused.text
    assert release(client) == before
    assert "bob" not in client.get("/data?default").text


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        (data(SOURCE), "source seed"),
        ("/graph/source/seed", "own/"),
        ("/graph/meta", "own/"),
        (data(f"{BASE}new"), "own/"),
        ("/data?default", "merge"),
    ],
)
def test_other_graphs_are_read_only_and_the_error_says_where_to_correct(
    client: httpx.Client, address: str, advice: str
) -> None:
    before = release(client)
    for method in ("PUT", "POST", "DELETE"):
        response = client.request(method, address, content=GOOD, headers=TURTLE)
        assert (response.status_code, response.json()["code"]) == (403, "read-only")
        assert advice in response.json()["detail"]
    assert release(client) == before


def test_a_graph_without_a_name_gets_one_of_ones_own(client: httpx.Client) -> None:
    created = client.post("/data", content=GOOD, headers=TURTLE)
    name, address = created.json()["graph"], created.headers["location"]
    assert (created.status_code, name.startswith(f"{BASE}own/")) == (201, True)
    assert client.get(address).text == client.get(data(name)).text
    assert client.delete(address).status_code == 204


def test_blank_nodes_keep_their_names(client: httpx.Client) -> None:
    content = "[] <http://example.org/name> 'Carol' ; <http://example.org/knows> [ <http://example.org/age> 1 ] ."
    client.put(data(OWN), content=content, headers=TURTLE)
    first = client.get(data(OWN))
    client.put(data(OWN), content=GOOD, headers=TURTLE)
    client.put(data(OWN), content=content, headers=TURTLE)
    assert client.get(data(OWN)).text == first.text
    assert client.get(data(OWN)).headers["etag"] == first.headers["etag"]
    assert "_:" not in first.text


def test_an_empty_graph_is_none(client: httpx.Client) -> None:
    client.put(data(OWN), content=GOOD, headers=TURTLE)
    assert client.put(data(OWN), content="", headers=TURTLE).status_code == 200
    assert client.get(data(OWN)).status_code == 404
    again = client.put(data(OWN), content="", headers=TURTLE)
    assert (again.status_code, "location" in again.headers) == (200, False)
