"""Pre-binding of SHACL for all focus nodes at once: a pattern that binds them is joined where the standard joins one.

SHACL defines pre-binding (appendix A) by joining each basic graph pattern of a query with a table of the variables and
their values. Here the table holds the values of all evaluations instead of one. Every solution of every part of a
query then says by its ``$this`` which evaluation it belongs to, and no operator that is allowed mixes two of them:

- Join and LeftJoin take only solutions that agree on ``$this``; Union, Filter, Extend and Graph work on one at a time.
- Grouping keeps them apart, as a SELECT must project ``$this`` and so has to group by it; so does DISTINCT.
- MINUS, VALUES, SERVICE and ``AS ?this`` are forbidden by the standard, and a sub-select has to project ``$this``.
- EXISTS puts the values at hand into its group, in nested groups too (SPARQL 1.1, section 18.6): its own pre-binding.

So the solutions are, as a multiset, those of all evaluations together. Only LIMIT and OFFSET count across focus nodes;
such queries are not compiled.

A join is left out where it changes nothing: where a group's own patterns bind ``$this`` before an expression asks for
it, the join of the outermost group suffices, as joins may be regrouped. It is needed at the beginning of

- the outermost group, and each sub-select, where it also keeps aggregates to the nodes that are asked for;
- a group with a FILTER, a BIND or the condition of an OPTIONAL that mentions ``$this`` unbound, as does
  ``{ FILTER(bound($this)) }``.

A path that may have no step, as in ``$this ex:p* ?value``, is joined like any pattern, so it starts at the nodes of the
graph: a focus node that the graph does not have finds nothing there. Engines that write the node into the path find the
node itself (SPARQL 1.1, section 9.3). Value nodes of a shape, which ASK validators are asked about, do include it.

Where there are many nodes, a ``FILTER NOT EXISTS`` of one triple pattern is written as MINUS, which engines evaluate in
one go instead of node by node. The two are the same where every variable that the pattern shares with its group is
bound in all solutions of the group, and there is one.

Parameters of components, ``$currentShape`` and ``$PATH`` have one value for all evaluations and are written in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from kg.sparql.groups import (
    Element,
    Group,
    Piece,
    Select,
    Word,
    elements,
    in_scope,
    selects,
    variables,
    words,
)

_COUNTED = frozenset({"LIMIT", "OFFSET"})


def problems(query: Select, bound: Iterable[str], *, has_path: bool) -> Iterator[str]:
    """How a query treats variables as the standard forbids, in words (SHACL, sections 5.2, 5.3 and appendix A).

    Parameters
    ----------
    bound
        The variables that may be bound beforehand, without ``shapesGraph`` and ``currentShape``.
    """
    every = list(words(query))
    named = set(bound)
    kept = {*named, "shapesGraph", "currentShape"} | ({"PATH"} if has_path else set())
    for before, word in pairwise(every):
        if before.upper == "AS" and word.variable in kept:
            yield f"AS {word.text} is not allowed: the variable has its value beforehand"
    yield from _of_path(query, has_path=has_path)
    for select in selects(query):
        for name in sorted(named - set(select.projected)):
            if select is not query:
                yield f"a sub-select does not project ${name}, which has its value beforehand"
    if query.form == "SELECT" and "this" not in query.projected:
        yield "the SELECT does not project $this"
    yield from _of_graphs(query)


def _of_path(query: Select, *, has_path: bool) -> Iterator[str]:
    if "PATH" not in variables(query):
        return
    if not has_path:
        yield "$PATH needs a property shape; write the property into the query"
    outside = [piece for select in selects(query) for piece in (*select.head, *select.tail)]
    outside += [piece for element in elements(query) if element.kind in ("filter", "bind") for piece in element.pieces]
    if any(piece.variable == "PATH" for piece in outside if isinstance(piece, Word)):
        yield "$PATH stands for a path, so it can only be a predicate"


def _of_graphs(query: Select) -> Iterator[str]:
    """The focus nodes are those of the data graph, and cannot be joined where another graph is looked at."""
    names = {"this", "value"} if query.form == "ASK" else {"this"}
    writer = Writer(frozenset(names), "FILTER(true)")
    try:
        writer.group(query.group, exists=query.form == "ASK")
    except _InOtherGraphError:
        yield "inside GRAPH, $this must stand in a triple pattern before an expression asks for it"


def unlike(query: Select) -> str:
    """Why joining would give other solutions than pre-binding; empty if it does not."""
    for select in selects(query):
        for word in words(*select.tail):
            if word.upper in _COUNTED:
                return f"{word.upper} counts solutions of each focus node apart"
    if query.form == "ASK" and query.tail:
        return "an ASK with modifiers has no set-based form"
    return ""


class _InOtherGraphError(Exception):
    """The domain would have to be joined inside GRAPH."""


@dataclass(frozen=True)
class Writer:
    """Writes a query as text, with what is bound beforehand.

    Parameters
    ----------
    names
        The variables that ``domain`` binds.
    domain
        A graph pattern that binds them, and nothing else that is visible; empty to leave them open.
    constants
        Variables that have one value, and how it is written.
    many
        Whether the domain is large.
    """

    names: frozenset[str] = frozenset()
    domain: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    many: bool = False

    def select(self, query: Select, *, exists: bool = False) -> str:
        """A SELECT over the domain; inside an EXISTS, which binds its values, only if its patterns do not."""
        group = self.group(query.group, joined=not exists or not self.names <= certain(query.group))
        return f"{self._head(query.head)} WHERE {group}{self._tail(query.tail)}"

    def group(self, group: Group, *, joined: bool = False, within: bool = False, exists: bool = False) -> str:
        """A group in braces.

        Parameters
        ----------
        joined
            Whether the domain is joined in any case.
        within
            Whether the group is that of an OPTIONAL: its own filters see what is bound before it.
        exists
            Whether it is, or is part of, that of an EXISTS, into which values are put from without.
        """
        joined = not group.select and (joined or (not exists and self._wants(group, within=within)))
        start = f" {{ {self.domain} }}" if joined and self.domain else ""
        apart = [] if exists or within else self._apart(group, self.names if start else frozenset())
        kept = "".join(self._element(element, exists=exists) for element in group.elements if element not in apart)
        less = "".join(f" MINUS {self.group(element.groups[0], exists=True)}" for element in apart)
        return f"{{{start}{kept}{less} }}"

    def _apart(self, group: Group, joined: frozenset[str]) -> list[Element]:
        """The filters of a group that MINUS says as well."""
        if not self.many:
            return []
        seen, bound = {*in_scope(group), *joined}, certain(group) | joined
        asked = {element: variables(*element.groups) for element in group.elements if lacks_one_triple(element)}
        shared = {element: (names & seen) - self.constants.keys() for element, names in asked.items()}
        return [
            element for element, names in shared.items() if names and names <= bound and "PATH" not in asked[element]
        ]

    def condition(self, group: Group) -> str:
        """The filters of a group of nothing else, as one expression that is never an error; empty if there is more."""
        if not group.elements or any(element.kind != "filter" for element in group.elements):
            return ""
        parts = [f"({self._pieces(element.pieces[1:], exists=True)})" for element in group.elements]
        return f"COALESCE({' && '.join(parts)} && true, false)"

    def _wants(self, group: Group, *, within: bool) -> bool:
        have: set[str] = set()
        asked: set[str] = set()
        for element in group.elements:
            if element.kind == "filter":
                asked |= set() if within else self._mentioned(element)
            elif (self._mentioned(element) if element.kind == "bind" else self._of_optional(element)) - have:
                return True
            have |= bound_by(element)
        return bool(asked - have)

    def _of_optional(self, element: Element) -> set[str]:
        """What the condition of an OPTIONAL asks of the left side."""
        if element.kind != "optional":
            return set()
        (group,) = element.groups
        asked = (self._mentioned(inner) for inner in group.elements if inner.kind == "filter")
        return set().union(*asked) - certain(group)

    def _mentioned(self, element: Element) -> set[str]:
        return variables(*element.pieces) & self.names

    def _element(self, element: Element, *, exists: bool) -> str:
        if element.kind in ("filter", "bind"):
            return self._pieces(element.pieces, exists=True)
        if element.kind == "select":
            (query,) = element.pieces
            return f" {self.select(query, exists=exists)}" if isinstance(query, Select) else ""
        text = self._pieces(element.pieces, exists=exists, within=element.kind == "optional")
        if element.kind == "graph" and self.domain and self.domain in text:
            raise _InOtherGraphError
        return text

    def _pieces(self, pieces: tuple[Piece, ...], *, exists: bool, within: bool = False) -> str:
        written = []
        place = 0
        while place < len(pieces):
            piece = pieces[place]
            if isinstance(piece, Group):
                written.append(f" {self.group(piece, within=within, exists=exists)}")
            elif isinstance(piece, Word):
                known = self._is_bound(pieces[place : place + 4])
                written.append(f"{piece.space}{'(true)' if known else self._word(piece)}")
                place += 3 * known
            place += 1
        return "".join(written)

    def _is_bound(self, pieces: tuple[Piece, ...]) -> bool:
        """Whether four words ask if a constant is bound, which must not be asked of a term."""
        asked = [piece.upper for piece in pieces[:2] if isinstance(piece, Word)] == ["BOUND", "("]
        return asked and isinstance(pieces[2], Word) and pieces[2].variable in self.constants

    def _word(self, word: Word) -> str:
        return self.constants.get(word.variable, word.text)

    def _head(self, head: tuple[Piece, ...]) -> str:
        """The SELECT clause, without the variables that have one value; messages have it anyhow."""
        return self._outside_brackets(head, "")

    def _tail(self, tail: tuple[Piece, ...]) -> str:
        return self._outside_brackets(tail, "({})")

    def _outside_brackets(self, pieces: tuple[Piece, ...], form: str) -> str:
        depth, written = 0, []
        for piece in pieces:
            if not isinstance(piece, Word):
                written.append(self._pieces((piece,), exists=True))
                continue
            depth += (piece.text == "(") - (piece.text == ")")
            constant = self.constants.get(piece.variable)
            text = form.format(constant) if constant and not depth else self._word(piece)
            written.append(f"{piece.space}{text}")
        return "".join(written).strip()


def lacks_one_triple(element: Element) -> bool:
    """Whether an element is a ``FILTER NOT EXISTS`` of one triple pattern without a path."""
    words_before = [piece.upper for piece in element.pieces if isinstance(piece, Word)]
    if words_before != ["FILTER", "NOT", "EXISTS"] or len(element.groups[0].elements) != 1:
        return False
    (inner,) = element.groups[0].elements
    pattern = [word.text for word in words(*inner.pieces)]
    return inner.kind == "triples" and len(pattern) == 3 + (pattern[-1] == ".")


def certain(group: Group) -> set[str]:
    """The variables that every solution of a group binds."""
    return set().union(*map(bound_by, group.elements)) if group.elements else set()


def bound_by(element: Element) -> set[str]:
    """The variables that every solution of an element binds; a sub-select has the domain joined."""
    if element.kind in ("triples", "values"):
        return variables(*element.pieces)
    if element.kind == "union":
        return set.intersection(*map(certain, element.groups))
    if element.kind == "graph":
        (group,) = element.groups
        return variables(*(piece for piece in element.pieces if isinstance(piece, Word))) | certain(group)
    if element.kind == "select":
        return {name for piece in element.pieces if isinstance(piece, Select) for name in piece.projected}
    return set()
