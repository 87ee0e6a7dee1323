"""What Prometheus is told: requests by route and status, processes, the release."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kg.queries import NamedQuery
from kg.serve.access import Access
from kg.serve.operations.metrics import Children
from kg.serve.tokens import TokenFile
from kg.store.querying.workers import Limits
from kg.store.release import Release

Serve = Callable[..., AbstractContextManager[httpx.Client]]
Queries = dict[str, NamedQuery]

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c. ?d ?e ?f. ?g ?h ?i. ?j ?k ?l. ?m ?n ?o. ?p ?q ?r. ?s ?t ?u }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def client(release: Release, serve: Serve, named_queries: Queries) -> Iterator[httpx.Client]:
    with serve(lambda: release, named_queries=named_queries, workers=2) as client:
        yield client


def numbers(client: httpx.Client, *needed: str) -> dict[str, float]:
    """All samples, by name and labels, as soon as those that are needed are there.

    A request is counted when it has ended, which may be a moment after its client has the answer.
    """
    end = time.monotonic() + 20
    while (found := _numbers(client)) and not found.keys() >= set(needed):
        assert time.monotonic() < end, set(needed) - found.keys()
        time.sleep(0.01)
    return found


def _numbers(client: httpx.Client) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        f"{sample.name}{sorted(sample.labels.items())}" if sample.labels else sample.name: sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def requests(route: str, status: int, method: str = "GET") -> str:
    return f"kg_http_requests_total{sorted({'route': route, 'status': str(status), 'method': method}.items())}"


def test_requests_are_counted_by_route_and_status(client: httpx.Client) -> None:
    ask = {"query": "ASK {}"}
    for _ in range(2):
        client.get("/sparql", params=ask)
    client.post("/sparql", data=ask)
    client.get("/sparql", params={"query": "nonsense"})
    client.get("/queries/figures/counts-by-class")
    client.get("/static/kg.css")
    for path in ("/nowhere/1", "/nowhere/2"):
        client.get(path)
    client.request("PROPFIND", "/coffee")
    found = numbers(client, requests("/static", 200), requests("other", 401, "other"))
    assert found[requests("/sparql", 200)] == 2
    assert found[requests("/sparql", 200, "POST")] == 1
    assert found[requests("/sparql", 400)] == 1
    assert found[requests("/static", 200)] == 1
    assert found[requests("other", 404)] == 2
    assert found["kg_problems_total[('code', 'query-syntax')]"] == 1
    assert found["kg_http_request_duration_seconds_count[('route', '/sparql')]"] == 4
    assert found["kg_http_response_bytes_total[('route', '/static')]"] > 100
    assert not [name for name in found if "nowhere" in name or "PROPFIND" in name or "_created" in name]


def test_an_answer_that_is_known_is_counted(client: httpx.Client) -> None:
    ask = {"query": "SELECT * { ?a ?b ?c } LIMIT 3"}
    first = client.get("/sparql", params=ask)
    client.get("/sparql", params=ask)
    client.get("/sparql", params=ask, headers={"If-None-Match": first.headers["etag"]})
    found = numbers(client, requests("/sparql", 304))
    assert found["kg_kept_answers_hits_total"] == 1
    assert found["kg_kept_answers_misses_total"] == 1
    assert (found["kg_kept_answers"], found["kg_kept_answers_bytes"] > 1000) == (1, True)
    assert found[requests("/sparql", 304)] == 1


def test_places_and_the_release_are_told(client: httpx.Client, release: Release) -> None:
    found = numbers(client)
    assert (found["kg_query_places"], found["kg_query_places_busy"], found["kg_queries_waiting"]) == (2, 0, 0)
    assert found[f"kg_release_info[('release', '{release.id}')]"] == 1
    assert found["kg_release_age_seconds"] > 0
    assert found["kg_release_quads"] == release.manifest.quads
    assert found["kg_query_processes_started_total"] == 1
    assert found["kg_child_processes"] >= 1
    assert found["kg_child_processes_resident_memory_bytes"] > 2**20


def test_processes_that_are_ended_say_why(release: Release, serve: Serve) -> None:
    limits = Limits(timeout=30.0, result=300_000)
    ended = "kg_query_processes_ended_total[('reason', '{}')]".format
    with serve(lambda: release, named_queries={}, workers=1, limits=limits) as client:
        assert client.get("/sparql", params={"query": ENDLESS, "timeout": 0.05}).status_code == 503
        with client.stream("GET", "/sparql", params={"query": MANY}) as answer, pytest.raises(httpx.HTTPError):
            answer.read()
        with socket.create_connection((client.base_url.host, client.base_url.port or 0)) as connection:
            connection.sendall(_request(ENDLESS))
            while not client.get("/health").json()["workers"]["busy"]:
                time.sleep(0.01)
        while client.get("/health").json()["workers"]["busy"]:
            time.sleep(0.01)
        found = numbers(client, requests("/sparql", 499))
    assert found[ended("query-timeout")] == 1
    assert found[ended("abandoned")] + found.get(ended("spent"), 0) >= 1
    assert found["kg_http_responses_broken_off_total"] == 1
    assert found[requests("/sparql", 499)] == 1


def _request(query: str) -> bytes:
    return f"GET /sparql?{httpx.QueryParams(query=query)} HTTP/1.1\r\nHost: test\r\n\r\n".encode()


def test_processes_are_looked_for_once_a_second() -> None:
    now = [0.0]
    children = Children(lambda: now[0])
    before = len(children.sizes())
    with subprocess.Popen(["sleep", "60"]) as one:
        found = []
        for now[0] in (0.9, 1.0):
            found.append(len(children.sizes()))
        one.kill()
    assert found == [before, before + 1]


def test_two_applications_count_for_themselves(release: Release, serve: Serve) -> None:
    with serve(lambda: release, named_queries={}) as one, serve(lambda: release, named_queries={}) as other:
        one.get("/health")
        assert requests("/health", 200) in numbers(one, requests("/health", 200))
        assert requests("/health", 200) not in numbers(other)


def test_who_may_not_read_the_graph_may_not_read_them(tmp_path: Path, release: Release, serve: Serve) -> None:
    tokens = TokenFile(tmp_path / "tokens.json", tmp_path / "lock")
    _, text = tokens.create("prometheus", "read")
    access = Access(tokens=tokens, anonymous="none")
    with serve(lambda: release, named_queries={}, access=access) as client:
        assert client.get("/metrics").status_code == 401
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {text}"})
        assert 'kg_http_requests_total{method="GET",route="/metrics",status="401"} 1.0' in answer.text
        assert text not in answer.text


def test_openmetrics_is_given_to_who_prefers_it(client: httpx.Client) -> None:
    answer = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
