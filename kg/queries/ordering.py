"""The order of a query's rows made total: where two rows are equal by what its file states, all columns decide.

Pages of an answer are only worth something if the order is the same each time. An engine may give rows that are equal
by ORDER BY in any order, another one from memory than from disk. So the columns that are not named there are added at
its end: two rows that are still equal are then equal to whoever reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.sparql.tokens import TOKEN

_ENDS = frozenset({"LIMIT", "OFFSET", "VALUES"})
_DEPTH = {"(": 1, "{": 1, ")": -1, "}": -1}
_Tokens = Sequence[re.Match[str]]


def is_ordered(text: str) -> bool:
    """Whether the outermost SELECT of a valid query has an ORDER BY."""
    tokens, start = _modifiers(text)
    return _order(tokens, start) is not None


def totally_ordered(text: str, columns: Sequence[str]) -> str:
    """A valid SELECT query with its columns as the last things that its rows are ordered by.

    Parameters
    ----------
    columns
        What it projects. Those that it orders by as they are stay where they stand; a text that needs no more is given
        back as it is.
    """
    tokens, start = _modifiers(text)
    place = _order(tokens, start)
    first = start if place is None else place + 2
    end = next(_ends(tokens, first), len(tokens))
    stated = {name for token in tokens[first:end] if (name := token[0][1:]) and token[0][0] in "?$"}
    stated &= _plain(tokens[first:end]) if place is not None else set()
    missing = " ".join(f"?{column}" for column in columns if column not in stated)
    if not missing:
        return text
    at = tokens[end - 1].end()
    return f"{text[:at]}{' ' if place is not None else chr(10) + 'ORDER BY '}{missing}{text[at:]}"


def _modifiers(text: str) -> tuple[_Tokens, int]:
    """The tokens of a query, comments aside, and the number of the first one after its WHERE."""
    tokens = [match for match in TOKEN.finditer(text) if not match[0].startswith("#")]
    brackets: list[str] = []
    for number, token in enumerate(tokens):
        if _DEPTH.get(token[0]) == 1:
            brackets.append(token[0])
        elif _DEPTH.get(token[0]) == -1 and brackets.pop() == "{" and not brackets:
            return tokens, number + 1
    return tokens, len(tokens)


def _order(tokens: _Tokens, start: int) -> int | None:
    words = [token[0].upper() for token in tokens]
    return next((n for n in range(start, len(words) - 1) if words[n : n + 2] == ["ORDER", "BY"]), None)


def _ends(tokens: _Tokens, first: int) -> Iterator[int]:
    """Where what orders may end: before the next clause that stands in no brackets."""
    depth = 0
    for number in range(first, len(tokens)):
        depth += _DEPTH.get(tokens[number][0], 0)
        if depth == 0 and tokens[number][0].upper() in _ENDS:
            yield number


def _plain(tokens: _Tokens) -> set[str]:
    """The variables that stand by themselves or in ``ASC()`` or ``DESC()``, and in no expression."""
    words = [token[0] for token in tokens]
    depth, found = 0, set[str]()
    for place, word in enumerate(words):
        depth += _DEPTH.get(word, 0)
        alone = words[place - 1 : place + 2 : 2] == ["(", ")"] and words[place - 2].upper() in ("ASC", "DESC")
        if word[0] in "?$" and (depth == 0 or (depth == 1 and alone)):
            found.add(word[1:])
    return found
