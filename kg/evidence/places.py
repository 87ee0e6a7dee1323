r"""Where in a text a statement stands, and whether it still stands there.

Evidence is a stretch ``[start, end)`` of a document with the SHA-256 of its exact text. Offsets count Unicode code
points of the file's bytes decoded as UTF-8, with nothing stripped or normalised: a byte order mark and the ``\r`` of a
line end count like any other character. The paragraph is the number of the non-empty line, from 1.
The text itself is never kept, so that whoever has the file can check and nobody else can copy.

References
----------
W3C, Web Annotation Data Model, section 4.2.4, Text Position Selector.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

from kg.errors import SourceUnavailableError
from kg.store.base import Row, Store, text_of
from kg.vocabulary import PREFIXES

_DOCUMENTS = f"""
PREFIX tt: <{PREFIXES["tt"]}>
SELECT ?document ?digest ?bytes ?characters WHERE {{
  ?document tt:contentDigest ?digest .
  OPTIONAL {{ ?document tt:byteLength ?bytes }}
  OPTIONAL {{ ?document tt:characterLength ?characters }}
}} ORDER BY ?document
"""
_SPANS = f"""
PREFIX tt: <{PREFIXES["tt"]}>
SELECT ?span ?document ?start ?end ?digest ?paragraph WHERE {{
  ?span tt:spanOf ?document ; tt:startOffset ?start ; tt:endOffset ?end ; tt:spanDigest ?digest .
  OPTIONAL {{ ?span tt:paragraph ?paragraph }}
}} ORDER BY ?span
"""


@dataclass(frozen=True)
class Span:
    """A stretch of a text: offsets in code points, paragraph, and the SHA-256 of its UTF-8 bytes."""

    start: int
    end: int
    paragraph: int
    digest: str


@dataclass(frozen=True)
class RecordedSpan:
    """A span as the graph has it."""

    iri: str
    span: Span


@dataclass(frozen=True)
class RecordedDocument:
    """A document as the graph has it, with its spans; a length that was not recorded is None."""

    iri: str
    digest: str
    bytes: int | None
    characters: int | None
    spans: tuple[RecordedSpan, ...]


class Result(StrEnum):
    """What became of a document."""

    VERIFIED = "verified"
    DIFFERS = "differs"
    NO_FILE = "no file"


@dataclass(frozen=True)
class Outcome:
    """The result for one document: the file that has its content, and one sentence for each difference."""

    document: str
    result: Result
    spans: int
    file: Path | None = None
    differences: tuple[str, ...] = ()


def span(text: str, start: int, end: int) -> Span:
    r"""The span of a text between two offsets.

    Raises
    ------
    ValueError
        The offsets do not enclose a stretch of the text.

    Examples
    --------
    >>> found = span("One.\n\nTwo 𝟚 three.", 12, 17)
    >>> (found.paragraph, found.digest == digest("three"))
    (2, True)
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"[{start}, {end}) is no stretch of a text of {len(text)} characters")
    return Span(start, end, paragraph(text, start), digest(text[start:end]))


def find(text: str, needle: str) -> Span:
    """The span of the only place where the needle stands.

    Raises
    ------
    ValueError
        It stands nowhere, or in more than one place.
    """
    start = text.find(needle)
    if start < 0:
        raise ValueError(f"{needle!r} is not in the text")
    if text.find(needle, start + 1) >= 0:
        raise ValueError(f"{needle!r} is in the text more than once; take a longer stretch to find it")
    return span(text, start, start + len(needle))


def digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def paragraph(text: str, offset: int) -> int:
    """The number of the non-empty line that holds the offset; an empty line counts with the one before it."""
    lines = takewhile(lambda line: line.start() <= offset, re.finditer(r"[^\r\n]+", text))
    return sum(1 for line in lines if line[0].strip())


def recorded(store: Store) -> list[RecordedDocument]:
    """The documents with a digest that a store holds, and their spans."""
    spans: dict[str, list[RecordedSpan]] = defaultdict(list)
    for row in store.select(_SPANS):
        spans[text_of(row["document"])].append(_recorded_span(row))
    return [
        RecordedDocument(
            iri=text_of(row["document"]),
            digest=text_of(row["digest"]),
            bytes=_integer(row, "bytes"),
            characters=_integer(row, "characters"),
            spans=tuple(spans[text_of(row["document"])]),
        )
        for row in store.select(_DOCUMENTS)
    ]


def verify(documents: list[RecordedDocument], folder: Path) -> list[Outcome]:
    """Whether documents and spans are what was recorded, by the files of a folder and its subfolders.

    A document is recognised by its content, whatever the file is called: a changed file is therefore one that is not
    there.

    Raises
    ------
    SourceUnavailableError
        The folder is not there.
    """
    if not folder.is_dir():
        raise SourceUnavailableError(f"the folder of documents {folder} is not there")
    files = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in _files(folder)}
    return [_outcome(document, files.get(document.digest)) for document in documents]


def _outcome(document: RecordedDocument, file: Path | None) -> Outcome:
    if file is None:
        return Outcome(document.iri, Result.NO_FILE, len(document.spans))
    differences = tuple(_differences(document, file.read_bytes()))
    result = Result.DIFFERS if differences else Result.VERIFIED
    return Outcome(document.iri, result, len(document.spans), file, differences)


def _differences(document: RecordedDocument, content: bytes) -> Iterator[str]:
    if document.bytes not in (None, len(content)):
        yield f"{document.iri}: {document.bytes} bytes were recorded, the file has {len(content)}"
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        yield f"{document.iri}: the file is not UTF-8 ({error}), so that offsets mean nothing"
        return
    if document.characters not in (None, len(text)):
        yield f"{document.iri}: {document.characters} characters were recorded, the file has {len(text)}"
    for item in document.spans:
        yield from _span_differences(item, text)


def _span_differences(item: RecordedSpan, text: str) -> Iterator[str]:
    try:
        found = span(text, item.span.start, item.span.end)
    except ValueError as error:
        yield f"{item.iri}: {error}"
        return
    if found.digest != item.span.digest:
        yield f"{item.iri}: digest {item.span.digest} was recorded, the text there has {found.digest}"
    if item.span.paragraph not in (0, found.paragraph):
        yield f"{item.iri}: paragraph {item.span.paragraph} was recorded, the text there is in {found.paragraph}"


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _recorded_span(row: Row) -> RecordedSpan:
    start, end, paragraph = (_integer(row, name) or 0 for name in ("start", "end", "paragraph"))
    return RecordedSpan(text_of(row["span"]), Span(start, end, paragraph, text_of(row["digest"])))


def _integer(row: Row, name: str) -> int | None:
    text = text_of(row.get(name))
    return int(text) if text.lstrip("-").isdigit() else None
