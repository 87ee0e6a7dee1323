"""``/dumps/``: the files of every release, to be taken away whole or in parts.

A file is found by the release's id, and its ETag is the SHA-256 of its bytes: they never change while the same version
of kg serves them, so caches ask again, which costs a 304. A tag, or ``current``, leads to the id that it stands for.
Files are made before or when they are asked for (`kg.serve.exports`).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from kg.errors import ParameterError
from kg.export import naming
from kg.export.catalogue import Entry
from kg.export.offers import Offer, Offers, sums
from kg.serve.catalogue import releases
from kg.serve.exports import Exports, gone
from kg.serve.negotiation import HTML, chosen
from kg.serve.sparql_description import PROBLEM
from kg.serve.views.pages import Pages
from kg.store import names
from kg.store.querying.base import Pool
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.store.shelf import File
from kg.vocabulary import shortened

SUMS = "SHA256SUMS"
_JSON = "application/json"
_LISTS = {"json": _JSON, "html": HTML}
_ASK_AGAIN = "no-cache"


def router(pool: Pool, exports: Exports, pages: Pages) -> APIRouter:
    """The lists and the files."""
    routes = APIRouter(tags=["dumps"])

    async def listed(http: HttpRequest) -> Response:
        entries = await asyncio.to_thread(releases, Offers(pool.release).release)
        if _list_type(http) == HTML:
            return pages.shown("dumps.html", here="/dumps/", entries=entries, live=pool.release.id)
        return _json([_told(entry) for entry in entries])

    async def of_release(release: str, http: HttpRequest) -> Response:
        found = await asyncio.to_thread(_found, pool, release)
        if frame := http.query_params.get("frame"):
            await exports.statistics(Offers(found))
            return _moved(http, found, _frame(Offers(found), frame))
        if found.id != release:
            return _moved(http, found, "")
        await exports.statistics(Offers(found))
        entry = await asyncio.to_thread(_entry, found)
        if _list_type(http) == HTML:
            told = {"entry": entry, "live": found.id == pool.release.id, "citation": naming.citation(found.manifest)}
            return pages.shown("release.html", here="/dumps/", **told)
        return _json(_told(entry) | {"files": list(_files(entry))})

    async def file(release: str, name: str, http: HttpRequest) -> Response:
        found = await asyncio.to_thread(_found, pool, release)
        if found.id != release:
            return _moved(http, found, name)
        if name == SUMS:
            return await _sums(exports, found, http, live=found.id == pool.release.id)
        return await _download(exports, found, name, http)

    for path, endpoint, summary in (
        ("/dumps/", listed, "All releases that are kept"),
        ("/dumps/{release}/", of_release, "The files of a release, by its id, a tag or current"),
        ("/dumps/{release}/{name:path}", file, "A file of a release, whole or a range of it"),
    ):
        told = {**_DESCRIBED, "openapi_extra": {"parameters": [_FRAME]}} if endpoint is of_release else _DESCRIBED
        routes.add_api_route(path, endpoint, methods=["GET"], summary=summary, **told)
        routes.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
    return routes


_FRAME = {
    "name": "frame",
    "in": "query",
    "description": "a class: leads to its things as framed JSON-LD; of a release only",
    "schema": {"type": "string"},
    "example": "Policy",
}
_DESCRIBED: dict[str, Any] = {"responses": dict.fromkeys((400, 404, 406, 503), PROBLEM)}


class Download(FileResponse):
    """A file of a release, which stays in its place while it is sent."""

    def __init__(self, release: Release, offer: Offer, file: File) -> None:
        digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
        headers = {
            "ETag": f'"{file.sha256}"',
            "Repr-Digest": f"sha-256=:{digest}:",  # RFC 9530
            "Cache-Control": _ASK_AGAIN,
            "Link": f'<{naming.LICENCE}>; rel="license", <{naming.dataset(release.id)}>; rel="cite-as"',
        }
        name = f"techtransfer-{release.id}-{offer.name.replace('/', '-')}"
        super().__init__(file.path, 200, headers, offer.packing or offer.media_type, filename=name)
        self._release = release

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or the ranges that are asked for."""
        with self._release.hold():
            await super().__call__(scope, receive, send)


async def _download(exports: Exports, release: Release, name: str, http: HttpRequest) -> Response:
    offers = await asyncio.to_thread(Offers, release)
    if name not in offers.all:
        await exports.statistics(offers)  # what there is by class is known only then
        offers = Offers(release)
    offer = offers.find(name)
    await exports.make(offers, offer.batch)
    file = await asyncio.to_thread(offers.shelf.find, offer.batch, name)
    if file is None:
        raise gone(release)
    return _unless_known(Download(release, offer, file), file.sha256, http)


async def _sums(exports: Exports, release: Release, http: HttpRequest, *, live: bool) -> Response:
    """The checksums of files, as ``sha256sum --check`` reads them.

    All files of the live release are made for that; those of an earlier one are told of as far as they are there, so
    that nobody has everything made of every release by asking for some lines of text.
    """
    offers = await exports.make_all(Offers(release)) if live else Offers(release)
    text = await asyncio.to_thread(sums, offers)
    digest = hashlib.sha256(text.encode()).hexdigest()
    headers = {"ETag": f'"{digest}"', "Cache-Control": _ASK_AGAIN}
    return _unless_known(PlainTextResponse(text, headers=headers), digest, http)


def _unless_known(response: Response, digest: str, http: HttpRequest) -> Response:
    """A response, or 304 to a client that has the bytes of this digest."""
    if digest not in http.headers.get("if-none-match", ""):
        return response
    kept = {name: response.headers[name] for name in ("etag", "cache-control", "link") if name in response.headers}
    return Response(status_code=304, headers=kept)


def _frame(offers: Offers, frame: str) -> str:
    """The framed document of a class, which is named by its local name, or by its IRI, whole or with a prefix."""
    documents = {name: offer.about for name, offer in offers.all.items() if name.startswith("jsonld/")}
    for name, of in documents.items():
        if frame in (of, shortened(of), name.removeprefix("jsonld/").removesuffix(".jsonld")):
            return name
    known = ", ".join(name.removeprefix("jsonld/").removesuffix(".jsonld") for name in documents)
    raise ParameterError("frame", f"a class with a framed document: {known}")


def _found(pool: Pool, reference: str) -> Release:
    live = Offers(pool.release).release
    return live if reference in (live.id, names.CURRENT) else DataFolder(live.layout).find(reference)


def _entry(release: Release) -> Entry:
    return next(entry for entry in releases(release) if entry.manifest.id == release.id)


def _moved(http: HttpRequest, found: Release, name: str) -> Response:
    """To the address that stays; relative, so that whatever stands before the service is kept."""
    root = http.scope.get("root_path", "")
    return RedirectResponse(f"{root}/dumps/{found.id}/{name}", 302, {"Cache-Control": "no-cache"})


def _told(entry: Entry) -> dict[str, Any]:
    manifest = entry.manifest
    return {
        "release": manifest.id,
        "created": manifest.created,
        "tags": list(entry.tags),
        "quads": manifest.quads,
        "iri": naming.dataset(manifest.id),
        "licence": naming.LICENCE,
        "citation": naming.citation(manifest),
        "href": f"/dumps/{manifest.id}/",
        "checksums": f"/dumps/{manifest.id}/{SUMS}",
    }


def _files(entry: Entry) -> Iterator[dict[str, Any]]:
    for offer in entry.offers:
        size, digest = entry.sizes.get(offer.name, (None, None))
        yield {
            "name": offer.name,
            "title": offer.title,
            "mediaType": offer.media_type,
            "packing": offer.packing or None,
            "about": offer.about or None,
            "bytes": size,
            "sha256": digest,
            "href": f"/dumps/{entry.manifest.id}/{offer.name}",
        }


def _json(content: Any) -> Response:
    text = json.dumps(content, ensure_ascii=False)
    return Response(text, headers={"Cache-Control": "no-cache", "Vary": "Accept"}, media_type=_JSON)


def _list_type(http: HttpRequest) -> str:
    return chosen(_LISTS, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))
