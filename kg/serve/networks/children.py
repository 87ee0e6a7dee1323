"""One process that computes, seen from the service: started, listened to, ended."""

from __future__ import annotations

import asyncio
import pickle
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from kg.errors import NetworkTooLargeError, StoreError
from kg.serve.networks.process import LENGTH, READY, Done, Failed, Step, main
from kg.serve.networks.tasks import Most, Task
from kg.serve.writing.children import started
from kg.store.querying.requests import Limits
from kg.store.querying.worker import MEMORY_EXITS

_START_SECONDS = 60.0
_GRACE_SECONDS = 1.0
_LOOK_SECONDS = 0.1


class Child:
    """A process, and the socket to it."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = started(theirs, main)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.idle = True
        """Whether it can take a task; not after one that was not done to its end."""

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    async def run(self, task: Task, target: Path, told: Callable[[Step], None]) -> None:
        """Have a task done, while it is idle. Time counts from when the process is ready.

        Raises
        ------
        NetworkTooLargeError
            It took more time or memory than it may, and was ended.
        KgError
            As of `kg.serve.networks.computing.done`.
        StoreError
            The process died of something else.
        """
        watch = asyncio.create_task(self._watch(task.most))
        try:
            await self._listen(task, target, told)
        except (asyncio.IncompleteReadError, ConnectionError):
            code = await asyncio.to_thread(self._process.wait)
            raise _cause(code, task.most) from None
        finally:
            watch.cancel()

    async def _listen(self, task: Task, target: Path, told: Callable[[Step], None]) -> None:
        self.idle = False
        try:
            async with asyncio.timeout(_START_SECONDS) as allowed:
                reader, writer = self._streams or await self._opened()
                allowed.reschedule(asyncio.get_running_loop().time() + task.most.seconds)
                body = pickle.dumps((task, target))
                writer.write(LENGTH.pack(len(body)) + body)
                outcome = await _outcome(reader, told)
        except TimeoutError:
            raise NetworkTooLargeError(
                f"this took longer than {task.most.seconds:g} seconds and was ended; {_SMALLER}"
            ) from None
        self.idle = True
        if isinstance(outcome, Failed):
            raise outcome.error()

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._streams = await asyncio.open_connection(sock=self._socket)
        await self._streams[0].readexactly(len(READY))
        return self._streams

    async def end(self) -> None:
        """End it, and wait until it is gone: it has a second to take away what it began, then it is killed."""
        if self._streams:
            self._streams[1].close()
        else:
            self._socket.close()
        await asyncio.shield(asyncio.to_thread(self._ended))

    def _ended(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    async def _watch(self, most: Most) -> None:
        """End it when it grows too large, where the system does not see to that."""
        while Limits(memory=most.memory).poll_memory:
            await asyncio.sleep(_LOOK_SECONDS)
            with suppress(psutil.Error):
                if psutil.Process(self.pid).memory_info().rss > most.memory:
                    self._process.kill()


async def _outcome(reader: asyncio.StreamReader, told: Callable[[Step], None]) -> Done | Failed:
    while True:
        (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
        frame = pickle.loads(await reader.readexactly(length))  # noqa: S301  (our own child)
        if isinstance(frame, Done | Failed):
            return frame
        told(frame)


_SMALLER = "take a part of the network (from, until, minimum, most), or compute it with kg network"


def _cause(code: int, most: Most) -> NetworkTooLargeError | StoreError:
    if code in MEMORY_EXITS:
        return NetworkTooLargeError(f"this needed more than {most.memory >> 20} MiB of memory; {_SMALLER}")
    return StoreError(f"the process that computed a network ended with code {code}")
