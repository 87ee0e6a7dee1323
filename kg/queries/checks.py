"""What a query file must keep to beyond its header: header and text agree, and the text is safe to run anywhere."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import pyoxigraph as ox

from kg import iris
from kg.errors import QueryError, QuerySyntaxError
from kg.queries.named import PARAMETER_LINE, NamedQuery
from kg.queries.ordering import is_ordered
from kg.queries.terms import near_terms, unknown_terms
from kg.sparql.clauses import refuse_service
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import TT

_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# IRIs, strings and comments: what may hold a keyword without meaning it.
_OPAQUE = re.compile(r"""<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*""")
# Words of the language, not variables or prefixed names that are spelt alike.
_LIMIT, _ORDER_BY = (re.compile(rf"(?<![?$:\w-]){word}(?![:\w-])", re.IGNORECASE) for word in ("LIMIT", r"ORDER\s+BY"))
_PROLOGUE = re.compile(r"^\s*PREFIX\s+[^\n]*$", re.MULTILINE | re.IGNORECASE)


class QueryFileError(Exception):
    """One thing that is wrong with a query file, and its line; leaves this package as a ConfigError with the path."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


def line_of(text: str, needle: str) -> int:
    """The number of the first line that holds the needle; 1 if none does."""
    return next((number for number, line in enumerate(text.splitlines(), 1) if needle in line), 1)


def check(query: NamedQuery) -> None:
    """Raise `QueryFileError` for the first thing wrong with a query's text, or where the header does not fit it."""
    projected = columns_of(query.text)
    if projected != [column.name for column in query.columns]:
        line = line_of(query.text, "columns:")
        raise QueryFileError(f"the query projects {', '.join(projected)}; the header's columns differ", line)
    if not is_ordered(query.text):
        last = query.text.rstrip().count("\n") + 1
        raise QueryFileError("the query has no ORDER BY after its WHERE: its rows would come in any order", last)
    for name, near in unknown_terms(query.text):
        raise _unknown(name, near, line_of(query.text, name))
    _check_parameter_lines(query)


def check_name(name: str) -> None:
    """Raise `QueryFileError` unless both parts of ``family/name`` are in kebab-case."""
    for part in name.split("/"):
        if not _KEBAB.fullmatch(part):
            raise QueryFileError(f"{part} is not in kebab-case", 1)


def check_term(term: ox.NamedNode | ox.Literal, line: int) -> None:
    """Raise `QueryFileError` for a value in the namespace of the ontology that the ontology lacks."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(iris.ONTOLOGY):
        name = term.value.removeprefix(iris.ONTOLOGY)
        if name not in TT.terms:
            raise _unknown(name, near_terms(name), line)


def _unknown(name: str, near: Sequence[str], line: int) -> QueryFileError:
    hint = f"it has {', '.join(near)}" if near else "all that it has is in ontology/techtransfer.ttl"
    return QueryFileError(f"the ontology has no class or property {name}; {hint}", line)


def columns_of(text: str) -> list[str]:
    """The variables that a SELECT query projects; `QueryFileError` for what is no safe SELECT query."""
    _check_limits(text)
    try:
        refuse_service(text)
        results = _query(text)
    except (SyntaxError, QuerySyntaxError) as error:
        where = re.search(r"at (\d+):", str(error))
        reason = textwrap.shorten(str(error), 200, placeholder=" ...")
        raise QueryFileError(f"not SPARQL: {reason}", int(where[1]) if where else 1) from error
    except QueryError as error:
        raise QueryFileError(str(error), line_of(_bare(text).upper(), "SERVICE")) from error
    if not isinstance(results, ox.QuerySolutions):
        del results  # an error keeps its frames, and what the library made must end in its own thread
        raise QueryFileError("a named query is a SELECT query", line_of(text, "CONSTRUCT"))
    return [variable.value for variable in results.variables]


def _check_parameter_lines(query: NamedQuery) -> None:
    standing = {parameter.name: parameter for parameter in query.parameters}
    missing = set(standing)
    for name, terms, line in _values_lines(query.text):
        if name in standing:
            value = standing[name].standing
            if terms != [None if value is None else standing[name].term(value)]:
                wanted = value or "UNDEF"
                raise QueryFileError(f"the line of ?{name} does not hold what the header says: {wanted}", line)
            missing.discard(name)
        elif len(terms) == 1:
            raise QueryFileError(f"?{name} has a VALUES line with one term and is no parameter in the header", line)
    for name in sorted(missing):
        line = line_of(query.text, f"name: {name}")
        raise QueryFileError(f"parameter {name} has no line VALUES ?{name} {{ ... }}", line)


def _values_lines(text: str) -> Iterator[tuple[str, list[ox.NamedNode | ox.Literal | None], int]]:
    """Name, terms (None for UNDEF) and line number of each line that is a VALUES block of one variable."""
    prologue = "\n".join(_PROLOGUE.findall(text))
    for match in PARAMETER_LINE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        try:
            rows = _query(f"{prologue}\nSELECT ?x WHERE {{ VALUES ?x {{ {match['term']} }} }}")
        except SyntaxError as error:
            raise QueryFileError("a VALUES block of one variable must have its line to itself", line) from error
        yield match["name"], [row["x"] for row in rows], line


def _bare(text: str) -> str:
    """The text with blanks for what may hold a keyword without meaning it: near enough to name a line."""
    return _OPAQUE.sub(lambda opaque: " " * len(opaque[0]), text)


def _check_limits(text: str) -> None:
    bare, start = _bare(text), 0
    for scope in re.split(r"(?<=[{}])", bare):
        limit = _LIMIT.search(scope)
        if limit and not _ORDER_BY.search(scope):
            raise QueryFileError("LIMIT without ORDER BY", bare.count("\n", 0, start + limit.start()) + 1)
        start += len(scope)


def _query(text: str) -> Any:
    """The answer of an empty store: what the engine itself reads in a text."""
    return EmbeddedStore.in_memory().database.query(text)
