"""How many of the things that were found are of each class, of each country, of each year.

Exact up to some number of things. Of more, which lie in order of importance, every so manieth is looked at and its
count multiplied: an estimate, and said to be one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from kg.search.index import Reading
from kg.search.questions import FACETS, Question

COUNTED = 20_000
"""Things of which each is looked at."""
MOST = 20
"""Values of a facet."""
_TOLD = "SELECT rowid FROM told WHERE told MATCH ?1 AND rowid NOT IN (SELECT rowid FROM named WHERE named MATCH ?1)"
_SAMPLED = """SELECT classes, areas, years FROM (
  SELECT rowid AS found FROM named WHERE named MATCH ?1 AND rowid % ?2 = 0 UNION ALL {told} AND rowid % ?2 = 0
) CROSS JOIN facet ON facet.id = found"""


@dataclass(frozen=True)
class Value:
    """A value of a facet and how many things have it; as a question names it."""

    value: str
    number: int


@dataclass(frozen=True)
class Facets:
    """The values of each of `kg.search.questions.FACETS`, the most frequent first, and whether they are counted."""

    values: Mapping[str, tuple[Value, ...]]
    exact: bool


def total(reading: Reading, expression: str) -> int:
    """How many things have what an expression says; 0 for an empty one."""
    if not expression:
        return 0
    sql = f"SELECT (SELECT count(*) FROM named WHERE named MATCH ?1) + (SELECT count(*) FROM ({_TOLD}))"  # noqa: S608
    ((number,),) = reading.rows(sql, expression)
    return int(number)


def facets(reading: Reading, question: Question, numbers: Iterable[int] = (), *, most: int = COUNTED) -> Facets:
    """The facets of what a question finds; each as if nothing were chosen by itself, so that another can be chosen.

    Parameters
    ----------
    numbers
        Things that were found otherwise than by all their words.
    most
        Things of which each is looked at.
    """
    exact, values, kept = True, {}, dict[str, tuple[Counter[tuple[int, int, int]], bool]]()
    others = Counter(_of(reading, numbers))
    for place, kind in enumerate(FACETS):
        expression = question.expression(but=kind)
        if expression not in kept:
            kept[expression] = _counted(reading, expression, most)
        counted, is_exact = kept[expression]
        exact = exact and is_exact
        values[kind] = _values(reading, counted + others, place)
    return Facets(values, exact)


def _counted(reading: Reading, expression: str, most: int) -> tuple[Counter[tuple[int, int, int]], bool]:
    """How many things have each combination of sets."""
    if not expression:
        return Counter(), True
    step = -(-total(reading, expression) // most) or 1
    found = Counter(reading.rows(_SAMPLED.format(told=_TOLD), expression, step))
    return Counter({sets: number * step for sets, number in found.items()}), step == 1


def _of(reading: Reading, numbers: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    sql = "SELECT classes, areas, years FROM facet WHERE id = ?"
    return chain.from_iterable(reading.rows(sql, number) for number in numbers)


def _values(reading: Reading, counted: Counter[tuple[int, int, int]], place: int) -> tuple[Value, ...]:
    by_set = Counter[int]()
    for sets, number in counted.items():
        by_set[sets[place]] += number
    values = Counter[str]()
    for members, number in zip(reading.members([*by_set]), by_set.values(), strict=True):
        for member in members:
            values[str(member)] += number
    ranked = sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Value(value, number) for value, number in ranked[:MOST])
