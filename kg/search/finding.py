"""The search itself: stages from the best match to the farthest, each in order of importance, read page by page.

Each stage asks FTS5 for more than belongs to it, in the order of rows, and keeps what is of its own grade
(`kg.search.grading`). It stops when the page is full. Two stages are taken only if all words together were found in few
things: the last word as the beginning of others, and words written almost so.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from kg.errors import ParameterError
from kg.search.building import hashed
from kg.search.facets import Facets, facets, total
from kg.search.grading import Found, Match, chosen, grade
from kg.search.index import Index, Reading
from kg.search.near import near
from kg.search.questions import Question
from kg.search.things import Thing

FEW = 3
"""Where all words are in fewer things, more is looked for."""
MOST = 100
"""Hits of a page."""
SUGGESTED = 20
_LOOKED_AT = 120
"""Things that are looked at in one stage of suggestions."""
_CURSOR = re.compile(r"([0-9a-f]+)\.([0-5])\.(\d{1,18})")
_NAMED = "SELECT rowid FROM named WHERE named MATCH ? AND rowid > ? ORDER BY rowid"
_TOLD = "SELECT rowid FROM told WHERE told MATCH ? AND rowid > ? ORDER BY rowid"

Place = tuple[int, int]
"""Of a hit: its stage, and its number among things, or in the last stage among hits."""


@dataclass(frozen=True)
class Hit:
    """A thing that was found, and how."""

    thing: Thing
    found: Found
    place: Place = field(compare=False, default=(0, 0))


@dataclass(frozen=True)
class Page:
    """Hits from a place on.

    Attributes
    ----------
    total
        How many things there are in all; with those of the last two stages, where they were taken.
    after
        What asks for the next page; None after the last.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Facets
    after: str | None


def search(index: Index, question: Question, *, limit: int = 20, after: str = "") -> Page:
    """A page of what a question finds, the best first.

    Parameters
    ----------
    limit
        Hits of a page, 1 to `MOST`.
    after
        What the page before said.

    Raises
    ------
    ParameterError
        There is neither a word nor anything to choose by; the limit is out of bounds; the page before is of another
        index or none.
    QueryTimeoutError, StoreError
        As of `Index.asked`.
    """
    if not 1 <= limit <= MOST:
        raise ParameterError("limit", f"a number from 1 to {MOST}")
    if not question.text.strip() and not question.chosen():
        raise ParameterError("q", "words to look for, or a class, country or year to choose by")
    begin = _place(index, after)
    with index.asked() as reading:
        run = _Run(reading, question)
        hits = list(islice(run.hits(begin), limit + 1))
        more, shown = len(hits) > limit, hits[:limit]
        counted = facets(reading, question, run.others)
    after = f"{index.key}.{shown[-1].place[0]}.{shown[-1].place[1]}" if more else ""
    return Page(tuple(shown), run.total, counted, after or None)


def suggest(index: Index, question: Question, *, limit: int = 10) -> tuple[Hit, ...]:
    """The best few things for what somebody is typing: the last word may go on.

    Looks at no more than `_LOOKED_AT` things of a stage, the most important ones.

    Raises
    ------
    ParameterError
        The limit is not from 1 to `SUGGESTED`.
    QueryTimeoutError, StoreError
        As of `Index.asked`.
    """
    if not 1 <= limit <= SUGGESTED:
        raise ParameterError("limit", f"a number from 1 to {SUGGESTED}")
    with index.asked() as reading:
        found: dict[str, Hit] = {}
        for hit in _typed(reading, question.open):
            found.setdefault(hit.thing.iri, hit)
            if len(found) == limit:
                break
        if len(found) < min(FEW, limit) and question.words:
            for number, thing, how in near(reading, question.open):
                found.setdefault(thing.iri, Hit(thing, how, (Match.near, number)))
        return tuple(found.values())[:limit]


def _typed(reading: Reading, question: Question) -> Iterator[Hit]:
    yield from _whole(reading, question, 0)
    if question.words:
        yield from _of_grade(reading, question, Match.beginning, question.beginning(), most=_LOOKED_AT)
        for hit in _graded(reading, question, question.expression(), 0, most=_LOOKED_AT):
            if hit.found.match >= Match.all_in_name:
                yield hit


@dataclass
class _Run:
    """One search. What was found otherwise than by all words is noted in ``others``, for facets."""

    reading: Reading
    question: Question
    total: int = 0
    others: Sequence[int] = ()

    def hits(self, begin: Place) -> Iterator[Hit]:
        """All hits from a place on; ``total`` and ``others`` are known before the first."""
        reading, question = self.reading, self.question
        expression = question.expression()
        self.total = total(reading, expression)
        named = [hit for hit in _whole(reading, question, 0) if not _has_words(reading, expression, hit.place[1])]
        further = self._further(expression, {hit.thing.iri for hit in named}) if self.total < FEW else []
        self.others = [*(hit.place[1] for hit in named), *(number for number, _ in further)]
        self.total += len(self.others)
        return self._stages(begin, expression, [hit for _, hit in further])

    def _further(self, expression: str, known: set[str]) -> list[tuple[int, Hit]]:
        """What is found by beginnings of words and by near ones, and by nothing better."""
        if not self.question.words:
            return []
        reading, opened, found = self.reading, self.question.open, dict[int, Hit]()
        known |= {hit.thing.iri for hit in _everywhere(reading, self.question, expression, 0)}
        for hit in islice(_everywhere(reading, opened, opened.expression(), 0), MOST):
            if hit.thing.iri not in known:
                found[hit.place[1]] = Hit(hit.thing, Found(Match.word_beginning, hit.found.name))
        if len(found) + len(known) < FEW:
            known |= {hit.thing.iri for hit in found.values()}
            for number, thing, how in near(reading, self.question):
                if thing.iri not in known:
                    found[number] = Hit(thing, how)
        return [
            (number, Hit(hit.thing, hit.found, (Match.near, order)))
            for order, (number, hit) in enumerate(found.items(), 1)
        ]

    def _stages(self, begin: Place, expression: str, further: Sequence[Hit]) -> Iterator[Hit]:
        reading, question = self.reading, self.question
        stage, number = begin
        stages: Mapping[int, Iterator[Hit]] = {}
        if question.words:
            stages = {
                Match.beginning: _of_grade(reading, question, Match.beginning, question.beginning(), _from(begin, 1)),
                Match.all_in_name: _of_grade(reading, question, Match.all_in_name, expression, _from(begin, 2)),
                Match.all_words: _everywhere(reading, question, expression, _from(begin, 3), only=Match.all_words),
            }
        elif not question.text.strip():
            stages = {Match.all_words: _graded(reading, question, expression, _from(begin, 3))}
        if stage == Match.exact:
            yield from _whole(reading, question, number)
        for match, hits in stages.items():
            if match >= stage:
                yield from hits
        yield from (hit for hit in further if hit.place > begin)


def _from(begin: Place, stage: int) -> int:
    return begin[1] if begin[0] == stage else 0


def _whole(reading: Reading, question: Question, after: int) -> Iterator[Hit]:
    """Things of which a name or an identifier is the text."""
    hashes = [hashed(f"name {text}") for text in question.wholes if text]
    if question.identifier:
        hashes.append(hashed(f"id {question.identifier}"))
    for number in reading.with_hash(*hashes):
        if number <= after or not chosen(question, thing := reading.thing(number)):
            continue
        if (found := grade(question, thing)).match == Match.exact:  # not only its hash
            yield Hit(thing, found, (Match.exact, number))


def _of_grade(
    reading: Reading, question: Question, match: Match, expression: str, after: int = 0, *, most: int = -1
) -> Iterator[Hit]:
    return (hit for hit in _graded(reading, question, expression, after, most=most) if hit.found.match == match)


def _graded(reading: Reading, question: Question, expression: str, after: int, *, most: int = -1) -> Iterator[Hit]:
    for (number,) in reading.rows(f"{_NAMED} LIMIT {most}", expression, after):
        yield _hit(reading, question, number)


def _everywhere(
    reading: Reading, question: Question, expression: str, after: int, *, only: Match | None = None
) -> Iterator[Hit]:
    """Things that have the words in names or in texts, the most important first."""
    before = 0
    for (number,) in heapq.merge(*(reading.rows(sql, expression, after) for sql in (_NAMED, _TOLD))):
        if number != before and ((hit := _hit(reading, question, number)).found.match == only or only is None):
            yield hit
        before = number


def _hit(reading: Reading, question: Question, number: int) -> Hit:
    thing = reading.thing(number)
    found = grade(question, thing)
    return Hit(thing, found, (found.match, number))


def _has_words(reading: Reading, expression: str, number: int) -> bool:
    if not expression:
        return False
    sql = "SELECT 1 FROM {0} WHERE {0} MATCH ? AND rowid = ?"
    return any(any(True for _ in reading.rows(sql.format(table), expression, number)) for table in ("named", "told"))


def _place(index: Index, after: str) -> Place:
    if not after:
        return (0, 0)
    if not (found := _CURSOR.fullmatch(after)):
        raise ParameterError("after", "what the page before gave as next")
    if found[1] != index.key:
        raise ParameterError("after", "a place in the live release, which has changed: begin at the first page again")
    return int(found[2]), int(found[3])
