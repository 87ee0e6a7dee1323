"""What all these addresses share: formats, ETags by release, answers that are kept, and the client's leaving."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Scope

from kg.queries.values import Steps
from kg.serve.access import caller
from kg.serve.exploring.asking import Outcome, explored
from kg.serve.presence import WhenSent
from kg.store.querying.base import Pool

T = TypeVar("T")
_MOST_KEPT = 64
_LARGEST_KEPT = 256 << 10
_VARY = "Accept, Accept-Language"


class Answering:
    """Answers from one pool."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._kept: OrderedDict[str, tuple[bytes, str]] = OrderedDict()

    def response(
        self,
        http: HttpRequest,
        begin: Callable[[], Steps[T]],
        write: Callable[[Outcome[T]], bytes],
        media_type: str,
        *,
        depends_on: Any = "",
    ) -> Response:
        """The answer to a request; it is found and written when it is sent.

        Parameters
        ----------
        begin
            Makes the steps that find it.
        depends_on
            What it depends on beside the address, its format and the release.
        """
        key = f"{http.url.path}?{http.url.query}\n{media_type}\n{depends_on}"
        digest = hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()[:16]

        async def answered(scope: Scope) -> Response:
            tag = _tag(self.pool.release.id, digest)
            if tag and _knows(http, tag):
                return Response(None, 304, _headers(tag))
            if tag in self._kept:
                self._kept.move_to_end(tag)
                return Response(self._kept[tag][0], 200, _headers(tag), self._kept[tag][1])
            outcome = await explored(self.pool, begin, caller(scope).limits)
            tag, body = _tag(outcome.release.id, digest), write(outcome)
            self._keep(tag, body, media_type)
            return Response(body, 200, _headers(tag), media_type)

        return WhenSent(self.pool.closing, answered)

    def _keep(self, tag: str, body: bytes, media_type: str) -> None:
        if tag and len(body) <= _LARGEST_KEPT:
            self._kept[tag] = body, media_type
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


def _tag(release: str, digest: str) -> str:
    """The ETag; empty where the release has no name, and so nothing may be kept."""
    return f'W/"{release}.{digest}"' if release else ""


def _knows(http: HttpRequest, tag: str) -> bool:
    known = http.headers.get("if-none-match", "")
    return tag in known or known.strip() == "*"


def _headers(tag: str) -> dict[str, str]:
    return (
        {"ETag": tag, "Cache-Control": "no-cache", "Vary": _VARY}
        if tag
        else {"Cache-Control": "no-store", "Vary": _VARY}
    )
