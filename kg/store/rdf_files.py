"""RDF files of any syntax become canonical blocks; what is wrong with a file is said with its name and line.

Nothing is fetched: Oxigraph's JSON-LD parser refuses every context that is not in the file, and its RDF/XML parser
reads neither external entities nor DTDs (tests hold it to that). It does expand entities that the file itself declares,
a kilobyte of which can fill any memory: `kg.store.reading` reads files from outside in a process with limits.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox
import zstandard

from kg.errors import SourceError, SourceFormatError, SourceUnavailableError
from kg.store.canonical import Block, as_they_stand, canonical
from kg.store.xml_check import CheckedXml

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "owl": ox.RdfFormat.RDF_XML,
    "xml": ox.RdfFormat.RDF_XML,
}
"""By file name extension. N3 is missing on purpose: its rules and formulas are no statements of a graph."""

_PACKED_EXTENSIONS = (".gz", ".zst")
_GZIP, _ZSTD, _BYTE_ORDER_MARK = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xef\xbb\xbf"
_SMALL_BYTES = 64 << 20
_REMOTE_CONTEXT = "LoadDocumentCallback"  # what the parser's message speaks of when a context is not in the file
_NO_CONTEXT = "its @context lies elsewhere, and remote contexts are not fetched; write the context into the file"
_DEFAULT_GRAPH = ox.DefaultGraph()


@dataclass(frozen=True)
class RdfFile:
    """RDF to be read: a file, or its bytes.

    Parameters
    ----------
    graph
        The IRI of the graph that triples go to; quads that name a graph keep theirs. Relative IRIs are resolved
        against it, so that they don't depend on where the file lies. Anything else is a SourceFormatError.
    format
        An extension (``"ttl"``) or a media type; by the extension of the file when None.
    name
        How messages call it; the path when empty.
    """

    content: Path | bytes
    graph: str
    format: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        try:
            ox.NamedNode(self.graph)
        except ValueError as error:
            message = f"{self.graph!r} cannot name a graph: give an IRI such as https://example.org/graph/mine"
            raise SourceFormatError(message, file=str(self)) from error

    def __str__(self) -> str:
        return self.name or (str(self.content) if isinstance(self.content, Path) else "the data sent")


def blocks(files: Sequence[RdfFile], *, expansion: int, named: bool = True) -> Iterator[Block]:
    """The blocks of files, read in this process; parameters and errors as for `kg.store.reading.read_rdf`.

    A block is empty where all the statements of a chunk wait for their blank nodes to be named.
    """
    quads = (quad for file in files for quad in _quads(file, expansion, rename=named or len(files) > 1))
    return canonical(quads) if named else as_they_stand(quads)


def _quads(file: RdfFile, expansion: int, *, rename: bool) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(file.graph)
    for quad in parsed(file, expansion=expansion, rename=rename):
        if quad.graph_name == _DEFAULT_GRAPH:
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        else:
            yield quad


def parsed(file: RdfFile, *, expansion: int, rename: bool = True) -> Iterator[ox.Quad]:
    """The quads of a file as it states them, in the default graph where it names none; errors as for `blocks`."""
    syntax = rdf_format(file)
    with _explained(str(file)), opened(file, expansion) as stream:
        checked = CheckedXml(stream) if syntax == ox.RdfFormat.RDF_XML else None
        source = cast(IO[bytes], checked or stream)
        yield from ox.parse(source, format=syntax, base_iri=file.graph, rename_blank_nodes=rename)
        if checked:
            checked.finish()


def rdf_format(file: RdfFile) -> ox.RdfFormat:
    """The syntax of a file, by what it was said to be or by its extension."""
    wanted = file.format or _extension(file)
    known = FORMATS.get(wanted.lower()) or ox.RdfFormat.from_media_type(wanted)
    if known is None or known not in FORMATS.values():
        raise SourceFormatError(
            f"{wanted or 'a file without extension'} is not a known RDF format; give one of {', '.join(FORMATS)}",
            file=str(file),
        )
    return known


def _extension(file: RdfFile) -> str:
    name = file.name or (file.content.name if isinstance(file.content, Path) else "")
    for packed in _PACKED_EXTENSIONS:
        name = name.removesuffix(packed)
    return Path(name).suffix.removeprefix(".")


@contextmanager
def opened(file: RdfFile, expansion: int) -> Iterator[IO[bytes]]:
    """The content, unpacked (to so many times its size) where its first bytes say so, without a byte order mark."""
    if isinstance(file.content, Path):
        raw: io.BufferedReader = file.content.open("rb")
        size = file.content.stat().st_size
    else:
        raw = io.BufferedReader(cast(io.RawIOBase, io.BytesIO(file.content)))
        size = len(file.content)
    with raw:
        stream = _unpacked(raw, str(file), max(_SMALL_BYTES, expansion * size))
        if stream.peek(3)[:3] == _BYTE_ORDER_MARK:
            stream.read(3)
        yield stream


def _unpacked(raw: io.BufferedReader, name: str, limit_bytes: int) -> io.BufferedReader:
    start = raw.peek(4)
    if start.startswith(_GZIP):
        packed = cast(IO[bytes], gzip.GzipFile(fileobj=raw))
    elif start.startswith(_ZSTD):
        packed = cast(IO[bytes], zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True))
    else:
        return raw
    return io.BufferedReader(_Limited(packed, name, limit_bytes), 1 << 18)


class _Limited(io.RawIOBase):
    """A stream that ends with an error after so many bytes: a small file can unpack to any size."""

    def __init__(self, stream: IO[bytes], name: str, limit_bytes: int) -> None:
        self._stream, self._name, self._limit, self._seen = stream, name, limit_bytes, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._stream.read(len(view))
        self._seen += len(data)
        if self._seen > self._limit:
            raise SourceError(
                f"{self._name}: unpacks to more than {self._limit:,} bytes, far more than its size lets expect;"
                " unpack it yourself if it is what you mean"
            )
        view[: len(data)] = data
        return len(data)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise SourceUnavailableError(f"{name}: no such file") from error
    except SyntaxError as error:
        reason = _NO_CONTEXT if _REMOTE_CONTEXT in error.msg else error.msg
        raise SourceFormatError(reason, file=name, line=error.lineno) from error
    except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
        raise SourceFormatError(f"the compressed file is damaged: {error}", file=name) from error
    except OSError as error:
        raise SourceUnavailableError(f"{name}: cannot be read: {error}") from error
