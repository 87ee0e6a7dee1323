"""Whether a document that somebody has still says what a record rests on.

In come places and a document as bytes, out goes for each place what became of it. A place in a text is recognised by
the SHA-256 of its stretch and nothing else, so one that has moved is found by trying every stretch of its length; a row
is compared with its record (`kg.evidence.rows`). What is sent is never trusted: it is read, and nothing more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kg.evidence import rows
from kg.evidence.encodings import decoded
from kg.evidence.places import digest, paragraph
from kg.evidence.readable import readable
from kg.evidence.records import Place, Record

TEXT, HTML, CSV = "text/plain", "text/html", "text/csv"
MOST_STRETCHES = 20_000_000
"""Stretches that are tried for all places of a document, about a microsecond each."""
_LONGEST_EXCERPT = 300
_AROUND = 60
_LONGEST_CELL = 200
_MOST_CELLS = 50


class Standing(StrEnum):
    """What became of a place."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    CHANGED = "changed"
    ABSENT = "absent"


@dataclass(frozen=True)
class Stretch:
    """Where something stands in what was sent; ``readable`` says that it is the text of a page, tags left out.

    Offsets and paragraph are those of a text, the row is that of a table.
    """

    start: int | None = None
    end: int | None = None
    paragraph: int | None = None
    row: int | None = None
    readable: bool = False


@dataclass(frozen=True)
class Check:
    """What became of a place.

    Attributes
    ----------
    by
        What was compared: ``document`` (its whole digest), ``stretch`` (the place's), ``values`` (of a row).
    found
        Where it stands now, if it has moved; of a row that has changed, where that is.
    now
        What stands at the place recorded: of a text ``before``, ``text`` and ``after``, of a table ``cells``.
    missing
        What the record states and its row does not say, by property.
    whole
        Whether all of the document was searched.
    """

    place: Place
    standing: Standing
    by: str
    found: Stretch | None = None
    now: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[tuple[str, str], ...] = ()
    whole: bool = True


@dataclass(frozen=True)
class Document:
    """What somebody sent: its bytes, what kind of text that is, and the encoding that it says it has."""

    content: bytes
    media_type: str = TEXT
    charset: str = "utf-8"

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.content).hexdigest()

    def text(self) -> str:
        """What it says, nothing stripped or normalised; errors as of `check`."""
        return decoded(self.content, self.charset)


def check(
    places: Iterable[Place], records: Mapping[str, Record], digests: Mapping[str, str], sent: Document
) -> list[Check]:
    """What became of each place, in their order.

    Parameters
    ----------
    records
        By IRI, those of the places.
    digests
        The SHA-256 of documents by IRI, of those that were captured.

    Raises
    ------
    SourceFormatError
        The document is no text in the encoding that it says it has.
    """
    text, ordered = sent.text(), list(places)
    same = {iri for iri, recorded in digests.items() if recorded == sent.digest}
    spans = _Spans(text, readable(text) if sent.media_type == HTML else None)
    spans.search([place for place in ordered if place.span and not spans.stands(place)])
    of_rows = [place for place in ordered if place.row is not None and place.document not in same]
    read = _table(text) if of_rows else None
    found = []
    for place in ordered:
        if place.span:
            found.append(spans.check(place, whole_document=place.document in same))
        elif place.document in same:
            found.append(Check(place, Standing.UNCHANGED, "document"))
        elif read is None:
            found.append(Check(place, Standing.ABSENT, "values"))
        else:
            found.append(_row(place, records.get(place.record) or Record(place.record), read))
    return found


class _Spans:
    """The text of a document, and, of a page, the text that people read; what was found in them by digest.

    Places in a page are looked for in what people read alone: what stands in a script says nothing.
    """

    def __init__(self, text: str, page: str | None) -> None:
        self._text, self._page = text, page
        self._found: dict[tuple[int, str], Stretch] = {}
        self._left = MOST_STRETCHES
        self._whole = True

    def stands(self, place: Place) -> bool:
        """Whether the stretch stands where it was recorded."""
        span = place.span
        return span is not None and digest(self._text[span.start : span.end]) == span.digest

    def search(self, places: list[Place]) -> None:
        """Look for stretches that do not stand where they were, all of one length at once."""
        by_length: dict[int, dict[str, int]] = {}
        for place in places:
            if place.span and place.span.end > place.span.start:
                by_length.setdefault(place.span.end - place.span.start, {})[place.span.digest] = place.span.start
        for length, wanted in sorted(by_length.items()):
            self._look(length, wanted)

    def _look(self, length: int, wanted: dict[str, int]) -> None:
        text, missing = self._text if self._page is None else self._page, set(wanted)
        about = sorted(wanted[name] for name in missing)[len(missing) // 2]
        for start in _outward(about, len(text) - length):
            if not missing:
                return
            if self._left <= 0:
                self._whole = False
                return
            self._left -= 1
            if (name := digest(text[start : start + length])) in missing:
                missing.remove(name)
                in_page = self._page is not None
                self._found[length, name] = Stretch(start, start + length, paragraph(text, start), readable=in_page)

    def check(self, place: Place, *, whole_document: bool) -> Check:
        """What became of a place."""
        span = place.span
        assert span is not None  # noqa: S101  (asked of places in texts alone)
        if self.stands(place):
            return Check(place, Standing.UNCHANGED, "document" if whole_document else "stretch")
        if found := self._found.get((span.end - span.start, span.digest)):
            return Check(place, Standing.MOVED, "stretch", found, self._now(span.start, span.end))
        now = self._now(span.start, span.end)
        standing = Standing.CHANGED if now else Standing.ABSENT
        return Check(place, standing, "stretch", now=now, whole=self._whole)

    def _now(self, start: int, end: int) -> dict[str, object]:
        """What stands between two offsets, and around them; nothing in a page, where offsets count tags."""
        if self._page is not None or not 0 <= start < min(end, len(self._text)):
            return {}
        last = min(end, start + _LONGEST_EXCERPT)
        return {
            "before": self._text[max(0, start - _AROUND) : start],
            "text": self._text[start:last],
            "after": self._text[last : last + _AROUND],
            "paragraph": paragraph(self._text, start),
        }


def _outward(about: int, last: int) -> Iterator[int]:
    """All offsets from 0 to the last, the nearest to one first."""
    if last < 0:
        return
    about = min(max(about, 0), last)
    yield about
    for step in range(1, max(about, last - about) + 1):
        if about - step >= 0:
            yield about - step
        if about + step <= last:
            yield about + step


def _table(text: str) -> rows.Table | None:
    try:
        return rows.table(text)
    except ValueError:
        return None


def _row(place: Place, record: Record, read: rows.Table) -> Check:
    """What became of a row: the one at its place if it is the record's, else one that has its key."""
    own = read.row(place.row or 0)
    fitting = rows.fit(own, record) if own else None
    now = _cells(own)
    if own and fitting and fitting.whole:
        return Check(place, Standing.UNCHANGED, "values")
    if own and fitting and fitting.keyed:
        return Check(place, Standing.CHANGED, "values", Stretch(row=place.row), now, fitting.missing)
    best = min(rows.rows_of(read, record), key=lambda pair: len(pair[1].missing), default=None)
    if best is None:
        return Check(place, Standing.ABSENT, "values", now=now)
    number, fits = best
    standing = Standing.CHANGED if fits.missing else Standing.MOVED
    return Check(place, standing, "values", Stretch(row=number), _cells(read.row(number)), fits.missing)


def _cells(row: tuple[str, ...] | None) -> dict[str, object]:
    return {"cells": [cell[:_LONGEST_CELL] for cell in row[:_MOST_CELLS]]} if row else {}
