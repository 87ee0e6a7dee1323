"""Statistics count what SPARQL counts, whatever is in the data."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kg import iris
from kg.export import columns
from kg.export.counting import count
from kg.export.statistics import Statistics, space_of
from kg.store.base import text_of
from kg.store.embedded import EmbeddedStore
from kg.store.release import Release
from kg.store.releases import DataFolder

from . import releases

AWKWARD = """
e:a a e:Thing , e:Other ; e:text "x" , "x"@en , "x"@en-GB , "1"^^xsd:integer , "line\\nbreak \\"quoted\\" \\\\ 中文" ;
    skos:exactMatch <https://ror.org/1> , <http://www.wikidata.org/entity/Q1> , e:b ; e:part e:b , e:c .
e:ab a e:Thing ; e:text "y" , "" ; skos:closeMatch <urn:isbn:1> .
e:b e:says <<( e:a e:part e:b )>> ; e:text "a^^<http://example.org/g> ." .
"""
TWICE = "e:a a e:Thing ; e:text 'x' ; e:more 1.50 . e:z a e:Other ."


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Escapes, empty texts, a triple term, two classes of one thing, and triples that stand in two graphs."""
    folder = releases.folder(tmp_path_factory.mktemp("awkward"))
    return releases.published(folder, {"one": releases.quads("one", AWKWARD), "two": releases.quads("two", TWICE)})


@pytest.fixture(scope="module", params=["awkward", "bundle"])
def release(request: pytest.FixtureRequest, awkward: Release, data_folder: DataFolder) -> Release:
    found = data_folder.current() if request.param == "bundle" else awkward
    assert found
    return found


def numbers(store: EmbeddedStore, query: str) -> set[tuple[str, ...]]:
    return {tuple(map(text_of, row.values())) for row in store.select(query)}


def counted(release: Release, lines: int = 1000) -> Statistics:
    return count(columns.frames(release, lines=lines), iris.BASE)


def test_what_is_counted_is_what_sparql_counts(release: Release) -> None:
    statistics = counted(release)
    with release.open() as store:
        total = "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b) { ?s ?p ?o }"
        (sizes,) = numbers(store, total)
        assert sizes == tuple(map(str, (statistics.triples, statistics.subjects, statistics.objects)))
        by_property = (
            "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b) { ?s ?p ?o } GROUP BY ?p"
        )
        assert numbers(store, by_property) == {
            (each.iri, str(each.triples), str(each.subjects), str(each.objects)) for each in statistics.properties
        }
        by_class = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"
        assert numbers(store, by_class) == {(each.iri, str(each.entities)) for each in statistics.classes}
        within = "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p"
        assert numbers(store, within) == {
            (each.iri, name, str(triples)) for each in statistics.classes for name, triples in each.properties.items()
        }
        by_graph = "SELECT ?g (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        assert numbers(store, by_graph) == {
            (each.iri, str(each.triples), str(each.subjects)) for each in statistics.graphs
        }
        members = "SELECT ?g ?c (COUNT(DISTINCT ?s) AS ?a) { GRAPH ?g { ?s a ?c } } GROUP BY ?g ?c"
        assert numbers(store, members) == {
            (each.iri, name, str(n)) for each in statistics.graphs for name, n in each.classes.items()
        }


def test_how_the_statements_are_cut_makes_no_difference(release: Release) -> None:
    assert counted(release, lines=700) == counted(release, lines=10_000_000)


def test_statistics_are_read_as_they_were_written(release: Release) -> None:
    statistics = counted(release)
    assert Statistics.from_json(statistics.to_json()) == statistics


def test_nothing_counts_as_nothing() -> None:
    assert count([], iris.BASE) == Statistics()


def test_links_lead_to_names_elsewhere(awkward: Release) -> None:
    found = {(each.predicate.rpartition("#")[2], each.space): each.triples for each in counted(awkward).links}
    assert found == {
        ("exactMatch", "https://ror.org/"): 1,
        ("exactMatch", "http://www.wikidata.org/entity/"): 1,
        ("closeMatch", "urn:"): 1,
    }


def test_columns_tell_how_often_and_how_long(awkward: Release) -> None:
    (thing,) = (each for each in counted(awkward).classes if each.iri.endswith("Thing"))
    texts = {
        (each.language, (each.datatype or "").rpartition("#")[2]): (each.triples, each.subjects, each.most)
        for each in thing.columns
        if each.property.endswith("text")
    }
    assert texts == {
        (None, "string"): (4, 2, 2),
        ("en", ""): (1, 1, 1),
        ("en-gb", ""): (1, 1, 1),
        (None, "integer"): (1, 1, 1),
    }


def test_terms_are_told_apart_and_unescaped(awkward: Release) -> None:
    frame = pl.concat(columns.frames(awkward))
    values = set(frame.filter(pl.col("predicate").str.ends_with("text"))["value"])
    assert values == {"x", "1", 'line\nbreak "quoted" \\ 中文', "y", "", "a^^<http://example.org/g> ."}
    assert frame.filter(pl.col("kind") == "triple").height == 1
    assert frame.filter(~pl.col("first")).height == 2
    assert frame["graph"].null_count() == 0


def test_spaces_are_known_ones_or_hosts() -> None:
    spaces = ("https://sws.geonames.org/1/", "http://example.org/a#b", "mailto:a@b", "http://example.org")
    assert [*map(space_of, spaces)] == [
        "https://sws.geonames.org/",
        "http://example.org/",
        "mailto:",
        "http://example.org/",
    ]


def test_a_folder_of_many_segments_is_merged_in_order(tmp_path: Path) -> None:
    folder = releases.folder(tmp_path)
    texts = {name: f"e:{name} a e:Thing . e:shared e:by e:{name} ." for name in "cab"}
    release = releases.published(folder, {name: releases.quads(name, text) for name, text in texts.items()})
    lines = list(release.merged())
    assert lines == sorted(set(lines))
    assert len(lines) == 6
