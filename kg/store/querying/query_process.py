"""The inside of a query process: one release open read-only, one query at a time, bytes out.

In come requests, out go frames, both over one socket. A frame is its length and kind, the number of its request and the
seconds since that was begun (`FRAME`; by the clock on the wall, for that of the processor is a call of the system and
takes a quarter of the time of a small query), then that many bytes:

    ready   the release is open
    head    the media type that was chosen; sent with the first bytes of the answer, never before
    more    bytes of the answer, more follow
    last    bytes of the answer, and it is complete
    error   JSON, the stable code of one of our errors and its text; it ends the answer

A small answer is head and last, sent in one call. A large one fills frames of `FRAME_SIZE`; while nobody reads them the
process waits inside ``send``. Nothing is sent before the first frame is full or the answer complete, so whatever goes
wrong until then is reported as an error, and an answer without a last frame is never taken for a whole one.

Oxigraph has no cancel, so the process cannot be asked to stop: `workers` kills it. Should nobody be left to do
that, the alarm on its own processor time ends it.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import struct
import time
from enum import IntEnum
from functools import lru_cache
from typing import IO, cast

import psutil
import pyoxigraph as ox

from kg.errors import KgError, QueryError, QuerySyntaxError, RefusedError, ResultTooLargeError, StoreError
from kg.sparql.datasets import Dataset, dataset_of
from kg.sparql.hosts import Hosts
from kg.sparql.mending import mended
from kg.store.embedded import EmbeddedStore
from kg.store.querying import graph_dump, row_limit
from kg.store.querying.datasets import Datasets, Results
from kg.store.querying.forwarding import Services
from kg.store.querying.inbox import Inbox
from kg.store.querying.memory_copy import MemoryCopy
from kg.store.querying.outside import Outside
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.querying.row_limit import RowLimit
from kg.store.release import Release

FRAME = struct.Struct("!IBIf")
FRAME_SIZE = 64 * 1024
OUT_OF_MEMORY = 77
"""Exit code of a process to which Python said that there is no memory; Rust aborts instead."""

_COPYING_SECONDS = 120
"""Processor time that a copy in memory may take, beyond that of queries."""

_log = logging.getLogger(__name__)


class Kind(IntEnum):
    """What a frame is."""

    READY = 0
    HEAD = 1
    MORE = 2
    LAST = 3
    ERROR = 4


def run(connection: socket.socket, release: Release, limits: Limits) -> None:
    """Serve queries until the other end closes: the whole life of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the service, which then closes us
    output = _Output(connection)
    try:
        with release.hold() as held:
            datasets = Datasets(EmbeddedStore.open(held.database).database, held.manifest)
            services = Services()
            copy = MemoryCopy(held, limits.copied, lambda size: limit_memory(limits, size))
            limit_memory(limits)
            output.send(Kind.READY)
            for number, request, allowed, seconds in Inbox(connection):
                datasets.copy = copy.database
                limit_processor_time(2 * seconds + 1 + copy.is_being_made * _COPYING_SECONDS)
                output.number, output.limit, output.began = number, allowed.result, time.perf_counter()
                _answer(datasets, services, request, output, allowed)
                copy.spend(time.perf_counter() - output.began)
    except KgError as error:
        output.fail(error)
    except ConnectionError:
        pass  # the service has gone
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _answer(
    datasets: Datasets, services: Services, request: Request | GraphRequest, output: _Output, limits: Limits
) -> None:
    try:
        if isinstance(request, GraphRequest):
            _write_graph(datasets, request, output)
        else:
            query = services.prepared(mended(request.query), request.base, _outside(limits))
            _write(_evaluate(datasets, query, request), request, output, limits.rows)
            services.check()
            output.end()
    except KgError as error:
        output.fail(error)
    except SyntaxError as error:
        output.fail(QuerySyntaxError(str(error)))
    except ConnectionError:
        raise
    except (RuntimeError, ValueError) as error:
        output.fail(services.failure or _objection(str(error)))
    except OSError:
        if not services.failure:
            _log.exception("the database could not be read")
        output.fail(services.failure or StoreError("the database could not be read"))


@lru_cache(maxsize=16)
def _outside(limits: Limits) -> Outside:
    return Outside(Hosts.of(limits.hosts), limits.service_timeout, limits.service_result)


def _objection(text: str) -> QueryError:
    """What the engine finds wrong with a query that parses: a function that it does not have, mostly."""
    return RefusedError(text) if "not supported" in text else QueryError(text)


def _evaluate(datasets: Datasets, query: str, request: Request) -> Results:
    if request.default_graphs or request.named_graphs:
        dataset: Dataset | None = Dataset(tuple(request.default_graphs), tuple(request.named_graphs))
    else:
        dataset = dataset_of(query, request.base)
    return datasets.query(query, dataset, request.base)


def _write(results: Results, request: Request, output: _Output, rows: int) -> None:
    graph = isinstance(results, ox.QueryTriples)
    media_type = request.graph_format if graph else request.results_format
    output.begin(media_type or "")
    if not media_type:
        pass  # the asker takes no format for this kind of query
    elif isinstance(results, ox.QueryTriples):
        graph_dump.write(row_limit.limited(results, rows), _syntax(media_type), cast(IO[bytes], output))
    else:
        counted = RowLimit(output, media_type, rows)
        results.serialize(cast(IO[bytes], counted), ox.QueryResultsFormat.from_media_type(media_type))
        counted.end()


def _write_graph(datasets: Datasets, request: GraphRequest, output: _Output) -> None:
    database, union = datasets.database, datasets.union
    syntax = _syntax(request.media_type)
    output.begin(request.media_type)
    if request.whole:
        if not request.head:
            graph_dump.dump_all(database, syntax, cast(IO[bytes], output), default=datasets.own)
    elif request.head:
        size = graph_dump.size(database, request.graph, syntax, merged=union, limit=FRAME_SIZE)
        output.write(b"" if size is None else str(size).encode())
    else:
        graph_dump.dump(database, request.graph, syntax, cast(IO[bytes], output), merged=union)
    output.end()


def _syntax(media_type: str) -> ox.RdfFormat:
    syntax = ox.RdfFormat.from_media_type(media_type)
    if syntax is None:
        raise QueryError(f"triples cannot be written as {media_type}")
    return syntax


class _Output:
    """The file that the serializer writes to, and all that is sent."""

    def __init__(self, connection: socket.socket) -> None:
        self.number = 0
        self.limit = 0
        self.began = 0.0
        self._connection = connection
        self._pending = b""

    def begin(self, media_type: str) -> None:
        """Start an answer; nothing is sent yet."""
        self._pending = FRAME.pack(len(media_type), Kind.HEAD, self.number, 0) + media_type.encode()
        self._buffer = bytearray()
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take bytes of the answer, and send what fills a frame."""
        self._size += len(data)
        if self._size > self.limit:
            raise ResultTooLargeError(f"the result is larger than {self.limit} bytes")
        self._buffer += data
        while len(self._buffer) >= FRAME_SIZE:
            self.send(Kind.MORE, self._buffer[:FRAME_SIZE])
            del self._buffer[:FRAME_SIZE]
        return len(data)

    def flush(self) -> None:
        """Nothing: the serializer flushes at its end, and so does `end`."""

    def end(self) -> None:
        """Send what is left and say that the answer is complete."""
        self.send(Kind.LAST, self._buffer)

    def fail(self, error: KgError) -> None:
        """Send an error in place of what is left."""
        self._pending = b""
        self.send(Kind.ERROR, json.dumps([error.code, str(error)]).encode())

    def send(self, kind: Kind, data: bytes | bytearray = b"") -> None:
        """Send one frame, after the head if that is still to go."""
        frame = FRAME.pack(len(data), kind, self.number, time.perf_counter() - self.began)
        self._connection.sendall(self._pending + frame + data)
        self._pending = b""


def limit_memory(limits: Limits, more: int = 0) -> None:
    """Let allocations beyond the limit, and so many bytes more, fail, without leaving a core file of that size.

    An open database holds more than half a GiB of addresses and little memory, so what is there does not count.
    """
    if not limits.poll_memory:
        import resource  # noqa: PLC0415  # POSIX only

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        size = psutil.Process().memory_info().vms + limits.memory + more
        resource.setrlimit(resource.RLIMIT_AS, (size if most == resource.RLIM_INFINITY else min(size, most), most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor_time(seconds: float) -> None:
    """End this process once it has used so much time from now on."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
