"""Pre-binding word for word as SHACL's appendix A defines it, one focus node after the other, on rdflib's algebra.

"Replace each occurrence Y of a Basic Graph Pattern, Property Path Expression or Graph(Var, pattern) with
join(Y, Table(μ))." Slow, and right by construction: what the set-based form is held against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rdflib import Graph
from rdflib.plugins.sparql.algebra import ToMultiSet, Values, translateQuery, traverse
from rdflib.plugins.sparql.evaluate import evalQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node, Variable

Solution = frozenset[tuple[str, Node]]


def solutions(data: Graph, query: str, values: Mapping[str, Node]) -> Iterator[Solution]:
    """The solutions of a SELECT with variables bound beforehand."""
    table = {Variable(name): value for name, value in values.items()}

    def joined(part: object) -> CompValue | None:
        if not isinstance(part, CompValue):
            return None
        part["_vars"] = {*(part.get("_vars") or ()), *table}  # what rdflib takes for the variables in scope
        if part.name not in ("BGP", "Graph"):
            return None
        return CompValue("Join", p1=part, p2=ToMultiSet(Values([table])), lazy=False, _vars=part["_vars"])

    translated = translateQuery(parseQuery(query))
    algebra = traverse(translated.algebra, visitPost=joined)
    for row in evalQuery(data, Query(translated.prologue, algebra), {})["bindings"]:
        yield frozenset((str(name), row[name]) for name in row)
