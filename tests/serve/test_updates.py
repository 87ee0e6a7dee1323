"""Updates over HTTP: what is written is read back at once, what is refused changes nothing, and no write is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import psutil
import pyoxigraph as ox
import pytest

from kg import pipeline
from kg.serve.access import Access
from kg.serve.writing.writer import Site
from kg.store import plain
from kg.store.releases import DataFolder

from ..pipeline.small_release import INPUTS, OWN, SOURCE, built, live, shapes, statements
from .conftest import Serve
from .test_app import until

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ADDRESS = "/sparql"
NAMELESS = f"INSERT DATA {{ GRAPH <{OWN}> {{ <urn:eve> a <https://example.org/Person> }} }}"
WRITERS = 200
ENDLESS = (
    "INSERT { <urn:x> <urn:n> ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f . ?g ?h ?i } }"
)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder.open(tmp_path / "plain", create=True)
    plain.opened(folder, tool="test")
    return folder


@pytest.fixture
def client(folder: DataFolder, serve: Serve) -> Iterator[httpx.Client]:
    site = Site(root=folder.layout.root, plain=True)
    with serve(
        folder.current, named_queries={}, access=Access(anonymous="write"), site=site, look_seconds=60.0
    ) as client:
        yield client


@pytest.fixture(scope="module")
def gated_folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return built(tmp_path_factory.mktemp("gated"))


@pytest.fixture(scope="module")
def gated(gated_folder: DataFolder, serve: Serve) -> Iterator[httpx.Client]:
    site = Site(root=gated_folder.layout.root, shapes=tuple(shapes(gated_folder)))
    with serve(gated_folder.current, named_queries={}, access=Access(anonymous="write"), site=site) as client:
        yield client


def update(client: httpx.Client, text: str, **fields: Any) -> httpx.Response:
    return client.post(ADDRESS, data={"update": text, **fields}, timeout=600.0)


def count(client: httpx.Client, query: str = COUNT) -> int:
    answer = client.get(ADDRESS, params={"query": query, "format": "csv"})
    return int(answer.text.split()[1])


def insert(number: int) -> str:
    return f"INSERT DATA {{ GRAPH <{OWN}> {{ <urn:{number}> a <urn:c> }} }}"


def in_own() -> str:
    return f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{OWN}> {{ ?s a <urn:c> }} }}"


def test_what_is_written_is_read_back_at_once(client: httpx.Client, folder: DataFolder) -> None:
    for number in range(5):
        answer = update(client, f"INSERT DATA {{ <urn:{number}> a <urn:c> }}")
        assert answer.status_code == 200, answer.text
        assert answer.json()["release"] == live(folder).id == client.get("/health").json()["release"]
        assert count(client) == number + 1


def test_an_update_comes_as_a_form_or_as_it_is(client: httpx.Client) -> None:
    sent = {"content": "INSERT DATA { <a> <b> <c> }", "headers": {"Content-Type": "application/sparql-update"}}
    assert client.post(ADDRESS, **sent).status_code == 200
    answer = client.get(ADDRESS, params={"query": "SELECT ?s { ?s ?p ?o }", "format": "csv"})
    assert answer.text.split()[1] == f"{client.base_url}/a"  # relative to the address of the endpoint


def test_the_dataset_may_stand_in_the_address(client: httpx.Client) -> None:
    update(client, "INSERT DATA { <urn:a> <urn:b> 0 GRAPH <urn:g> { <urn:a> <urn:b> 1 } }")
    text = "INSERT { <urn:a> <urn:seen> ?o } WHERE { ?s <urn:b> ?o }"
    headers = {"Content-Type": "application/sparql-update"}
    where = {"using-graph-uri": "urn:g"}
    assert client.post(ADDRESS, params=where, content=text, headers=headers).status_code == 200
    assert count(client, "SELECT (COUNT(*) AS ?n) { ?s <urn:seen> 1 }") == 1
    refused = update(client, f"WITH <urn:g> {text}", **where)
    assert (refused.status_code, refused.json()["code"]) == (400, "query")


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("INSERT DAT {}", 400, "query-syntax"),
        ("INSERT DATA { <urn:a> <urn:b> 1 } ; CREATE GRAPH <urn:g> ; CREATE GRAPH <urn:g>", 409, "update-failed"),
        ("INSERT DATA { <urn:a> <urn:b> 1 } ; LOAD <http://example.org/>", 403, "refused"),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }", 403, "refused"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    client: httpx.Client, folder: DataFolder, text: str, status: int, code: str
) -> None:
    before = live(folder)
    answer = update(client, text)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (live(folder), count(client)) == (before, 0)


def test_who_may_only_read_does_not_write(folder: DataFolder, serve: Serve) -> None:
    site = Site(root=folder.layout.root, plain=True)
    with serve(folder.current, named_queries={}, site=site) as client:
        assert update(client, "INSERT DATA { <urn:a> <urn:b> 1 }").status_code == 401
        assert client.post(ADDRESS, params={"update": "CLEAR ALL"}, data={"x": ""}).status_code == 401
        assert client.get(ADDRESS, params={"update": "CLEAR ALL"}).status_code == 405
    assert live(folder).manifest.parent is None


def test_many_writers_at_once_lose_nothing(client: httpx.Client) -> None:
    def written(number: int) -> httpx.Response:
        return update(client, f"INSERT DATA {{ <urn:{number}> a <urn:c> }}")

    with ThreadPoolExecutor(WRITERS) as threads:
        answers = list(threads.map(written, range(WRITERS)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["release"] for answer in answers}) == WRITERS
    assert count(client) == WRITERS


def test_a_queue_that_is_full_says_so(folder: DataFolder, serve: Serve) -> None:
    site = Site(root=folder.layout.root, plain=True, longest=2)
    access = Access(anonymous="write")
    with serve(folder.current, named_queries={}, access=access, site=site) as client:
        with ThreadPoolExecutor(20) as threads:
            answers = list(threads.map(lambda n: update(client, f"INSERT DATA {{ <urn:{n}> a <urn:c> }}"), range(20)))
        refused = [answer for answer in answers if answer.status_code != 200]
        assert refused
        assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(503, "store-busy")}
        assert all(int(answer.headers["Retry-After"]) for answer in refused)
        assert count(client) == len(answers) - len(refused)


def test_a_writer_that_is_killed_leaves_nothing(client: httpx.Client, folder: DataFolder) -> None:
    assert update(client, "INSERT DATA { " + " ".join(f"<urn:{n}> a <urn:c> ." for n in range(300)) + " }").is_success
    before = live(folder)
    (process,) = _writers(folder)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(update, client, ENDLESS)
        while (folder.layout.locks / "build").read_text() != str(process.pid) or not _staged(folder):
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        assert answer.result().status_code == 503
    assert live(folder) == before
    assert update(client, "INSERT DATA { <urn:x> a <urn:c> }").is_success
    assert count(client) == 301
    assert not list(folder.layout.staging.iterdir())


def test_a_writer_that_was_killed_between_two_writes_is_replaced(client: httpx.Client, folder: DataFolder) -> None:
    assert update(client, "INSERT DATA { <urn:x> a <urn:c> }").is_success
    (process,) = _writers(folder)
    process.kill()
    until(lambda: process.status() == psutil.STATUS_ZOMBIE)
    assert update(client, "INSERT DATA { <urn:y> a <urn:c> }").is_success
    assert count(client) == 2


def test_a_write_that_takes_too_long_is_ended_and_the_next_is_made(folder: DataFolder, serve: Serve) -> None:
    site = Site(root=folder.layout.root, plain=True, seconds=3.0)
    with serve(folder.current, named_queries={}, access=Access(anonymous="write"), site=site) as client:
        update(client, "INSERT DATA { " + " ".join(f"<urn:{n}> a <urn:c> ." for n in range(300)) + " }")
        slow = update(client, ENDLESS)
        assert (slow.status_code, slow.json()["code"]) == (503, "query-timeout")
        assert "updating" in slow.json()["detail"]
        assert update(client, "CLEAR ALL").is_success
        assert count(client) == 0


def test_a_good_write_passes_the_gate(gated: httpx.Client, gated_folder: DataFolder) -> None:
    answer = update(gated, insert(1))
    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "release": live(gated_folder).id,
        "published": True,
        "validation": {"Violation": 0, "Warning": 0, "Info": 0},
    }
    assert count(gated, in_own()) == 1
    assert update(gated, insert(1)).json()["published"] is False
    assert update(gated, f"DROP GRAPH <{OWN}>").is_success


def test_a_broken_shape_is_answered_with_the_report(gated: httpx.Client, gated_folder: DataFolder) -> None:
    before = live(gated_folder)
    answer = update(gated, NAMELESS)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["code"] == "validation"
    (result,) = answer.json()["report"]["results"]
    assert result["focus"] == "urn:eve"
    assert str(gated_folder.layout.root) not in answer.text
    assert live(gated_folder) == before


@pytest.mark.parametrize("media_type", ["text/turtle", "application/ld+json", "application/rdf+xml"])
def test_the_report_comes_in_the_syntax_asked_for(gated: httpx.Client, media_type: str) -> None:
    answer = gated.post(ADDRESS, data={"update": NAMELESS}, headers={"Accept": media_type})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (422, media_type)
    syntax = ox.RdfFormat.from_media_type(media_type)
    assert "conforms" in str(list(ox.parse(answer.content, format=syntax)))


@pytest.mark.parametrize("text", [f"DROP GRAPH <{SOURCE}>", f"INSERT DATA {{ GRAPH <{SOURCE}> {{ <a:> <b:> 1 }} }}"])
def test_the_graph_of_a_source_is_read_only(gated: httpx.Client, gated_folder: DataFolder, text: str) -> None:
    before = live(gated_folder)
    answer = update(gated, text)
    assert (answer.status_code, answer.json()["code"]) == (403, "read-only")
    assert "correct its table" in answer.json()["detail"]
    assert live(gated_folder) == before


def test_a_build_between_writes_is_kept_and_keeps_them(gated: httpx.Client, gated_folder: DataFolder) -> None:
    begun = threading.Event()

    def building() -> None:
        for name in ("Ann B.", "Ann C.", "Ann D."):
            changed = statements(SOURCE, f"<ann> a <Person> ; <name> '{name}' .")
            begun.set()
            pipeline.build(gated_folder, [changed, *INPUTS[1:]], shapes(gated_folder), patience=60.0)

    builder = threading.Thread(target=building)
    builder.start()
    begun.wait()
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda n: update(gated, insert(n)), range(8)))
    builder.join()
    assert [answer.status_code for answer in answers] == [200] * 8
    assert update(gated, insert(8)).is_success
    assert count(gated, in_own()) == 9
    assert count(gated, "SELECT (COUNT(*) AS ?n) { ?s <https://example.org/name> 'Ann D.' }") == 1


def test_load_reaches_the_servers_that_are_listed(folder: DataFolder, serve: Serve) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/turtle; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<> a <urn:c> .")

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        site = Site(root=folder.layout.root, plain=True, hosts=(address,))
        with serve(folder.current, named_queries={}, access=Access(anonymous="write"), site=site) as client:
            assert update(client, f"LOAD <{address}/doc>; LOAD SILENT <http://example.org/>").status_code == 200
            assert count(client) == 1
        server.shutdown()


def _writers(folder: DataFolder) -> list[psutil.Process]:
    """The process that writes to a folder: it has signed the lock."""
    return [psutil.Process(int((folder.layout.locks / "build").read_text()))]


def _staged(folder: DataFolder) -> bool:
    return any(folder.layout.staging.glob("*/release/database"))
