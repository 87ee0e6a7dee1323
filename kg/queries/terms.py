"""What the text of a query says of terms: that the ontology has those of ours, and what kind of value a column holds.

Read from the tree of `kg.sparql.reading`, so that a word in a string or a comment is none. Kinds of values come from
the ranges of properties: a column whose values may be of several kinds, or of which nothing is said, has none.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

import pyoxigraph as ox

from kg import assets, iris
from kg.sparql.groups import Piece, Select, Word, elements, selects, words
from kg.sparql.reading import read
from kg.vocabulary import DCTERMS, PROV, RDF, RDFS, SKOS, TT, XSD

IRI, STRING, INTEGER, NUMBER, BOOLEAN, DATE = "iri", "string", "integer", "number", "boolean", "date"

_KINDS = {XSD.decimal: NUMBER, XSD.integer: INTEGER, XSD.boolean: BOOLEAN, XSD.date: DATE}
_OUTSIDE = {
    **dict.fromkeys((RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.notation), STRING),
    **dict.fromkeys((SKOS.broader, SKOS.narrower, SKOS.inScheme, PROV.used, f"{RDF.namespace}type"), IRI),
    **dict.fromkeys((DCTERMS.publisher, DCTERMS.isPartOf), IRI),
}
_CALLS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("COUNT", "YEAR", "STRLEN"), INTEGER),
        **dict.fromkeys(("STR", "CONCAT", "REPLACE", "SUBSTR", "STRAFTER", "STRBEFORE", "LCASE", "UCASE"), STRING),
        **dict.fromkeys(("BOUND", "EXISTS", "NOT", "CONTAINS", "STRSTARTS"), BOOLEAN),
        **dict.fromkeys(("SUM", "AVG", "ROUND", "FLOOR", "CEIL", "ABS"), NUMBER),
        **dict.fromkeys(("IRI", "URI"), IRI),
    }
)
_CLOSING = frozenset(")+*?")
_COMPARING = frozenset("=<>&|")
_COUNTING = frozenset("+-*/")


def unknown_terms(text: str) -> Iterator[tuple[str, list[str]]]:
    """Names in the namespace of the ontology that a valid query uses and the ontology lacks, each with near ones."""
    seen = set[str]()
    for word in words(*_pieces(read(text))):
        name = word.text[1:-1].removeprefix(iris.ONTOLOGY)
        if word.text.startswith(f"<{iris.ONTOLOGY}") and name and name not in TT.terms and name not in seen:
            seen.add(name)
            yield name, near_terms(name)


def near_terms(name: str) -> list[str]:
    """Terms of the ontology that are spelt much like a name, the nearest first."""
    return difflib.get_close_matches(name, sorted(TT.terms), n=3)


def kinds(text: str) -> dict[str, str]:
    """The kind of value of each variable of a valid query of which it can be seen, as far as it is bound.

    One of ``iri``, ``string``, ``integer``, ``number``, ``boolean``, ``date``; what is neither of these is text.
    """
    tree = read(text)
    found: dict[str, set[str | None]] = {}
    for name, kind in [*_of_patterns(tree), *_of_expressions(tree)]:
        found.setdefault(name, set()).add(kind)
    shared = _in_branches(tree)
    told = ((name, of - {None} if name not in shared and _BOUND not in of else of) for name, of in found.items())
    return {name: kind for name, of in told if (kind := _only(of))}


_BOUND = "?"
"""The kind of what an expression gives of which nothing is known."""


def _only(of: set[str | None]) -> str | None:
    if of == {INTEGER, NUMBER}:
        return NUMBER
    (kind, *others) = of or {None}
    return None if others or kind == _BOUND else kind


def _pieces(tree: Select) -> Iterator[Piece]:
    yield from tree.head
    yield tree.group
    yield from tree.tail


def _of_patterns(tree: Select) -> Iterator[tuple[str, str | None]]:
    for element in elements(*_pieces(tree)):
        if element.kind == "triples":
            yield from _of_triples([piece for piece in element.pieces if isinstance(piece, Word)])
        elif element.kind == "values":
            yield from _of_values([piece for piece in element.pieces if isinstance(piece, Word)])
        elif element.kind == "graph" and isinstance(element.pieces[1], Word) and element.pieces[1].variable:
            yield element.pieces[1].variable, IRI


def _of_triples(found: Sequence[Word]) -> Iterator[tuple[str, str | None]]:
    """A variable after a property has the kind of its range; one at the beginning of a statement is a thing."""
    for place, word in enumerate(found):
        if word.variable:
            yield word.variable, _kind_at([each.text for each in found], place)


def _kind_at(texts: Sequence[str], place: int) -> str | None:
    before = place - 1
    if before < 0 or texts[before] in (".", ";"):
        return IRI
    while before > 0 and texts[before] in _CLOSING:
        before -= 1
    if before > 0 and texts[before - 1] == "^":
        return IRI
    return _range(texts[before])


def _of_values(found: Sequence[Word]) -> Iterator[tuple[str, str | None]]:
    """Terms of a block of one variable; UNDEF says nothing."""
    name, terms = found[1].variable, [word.text for word in found[3:-1]]
    if name:
        for text in terms:
            if text != "UNDEF":
                yield name, IRI if text.startswith("<") else _BOUND


def _of_expressions(tree: Select) -> Iterator[tuple[str, str | None]]:
    """What BIND and ``(… AS ?x)`` in a SELECT give."""
    for element in elements(*_pieces(tree)):
        if element.kind == "bind":
            yield _named([*words(*element.pieces)][1:])
    for select in [tree, *selects(*_pieces(tree))]:
        yield from _heads(list(words(*select.head)))


def _heads(found: Sequence[Word]) -> Iterator[tuple[str, str | None]]:
    depth, begin = 0, 0
    for place, word in enumerate(found):
        begin = place if word.text == "(" and depth == 0 else begin
        depth += (word.text == "(") - (word.text == ")")
        if word.text == ")" and depth == 0 and found[place - 1].variable:
            yield _named(found[begin : place + 1])


def _named(found: Sequence[Word]) -> tuple[str, str | None]:
    """The variable that ``( expression AS ?x )`` ends with, and what the expression gives if it is one call."""
    expression = [word.upper for word in found[1:-3]]
    if expression[0] in ("EXISTS", "NOT"):
        return found[-2].variable, BOOLEAN
    signs = set(_outside_brackets(expression[1:]))
    if signs & _COMPARING:
        return found[-2].variable, BOOLEAN
    if signs & _COUNTING:
        return found[-2].variable, NUMBER
    return found[-2].variable, _CALLS.get(expression[0], _BOUND)


def _outside_brackets(found: Sequence[str]) -> Iterator[str]:
    depth = 0
    for word in found:
        depth += (word == "(") - (word == ")")
        if depth == 0:
            yield word


def _in_branches(tree: Select) -> set[str]:
    """Variables of a union of several groups: each may have its values from another of them."""
    return {
        word.variable
        for element in elements(*_pieces(tree))
        if element.kind == "union" and len(element.groups) > 1
        for word in words(*element.pieces)
    }


def _range(text: str) -> str | None:
    return _ranges().get(text[1:-1]) if text.startswith("<") else None


@cache
def _ranges() -> Mapping[str, str]:
    """The kind of what each property leads to."""
    schema = ox.Store()
    schema.load(path=str(assets.folder("ontology") / "techtransfer.ttl"))
    range_, found = ox.NamedNode(RDFS.range), dict(_OUTSIDE)
    for quad in schema.quads_for_pattern(None, range_, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            found[quad.subject.value] = _KINDS.get(quad.object.value, _other(quad.object.value))
    return MappingProxyType(found)


def _other(range_: str) -> str:
    return STRING if range_.startswith(XSD.namespace) or range_.startswith(RDF.namespace) else IRI
