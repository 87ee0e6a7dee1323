"""What SHACL forbids of a query with variables bound beforehand, and what has no set-based form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from kg.sparql.groups import Select, Word, elements, selects, variables, words
from kg.validation.compiler.prebinding import InOtherGraphError, Writer

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
    except InOtherGraphError:
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
