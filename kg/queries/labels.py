"""Names of things for people: which query asks for them, and which of its rows is chosen."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.queries.table import Table
from kg.vocabulary import RDFS, SKOS

ENGLISH = "en"


def labels_query(things: Iterable[ox.NamedNode], language: str = ENGLISH) -> str:
    """The query for the labels of some things, in a language and in English."""
    values = " ".join(sorted({str(thing) for thing in things}))
    languages = f"{ox.Literal(language.lower())}, {ox.Literal(ENGLISH)}"
    return f"""SELECT ?thing ?label WHERE {{
  VALUES ?thing {{ {values} }}
  ?thing <{RDFS.label}>|<{SKOS.prefLabel}> ?label
  FILTER(LCASE(LANG(?label)) IN ({languages}))
}}"""


def labels(rows: Table, language: str = ENGLISH) -> dict[str, str]:
    """Labels by IRI from the rows of `labels_query`: the first in the language wanted, else the first in English."""
    found: dict[str, tuple[bool, str]] = {}
    for thing, label in rows.rows:
        if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
            candidate = (label.language != language.lower(), label.value)
            found[thing.value] = min(found.get(thing.value, candidate), candidate)
    return {iri: text for iri, (_, text) in found.items()}
