"""What a record rests on: its documents, the outlets between them and the origin, and where in them it stands.

Nothing here asks a store: `rests` yields lookups and is sent the tables that answer them (`kg.queries.values`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.evidence.places import Span
from kg.queries.labels import LABELS, Label, labels, labels_query
from kg.queries.values import Lookup, Steps
from kg.store.base import Term, text_of
from kg.vocabulary import DCTERMS, PROV, RDF, TT

MOST = 1_000
"""Places that are told; of a document they are those of all its records."""
_FARTHEST = 20
"""Outlets one behind the other that are followed."""
_ROW = re.compile(r"(.+)#row=([1-9][0-9]{0,8})")
_FACTS = (
    *(DCTERMS.publisher, DCTERMS.source, DCTERMS.language, DCTERMS.issued, DCTERMS.license),
    *(TT.sourceQuality, TT.contentDigest, TT.byteLength, TT.characterLength, TT.reportsOn),
)


@dataclass(frozen=True)
class Place:
    """Where a record stands in a document: a stretch of its text, or a row of its table, the header being row 1."""

    iri: str
    record: str
    document: str
    span: Span | None = None
    row: int | None = None


@dataclass(frozen=True)
class Document:
    """A document, with what is said of it by property; values as text, IRIs whole."""

    iri: str
    label: Label | None = None
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def fact(self, name: str) -> str:
        """The first value of a property; empty where there is none."""
        return next(iter(self.facts.get(name, ())), "")

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes; empty where it was never captured."""
        return self.fact(TT.contentDigest)


@dataclass(frozen=True, order=True)
class Relay:
    """One step of the chain of outlets: what passes on what, how many steps from the record, and who says so."""

    distance: int
    source: str
    target: str
    said_of_record: bool = False


@dataclass(frozen=True)
class Record:
    """One statement of a graph: its properties with their values, sorted."""

    iri: str
    values: tuple[tuple[str, Term], ...] = ()

    def all(self, name: str) -> list[str]:
        """The values of a property as text."""
        return [text_of(value) for property_, value in self.values if property_ == name]


@dataclass(frozen=True)
class Rests:
    """All that.

    Attributes
    ----------
    asked
        The record, document or place that was asked for.
    stated_in
        Documents that state it, which need not be all of ``documents``: those hold outlets and their origin as well.
    operands
        What a derived record was made of.
    whole
        Whether all places are here.
    """

    asked: str
    records: Mapping[str, Record]
    documents: Mapping[str, Document]
    outlets: tuple[Relay, ...]
    places: tuple[Place, ...]
    operands: tuple[str, ...]
    labels: Mapping[str, Label]
    whole: bool = True

    def __bool__(self) -> bool:
        return bool(self.records or self.documents or self.places)


def rests(thing: ox.NamedNode, *, language: str) -> Steps[Rests]:
    """What a record rests on; of a document, all that is known to stand in it; of a place, the records that it bears.

    Nothing where the graph does not know the thing.
    """
    places = yield from _places(thing)
    found = [place.record for place in places[:MOST]] or ([] if _ROW.fullmatch(thing.value) else [thing.value])
    records = yield from _records(found)
    if not records:
        return Rests(thing.value, {}, {}, (), (), (), {})
    said = records.get(thing.value)
    own = {text for name in (TT.statedIn, TT.relayedBy) for each in records.values() for text in each.all(name)}
    is_document = said is not None and TT.Document in said.all(RDF.type)
    begun = {*own, *(place.document for place in places), *([thing.value] if is_document else [])}
    outlets = [*_relayed(records.values()), *(yield from _chain(begun))]
    documents = yield from _documents(begun | {end for step in outlets for end in (step.source, step.target)}, language)
    operands = tuple((yield from _operands(said))) if said else ()
    names = yield from _named({*records, *operands}, language)
    return Rests(
        thing.value,
        {} if is_document and not places else {iri: each for iri, each in records.items() if iri not in documents},
        documents,
        tuple(sorted(set(outlets))),
        tuple(places[:MOST]),
        operands,
        names,
        len(places) <= MOST,
    )


def _places(thing: ox.NamedNode) -> Steps[list[Place]]:
    """The places of a record, in a document, or a place itself."""
    text = f"""SELECT ?record ?place ?document ?start ?end ?paragraph ?digest WHERE {{
  {{ VALUES ?record {{ {thing} }} ?record <{TT.evidence}>|<{PROV.wasDerivedFrom}> ?place
     FILTER(CONTAINS(STR(?place), "#row=") || EXISTS {{ ?place <{TT.spanOf}> ?of }}) }}
  UNION {{ VALUES ?place {{ {thing} }} ?record <{TT.evidence}> ?place }}
  UNION {{ VALUES ?document {{ {thing} }} ?place <{TT.spanOf}> ?document . ?record <{TT.evidence}> ?place }}
  OPTIONAL {{ ?place <{TT.spanOf}> ?document ; <{TT.startOffset}> ?start ; <{TT.endOffset}> ?end ;
    <{TT.spanDigest}> ?digest . OPTIONAL {{ ?place <{TT.paragraph}> ?paragraph }} }}
}} ORDER BY ?document ?start ?place ?record LIMIT {MOST + 1}"""
    columns = ("record", "place", "document", "start", "end", "paragraph", "digest")
    table = yield Lookup(text, columns)
    return list(dict.fromkeys(place for row in table.rows if (place := _place(list(map(text_of, row))))))


def _place(said: list[str]) -> Place | None:
    """A place, unless what is said of it is none."""
    record, place, document, start, end, paragraph, digest = said
    if row := _ROW.fullmatch(place):
        return Place(place, record, row[1], row=int(row[2]))
    if not (document and start.isdecimal() and end.isdecimal()):
        return None
    number = int(paragraph) if paragraph.isdecimal() else 0
    return Place(place, record, document, Span(int(start), int(end), number, digest))


def _records(found: Iterable[str]) -> Steps[dict[str, Record]]:
    """All that is stated of some records."""
    known: dict[str, list[tuple[str, Term]]] = {}
    ordered = sorted(set(found))
    for start in range(0, len(ordered), 200):
        values = " ".join(str(ox.NamedNode(iri)) for iri in ordered[start : start + 200])
        text = f"SELECT ?record ?property ?value WHERE {{ VALUES ?record {{ {values} }} ?record ?property ?value }}"
        table = yield Lookup(f"{text} LIMIT 20000", ("record", "property", "value"))
        for record, name, value in table.rows:
            if value is not None:
                known.setdefault(text_of(record), []).append((text_of(name), value))
    return {iri: Record(iri, tuple(sorted(set(values), key=str))) for iri, values in sorted(known.items())}


def _relayed(records: Iterable[Record]) -> list[Relay]:
    """The outlets that a record itself names, between its document and its origin."""
    return [
        Relay(1, document, relay, said_of_record=True)
        for record in records
        for document in record.all(TT.statedIn)
        for relay in record.all(TT.relayedBy)
    ]


def _chain(begun: Iterable[str]) -> Steps[list[Relay]]:
    """What passes on what, from some documents to the origin."""
    found, seen, front = list[Relay](), set(begun), sorted(begun)
    for distance in range(1, _FARTHEST + 1):
        if not front:
            break
        values = " ".join(str(ox.NamedNode(iri)) for iri in front)
        text = f"SELECT ?one ?other WHERE {{ VALUES ?one {{ {values} }} ?one <{TT.relays}> ?other }} LIMIT 1000"
        table = yield Lookup(text, ("one", "other"))
        steps = [Relay(distance, text_of(one), text_of(other)) for one, other in table.rows]
        found += steps
        front = sorted({step.target for step in steps} - seen)
        seen |= set(front)
    return found


def _documents(wanted: set[str], language: str) -> Steps[dict[str, Document]]:
    """What is said of documents; one of which nothing is said is there all the same."""
    if not wanted:
        return {}
    things = " ".join(sorted(str(ox.NamedNode(iri)) for iri in wanted))
    facts = " ".join(f"<{name}>" for name in _FACTS)
    text = f"""SELECT ?document ?property ?value WHERE {{
  VALUES ?document {{ {things} }} VALUES ?property {{ {facts} }} ?document ?property ?value
}} ORDER BY ?document ?property ?value LIMIT 20000"""
    table = yield Lookup(text, ("document", "property", "value"))
    told: dict[str, dict[str, list[str]]] = {iri: {} for iri in sorted(wanted)}
    for document, name, value in table.rows:
        told[text_of(document)].setdefault(text_of(name), []).append(text_of(value))
    names = yield from _named(wanted, language)
    return {
        iri: Document(iri, names.get(iri), {name: tuple(values) for name, values in facts_.items()})
        for iri, facts_ in told.items()
    }


def _operands(record: Record) -> Steps[list[str]]:
    """What a derived record was made of, in the order in which the derivation names it."""
    if not (made := record.all(TT.derivedBy)):
        return []
    values = " ".join(str(ox.NamedNode(iri)) for iri in made)
    text = f"""SELECT DISTINCT ?property ?operand WHERE {{ VALUES ?made {{ {values} }}
  VALUES ?property {{ <{TT.firstOperand}> <{TT.secondOperand}> <{TT.addend}> }} ?made ?property ?operand
}} ORDER BY ?property ?operand LIMIT {MOST}"""
    table = yield Lookup(text, ("property", "operand"))
    order = {TT.firstOperand: 0, TT.secondOperand: 1, TT.addend: 2}
    rows = sorted((order[text_of(name)], text_of(operand)) for name, operand in table.rows)
    return list(dict.fromkeys(operand for _, operand in rows))


def _named(things: Iterable[str], language: str) -> Steps[dict[str, Label]]:
    nodes = [ox.NamedNode(iri) for iri in sorted(set(things))]
    found = yield Lookup(labels_query(nodes), LABELS)
    return labels(found, language)
