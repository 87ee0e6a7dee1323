"""The inside of the process that writes: changes come in, one after the other, and what each came to goes out.

It gets a `Site` and then jobs over a socket, which is its standard input, each as a pickle with its length before it;
`writer` starts it, waits, and ends it. A process that is killed leaves nothing behind: what is half made lies
in the folder for that, which the next one empties.
"""

from __future__ import annotations

import os
import pickle
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.errors import KgError, StoreLockedError, ValidationFailedError
from kg.pipeline import writes
from kg.pipeline.inputs import Progress
from kg.provenance import TOOL
from kg.sparql.hosts import Hosts
from kg.store import plain
from kg.store.bodies import MEDIA_TYPES
from kg.store.changes import Change, Condition, Part, Written
from kg.store.querying.outside import Outside
from kg.store.querying.query_process import OUT_OF_MEMORY, limit_memory, limit_processor_time
from kg.store.querying.requests import Limits
from kg.store.releases import DataFolder
from kg.store.updating import Fetch
from kg.validation.report import Report

if TYPE_CHECKING:
    from kg.store.remote.server import Server

LENGTH = struct.Struct("!I")
_MOST = 1000
"""Violations that a client is told one by one."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """What is written to, and how.

    Parameters
    ----------
    root
        The data folder.
    plain
        Whether it is a plain one (`kg.store.plain`).
    shapes
        Files of the shapes that the gate checks with; none in a plain folder.
    keep
        Releases to keep.
    patience
        Seconds to wait for another build.
    hosts
        The servers that LOAD may reach (`kg.sparql.hosts`).
    server
        The server that is to hold what is written; None where the data folder itself is served.
    seconds, memory
        What one write may use.
    longest
        How many writes may wait; further ones are turned away.
    largest
        Bytes that the body of a write to the graph store may have.
    """

    root: Path
    plain: bool = False
    shapes: tuple[Path, ...] = ()
    keep: int = 5
    patience: float = 10.0
    hosts: tuple[str, ...] = ()
    server: Server | None = None
    seconds: float = 120.0
    memory: int = 2 * 1024**3
    longest: int = 256
    largest: int = 100 << 20

    @property
    def limits(self) -> Limits:
        """The limits of one write."""
        return Limits(timeout=self.seconds, memory=self.memory)


@dataclass(frozen=True)
class Job:
    """One change, what must hold when it is made, and the name of the token that it is made with."""

    change: Change
    condition: Condition | None = None
    author: str | None = None


@dataclass(frozen=True)
class Failure:
    """One of our errors: its stable code, its text, and if the gate raised it the first violations."""

    code: str
    text: str
    report: Report | None = None


def main() -> None:
    """The whole life of the process."""
    with socket.socket(fileno=os.dup(0)) as connection, connection.makefile("rb") as stream:
        messages = received(stream)
        for site in messages:  # the first message; the others are jobs
            limit_memory(site.limits)
            folder = DataFolder.open(site.root)
            connection.sendall(packed("ready"))
            break
        for job in messages:
            limit_processor_time(2 * site.seconds + 1)
            connection.sendall(packed("waiting for the data folder"))
            try:
                outcome = done(folder, site, job, lambda step: connection.sendall(packed(step)))
                connection.sendall(packed(outcome))
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            limit_processor_time(0)


def packed(message: object) -> bytes:
    """A message with its length before it."""
    content = pickle.dumps(message)
    return LENGTH.pack(len(content)) + content


def received(stream: BinaryIO) -> Iterator[Any]:
    """The messages, until the other end closes."""
    while length := stream.read(LENGTH.size):
        yield pickle.loads(stream.read(*LENGTH.unpack(length)))  # noqa: S301  (our own parent)


def done(folder: DataFolder, site: Site, job: Job, progress: Progress) -> Written | Failure:
    """What comes of a job, in this process."""
    try:
        written = _write(folder, site, job, progress)
    except ValidationFailedError as error:
        return Failure(error.code, str(error), Report(error.report.violations[:_MOST]))
    except StoreLockedError as error:  # its text names the folder
        return Failure(error.code, "another build is at work; try again in a moment")
    except KgError as error:
        return Failure(error.code, str(error))
    with suppress(StoreLockedError):  # it is written; who builds now collects when that is done
        folder.collect(keep=site.keep)
    return written


def _write(folder: DataFolder, site: Site, job: Job, progress: Progress) -> Written:
    how: Any = {
        "condition": job.condition,
        "fetch": _fetcher(site),
        "patience": site.patience,
        "progress": progress,
    }
    if site.plain:
        return plain.write(folder, job.change, tool=TOOL, **how)
    if site.server is None:
        return writes.write(folder, job.change, site.shapes, author=job.author, **how)
    from kg.pipeline import elsewhere  # noqa: PLC0415 - it takes an extra that others need not have

    def change() -> Written:
        return writes.write(folder, job.change, site.shapes, author=job.author, **how)

    return elsewhere.write(folder, site.server, change, patience=site.patience, progress=progress)


def _fetcher(site: Site) -> Fetch:
    """What gets documents for LOAD, from the servers that may be reached."""

    def fetch(address: str) -> Part:
        with Outside(Hosts.of(site.hosts)).ask("GET", address, headers={"Accept": ", ".join(MEDIA_TYPES)}) as reply:
            return Part(b"".join(reply.pieces), reply.media_type.partition(";")[0].strip())

    return fetch
