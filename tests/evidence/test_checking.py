"""What became of places in a document: texts by their digests, rows by what the record states."""

from __future__ import annotations

from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import evidence
from kg.errors import SourceFormatError
from kg.evidence.checking import Check, Document, Standing, Stretch, check
from kg.evidence.encodings import ENCODINGS
from kg.evidence.readable import readable
from kg.evidence.records import Place, Record
from kg.vocabulary import DCTERMS, RDFS, TT, XSD

DOC, RECORD = "https://example.org/doc", "https://example.org/record/c-17"
TEXT = "Title\n\nOver 125.6 billion 元 in 2020.\n\nIt was 17 contracts.\n"


def place(text: str, needle: str) -> Place:
    return Place(f"{DOC}#{needle}", RECORD, DOC, evidence.find(text, needle))


def checked(needle: str, now: str, **more: str) -> Check:
    (found,) = check([place(TEXT, needle)], {}, {}, Document(now.encode(), **more))
    return found


@given(before=st.text(max_size=200), after=st.text(max_size=200))
def test_a_stretch_that_has_moved_is_found(before: str, after: str) -> None:
    now = f"{before}{TEXT}{after}"
    try:
        content = now.encode()
    except UnicodeEncodeError:  # half a pair of surrogates is in no document
        return
    (found,) = check([place(TEXT, "125.6 billion 元")], {}, {}, Document(content))
    if before:
        assert found.standing is Standing.MOVED
        assert found.found
        assert now[found.found.start : found.found.end] == "125.6 billion 元"
        assert found.found.paragraph == evidence.paragraph(now, found.found.start or 0)
    else:
        assert found.standing is Standing.UNCHANGED


def test_the_nearest_of_several_is_the_one_that_moved() -> None:
    found = checked("17 contracts", f"17 contracts\n{TEXT}17 contracts")
    assert found.standing is Standing.MOVED
    assert found.found
    assert found.found.start == TEXT.index("17 contracts") + 13


@pytest.mark.parametrize(
    ("now", "standing", "stands"),
    [
        (TEXT, Standing.UNCHANGED, None),
        (TEXT.replace("125.6", "125.7"), Standing.CHANGED, "125.7 billion 元"),
        (TEXT.replace("125.6", "１２５"), Standing.CHANGED, "１２５ billion 元 i"),
        (TEXT[:5], Standing.ABSENT, None),
        ("", Standing.ABSENT, None),
    ],
)
def test_what_stands_there_now_is_told(now: str, standing: Standing, stands: str | None) -> None:
    found = checked("125.6 billion 元", now)
    assert (found.standing, found.now.get("text")) == (standing, stands)
    if stands:
        assert (found.now["before"], found.now["paragraph"]) == ("Title\n\nOver ", 2)


def test_a_whole_document_is_recognised() -> None:
    sent = Document(TEXT.encode())
    (found,) = check([place(TEXT, "17")], {}, {DOC: sent.digest}, sent)
    assert (found.standing, found.by) == (Standing.UNCHANGED, "document")


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<body><p>Over <b>125.6</b>\n billion <!-- x -->元", Stretch(5, 20, 1, readable=True)),
        ("<!doctype html><head><title>T</title><body>a<br>125.6 billion 元", Stretch(2, 17, 2, readable=True)),
        ("<p>125.6<p>billion 元", None),
        ("<head><title>125.6 billion 元</title></head><p>x", None),
        ("<script>125.6 billion 元</script><p title='125.6 billion 元'><!-- 125.6 billion 元 -->", None),
    ],
)
def test_a_page_is_read_as_people_read_it(page: str, found: Stretch | None) -> None:
    check = checked("125.6 billion 元", page, media_type="text/html")
    assert (check.standing, check.found) == (Standing.MOVED if found else Standing.ABSENT, found)


@given(st.text(alphabet="<>/!-&;= \n\"'abscriptyle?[]"))
def test_any_page_can_be_read(page: str) -> None:
    readable(page)


def test_a_document_in_another_encoding() -> None:
    (found,) = check([place(TEXT, "元")], {}, {}, Document(TEXT.encode("gb18030"), charset="gb18030"))
    assert found.standing is Standing.UNCHANGED
    for charset in ("utf-8", "hex", "nix"):
        with pytest.raises(SourceFormatError, match="say how it is encoded"):
            check([place(TEXT, "元")], {}, {}, Document(b"\xff", charset=charset))


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("unicode_escape", rb"\ud800"),
        ("raw-unicode-escape", rb"\ud800"),
        ("utf-7", b"+2AA-"),
        ("idna", b"xn--bcher-kva"),
        ("punycode", b"bcher-kva"),
        ("a\0b", b"x"),
    ],
)
def test_an_encoding_that_documents_do_not_have(charset: str, content: bytes) -> None:
    with pytest.raises(SourceFormatError, match="say how it is encoded"):
        check([place(TEXT, "元")], {}, {}, Document(content, charset=charset))


@given(st.binary(max_size=40), st.sampled_from(sorted(ENCODINGS)))
def test_what_is_read_of_a_document_is_unicode(content: bytes, charset: str) -> None:
    with suppress(SourceFormatError):
        text = Document(content, charset=charset).text()
        assert text.encode().decode() == text


def literal(value: str, kind: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(kind))


AGREEMENT = Record(
    RECORD,
    (
        (TT.agreementValue, literal("1234.5", XSD.decimal)),
        (TT.agreedOn, literal("2020-03-02", XSD.date)),
        (RDFS.label, ox.Literal("made of several cells")),
        (TT.provider, ox.NamedNode("https://example.org/org/a")),
    ),
)
HEADER = "id,provider,value,date"


@pytest.mark.parametrize(
    ("table", "standing", "row", "missing"),
    [
        ("c-17,a,1234.50,2020-03-02", Standing.UNCHANGED, None, []),
        ('c-17,a,"1,234.5",02/03/2020', Standing.UNCHANGED, None, []),
        ("c-17,a,1234.6,2020-03-02", Standing.CHANGED, 2, ["1234.5"]),
        ("c-1,a,1,2020-03-02\nc-17,a,1234.50,2020-03-02", Standing.MOVED, 3, []),
        ("c-1,a,1,2020-03-02\nc-17,a,1234.50,2021-03-02", Standing.CHANGED, 3, ["2020-03-02"]),
        ("c-18,a,1234.6,2020-03-02", Standing.ABSENT, None, []),
        ("", Standing.ABSENT, None, []),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_row_is_compared_with_what_the_record_states(
    table: str, standing: Standing, row: int | None, missing: list[str], delimiter: str
) -> None:
    text = f"{HEADER}\n{table}\n"
    if '"' not in text:
        text = text.replace(",", delimiter)
    at = Place(f"{DOC}#row=2", RECORD, DOC, row=2)
    (found,) = check([at], {RECORD: AGREEMENT}, {}, Document(text.encode(), media_type="text/csv"))
    assert (found.standing, [value for _, value in found.missing]) == (standing, missing)
    assert (found.found.row if found.found else None) == row


def test_an_identifier_is_a_key_as_well() -> None:
    record = Record("https://example.org/x", ((DCTERMS.identifier, ox.Literal("K9")), *AGREEMENT.values))
    text = f"{HEADER}\nK9,a,1234.5,2020-03-02"
    at = Place(f"{DOC}#row=2", record.iri, DOC, row=2)
    (found,) = check([at], {record.iri: record}, {}, Document(text.encode()))
    assert found.standing is Standing.UNCHANGED
