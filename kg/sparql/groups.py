"""SPARQL text as a tree of its groups, kept word for word: enough to see what is in scope where, and to write into it.

Not a parser: who reads a text here has found it valid with a real one. Prefixed names are written out as IRIs on the
way, so that a piece of the tree can stand in any other query. https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.sparql.tokens import TOKEN

_NAME = re.compile(r"(?:[^\W\d_][\w.-]*)?:")
_ESCAPE = re.compile(r"\\(.)")
_INSIDE = frozenset({"OPTIONAL", "GRAPH", "FILTER", "BIND", "VALUES", "{", "}"})


@dataclass(frozen=True)
class Word:
    """A word or sign, and the white space before it."""

    text: str
    space: str = " "

    @property
    def upper(self) -> str:
        """The word as keywords are compared."""
        return self.text.upper()

    @property
    def variable(self) -> str:
        """The name, if it is a variable."""
        return self.text[1:] if self.text[0] in "$?" else ""


@dataclass(frozen=True)
class Element:
    """One part of a group, in the terms of the grammar.

    ``kind`` is ``triples``, ``filter``, ``bind``, ``optional``, ``graph``, ``values``, ``union`` (a plain group is one
    of one branch) or ``select``.
    """

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that it consists of, of an expression those of EXISTS."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Group))


@dataclass(frozen=True)
class Group:
    """What stands between braces."""

    elements: tuple[Element, ...]

    @property
    def select(self) -> Select | None:
        """The sub-select that the group consists of, if it does."""
        only = self.elements[0].pieces[0] if self.elements else None
        return only if isinstance(only, Select) else None


@dataclass(frozen=True)
class Select:
    """A SELECT, or as the outermost an ASK: what stands before its group, the group, what stands after it."""

    head: tuple[Piece, ...]
    group: Group
    tail: tuple[Piece, ...]

    @property
    def form(self) -> str:
        """``SELECT`` or ``ASK``; of a sub-select always the former."""
        first = self.head[0]
        return first.upper if isinstance(first, Word) else ""

    @property
    def projected(self) -> tuple[str, ...]:
        """The variables that the solutions have, in order; those in scope where it says ``*``."""
        names = [name for word, _ in _with_depth(self.head, 1) if (name := word.variable)]
        star = any(word.text == "*" for word, depth in _with_depth(self.head, 0))
        return tuple(dict.fromkeys(in_scope(self.group) if star else names))


Piece = Word | Group | Select


@lru_cache(maxsize=4096)
def read(text: str) -> Select:
    """The tree of a SELECT or ASK that is valid SPARQL and has no BASE."""
    return _Reader(text).query()


def words(*pieces: Piece) -> Iterator[Word]:
    """All words of some pieces."""
    for piece in pieces:
        if isinstance(piece, Word):
            yield piece
        elif isinstance(piece, Select):
            yield from words(*piece.head, piece.group, *piece.tail)
        else:
            for element in piece.elements:
                yield from words(*element.pieces)


def variables(*pieces: Piece) -> set[str]:
    """The names of all variables in some pieces."""
    return {word.variable for word in words(*pieces)} - {""}


def selects(*pieces: Piece) -> Iterator[Select]:
    """All sub-selects in some pieces, and those among the pieces themselves."""
    for piece in pieces:
        if isinstance(piece, Select):
            yield piece
            yield from selects(*piece.head, piece.group, *piece.tail)
        elif isinstance(piece, Group):
            for element in piece.elements:
                yield from selects(*element.pieces)


def elements(*pieces: Piece) -> Iterator[Element]:
    """All elements of all groups in some pieces."""
    for piece in pieces:
        if isinstance(piece, Select):
            yield from elements(*piece.head, piece.group, *piece.tail)
        elif isinstance(piece, Group):
            for element in piece.elements:
                yield element
                yield from elements(*element.pieces)


def in_scope(group: Group) -> Iterator[str]:
    """The variables that are in scope in a group (SPARQL 1.1, section 18.2.1), in the order of the text."""
    for element in group.elements:
        if element.kind == "bind":
            yield [name for word in words(*element.pieces) if (name := word.variable)][-1]
        elif element.kind != "filter":
            for piece in element.pieces:
                yield from _seen(piece)


def _seen(piece: Piece) -> Iterator[str]:
    if isinstance(piece, Word):
        yield from filter(None, [piece.variable])
    else:
        yield from piece.projected if isinstance(piece, Select) else in_scope(piece)


def _with_depth(pieces: tuple[Piece, ...], deepest: int) -> Iterator[tuple[Word, int]]:
    """The words outside brackets, and if ``deepest`` is 1, of each bracket the variable that it ends with."""
    depth = 0
    last: Word | None = None
    for piece in pieces:
        if not isinstance(piece, Word):
            continue
        depth += (piece.text == "(") - (piece.text == ")")
        if depth == 0 and piece.text == ")" and deepest and last:
            yield last, 1
        elif depth == 0:
            yield piece, 0
        last = piece


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
