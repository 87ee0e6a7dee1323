"""From a computation to an answer: the result as soon as it is there, or a job by which to come back to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse
from starlette.types import Scope

from kg.analysis import parameters
from kg.analysis.definitions import Definition
from kg.analysis.networks import origin
from kg.errors import NotFoundError
from kg.serve.access import caller
from kg.serve.networks.asked import Asked, preference
from kg.serve.networks.jobs import Jobs
from kg.serve.networks.tasks import Most, Task
from kg.serve.networks.work import Job, Work
from kg.serve.presence import WhenSent
from kg.serve.problems import of_error
from kg.serve.rates import client
from kg.store.layout import Layout
from kg.store.querying.base import Pool
from kg.store.release import Release
from kg.store.releases import DataFolder

_CHUNK = 1 << 16
_VARY = "Accept, Accept-Language"
_RETRY_SECONDS = "2"
_FILES = {
    "application/graphml+xml": "graphml",
    "application/gexf+xml": "gexf",
    "text/csv": "csv",
    "text/plain": "net",
    "image/svg+xml": "svg",
    "image/png": "png",
}


class Answering:
    """Answers from the live release of a pool.

    Parameters
    ----------
    root
        The data folder, if there is one: what a server elsewhere holds is read from the release it was filled from.
    """

    def __init__(self, pool: Pool, jobs: Jobs, most: Most, root: Path | None) -> None:
        self.pool = pool
        self.jobs = jobs
        self._most = most
        self._root = root

    async def task(self, definition: Definition, asked: Asked, verb: str, language: str) -> tuple[Task, str]:
        """What is to be computed, on the live release, and the key of its result.

        Raises
        ------
        NotFoundError
            What is served is no release of a data folder.
        """
        found = await asyncio.to_thread(self._release)
        task = Task(
            root=found.layout.root,
            release=found.id,
            definition=definition,
            given=asked.given,
            verb=verb,
            options=asked.options,
            format=asked.format,
            language=language,
            most=self._most,
        )
        told = origin(found, definition, parameters.read(definition, asked.given)).digest
        return task, task.key(told if found.manifest.segments else f"{told} {found.id}")

    def _release(self) -> Release:
        live = self.pool.release
        if isinstance(live, Release):
            return live
        if self._root and live.id:
            with suppress(NotFoundError):
                return DataFolder(Layout(self._root)).find(live.id)
        raise NotFoundError(
            "networks are made of a release in a data folder, and this service has none of what it serves"
        )

    def response(self, http: HttpRequest, definition: Definition, asked: Asked, verb: str, language: str) -> Response:
        """The answer to a request; the client's leaving ends its waiting."""

        async def answered(scope: Scope) -> Response:
            task, key = await self.task(definition, asked, verb, language)
            tag = f'W/"{key[:32]}"'
            known = http.headers.get("if-none-match", "")
            if tag in known or known.strip() == "*":
                return Response(None, 304, _headers(tag))
            wishes = preference(http)
            work = self.jobs.work(task, key, who(scope))
            with self.jobs.wanted(work):
                patience = 0.0 if wishes.asynchronous else self.jobs.room.patience
                await self.wait(work, patience if wishes.wait is None else wishes.wait)
                name = f"{definition.name}-{verb}.{_FILES.get(asked.media_type, 'json')}"
                if work.ended.is_set():
                    return await sent(http, work, asked.media_type, name, tag)
                job = self.jobs.job(work, asked.media_type, name, who(scope))
                applied = {"Preference-Applied": "respond-async"} if wishes.asynchronous else {}
                return _status(job, 202, {"Location": f"/networks/jobs/{job.id}", **applied})

        return WhenSent(self.pool.closing, answered)

    async def wait(self, work: Work, seconds: float) -> None:
        """Wait for a computation to end, so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0.001)):
                await work.ended.wait()

    async def job(self, http: HttpRequest) -> Response:
        """How far a job is; 303 to its result when that is there."""
        job = self.jobs.find(http.path_params["id"])
        if job.work.status == "done":
            return _status(job, 303, {"Location": f"/networks/jobs/{job.id}/result"})
        return _status(job, 200)

    async def result(self, http: HttpRequest) -> Response:
        """The result of a job, of the release that was live when it was asked for; its error, where it failed."""
        job = self.jobs.find(http.path_params["id"])
        if not job.work.ended.is_set():
            raise NotFoundError(f"the result is not there yet; /networks/jobs/{job.id} tells how far it is")
        with self.jobs.wanted(job.work):  # its file stays until it is open
            return await sent(http, job.work, job.media_type, job.name, f'W/"{job.work.key[:32]}"')

    async def cancel(self, http: HttpRequest) -> Response:
        """Give up a job."""
        await self.jobs.cancel(http.path_params["id"])
        return Response(None, 204)


def who(scope: Scope) -> str:
    """By what a client is known: the name of its token, or its address."""
    return caller(scope).name or client(*(scope.get("client") or ("", 0))[:1])


async def sent(http: HttpRequest, work: Work, media_type: str, name: str, tag: str) -> Response:
    """The result of a computation that has ended, as a stream; its error is raised."""
    if work.error:
        raise work.error.with_traceback(None)
    file = await asyncio.to_thread(work.file.open, "rb")  # open before others may need its room
    size = await asyncio.to_thread(lambda: work.file.stat().st_size)
    headers = {**_headers(tag), "Content-Length": str(size), "Content-Disposition": f'inline; filename="{name}"'}
    if http.method == "HEAD":
        file.close()
        return Response(None, 200, headers, media_type)
    return StreamingResponse(_parts(file), 200, headers, media_type)


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while part := await asyncio.to_thread(file.read, _CHUNK):
            yield part


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": _VARY}


def _status(job: Job, status: int, headers: dict[str, str] | None = None) -> Response:
    work = job.work
    told: dict[str, Any] = {
        "id": job.id,
        "status": work.status,
        "step": work.step,
        "fraction": round(work.fraction, 4),
        "release": work.task.release,
        "network": work.task.definition.name,
        "self": f"/networks/jobs/{job.id}",
    }
    more = {"Cache-Control": "no-store", **(headers or {})}
    if work.status == "done":
        told["result"] = f"/networks/jobs/{job.id}/result"
    elif work.error:
        told["problem"] = json.loads(bytes(of_error(work.error).as_json().body))
    else:
        more["Retry-After"] = _RETRY_SECONDS
    return Response(json.dumps(told, ensure_ascii=False), status, more, "application/json")
