"""The answer of a server on its way to a client: received, counted, written in the format that was asked for.

A server is asked for the formats that every one has, and what comes is read and written again by the engine that
answers embedded releases: so limits are counted and formats written the same way, whatever the server can and however
it lays out its text. A small answer is turned where it is; a larger one in a thread, which asks the event loop for each
piece and gives it each frame, so it stands still while the client is slow, and ends when the answer is ended.
"""

from __future__ import annotations

import asyncio
import io
import traceback
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from typing import IO, Any, Protocol, TypeVar, cast

import httpx
import pyoxigraph as ox

from kg.errors import KgError, QueryError, QueryTimeoutError, ResultTooLargeError, StoreError
from kg.store.pieces import Pieces
from kg.store.querying import graph_dump, row_limit
from kg.store.querying.base import Answer
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.querying.row_limit import RowLimit
from kg.store.remote.asking import Question
from kg.store.remote.release import RemoteRelease
from kg.store.remote.server import FORM, Server, form, media_type
from kg.store.remote.store import RESULTS, TRIPLES

FRAME_BYTES = 64 * 1024
_FRAMES = 4
"""How many frames may wait for the client."""
_T = TypeVar("_T")


class RemoteFeed:
    """One question to a server, from when it is sent until its answer is complete or ended.

    Parameters
    ----------
    seconds
        How long we may wait for the server; the time that the client takes is not in it.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        threads: Executor,
        *,
        server: Server,
        release: RemoteRelease,
        request: Request | GraphRequest,
        limits: Limits,
        seconds: float,
    ) -> None:
        self.release = release
        self.idle = False
        self._client, self._threads, self._server = client, threads, server
        self._request, self._limits, self._left = request, limits, seconds
        self._loop = asyncio.get_running_loop()
        self._response: httpx.Response | None = None
        self._pieces: AsyncIterator[bytes] | None = None
        self._alarm: asyncio.Timeout | None = None
        self._reason: KgError | None = None
        self._ended = False
        self._frames: asyncio.Queue[bytes | KgError | None] = asyncio.Queue(_FRAMES)
        self._hop: Future[Any] | None = None
        self._thread: asyncio.Future[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """Send it, and wait for the first bytes of the answer; errors as `kg.store.querying.base.Pool.answer`."""
        with self._server.explained():
            response = self._response = await self._within(self._send(question))
            if not response.is_success:
                await self._within(response.aread())
                self._server.refused(response, question.query)
        kind = media_type(response)
        wanted = self._wanted(kind)
        if not wanted or (isinstance(self._request, GraphRequest) and self._request.head):
            self.idle = True
            return Answer(self, wanted, b"")
        self._pieces = response.aiter_bytes(FRAME_BYTES)
        beginning = [piece async for piece in self._beginning()]
        if self.idle:
            return Answer(self, wanted, self._turned(beginning, kind, wanted))
        self._thread = self._loop.run_in_executor(self._threads, self._turn, beginning, kind, wanted)
        return Answer(self, wanted, await self.more())

    async def more(self) -> bytes:
        """The next bytes; `idle` says whether they are the last."""
        frame = await self._frames.get()
        if isinstance(frame, KgError):
            raise frame
        self.idle = frame is None
        return frame or b""

    def fail(self, reason: KgError) -> None:
        """Have whoever waits for the server get this error, now."""
        self._reason = reason
        if self._alarm and not self._alarm.expired():  # one that is just expiring gives this error too
            self._alarm.reschedule(self._loop.time())

    async def end(self) -> None:
        """Hang up, at which most servers end the query; to do so again is no error."""
        self._ended = True
        if self._hop:
            self._hop.cancel()
        if self._response:
            await self._response.aclose()
        if self._thread:
            await asyncio.wait({self._thread})

    async def _send(self, question: Question) -> httpx.Response:
        """The answer, of which the head has come. Fuseki minds the field that says how long it may take."""
        request = self._client.build_request(
            "POST",
            self._server.url,
            content=form(question.query, question.fields),
            headers={**FORM, "Accept": f"{RESULTS}, {TRIPLES}", "Timeout": str(max(1, round(self._left)))},
        )
        return await self._client.send(request, stream=True)

    async def _within(self, work: Coroutine[Any, Any, _T]) -> _T:
        """What the server does, if it is done in the time that is left."""
        began = self._loop.time()
        try:
            async with asyncio.timeout(self._left) as self._alarm:
                if self._reason:
                    self._alarm.reschedule(began)
                return await work
        except TimeoutError as error:
            late = QueryTimeoutError("the query ran longer than its time limit and was ended")
            raise self._reason or late from error
        finally:
            self._alarm = None
            self._left -= self._loop.time() - began

    def _wanted(self, kind: str) -> str:
        """The media type to write; empty if the asker takes none of this kind of answer."""
        if isinstance(self._request, GraphRequest):
            return self._request.media_type
        if ox.QueryResultsFormat.from_media_type(kind):
            return self._request.results_format or ""
        if ox.RdfFormat.from_media_type(kind):
            return self._request.graph_format or ""
        raise self._server.no_endpoint(kind)

    async def _piece(self) -> bytes:
        """The next piece of what the server sends; nothing at its end."""
        with self._server.explained():
            return await self._within(self._next())

    async def _next(self) -> bytes:
        return await anext(self._pieces, b"") if self._pieces else b""

    async def _beginning(self) -> AsyncIterator[bytes]:
        size = 0
        while size < FRAME_BYTES:
            piece = await self._piece()
            if not piece:
                self.idle = True
                return
            size += len(piece)
            yield piece

    def _turned(self, beginning: list[bytes], kind: str, wanted: str) -> bytes:
        """A whole answer, written as it is wanted."""
        output = _Kept(self._limits.result)
        with self._server.explained():
            self._write(io.BytesIO(b"".join(beginning)), kind, wanted, output)
        return bytes(output.content)

    def _turn(self, beginning: list[bytes], kind: str, wanted: str) -> None:
        """The same for a long one, in a thread."""
        output = _Sent(self._limits.result, self._give)
        stream = cast(IO[bytes], io.BufferedReader(Pieces(self._read(beginning))))
        last: KgError | None = StoreError(f"the answer of {self._server.called} could not be written")
        with suppress(CancelledError):
            try:
                with self._server.explained():
                    self._write(stream, kind, wanted, output)
                output.end()
                last = None
            except KgError as error:
                last = _bare(error)
            finally:
                self._give(last)

    def _read(self, beginning: list[bytes]) -> Iterator[bytes]:
        yield from beginning
        while piece := self._in_loop(self._piece()):
            yield piece

    def _give(self, frame: bytes | KgError | None) -> None:
        self._in_loop(self._frames.put(frame))

    def _in_loop(self, work: Coroutine[Any, Any, _T]) -> _T:
        """What the event loop does for a thread; CancelledError once the answer has been ended."""
        hop: Future[_T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        self._hop = hop
        if self._ended:
            hop.cancel()
        return hop.result()

    def _write(self, stream: IO[bytes], kind: str, wanted: str, output: _Output) -> None:
        rows = None if isinstance(self._request, GraphRequest) else self._limits.rows
        results_format = ox.QueryResultsFormat.from_media_type(kind)
        if results_format and isinstance(self._request, GraphRequest):
            found = cast(ox.QuerySolutions, ox.parse_query_results(stream, results_format))
            quads = (ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in found)
            ox.serialize(quads, cast(IO[bytes], output), ox.RdfFormat.from_media_type(wanted))
        elif results_format:
            counted = RowLimit(output, wanted, self._limits.rows)
            results = ox.parse_query_results(stream, results_format)
            results.serialize(cast(IO[bytes], counted), ox.QueryResultsFormat.from_media_type(wanted))
            counted.end()
        else:
            syntax = ox.RdfFormat.from_media_type(wanted)
            if syntax is None:
                raise QueryError(f"triples cannot be written as {wanted}")
            read = ox.parse(stream, format=ox.RdfFormat.from_media_type(kind), base_iri=self._server.url)
            triples = (quad.triple for quad in read)
            limited = triples if rows is None else row_limit.limited(triples, rows)
            graph_dump.write(limited, syntax, cast(IO[bytes], output))


def _bare(error: KgError) -> KgError:
    """An error without what it came through: what the engine made in a thread must end in that thread.

    The errors behind it may live on, in the hop that gave them, so their frames are emptied too.
    """
    behind: BaseException | None = error
    while behind:
        traceback.clear_frames(behind.__traceback__)
        behind = behind.__cause__ or behind.__context__
    error.__cause__ = error.__context__ = error.__traceback__ = None
    return error


class _Output(Protocol):
    def write(self, data: bytes) -> int: ...

    def flush(self) -> None: ...


class _Kept:
    """A file in memory, of limited size."""

    def __init__(self, limit: int) -> None:
        self.content = bytearray()
        self._size, self._limit = 0, limit

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._size += len(data)
        if self._size > self._limit:
            raise ResultTooLargeError(f"the result is larger than {self._limit} bytes")
        self.content += data
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""


class _Sent(_Kept):
    """A file that passes on what fills a frame."""

    def __init__(self, limit: int, give: Any) -> None:
        super().__init__(limit)
        self._give = give

    def write(self, data: bytes) -> int:
        """Take bytes, and pass them on."""
        super().write(data)
        while len(self.content) >= FRAME_BYTES:
            self._give(bytes(self.content[:FRAME_BYTES]))
            del self.content[:FRAME_BYTES]
        return len(data)

    def end(self) -> None:
        """Pass on what is left."""
        if self.content:
            self._give(bytes(self.content))
