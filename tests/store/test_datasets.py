"""The dataset of a query over a release: each triple of the default graph once, whatever kind of release it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

import pyoxigraph as ox
import pytest

from kg.errors import QueryError, UnknownGraphError
from kg.sparql.datasets import Dataset
from kg.store.canonical import Block, canonical
from kg.store.default_graph import materialise
from kg.store.manifest import DefaultGraph, Manifest
from kg.store.querying.datasets import Datasets
from kg.store.releases import Release

ALL = "SELECT ?n { ?s ?p ?n }"
NAMED = "SELECT ?n { GRAPH ?g { ?s ?p ?n } }"
SHARED = {"a": (1, 2), "b": (2, 3), "c": (4,)}
"""The numbers that each graph states; a and b share one."""
DISJOINT = {"a": (1, 2), "b": (3,), "c": (4,)}


def quad(number: int, graph: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal(number), ox.NamedNode(f"x:{graph}"))


def datasets(kind: DefaultGraph, graphs: dict[str, tuple[int, ...]]) -> Datasets:
    store = ox.Store()
    store.extend(quad(number, graph) for graph, numbers in graphs.items() for number in numbers)
    if kind == "materialised":
        materialise(store)
    return Datasets(store, Manifest("one", "2025-11-30T10:15:00Z", "test", None, {}, default_graph=kind))


def numbers(asked: Datasets, query: str, dataset: Dataset | None = None) -> list[int]:
    """What a query finds, sorted, with as many of a number as there are solutions."""
    return sorted(int(solution["n"].value) for solution in cast(ox.QuerySolutions, asked.query(query, dataset)))


def over(default: str = "", named: str = "") -> Dataset:
    """``over("ab", "c")``: the merge of a and b, and c by name."""
    return Dataset(tuple(f"x:{graph}" for graph in default), tuple(f"x:{graph}" for graph in named))


@pytest.mark.parametrize(
    ("kind", "graphs", "all_numbers"),
    [
        ("union", DISJOINT, [1, 2, 3, 4]),
        ("materialised", SHARED, [1, 2, 3, 4]),
        ("materialised", DISJOINT, [1, 2, 3, 4]),
        ("own", SHARED, []),
        ("own", DISJOINT, []),
    ],
)
def test_a_triple_in_two_graphs_counts_once(
    kind: DefaultGraph, graphs: dict[str, tuple[int, ...]], all_numbers: list[int]
) -> None:
    asked = datasets(kind, graphs)
    assert numbers(asked, ALL) == all_numbers
    for default in ("a", "ab", "ba", "aa", "aab", "ac", "abc", "cba"):
        expected = sorted({number for graph in default for number in graphs[graph]})
        assert numbers(asked, ALL, over(default)) == expected, default
        assert numbers(asked, NAMED, over(default)) == []
        assert numbers(asked, NAMED, over(default, "b")) == sorted(graphs["b"])
        assert numbers(asked, ALL, over(default, "c")) == expected
    assert numbers(asked, ALL, over("", "a")) == []
    assert numbers(asked, NAMED, over("", "ab")) == sorted(graphs["a"] + graphs["b"])


def test_a_description_tells_a_shared_triple_once() -> None:
    described = datasets("own", SHARED).query("DESCRIBE <x:s>", over("ab"))
    assert len(list(cast(ox.QueryTriples, described))) == 3


def test_blank_nodes_of_two_graphs_are_not_mixed_up() -> None:
    store = ox.Store()
    for graph in "ab":
        store.load(b"_:b <x:p> 1 . <x:s> <x:p> 1 .", ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"x:{graph}"))
    asked = Datasets(store, Manifest("one", "2025-11-30T10:15:00Z", "test", None, {}, default_graph="own"))
    assert numbers(asked, ALL, over("ab")) == [1, 1, 1]


@pytest.mark.parametrize("kind", ["union", "materialised"])
def test_a_graph_that_the_release_has_not_is_refused_and_near_ones_are_named(kind: DefaultGraph) -> None:
    asked = datasets(kind, DISJOINT)
    for wrong in (Dataset(("x:a", "x:d")), Dataset((), ("x:d",)), Dataset(("http://elsewhere.example/data.ttl",))):
        with pytest.raises(UnknownGraphError, match="fetched"):
            asked.query(ALL, wrong)
    with pytest.raises(UnknownGraphError, match="did you mean x:") as caught:
        asked.query(ALL, Dataset(("x:d",)))
    assert "x:a" in str(caught.value)


def test_in_a_plain_folder_a_graph_that_is_not_there_is_empty() -> None:
    asked = datasets("own", SHARED)
    assert numbers(asked, ALL, over("d")) == []
    assert numbers(asked, ALL, over("abd")) == [1, 2, 3]
    assert numbers(asked, NAMED, over("a", "d")) == []


def test_the_name_of_a_graph_is_an_absolute_iri() -> None:
    with pytest.raises(QueryError, match="absolute IRI"):
        datasets("own", SHARED).query(ALL, Dataset(("a",)))


def test_relative_names_in_a_query_are_resolved() -> None:
    asked = datasets("own", SHARED)
    found = asked.query("SELECT (<g> AS ?x) {}", None, "http://example.org/sparql")
    assert [str(solution["x"]) for solution in cast(ox.QuerySolutions, found)] == ["<http://example.org/g>"]


def test_the_default_graph_stays_the_merge_when_a_triple_begins_and_ceases_to_be_shared(
    publish: Callable[..., Release],
) -> None:
    def block(graph: str, *numbers: int) -> list[Block]:
        return list(canonical(quad(number, graph) for number in numbers))

    kinds = []
    for release, expected in (
        (publish(a=block("a", 1, 2), b=block("b", 3)), [1, 2, 3]),
        (publish(b=block("b", 2, 3)), [1, 2, 3]),
        (publish(a=block("a", 1)), [1, 2, 3]),
        (publish(b=None), [1]),
    ):
        with release.open() as store:
            asked = Datasets(store.database, release.manifest)
            assert numbers(asked, ALL) == expected
            stated = Dataset(tuple(graph for part in release.manifest.segments.values() for graph in part.graphs))
            assert numbers(asked, ALL, stated) == expected
            del asked
        kinds.append(json.loads((release.folder / "release.json").read_text())["default_graph"])
    assert kinds[:2] == ["union", "materialised"]
