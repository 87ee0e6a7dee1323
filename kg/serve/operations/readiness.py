"""``/health`` and ``/ready``: whether the process lives, and whether it can do its work.

The first is for whoever restarts a process that hangs, the second for whoever sends it requests. Both may be asked by
anybody, so they name errors by their codes and no place on the disk. The members are described in the README, and part
of the interface.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from kg.errors import KgError, StoreBusyError
from kg.serve.operations.following import Following
from kg.serve.operations.life import Life
from kg.store.querying.base import Pool
from kg.store.querying.requests import Request

_PROBE = Request(query="ASK { ?s ?p ?o }", timeout=10.0)
_PROBE_BYTES = 1 << 16
_PATIENCE_SECONDS = 2.0
_FRESH_SECONDS = 1.0
_UNAVAILABLE = 503


@dataclass(frozen=True)
class State:
    """How the service is.

    Parameters
    ----------
    status
        ``ready``; ``stale``: it serves, but another release than the live one, which cannot be served; ``starting``;
        ``draining``; ``broken``: its store does not answer.
    release, live
        Ids of the release that is served and of the live one, where they are known.
    since
        When it came to be so, seconds since 1970; None where that is not known.
    reason
        The code of the error that made it so.
    """

    status: str
    release: str
    live: str | None
    since: float | None = None
    reason: str | None = None

    @property
    def serves(self) -> bool:
        """Whether requests should be sent to it."""
        return self.status in ("ready", "stale")

    def as_json(self) -> dict[str, Any]:
        """What is answered."""
        since = None if self.since is None else datetime.fromtimestamp(self.since, UTC).isoformat(timespec="seconds")
        return {**vars(self), "since": since}


class Readiness:
    """Finds out how the service is: a small query through the pool shows whether the store answers."""

    def __init__(self, pool: Pool, life: Life, following: Following[Any]) -> None:
        self._pool, self._life, self._following = pool, life, following
        self._probing: asyncio.Task[None] | None = None
        self._probed = 0.0
        self._last: str | None = None

    async def state(self) -> State:
        """How it is now; what the store said may be a second old."""
        release, life, behind = self._pool.release.id, self._life, self._following.behind
        if life.stage != "serving":
            return State(life.stage, release, None, life.since)
        if trouble := await self._trouble():
            return State("broken", release, None, None, trouble)
        if behind:
            return State("stale", release, behind.live, behind.since, behind.code)
        return State("ready", release, release, life.since)

    async def _trouble(self) -> str | None:
        """The code of the error that the store gives."""
        clock = asyncio.get_running_loop().time
        if self._probing is None or (self._probing.done() and clock() > self._probed + _FRESH_SECONDS):
            self._probing, self._probed = asyncio.create_task(self._probe()), clock()
        await asyncio.wait({self._probing}, timeout=_PATIENCE_SECONDS)
        return self._last  # of an earlier probe while this one takes its time: slow is not broken

    async def _probe(self) -> None:
        try:
            async with self._pool.answer(_PROBE) as answer:
                await answer.read(_PROBE_BYTES)
            self._last = None
        except StoreBusyError:  # of others' queries, which it then does answer
            self._last = None
        except KgError as error:
            self._last = error.code


def router(pool: Pool, readiness: Readiness) -> APIRouter:
    """The two places."""
    routes = APIRouter(tags=["operations"])

    async def health() -> dict[str, Any]:
        release = pool.release.manifest
        return {
            "status": "ok",
            "release": release.id,
            "quads": release.quads,
            "workers": {"all": pool.size, "busy": pool.busy, "waiting": pool.waiting},
        }

    async def ready() -> Response:
        state = await readiness.state()
        status = 200 if state.serves else _UNAVAILABLE
        return JSONResponse(state.as_json(), status, {"Cache-Control": "no-store"})

    routes.add_api_route("/health", health, methods=["GET"], summary="Whether the service is alive, and on what")
    routes.add_api_route(
        "/ready",
        ready,
        methods=["GET"],
        summary="Whether requests should be sent to the service",
        response_class=JSONResponse,
        responses={503: {"description": "It is starting or draining, or its store does not answer"}},
    )
    return routes
