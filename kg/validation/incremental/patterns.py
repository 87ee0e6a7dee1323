"""What a SPARQL constraint looks at: the triple patterns of its algebra, and the chains of patterns that lead to them.

A chain begins at a variable that is bound beforehand (``$this``) and goes from pattern to pattern over the variables
that they share. It may use the patterns of the group that it is in and of the groups around it, as far as those hold
for every solution; never those of another branch of a UNION or inside an OPTIONAL. A variable is carried into a group
only if every solution of that group binds it: only then does restricting the group to the value at hand leave the join
as it is (https://www.w3.org/TR/sparql11-query/#sparqlAlgebra, Join, LeftJoin and Minus of compatible mappings). Into a
sub-select only the variables bound beforehand are carried.

Patterns that no chain leads to (they are joined by BIND or FILTER alone, or begin at a constant or at a predicate) are
lookups without a way: a change of such a triple concerns every focus node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import dropwhile
from typing import Any

from pyparsing import ParseException
from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath
from rdflib.paths import Path as RdflibPath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Node, Variable

from kg.sparql.tokens import TOKEN, without_values
from kg.validation.incremental.lookups import ANY, Lookup, Ways, along, inverse, joined
from kg.validation.paths import Path
from kg.vocabulary import RDF

Pattern = tuple[Node, Node | RdflibPath, Node]
Known = Mapping[Node, Ways]
"""How the focus node comes to the values of variables (blank nodes of a pattern are variables too)."""

_THROUGH = {"Filter", "Extend"}
_APART = {"Project", "Distinct", "Reduced", "OrderBy", "Slice", "ToMultiSet", "Group", "AggregateJoin", "SelectQuery"}
_VARIABLE = re.compile(r"[$?]\w")
_BEFORE = re.compile(r"[$?<\"'\d;)\]]|_:|[\w-]*:")
_OBJECT = re.compile(r"""[$?<\["'(+\d-]|_:|(?i:true|false)$""")
_WAYS = 3
_HOPS = 6
_REPEATS = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


class BeyondReachError(Exception):
    """The query asks something that no change of single triples tells of, such as the names of graphs."""


def lookups(query: str, bound: Mapping[str, Ways]) -> tuple[Lookup, ...] | None:
    """What a SELECT or ASK looks at, prefixes declared in its text; None if that cannot be said.

    Parameters
    ----------
    bound
        Variables that are bound before the query runs, and how the focus node comes to their values.
    """
    try:
        algebra = _algebra(query)
        if algebra.get("datasetClause"):
            return None
        known: Known = {Variable(name): ways for name, ways in bound.items()}
        return tuple(dict.fromkeys(_Walk(known).group(algebra.p, known)))
    except (BeyondReachError, ParseException):
        return None


@lru_cache(maxsize=1024)
def _algebra(query: str) -> CompValue:
    return translateQuery(parseQuery(without_values(query))).algebra


def named_in(query: str) -> frozenset[str] | None:
    """All IRIs in a query whose names are written in full; None if it may look at any predicate.

    A variable in the place of a predicate is known by what stands around it: a subject or a semicolon, and an object.
    """
    words = [word for word in TOKEN.findall(without_values(query)) if not word.startswith("#")]
    group = list(dropwhile("{".__ne__, words))  # what is projected stands before it, variables beside variables
    places = zip(group, group[1:], group[2:], strict=False)
    if "!" in words or any(
        _BEFORE.match(one) and _VARIABLE.match(two) and _OBJECT.match(three) for one, two, three in places
    ):
        return None
    return frozenset(RDF.type if word == "a" else word[1:-1] for word in words if word == "a" or word[0] == "<")


class _Walk:
    """A walk over an algebra expression, with what is known of the variables at each of its parts."""

    def __init__(self, bound: Known) -> None:
        self._bound = bound

    def group(self, part: CompValue, known: Known) -> Iterator[Lookup]:
        """The lookups of a part; ``known`` holds only variables that may be carried into it."""
        if part.name == "BGP":
            yield from self._patterns(part.triples, known)
        elif part.name in _APART:
            yield from self.group(part.p, self._bound) if "p" in part else ()
            yield from self._expression([part[name] for name in ("expr", "A") if name in part], self._bound)
        elif part.name in _THROUGH:
            found = _found(known, core(part.p))
            yield from self._into(part.p, found)
            yield from self._expression(part.expr, found)
        elif part.name in ("Join", "Union", "LeftJoin", "Minus"):
            yield from self._pair(part, known)
        elif part.name != "values":
            raise BeyondReachError(part.name)

    def _pair(self, part: CompValue, known: Known) -> Iterator[Lookup]:
        left = () if part.name == "Union" else core(part.p1)
        right = core(part.p2) if part.name == "Join" else ()
        found = _found(known, (*left, *right))
        yield from self._into(part.p1, found if part.name == "Join" else known)
        yield from self._into(part.p2, found)
        if part.name == "LeftJoin":
            yield from self._expression(part.expr, _found(found, core(part.p2)))

    def _into(self, part: CompValue, known: Known) -> Iterator[Lookup]:
        inside = certain(part) | set(self._bound)
        return self.group(part, {name: ways for name, ways in known.items() if name in inside})

    def _patterns(self, triples: Iterable[Pattern], known: Known) -> Iterator[Lookup]:
        patterns = list(triples)
        found = {**_found(known, patterns), **self._bound}
        for subject, predicate, value in patterns:
            path = _path(predicate)
            if path.operator == "predicate":
                yield _single(subject, path, value, found)
            else:
                yield from _several(subject, path, value, found)

    def _expression(self, expression: object, known: Known) -> Iterator[Lookup]:
        """The lookups of EXISTS and NOT EXISTS, wherever they stand in an expression."""
        if isinstance(expression, CompValue):
            if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                yield from self._into(expression.graph, known)
            else:
                for value in expression.values():
                    yield from self._expression(value, known)
        elif isinstance(expression, list | tuple):
            for value in expression:
                yield from self._expression(value, known)


def core(part: CompValue) -> tuple[Pattern, ...]:
    """The triple patterns that every solution of a part matches."""
    if part.name == "BGP":
        return tuple(part.triples)
    if part.name == "Join":
        return (*core(part.p1), *core(part.p2))
    if part.name in ("LeftJoin", "Minus"):
        return core(part.p1)
    return core(part.p) if part.name in _THROUGH else ()


def certain(part: CompValue) -> set[Node]:
    """The variables that every solution of a part binds."""
    if part.name == "BGP":
        return {term for triple in part.triples for term in triple if isinstance(term, Variable | BNode)}
    if part.name == "Join":
        return certain(part.p1) | certain(part.p2)
    if part.name == "Union":
        return certain(part.p1) & certain(part.p2)
    if part.name in ("LeftJoin", "Minus"):
        return certain(part.p1)
    return certain(part.p) if part.name in _THROUGH else set()


def _found(known: Known, patterns: Iterable[Pattern]) -> dict[Node, Ways]:
    """How to come to the variables of patterns, by a few chains each, the shortest first."""
    found = {name: list(ways) for name, ways in known.items()}
    chains = [(name, way, frozenset([name]), 0) for name, ways in known.items() for way in ways]
    hops = [hop for pattern in patterns for hop in _hops(pattern)]
    for name, way, passed, length in chains:  # grows while it is walked
        for begin, path, end in hops:
            if begin != name or end in passed or end in known or length == _HOPS:
                continue
            ways = found.setdefault(end, [])
            if len(ways) < _WAYS and (longer := joined(way, path)) not in ways:
                ways.append(longer)
                chains.append((end, longer, passed | {end}, length + 1))
    return {name: tuple(ways) for name, ways in found.items()}


def _hops(pattern: Pattern) -> Iterator[tuple[Node, Path, Node]]:
    subject, predicate, value = pattern
    path = _path(predicate)
    if all(isinstance(term, Variable | BNode) for term in (subject, value)):
        yield subject, joined(inverse(inverse(path))), value
        yield value, inverse(path), subject


def _single(subject: Node, path: Path, value: Node, found: Known) -> Lookup:
    """The lookup of a plain triple pattern; of constants only IRIs count, as stores may write literals anew."""
    (lookup,) = along(path, found.get(subject, ()), found.get(value, ()))
    ends = {"subject": subject, "object": value}
    only = {name: str(term) for name, term in ends.items() if isinstance(term, URIRef)}
    return Lookup(lookup.predicate, lookup.ways, **only)


def _several(subject: Node, path: Path, value: Node, found: Known) -> Iterator[Lookup]:
    start, end = found.get(subject, ()), found.get(value, ())
    yield from along(path, start, end)
    free = all(isinstance(term, Variable | BNode) for term in (subject, value))
    if free and not start and not end and _is_optional(path):
        yield Lookup(None, ())  # a path of length zero matches every node that there is


def _is_optional(path: Path) -> bool:
    """Whether a path may have no step."""
    if path.operator in ("zeroOrMorePath", "zeroOrOnePath"):
        return True
    parts = map(_is_optional, path.parts)
    if path.operator == "alternativePath":
        return any(parts)
    return bool(path.parts) and all(parts)


def _path(predicate: Node | RdflibPath) -> Path:
    """A predicate or property path of a query; a negated set is taken for any predicate, in both directions."""
    if isinstance(predicate, URIRef):
        return Path.predicate(str(predicate))
    if isinstance(predicate, Variable):
        return ANY
    if isinstance(predicate, NegatedPath):
        return Path("alternativePath", parts=(ANY, inverse(ANY)))
    if isinstance(predicate, MulPath):
        return Path(_REPEATS[str(predicate.mod)], parts=(_path(predicate.path),))
    if isinstance(predicate, InvPath):
        return Path("inversePath", parts=(_path(predicate.arg),))
    return _composed(predicate)


def _composed(path: Any) -> Path:
    if isinstance(path, SequencePath | AlternativePath):
        operator = "sequence" if isinstance(path, SequencePath) else "alternativePath"
        return Path(operator, parts=tuple(map(_path, path.args)))
    raise BeyondReachError(str(path))
