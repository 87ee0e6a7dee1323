"""The SERVICE calls of a query: found, checked to be all of them, and pointed elsewhere.

An engine that is given the text unchanged would connect to wherever it says. As in `kg.sparql.clauses` its own parser
decides. Each call that our words show is proven to be one: spelt wrong, the text no longer parses. And there is no
other: with all of them made GRAPH patterns, the text parses even though the keyword is spelt wrong everywhere else.
GRAPH and SERVICE stand in the same places of the grammar, so what holds with the one holds with the other.
https://www.w3.org/TR/sparql11-federated-query/
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.errors import QuerySyntaxError, RefusedError
from kg.sparql.clauses import has_clause, refuse_service, syntax_error
from kg.sparql.prologue import iris, is_name, words

_MOST = 16


@dataclass(frozen=True)
class Call:
    """One ``SERVICE [SILENT] <address>`` and where it stands in the text.

    ``inner`` is one in the body of another, which is for the other server to make; it seems so from our words.
    """

    begin: int
    end: int
    silent: bool
    address: str
    inner: bool


def calls(query: str, base: str | None = None) -> tuple[Call, ...]:
    """All SERVICE calls of a query, in the order of the text.

    Raises
    ------
    QuerySyntaxError
        The text is not SPARQL.
    RefusedError
        A call has a variable for its address, there are more than 16, or they cannot be told from other words.
    """
    if not has_clause(query, "SERVICE", base):
        return ()
    found = _found(query, base)
    without = _written(query, found, ["GRAPH"] * len(found))
    if has_clause(without, "SERVICE", base):
        refuse_service(query, base)
    if error := syntax_error(without, base):
        raise QuerySyntaxError(str(error)) from error
    if len(found) > _MOST:
        raise RefusedError(f"a query may call {_MOST} services, this one calls {len(found)}")
    for wrong in range(len(found)):
        keywords = ["GRAPX" if number == wrong else "GRAPH" for number in range(len(found))]
        if syntax_error(_written(query, found, keywords), base) is None:
            raise RefusedError("a SERVICE call cannot be told from text that looks like one")
    return found


def pointed(query: str, found: Sequence[Call], addresses: Sequence[str]) -> str:
    """The query with its calls going to other addresses, which are absolute IRIs."""
    return _written(query, found, [f"SERVICE{' SILENT' * call.silent}" for call in found], addresses)


def _found(query: str, base: str | None) -> tuple[Call, ...]:
    text = words(query)
    places: list[tuple[int, int, bool, str, bool]] = []
    inner_until = 0
    for place, word in enumerate(text):
        if word[0].upper() == "SERVICE":
            silent = place + 1 < len(text) and text[place + 1][0].upper() == "SILENT"
            last = place + 1 + silent
            if last < len(text) and is_name(text[last][0]):
                places.append((word.start(), text[last].end(), silent, text[last][0], place < inner_until))
                inner_until = max(inner_until, _end(text, last + 1))
    try:
        addresses = iris(query, text, [name for *_, name, _ in places], base) if places else []
    except SyntaxError as error:
        raise QuerySyntaxError(str(error)) from error
    return tuple(
        Call(begin, end, silent, address, inner)
        for (begin, end, silent, _, inner), address in zip(places, addresses, strict=True)
    )


def _end(text: Sequence[re.Match[str]], begin: int) -> int:
    """The place of the brace that closes the group which begins here."""
    depth = 0
    for place in range(begin, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place][0], 0)
        if depth == 0:
            return place
    return len(text)


def _written(query: str, found: Sequence[Call], keywords: Sequence[str], addresses: Sequence[str] | None = None) -> str:
    pieces, place = [], 0
    for number, (call, keyword) in enumerate(zip(found, keywords, strict=True)):
        address = addresses[number] if addresses else "http://localhost/"
        pieces += [query[place : call.begin], f"{keyword} <{address}>"]
        place = call.end
    return "".join([*pieces, query[place:]])
