"""The inside of a process that computes: from a task to a file, and again, saying meanwhile how far it is.

It gets tasks with their files' names as pickles in frames on its standard input, which is a socket, and answers with
frames over the same: `Step` again and again, `Failed` or `Done` at the end. `kg.serve.networks.children` starts it,
listens, and ends it; when the service dies the socket ends, and so does the process. Ended by a signal it still takes
away what it began to write.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import socket
import struct
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from kg.errors import KgError
from kg.serve.networks.computing import done
from kg.serve.networks.tasks import Task
from kg.store.querying.query_process import OUT_OF_MEMORY, limit_memory
from kg.store.querying.requests import Limits

READY = b"+"
"""What the process says when it can take a task."""
LENGTH = struct.Struct(">I")
"""What stands before each frame."""
_NICE = 5


@dataclass(frozen=True)
class Step:
    """What is being done, and how much of all is done."""

    name: str
    fraction: float


@dataclass(frozen=True)
class Done:
    """The file is whole."""


@dataclass(frozen=True)
class Failed:
    """One of our errors: its class, and what it was made of."""

    kind: type[KgError]
    arguments: tuple[Any, ...]
    fields: dict[str, Any]

    def error(self) -> KgError:
        """The error, as it was."""
        made = self.kind.__new__(self.kind, *self.arguments)
        made.args = self.arguments
        made.__dict__.update(self.fields)
        return made


def main() -> None:
    """The whole life of the process."""
    signal.signal(signal.SIGTERM, _stop)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    tasks: queue.SimpleQueue[tuple[Task, Path]] = queue.SimpleQueue()
    with socket.socket(fileno=os.dup(0)) as connection:
        connection.sendall(READY)
        threading.Thread(target=_receive, args=(connection, tasks), daemon=True).start()
        limited = False
        while True:
            task, target = tasks.get()
            if not limited:
                limit_memory(Limits(memory=task.most.memory))
                limited = True
            try:
                _send(connection, _outcome(connection, task, target))
            except MemoryError:
                os._exit(OUT_OF_MEMORY)


def _receive(connection: socket.socket, tasks: queue.SimpleQueue[tuple[Task, Path]]) -> None:
    """Take tasks; where no more can come, the service has gone or has no use for this process, which then ends."""
    with suppress(EOFError, OSError):
        while True:
            tasks.put(pickle.loads(_read(connection)))  # noqa: S301  (our own parent)
    os.kill(os.getpid(), signal.SIGTERM)


def _outcome(connection: socket.socket, task: Task, target: Path) -> Done | Failed:
    try:
        done(task, target, lambda name, fraction: _send(connection, Step(name, fraction)))
    except KgError as error:
        return Failed(type(error), error.args, dict(vars(error)))
    return Done()


def _send(connection: socket.socket, frame: Step | Done | Failed) -> None:
    body = pickle.dumps(frame)
    connection.sendall(LENGTH.pack(len(body)) + body)


def _read(connection: socket.socket) -> bytes:
    (length,) = LENGTH.unpack(_exactly(connection, LENGTH.size))
    return _exactly(connection, length)


def _exactly(connection: socket.socket, number: int) -> bytes:
    found = b""
    while len(found) < number:
        part = connection.recv(number - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def _stop(*_: object) -> NoReturn:
    sys.exit(1)
