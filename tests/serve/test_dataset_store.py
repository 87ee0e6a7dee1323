"""The graph store without the name of a graph: all graphs are read, put and merged into, in TriG and N-Quads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pyoxigraph as ox
import pytest

from kg import iris
from kg.serve.access import Access
from kg.serve.writing.writer import Site
from kg.store import plain
from kg.store.canonical import canonical as written
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

OWN = f"{iris.GRAPH}own/notes"
TRIG = "@prefix e: <http://example.org/> . e:a e:p 1 . e:g { e:b e:p _:x } e:h { _:x e:p <rel> }"
MORE = '<http://example.org/c> <http://example.org/p> "x" <http://example.org/g> .'


@pytest.fixture
def client(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[httpx.Client]:
    folder = DataFolder.open(tmp_path_factory.mktemp("plain") / "data", create=True)
    plain.opened(folder, tool="test")
    site = Site(root=folder.layout.root, plain=True)
    with serve(folder.current, named_queries={}, site=site, access=Access(anonymous="write")) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[httpx.Client]:
    """A service over releases that were built: of a graph of a source, and a triple that stands in another as well."""
    place = tmp_path_factory.mktemp("built")
    (shapes := place / "shapes.ttl").write_text("")
    folder = DataFolder.open(place / "data", create=True)
    with folder.stage() as staging:
        for name in ("one", "two"):
            line = f'<http://example.org/a> <http://example.org/p> "x" <{iris.source_graph(name)}> .'
            staging.replace_segment(f"source/{name}", written(ox.parse(line, format=ox.RdfFormat.N_QUADS)))
        staging.publish(tool="test", sources={"source/one": {"kind": "load"}, "source/two": {"kind": "load"}})
    site = Site(root=folder.layout.root, shapes=(shapes,))
    with serve(folder.current, named_queries={}, site=site, access=Access(anonymous="write")) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


def send(client: httpx.Client, method: str, text: str, media_type: str = "application/trig", **headers: str) -> int:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    response = client.request(method, "/data", content=text, headers={"content-type": media_type, **more})
    assert response.is_success == (response.status_code in (200, 201))
    return response.status_code


def canonical(quads: Iterator[ox.Quad]) -> set[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def held(client: httpx.Client, media_type: str = "application/n-quads") -> set[str]:
    response = client.get("/data", headers={"accept": media_type})
    assert response.headers["content-type"] == media_type
    return canonical(ox.parse(response.content, format=ox.RdfFormat.from_media_type(media_type)))


def sent(client: httpx.Client, text: str = TRIG, syntax: ox.RdfFormat = ox.RdfFormat.TRIG) -> set[str]:
    return canonical(ox.parse(text, format=syntax, base_iri=f"{client.base_url}/data"))


def test_what_is_put_takes_the_place_of_all_graphs(client: httpx.Client) -> None:
    assert send(client, "PUT", MORE, "application/n-quads") == 200
    assert send(client, "PUT", TRIG) == 200
    assert held(client) == held(client, "application/trig") == sent(client)


def test_what_is_posted_goes_into_the_graphs_that_it_names(client: httpx.Client) -> None:
    assert send(client, "PUT", TRIG) == 200
    assert send(client, "POST", MORE, "application/n-quads") == 200
    assert held(client) - sent(client) == sent(client, MORE, ox.RdfFormat.N_QUADS)
    assert len(held(client)) == 4


def test_what_is_wrong_changes_nothing(client: httpx.Client) -> None:
    assert send(client, "PUT", TRIG) == 200
    assert send(client, "PUT", TRIG + " }") == 400
    assert send(client, "POST", MORE, "application/n-quads", if_match="*") == 400
    assert send(client, "PUT", "<a> <b> <c> .", "text/turtle") == 400
    assert held(client) == sent(client)


def test_a_syntax_of_triples_names_no_graphs(client: httpx.Client) -> None:
    assert client.get("/data", headers={"accept": "text/turtle"}).status_code == 406
    assert send(client, "POST", "<http://a> <http://b> <http://c> .", "text/turtle") == 201  # a new graph


def test_the_dataset_has_a_tag(client: httpx.Client) -> None:
    tag = client.get("/data?format=trig").headers["etag"]
    assert client.get("/data?format=trig", headers={"if-none-match": tag}).status_code == 304
    assert client.head("/data").status_code == 200
    send(client, "PUT", TRIG)
    assert client.get("/data?format=trig").headers["etag"] != tag


def test_built_releases_give_each_graph_and_no_merge(built: httpx.Client) -> None:
    graphs = {line.rpartition(" ")[2] for line in held(built)}
    assert {f"<{iris.source_graph(name)}>" for name in ("one", "two")} <= graphs
    assert len(graphs) == len(held(built))


def test_built_releases_take_datasets_of_ones_own_graphs(built: httpx.Client) -> None:
    text = (
        f"<{OWN}> {{ <http://example.org/a> <http://example.org/p> _:x }} <{OWN}/2> {{ _:x <http://example.org/p> 1 }}"
    )
    assert send(built, "POST", text) == 200
    query = f"ASK {{ GRAPH <{OWN}> {{ ?a ?p ?x }} GRAPH <{OWN}/2> {{ ?x ?p 1 }} }}"
    assert built.get("/sparql", params={"query": query, "format": "csv"}).text == "true"
    assert send(built, "POST", f"<{OWN}> {{ <http://example.org/b> <http://example.org/p> 2 }}") == 200
    count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{OWN}> {{ ?s ?p ?o }} }}"
    assert built.get("/sparql", params={"query": count, "format": "csv"}).text.split() == ["n", "2"]


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("PUT", f"<{OWN}> {{ <http://a> <http://b> 1 }}"),
        ("POST", "<http://a> <http://b> 1 ."),
        ("POST", f"<{iris.source_graph('one')}> {{ <http://a> <http://b> 1 }}"),
    ],
    ids=["in place of all", "the default graph", "a source's graph"],
)
def test_built_releases_keep_what_is_not_ones_own(built: httpx.Client, method: str, text: str) -> None:
    before = held(built)
    assert send(built, method, text) == 403
    assert held(built) == before
