"""What things are called and of which classes they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from kg.errors import NotFoundError
from kg.explore.budget import batches
from kg.explore.graphs import Node
from kg.explore.links import values
from kg.queries.labels import LABELS, Label, best, labels_query
from kg.queries.values import Lookup, Steps
from kg.store.base import text_of
from kg.vocabulary import RDF

_BATCH = 400


def told(
    things: Iterable[str], language: str, attributes: Mapping[str, Mapping[str, Any]] | None = None
) -> Steps[dict[str, Node]]:
    """Things by IRI with their labels and classes, sorted; of those that the graph does not know nothing is said.

    Parameters
    ----------
    attributes
        What else is said of things, by IRI.
    """
    wanted, extra = sorted(set(things)), attributes or {}
    labels = yield from called(wanted, language)
    classes = yield from classes_of(wanted)
    return {iri: Node(iri, labels.get(iri), classes.get(iri, ()), extra.get(iri, {})) for iri in wanted}


def known(things: Iterable[str]) -> Steps[None]:
    """Nothing, if the graph says something of each thing.

    Raises
    ------
    NotFoundError
        It says nothing of one, which would look as if that had no links.
    """
    wanted = list(dict.fromkeys(things))
    said = "EXISTS { ?thing ?property ?value } || EXISTS { ?subject ?property ?thing }"
    text = f"SELECT ?thing WHERE {{ {values('thing', wanted)} FILTER({said}) }}"
    table = yield Lookup(text, ("thing",))
    found = {text_of(thing) for (thing,) in table.rows}
    if missing := next((iri for iri in wanted if iri not in found), None):
        raise NotFoundError(f"nothing is known of {missing}; /queries and /sparql find what there is")


def called(things: Iterable[str], language: str) -> Steps[dict[str, Label]]:
    """The labels of things by IRI; those without are left out."""
    found: dict[str, list[Label]] = {}
    for batch in batches(sorted(set(things)), _BATCH):
        table = yield Lookup(labels_query(map(ox.NamedNode, batch)), LABELS)
        for thing, _, label, _ in table.rows:
            if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
                found.setdefault(thing.value, []).append(Label(label.value, label.language or ""))
    return {iri: best(those, language) for iri, those in found.items()}


def classes_of(things: Iterable[str]) -> Steps[dict[str, tuple[str, ...]]]:
    """The classes of things by IRI, sorted; those without are left out."""
    found: dict[str, set[str]] = {}
    for batch in batches(sorted(set(things)), _BATCH):
        text = f"SELECT DISTINCT ?thing ?class WHERE {{ {values('thing', batch)} ?thing <{RDF.type}> ?class }}"
        table = yield Lookup(text, ("thing", "class"))
        for thing, kind in table.rows:
            if isinstance(thing, ox.NamedNode) and isinstance(kind, ox.NamedNode):
                found.setdefault(thing.value, set()).add(kind.value)
    return {iri: tuple(sorted(those)) for iri, those in found.items()}
