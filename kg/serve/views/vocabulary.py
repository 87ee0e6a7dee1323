"""What the page of a vocabulary says: each term with its name, its definition and all else that is stated of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from kg import iris
from kg.queries import Table
from kg.queries.labels import LABELS, Label, best, labels
from kg.serve.languages import Wish
from kg.serve.views.resource import Property, property_name
from kg.serve.views.tables import LEADS, Cell, cells
from kg.store.base import Term
from kg.vocabulary import DCTERMS, RDF, RDFS, SH, SKOS, shortened

_NIL, _FIRST, _REST = (ox.NamedNode(f"{RDF.namespace}{name}") for name in ("nil", "first", "rest"))
_SAID_ABOVE = frozenset({RDF.type, RDFS.label, SKOS.definition, RDFS.isDefinedBy, SH.message})
_DEEPEST = 20
_Said = dict[Term, dict[str, list[Term]]]


@dataclass(frozen=True)
class Entry:
    """One term: its anchor, names, what it is and what it means, and its other statements."""

    anchor: str
    name: Label
    short: str
    kinds: tuple[Cell, ...]
    definition: Label | None
    properties: tuple[Property, ...]


def content(namespace: str, triples: Sequence[ox.Triple], wished: Wish) -> dict[str, Any]:
    """What the template is filled with: the document's own title, and its terms by kind."""
    language, said = wished.names, _Said()
    for triple in triples:
        said.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
    rows = [(t.subject, t.predicate, t.object, t.subject) for t in triples if t.predicate.value == RDFS.label]
    named = labels(Table(LABELS, tuple(rows)), language)
    document = ox.NamedNode(namespace.rstrip("#"))
    whole = said.get(document, {})
    terms = sorted(
        (term for term in said if isinstance(term, ox.NamedNode) and term.value.startswith(namespace)),
        key=lambda term: term.value.lower(),
    )
    groups: dict[str, list[Entry]] = {}
    for term in terms:
        entry = _entry(term, namespace, said, named, wished)
        groups.setdefault(_group(said[term]), []).append(entry)
    return {
        "iri": document.value,
        "title": _text(whole.get(DCTERMS.title, ()), language) or Label(document.value),
        "about": _text(whole.get(f"{DCTERMS.namespace}description", ()), language),
        "groups": {name: groups[name] for name in _GROUPS if name in groups},
    }


_GROUPS = ("Classes", "Properties", "Shapes", "Rules", "Others")


def _group(said: Mapping[str, Sequence[Term]]) -> str:
    kinds = {iris.local(term.value) for term in said.get(RDF.type, ()) if isinstance(term, ox.NamedNode)}
    if "NodeShape" in kinds:
        return "Shapes"
    if kinds & {"PropertyShape", "SPARQLConstraint"}:
        return "Rules"
    if "Class" in kinds:
        return "Classes"
    return "Properties" if any(kind.endswith("Property") for kind in kinds) else "Others"


def _entry(term: ox.NamedNode, namespace: str, said: _Said, named: Mapping[str, Label], wished: Wish) -> Entry:
    own, language = said[term], wished.names
    definition = [value for name in (SKOS.definition, SH.message) for value in own.get(name, ())]
    return Entry(
        anchor=term.value.removeprefix(namespace),
        name=named.get(term.value) or Label(shortened(term.value)),
        short=shortened(term.value),
        kinds=cells(own.get(RDF.type, ()), named, language),
        definition=_text(definition, language),
        properties=tuple(
            _property(name, values, said, named, wished)
            for name, values in sorted(own.items())
            if name not in _SAID_ABOVE
        ),
    )


def _property(iri: str, values: Sequence[Term], said: _Said, named: Mapping[str, Label], wished: Wish) -> Property:
    name, language = property_name(iri, named, wished.words), wished.names
    heading = Cell(name, LEADS(iri), iri, language=None if name.is_in(language) else name.language)
    flat = [ox.Literal(_written(value, said)) if isinstance(value, ox.BlankNode) else value for value in values]
    return Property(heading, cells(flat, named, language), len(flat))


def _text(values: Iterable[Term], language: str) -> Label | None:
    found = [Label(value.value, value.language or "") for value in values if isinstance(value, ox.Literal)]
    return best(found, language) if found else None


def _written(term: Term, said: _Said, depth: int = 0) -> str:
    """A blank node as text: a list in brackets, anything else by its statements."""
    if not isinstance(term, ox.BlankNode) or depth > _DEEPEST:
        return shortened(term.value) if isinstance(term, ox.NamedNode) else str(term)
    own = said.get(term, {})
    if _FIRST.value in own:
        return f"( {' '.join(_written(item, said, depth + 1) for item in _listed(term, said))} )"
    parts = (f"{shortened(name)} {_written(value, said, depth + 1)}" for name in sorted(own) for value in own[name])
    return "; ".join(parts)


def _listed(node: Term, said: _Said) -> list[Term]:
    items: list[Term] = []
    while node != _NIL and node in said and len(items) < len(said):
        items += said[node].get(_FIRST.value, ())
        node = next(iter(said[node].get(_REST.value, ())), _NIL)
    return items
