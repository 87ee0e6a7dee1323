"""Offsets are code points of the file as it is; paragraphs are the non-empty lines; what differs is named."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import evidence
from kg.errors import SourceUnavailableError
from kg.evidence import RecordedDocument, RecordedSpan, Result, Span
from kg.store.embedded import EmbeddedStore

TEXT = "\ufeffTitle 𝒳\r\n\r\n  \r\nOver 125.6 billion 元 🎓.\n\nTwice: 7 and 7.\r"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_offsets_count_code_points_and_nothing_is_stripped() -> None:
    found = evidence.find(TEXT, "125.6 billion 元")
    assert found == Span(21, 36, 2, sha("125.6 billion 元"))
    assert TEXT[found.start : found.end] == "125.6 billion 元"
    assert evidence.find(TEXT, "𝒳").start == 7
    assert evidence.find(TEXT, "🎓").paragraph == 2


@pytest.mark.parametrize(
    ("text", "offset", "paragraph"),
    [
        ("one", 0, 1),
        ("\n\none\ntwo", 2, 1),
        ("\n\none\ntwo", 6, 2),
        ("one\r\ntwo\rthree\n \t\nfour", 5, 2),
        ("one\r\ntwo\rthree\n \t\nfour", 9, 3),
        ("one\r\ntwo\rthree\n \t\nfour", 18, 4),
        ("one\u2028still one\n  indented", 13, 1),
        ("one\u2028still one\n  indented", 14, 2),
    ],
)
def test_paragraphs_are_non_empty_lines(text: str, offset: int, paragraph: int) -> None:
    assert evidence.span(text, offset, offset + 1).paragraph == paragraph


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 6)])
def test_offsets_that_enclose_nothing(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no stretch of a text of 5 characters"):
        evidence.span("12345", start, end)


def test_a_needle_stands_in_one_place() -> None:
    with pytest.raises(ValueError, match="more than once"):
        evidence.find(TEXT, "7")
    with pytest.raises(ValueError, match="not in the text"):
        evidence.find(TEXT, "8")


def document(**changes: object) -> RecordedDocument:
    span = RecordedSpan("urn:span", evidence.find(TEXT, "125.6"))
    content = TEXT.encode()
    values = {"digest": sha(TEXT), "bytes": len(content), "characters": len(TEXT), "spans": (span,)} | changes
    return RecordedDocument("urn:doc", **values)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "any name").write_bytes(TEXT.encode())
    (tmp_path / "other.txt").write_text("another text", encoding="utf-8")
    return tmp_path


def test_a_document_is_found_by_its_content(folder: Path) -> None:
    (outcome,) = evidence.verify([document()], folder)
    assert (outcome.result, outcome.spans, outcome.differences) == (Result.VERIFIED, 1, ())
    assert outcome.file == folder / "deep" / "any name"


def test_a_changed_file_is_no_file(folder: Path) -> None:
    (folder / "deep" / "any name").write_bytes(TEXT.encode() + b" ")
    (outcome,) = evidence.verify([document()], folder)
    assert (outcome.result, outcome.file) == (Result.NO_FILE, None)
    with pytest.raises(SourceUnavailableError):
        evidence.verify([document()], folder / "absent")


RIGHT = evidence.find(TEXT, "125.6")
WRONG = {
    "bytes": ({"bytes": 1}, "1 bytes were recorded, the file has 67"),
    "characters": ({"characters": 66}, "66 characters were recorded, the file has 57"),
    "digest": ({"spans": Span(21, 25, 2, RIGHT.digest)}, f"digest {RIGHT.digest} was recorded, the text there has"),
    "paragraph": ({"spans": Span(21, 26, 4, RIGHT.digest)}, "paragraph 4 was recorded, the text there is in 2"),
    "range": ({"spans": Span(21, 100, 2, RIGHT.digest)}, "[21, 100) is no stretch of a text of"),
}


@pytest.mark.parametrize(("changes", "message"), WRONG.values(), ids=WRONG)
def test_differences_are_named(folder: Path, changes: dict[str, object], message: str) -> None:
    if isinstance(span := changes.get("spans"), Span):
        changes = {"spans": (RecordedSpan("urn:span", span),)}
    (outcome,) = evidence.verify([document(**changes)], folder)
    assert outcome.result is Result.DIFFERS
    assert message in outcome.differences[0]


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_bytes(b"\xff\xfe")
    changed = document(digest=hashlib.sha256(b"\xff\xfe").hexdigest(), bytes=2)
    (outcome,) = evidence.verify([changed], tmp_path)
    assert outcome.result is Result.DIFFERS
    assert "not UTF-8" in outcome.differences[0]


def test_documents_and_spans_are_read_from_a_store(folder: Path) -> None:
    store = EmbeddedStore(ox.Store())
    turtle = f"""
        PREFIX tt: <https://w3id.org/techtransfer/ontology#>
        <urn:doc> tt:contentDigest "{sha(TEXT)}" ; tt:byteLength {len(TEXT.encode())} ; tt:characterLength {len(TEXT)} .
        <urn:span> tt:spanOf <urn:doc> ; tt:startOffset 21 ; tt:endOffset 26 ; tt:paragraph 2 ;
          tt:spanDigest "{RIGHT.digest}" .
        <urn:bare> tt:contentDigest "{"0" * 64}" ."""
    store.database.load(turtle.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:graph"))
    recorded = evidence.recorded(store)
    assert recorded == [RecordedDocument("urn:bare", "0" * 64, None, None, ()), document()]
    assert [outcome.result for outcome in evidence.verify(recorded, folder)] == [Result.NO_FILE, Result.VERIFIED]
