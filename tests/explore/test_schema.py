"""The schema that data shows, counted whole and estimated from samples."""

from __future__ import annotations

import pyoxigraph as ox

from kg.explore.schema import Between, Known, overview
from kg.queries import asked
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import RDF

EX = "https://example.org/"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(name if name.startswith("http") else f"{EX}{name}")


def store_of(people: int, clubs: int) -> EmbeddedStore:
    """Everyone is in one club, everyone knows the first."""
    store = EmbeddedStore(ox.Store())
    links = [(f"p{number}", RDF.type, "Person") for number in range(people)]
    links += [(f"c{number}", RDF.type, "Club") for number in range(clubs)]
    links += [(f"p{number}", "in", f"c{number % clubs}") for number in range(people)]
    links += [(f"p{number}", "knows", "p0") for number in range(people)]
    store.apply([ox.Quad(node(s), node(p), node(o), node("graph")) for s, p, o in links], [])
    return store


def between(store: EmbeddedStore, exact: int, known: Known | None = None) -> list[tuple[str, str, str, int, bool]]:
    def short(each: Between) -> tuple[str, str, str, int, bool]:
        names = (name.removeprefix(EX) for name in (each.source, each.property, each.target))
        return (*names, each.count, each.exact)  # type: ignore[return-value]

    return [short(each) for each in asked(store, overview(known, language="en", exact=exact)).between]


def test_few_links_are_counted_and_a_sample_of_all_of_them_says_the_same() -> None:
    store = store_of(50, 3)
    counted = between(store, 1_000)
    assert counted == [("Person", "in", "Club", 50, True), ("Person", "knows", "Person", 50, True)]
    assert between(store, 0) == counted


def test_many_links_are_estimated_and_said_to_be() -> None:
    assert between(store_of(2_500, 3), 100) == [
        ("Person", "in", "Club", 2_500, False),
        ("Person", "knows", "Person", 2_500, False),
    ]


def test_what_is_known_is_not_counted_again() -> None:
    known = Known(10**9, {f"{EX}Person": 7}, {(f"{EX}Person", f"{EX}in"): 5})
    assert between(store_of(10, 1), 1_000, known) == [("Person", "in", "Club", 10, True)]
