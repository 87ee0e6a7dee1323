"""Computations that run, wait and are kept; and jobs, by which clients come back to theirs.

A computation is known by what it is of, so all who ask for the same share it. It goes on as long as somebody wants it:
a client that waits for the answer, or a job that one was given. What nobody wants any more is ended, with its process
and its file. Results are kept for who asks next, until room is needed for others: first those go that no job leads to,
then those of jobs, and the jobs with them.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from kg.errors import KgError, NotFoundError, RateLimitedError, StoreBusyError, StoreError, StoreUnavailableError
from kg.serve.networks.children import Child
from kg.serve.networks.tasks import Task
from kg.serve.networks.work import Job, Room, Work
from kg.serve.networks.workers import Computer, Workers

_RETRY = {"Retry-After": "2"}


class Jobs:
    """All computations of a service.

    Parameters
    ----------
    started
        What starts one that computes.
    clock
        Seconds, by which jobs expire.
    """

    def __init__(
        self,
        room: Room | None = None,
        *,
        started: Callable[[], Computer] = Child,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.room = room or Room()
        self._works: OrderedDict[str, Work] = OrderedDict()
        self._jobs: dict[str, Job] = {}
        self._clock = clock
        self._workers = Workers(self.room.workers, started)
        self._running: set[asyncio.Task[None]] = set()
        self._folder: Path | None = None
        self._sweeping: asyncio.Task[None] | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        self._sweeping = asyncio.create_task(self._sweep())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        self._workers.close()
        if self._sweeping:
            self._sweeping.cancel()
        tasks = list(self._running)
        for task in tasks:
            if not task.cancelling():  # twice would leave it before its process has ended
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._workers.end()
        if self._folder:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    def work(self, task: Task, key: str, client: str) -> Work:
        """The computation of a task, which may be there already; who asks must say that it is `wanted`.

        Raises
        ------
        RateLimitedError
            This client has as many under way as it may have, those of others that a job of it waits for with them.
        StoreBusyError
            As many wait as may.
        StoreUnavailableError
            The service ends.
        """
        found = self._works.get(key)
        if not (found and found.finished):
            self._refuse(client, found)
        if found:
            self._works.move_to_end(key)
            return found
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="kg-networks-", dir=self.room.folder))
        work = Work(key, task, client, self._folder / secrets.token_hex(8))
        self._works[key] = work
        work.running = asyncio.create_task(self._run(work))
        self._running.add(work.running)
        work.running.add_done_callback(self._running.discard)
        return work

    def _refuse(self, client: str, joined: Work | None) -> None:
        if self._closed:
            raise StoreUnavailableError("the service ends")
        pending = [work for work in self._works.values() if not work.ended.is_set()]
        own = {work for work in pending if work.client == client}
        own |= {job.work for job in self._jobs.values() if job.client == client and not job.work.ended.is_set()}
        if joined not in own and len(own) >= self.room.each:
            text = f"{self.room.each} computations of yours are under way; wait for one, or cancel one"
            raise RateLimitedError(text, _RETRY)
        if joined is None and len(pending) >= self.room.workers + self.room.queue:
            raise StoreBusyError(f"{len(pending)} computations are under way or wait; ask again in a moment")

    @contextmanager
    def wanted(self, work: Work) -> Iterator[Work]:
        """Want a computation for the time of this block."""
        work.wanted += 1
        try:
            yield work
        finally:
            self._leave(work)

    def linger(self, work: Work, seconds: float) -> None:
        """Want a computation for some time more: whoever looked at it may look again."""
        work.wanted += 1
        asyncio.get_running_loop().call_later(seconds, self._leave, work)

    def job(self, work: Work, media_type: str, name: str, client: str) -> Job:
        """A job by which a client comes back to a computation: the one that it has already, if there is one.

        Raises
        ------
        StoreBusyError
            There are as many as may be, and all are under way.
        """
        for job in self._jobs.values():
            if job.work is work and (job.client, job.media_type) == (client, media_type):
                return job
        if len(self._jobs) >= self.room.jobs:
            self._drop_oldest()
        job = Job(secrets.token_urlsafe(12), work, media_type, name, client)
        work.wanted += 1
        self._jobs[job.id] = job
        return job

    def _drop_oldest(self) -> None:
        ended = [(since, job.id) for job in self._jobs.values() if (since := job.work.since) is not None]
        if not ended:
            raise StoreBusyError(f"{len(self._jobs)} jobs are under way; ask again in a moment")
        self._drop(self._jobs[min(ended)[1]])

    def find(self, identifier: str) -> Job:
        """A job. Raises NotFoundError where there is none of this id, or no more."""
        try:
            return self._jobs[identifier]
        except KeyError:
            raise NotFoundError(
                "there is no such job: it was cancelled, has expired, or made room for others"
            ) from None

    async def cancel(self, identifier: str) -> None:
        """Give up a job; its computation ends, and leaves nothing, unless others want it."""
        work = self._drop(self.find(identifier))
        if work.running and not work.wanted:
            await asyncio.wait({work.running})

    def _drop(self, job: Job) -> Work:
        del self._jobs[job.id]
        self._leave(job.work)
        return job.work

    def _leave(self, work: Work) -> None:
        work.wanted -= 1
        if not work.wanted and not work.ended.is_set() and work.running:
            self._forget(work)  # who asks from now on begins anew
            work.running.cancel()

    def _forget(self, work: Work) -> None:
        if self._works.get(work.key) is work:
            del self._works[work.key]

    async def _run(self, work: Work) -> None:
        try:
            await self._workers.run(work)
        except KgError as error:
            work.error = error
        finally:
            if not work.finished:
                work.error = work.error or StoreError("this computation was ended")
                self._forget(work)
                await asyncio.shield(asyncio.to_thread(work.file.unlink, missing_ok=True))
            else:
                work.size = _size(work.file)
                if work.key in self._works:
                    self._works.move_to_end(work.key)
            work.since = self._clock()
            work.ended.set()
            self._trim()

    def _trim(self) -> None:
        """Give up the results that were not asked for longest, where there are too many; none that is waited for."""
        kept = [work for work in self._works.values() if work.finished and work.ended.is_set()]
        number, size = len(kept), sum(work.size for work in kept)
        jobs: dict[Work, list[Job]] = {work: [] for work in kept}
        for job in self._jobs.values():
            jobs.get(job.work, []).append(job)
        left = [work for work in kept if work.wanted == len(jobs[work])]
        for work in sorted(left, key=lambda work: bool(jobs[work])):
            if number <= self.room.number and size <= self.room.size:
                return
            number, size = number - 1, size - work.size
            for job in jobs[work]:
                self._drop(job)
            self._forget(work)
            work.file.unlink(missing_ok=True)

    def expire(self) -> None:
        """Give up the jobs that ended longer ago than they are kept, and what there is no room for."""
        now = self._clock()
        for job in list(self._jobs.values()):
            if job.work.since is not None and now - job.work.since >= self.room.keep:
                self._drop(job)
        self._trim()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(min(self.room.keep / 4, 10.0))
            self.expire()
            await self._workers.rest()


def _size(file: Path) -> int:
    with suppress(OSError):
        return file.stat().st_size
    return 0
