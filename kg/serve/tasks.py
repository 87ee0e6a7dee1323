"""Tasks in processes with limits: one awaited call that sends a task to a process of its own and gives its outcome.

What cannot be interrupted (parsing, checking, searching in what a stranger has sent) has a process for each task, which
is killed when it takes too long, when nobody waits for it any more, and when it has answered. It gets its task as a
pickle on its standard input, which is a socket, and answers with another one over the same. `live` is its inside,
`Child` its outside.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

from kg.errors import KgError, QueryError, QueryTimeoutError, ResultTooLargeError, SourceError, StoreError
from kg.serve.writing.children import started
from kg.store.querying.query_process import OUT_OF_MEMORY, limit_memory, limit_processor_time
from kg.store.querying.requests import Limits
from kg.store.querying.worker import MEMORY_EXITS

_READY = b"+"
"""What a process says when it can take a task."""
_START_SECONDS = 60.0
_LOOK_SECONDS = 0.1
_ERRORS = {error.code: error for error in (SourceError, QueryError, ResultTooLargeError)}


@dataclass(frozen=True)
class Failure:
    """One of our errors: its stable code and its text."""

    code: str
    text: str


def live(answered: Callable[[Any, Limits], object]) -> None:
    """The whole life of the process, inside: what it calls gives what comes of a task, or a `Failure`."""
    with socket.socket(fileno=os.dup(0)) as connection:
        connection.sendall(_READY)
        with connection.makefile("rb") as stream:
            request = stream.read()
        if request:  # else the service has gone, or has no use for this process
            task, limits = pickle.loads(request)  # noqa: S301  (our own parent)
            limit_memory(limits)
            limit_processor_time(2 * limits.timeout + 1)
            try:
                connection.sendall(pickle.dumps(answered(task, limits)))
            except MemoryError:
                os._exit(OUT_OF_MEMORY)


class Child:
    """One process and the socket to it, outside.

    Parameters
    ----------
    main
        Its inside, a function of a module.
    what
        What it does, in words for errors: ``validation``.
    """

    def __init__(self, main: Callable[[], None], what: str) -> None:
        self._what = what
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = started(theirs, main)

    async def outcome(self, task: object, limits: Limits) -> Any:
        """Send the task and wait; to be called once. Time counts from when the process is ready.

        Raises
        ------
        QueryTimeoutError, ResultTooLargeError
            A limit was reached.
        SourceError, QueryError
            What a `Failure` says.
        StoreError
            It died of something else.
        """
        watch = asyncio.create_task(self._watch(limits))
        try:
            answer = await self._answer(pickle.dumps((task, limits)), limits)
        finally:
            watch.cancel()
        if not answer:
            raise self._cause(await asyncio.to_thread(self._process.wait), limits)
        found = pickle.loads(answer)  # noqa: S301  (our own child)
        if isinstance(found, Failure):
            raise _ERRORS.get(found.code, StoreError)(found.text)
        return found

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
                await reader.readexactly(len(_READY))
                allowed.reschedule(asyncio.get_running_loop().time() + limits.timeout)
                writer.write(request)
                writer.write_eof()
                return await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
        except TimeoutError:
            text = f"{self._what} took longer than {limits.timeout:g} seconds and was ended"
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

    def _cause(self, code: int, limits: Limits) -> KgError:
        if code in MEMORY_EXITS:
            return ResultTooLargeError(f"{self._what} needed more than {limits.memory >> 20} MiB of memory")
        return StoreError(f"the process for {self._what} ended with code {code}")
