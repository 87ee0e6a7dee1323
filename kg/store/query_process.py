"""The inside of a query process: one release open read-only, one query at a time, bytes out.

In come requests, out go frames, both over one socket. A frame is its length and kind (`FRAME`), then that many bytes:

    ready   the release is open
    head    the media type that was chosen; sent with the first bytes of the answer, never before
    more    bytes of the answer, more follow
    last    bytes of the answer, and it is complete
    error   JSON, the stable code of one of our errors and its text; it ends the answer

A small answer is head and last, sent in one call. A large one fills frames of `FRAME_SIZE`; while nobody reads them the
process waits inside ``send``. Nothing is sent before the first frame is full or the answer complete, so whatever goes
wrong until then is reported as an error, and an answer without a last frame is never taken for a whole one.

Oxigraph has no cancel, so the process cannot be asked to stop: `kg.store.workers` kills it. Should nobody be left to do
that, the alarm on its own processor time ends it.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import IO, Any, cast

import psutil
import pyoxigraph as ox

from kg.errors import KgError, QueryError, QuerySyntaxError, ResultTooLargeError, StoreError
from kg.sparql.clauses import has_clause, refuse_service
from kg.store.embedded import EmbeddedStore
from kg.store.release import Release

FRAME = struct.Struct("!IB")
FRAME_SIZE = 64 * 1024
OUT_OF_MEMORY = 77
"""Exit code of a process to which Python said that there is no memory; Rust aborts instead."""

_Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_LENGTH = struct.Struct("!I")
_log = logging.getLogger(__name__)


class Kind(IntEnum):
    """What a frame is."""

    READY = 0
    HEAD = 1
    MORE = 2
    LAST = 3
    ERROR = 4


@dataclass(frozen=True, kw_only=True)
class Request:
    """A query, its dataset, and the two media types between which the kind of query decides.

    Parameters
    ----------
    results_format
        For SELECT and ASK: a media type of SPARQL results; None when the asker takes none of them, and such a query is
        then answered with nothing under an empty media type.
    graph_format
        For CONSTRUCT and DESCRIBE: a media type of RDF; None likewise.
    default_graphs, named_graphs
        IRIs of the dataset; they win over FROM. With neither, and no FROM, the default graph is the union of all
        named graphs.
    timeout
        Seconds; the pool's own limit when None.
    """

    query: str
    results_format: str | None = "application/sparql-results+json"
    graph_format: str | None = "text/turtle"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None

    def pack(self) -> bytes:
        """The bytes that a query process reads."""
        text = json.dumps(vars(self)).encode()
        return _LENGTH.pack(len(text)) + text


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one query may use: seconds, bytes of memory, bytes of result.

    Memory is limited as address space by the system, or, where there is no such limit (macOS takes it and ignores it),
    by the pool, which then looks at the resident size again and again (``poll_memory``).
    """

    timeout: float = 30.0
    memory: int = 2 * 1024**3
    result: int = 256 * 1024**2
    poll_memory: bool = not sys.platform.startswith("linux")


def run(connection: socket.socket, release: Release, limits: Limits) -> None:
    """Serve queries until the other end closes: the whole life of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C is for the service, which then closes us
    output = _Output(connection, limits.result)
    try:
        with release.hold() as held:
            database = EmbeddedStore.open(held.database).database
            union = held.manifest.default_graph == "union"
            limit_memory(limits)
            output.send(Kind.READY)
            for request in _requests(connection):
                limit_processor_time(2 * (request.timeout or limits.timeout) + 1)
                _answer(database, request, output, union=union)
    except KgError as error:
        output.fail(error)
    except ConnectionError:
        pass  # the service has gone
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _answer(database: ox.Store, request: Request, output: _Output, *, union: bool) -> None:
    try:
        _write(_evaluate(database, request, union=union), request, output)
    except KgError as error:
        output.fail(error)
    except SyntaxError as error:
        output.fail(QuerySyntaxError(str(error)))
    except (RuntimeError, ValueError) as error:
        output.fail(QueryError(str(error)))
    except ConnectionError:
        raise
    except OSError:
        _log.exception("the database could not be read")
        output.fail(StoreError("the database could not be read"))


def _evaluate(database: ox.Store, request: Request, *, union: bool) -> _Results:
    refuse_service(request.query)
    if request.default_graphs or request.named_graphs:
        default, named = _nodes(request.default_graphs), _nodes(request.named_graphs)
        return database.query(request.query, default_graph=[*default], named_graphs=[*named])
    # Oxigraph lets the union win over FROM
    union = union and not has_clause(request.query, "FROM")
    return database.query(request.query, use_default_graph_as_union=union)


def _write(results: _Results, request: Request, output: _Output) -> None:
    graph = isinstance(results, ox.QueryTriples)
    media_type = request.graph_format if graph else request.results_format
    output.begin(media_type or "")
    if media_type:
        form = (ox.RdfFormat if graph else ox.QueryResultsFormat).from_media_type(media_type)
        results.serialize(cast(IO[bytes], output), cast(Any, form))
    output.end()


def _nodes(graphs: tuple[str, ...]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(graph) for graph in graphs]
    except ValueError as error:
        raise QueryError(f"the name of a graph is no absolute IRI: {error}") from error


class _Output:
    """The file that the serializer writes to, and all that is sent."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self._connection = connection
        self._limit = limit
        self._pending = b""

    def begin(self, media_type: str) -> None:
        """Start an answer; nothing is sent yet."""
        self._pending = FRAME.pack(len(media_type), Kind.HEAD) + media_type.encode()
        self._buffer = bytearray()
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take bytes of the answer, and send what fills a frame."""
        self._size += len(data)
        if self._size > self._limit:
            raise ResultTooLargeError(f"the result is larger than {self._limit} bytes")
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
        self._connection.sendall(self._pending + FRAME.pack(len(data), kind) + data)
        self._pending = b""


def _requests(connection: socket.socket) -> Iterator[Request]:
    with connection.makefile("rb") as stream:
        while length := stream.read(_LENGTH.size):
            yield Request(**json.loads(stream.read(*_LENGTH.unpack(length))))


def limit_memory(limits: Limits) -> None:
    """Let allocations beyond the limit fail, without leaving a core file of that size.

    An open database holds more than half a GiB of addresses and little memory, so what is there does not count.
    """
    if not limits.poll_memory:
        import resource  # noqa: PLC0415  # POSIX only

        size = psutil.Process().memory_info().vms + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor_time(seconds: float) -> None:
    """End this process once it has used so much time from now on."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
