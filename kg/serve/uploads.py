"""What a client sends to be validated: RDF in a body, or data and shapes as the parts of a form.

The whole body is held, so its size is limited. `multipart/form-data` is taken apart here (RFC 7578, RFC 2046 section
5.1): it is a few lines for parts that are held in memory anyway, and no package more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import islice, pairwise
from mmap import mmap

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from kg import iris
from kg.errors import SourceFormatError
from kg.serve.bodies import body
from kg.store.rdf_files import FORMATS, RdfFile

LARGEST = 32 << 20
"""Bytes of a body."""
_TOO_LARGE = f"what is validated here may have {LARGEST >> 20} MiB; kg validate has no limit"
SYNTAXES = (
    "text/turtle",
    "application/trig",
    "application/n-triples",
    "application/n-quads",
    "application/ld+json",
    "application/rdf+xml",
)
"""Types of bodies that are data."""
FORM = "multipart/form-data"
MOST_PARTS = 256
_LONGEST_HEAD = 8192
"""Bytes of what stands before a part's content. To take a part apart costs 0.2 ms, so neither may be left open."""
UNSPECIFIC = frozenset(
    {"", "application/octet-stream", "text/plain", "application/json", "application/xml", "text/xml"}
)
"""What programs say of files whose type they do not know: the file's name tells more."""


@dataclass(frozen=True)
class Sent:
    """Data, and the shapes to check it with; the service's own if there are none."""

    data: tuple[RdfFile, ...]
    shapes: tuple[RdfFile, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of a form."""

    name: str
    file: str
    media_type: str
    content: bytes


async def received(http: HttpRequest) -> Sent:
    """What a request brings.

    Raises
    ------
    HTTPException
        415: its type is neither RDF nor a form; 413: it is too large; 400: it is no form.
    SourceFormatError
        A part is of no known type, or there is no data.
    """
    said = http.headers.get("content-type", "")
    media_type = said.partition(";")[0].strip().lower()
    if media_type != FORM and media_type not in SYNTAXES:
        raise HTTPException(415, f"post {', '.join(SYNTAXES)} or {FORM}, not {media_type or 'nothing'}")
    content = await body(http, LARGEST, _TOO_LARGE)
    if media_type != FORM:
        return Sent((RdfFile(content, f"{iris.GRAPH}sent/data", media_type),))
    found = list(parts(content, said))
    if unknown := sorted({part.name for part in found} - {"data", "shapes"}):
        raise SourceFormatError("the parts of the form are data and shapes", file=f"the part {unknown[0]}")
    sent = Sent(_files(found, "data"), _files(found, "shapes"))
    if not sent.data:
        raise SourceFormatError("the form has no part of this name with something in it", file="data")
    return sent


def parts(form: bytes | mmap, content_type: str) -> Iterator[Part]:
    """The parts of a form, without those that are empty: browsers send one for a file that was not chosen.

    Raises
    ------
    HTTPException
        400: it is no form, or has more than `MOST_PARTS` parts.
    """
    boundary = _headers(b"Content-Type: " + content_type.encode("latin-1")).get_boundary()
    marks = list(islice(_marks(form, b"--" + boundary.encode("latin-1")), MOST_PARTS + 2)) if boundary else []
    if len(marks) > MOST_PARTS + 1:
        raise HTTPException(400, f"a form may have {MOST_PARTS} parts")
    if not marks or form[marks[-1][1] : marks[-1][1] + 2] != b"--":
        raise HTTPException(400, "the form is not complete, or its boundary is not the one that its type names")
    for (_, begin), (end, _) in pairwise(marks):
        if (part := _part(form[begin:end])).content:
            yield part


def _marks(form: bytes | mmap, boundary: bytes) -> Iterator[tuple[int, int]]:
    """From where to where each boundary reaches, the line break before it included."""
    if form[: len(boundary)] == boundary:
        yield 0, len(boundary)
    line = b"\r\n" + boundary
    place = form.find(line)
    while place >= 0:
        yield place, place + len(line)
        place = form.find(line, place + len(line))


def _part(piece: bytes) -> Part:
    head, gap, content = piece.partition(b"\r\n\r\n")
    if len(head) > _LONGEST_HEAD:
        raise HTTPException(400, f"the headers of a part of the form may have {_LONGEST_HEAD} bytes")
    headers = _headers(head.lstrip(b" \t").removeprefix(b"\r\n"))
    name = headers.get_param("name", header="content-disposition")
    if not gap or not isinstance(name, str):
        raise HTTPException(400, "a part of the form has no name")
    media_type = headers.get_content_type() if "content-type" in headers else ""
    return Part(name, headers.get_filename() or "", media_type, content)


def _headers(text: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.HTTP).parsebytes(text + b"\r\n\r\n", headersonly=True)


def _files(found: list[Part], name: str) -> tuple[RdfFile, ...]:
    wanted = [part for part in found if part.name == name]
    return tuple(
        RdfFile(part.content, f"{iris.GRAPH}sent/{name}/{number}", _syntax(part), part.file or f"the part {name}")
        for number, part in enumerate(wanted, 1)
    )


def _syntax(part: Part) -> str | None:
    """The type of a part; None leaves it to the file's name."""
    if part.media_type not in UNSPECIFIC:
        known = ox.RdfFormat.from_media_type(part.media_type)
        if known not in FORMATS.values():
            message = f"{part.media_type} is not one of {', '.join(SYNTAXES)}"
            raise SourceFormatError(message, file=f"the part {part.name}")
        return part.media_type
    return None
