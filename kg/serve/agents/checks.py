"""What a query of a language model must be: one that only reads, reaches nothing else, and uses terms there are."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from kg.errors import QueryError, QuerySyntaxError, RefusedError
from kg.queries.terms import unknown_terms
from kg.sparql.clauses import has_clause, refuse_service, syntax_error
from kg.sparql.datasets import dataset_of
from kg.sparql.prologue import words
from kg.vocabulary import PREFIXES

LONGEST = 8_000
"""Characters of a query."""
_DEEPEST = 40
_TRIPLE = "<<"
# Where the engine may read signs otherwise than `words`: blanks and line ends that are none to one of them, and what is
# an IRI to one and a comparison with the beginning of a string or a comment to the other.
_ODD = re.compile(r"\r(?!\n)|[^\S \t\r\n]")
_EITHER = re.compile(r"<(?:[^']+'|(?!\w+://)[^#]*#)")
_OPENING, _CLOSING = frozenset("{(["), frozenset("})]")
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_FORMS = ("SELECT", "ASK")
_PREFIX = re.compile(r"\bPREFIX\s+([A-Za-z][\w.-]*)?:", re.IGNORECASE)
_READ_ONLY = "nothing can be changed from here, and nothing loaded: ask with SELECT or ASK"


def form_of(text: str) -> str:
    """Whether it is a SELECT or an ASK.

    Raises
    ------
    RefusedError
        It is an update.
    QueryError
        It is too long or too deeply nested, is another form of query or uses BASE.
    QuerySyntaxError
        It is nothing of the kind.
    """
    if len(text) > LONGEST:
        raise QueryError(f"a query may have {LONGEST:,} characters here, not {len(text):,}")
    if _depth(text) > _DEEPEST:
        raise QueryError(f"groups and brackets may stand {_DEEPEST} deep in one another here")
    if text.count(_TRIPLE) > _DEEPEST:
        raise QueryError(f"a query may have {_DEEPEST} signs {_TRIPLE} here, not {text.count(_TRIPLE)}")
    found = [word[0].upper() for word in words(text)]
    place = 0
    while place < len(found) and found[place] == "PREFIX":
        place += 3
    form = found[place] if place < len(found) else ""
    if form in _UPDATES:
        raise RefusedError(f"{form} is refused: {_READ_ONLY}")
    if form == "BASE":
        raise QueryError("BASE is not taken here: write IRIs in full, or with prefixes")
    if form in ("CONSTRUCT", "DESCRIBE"):
        raise QueryError(f"{form} is not taken here: SELECT the values, or call the tool describe for a thing")
    if form not in _FORMS:
        raise QuerySyntaxError(
            f"a query begins with SELECT or ASK, after its prefixes, not with {form[:40] or 'nothing'}"
        )
    return form


def with_prefixes(text: str) -> str:
    """The query with the known prefixes that it does not declare; its lines keep their numbers."""
    declared = {match[1] for match in _PREFIX.finditer(text)}
    used = (name for name in PREFIXES if f"{name}:" in text and name not in declared)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in used) + text


def check(text: str) -> None:
    """Raise what is wrong with a SELECT or an ASK before it is run.

    Raises
    ------
    QuerySyntaxError
        It is not SPARQL.
    RefusedError
        It calls another server.
    QueryError
        The ontology lacks a class or property of its own that it uses; the text names near ones.
    """
    refuse_service(text)
    if error := syntax_error(text):
        raise QuerySyntaxError(f"this is not SPARQL: {error}")
    unknown = [f"{name} (near: {', '.join(near)})" if near else name for name, near in unknown_terms(text)]
    if unknown:
        raise QueryError(
            f"the ontology has no class or property {'; '.join(unknown)}; the resource kg://schema lists those of use"
        )


def checked(query: str) -> tuple[str, str]:
    """The query with its prefixes, and its form; errors as of `form_of` and `check`."""
    text = with_prefixes(query)
    form = form_of(text)
    check(text)
    return text, form


def asks_graphs(text: str) -> bool:
    """Whether it states graphs, with FROM."""
    return has_clause(text, "FROM")


def check_graphs(text: str, known: Collection[str]) -> None:
    """Raise `RefusedError` for a FROM that names no graph of the release: nothing is fetched from anywhere."""
    dataset = dataset_of(text)
    for graph in dataset.graphs if dataset else ():
        if graph not in known:
            near = difflib.get_close_matches(graph, sorted(known), n=3)
            hint = f"there is {', '.join(near)}" if near else "leave FROM out to ask all graphs"
            raise RefusedError(
                f"FROM <{graph}> is refused: it is no graph of the release, and nothing is fetched; {hint}"
            )


def _depth(text: str) -> int:
    """How deep brackets can stand in one another; where the engine may read a text otherwise, as if none were closed.

    The parser goes as deep as they do, and a process that lets it go too deep ends.
    """
    found = [word[0] for word in words(text)]
    if _ODD.search(text) or any(_EITHER.match(word) for word in found):
        return sum(map(text.count, "{(["))
    deepest = depth = 0
    for word in found:
        depth += (word in _OPENING) - (word in _CLOSING)
        deepest = max(deepest, depth)
    return deepest
