"""Words that are written almost like one that was typed, and the things whose names have them.

A second step, taken only when the first found little. Whoever makes one mistake leaves one half of the word as it is:
so the candidates are the words of the index that begin, or end, as it does, a few hundred; which of them are near is
told by their distance, one change for a word of up to seven letters, two for a longer one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kg.search.building import SHORTEST, whole
from kg.search.folding import bigrams, is_run
from kg.search.grading import Found, Match
from kg.search.index import Reading
from kg.search.questions import Question, Word
from kg.search.things import Thing

MOST = 50
"""Things that the second step gives."""
_CANDIDATES = 300
_WORDS = 8
_LONG = 8
_LIKENESS = 72.0
_LAST = "\U0010ffff"


def near(reading: Reading, question: Question) -> Iterator[tuple[int, Thing, Found]]:
    """Number and thing of those whose names are most like a text, the most alike first."""
    if not (expression := _expression(reading, question)):
        return
    rows = reading.rows("SELECT rowid FROM named WHERE named MATCH ? ORDER BY rowid LIMIT ?", expression, _CANDIDATES)
    scored: list[tuple[float, int, Thing, tuple[str, str]]] = []
    for (number,) in rows:
        thing = reading.thing(number)
        likeness, name = max(
            ((_likeness(question, text), (text, language)) for text, language, _ in thing.names),
            default=(0.0, ("", "")),
        )
        if likeness >= _LIKENESS:
            scored.append((-likeness, number, thing, name))
    for _, number, thing, name in sorted(scored, key=lambda each: each[:2])[:MOST]:
        yield number, thing, Found(Match.near, name)


def _likeness(question: Question, name: str) -> float:
    """From 0 to 100."""
    return max(fuzz.WRatio(text, whole(name)) for text in question.wholes)


def _expression(reading: Reading, question: Question) -> str:
    """What the index has to have, with near words in place of each; empty if a word has none."""
    parts = [_near(reading, word) for word in question.words]
    return " AND ".join([*parts, *filter(None, [question.chosen()])]) if parts and all(parts) else ""


def _near(reading: Reading, word: Word) -> str:
    if is_run(word.text):
        pairs = [pair for pair in dict.fromkeys(bigrams(word.text)) if _things(reading, pair)]
        return " AND ".join(f'"{pair}"' for pair in pairs)
    others = _alike(reading, word)
    if not others and not any(_things(reading, form) for form in word.forms):
        return ""
    return replace(word, instead=others).expression()


def _alike(reading: Reading, word: Word) -> tuple[str, ...]:
    """Words of the index at a small distance from one, the nearest and most common first; without itself."""
    text = word.text
    if len(text) < SHORTEST:
        return ()
    size, allowed, half = len(text), 2 if len(text) >= _LONG else 1, len(text) // 2
    begin, end = text[: half - 1], text[half + 1 :][::-1]
    longest = 3 * size if word.open else size + allowed
    candidates = set(_between(reading, "word", begin, size - allowed, longest))
    candidates |= {other[::-1] for other in _between(reading, "backwards", end, size - allowed, size + allowed)}
    candidates.discard(text)
    lengths = (size - 1, size, size + 1) if word.open else (None,)  # of what was typed so far, had it no mistake
    compared = {(other, length): other[:length] for other in candidates for length in lengths}
    found = process.extract(text, compared, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    best = {other: distance for _, distance, (other, _) in reversed(found)}
    ranked = sorted(best, key=lambda other: (best[other], -_things(reading, other)))
    return tuple(ranked[:_WORDS])


def _between(reading: Reading, table: str, begin: str, shortest: int, longest: int) -> Iterator[str]:
    sql = f"SELECT word FROM {table} WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ?"  # noqa: S608
    return (word for (word,) in reading.rows(sql, begin, f"{begin}{_LAST}", shortest, longest))


def _things(reading: Reading, word: str) -> int:
    """In how many things a word occurs."""
    return sum(number for (number,) in reading.rows("SELECT things FROM word WHERE word = ?", word))
