"""The SPARQL 1.1 Graph Store HTTP Protocol: which graph is meant, and how graphs are read."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

from kg.serve.negotiation import GRAPHS
from kg.store.canonical import canonical
from kg.store.release import Release
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

MINE = "http://example.org/mine"
OWN = "https://w3id.org/techtransfer/graph/own/notes"
LARGE = "http://example.org/large"
ODD = "http://example.org/odd"
ALL = "GET, HEAD, PUT, POST, DELETE, OPTIONS"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://example.org/{name}")


CONTENT = {
    MINE: [ox.Triple(node("s"), node("p"), ox.Literal("x", language="en")), ox.Triple(node("s"), node("q"), node("o"))],
    OWN: [ox.Triple(node("s"), node("p"), ox.Literal("note"))],
    LARGE: [ox.Triple(node(f"s{n}"), node("p"), ox.Literal(n)) for n in range(9000)],
    ODD: [
        ox.Triple(node("s"), node("1"), ox.Literal("a name that XML does not have")),
        ox.Triple(node("s"), node("t"), ox.Triple(node("a"), node("b"), node("c"))),
    ],
}


def published(folder: DataFolder, content: dict[str, list[ox.Triple]]) -> Release:
    with folder.stage() as staging:
        for number, (graph, triples) in enumerate(content.items()):
            quads = [ox.Quad(*triple, ox.NamedNode(graph)) for triple in triples]
            staging.replace_segment(f"segment-{number}", canonical(quads))
        return staging.publish(tool="test")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[httpx.Client]:
    folder = DataFolder.open(tmp_path_factory.mktemp("graphs") / "data", create=True)
    published(folder, CONTENT)
    with serve(folder.current, named_queries={}) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


def data(graph: str) -> str:
    return f"/data?graph={quote(graph, safe='')}"


def triples(response: httpx.Response) -> set[ox.Triple]:
    assert response.status_code == 200, response.text
    media_type = response.headers["content-type"].partition(";")[0]
    quads = list(ox.parse(response.content, format=ox.RdfFormat.from_media_type(media_type)))
    assert {quad.graph_name for quad in quads} <= {ox.DefaultGraph()}
    assert len(quads) == len(set(quads))
    return {quad.triple for quad in quads}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_in_every_syntax_by_name_and_by_preference(store: httpx.Client, name: str) -> None:
    named = store.get(data(MINE), params={"graph": MINE, "format": name})
    preferred = store.get(data(MINE), headers={"accept": f"{GRAPHS[name]}, */*;q=0.1"})
    assert triples(named) == triples(preferred) == set(CONTENT[MINE])
    assert named.headers["content-type"].startswith(GRAPHS[name])
    assert named.headers["etag"] == preferred.headers["etag"]
    assert "Accept" in named.headers["vary"]
    assert named.headers["link"] == '</sparql>; rel="service-desc"'


def test_turtle_is_what_comes_without_a_wish(store: httpx.Client) -> None:
    assert store.get(data(MINE), headers={"accept": "*/*"}).headers["content-type"] == "text/turtle; charset=utf-8"
    assert store.get(data(MINE), headers={"accept": "image/png"}).status_code == 406


def test_the_default_graph_is_the_merge(tmp_path: Path, serve: Serve, store: httpx.Client) -> None:
    apart = triples(store.get("/data?default", headers={"accept": "application/n-triples"}))
    assert apart == {triple for content in CONTENT.values() for triple in content}
    folder = DataFolder.open(tmp_path / "data", create=True)
    shared = published(folder, {MINE: CONTENT[MINE], OWN: [*CONTENT[MINE], *CONTENT[OWN]]})
    assert shared.manifest.default_graph == "materialised"
    with serve(folder.current, named_queries={}) as client:
        assert triples(client.get("/data?default")) == set(CONTENT[MINE]) | set(CONTENT[OWN])
        assert triples(client.get(data(MINE))) == set(CONTENT[MINE])


def test_a_graph_of_the_project_is_reached_by_its_path(store: httpx.Client) -> None:
    assert triples(store.get("/graph/own/notes")) == triples(store.get(data(OWN))) == set(CONTENT[OWN])
    assert triples(store.get("/graph/own/notes?format=trig")) == set(CONTENT[OWN])


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/data?default&graph={MINE}", 400),
        (f"/data?graph={MINE}&graph={OWN}", 400),
        ("/data?graph=", 400),
        ("/data?graph=mine", 400),
        ("/data?graph=//example.org/mine", 400),
        ("/data?graph=http://example.org/a%20b", 400),
        ("/data?graph=http://example.org/%FF", 400),
        ("/data?graph=http://example.org/a/../b", 400),
        ("/graph/own/notes?default", 400),
        ("/graph/own/%2E%2E", 404),
        ("/graph/own", 404),
        (f"/data?graph={MINE}%23", 404),
        ("/data?graph=urn:example:none", 404),
    ],
)
def test_what_names_no_graph_is_told_apart_from_what_is_not_there(
    store: httpx.Client, address: str, status: int
) -> None:
    for method in ("GET", "HEAD"):
        response = store.request(method, address)
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert bool(response.content) == (method == "GET")


def test_a_name_is_decoded_once(tmp_path: Path, serve: Serve) -> None:
    names = ["http://example.org/1", "http://example.org/%31", "http://example.org/a+b", "http://example.org/大学"]
    folder = DataFolder.open(tmp_path / "data", create=True)
    published(folder, {name: [ox.Triple(node("s"), node("p"), ox.Literal(name))] for name in names})
    with serve(folder.current, named_queries={}) as client:
        for name in names:
            expected = {ox.Triple(node("s"), node("p"), ox.Literal(name))}
            assert triples(client.get(data(name))) == expected
        assert triples(client.get("/data?graph=http://example.org/%31")) == {
            ox.Triple(node("s"), node("p"), ox.Literal(names[0]))
        }
        assert triples(client.get("/data?graph=http://example.org/a+b")) == {
            ox.Triple(node("s"), node("p"), ox.Literal(names[2]))
        }


@pytest.mark.parametrize("graph", [MINE, LARGE, "http://example.org/none"])
def test_head_tells_what_get_would(store: httpx.Client, graph: str) -> None:
    head, get = store.head(data(graph)), store.get(data(graph))
    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("content-type", "etag", "link", "cache-control"):
        assert head.headers.get(name) == get.headers.get(name)
    assert head.headers.get("content-length") == get.headers.get("content-length")
    assert ("content-length" in head.headers) == (graph != LARGE)  # a frame of an answer holds the others


def test_the_tag_is_of_the_state_and_of_the_syntax(store: httpx.Client) -> None:
    first, again = store.get(data(MINE)), store.get(data(MINE))
    assert first.content == again.content  # which a strong tag says
    assert first.headers["etag"] == again.headers["etag"]
    tags = {store.get(data(MINE), headers={"accept": syntax}).headers["etag"] for syntax in GRAPHS.values()}
    assert len(tags) == len(GRAPHS)
    assert not any(tag.startswith("W/") for tag in tags)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_a_graph_known_already_is_not_sent_again(store: httpx.Client, form: str) -> None:
    tag = store.get(data(MINE)).headers["etag"]
    again = store.get(data(MINE), headers={"if-none-match": form.format(tag)})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    packed = store.get(data(MINE), headers={"if-none-match": f'{tag[:-1]}-gzip"'})
    assert packed.status_code == 304
    for other in ('"other"', store.get(data(OWN)).headers["etag"]):
        assert store.get(data(MINE), headers={"if-none-match": other}).status_code == 200


def test_what_a_syntax_cannot_hold_is_refused_not_spoilt(store: httpx.Client) -> None:
    for syntax, reason in (("rdfxml", "example.org/1"), ("jsonld", "triple terms")):
        response = store.get(data(ODD), params={"graph": ODD, "format": syntax})
        assert (response.status_code, response.json()["code"]) == (406, "inexpressible")
        assert reason in response.json()["detail"]
    assert triples(store.get(data(ODD))) == set(CONTENT[ODD])


def test_options_say_what_can_be_done(store: httpx.Client) -> None:
    for path in ("/data", data(MINE), "/graph/own/notes"):
        response = store.options(path)
        assert (response.status_code, response.headers["allow"]) == (204, ALL)
        assert {"text/turtle", "multipart/form-data"} <= set(response.headers["accept-post"].split(", "))


def raw(client: httpx.Client, lines: Iterable[str]) -> bytes:
    """The answer to a request that no client library would send."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=20) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_dots_in_a_path_are_no_way_around(store: httpx.Client) -> None:
    assert raw(store, ["GET /graph/own/../meta HTTP/1.1", "Host: test"]).startswith(b"HTTP/1.1 400")


def test_an_iri_may_stand_in_the_address_as_it_is(store: httpx.Client) -> None:
    assert raw(store, ["GET /data?graph=http://example.org/大学 HTTP/1.1", "Host: test"])[:12] in (
        b"HTTP/1.1 404",
        b"HTTP/1.1 400",  # a server that takes no such address
    )
