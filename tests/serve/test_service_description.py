"""The description of the service: what it says is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg.queries import NamedQuery
from kg.serve.access import Access
from kg.serve.negotiation import GRAPHS
from kg.serve.writing.writer import Site
from kg.store import plain
from kg.store.querying.workers import Limits
from kg.store.release import Release
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

SD = "http://www.w3.org/ns/sparql-service-description#"
QUERIES = {
    "endpoint": "SELECT ?x { ?s a sd:Service ; sd:endpoint ?x }",
    "languages": "SELECT ?x { ?s a sd:Service ; sd:supportedLanguage ?x }",
    "features": "SELECT ?x { ?s a sd:Service ; sd:feature ?x }",
    "inputs": "SELECT ?x { ?s a sd:Service ; sd:inputFormat ?x }",
    "results": "SELECT ?x { ?s a sd:Service ; sd:resultFormat ?x }",
    "graphs": "SELECT ?x { ?s sd:defaultDataset/sd:namedGraph/sd:name ?x }",
    "default": "SELECT ?x { ?s sd:defaultDataset/sd:defaultGraph/void:triples ?x }",
    "rule": "SELECT ?x { ?s sd:defaultDataset/rdfs:comment ?x }",
}
PREFIXES = (
    f"PREFIX sd: <{SD}> PREFIX void: <http://rdfs.org/ns/void#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)


class Description:
    """What an endpoint says of itself."""

    def __init__(self, client: httpx.Client) -> None:
        self.store = ox.Store()
        response = client.get("/sparql", headers={"accept": "text/turtle"})
        assert response.status_code == 200, response.text
        self.store.load(response.content, ox.RdfFormat.TURTLE)

    def __getitem__(self, name: str) -> list[str]:
        found = self.store.query(PREFIXES + QUERIES[name])
        assert isinstance(found, ox.QuerySolutions)
        return sorted(str(solution["x"].value).rpartition("#")[2].rpartition("/")[2] for solution in found)

    def counts(self) -> dict[str, int]:
        """The number of triples of each named graph."""
        found = self.store.query(PREFIXES + "SELECT ?g ?n { ?x sd:name ?g ; sd:graph/void:triples ?n }")
        assert isinstance(found, ox.QuerySolutions)
        return {solution["g"].value: int(solution["n"].value) for solution in found}


def count(client: httpx.Client, pattern: str) -> int:
    answer = client.get("/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}", "format": "csv"})
    return int(answer.text.split()[1])


def test_a_release_is_described_with_every_graph_and_its_size(client: httpx.Client) -> None:
    said = Description(client)
    assert said["endpoint"] == ["sparql"]
    assert said["languages"] == ["SPARQL10Query", "SPARQL11Query"]
    assert said["features"] == ["UnionDefaultGraph"]
    assert said["inputs"] == []
    assert len(said["results"]) == 10
    counts = said.counts()
    assert counts == {graph: count(client, f"GRAPH <{graph}> {{ ?s ?p ?o }}") for graph in counts}
    assert len(counts) == int(
        client.get(
            "/sparql", params={"query": "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g {} }", "format": "csv"}
        ).text.split()[1]
    )
    assert said["default"] == [str(count(client, "?s ?p ?o"))]
    assert "merge" in said["rule"][0]


def test_the_endpoint_is_the_address_that_was_asked(client: httpx.Client) -> None:
    asked = client.get("/sparql", headers={"accept": "application/n-triples"})
    assert f"<{SD}endpoint> <{client.base_url}/sparql>" in asked.text.replace("/sparql/", "/sparql")
    other = client.get("/sparql", headers={"accept": "application/n-triples", "host": "data.example.org"})
    assert f"<{SD}endpoint> <http://data.example.org/sparql>" in other.text


@pytest.mark.parametrize("host", ["a b", "a>b", "<script>", 'a"b'])
def test_a_host_that_is_none_is_no_error_of_the_service(client: httpx.Client, host: str) -> None:
    assert client.get("/sparql", headers={"host": host}).status_code in (200, 400)


@pytest.mark.parametrize(("name", "media_type"), GRAPHS.items())
def test_it_comes_in_every_format_of_rdf(client: httpx.Client, name: str, media_type: str) -> None:
    by_accept, by_name = (
        client.get("/sparql", headers={"accept": media_type}),
        client.get("/sparql", params={"format": name}),
    )
    assert by_accept.headers["content-type"].partition(";")[0] == media_type
    assert by_accept.content == by_name.content
    assert any(ox.parse(by_accept.content, ox.RdfFormat.from_media_type(media_type)))
    assert client.request("HEAD", "/sparql", params={"format": name}).status_code == 200


def test_who_has_it_is_not_sent_it_again(client: httpx.Client) -> None:
    first = client.get("/sparql")
    assert first.headers["content-type"] == "text/turtle; charset=utf-8"
    again = client.get("/sparql", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.fixture
def general(tmp_path: Path, serve: Serve) -> Iterator[httpx.Client]:
    """A general server with two graphs that share a triple, and a default graph."""
    folder = DataFolder.open(tmp_path / "data", create=True)
    plain.opened(folder, tool="test")
    site, limits = Site(root=folder.layout.root, plain=True), Limits(hosts=("example.org",))
    access = Access(anonymous="write", limits=limits)
    with serve(folder.current, named_queries={}, access=access, site=site, limits=limits) as client:
        data = "<x:s> <x:p> 0 . GRAPH <x:a> { <x:s> <x:p> 1, 2 } GRAPH <x:b> { <x:s> <x:p> 2 }"
        assert client.post("/sparql", data={"update": f"INSERT DATA {{ {data} }}; CREATE GRAPH <x:empty>"}).is_success
        yield client


def test_a_general_server_is_described(general: httpx.Client) -> None:
    said = Description(general)
    assert said["languages"] == ["SPARQL10Query", "SPARQL11Query", "SPARQL11Update"]
    assert said["features"] == ["BasicFederatedQuery", "EmptyGraphs"]
    assert len(said["inputs"]) == 6
    assert said["default"] == ["1"]
    assert said.counts() == {"x:a": 2, "x:b": 1, "x:empty": 0}
    general.post("/sparql", data={"update": "DROP GRAPH <x:a>"})
    assert Description(general).counts() == {"x:b": 1, "x:empty": 0}


def test_a_triple_of_two_graphs_counts_once_over_http(general: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}"
    for text, graphs in (
        (query.format("FROM <x:a> FROM <x:b>"), []),
        (query.format(""), ["x:a", "x:b"]),
        (query.format("FROM <x:none>"), ["x:b", "x:a", "x:a"]),
    ):
        answer = general.get("/sparql", params={"query": text, "default-graph-uri": graphs, "format": "csv"})
        assert answer.text.split() == ["n", "2"]


def test_segments_of_one_graph_are_not_counted_again(
    release: Release, serve: Serve, named_queries: dict[str, NamedQuery]
) -> None:
    """What stands in release.json is believed: here a number that is wrong on purpose."""
    from dataclasses import replace

    from kg.store.segments import Segment

    segment = Segment("0" * 64, 12345, 1, ("https://w3id.org/techtransfer/graph/registry",))
    told = replace(release, manifest=replace(release.manifest, segments={"registry": segment}))
    with serve(lambda: told, named_queries=named_queries) as client:
        assert Description(client).counts() == {segment.graphs[0]: 12345}
