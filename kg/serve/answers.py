"""The answer to a query as an HTTP response: bytes go from the query process to the client as they come.

The query runs when the response is sent, so that the client's leaving ends it. Until the first bytes are there every
error still becomes a status of its own; after that the transfer is broken off, never quietly ended.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import KgError, NotAcceptableError
from kg.serve.negotiation import GRAPHS, RESULTS
from kg.store.workers import Answer, QueryPool, Request

_SECONDS_UNTIL_LISTENING = 0.1
_SECONDS_AFTER_CLOSING = 0.5
"""How long an answer may take to end by itself, with an error or its last part, once the pool is being closed."""
_CHANGING = re.compile(r"\b(now|rand|uuid|struuid)\b", re.IGNORECASE)
_log = logging.getLogger(__name__)


class QueryResponse(Response):
    """Asks the pool and passes the answer on.

    An answer depends on the release, the query and the formats offered, so these make its ETag, and a client that has
    it is answered 304 without asking. The address does not say the query, as the file of a named one may change.
    Queries that call the clock or chance have none, nor has what is posted.

    Parameters
    ----------
    patience
        Seconds that the client may take for one part of the answer before it counts as gone.
    """

    def __init__(self, pool: QueryPool, question: Request, http: HttpRequest, *, patience: float = 60.0) -> None:
        super().__init__()
        self._pool = pool
        self._question = question
        self._method = http.method
        self._patience = patience
        self._accept = http.headers.get("accept", "")
        self._known = http.headers.get("if-none-match", "")

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, unless the client leaves before it is complete."""
        if (tag := self._tag(self._pool.release.id)) and tag in self._known:
            await _start(send, 304, _caching(tag))
            await send({"type": "http.response.body"})
            return
        work = asyncio.create_task(self._send(send))
        await until_gone(work, receive, self._pool.closing)
        if not work.cancelled():
            work.result()

    async def _send(self, send: Send) -> None:
        async with self._pool.answer(self._question) as answer:
            if not answer.media_type:
                raise self._not_acceptable()
            await _start(send, 200, self._headers_of(answer))
            if self._method == "HEAD":
                await send({"type": "http.response.body"})
                return
            try:
                await self._pass_on(answer, send)
            except (KgError, TimeoutError) as error:
                _log.warning("an answer was broken off: %s", error)

    async def _pass_on(self, answer: Answer, send: Send) -> None:
        async for part in answer:
            async with asyncio.timeout(self._patience):
                await send({"type": "http.response.body", "body": part, "more_body": not answer.received})

    def _tag(self, release: str) -> str | None:
        question = self._question
        if self._method == "POST" or _CHANGING.search(question.query):
            return None
        return f'W/"{release}.{hashlib.sha256(question.pack()).hexdigest()[:16]}"'

    def _headers_of(self, answer: Answer) -> list[tuple[str, str]]:
        text = answer.media_type.startswith("text/")
        headers = [("content-type", f"{answer.media_type}; charset=utf-8" if text else answer.media_type)]
        if answer.received:
            headers.append(("content-length", str(len(answer.first))))
        return headers + _caching(self._tag(answer.release.id))

    def _not_acceptable(self) -> NotAcceptableError:
        """No format was offered for this kind of query, so those of the other kind were."""
        offered: Sequence[str] = tuple((GRAPHS if self._question.graph_format is None else RESULTS).values())
        return NotAcceptableError(self._accept, offered)


def _caching(tag: str | None) -> list[tuple[str, str]]:
    kept = [("etag", tag), ("cache-control", "no-cache")] if tag else [("cache-control", "no-store")]
    return [*kept, ("vary", "Accept")]


async def _start(send: Send, status: int, headers: Iterable[tuple[str, str]]) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def until_gone(work: asyncio.Task[Any], receive: Receive, closing: asyncio.Event) -> None:
    """Wait until the work is done; end it when the client has gone or the service ends."""
    try:
        await _first(work, receive, closing)
    finally:
        work.cancel()
        await asyncio.wait({work})


async def _first(work: asyncio.Task[Any], receive: Receive, closing: asyncio.Event) -> None:
    """Wait until one of the three happens; most work is done before it is worth listening for the others."""
    done, _ = await asyncio.wait({work}, timeout=_SECONDS_UNTIL_LISTENING)
    if not done:
        leaving, ending = asyncio.create_task(_disconnected(receive)), asyncio.create_task(closing.wait())
        await asyncio.wait({work, leaving, ending}, return_when=asyncio.FIRST_COMPLETED)
        if ending.done():
            await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED, timeout=_SECONDS_AFTER_CLOSING)
        leaving.cancel()
        ending.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
