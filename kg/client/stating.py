"""All statements about a thing, from a store to rdflib."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import NotFoundError, ResultTooLargeError
from kg.store.base import Store
from kg.vocabulary import PREFIXES

if TYPE_CHECKING:
    import rdflib


def stated(store: Store, thing: ox.NamedNode, *, incoming: bool, most: int) -> list[ox.Triple]:
    """What is stated of a thing, and with it as a value where that is wanted; errors as of `Graph.describe`."""
    found = _statements(store, f"{thing} ?p ?o", most)
    if incoming or not found:
        told_of = _statements(store, f"?s ?p {thing}", most if incoming else 1)
        if not found and not told_of:
            raise NotFoundError(f"nothing is known of {thing.value}; search() finds things by their names")
        found += told_of if incoming else []
    return found


def _statements(store: Store, pattern: str, most: int) -> list[ox.Triple]:
    text = f"CONSTRUCT {{ {pattern} }} WHERE {{ {pattern} }} LIMIT {most + 1}"
    found = list(islice(store.construct(text), most + 1))
    if len(found) > most > 1:
        raise ResultTooLargeError(
            f"there are more than {most:,} statements of the form {pattern}; allow more with most=, or use query()"
        )
    return found


def as_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """The same statements for rdflib, which knows no triple terms: what holds one is left out."""
    import rdflib  # noqa: PLC0415 - 0.2 s, and not all need it

    graph = rdflib.Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, replace=True)
    kept = [each for each in triples if not isinstance(each.object, ox.Triple)]
    return graph.parse(data=ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
