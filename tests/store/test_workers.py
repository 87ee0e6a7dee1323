"""Query processes: what they answer, how they are ended, and that nothing of them stays."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import shutil
import signal
import socket
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import psutil
import pyoxigraph as ox
import pytest

from kg.errors import (
    KgError,
    QueryError,
    QuerySyntaxError,
    QueryTimeoutError,
    ResultTooLargeError,
    StoreBusyError,
    StoreError,
)
from kg.store import locks
from kg.store.layout import Layout
from kg.store.manifest import Manifest
from kg.store.querying.query_process import run
from kg.store.querying.requests import message
from kg.store.querying.stock import Stock
from kg.store.querying.workers import Limits, QueryPool, Request
from kg.store.release import Release

pytestmark = pytest.mark.anyio

EX = "http://example.org/"
ALL = "SELECT ?s ?o WHERE { ?s ?p ?o }"
NAMED = "SELECT ?o WHERE { GRAPH ?g { ?s ?p ?o } }"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
MANY = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
LONG = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . { SELECT ?g { ?g ?h ?i } LIMIT 20 } }"
HUNGRY = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


PATIENT = Limits(timeout=600.0)
"""Time enough on a machine that is busy with other things: what is waited for comes, or the test hangs."""


class Clock(asyncio.SelectorEventLoop):
    """An event loop whose time can be moved on."""

    ahead = 0.0

    def time(self) -> float:
        """Seconds."""
        return super().time() + self.ahead


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, Any]]:
    return "asyncio", {"loop_factory": Clock}


def make_release(
    folder: Path, name: str, *, size: int = 2, default_graph: Literal["union", "materialised"] = "union"
) -> Release:
    """A release with ``size`` triples, spread over the graphs ``g0`` and ``g1``."""
    layout = Layout(folder)
    layout.create()
    release = Release(layout, Manifest(name, "2025-11-30T10:15:00Z", "test", None, {}, default_graph=default_graph))
    release.folder.mkdir()
    release.manifest.write(release.folder)
    store = ox.Store(str(release.database))
    store.extend(
        ox.Quad(*(ox.NamedNode(EX + part) for part in (f"{name}-s{n}", "p", f"o{n}", f"g{n % 2}"))) for n in range(size)
    )
    store.flush()
    return release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("small"), "one")


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return make_release(tmp_path_factory.mktemp("wide"), "wide", size=300)


@pytest.fixture
async def pool(release: Release) -> AsyncIterator[QueryPool]:
    async with QueryPool(release, size=1) as pool:
        yield pool


async def read(pool: QueryPool, request: Request | str) -> str:
    request = Request(query=request, results_format="text/csv") if isinstance(request, str) else request
    async with pool.answer(request) as answer:
        return (await answer.read(2**20)).decode()


async def objects(pool: QueryPool, request: Request | str) -> set[str]:
    """The last column of a CSV result, without the base."""
    return {line.split(",")[-1].removeprefix(EX) for line in (await read(pool, request)).split()[1:]}


def processes() -> set[int]:
    """The query processes below this one (the fork server stays as long as the program)."""
    servers = psutil.Process().children()
    return {child.pid for server in servers for child in server.children()}


async def gone(pids: set[int]) -> None:
    """Wait until none of these processes is there any more."""
    while not processes().isdisjoint(pids):
        await asyncio.sleep(0.01)


async def lowered(others: set[int]) -> None:
    """Wait until one of our query processes has been found long, and goes slower."""
    while priorities(others) <= {psutil.Process().nice()}:
        await asyncio.sleep(0.01)


async def idle(pid: int) -> None:
    """Wait until a process sleeps, and has done nothing for a while."""
    process, before, looks = psutil.Process(pid), -1.0, 0
    while looks < 10:
        await asyncio.sleep(0.02)
        now = process.cpu_times().user
        looks = looks + 1 if now == before and process.status() == psutil.STATUS_SLEEPING else 0
        before = now


def priorities(others: set[int]) -> set[int]:
    """The nice values of the query processes but for those that others have."""
    values = set()
    for pid in processes() - others:
        with suppress(psutil.NoSuchProcess):
            values.add(psutil.Process(pid).nice())
    return values


# --- answers -------------------------------------------------------------------------------------------------------


async def test_a_small_answer_comes_whole_with_its_media_type(pool: QueryPool) -> None:
    async with pool.answer(Request(query=ALL)) as answer:
        assert answer.received
        assert answer.media_type == "application/sparql-results+json"
        assert answer.release.id == "one"
        assert len(json.loads(answer.first)["results"]["bindings"]) == 2


@pytest.mark.parametrize(
    ("query", "media_type", "text"),
    [
        ("ASK { ?s ?p ?o }", "text/csv", "true"),
        ("SELECT ?x { VALUES ?x { 1 } }", "text/csv", "x\r\n1\r\n"),
        (f"CONSTRUCT {{ <{EX}a> <{EX}b> 1 }} {{}}", "application/n-triples", f"<{EX}a> <{EX}b> "),
        (f"DESCRIBE <{EX}one-s0>", "application/n-triples", f"<{EX}one-s0> <{EX}p> <{EX}o0> .\n"),
    ],
)
async def test_the_kind_of_query_decides_between_the_two_formats(
    pool: QueryPool, query: str, media_type: str, text: str
) -> None:
    request = Request(query=query, results_format="text/csv", graph_format="application/n-triples")
    async with pool.answer(request) as answer:
        assert answer.media_type == media_type
        assert answer.first.decode().startswith(text)


@pytest.mark.parametrize(
    ("query", "options", "found"),
    [
        (ALL, {}, {"o0", "o1"}),
        (ALL.replace("WHERE", f"FROM <{EX}g1> WHERE"), {}, {"o1"}),
        (ALL.replace("WHERE", f"from <{EX}g1> WHERE"), {}, {"o1"}),
        (ALL.replace("WHERE", f"FROM NAMED <{EX}g1> WHERE"), {}, set()),
        (NAMED.replace("WHERE", f"FROM NAMED <{EX}g1> WHERE"), {}, {"o1"}),
        ("SELECT ?o WHERE { ?from ?p ?o } # FROM <x:y>", {}, {"o0", "o1"}),
        (NAMED, {}, {"o0", "o1"}),
        (ALL, {"default_graphs": (f"{EX}g0",)}, {"o0"}),
        (ALL, {"default_graphs": (f"{EX}g0", f"{EX}g1")}, {"o0", "o1"}),
        (ALL.replace("WHERE", f"FROM <{EX}g1> WHERE"), {"default_graphs": (f"{EX}g0",)}, {"o0"}),
        (ALL, {"named_graphs": (f"{EX}g0",)}, set()),
        (NAMED, {"named_graphs": (f"{EX}g0",)}, {"o0"}),
        (NAMED, {"default_graphs": (f"{EX}g0",)}, set()),
    ],
)
async def test_the_dataset(pool: QueryPool, query: str, options: dict[str, tuple[str, ...]], found: set[str]) -> None:
    assert await objects(pool, Request(query=query, results_format="text/csv", **options)) == found


async def test_a_large_answer_is_streamed_and_the_reader_stays_small(wide: Release) -> None:
    async with QueryPool(wide, size=1, limits=PATIENT) as pool, pool.answer(Request(query=MANY)) as answer:
        assert not answer.received
        tracemalloc.start()
        size, tail = 0, b""
        async for part in answer:
            size, tail = size + len(part), part
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert tail.endswith(b"]}}")
        assert size > 20 * 2**20
        assert peak < 2**20


async def test_a_slow_reader_costs_the_process_no_time(wide: Release) -> None:
    clock = asyncio.get_running_loop()
    assert isinstance(clock, Clock)
    others = processes()
    async with QueryPool(wide, size=1, limits=PATIENT) as pool, pool.answer(Request(query=MANY)) as answer:
        parts = aiter(answer)
        await anext(parts)
        (pid,) = processes() - others
        await idle(pid)
        clock.ahead += 10 * PATIENT.timeout
        await idle(pid)  # so long that whatever was to happen by then has happened
        assert sum([len(part) async for part in parts]) > 20 * 2**20


# --- errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "error", "text"),
    [
        ("SELECT ?s WHERE {", QuerySyntaxError, "error at 1:"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", QuerySyntaxError, "error at 1:"),
        ("", QuerySyntaxError, "error at 1:1"),
        ("ASK { FILTER(<x:f>(1)) }", QueryError, "function <x:f>"),
    ],
)
async def test_a_wrong_query_is_our_error_and_the_process_lives_on(
    pool: QueryPool, query: str, error: type[KgError], text: str
) -> None:
    before = processes()
    with pytest.raises(error, match=text):
        await read(pool, query)
    assert await read(pool, "ASK {}") == "true"
    assert processes() == before


async def test_a_graph_name_must_be_an_absolute_iri(pool: QueryPool) -> None:
    with pytest.raises(QueryError, match="absolute IRI"):
        await read(pool, Request(query=ALL, default_graphs=("g0",)))


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <{url}> {{ ?s ?p ?o }}",
        "service<{url}>{{?s ?p ?o}}",
        "SERVICE SILENT <{url}> {{ ?s ?p ?o }}",
        "SeRvIcE # a comment\n SILENT # another\n <{url}> {{ ?s ?p ?o }}",
        "VALUES ?url {{ <{url}> }} SERVICE ?url {{ ?s ?p ?o }}",
        "?a ?b ?url FILTER(?a<?b)SERVICE?url#>\n{{ ?s ?p ?o }}",
        "FILTER EXISTS {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
        "{{ SELECT * WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}",
        "OPTIONAL {{ SERVICE <{url}> {{ ?s ?p ?o }} }} BIND('SERVICE' AS ?service)",
    ],
)
@pytest.mark.parametrize("form", ["ASK", "SELECT *", "CONSTRUCT { ?s ?p ?o }"])
async def test_service_never_reaches_the_network(
    pool: QueryPool, listener: socket.socket, form: str, clause: str
) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    with pytest.raises(QueryError, match=r"SERVICE is refused|expected"):
        await read(pool, f"{form} WHERE {{ {clause.format(url=url)} }}")
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX service: <http://example.org/service/> SELECT * { ?service a service:Service }",
        "SELECT ('SERVICE <x:y> {}' AS ?x) {} # SERVICE <x:y> {}",
        "SELECT ?x { <http://example.org/SERVICE> ?p ?x }",
    ],
)
async def test_the_word_service_elsewhere_is_no_call(pool: QueryPool, query: str) -> None:
    assert await read(pool, query)


async def test_a_wrong_query_with_the_word_service_is_still_called_wrong(pool: QueryPool) -> None:
    with pytest.raises(QuerySyntaxError):
        await read(pool, "SELECT ?service WHERE { ?service a")


# --- limits --------------------------------------------------------------------------------------------------------


async def test_a_query_over_its_time_is_killed_and_the_next_one_is_answered(wide: Release) -> None:
    async with QueryPool(wide, size=1) as pool:
        before = processes()
        with pytest.raises(QueryTimeoutError):
            await read(pool, Request(query=ENDLESS, timeout=0.3))
        assert await read(pool, "ASK {}") == "true"
        await gone(before)


async def test_a_request_cannot_ask_for_more_time_than_the_pool_allows(wide: Release) -> None:
    async with QueryPool(wide, size=1, limits=Limits(timeout=0.3)) as pool:
        with pytest.raises(QueryTimeoutError):
            await read(pool, Request(query=ENDLESS, timeout=3600))


@pytest.mark.parametrize("poll", [False, True])
async def test_a_query_over_its_memory_is_ended(wide: Release, poll: bool) -> None:
    async with QueryPool(wide, size=1, limits=replace(PATIENT, memory=200 * 2**20, poll_memory=poll)) as pool:
        with pytest.raises(ResultTooLargeError, match="memory"):
            await read(pool, HUNGRY)
        assert await read(pool, "ASK {}") == "true"


async def test_a_result_over_its_size_breaks_off_without_a_last_part(wide: Release) -> None:
    async with QueryPool(wide, size=1, limits=replace(PATIENT, result=2**20)) as pool:
        with pytest.raises(ResultTooLargeError, match="1048576 bytes"):
            async with pool.answer(Request(query=MANY)) as answer:
                assert [part async for part in answer]
        assert await read(pool, "ASK {}") == "true"


async def test_a_process_that_dies_of_something_else_is_an_error_and_no_hang(wide: Release) -> None:
    async with QueryPool(wide, size=1) as pool:
        (pid,) = processes()
        query = asyncio.create_task(read(pool, ENDLESS))
        while not pool.busy:
            await asyncio.sleep(0)
        os.kill(pid, signal.SIGTERM)
        with pytest.raises(StoreError, match="unexpectedly"):
            await query
        assert await read(pool, "ASK {}") == "true"


async def test_a_process_that_died_while_idle_is_replaced(pool: QueryPool) -> None:
    (pid,) = processes()
    os.kill(pid, signal.SIGKILL)
    while pid in processes():
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)  # the end of its socket is seen when the loop looks next
    assert await read(pool, "ASK {}") == "true"


async def test_a_process_that_nobody_can_kill_any_more_ends_by_its_own_alarm(wide: Release) -> None:
    ours, theirs = socket.socketpair()
    arguments = (theirs, wide, Limits(timeout=0.1))
    process = multiprocessing.get_context("forkserver").Process(target=run, args=arguments, daemon=True)
    process.start()
    theirs.close()
    with ours:
        ours.sendall(message(Request(query=ENDLESS), Limits(), 0.1))
        await asyncio.to_thread(process.join)
    assert process.exitcode == -signal.SIGPROF


async def test_whoever_finds_no_turn_is_told_so(wide: Release) -> None:
    async with QueryPool(wide, size=1, patience=0.05) as pool, running(pool, ENDLESS):
        with pytest.raises(StoreBusyError):
            await read(pool, "ASK {}")


# --- short before long ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def many(pool: QueryPool, *queries: str) -> AsyncIterator[list[asyncio.Task[str]]]:
    """Queries that are asked at once; their clients go away at the end."""
    tasks = [asyncio.create_task(read(pool, query)) for query in queries]
    await asyncio.sleep(0)
    yield tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def endless(*numbers: int) -> list[str]:
    """Queries without end, each with a text of its own."""
    return [f"{ENDLESS} # {number}" for number in numbers]


async def test_runaways_do_not_take_the_places_of_short_queries(wide: Release) -> None:
    others = processes()
    async with (
        QueryPool(wide, size=3, kept=1, short=2.0, limits=PATIENT, patience=PATIENT.timeout) as pool,
        many(pool, *endless(*range(9))) as runaways,
    ):
        for _ in range(20):
            assert await read(pool, "ASK {}") == "true"
        while (pool.busy, pool.waiting) != (2, 7):  # two run, and all the others wait for the same two places
            await asyncio.sleep(0.01)
        for _ in range(20):
            assert await read(pool, "ASK {}") == "true"
        assert not any(task.done() for task in runaways)
        while len(processes() - others) > 3:  # those that were killed go, and what was started in their place too soon
            await asyncio.sleep(0.01)


async def test_a_long_query_that_was_ended_for_a_short_one_is_answered_later(wide: Release) -> None:
    """It gets the time that it takes when the other one is gone."""
    others = processes()
    async with QueryPool(wide, size=2, kept=1, short=0.05, limits=PATIENT, patience=PATIENT.timeout) as pool:
        async with many(pool, *endless(1)):
            await lowered(others)
            late = asyncio.create_task(read(pool, LONG))
            while (pool.busy, pool.waiting) != (1, 1):
                await asyncio.sleep(0.01)
        assert await late == f"n\r\n{300 * 300 * 20}\r\n"


async def test_a_query_that_was_long_waits_for_a_place_for_long_ones_at_once(wide: Release) -> None:
    others = processes()
    async with (
        QueryPool(wide, size=2, kept=1, short=0.05, limits=PATIENT, patience=PATIENT.timeout) as pool,
        many(pool, *endless(1)),
    ):
        await lowered(others)
        request = Request(query=f"{ENDLESS} # 2", timeout=2.0)
        with pytest.raises(StoreBusyError):
            await read(pool, request)
        while pool.busy != 1:
            await asyncio.sleep(0.01)
        again = asyncio.create_task(read(pool, request))
        while pool.waiting != 1:
            await asyncio.sleep(0)
        assert pool.busy == 1
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)


async def test_waiting_counts_towards_the_deadline(wide: Release) -> None:
    async with QueryPool(wide, size=1, patience=600.0) as pool, running(pool, ENDLESS):
        with pytest.raises(StoreBusyError):
            await read(pool, Request(query="ASK {}", timeout=0.05))


async def test_a_long_answer_is_not_begun_without_a_place_for_it(wide: Release) -> None:
    """Its process is ended instead, and it is begun when there is one."""
    others = processes()
    async with QueryPool(wide, size=2, kept=1, short=3.0, limits=PATIENT, patience=PATIENT.timeout) as pool:
        async with many(pool, *endless(1)):
            await lowered(others)
            streaming = asyncio.create_task(size_of(pool, MANY))
            while (pool.busy, pool.waiting) != (1, 1):
                await asyncio.sleep(0.01)
            middling = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 2000"
            assert 2**17 < await size_of(pool, middling) < 2**20
            assert not streaming.done()
        assert await streaming > 20 * 2**20


async def size_of(pool: QueryPool, query: str) -> int:
    async with pool.answer(Request(query=query)) as answer:
        return sum([len(part) async for part in answer])


async def test_a_process_that_had_to_go_slower_is_not_used_again(wide: Release) -> None:
    others = processes()
    async with QueryPool(wide, size=1, short=0.05) as pool:
        (before,) = processes() - others
        assert await read(pool, LONG)
        assert await read(pool, "ASK {}") == "true"
        while before in processes():
            await asyncio.sleep(0.01)
        assert priorities(others) == {psutil.Process().nice()}


async def test_too_many_waiting_queries_are_turned_away_at_once(wide: Release) -> None:
    async with QueryPool(wide, size=1, queue=2, patience=600.0) as pool, many(pool, *endless(1, 2, 3)):
        while pool.waiting < 2:
            await asyncio.sleep(0)
        with pytest.raises(StoreBusyError):
            await read(pool, "ASK {}")


async def test_while_the_client_takes_an_answer_that_is_complete_others_use_its_process(release: Release) -> None:
    async with QueryPool(release, size=1) as pool, pool.answer(Request(query=ALL)) as answer:
        assert await read(pool, "ASK {}") == "true"
        assert len(json.loads(await answer.read(2**20))["results"]["bindings"]) == 2


async def test_a_callers_limits_are_in_place_of_the_pools(wide: Release) -> None:
    async with QueryPool(wide, size=1, limits=replace(PATIENT, rows=1, result=100)) as pool:
        request = Request(query="SELECT * { ?s ?p ?o }", results_format="text/csv")
        async with pool.answer(request, replace(PATIENT, rows=400, result=2**20)) as answer:
            assert len((await answer.read(2**20)).splitlines()) == 301
        with pytest.raises(ResultTooLargeError):
            await read(pool, request)


async def test_a_callers_time_is_in_place_of_the_pools(wide: Release) -> None:
    async with QueryPool(wide, size=1, limits=Limits(timeout=0.01)) as pool:
        request = Request(query=LONG, results_format="text/csv")
        async with pool.answer(request, PATIENT) as answer:
            assert answer.first
        with pytest.raises((QueryTimeoutError, StoreBusyError)):  # the latter if it has not even begun by then
            await read(pool, request)


async def test_a_hundred_runaways_leave_nothing_behind(wide: Release) -> None:
    kinds = [
        ENDLESS,
        "SELECT (COUNT(*) AS ?n) WHERE { ?a (<x:x>|!<x:x>)* ?b . ?c (<x:x>|!<x:x>)* ?d . ?e (<x:x>|!<x:x>)* ?f }",
        f'SELECT ?a {{ ?a ?b ?c . ?d ?e ?f FILTER REGEX(CONCAT(STR(?a), STR(?d)), "{"(a|b|o)*" * 200}z$") }}',
        HUNGRY,
    ]
    async with QueryPool(wide, size=1) as pool:
        await read(pool, "ASK {}")  # the fork server is there from here on
    others = processes()
    processes_before, descriptors_before = psutil.Process().children(recursive=True), psutil.Process().num_fds()
    async with QueryPool(wide, size=4, abreast=4) as pool:
        ends: Counter[type] = Counter()
        while ends[QueryTimeoutError] < 100:
            requests = [Request(query=kind, timeout=0.1) for kind in kinds]
            results = await asyncio.gather(*(read(pool, request) for request in requests), return_exceptions=True)
            ends.update(map(type, results))
            assert ends.keys() <= {QueryTimeoutError, StoreBusyError}  # on a busy machine processes take time to go
            while len(processes() - others) > 3 * 4:  # some have been killed and are not gone yet
                await asyncio.sleep(0.01)
        assert await read(pool, "ASK {}") == "true"
        while len(processes() - others) > 4:
            await asyncio.sleep(0.01)
        assert psutil.STATUS_ZOMBIE not in {child.status() for child in psutil.Process().children(recursive=True)}
    assert psutil.Process().children(recursive=True) == processes_before
    assert psutil.Process().num_fds() == descriptors_before


async def test_processes_beyond_the_size_go_when_they_are_given_back(release: Release) -> None:
    """As when one is started in another's place while a query starts one for itself."""
    others = processes()
    stock = Stock(release, 2, PATIENT)
    await stock.open()
    for worker in [await stock.take() for _ in range(4)]:
        stock.give_back(worker, lambda: None)
    while len(processes() - others) > 2:
        await asyncio.sleep(0.01)
    await stock.closed()
    assert processes() <= others


# --- leaving -------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def running(pool: QueryPool, query: str) -> AsyncIterator[asyncio.Task[str]]:
    """A query that is being computed; its client goes away at the end."""
    task = asyncio.create_task(read(pool, query))
    while not pool.busy:
        await asyncio.sleep(0)
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_client_that_goes_away_has_its_query_killed(wide: Release) -> None:
    async with QueryPool(wide, size=1) as pool:
        before = processes()
        async with running(pool, ENDLESS):
            pass
        assert await read(pool, "ASK {}") == "true"
        await gone(before)


async def test_a_client_that_leaves_in_the_middle_has_its_query_killed(wide: Release) -> None:
    async with QueryPool(wide, size=1) as pool:
        before = processes()
        async with pool.answer(Request(query=MANY)):
            pass
        assert await read(pool, "ASK {}") == "true"
        await gone(before)


async def test_a_new_release_is_answered_from_while_a_query_on_the_old_one_ends(
    wide: Release, release: Release
) -> None:
    async with QueryPool(wide, size=1) as pool:
        async with pool.answer(Request(query=MANY)) as answer:
            switching = asyncio.create_task(pool.switch(release))
            parts = [len(part) async for part in answer]
            await switching
        assert sum(parts) > 20 * 2**20
        assert await objects(pool, ALL) == {"o0", "o1"}
        assert pool.release.id == "one"


async def test_a_release_that_cannot_be_opened_is_not_switched_to(pool: QueryPool, tmp_path: Path) -> None:
    gone = make_release(tmp_path, "gone")
    shutil.rmtree(gone.database)
    with pytest.raises(StoreError, match="gone"):
        await pool.switch(gone)
    assert await objects(pool, ALL) == {"o0", "o1"}


async def test_a_pool_does_not_start_over_a_release_that_is_not_there(release: Release) -> None:
    missing = Release(release.layout, replace(release.manifest, id="missing"))
    with pytest.raises(StoreError, match="missing"):
        async with QueryPool(missing, size=2):
            pass
    assert processes() == set()


async def test_a_release_that_is_answered_from_stays_where_it_is(release: Release) -> None:
    lock = release.layout.release_lock(release.id)
    async with QueryPool(release, size=1):
        with locks.if_free(lock) as free:
            assert not free
    with locks.if_free(lock) as free:
        assert free


async def test_a_release_with_a_default_graph_of_its_own_is_asked_there(tmp_path: Path) -> None:
    release = make_release(tmp_path, "own", default_graph="materialised")
    async with QueryPool(release, size=1) as pool:
        assert await objects(pool, ALL) == set()
        assert await objects(pool, NAMED) == {"o0", "o1"}


async def test_closing_leaves_no_process_and_no_descriptor(wide: Release) -> None:
    async with QueryPool(wide, size=1) as pool:
        await read(pool, "ASK {}")  # the fork server and the threads are there from here on
    processes_before, descriptors_before = psutil.Process().children(recursive=True), psutil.Process().num_fds()
    for _ in range(3):
        async with QueryPool(wide, size=3) as pool, running(pool, ENDLESS):
            for query in ("ASK {}", "wrong", ENDLESS):
                await asyncio.gather(read(pool, Request(query=query, timeout=0.1)), return_exceptions=True)
    assert psutil.Process().children(recursive=True) == processes_before
    assert psutil.Process().num_fds() == descriptors_before


async def test_closing_under_a_running_query_ends_both(wide: Release) -> None:
    async with QueryPool(wide, size=1) as pool:
        query = asyncio.create_task(read(pool, ENDLESS))
        while not pool.busy:
            await asyncio.sleep(0)
    with pytest.raises(StoreError):
        await query
    assert processes() == set()
