"""Which label a thing is shown by."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.queries import Table
from kg.queries.labels import LABELS, Label, labels, labels_query
from kg.store.embedded import EmbeddedStore

DATA = """<x:graph> {
<x:year> <http://www.w3.org/2000/01/rdf-schema#label> "2020"@en , "2020年"@zh , "an 2020"@fr .
<x:unit> <http://www.w3.org/2004/02/skos/core#prefLabel> "yuan"@en , "renminbi"@en .
<x:only> <http://www.w3.org/2000/01/rdf-schema#label> "nur deutsch"@de .
<x:bare> <http://www.w3.org/2000/01/rdf-schema#label> "ohne Kennzeichen"@de , "no tag" .
<x:script> <http://www.w3.org/2000/01/rdf-schema#label> "简体"@zh-Hans , "繁體"@zh-Hant .
<x:other> <http://www.w3.org/2000/01/rdf-schema#label> "not asked for"@en .
}"""


def labelled(*things: str, **options: str) -> dict[str, Label]:
    store = EmbeddedStore.in_memory()
    store.database.load(DATA, format=ox.RdfFormat.TRIG)
    rows = store.select(labels_query(map(ox.NamedNode, things)))
    return labels(Table(LABELS, tuple(tuple(row[name] for name in LABELS) for row in rows)), **options)


@pytest.mark.parametrize(
    ("language", "year"), [("en", "2020"), ("zh", "2020年"), ("ZH", "2020年"), ("de", "2020"), ('e"\\', "2020")]
)
def test_the_language_wanted_else_english(language: str, year: str) -> None:
    assert labelled("x:year", language=language)["x:year"] == year


def test_the_first_of_several_and_nothing_where_there_is_none() -> None:
    assert labelled("x:year", "x:unit", "x:nothing") == {"x:year": "2020", "x:unit": "renminbi"}


@pytest.mark.parametrize(
    ("thing", "language", "label", "tag"),
    [
        ("x:only", "zh", "nur deutsch", "de"),
        ("x:bare", "en", "no tag", ""),
        ("x:script", "zh", "简体", "zh-Hans"),
        ("x:script", "zh-Hant", "繁體", "zh-Hant"),
        ("x:script", "en", "简体", "zh-Hans"),
    ],
)
def test_any_language_rather_than_no_name_and_it_says_which(thing: str, language: str, label: str, tag: str) -> None:
    found = labelled(thing, language=language)[thing]
    assert (found, found.language) == (label, tag.lower())
    assert found.is_in(language) == (not tag or tag.partition("-")[0] == language.partition("-")[0])
