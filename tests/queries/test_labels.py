"""Which label a thing is shown by."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.queries import Table
from kg.queries.labels import labels, labels_query
from kg.store.embedded import EmbeddedStore

DATA = """
<x:year> <http://www.w3.org/2000/01/rdf-schema#label> "2020"@en , "2020年"@zh , "an 2020"@fr .
<x:unit> <http://www.w3.org/2004/02/skos/core#prefLabel> "yuan"@en , "renminbi"@en .
<x:only> <http://www.w3.org/2000/01/rdf-schema#label> "nur deutsch"@de .
<x:other> <http://www.w3.org/2000/01/rdf-schema#label> "not asked for"@en .
"""


def labelled(*things: str, **options: str) -> dict[str, str]:
    store = EmbeddedStore.in_memory()
    store.database.load(DATA, format=ox.RdfFormat.TURTLE)
    rows = store.select(labels_query(map(ox.NamedNode, things), **options))
    return labels(Table(("thing", "label"), tuple((row["thing"], row["label"]) for row in rows)), **options)


@pytest.mark.parametrize(
    ("language", "year"), [("en", "2020"), ("zh", "2020年"), ("ZH", "2020年"), ("de", "2020"), ('e"\\', "2020")]
)
def test_the_language_wanted_else_english(language: str, year: str) -> None:
    assert labelled("x:year", language=language)["x:year"] == year


def test_the_first_of_several_and_nothing_where_there_is_none() -> None:
    assert labelled("x:year", "x:unit", "x:only", "x:nothing") == {"x:year": "2020", "x:unit": "renminbi"}
