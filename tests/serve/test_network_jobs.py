"""Jobs and results of computations stay within the room that there is, and expire; who leaves holds no release."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kg.analysis import definitions
from kg.errors import NotFoundError, RateLimitedError, StoreBusyError
from kg.queries import NamedQuery
from kg.serve.networks.jobs import Jobs
from kg.serve.networks.process import Step
from kg.serve.networks.tasks import Task
from kg.serve.networks.work import Room, Work
from kg.store import locks
from kg.store.release import Release

pytestmark = pytest.mark.anyio

JSON = "application/json"
SIZE = 1_000
"""Bytes of each result."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Service:
    """Jobs whose computations take until they are let go, by a clock that is set by hand."""

    def __init__(self, room: Room, task: Task) -> None:
        self.now = 0.0
        self.go = asyncio.Event()
        self.jobs = Jobs(room, started=lambda: Writing(self.go), clock=lambda: self.now)
        self._task = task

    def ask(self, key: str, client: str = "one") -> str:
        """The id of a job, as a client gets it that does not wait."""
        work = self.jobs.work(self._task, key, client)
        with self.jobs.wanted(work):
            return self.jobs.job(work, JSON, f"{key}.json", client).id

    def found(self, identifier: str) -> Work | None:
        with suppress(NotFoundError):
            return self.jobs.find(identifier).work
        return None

    async def computed(self, key: str, client: str = "one") -> str:
        """The id of a job whose result is there."""
        self.go.set()
        identifier = self.ask(key, client)
        async with asyncio.timeout(30):
            await self.jobs.find(identifier).work.ended.wait()
        return identifier


class Writing:
    """What computes: it writes a file of one size once it may."""

    def __init__(self, go: asyncio.Event) -> None:
        self.idle = True
        self._go = go

    async def run(self, task: Task, target: Path, told: Callable[[Step], None]) -> None:
        await self._go.wait()
        target.write_bytes(bytes(SIZE))

    async def end(self) -> None:
        self.idle = False


@pytest.fixture
def task(release: Release, named_queries: dict[str, NamedQuery]) -> Task:
    definition = definitions.among(named_queries)["co-authored-reports"]
    return Task(root=release.layout.root, release=release.id, definition=definition, given={}, verb="summary")


@pytest.fixture
async def service(task: Task, room: Room, tmp_path: Path) -> AsyncIterator[Service]:
    service = Service(replace(room, folder=tmp_path), task)
    async with service.jobs:
        yield service


@pytest.mark.parametrize("room", [Room()])
async def test_a_client_has_one_job_of_one_computation(service: Service) -> None:
    first = service.ask("a")
    assert {service.ask("a") for _ in range(5)} == {first}
    assert service.ask("a", "other") != first
    await service.jobs.cancel(first)
    assert service.found(first) is None
    assert service.ask("a", "other")


@pytest.mark.parametrize("room", [Room(each=2)])
async def test_who_waits_for_the_computations_of_others_has_no_more_than_its_share(service: Service) -> None:
    for key in ("a", "b", "c"):
        service.ask(key, f"owner of {key}")
    service.ask("a")
    service.ask("b")
    with pytest.raises(RateLimitedError, match="2 computations of yours"):
        service.ask("c")
    assert service.ask("a")


@pytest.mark.parametrize("room", [Room(jobs=2)])
async def test_jobs_that_have_ended_make_room_for_others(service: Service) -> None:
    first = await service.computed("a")
    service.now += 1
    second = await service.computed("b")
    service.now += 1
    third = await service.computed("c")
    assert [bool(service.found(job)) for job in (first, second, third)] == [False, True, True]


@pytest.mark.parametrize("room", [Room(jobs=2)])
async def test_no_job_is_given_where_all_are_under_way(service: Service) -> None:
    jobs = [service.ask("a"), service.ask("a", "other")]
    with pytest.raises(StoreBusyError, match="2 jobs are under way"):
        service.ask("a", "third")
    with pytest.raises(StoreBusyError):
        service.ask("b", "third")
    assert all(map(service.found, jobs))
    assert service.jobs.work(service.jobs.find(jobs[0]).work.task, "a", "other").wanted == 2


@pytest.mark.parametrize("room", [Room(number=2), Room(size=2 * SIZE)])
async def test_results_of_jobs_go_as_well_when_there_is_no_room(service: Service, tmp_path: Path) -> None:
    jobs = [await service.computed(key) for key in ("a", "b", "c", "d")]
    assert [bool(service.found(job)) for job in jobs] == [False, False, True, True]
    assert [file.stat().st_size for folder in tmp_path.iterdir() for file in folder.iterdir()] == [SIZE, SIZE]


@pytest.mark.parametrize("room", [Room(number=1)])
async def test_what_is_waited_for_stays(service: Service) -> None:
    job = await service.computed("a")
    work = service.jobs.find(job).work
    with service.jobs.wanted(work):
        await service.computed("b")
        assert work.file.is_file()
    await service.computed("c")
    assert not work.file.exists()


@pytest.mark.parametrize("room", [Room(keep=900)])
async def test_jobs_expire_so_long_after_their_end_and_no_sooner(service: Service) -> None:
    done = await service.computed("a")
    service.go.clear()
    running = service.ask("b")
    for now, there in ((899.0, True), (900.0, False)):
        service.now = now
        service.jobs.expire()
        assert bool(service.found(done)) is there
    service.now = 10_000
    service.jobs.expire()
    assert service.found(running), "it has not ended yet"
    with pytest.raises(NotFoundError, match="expired"):
        service.jobs.find(done)


@pytest.mark.parametrize("room", [Room()])
async def test_who_leaves_while_the_release_is_being_locked_does_not_keep_it(
    service: Service, release: Release
) -> None:
    lock = release.layout.release_lock(release.id)
    with locks.if_free(lock) as free:
        assert free
        job = service.ask("a")
        await asyncio.sleep(0.2)  # a thread now waits for the lock
        leaving = asyncio.create_task(service.jobs.cancel(job))
        await asyncio.sleep(0.05)
    async with asyncio.timeout(30):
        await leaving
    await asyncio.sleep(0.2)
    with locks.if_free(lock) as free:
        assert free
