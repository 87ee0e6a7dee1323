"""Results of a million rows: whole, or an error, and never held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress

import httpx
import psutil
import pytest

from kg.queries import NamedQuery
from kg.store.querying.workers import Limits
from kg.store.release import Release

Serve = Callable[..., AbstractContextManager[httpx.Client]]

NUMBERS = " ".join(map(str, range(100)))
HUNDRED = f"SELECT * {{ VALUES ?a {{ {NUMBERS} }} }}"
MILLION = f"SELECT ?c {{ VALUES ?a {{ {NUMBERS} }} VALUES ?b {{ {NUMBERS} }} VALUES ?c {{ {NUMBERS} }} }}"
TRIPLES = f"CONSTRUCT {{ <x:s> <x:p> ?a }} {{ VALUES ?a {{ {NUMBERS} }} }}"
MANY_TRIPLES = MILLION.replace("SELECT ?c", "CONSTRUCT { <x:s> <x:p> ?d }").replace(
    "} }", "} BIND(?a * 10000 + ?b * 100 + ?c AS ?d) }"
)
ROWS = 1_000_000
GROWTH = 24 * 2**20
"""Bytes that a process may grow by; the results have 3 to 120 MiB."""


@pytest.fixture(scope="module")
def one_worker(release: Release, named_queries: dict[str, NamedQuery], serve: Serve) -> Iterator[httpx.Client]:
    limits = Limits(rows=ROWS, result=2**30, timeout=120)
    with serve(lambda: release, named_queries=named_queries, workers=1, limits=limits) as client:
        yield client


def sizes() -> tuple[int, int]:
    """Resident bytes of this process, which serves, and of the largest query process below it."""
    here = psutil.Process()
    return here.memory_info().rss, max(_size(worker) for server in here.children() for worker in server.children())


def _size(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_info().rss)
    return 0


@pytest.mark.parametrize(
    ("name", "row", "encoding"),
    [("csv", b"\n", "identity"), ("tsv", b"\n", "gzip"), ("srj", b'"c":', "identity"), ("srx", b"<result>", "gzip")],
)
def test_memory_stays_flat(one_worker: httpx.Client, name: str, row: bytes, encoding: str) -> None:
    headers = {"accept-encoding": encoding}
    one_worker.get("/sparql", params={"query": f"{MILLION} LIMIT 10000", "format": name}, headers=headers)
    before = largest = sizes()
    rows, tail = 0, b""
    with one_worker.stream("GET", "/sparql", params={"query": MILLION, "format": name}, headers=headers) as response:
        for number, part in enumerate(response.iter_bytes(2**16)):
            rows += (tail + part).count(row)
            tail = part[1 - len(row) :] if len(row) > 1 else b""
            if number % 20 == 0:
                largest = max(largest[0], sizes()[0]), max(largest[1], sizes()[1])
    assert rows - (len(row) == 1) == ROWS
    assert [largest[0] - before[0] < GROWTH, largest[1] - before[1] < GROWTH] == [True, True], (before, largest)


@pytest.mark.parametrize("name", ["csv", "tsv", "srj", "srx", "turtle", "ntriples", "jsonld", "rdfxml"])
def test_one_row_too_many_is_an_error_and_never_a_short_result(
    release: Release, named_queries: dict[str, NamedQuery], serve: Serve, name: str
) -> None:
    triples = name not in ("csv", "tsv", "srj", "srx")
    small, large = (TRIPLES, MANY_TRIPLES) if triples else (HUNDRED, MILLION)
    for rows, status in ((100, 200), (99, 503)):
        with serve(lambda: release, named_queries=named_queries, workers=1, limits=Limits(rows=rows)) as client:
            answer = client.get("/sparql", params={"query": small, "format": name})
            assert answer.status_code == status
            assert status == 200 or "more than 99 rows" in answer.json()["detail"]
    with (
        serve(lambda: release, named_queries=named_queries, workers=1, limits=Limits(rows=50_000)) as client,
        client.stream("GET", "/sparql", params={"query": large, "format": name}) as response,
    ):
        assert response.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            response.read()
