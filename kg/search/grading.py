"""How well a thing matches a question: by which of its names, and how much of it.

Five grades, each with a test that needs nothing but the thing; within a grade what is more important stands first
(`kg.search.importance`). So a list can be read from any place on, and its beginning costs its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from kg.search.building import whole
from kg.search.folding import identifiers, is_run
from kg.search.questions import Question, Word
from kg.search.things import Thing


class Match(IntEnum):
    """How a thing was found, the best first."""

    exact = 0
    """A name or an identifier is what was typed."""
    beginning = 1
    """A name begins with it."""
    all_in_name = 2
    """One name has all its words."""
    all_words = 3
    """All its words occur: in names of several languages, or in the description."""
    word_beginning = 4
    """A word begins with the last one that was typed."""
    near = 5
    """Words that are written almost so."""


@dataclass(frozen=True)
class Found:
    """How a thing was found, and by which of its names; None if it was by something else."""

    match: Match
    name: tuple[str, str] | None = None


def grade(question: Question, thing: Thing) -> Found:
    """The grade of a thing that has all words of a question somewhere."""
    best = Found(Match.all_words)
    for text, language, _ in thing.names:
        match = _grade(question, whole(text))
        if match < best.match:
            best = Found(match, (text, language))
    if best.match != Match.exact and _is_identifier(question, thing):
        return Found(Match.exact)
    return best


def chosen(question: Question, thing: Thing) -> bool:
    """Whether a thing is among those that a question is about."""
    pairs: Sequence[tuple[Sequence[object], Sequence[object]]] = (
        (question.classes, thing.classes),
        (question.countries, thing.areas),
        (question.years, thing.years),
    )
    return all(not wanted or set(wanted) & set(has) for wanted, has in pairs)


def _is_identifier(question: Question, thing: Thing) -> bool:
    wanted = question.identifier
    return bool(wanted) and any(wanted in identifiers(text) for text in (thing.iri, *thing.identifiers))


def _grade(question: Question, name: str) -> Match:
    if name in question.wholes:
        return Match.exact
    goes_on = not question.words or question.words[-1].open or is_run(question.words[-1].text)
    if any(name.startswith(begin if goes_on else f"{begin} ") for begin in question.wholes if begin):
        return Match.beginning
    has = name.split()
    if question.words and all(_has(word, has) for word in question.words):
        return Match.all_in_name
    return Match.all_words


def _has(word: Word, name: Sequence[str]) -> bool:
    if is_run(word.text):
        return any(word.text in other for other in name)
    if word.open:
        return any(other.startswith(word.forms) for other in name)
    return any(form in name for form in word.forms)
