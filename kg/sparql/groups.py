"""SPARQL text as a tree of its groups, kept word for word: enough to see what is in scope where, and to write into it.

Not a parser: who reads a text here has found it valid with a real one. Prefixed names are written out as IRIs on the
way, so that a piece of the tree can stand in any other query. https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


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
