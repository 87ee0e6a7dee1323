"""The answer to a named query as an HTTP response: streamed where it is whole, a page of rows otherwise.

Every answer carries an ETag of release, question, format and place, `Vary`, and links: to the query in SPARQL, and of a
page to those around it (RFC 8288).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from urllib.parse import urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Send

from kg.queries import NamedQuery, Page, cursor_release, written
from kg.queries.formulas import SafeCsv
from kg.serve.access import caller
from kg.serve.answers import Header, QueryResponse, is_changing
from kg.serve.named.asking import Asked, Asking
from kg.serve.negotiation import RESULTS
from kg.serve.presence import Presence
from kg.store.querying.base import Answer, Pool
from kg.store.querying.kept import KeptAnswer
from kg.store.querying.requests import Request

SPARQL = "application/sparql-query"
JSON = "application/json"
PARQUET = "application/vnd.apache.parquet"
STREAMED = {name: RESULTS[name] for name in ("csv", "tsv", "srj", "srx")}
FORMATS = {"json": JSON, "csv": STREAMED["csv"], "parquet": PARQUET, "tsv": STREAMED["tsv"], **STREAMED}
"""Formats of rows by the name that ``?format=`` takes; the first counts where a client has no wish."""

_NAMES = {media_type: name for name, media_type in FORMATS.items()}
_VARY = "Accept"


class Streamed(QueryResponse):
    """All rows as they come from the engine; CSV with no formulas in it."""

    def __init__(self, pool: Pool, question: str, media_type: str, http: HttpRequest) -> None:
        super().__init__(pool, Request(query=question, results_format=media_type), http)
        self._address = address(http, format="rq")

    def _headers_of(self, answer: Answer | KeptAnswer) -> list[Header]:
        link = f'<{self._address}>; rel="describedby"; type="{SPARQL}"'
        return [*super()._headers_of(answer), (b"link", link.encode())]

    async def _pass_on(self, answer: Answer | KeptAnswer, send: Send) -> None:
        is_csv = answer.media_type == STREAMED["csv"]
        await super()._pass_on(_Safe(answer) if is_csv else answer, send)  # type: ignore[arg-type]


class _Safe:
    """An answer in CSV, made safe as it is read."""

    def __init__(self, answer: Answer | KeptAnswer) -> None:
        self._answer = answer
        self._csv = SafeCsv()
        self.release, self.media_type = answer.release, answer.media_type
        self.first = self._csv.feed(answer.first, last=True) if answer.received else answer.first

    @property
    def received(self) -> bool:
        """Whether all has come."""
        return self._answer.received

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer:
            yield self._csv.feed(part, last=self._answer.received)


async def rows(
    asking: Asking, query: NamedQuery, asked: Asked, http: HttpRequest, *, question: str, media_type: str
) -> Response:
    """A page, or all rows in a format that is made at once; 304 to a client that has it.

    Raises
    ------
    KgError
        As `Asking.page`.
    """
    release = cursor_release(asked.cursor) if asked.cursor else asking.pool.release.id
    which = (question, media_type, str(asked.limit), asked.cursor or "")
    if release and not is_changing(question) and knows(http, tag := etag(release, *which)):
        return Response(None, 304, _headers(tag))
    with Presence(http.receive, asking.pool.closing) as presence:
        page, release = await asking.page(asked, question, caller(http.scope).limits)
        headers = {**_headers(etag(release, *which)), **told(page, asked, http)}
        body = await asyncio.to_thread(written, page.table, _NAMES[media_type], query.kinds)
        return Response(body, headers=headers, media_type=media_type)
    assert presence.gone  # noqa: S101 - nothing else ends the block
    return Response(status_code=503)


def sparql(question: str, http: HttpRequest) -> Response:
    """The query itself, with the values in it; it runs as it stands."""
    tag = etag("", question, SPARQL)
    headers = _headers(tag)
    if knows(http, tag):
        return Response(None, 304, headers)
    return Response(question, headers=headers, media_type=f"{SPARQL}; charset=utf-8")


def told(page: Page, asked: Asked, http: HttpRequest) -> dict[str, str]:
    """The headers that say which rows of how many these are, and where the others are."""
    shown = [f'<{address(http, format="rq", limit=None, cursor=None)}>; rel="describedby"; type="{SPARQL}"']
    if asked.paged:
        shown += [f'<{leads}>; rel="{relation}"' for relation, leads in around(page, http).items()]
    return {"Link": ", ".join(shown), "Total-Rows": str(page.total)}


def around(page: Page, http: HttpRequest) -> Mapping[str, str]:
    """The addresses of the pages around one, by how they relate to it."""
    return dict(_around(page, http))


def _around(page: Page, http: HttpRequest) -> Iterator[tuple[str, str]]:
    yield "first", address(http, cursor=None)
    if page.start:
        yield "prev", address(http, cursor=page.previous)
    if page.next:
        yield "next", address(http, cursor=page.next)


def address(http: HttpRequest, **changed: str | None) -> str:
    """The address that was asked, with other values of some parameters: None leaves one out."""
    pairs = [pair for pair in http.query_params.multi_items() if pair[1] and pair[0] not in changed]
    pairs += [(name, value) for name, value in changed.items() if value is not None]
    path = http.url.path
    return f"{path}?{urlencode(pairs)}" if pairs else path


def etag(release: str, *which: str) -> str:
    """What an answer of a release is told from others by: the question, the format, the rows."""
    digest = hashlib.sha256("\n".join(which).encode()).hexdigest()[:16]
    return f'W/"{release}.{digest}"'


def knows(http: HttpRequest, tag: str) -> bool:
    """Whether the client has the answer with this ETag."""
    known = http.headers.get("if-none-match", "")
    return tag in known or known.strip() == "*"


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": _VARY}
