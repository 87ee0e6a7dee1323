"""The lines of an RDF file in which nodes are first spoken of, for people who have to mend them.

The parser is fed line by line, so that what it gives after a line stood in that line: no second reading of the syntax,
and a tenth more time than parsing alone takes. JSON-LD and RDF/XML are left out: their lines say little, and only a
process with limits may read them (see `kg.store.rdf_files`).
"""

from __future__ import annotations

import io
from collections.abc import Collection
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import SourceError
from kg.store.rdf_files import RdfFile, opened, rdf_format

_LINED = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_FURTHEST_BYTES = 32 << 20
_EXPANSION = 200


def lines(file: RdfFile, subjects: Collection[str], *, furthest_bytes: int = _FURTHEST_BYTES) -> dict[str, int]:
    """By IRI, the line in which the first statement on a subject ends; what a file does not tell is left out.

    Parameters
    ----------
    furthest_bytes
        How much of the file is read.
    """
    found: dict[str, int] = {}
    try:
        if not subjects or rdf_format(file) not in _LINED:
            return found
        with opened(file, _EXPANSION) as stream:
            counted = _Counted(stream)
            for quad in ox.parse(cast(IO[bytes], counted), format=rdf_format(file), base_iri=file.graph):
                if isinstance(quad.subject, ox.NamedNode) and quad.subject.value in subjects:
                    found.setdefault(quad.subject.value, counted.line)
                if len(found) == len(subjects) or counted.size > furthest_bytes:
                    break
    except (SourceError, OSError, SyntaxError):  # the file has changed since it was read
        pass
    return found


class _Counted(io.RawIOBase):
    """A stream that is read by lines, and knows in which it is."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._ended = stream, True
        self.line = self.size = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        text = self._stream.readline(size)
        self.line += self._ended and bool(text)
        self.size += len(text)
        self._ended = text.endswith(b"\n")
        return text
