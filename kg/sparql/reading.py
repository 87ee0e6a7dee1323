"""Reads SPARQL text into the tree of `kg.sparql.groups`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from kg.sparql.groups import Element, Group, Piece, Select, Word
from kg.sparql.tokens import TOKEN

_NAME = re.compile(r"(?:[^\W\d_][\w.-]*)?:")
_ESCAPE = re.compile(r"\\(.)")
_INSIDE = frozenset({"OPTIONAL", "GRAPH", "FILTER", "BIND", "VALUES", "{", "}"})


@lru_cache(maxsize=4096)
def read(text: str) -> Select:
    """The tree of a SELECT or ASK that is valid SPARQL and has no BASE."""
    return _Reader(text).query()


class _Reader:
    """Reads a tree from left to right."""

    def __init__(self, text: str) -> None:
        self._words = list(_written_out(text))
        self._place = 0

    def query(self) -> Select:
        head = tuple(self._until("WHERE", "{"))
        if self._next() == "WHERE":
            self._take()
        group = self._group()
        return Select(head, group, tuple(self._until("}", "")))

    def _next(self) -> str:
        return self._words[self._place].upper if self._place < len(self._words) else ""

    def _take(self) -> Word:
        self._place += 1
        return self._words[self._place - 1]

    def _until(self, *ends: str) -> Iterator[Piece]:
        """The pieces up to a word outside brackets, which is left."""
        depth = 0
        while self._next() and (depth or self._next() not in ends):
            if self._next() == "{":
                yield self._group()
                continue
            depth += (self._next() == "(") - (self._next() == ")")
            yield self._take()

    def _group(self) -> Group:
        self._take()
        found = []
        while self._next() != "}":
            found.append(self._element())
        self._take()
        return Group(tuple(found))

    def _element(self) -> Element:
        keyword = self._next()
        if keyword == "SELECT":
            return Element("select", (self.query(),))
        if keyword == "{":
            return Element("union", tuple(self._union()))
        if keyword in ("FILTER", "BIND"):
            return Element(keyword.lower(), (self._take(), *self._expression()))
        if keyword in ("OPTIONAL", "GRAPH"):
            return Element(keyword.lower(), (*self._until("{"), self._group()))
        if keyword == "VALUES":
            return Element("values", tuple(self._table()))
        return Element("triples", tuple(self._triples()))

    def _union(self) -> Iterator[Piece]:
        yield self._group()
        while self._next() == "UNION":
            yield self._take()
            yield self._group()

    def _expression(self) -> Iterator[Piece]:
        """A constraint: an expression in brackets, a call, or EXISTS with its group."""
        while self._next() not in ("(", "{"):
            yield self._take()
        if self._next() == "{":
            yield self._group()
            return
        yield self._take()
        yield from self._until(")")
        yield self._take()

    def _table(self) -> Iterator[Word]:
        while self._next() != "}":
            yield self._take()
        yield self._take()

    def _triples(self) -> Iterator[Word]:
        while self._next() not in _INSIDE:
            yield self._take()


def _written_out(text: str) -> Iterator[Word]:
    """The words after the prologue, names as IRIs, comments as white space."""
    known: dict[str, str] = {}
    matches = [match for match in TOKEN.finditer(text) if not match[0].startswith("#")]
    place = 0
    while matches[place][0].upper() == "PREFIX":
        prefix, namespace = matches[place + 1][0], matches[place + 2][0]
        known[prefix] = namespace[1:-1]
        place += 3
    end = matches[place].start()
    for match in matches[place:]:
        space = "\n" if "\n" in text[end : match.start()] else " " * (match.start() > end)
        yield Word(_full(match[0], known), space)
        end = match.end()


def _full(word: str, known: Mapping[str, str]) -> str:
    if not (name := _NAME.match(word)):
        return word
    local = _ESCAPE.sub(r"\1", word[name.end() :])
    return f"<{known[name[0]]}{local}>"
