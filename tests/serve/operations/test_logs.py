"""What is written of requests, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from kg.errors import ConfigError
from kg.serve.access import Access
from kg.serve.operations.logs import LogFile, Logs
from kg.serve.operations.watching import Seen
from kg.serve.tokens import TokenFile
from kg.store.querying.row_limit import rows_in
from kg.store.release import Release

Serve = Callable[..., Any]

THREE = "SELECT * { ?a ?b ?c } LIMIT 3"


@contextmanager
def logged(serve: Serve, release: Release, **options: Any) -> Iterator[tuple[httpx.Client, list[str]]]:
    """The service and the lines that it logs."""
    lines: list[str] = []
    access = options.pop("access", None)
    with serve(lambda: release, named_queries={}, access=access, logs=Logs(write=lines.append, **options)) as client:
        yield client, lines


def test_a_line_tells_of_a_request(serve: Serve, release: Release) -> None:
    with logged(serve, release) as (client, lines):
        size = len(client.get("/sparql", params={"query": THREE}).content)
        client.post("/sparql", data={"query": THREE})
        client.get("/queries/no/such?secret=1")
    first, second, third = map(json.loads, lines)
    assert first.pop("ms") > 0
    assert first.pop("time").endswith("Z")
    assert first == {
        "event": "request",
        "method": "GET",
        "route": "/sparql",
        "status": 200,
        "bytes": size,
        "client": "127.0.0.0/24",
        "token": None,
        "release": release.id,
        "query": second["query"],
        "rows": 3,
        "text": THREE,
    }
    assert (third["status"], third["problem"]) == (404, "unknown-query")
    assert "secret" not in lines[2]


def test_a_token_is_told_by_its_name_alone(tmp_path: Path, serve: Serve, release: Release) -> None:
    tokens = TokenFile(tmp_path / "tokens.json", tmp_path / "lock")
    token, text = tokens.create("press-office", "read")
    with logged(serve, release, access=Access(tokens=tokens)) as (client, lines):
        client.get("/sparql", params={"query": THREE}, headers={"Authorization": f"Bearer {text}"})
        client.get(f"/sparql?query=ASK%7B%7D&access_token={text}", headers={"Authorization": "Bearer kg_no_such"})
    assert [json.loads(line)["token"] for line in lines] == ["press-office", None]
    assert json.loads(lines[1])["status"] == 401
    assert not any(text in line or token.id in line for line in lines)


def test_text_is_told_up_to_a_length(serve: Serve, release: Release) -> None:
    for length, told in ((0, None), (6, "SELECT…"), (1000, THREE)):
        with logged(serve, release, text=length) as (client, lines):
            client.get("/sparql", params={"query": THREE})
        assert json.loads(lines[0]).get("text") == told


@pytest.mark.parametrize(
    ("clients", "address", "told"),
    [
        ("full", "203.0.113.7", "203.0.113.7"),
        ("network", "203.0.113.7", "203.0.113.0/24"),
        ("network", "2001:db8:1:2::3", "2001:db8:1::/48"),
        ("network", "::ffff:203.0.113.7", "203.0.113.0/24"),
        ("network", "a socket", None),
        ("none", "203.0.113.7", None),
    ],
)
def test_clients_are_told_as_configured(clients: Any, address: str, told: str | None) -> None:
    lines: list[str] = []
    seen = Seen({"client": (address, 1)}, "/", "GET", 200, 0.001, 10, True)
    Logs(write=lines.append, clients=clients)(seen)
    assert json.loads(lines[0])["client"] == told


def test_the_common_format() -> None:
    lines: list[str] = []
    seen = Seen({"client": ("203.0.113.7", 1), "http_version": "1.1"}, "/sparql", "GET", 200, 0.0123, 10, True)
    Logs(write=lines.append, format="common", clients="full", clock=lambda: 1_700_000_000.0)(seen)
    assert lines == ['203.0.113.7 - - [14/Nov/2023:22:13:20 +0000] "GET /sparql HTTP/1.1" 200 10 0.012300']


def test_slow_queries_are_told_without_an_access_log(serve: Serve, release: Release) -> None:
    with logged(serve, release, requests=False, slow=1e-9) as (client, lines):
        client.get("/health")
        client.get("/sparql", params={"query": THREE})
        client.get("/sparql", params={"query": THREE}, headers={"Accept": "text/html"})
    assert [(told["event"], told["text"]) for told in map(json.loads, lines)] == [("slow-query", THREE)] * 2
    with logged(serve, release, requests=False, slow=0) as (client, lines):
        client.get("/sparql", params={"query": THREE})
    assert lines == []


def test_hostile_text_stays_one_line(serve: Serve, release: Release) -> None:
    text = 'ASK {} # "\n}{\u2028\x1b[31m'
    with logged(serve, release) as (client, lines):
        client.post("/sparql", data={"query": text})
    assert "\n" not in lines[0]
    assert json.loads(lines[0])["text"] == text


def test_a_file_that_was_moved_away_is_followed(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "log")
    log.write("one")
    (tmp_path / "log").rename(tmp_path / "log.1")
    log.follow()
    log.write("two")
    log.close()
    assert ((tmp_path / "log.1").read_text(), (tmp_path / "log").read_text()) == ("one\n", "two\n")


def test_a_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--log"):
        LogFile(tmp_path / "no" / "such" / "folder")


@pytest.mark.parametrize(
    ("media_type", "data", "rows"),
    [
        ("application/sparql-results+json", b'{"head":{"vars":["a"]},"results":{"bindings":[]}}', 0),
        ("application/sparql-results+json", b'{"head":{"vars":["a"]},"results":{"bindings":[{},{"a":1}]}}', 2),
        ("application/sparql-results+json", b'{"head":{},"boolean":true}', None),
        ("application/sparql-results+xml", b"<sparql><head/><boolean>true</boolean></sparql>", None),
        ("application/sparql-results+xml", b"<sparql><results><result></result></results></sparql>", 1),
        ("text/csv", b"true,a\r\n1,2\r\n", 1),
        ("text/csv", b"true", None),
        ("text/tab-separated-values", b"?a\n", 0),
        ("text/turtle", b"<a> <b> <c> .\n", None),
    ],
)
def test_rows_of_a_whole_answer(media_type: str, data: bytes, rows: int | None) -> None:
    assert rows_in(media_type, data) == rows
