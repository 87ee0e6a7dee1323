"""The answer to a query as an HTTP response: bytes go from the query process to the client as they come.

The query runs when the response is sent, so that the client's leaving ends it. Until the first bytes are there every
error still becomes a status of its own; after that the transfer is broken off, never quietly ended.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import KgError, NotAcceptableError
from kg.serve.access import caller
from kg.serve.negotiation import GRAPHS, RESULTS
from kg.serve.operations.watching import ASKED, ROWS
from kg.serve.presence import Presence
from kg.store.base import Published
from kg.store.querying.base import Answer, Pool
from kg.store.querying.kept import KeptAnswer
from kg.store.querying.requests import GraphRequest, Limits, Request
from kg.store.querying.row_limit import rows_in

Header = tuple[bytes, bytes]
"""One header as it is sent."""

_CHANGING = ("now", "rand", "uuid", "service")
"""What is not answered from the release alone; struuid holds one of them."""
_CHANGING_WORD = re.compile(r"\b(now|rand|uuid|struuid|service)\b")
_VARY = (b"vary", b"Accept")
_log = logging.getLogger(__name__)


class PoolResponse(Response):
    """Asks the pool and passes the answer on; a client that has it already is answered 304 without asking.

    An answer with an ETag depends on nothing but release, request and limits, so a small one is kept for who asks next.

    Parameters
    ----------
    patience
        Seconds that the client may take for one part of the answer before it counts as gone.
    """

    def __init__(
        self, pool: Pool, question: Request | GraphRequest, http: HttpRequest, *, patience: float = 60.0
    ) -> None:
        # what the framework asks of a response; nothing else of it is of use to one that sends itself
        self.background = None
        self._pool = pool
        self._asked = question
        self._method = http.method
        self._patience = patience
        self._accept = http.headers.get("accept", "")
        self._known = http.headers.get("if-none-match", "")
        self._whole: Answer | KeptAnswer | None = None

    def _tag(self, release: Published) -> str | None:
        """The ETag of the answer, had it from this release; None if it must not be kept."""
        raise NotImplementedError

    def _knows(self, tag: str) -> bool:
        """Whether the client has the answer with this ETag, or takes any as its own."""
        return tag in self._known or self._known.strip() == "*"

    def _headers_of(self, answer: Answer | KeptAnswer) -> list[Header]:
        """The headers of an answer that has begun."""
        raise NotImplementedError

    def _note(self, scope: Scope) -> None:
        """Note in the scope what is asked, for the logs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, unless the client leaves before it is complete."""
        release, limits = self._pool.release, caller(scope).limits
        self._note(scope)
        tag = self._tag(release)
        if tag and self._knows(tag):
            await _start(send, 304, caching(tag))
            await send({"type": "http.response.body"})
        elif tag and (kept := self._pool.kept.find(release, self._asked, limits)):
            await self._pass_on(kept, send)
        else:
            with Presence(receive, self._pool.closing):
                await self._ask(limits, send)

    async def _ask(self, limits: Limits, send: Send) -> None:
        async with self._pool.answer(self._asked, limits) as answer:
            if self._tag(answer.release):
                self._pool.kept.put(self._asked, limits, answer)
            await self._pass_on(answer, send)

    async def _pass_on(self, answer: Answer | KeptAnswer, send: Send) -> None:
        await _start(send, 200, self._headers_of(answer))
        self._whole = answer if answer.received else None
        if self._method == "HEAD":
            await send({"type": "http.response.body"})
        elif answer.received:
            await send({"type": "http.response.body", "body": answer.first})
        else:
            try:
                await self._stream(answer, send)
            except (KgError, TimeoutError) as error:
                _log.warning("an answer was broken off: %s", error)

    async def _stream(self, answer: Answer | KeptAnswer, send: Send) -> None:
        async for part in answer:
            async with asyncio.timeout(self._patience):
                await send({"type": "http.response.body", "body": part, "more_body": not answer.received})


class QueryResponse(PoolResponse):
    """The answer to a query.

    It depends on the release, the query and the formats offered, so these make its ETag. The address does not say the
    query, as the file of a named one may change. Queries that call the clock, chance or another server have none, nor
    has what is posted.
    """

    def __init__(self, pool: Pool, question: Request, http: HttpRequest, *, patience: float = 60.0) -> None:
        super().__init__(pool, question, http, patience=patience)
        self._question = question

    def _tag(self, release: Published) -> str | None:
        return f'W/"{release.id}.{self._digest}"' if release.id and self._digest else None

    @cached_property
    def _digest(self) -> str | None:
        question = self._question
        if self._method == "POST" or is_changing(question.query):
            return None
        return hashlib.sha256(question.packed).hexdigest()[:16]

    def _headers_of(self, answer: Answer | KeptAnswer) -> list[Header]:
        if not answer.media_type:
            raise self._not_acceptable()
        headers = [content_type(answer.media_type)]
        if answer.received:
            headers.append((b"content-length", b"%d" % len(answer.first)))
        return headers + caching(self._tag(answer.release))

    def _note(self, scope: Scope) -> None:
        scope[ASKED], scope[ROWS] = self._question.query, self._rows

    def _rows(self) -> int | None:
        return rows_in(self._whole.media_type, self._whole.first) if self._whole else None

    def _not_acceptable(self) -> NotAcceptableError:
        """No format was offered for this kind of query, so those of the other kind were."""
        offered: Sequence[str] = tuple((GRAPHS if self._question.graph_format is None else RESULTS).values())
        return NotAcceptableError(self._accept, offered)


def is_changing(query: str) -> bool:
    """Whether an answer depends on the clock, on chance or on another server, and not on the release alone."""
    lower = query.lower()
    return any(word in lower for word in _CHANGING) and _CHANGING_WORD.search(lower) is not None


@lru_cache(maxsize=64)
def content_type(media_type: str) -> Header:
    """The header that says so; text is in UTF-8."""
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return b"content-type", f"{media_type}{charset}".encode()


def caching(tag: str | None) -> list[Header]:
    """How long an answer may be kept: until it is asked for again, if it has a tag to ask with."""
    if not tag:
        return [(b"cache-control", b"no-store"), _VARY]
    return [(b"etag", tag.encode("latin-1")), (b"cache-control", b"no-cache"), _VARY]


async def _start(send: Send, status: int, headers: list[Header]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
