"""What a client sends to be stored: an RDF document as the body, or several as the parts of a form.

The body goes to a temporary file as it comes, so that its size costs no memory here; it is parsed by the process that
writes, which has limits. A body packed with gzip is unpacked there as well, up to a multiple of its size.
"""

from __future__ import annotations

import asyncio
import mmap
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from kg.errors import BodyError, BodyTooLargeError, MediaTypeError
from kg.serve import bodies, uploads
from kg.serve.bodies import Room
from kg.serve.uploads import FORM, SYNTAXES
from kg.store.changes import Part
from kg.store.rdf_files import FORMATS

_ENCODINGS = ("gzip", "x-gzip", "identity", "")
_GZIP = b"\x1f\x8b"


@asynccontextmanager
async def received(http: HttpRequest, largest: int, room: Room) -> AsyncIterator[tuple[Part, ...]]:
    """The documents that a request brings, kept in files until the block is left.

    Parameters
    ----------
    room
        What the bodies of all requests may take of the disk at once.

    Raises
    ------
    MediaTypeError
        415: what is sent, or a part of it, is of no type that is read here.
    BodyError
        400: there is no document in it, or it is not packed as it says.
    BodyTooLargeError
        413: it is too large.
    StoreBusyError
        503: there is no room for it.
    HTTPException
        415: it is packed otherwise than with gzip; 400: it is no form, or part of a document; 408: for too long nothing
        came, or too little.
    """
    media_type = _media_type(http)
    packed = _packed(http)
    with tempfile.TemporaryDirectory(prefix="kg-") as folder, bodies.taken(room, http.scope) as share:
        body = Path(folder) / "body"
        too_large = BodyTooLargeError(f"a body may have {largest:,} bytes; kg load takes files of any size")
        with body.open("wb") as kept:
            await bodies.receive(http, largest, too_large, share, kept.write)
        if packed and not await asyncio.to_thread(_begins, body, _GZIP):
            raise BodyError("the body is not packed with gzip, as Content-Encoding says")
        if media_type != FORM:
            yield (Part(body, media_type),)
        else:
            yield await asyncio.to_thread(_parts, body, http.headers["content-type"])


def _media_type(http: HttpRequest) -> str:
    said, _, parameters = http.headers.get("content-type", "").lower().partition(";")
    media_type = said.strip()
    if media_type != FORM and media_type not in SYNTAXES:
        raise MediaTypeError(f"send {', '.join(SYNTAXES)} or {FORM}, not {media_type or 'a body without Content-Type'}")
    if "charset=" in parameters and "utf-8" not in parameters:
        raise MediaTypeError("RDF is sent in UTF-8")
    return media_type


def _packed(http: HttpRequest) -> bool:
    encoding = http.headers.get("content-encoding", "").lower().strip()
    if encoding not in _ENCODINGS:
        raise HTTPException(415, f"a body may be packed with gzip, not with {encoding}", {"Accept-Encoding": "gzip"})
    if "content-range" in http.headers:  # RFC 9110, section 14.4
        raise HTTPException(400, "a graph is written as a whole, not a range of its bytes")
    return "gzip" in encoding


def _parts(form: Path, content_type: str) -> tuple[Part, ...]:
    """The documents of a form, each in a file of its own."""
    if not (parts := tuple(_separate(form, content_type))):
        raise BodyError("the form has no part with something in it")
    return parts


def _separate(form: Path, content_type: str) -> Iterator[Part]:
    if not form.stat().st_size:  # which cannot be mapped
        return
    with form.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for number, part in enumerate(uploads.parts(content, content_type)):
            document = form.with_name(f"part-{number}")
            document.write_bytes(part.content)
            yield Part(document, _type_of(part))


def _type_of(part: uploads.Part) -> str:
    """The type of a part, by what it says or by the name of its file."""
    media_type = part.media_type
    if media_type in uploads.UNSPECIFIC:
        extension = part.file.removesuffix(".gz").rpartition(".")[2].lower()
        media_type = FORMATS[extension].media_type if extension in FORMATS else media_type
    if media_type not in SYNTAXES:
        raise MediaTypeError(f"the part {part.name}: {media_type or 'no type'} is not one of {', '.join(SYNTAXES)}")
    return media_type


def _begins(file: Path, mark: bytes) -> bool:
    with file.open("rb") as content:
        return content.read(len(mark)) == mark
