"""Search over the sections of the site: an index in memory, words folded as those of the graph are (`kg.search`).

All words must be there, the last one may be a beginning; where little has them, words that are written almost alike
count as well. A section whose heading has the words stands before one that only speaks of them.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kg.help.model import START, Page, Section, Site
from kg.search import folding

LONGEST = 300
"""Characters of a question; what is beyond is not looked at."""
MOST = 30
"""Hits that are given."""
_WORDS = 12
_CHOICES = 6
_FEW = 3
"""Hits below which words that are written almost alike are looked for as well."""
_AROUND = 110
_LONG_WORD = 8
_LETTERS = re.compile(r"\w+")


@dataclass(frozen=True)
class Hit:
    """A section that was found, and a piece of its text in which what was looked for is marked (HTML)."""

    page: Page
    section: Section
    snippet: Markup


class Finder:
    """An index over a site; may be asked by several threads, one after another."""

    def __init__(self, site: Site) -> None:
        self._rows = [(page, section) for page, section in site.sections() if page.name != "names"]
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute("CREATE VIRTUAL TABLE part USING fts5(title, text, content='', tokenize='ascii')")
        self._database.execute("CREATE VIRTUAL TABLE word USING fts5vocab(part, row)")
        self._database.executemany(
            "INSERT INTO part(rowid, title, text) VALUES (?, ?, ?)",
            ((number, *_tokens(page, section)) for number, (page, section) in enumerate(self._rows)),
        )

    def find(self, text: str, most: int = MOST) -> list[Hit]:
        """Sections that have the words of a text, the best first; none for a text without words."""
        words = folding.words(text[:LONGEST])[:_WORDS]
        if not words:
            return []
        choices = [[word] for word in words]
        with self._lock:
            numbers = self._asked(choices, most)
            if len(numbers) < _FEW:
                choices = [self._near(word) for word in words]
                numbers = list(dict.fromkeys([*numbers, *self._asked(choices, most)]))[:most]
        marked = [word for choice in choices for word in choice]
        return [Hit(*self._rows[number], _snippet(self._rows[number][1].text, marked)) for number in numbers]

    def _asked(self, choices: list[list[str]], most: int) -> list[int]:
        """Sections that have one word of each choice; the first word of the last one may go on."""
        parts = [[" AND ".join(map(_quoted, _looked_for(word))) for word in choice] for choice in choices]
        if not folding.is_run(last := choices[-1][0]) or len(last) == 1:
            parts[-1][0] = f"{parts[-1][0]}*"
        expression = " AND ".join(f"({' OR '.join(f'({part})' for part in choice)})" for choice in parts)
        rows = self._database.execute(
            "SELECT rowid FROM part WHERE part MATCH ? ORDER BY bm25(part, 8.0, 1.0), rowid LIMIT ?",
            (expression, most),
        )
        return [number for (number,) in rows]

    def _near(self, word: str) -> list[str]:
        """The word, and those of the site that are one change away, or two from a long one."""
        if folding.is_run(word):
            return [word]
        terms = [term for (term,) in self._database.execute("SELECT term FROM word ORDER BY doc DESC")]
        cutoff = 2 if len(word) >= _LONG_WORD else 1
        found = process.extract(word, terms, scorer=OSA.distance, score_cutoff=cutoff, limit=_CHOICES)
        return list(dict.fromkeys([word, *(str(term) for term, _, _ in found)]))


def _looked_for(word: str) -> list[str]:
    return folding.bigrams(word) if folding.is_run(word) else [word]


def _tokens(page: Page, section: Section) -> tuple[str, str]:
    title = " ".join([section.title or page.title, *(name.text for name in section.names)])
    parts = re.sub(r"([a-z])([A-Z])", r"\1 \2", title)  # tt:measuredBy is found by measured as well
    own = "" if page.name == START else page.title
    return " ".join(folding.tokens(f"{title} {parts}")), " ".join(folding.tokens(f"{own} {section.text}"))


def _quoted(token: str) -> str:
    return '"{}"'.format(token.replace('"', '""'))


def _snippet(text: str, words: list[str]) -> Markup:
    """What stands around the first place where one of the words is."""
    spans = list(_spans(text, words))
    middle = spans[0][0] if spans else 0
    begin, end = max(0, middle - _AROUND), min(len(text), middle + _AROUND)
    begin = text.rfind(" ", 0, begin) + 1 if begin else 0
    end = text.find(" ", end) if text.find(" ", end) >= 0 else len(text)
    made, place = escape("… " if begin else ""), begin
    for first, last in spans:
        if place <= first and last <= end:
            made += escape(text[place:first]) + Markup("<mark>{}</mark>").format(text[first:last])
            place = last
    return made + escape(text[place:end]) + (" …" if end < len(text) else "")


def _spans(text: str, words: list[str]) -> Iterator[tuple[int, int]]:
    for found in _LETTERS.finditer(text):
        if any(_is(folding.fold(found[0]), word) for word in words):
            yield found.span()


def _is(folded: str, word: str) -> bool:
    return word in folded if folding.is_run(word) else folded.startswith(word)
