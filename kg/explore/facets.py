"""Facets of a class: by which properties its things differ, which values there are and how many things have each.

In come a class and what was chosen so far, out go how many things are left, some of them, and for each property that
tells them apart its commonest values. Of very many things some are looked at, and numbers are then estimates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pyoxigraph as ox

from kg.errors import ParameterError
from kg.explore import naming
from kg.explore.graphs import Node
from kg.explore.links import nodes, values
from kg.explore.telling import called, told
from kg.queries.labels import Label
from kg.queries.values import Lookup, Steps
from kg.store.base import Term, text_of
from kg.vocabulary import RDF, RDFS

COUNTED = 50_000
"""Things of which all are looked at; of more so many are, whichever the store finds first."""
_BATCH = 20
_LONGEST = 2_000
_LITERAL = re.compile(r'"(.*)"(?:@([^"]+)|\^\^([^"]+))?', re.DOTALL)


@dataclass(frozen=True)
class Where:
    """One choice: a property, and the value that a thing must have; any value if that is None.

    Attributes
    ----------
    exact
        Whether a literal must have the type and the language as well, not the text alone.
    """

    property: ox.NamedNode
    value: ox.NamedNode | ox.Literal | None = None
    exact: bool = False

    @classmethod
    def of(cls, given: str) -> Where:
        """What a person wrote: ``homeArea=id/area/CN``, ``a=tt:Policy``, ``born="1990"``, or a property alone.

        A value in double quotes is a literal with that text, whatever its type and language, unless one follows:
        ``"x"@en``, ``"1990"^^xsd:gYear``. Any other value is a thing.

        Raises
        ------
        ParameterError
            It is none of these.
        """
        if len(given) > _LONGEST:
            raise ParameterError("where", f"at most {_LONGEST:,} characters")
        if given.startswith("<"):
            name, closed, rest = given.partition(">")
            name, mark, value = name + closed, rest[:1], rest[1:]
        else:
            name, mark, value = given.partition("=")
        if mark not in ("", "="):
            raise ParameterError("where", "a property, or property=value")
        by = naming.term(name, "where")
        if not mark:
            return cls(by)
        if literal := _LITERAL.fullmatch(value):
            return cls(by, _literal(*literal.groups()), exact=not value.endswith('"'))
        return cls(by, (naming.term if by.value == RDF.type else naming.thing)(value, "where"))

    def pattern(self, number: int) -> str:
        """What ``?thing`` has to have."""
        if isinstance(self.value, ox.Literal) and not self.exact:
            return f"FILTER EXISTS {{ ?thing {self.property} ?w{number} FILTER(STR(?w{number}) = {self.value}) }}"
        if self.value is None:
            return f"FILTER EXISTS {{ ?thing {self.property} ?w{number} }}"
        return f"?thing {self.property} {self.value} ."

    def __str__(self) -> str:
        """The same as `of` reads it."""
        if self.value is None:
            return f"<{self.property.value}>"
        if not isinstance(self.value, ox.Literal):
            return f"<{self.property.value}>={self.value.value}"
        language = self.value.language
        kind = f"@{language}" if language else f"^^<{self.value.datatype.value}>"
        return f'<{self.property.value}>="{self.value.value}"{kind if self.exact else ""}'


def _literal(text: str, language: str | None, datatype: str | None) -> ox.Literal:
    try:
        return ox.Literal(text, language=language, datatype=naming.term(datatype, "where") if datatype else None)
    except ValueError as error:
        raise ParameterError("where", f'a value such as "x", "x"@en or "1990"^^xsd:gYear ({error})') from error


@dataclass(frozen=True)
class Value:
    """A value, how many things have it, what it is called, and the choice of it; empty where it cannot be chosen."""

    term: Term
    count: int
    label: Label | None
    where: str


@dataclass(frozen=True)
class Facet:
    """A property: how many things have it, how many values there are, and the commonest of these."""

    property: str
    label: Label | None
    things: int
    distinct: int
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Facets:
    """How many things are left, some of them, and facets, those that tell most first.

    Attributes
    ----------
    seen
        How many things the facets are counted over; fewer than ``total`` where there are very many.
    things, after
        A page in the order of their IRIs, and where the next begins; of very many things whichever were found first.
    """

    classes: tuple[str, ...]
    total: int
    seen: int
    things: tuple[Node, ...]
    facets: tuple[Facet, ...]
    after: str = ""


def facets(
    kind: ox.NamedNode,
    chosen: Sequence[Where],
    *,
    properties: Sequence[str] = (),
    most: int,
    limit: int,
    after: str = "",
    language: str,
) -> Steps[Facets]:
    """The facets of a class and of those below it (``rdfs:subClassOf``).

    Parameters
    ----------
    properties
        Only these, whatever their values; without, those whose values tell things apart: more things than values.
    most
        Values of each.
    limit, after
        Things that are listed; the IRI after which they begin.
    """
    classes = yield from _below(kind)
    what = _things(classes, chosen)
    table = yield Lookup(f"SELECT (COUNT(DISTINCT ?thing) AS ?number) WHERE {{ {what} }}", ("number",))
    total = int(text_of(table.rows[0][0]))
    seen = min(total, COUNTED)
    looked_at = f"{{ SELECT DISTINCT ?thing WHERE {{ {what} }}{f' LIMIT {COUNTED}' if total > COUNTED else ''} }}"
    listed = yield from _listed(what, limit, after, few=total <= COUNTED)
    counted = (yield from _properties(looked_at, properties)) if total else {}
    found = yield from _values(looked_at, counted, most)
    names = yield from called(
        {*counted, *(term.value for those in found.values() for term, _ in those if isinstance(term, ox.NamedNode))},
        language,
    )
    things = yield from told(listed[:limit], language)
    return Facets(
        classes,
        total,
        seen,
        tuple(things.values()),
        tuple(_facet(name, *counted[name], found.get(name, []), names) for name in counted),
        listed[limit - 1] if len(listed) > limit else "",
    )


def _below(kind: ox.NamedNode) -> Steps[tuple[str, ...]]:
    """A class and all below it, sorted."""
    text = f"SELECT DISTINCT ?class WHERE {{ ?class <{RDFS.subClassOf}>* {kind} FILTER(isIRI(?class)) }} LIMIT 1000"
    table = yield Lookup(text, ("class",))
    return tuple(sorted({kind.value, *(text_of(each) for (each,) in table.rows)}))


def _things(classes: Sequence[str], chosen: Sequence[Where]) -> str:
    of_class = (
        f"?thing <{RDF.type}> {next(nodes(classes))} ."
        if len(classes) == 1
        else f"{values('class', classes)} ?thing <{RDF.type}> ?class ."
    )
    return " ".join([of_class, *(each.pattern(number) for number, each in enumerate(chosen))])


def _listed(what: str, limit: int, after: str, *, few: bool) -> Steps[list[str]]:
    """The things of a page, and one more if there is another page; a sample where there are too many to be sorted."""
    later = f"FILTER(STR(?thing) > {ox.Literal(after)})" if after else ""
    text = f"SELECT DISTINCT ?thing WHERE {{ {what} FILTER(isIRI(?thing)) {later} }}"
    ordered = f"ORDER BY STR(?thing) LIMIT {limit + 1}" if few else f"LIMIT {limit}"
    table = yield Lookup(f"{text} {ordered}", ("thing",))
    return [text_of(thing) for (thing,) in table.rows] if limit else []


def _properties(looked_at: str, wanted: Sequence[str]) -> Steps[dict[str, tuple[int, int]]]:
    """How many things have each property and how many values there are, those first that tell most."""
    only = values("property", wanted) if wanted else ""
    text = f"""SELECT ?property (COUNT(DISTINCT ?thing) AS ?things) (COUNT(DISTINCT ?value) AS ?values) WHERE {{
  {looked_at} {only} ?thing ?property ?value
}} GROUP BY ?property"""
    table = yield Lookup(text, ("property", "things", "values"))
    found = {text_of(name): (int(text_of(things)), int(text_of(number))) for name, things, number in table.rows}
    telling = {
        name: (things, number) for name, (things, number) in found.items() if wanted or number < things or number == 1
    }
    return dict(sorted(telling.items(), key=lambda pair: (-pair[1][0], pair[1][1], pair[0])))


def _values(
    looked_at: str, properties: Mapping[str, tuple[int, int]], most: int
) -> Steps[dict[str, list[tuple[Term, int]]]]:
    """The commonest values of properties, with how many things have each."""
    found: dict[str, list[tuple[Term, int]]] = {}
    names = list(properties)
    for start in range(0, len(names), _BATCH):
        branches = (
            f"{{ SELECT ({name} AS ?property) ?value (COUNT(DISTINCT ?thing) AS ?number) WHERE {{"
            f" {looked_at} ?thing {name} ?value }} GROUP BY ?value ORDER BY DESC(?number) STR(?value) LIMIT {most} }}"
            for name in nodes(names[start : start + _BATCH])
        )
        text = f"SELECT ?property ?value ?number WHERE {{ {' UNION '.join(branches)} }}"
        table = yield Lookup(text, ("property", "value", "number"))
        for name, value, number in table.rows:
            if value is not None:
                found.setdefault(text_of(name), []).append((value, int(text_of(number))))
    return {name: sorted(those, key=lambda pair: (-pair[1], str(pair[0]))) for name, those in found.items()}


def _facet(name: str, things: int, distinct: int, found: list[tuple[Term, int]], names: Mapping[str, Label]) -> Facet:
    by = ox.NamedNode(name)
    listed = tuple(Value(term, count, names.get(text_of(term)), _choice(by, term)) for term, count in found)
    return Facet(name, names.get(name), things, distinct, listed)


def _choice(by: ox.NamedNode, term: Term) -> str:
    """The choice of exactly this value; empty where `Where.of` does not read it: a blank node, a long text."""
    if not isinstance(term, ox.NamedNode | ox.Literal):
        return ""
    choice = Where(by, term, exact=isinstance(term, ox.Literal))
    with suppress(ParameterError):
        if Where.of(str(choice)) == choice:
            return str(choice)
    return ""
