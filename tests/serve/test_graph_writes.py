"""The SPARQL 1.1 Graph Store HTTP Protocol: what is put, merged and dropped, and then read."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

from kg.serve.access import Access
from kg.serve.negotiation import GRAPHS
from kg.serve.writing.writer import Site
from kg.store import plain
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

TURTLE = "text/turtle"
ALICE = "<http://example.org/alice> <http://example.org/name> 'Alice' ."
BOB = "<http://example.org/bob> <http://example.org/name> 'Bob' ."
PERSON = "[] <http://example.org/name> 'Carol' ; <http://example.org/knows> [ <http://example.org/name> 'Dan' ] ."


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[httpx.Client]:
    folder = DataFolder.open(tmp_path_factory.mktemp("plain") / "data", create=True)
    plain.opened(folder, tool="test")
    site = Site(root=folder.layout.root, plain=True)
    with serve(folder.current, named_queries={}, site=site, access=Access(anonymous="write")) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.fixture
def graph(request: pytest.FixtureRequest) -> str:
    """The name of a graph that no other test knows."""
    return f"http://example.org/graphs/{quote(request.node.name, safe='')}"


def data(graph: str) -> str:
    return f"/data?graph={quote(graph, safe='')}"


def put(client: httpx.Client, graph: str, content: str | bytes, media_type: str = TURTLE, **headers: str) -> int:
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.put(data(graph), content=content, headers={"content-type": media_type, **more}).status_code


def canonical(content: str | bytes, media_type: str = TURTLE) -> set[str]:
    dataset = ox.Dataset(
        ox.Quad(*quad.triple) for quad in ox.parse(content, format=ox.RdfFormat.from_media_type(media_type))
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def held(client: httpx.Client, address: str) -> set[str] | None:
    response = client.get(address, headers={"accept": "application/n-triples"})
    if response.status_code == 404:
        return None
    assert response.status_code == 200, response.text
    return canonical(response.content, "application/n-triples")


def test_a_graph_is_created_then_replaced(client: httpx.Client, graph: str) -> None:
    created = client.put(data(graph), content=ALICE, headers={"content-type": TURTLE})
    assert (created.status_code, created.headers["location"]) == (201, str(client.base_url.join(data(graph))))
    assert created.json()["graph"] == graph
    assert created.json()["release"] == client.get("/health").json()["release"]
    assert held(client, created.headers["location"]) == canonical(ALICE)
    replaced = client.put(data(graph), content=PERSON, headers={"content-type": f"{TURTLE}; charset=UTF-8"})
    assert (replaced.status_code, "location" in replaced.headers) == (200, False)
    assert held(client, data(graph)) == canonical(PERSON)


def test_what_is_merged_is_added(client: httpx.Client, graph: str) -> None:
    statuses = [
        client.post(data(graph), content=content, headers={"content-type": TURTLE}).status_code
        for content in (ALICE, BOB, ALICE)
    ]
    assert statuses == [201, 200, 200]
    assert held(client, data(graph)) == canonical(ALICE + BOB)


def test_blank_nodes_of_two_requests_are_two(client: httpx.Client, graph: str) -> None:
    labelled = "_:a <http://example.org/name> 'A' ."
    put(client, graph, labelled)
    client.post(data(graph), content=labelled, headers={"content-type": TURTLE})
    nodes = {line.split()[0] for line in client.get(data(graph)).text.splitlines() if line}
    assert len(nodes) == 2


def test_every_write_is_answered_alike(client: httpx.Client, graph: str) -> None:
    put = client.put(data(graph), content=ALICE, headers={"content-type": TURTLE})
    update = client.post("/sparql", data={"update": "INSERT DATA { <urn:x:alike> a <urn:x:C> }"})
    assert [*put.json()] == ["graph", *update.json()] == ["graph", "release", "published", "validation"]
    assert put.json()["published"] is True
    assert put.headers["cache-control"] == update.headers["cache-control"] == "no-store"


def test_a_graph_is_dropped_once(client: httpx.Client, graph: str) -> None:
    put(client, graph, ALICE)
    gone = client.delete(data(graph))
    assert (gone.status_code, gone.content) == (204, b"")
    assert held(client, data(graph)) is None
    again = client.delete(data(graph))
    assert (again.status_code, again.json()["code"]) == (404, "not-found")


def test_an_empty_graph_is_there(client: httpx.Client, graph: str) -> None:
    assert put(client, graph, "") == 201
    assert held(client, data(graph)) == set()


def test_the_default_graph(client: httpx.Client, graph: str) -> None:
    put(client, graph, BOB)
    assert client.put("/data?default", content=PERSON, headers={"content-type": TURTLE}).status_code == 200
    assert held(client, "/data?default") == canonical(PERSON)
    client.post("/data?default=", content=ALICE, headers={"content-type": TURTLE})
    assert held(client, "/data?default") == canonical(PERSON + ALICE)
    assert client.delete("/data?default").status_code == 204
    assert held(client, "/data?default") == set()
    assert held(client, data(graph)) == canonical(BOB)


def test_a_graph_may_be_named_by_the_address(client: httpx.Client) -> None:
    address = "/graph/person/1.ttl"
    created = client.put(address, content=f"<> a <#x> . {ALICE}", headers={"content-type": TURTLE})
    name = f"{client.base_url}".rstrip("/") + address
    assert (created.status_code, created.headers["location"], created.json()["graph"]) == (201, name, name)
    assert held(client, address) == held(client, data(name)) == canonical(f"<{name}> a <{name}#x> . {ALICE}")
    assert client.head(address).status_code == 200
    assert client.delete(data(name)).status_code == 204
    assert client.get(address).status_code == 404


def test_a_graph_without_a_name_gets_one(client: httpx.Client) -> None:
    first, second = (client.post("/data", content=PERSON, headers={"content-type": TURTLE}) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.headers["location"] != second.headers["location"]
    assert held(client, first.headers["location"]) == canonical(PERSON)
    assert held(client, data(first.headers["location"])) == canonical(PERSON)
    assert client.put("/data", content=PERSON, headers={"content-type": TURTLE}).status_code == 400


def test_a_relative_iri_is_relative_to_the_graph(client: httpx.Client, graph: str) -> None:
    put(client, graph, "<> <p> <#o> .")
    assert held(client, data(graph)) == canonical(f"<{graph}> <http://example.org/graphs/p> <{graph}#o> .")


@pytest.mark.parametrize("name", GRAPHS)
def test_every_syntax_is_read(client: httpx.Client, graph: str, name: str) -> None:
    content = ox.serialize((quad.triple for quad in ox.parse(PERSON, format=ox.RdfFormat.TURTLE)),
                           format=ox.RdfFormat.from_media_type(GRAPHS[name]))  # fmt: skip
    assert content
    assert put(client, graph, content, GRAPHS[name]) == 201
    assert held(client, data(graph)) == canonical(PERSON)


@pytest.mark.parametrize("media_type", ["application/trig", "application/n-quads"])
def test_statements_in_another_graph_are_refused(client: httpx.Client, graph: str, media_type: str) -> None:
    quad = "<http://example.org/s> <http://example.org/p> <http://example.org/o>"
    for name, status in ((graph, 201), ("http://example.org/other", 400)):
        content = f"{quad} <{name}> ." if media_type.endswith("quads") else f"<{name}> {{ {quad} }}"
        assert put(client, graph, content, media_type) == status
    assert held(client, data(graph)) == canonical(f"{quad} .")


def test_a_form_holds_several_documents(client: httpx.Client, graph: str) -> None:
    files = [
        ("a", ("alice.ttl", ALICE, f"{TURTLE}; charset=utf-8")),
        ("b", ("bob.nt", BOB.replace("'", '"'), "application/octet-stream")),
        ("b", ("person.ttl.gz", gzip.compress(PERSON.encode()), "application/gzip")),
        ("empty", ("", b"", "application/octet-stream")),
    ]
    refused = client.post(data(graph), files=files)
    assert (refused.status_code, "part b" in refused.json()["detail"]) == (415, True)
    files[2] = ("b", ("person.ttl.gz", gzip.compress(PERSON.encode()), TURTLE))
    assert client.post(data(graph), files=files).status_code == 201
    assert held(client, data(graph)) == canonical(ALICE + BOB + PERSON)


def test_a_form_is_stored_as_a_whole_or_not_at_all(client: httpx.Client, graph: str) -> None:
    files = [("a", ("alice.ttl", ALICE, TURTLE)), ("b", ("bob.ttl", "<", TURTLE))]
    assert client.post(data(graph), files=files).status_code == 400
    assert held(client, data(graph)) is None
    empty = client.post(data(graph), files=[("a", ("", b"", TURTLE))])
    assert (empty.status_code, empty.json()["code"]) == (400, "body")


def test_a_packed_body_is_unpacked(client: httpx.Client, graph: str) -> None:
    assert put(client, graph, gzip.compress(ALICE.encode()), content_encoding="gzip") == 201
    assert held(client, data(graph)) == canonical(ALICE)
    assert put(client, graph, ALICE, content_encoding="gzip") == 400
    other = client.put(data(graph), content=ALICE, headers={"content-type": TURTLE, "content-encoding": "br"})
    assert (other.status_code, other.headers["accept-encoding"]) == (415, "gzip")
    bomb = gzip.compress(b"#" * (200 << 20))
    assert put(client, graph, bomb, content_encoding="gzip") in (400, 413)
    assert held(client, data(graph)) == canonical(ALICE)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"content-type": "text/html"}, 415),
        ({"content-type": "text/n3"}, 415),
        ({"content-type": f"{TURTLE}; charset=iso-8859-1"}, 415),
        ({"content-type": "multipart/form-data"}, 400),
        ({"content-type": "multipart/form-data; boundary=x"}, 400),
        ({"content-type": TURTLE, "content-range": "bytes 0-1/9"}, 400),
        ({"content-type": TURTLE, "if-match": "no tag"}, 400),
        ({"content-type": "application/rdf+xml"}, 400),
    ],
)
def test_what_cannot_be_taken_is_refused(
    client: httpx.Client, graph: str, headers: dict[str, str], status: int
) -> None:
    for method in ("PUT", "POST"):
        response = client.request(method, data(graph), content=ALICE.encode(), headers=headers)
        assert (response.status_code, response.json()["status"]) == (status, status)
    assert held(client, data(graph)) is None


def test_a_body_that_does_not_parse_is_told_by_its_line(client: httpx.Client, graph: str) -> None:
    response = client.put(data(graph), content=f"{ALICE}\n{BOB}\n<x> .", headers={"content-type": TURTLE})
    assert (response.status_code, response.json()["code"]) == (400, "body")
    assert "line 3" in response.json()["detail"]


def test_a_body_may_come_in_pieces_and_end_too_late(client: httpx.Client, graph: str) -> None:
    pieces = iter([ALICE.encode(), b"\n", BOB.encode()])
    assert put(client, graph, pieces) == 201  # type: ignore[arg-type]
    assert held(client, data(graph)) == canonical(ALICE + BOB)


def test_conditions_keep_two_editors_apart(client: httpx.Client, graph: str) -> None:
    assert put(client, graph, ALICE, if_match="*") == 412
    assert put(client, graph, ALICE, if_none_match="*") == 201
    assert put(client, graph, BOB, if_none_match="*") == 412
    tag = client.get(data(graph), headers={"accept": "application/rdf+xml"}).headers["etag"]
    assert put(client, graph, BOB, if_match=f"W/{tag}") == 412
    assert put(client, graph, BOB, if_match=f'"other", {tag}') == 200
    assert put(client, graph, ALICE, if_match=tag) == 412
    assert client.delete(data(graph), headers={"if-match": tag}).status_code == 412
    assert held(client, data(graph)) == canonical(BOB)
    packed = client.get(data(graph)).headers["etag"][:-1] + '-gzip"'
    assert put(client, graph, ALICE, if_match=packed) == 200
    assert client.delete(data(graph), headers={"if-match": "*"}).status_code == 204


def test_of_many_editors_with_the_same_state_one_wins(client: httpx.Client, graph: str) -> None:
    put(client, graph, ALICE)
    tag = client.get(data(graph)).headers["etag"]
    with ThreadPoolExecutor(8) as editors:
        statuses = list(editors.map(lambda n: put(client, graph, f"{BOB} # {n}", if_match=tag), range(8)))
    assert sorted(statuses) == [200] + [412] * 7


def test_no_writer_is_lost(client: httpx.Client, graph: str) -> None:
    def add(number: int) -> int:
        content = f"<http://example.org/s> <http://example.org/p> {number} ."
        return client.post(data(graph), content=content, headers={"content-type": TURTLE}).status_code

    with ThreadPoolExecutor(8) as writers:
        statuses = list(writers.map(add, range(24)))
    assert sorted(statuses) == [200] * 23 + [201]
    assert len(held(client, data(graph)) or ()) == 24


def test_parts_of_a_graph_are_changed_elsewhere(client: httpx.Client, graph: str) -> None:
    response = client.patch(data(graph), content="DELETE WHERE { ?s ?p ?o }")
    assert (response.status_code, "PATCH" in response.headers["allow"]) == (405, False)
    assert "/sparql" in response.json()["detail"]


def test_a_body_may_have_so_many_bytes(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> None:
    folder = DataFolder.open(tmp_path_factory.mktemp("small") / "data", create=True)
    plain.opened(folder, tool="test")
    site = Site(root=folder.layout.root, plain=True, largest=len(ALICE))
    with serve(folder.current, named_queries={}, site=site, access=Access(anonymous="write")) as client:
        assert put(client, "http://example.org/fits", ALICE) == 201
        for body in (f"{ALICE} ", iter([ALICE.encode(), b" "])):  # its length announced, or not
            assert put(client, "http://example.org/large", body) == 413  # type: ignore[arg-type]
        assert held(client, data("http://example.org/large")) is None


def test_who_may_not_write_is_told_first(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> None:
    folder = DataFolder.open(tmp_path_factory.mktemp("closed") / "data", create=True)
    plain.opened(folder, tool="test")
    with serve(folder.current, named_queries={}, site=Site(root=folder.layout.root, plain=True)) as client:
        for method in ("PUT", "POST", "DELETE"):
            response = client.request(method, "/data?default", content=ALICE, headers={"content-type": TURTLE})
            assert (response.status_code, "Bearer" in response.headers["www-authenticate"]) == (401, True)
    with serve(folder.current, named_queries={}, access=Access(anonymous="write")) as client:
        response = client.put("/data?default", content=ALICE, headers={"content-type": TURTLE})
        assert (response.status_code, response.json()["code"]) == (403, "read-only")
