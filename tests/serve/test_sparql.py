"""The SPARQL 1.1 Protocol: what is asked, what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?x { VALUES ?x { 1 2 } }"
CONSTRUCT = "CONSTRUCT { <http://example.org/a> <http://example.org/b> 1 } {}"
GRAPHS = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
REGISTRY = "https://w3id.org/techtransfer/graph/registry"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


@dataclass(frozen=True)
class Case:
    """One request and what must come back; ``holds`` is a text that the body contains, or a check of it."""

    name: str
    status: int
    type: str = "application/problem+json"
    method: str = "GET"
    params: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: str | bytes = b""
    holds: str | Callable[[bytes], bool] = ""


def count(expected: int) -> Callable[[bytes], bool]:
    return lambda body: body.decode().split() == ["n", str(expected)]


def get(name: str, status: int, query: str, type: str = Case.type, accept: str = "", **more: Any) -> Case:
    params = {"query": query, **more.pop("params", {})}
    return Case(name, status, type, params=params, headers={"accept": accept} if accept else {}, **more)


def post(name: str, status: int, content_type: str, body: str | bytes, type: str = Case.type, **more: Any) -> Case:
    headers = {"content-type": content_type, **more.pop("headers", {})}
    return Case(name, status, type, "POST", headers=headers, body=body, **more)


SRJ, SRX = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv; charset=utf-8", "text/tab-separated-values; charset=utf-8"
TURTLE = "text/turtle; charset=utf-8"
CASES = [
    # query forms and formats
    get("ask", 200, ASK, SRJ, holds='"boolean":true'),
    get("select, no wish", 200, SELECT, SRJ, holds='"bindings"'),
    get("select as JSON", 200, SELECT, "application/json", "application/json", holds='"bindings"'),
    get("select as XML", 200, SELECT, SRX, SRX, holds="<sparql"),
    get("select as CSV", 200, SELECT, CSV, "text/csv", holds="x\r\n1\r\n2\r\n"),
    get("select as TSV", 200, SELECT, TSV, "text/tab-separated-values", holds="?x\n1\n2\n"),
    get("select by weights", 200, SELECT, CSV, f"{SRX};q=0.4, text/csv;q=0.6, {SRJ};q=0.5"),
    get("select by name", 200, SELECT, TSV, "text/csv", params={"format": "tsv"}),
    get("construct, no wish", 200, CONSTRUCT, TURTLE, holds="<http://example.org/a>"),
    get("construct as N-Triples", 200, CONSTRUCT, "application/n-triples", "application/n-triples", holds=" .\n"),
    get("construct as JSON-LD", 200, CONSTRUCT, "application/ld+json", "application/ld+json", holds="@id"),
    get("construct as RDF/XML", 200, CONSTRUCT, "application/rdf+xml", "application/rdf+xml", holds="<rdf:RDF"),
    get("construct as TriG", 200, CONSTRUCT, "application/trig", "application/trig"),
    get("construct as N-Quads", 200, CONSTRUCT, "application/n-quads", params={"format": "nquads"}),
    get("describe", 200, "DESCRIBE <https://example.org/evil>", TURTLE, holds="seeAlso"),
    get("one header for both kinds, select", 200, SELECT, CSV, "text/csv, text/turtle"),
    get("one header for both kinds, construct", 200, CONSTRUCT, TURTLE, "text/csv, text/turtle"),
    # what is not acceptable
    get("no such format", 406, SELECT, accept="image/png", holds="not-acceptable"),
    get("a graph format for solutions", 406, SELECT, accept="text/turtle", holds="text/csv"),
    get("ask as CSV", 200, ASK, CSV, "text/csv", holds="true"),
    get("ask as TSV", 200, ASK, TSV, "text/tab-separated-values", holds="true"),
    get("select by media type", 200, SELECT, SRX, params={"format": SRX}, holds="<sparql"),
    get("select by media type, its plus lost", 200, SELECT, SRX, params={"format": SRX.replace("+", " ")}),
    get("construct by extension", 200, CONSTRUCT, TURTLE, params={"format": "ttl"}),
    get("anything at all", 200, CONSTRUCT, TURTLE, "*/*"),
    get("a wildcard, one excluded", 200, SELECT, SRX, f"application/*;q=0.5, {SRJ};q=0, application/json;q=0"),
    get("parameters of a media type", 200, SELECT, CSV, "text/csv;charset=utf-8;q=0.9, application/xml;q=0.1"),
    get("a table format for triples", 406, CONSTRUCT, accept="text/csv", holds="text/turtle"),
    get("a table format for triples, by name", 406, CONSTRUCT, params={"format": "csv"}, holds="text/turtle"),
    get(
        "a predicate that RDF/XML has no name for",
        406,
        "CONSTRUCT { <x:a> <http://example.org/1> 1 } {}",
        params={"format": "rdfxml"},
        holds="inexpressible",
    ),
    get("an unknown name of a format", 400, SELECT, params={"format": "pdf"}, holds="one of srj, json"),
    # the ways to ask
    post("form", 200, FORM, "query=ASK%7B%7D", SRJ),
    post("form with charset", 200, f"{FORM}; charset=UTF-8", "query=ASK+%7B%7D", SRJ),
    post("form with dataset", 200, FORM, f"query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D&default-graph-uri={REGISTRY}", SRJ),
    post("query", 200, QUERY, SELECT, SRJ),
    post("query with charset", 200, f"{QUERY}; charset=utf-8", "ASK { FILTER('é' = '\\u00e9') }", SRJ, holds="true"),
    post("query with parameters beside", 200, QUERY, SELECT, CSV, params={"format": "csv"}),
    post("another type", 415, "text/plain", ASK, holds="application/sparql-query"),
    post("another charset", 415, f"{QUERY}; charset=utf-16", ASK.encode("utf-16"), holds="UTF-8"),
    Case("no type", 415, method="POST", body=ASK),
    post("not UTF-8", 400, QUERY, b"ASK { FILTER('\xe9' = 'e') }", holds="UTF-8"),
    post("form of too many fields", 400, FORM, "a&" * 1000 + "query=ASK%7B%7D", holds="1000 fields"),
    post("form that is not UTF-8", 400, FORM, b"query=%e9", holds="UTF-8"),
    post("too long", 413, QUERY, "#" * 1_100_000),
    Case("no query, but a dataset", 400, params={"default-graph-uri": REGISTRY}, holds="none"),
    Case("no query, and results wanted", 400, headers={"accept": SRJ}, holds="none"),
    post("a query of one MiB", 200, QUERY, "ASK {} #".ljust(1 << 20, "."), SRJ),
    post("a query of one MiB in a form", 200, FORM, "query=ASK+%7B%7D+%23" + "%2E" * ((1 << 20) - 8), SRJ),
    post("one byte more", 413, QUERY, "ASK {} #".ljust((1 << 20) + 1, "."), holds="1048576"),
    post("one byte more in a form", 413, FORM, "query=ASK+%7B%7D+%23" + "%2E" * ((1 << 20) - 7), holds="1048576"),
    post("a form without end", 413, FORM, "query=" + "a" * (4 << 20)),
    get("a relative IRI", 200, "SELECT (<x> AS ?x) {}", CSV, "text/csv", holds="/x\r\n"),
    Case("two queries", 400, params={"query": [ASK, ASK]}, holds="2"),
    post("form without query", 400, FORM, "other=1", holds="none"),
    post("query in body and address", 400, QUERY, ASK, params={"query": ASK}, holds="2"),
    get("no SPARQL", 400, "SELECT", holds="query-syntax"),
    get("an update as query", 400, "INSERT DATA { <a:b> <a:b> <a:b> }", holds="query-syntax"),
    get("an unknown function", 403, "ASK { FILTER(<x:f>(1)) }", holds="not supported"),
    get("SERVICE", 403, "ASK { SERVICE <http://localhost/> {} }", holds="SERVICE is refused"),
    *(Case(f"{method} is not allowed", 405, method=method) for method in ("PUT", "DELETE", "PATCH", "TRACE")),
    # updates
    Case("update in the address", 405, params={"update": "DROP ALL"}, holds="posted"),
    Case("update and query in the address", 405, params={"update": "DROP ALL", "query": ASK}),
    post("update and query", 400, FORM, "update=DROP+ALL&query=ASK+%7B%7D", holds="one query or one update"),
    post("two updates", 400, FORM, "update=DROP+ALL&update=DROP+ALL", holds="one query or one update"),
    post("update in a form", 403, FORM, "update=DROP+ALL", holds="no updates"),
    post("update as body", 403, "application/sparql-update", "DROP ALL", holds="no updates"),
    # the dataset
    get("the default graph is the union", 200, "ASK { ?s ?p ?o . ?x ?y 125600000000.0 }", SRJ, holds="true"),
    get("one graph", 200, GRAPHS, CSV, "text/csv", params={"default-graph-uri": REGISTRY}, holds=count(4)),
    get(
        "two graphs",
        200,
        GRAPHS,
        CSV,
        "text/csv",
        params={"default-graph-uri": [REGISTRY, "https://w3id.org/techtransfer/graph/derived"]},
        holds=lambda body: int(body.split()[1]) > 4,
    ),
    get("a graph that is not there", 400, GRAPHS, params={"default-graph-uri": "x:y"}, holds="unknown-graph"),
    get("a remote graph", 400, "ASK FROM <http://localhost/data.ttl> {}", holds="none is fetched"),
    get("FROM and FROM NAMED", 200, f"ASK FROM <{REGISTRY}> FROM NAMED <{REGISTRY}> {{ ?s ?p ?o }}", SRJ, holds="true"),
    get("a named graph only", 200, GRAPHS, CSV, "text/csv", params={"named-graph-uri": REGISTRY}, holds=count(0)),
    get(
        "inside a named graph",
        200,
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
        CSV,
        "text/csv",
        params={"named-graph-uri": REGISTRY},
        holds=count(4),
    ),
    get(
        "the dataset of the protocol wins over FROM",
        200,
        "SELECT (COUNT(*) AS ?n) FROM <x:y> { ?s ?p ?o }",
        CSV,
        "text/csv",
        params={"default-graph-uri": REGISTRY},
        holds=count(4),
    ),
    get("a relative graph", 400, ASK, params={"default-graph-uri": "g"}, holds="absolute IRI"),
    # time
    get("a time of one's own", 200, ASK, SRJ, params={"timeout": "1"}),
    get("no time", 400, ASK, params={"timeout": "0"}, holds="timeout"),
    get("not a number", 400, ASK, params={"timeout": "nan"}, holds="timeout"),
    get(
        "too little time",
        503,
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c. ?d ?e ?f. ?g ?h ?i. ?j ?k ?l. ?m ?n ?o. ?p ?q ?r. ?s ?t ?u. ?v ?w ?x }",
        params={"timeout": "0.2"},
        holds="query-timeout",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_protocol(client: httpx.Client, case: Case) -> None:
    response = client.request(
        case.method, "/sparql", params=case.params, headers=case.headers, content=case.body or None
    )
    assert (response.status_code, response.headers["content-type"]) == (case.status, case.type), response.text
    if callable(case.holds):
        assert case.holds(response.content), response.text
    else:
        assert case.holds in response.text
    if case.type == "application/problem+json":
        assert response.json()["status"] == case.status


def test_a_refused_method_is_told_which_are_allowed(client: httpx.Client) -> None:
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert client.request(method, "/sparql").headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_options_tell_what_can_be_posted(client: httpx.Client) -> None:
    response = client.options("/sparql")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["accept-post"] == f"{FORM}, {QUERY}"


def test_results_are_those_of_the_engine_in_every_format(client: httpx.Client) -> None:
    for name, form in (("srj", ox.QueryResultsFormat.JSON), ("srx", ox.QueryResultsFormat.XML)):
        content = client.get("/sparql", params={"query": SELECT, "format": name}).content
        solutions = ox.parse_query_results(content, form)
        assert isinstance(solutions, ox.QuerySolutions)
        assert [solution["x"] for solution in solutions] == [ox.Literal(1), ox.Literal(2)]


def test_head_tells_what_get_would(client: httpx.Client) -> None:
    for query in (SELECT, CONSTRUCT, "no query"):
        head, get = (client.request(method, "/sparql", params={"query": query}) for method in ("HEAD", "GET"))
        assert head.status_code == get.status_code
        assert head.content == b""
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == get.headers.get(name)


def test_an_answer_known_already_is_not_sent_again(client: httpx.Client) -> None:
    tag = client.get("/sparql", params={"query": SELECT}).headers["etag"]
    again = client.get("/sparql", params={"query": SELECT}, headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = client.get("/sparql", params={"query": SELECT, "format": "csv"}, headers={"if-none-match": tag})
    assert (other.status_code, other.headers["etag"] != tag) == (200, True)


def test_what_is_posted_is_never_taken_for_known(client: httpx.Client) -> None:
    tag = client.get("/sparql", params={"query": SELECT}).headers["etag"]
    posted = client.post("/sparql", data={"query": ASK}, headers={"if-none-match": tag})
    assert (posted.status_code, "etag" in posted.headers) == (200, False)


def test_an_answer_of_chance_is_not_kept(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": "SELECT (RAND() AS ?x) {}"})
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "no-store"


def test_other_origins_may_read(client: httpx.Client) -> None:
    response = client.get("/sparql", params={"query": ASK}, headers={"origin": "https://example.org"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert {"ETag", "Location", "Link"} <= set(response.headers["access-control-expose-headers"].split(", "))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_other_origins_may_ask_before_they_send(client: httpx.Client, method: str) -> None:
    headers = {
        "origin": "https://example.org",
        "access-control-request-method": method,
        "access-control-request-headers": "authorization, content-type, if-match",
    }
    response = client.options("/sparql", headers=headers)
    assert response.status_code == 200
    assert method in response.headers["access-control-allow-methods"].split(", ")
    allowed = response.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type", "if-match"} <= set(allowed)


def test_a_browser_without_a_query_gets_a_form(client: httpx.Client) -> None:
    response = client.get("/sparql", headers={"accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "<textarea" in response.text


def test_a_large_answer_comes_in_parts_and_whole(client: httpx.Client) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h 'Herald'@en }"
    with client.stream("GET", "/sparql", params={"query": query}) as response:
        assert "content-length" not in response.headers
        body = response.read()
    triples = int(client.get("/sparql", params={"query": GRAPHS, "format": "csv"}).text.split()[1])
    assert len(json.loads(body)["results"]["bindings"]) == triples**2
