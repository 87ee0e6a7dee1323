"""Validations in processes with limits: the one awaited call that takes a task and gives its outcome.

Neither parsing nor checking can be interrupted, and shapes are programs: a stranger's may take all the time and memory
there is. So each task has a process of its own (`kg.serve.validation_process`), which is killed when it takes too long,
when nobody waits for it any more, and when it has answered. Since starting one takes a second, the next is started as
soon as one has been used.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
from contextlib import suppress
from typing import Self

import psutil

from kg.errors import KgError, QueryError, QueryTimeoutError, ResultTooLargeError, SourceError, StoreError
from kg.serve.validation_process import READY, Outcome, Task, main
from kg.serve.writing.children import started
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits
from kg.store.querying.worker import MEMORY_EXITS

_START_SECONDS = 60.0
_LOOK_SECONDS = 0.1
_ERRORS = {error.code: error for error in (SourceError, QueryError, ResultTooLargeError)}


class Validators:
    """Processes that validate, one for each task, in a turn among the queries of a pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._spare: _Child | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        spare, self._spare = self._spare, None
        if spare:
            await spare.end()

    async def outcome(self, task: Task) -> Outcome:
        """The report on what was sent.

        Raises
        ------
        SourceError
            Data or shapes are wrong.
        QueryTimeoutError, ResultTooLargeError
            A limit was reached.
        StoreBusyError, StoreUnavailableError
            No turn came in time; the service ends.
        StoreError
            The process died of something else.
        """
        limits = self._pool.limits
        async with self._pool.turn():
            child = self._spare or _Child()
            self._spare = None
            try:
                return await child.outcome(task, limits)
            finally:
                if self._spare is None and not self._pool.closing.is_set():
                    self._spare = _Child()
                await child.end()


class _Child:
    """One process and the socket to it."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = started(theirs, main)

    async def outcome(self, task: Task, limits: Limits) -> Outcome:
        """Send the task and wait; to be called once. Time counts from when the process is ready."""
        watch = asyncio.create_task(self._watch(limits))
        try:
            answer = await self._answer(pickle.dumps((task, limits)), limits)
        finally:
            watch.cancel()
        if not answer:
            raise _cause(await asyncio.to_thread(self._process.wait), limits)
        found = pickle.loads(answer)  # noqa: S301  (our own child)
        if isinstance(found, Outcome):
            return found
        raise _ERRORS.get(found.code, StoreError)(found.text)

    async def end(self) -> None:
        """Kill it and wait until it is gone."""
        self._process.kill()
        self._socket.close()
        await asyncio.shield(asyncio.to_thread(self._process.wait))

    async def _answer(self, request: bytes, limits: Limits) -> bytes:
        """All that it answers; nothing if it died."""
        reader, writer = await asyncio.open_connection(sock=self._socket.dup())
        try:
            async with asyncio.timeout(_START_SECONDS) as allowed:
                await reader.readexactly(len(READY))
                allowed.reschedule(asyncio.get_running_loop().time() + limits.timeout)
                writer.write(request)
                writer.write_eof()
                return await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
        except TimeoutError:
            text = f"validation took longer than {limits.timeout:g} seconds and was ended"
            raise QueryTimeoutError(text) from None
        finally:
            writer.close()

    async def _watch(self, limits: Limits) -> None:
        """End it when it grows too large, where the system does not see to that."""
        while limits.poll_memory:
            await asyncio.sleep(_LOOK_SECONDS)
            with suppress(psutil.Error):
                if psutil.Process(self._process.pid).memory_info().rss > limits.memory:
                    self._process.kill()


def _cause(code: int, limits: Limits) -> KgError:
    if code in MEMORY_EXITS:
        return ResultTooLargeError(f"validation needed more than {limits.memory >> 20} MiB of memory")
    return StoreError(f"the process that validated ended with code {code}")
