"""A SPARQL 1.1 Update request as its operations: of what kind each is, and which graphs it says that it writes.

The engine's own parser decides what is valid and what its keywords are. Where an operation begins and which graphs it
names is read from our tokens, and a text can be made to be read otherwise by Oxigraph: nothing that must hold may rest
on that. It serves clear errors, the fetching of LOAD, and the dataset that the protocol adds.
https://www.w3.org/TR/sparql11-update/, https://www.w3.org/TR/sparql11-query/#rUpdate
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import pyoxigraph as ox

from kg.errors import QueryError, QuerySyntaxError
from kg.sparql.operations import ALL, DEFAULT, NAMED, Operation
from kg.sparql.tokens import TOKEN

_GRAPH_WORDS = frozenset({DEFAULT, NAMED, ALL})


def read(text: str, base: str | None = None) -> list[Operation]:
    """The operations of a request, in order. Nothing of it is done, and the network is not reached.

    Oxigraph takes declarations at the beginning only, the standard before every operation (rule 30, ``Update``): so
    each operation comes with all that stand before it.

    Raises
    ------
    QuerySyntaxError
        It is not SPARQL 1.1 Update.
    """
    reader = _Reader(text, base)
    if (error := _syntax_error(text, base)) and not reader.declares_late:
        raise QuerySyntaxError(str(error)) from error
    try:
        operations = list(reader.operations())
    except (SyntaxError, StopIteration, LookupError) as fault:
        raise QuerySyntaxError(f"this request is not clear to us: {fault}; write it with more white space") from fault
    if error:
        _check_labels(operations)
    return operations


def has_keyword(operations: Iterable[Operation], keyword: str, base: str | None = None) -> bool:
    """Whether some of these use a keyword, decided by the engine's parser as `kg.sparql.clauses.has_clause` does."""
    return any(_has_keyword(each.request, keyword, base) for each in operations)


def with_dataset(
    operations: Iterable[Operation], using: Sequence[str], named: Sequence[str], base: str | None = None
) -> list[Operation]:
    """The operations with their patterns matched in the dataset that the protocol names (SPARQL 1.1 Protocol, 2.2.3).

    Raises
    ------
    QueryError
        One has a dataset itself: USING, USING NAMED or WITH; or a graph's name is no absolute IRI.
    """
    operations = list(operations)
    for keyword in ("USING", "WITH"):
        if has_keyword(operations, keyword, base):
            raise QueryError(f"the request has {keyword}, so it takes no using-graph-uri and no using-named-graph-uri")
    for graph in (*using, *named):
        _check_iri(graph)
    return [each.over(using, named) if each.matches else each for each in operations]


def _check_iri(graph: str) -> None:
    try:
        ox.NamedNode(graph)
    except ValueError as error:
        raise QueryError(f"the name of a graph is no absolute IRI: {error}") from error


def _check_labels(operations: Sequence[Operation]) -> None:
    """See that no label of a blank node stands in two operations (SPARQL 1.1 Query, 19.6), as Oxigraph does."""
    seen: set[str] = set()
    for operation in operations:
        labels = {word.text for word in _words(operation.text) if word.text.startswith("_:")}
        if shared := labels & seen:
            raise QuerySyntaxError(f"{min(shared)} stands in two operations; a blank node belongs to one")
        seen |= labels


def _has_keyword(text: str, keyword: str, base: str | None) -> bool:
    if keyword.lower() not in text.lower():
        return False
    return _syntax_error(re.sub(keyword, keyword[:-1] + "x", text, flags=re.IGNORECASE), base) is not None


def _syntax_error(text: str, base: str | None) -> SyntaxError | None:
    try:
        _parser().update(text, base_iri=base)
    except SyntaxError as error:
        return error
    except RuntimeError:
        return None  # what a store that is read-only says when the text was parsed and before anything is done
    return None


@cache
def _parser() -> ox.Store:
    """A store that parses updates and does none of them: one on disk, opened for reading; its files may go at once."""
    with tempfile.TemporaryDirectory() as room:
        ox.Store(f"{room}/empty").flush()
        return ox.Store.read_only(f"{room}/empty")


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int
    depth: int

    @property
    def upper(self) -> str:
        return self.text.upper()


class _Reader:
    """Cuts a valid request at the semicolons outside braces, and reads each piece from its keywords."""

    def __init__(self, text: str, base: str | None) -> None:
        self._text, self._base = text, base
        self._words = list(_words(text))

    def pieces(self) -> Iterator[tuple[str, list[_Word]]]:
        """For each piece the text of its declarations, and the words after them."""
        ends = [place for place, word in enumerate(self._words) if word.text == ";" and not word.depth]
        for begin, end in pairwise([-1, *ends, len(self._words)]):
            words = self._words[begin + 1 : end]
            count = _declarations(words)
            declared = self._text[words[0].start : words[count - 1].end] + "\n" if count else ""
            yield declared, words[count:]

    @property
    def declares_late(self) -> bool:
        """Whether a later operation has declarations of its own."""
        return any(declared for declared, _ in list(self.pieces())[1:])

    def operations(self) -> Iterator[Operation]:
        prologue = ""
        for declared, words in self.pieces():
            prologue += declared
            if words:
                text = self._text[words[0].start : words[-1].end]
                if error := _syntax_error(f"{prologue}{text}", self._base):
                    raise QuerySyntaxError(str(error)) from error
                yield self._operation(text, words, prologue)

    def _operation(self, text: str, words: list[_Word], prologue: str) -> Operation:
        first, second = words[0].upper, words[1].upper
        if first in ("INSERT", "DELETE", "WITH"):
            kind = f"{first} {second}" if second in ("DATA", "WHERE") else "MODIFY"
            return self._quads(Operation(kind, prologue, text), words)
        silent = second == "SILENT"
        names = list(self._names(words[1 + silent :], prologue))
        if first == "LOAD":
            return Operation(first, prologue, text, tuple(names[1:] or [DEFAULT]), document=names[0], silent=silent)
        written = names[1:] if first in ("ADD", "COPY") else names
        source = names[0] if first in ("ADD", "COPY", "MOVE") else ""
        return Operation(first, prologue, text, tuple(dict.fromkeys(written)), source=source, silent=silent)

    def _quads(self, operation: Operation, words: list[_Word]) -> Operation:
        """An INSERT or DELETE: it writes what is in its templates, the groups before USING and WHERE."""
        outside = {word.upper: word for word in reversed(words) if not word.depth}
        end = min((outside[key].start for key in ("USING", "WHERE") if key in outside), default=words[-1].end)
        template = [word for word in words if word.start < end] if operation.kind != "DELETE WHERE" else words
        home = self._iri(words[1].text, operation.prologue) if words[0].upper == "WITH" else None
        names = [home or DEFAULT] if any(_is_triple(*pair) for pair in pairwise(template)) else []
        graphs = [after.text for word, after in pairwise(template) if word.depth and word.upper == "GRAPH"]
        names += [self._iri(name, operation.prologue) for name in graphs if name[0] not in "?$"]
        using, using_named = self._dataset(words, operation.prologue)
        return replace(
            operation,
            targets=tuple(dict.fromkeys(names)),
            variables=tuple(dict.fromkeys(f"?{name[1:]}" for name in graphs if name[0] in "?$")),
            pattern=(outside["WHERE"].start if operation.kind == "MODIFY" else words[-1].end) - words[0].start,
            home=home,
            using=using,
            using_named=using_named,
        )

    def _dataset(self, words: list[_Word], prologue: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The graphs of USING, and those of USING NAMED."""
        found: dict[bool, list[str]] = {False: [], True: []}
        for word, after, later in zip(words, words[1:], words[2:], strict=False):
            if word.upper == "USING" and not word.depth:
                named = after.upper == NAMED
                found[named].append(self._iri((later if named else after).text, prologue))
        return tuple(found[False]), tuple(found[True])

    def _names(self, words: Sequence[_Word], prologue: str) -> Iterator[str]:
        for word in words:
            if word.upper in _GRAPH_WORDS:
                yield word.upper
            elif word.upper not in ("GRAPH", "TO", "INTO"):
                yield self._iri(word.text, prologue)

    def _iri(self, name: str, prologue: str) -> str:
        """The IRI that a name stands for, read by the engine: SPARQL's declarations are Turtle's as well."""
        statement = f"{prologue}{name} <x:> <x:> ."
        quad = next(ox.parse(statement, format=ox.RdfFormat.TURTLE, base_iri=self._base))
        return str(quad.subject.value)


def _is_triple(before: _Word, word: _Word) -> bool:
    """Whether a word of a template belongs to a triple outside GRAPH."""
    return word.depth == 1 and word.text not in "{}." and word.upper != "GRAPH" and before.upper != "GRAPH"


def _words(text: str) -> Iterator[_Word]:
    """The words, each with the number of braces that it stands in; a brace stands outside itself."""
    depth = 0
    for match in TOKEN.finditer(text):
        if match[0].startswith("#"):
            continue
        depth -= match[0] == "}"
        yield _Word(match[0], match.start(), match.end(), depth)
        depth += match[0] == "{"


def _declarations(words: Sequence[_Word]) -> int:
    """How many words at the beginning declare prefixes and bases."""
    count = 0
    while count < len(words) and words[count].upper in ("PREFIX", "BASE"):
        count += 3 if words[count].upper == "PREFIX" else 2
    return count
