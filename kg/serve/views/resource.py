"""What the page of any thing says: its statements by property, what refers to it, and where all that stands.

In come a description and the names of what occurs in it, out goes what the template is filled with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import iris
from kg.queries import Table
from kg.queries.labels import ENGLISH, LABELS, Label, labels
from kg.serve.languages import Wish, translated
from kg.serve.resources.addresses import SUFFIXES, Addresses
from kg.serve.resources.description import Description
from kg.serve.views.tables import Cell, cells
from kg.store.base import Term
from kg.vocabulary import DCTERMS, RDF, RDFS, SKOS, shortened

VALUES = 50
"""How many values of one property a page shows."""
SYNTAXES = {
    "ttl": "Turtle",
    "trig": "TriG",
    "nt": "N-Triples",
    "nq": "N-Quads",
    "jsonld": "JSON-LD",
    "rdf": "RDF/XML",
}
"""The documents for programs, in the order in which a page names them."""

_FIRST = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.definition)
_TITLES = (DCTERMS.title,)

assert SYNTAXES.keys() == SUFFIXES.keys()  # noqa: S101


@dataclass(frozen=True)
class Property:
    """One property of a thing, its values, as many as a page shows, and how many there are in all."""

    heading: Cell
    values: tuple[Cell, ...]
    number: int


@dataclass(frozen=True)
class Incoming:
    """Statements with one property that lead to a thing: how many, and where all of them are listed."""

    name: Label
    iri: str
    number: int
    href: str


def content(described: Description, wished: Wish, addresses: Addresses) -> dict[str, Any]:
    """What the template of a thing is filled with."""
    language = wished.names
    named = names(described, language)
    thing = described.thing.value
    return {
        "iri": thing,
        "title": title(described, named, language),
        "kinds": cells((ox.NamedNode(kind) for kind in described.types), named, language, addresses.leads),
        "properties": list(_properties(described, named, wished, addresses)),
        "incoming": list(_incoming(described, named, wished.words, addresses)),
        "graphs": cells(map(ox.NamedNode, described.graphs), named, language, addresses.leads),
        "documents": [(name, addresses.about(thing, suffix)) for suffix, name in SYNTAXES.items()],
        "whole": described.whole,
        "all": f"/sparql?{urlencode({'query': f'DESCRIBE {described.thing}', 'format': 'turtle'})}",
    }


def names(described: Description, language: str) -> dict[str, Label]:
    """What the things in a description are called, by IRI."""
    rows = tuple((name.subject, name.predicate, name.value, name.graph) for name in described.names)
    return labels(Table(LABELS, rows), language)


def title(described: Description, named: Mapping[str, Label], language: str) -> Label:
    """What the thing is called: its label, else its title, else the short form of its IRI."""
    thing = described.thing.value
    titles = [term for term in described.values(*_TITLES) if isinstance(term, ox.Literal)]
    rows = tuple((described.thing, described.thing, term, described.thing) for term in titles)
    found = named.get(thing) or labels(Table(LABELS, rows), language).get(thing)
    return found or Label(shortened(thing))


def _properties(
    described: Description, named: Mapping[str, Label], wished: Wish, addresses: Addresses
) -> Iterator[Property]:
    values: dict[str, dict[Term, None]] = {}
    for statement in described.own:
        if statement.predicate.value != RDF.type:
            values.setdefault(statement.predicate.value, {})[statement.value] = None
    for iri in sorted(values, key=lambda each: _order(each, named)):
        shown = _sorted(values[iri], named)[:VALUES]
        made = cells(shown, named, wished.names, addresses.leads)
        name = property_name(iri, named, wished.words)
        tag = None if name.is_in(wished.names) else name.language
        heading = Cell(name, addresses.leads(iri), iri, language=tag)
        yield Property(heading, made, described.outgoing.get(iri, len(made)))


def _incoming(
    described: Description, named: Mapping[str, Label], words: str, addresses: Addresses
) -> Iterator[Incoming]:
    for iri in sorted(described.incoming, key=lambda each: _order(each, named)):
        href = addresses.page(described.thing.value, **{"in": iri})
        yield Incoming(property_name(iri, named, words), iri, described.incoming[iri], href)


def property_name(iri: str, named: Mapping[str, Label], words: str = ENGLISH) -> Label:
    """What a property is called; one without a label by the words of its name, in the language of the page's words."""
    return named.get(iri) or Label(translated(_words(iris.local(iri)), words) or shortened(iri))


def _words(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _order(iri: str, named: Mapping[str, Label]) -> tuple[int, bool, str]:
    """Names first, then what is ours, then all else."""
    place = _FIRST.index(iri) if iri in _FIRST else len(_FIRST)
    return place, not iri.startswith(iris.BASE), property_name(iri, named)


def _sorted(values: Iterable[Term], named: Mapping[str, Label]) -> Sequence[Term]:
    def key(term: Term) -> tuple[str, str]:
        text = term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
        return named.get(text, text), str(term)

    return sorted(values, key=key)
