"""Projection: networks solved by hand, the same from a naive count, spans of time, and the records behind edges."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.definitions import Definition, find, of
from kg.analysis.network import Network, Origin
from kg.analysis.projection import Choice, behind, project, slices
from kg.errors import NetworkError, NetworkTooLargeError
from kg.queries import Column, NamedQuery

DAYS = {"first": pl.Date, "last": pl.Date}


def definition(*columns: str, directed: bool = False, nodes: Any = "actors") -> Definition:
    query = NamedQuery("x", "", "", (), tuple(Column(name, "") for name in columns), (), "", "", Path("x.rq"))
    made = of(query)
    return Definition(query, made.form, directed, nodes)


def incidence(*rows: tuple[Any, ...]) -> pl.DataFrame:
    schema = {"actor": pl.String, "event": pl.String, **DAYS}
    return pl.DataFrame([[*row, *[None] * (4 - len(row))] for row in rows], schema=schema, orient="row")


INCIDENCE = definition("actor", "event", "first", "last")
# Three write a report, two of them another one, one a third alone.
REPORTS = incidence(("a", "r1"), ("b", "r1"), ("c", "r1"), ("a", "r2"), ("b", "r2"), ("c", "r3"))


def edges(network: Network) -> dict[tuple[str, str], tuple[float, int]]:
    iris = network.nodes["iri"].to_list()
    return {(iris[one], iris[other]): (weight, records) for one, other, weight, records in network.edges.iter_rows()}


def test_each_shared_event_counts_one() -> None:
    network = project(REPORTS, INCIDENCE, Choice())
    assert edges(network) == {("a", "b"): (2, 2), ("a", "c"): (1, 1), ("b", "c"): (1, 1)}


def test_newman_weighs_an_event_by_its_number_of_actors() -> None:
    network = project(REPORTS, INCIDENCE, Choice(weighting="newman"))
    assert edges(network) == {("a", "b"): (1.5, 2), ("a", "c"): (0.5, 1), ("b", "c"): (0.5, 1)}
    assert network.source.weighting == "newman"


def test_strength_in_newman_s_network_is_the_number_of_shared_events() -> None:
    """His equation (3): each node's weights add up to its events with others."""
    strength = project(REPORTS, INCIDENCE, Choice(weighting="newman")).matrix().sum(axis=1)
    assert strength.tolist() == [2.0, 2.0, 1.0]


def test_the_other_side_and_both() -> None:
    events = project(REPORTS, INCIDENCE, Choice(nodes="events"))
    assert edges(events) == {("r1", "r2"): (2, 2), ("r1", "r3"): (1, 1)}
    both = project(REPORTS, INCIDENCE, Choice(nodes="both"))
    assert both.two_mode
    assert (both.order, both.size, both.edges["weight"].sum()) == (6, 6, 6)


def test_records_are_what_a_two_mode_edge_counts() -> None:
    rows = pl.DataFrame({"actor": ["a", "a", "a"], "event": ["t", "t", "u"], "record": ["1", "2", "2"]})
    network = project(rows, definition("actor", "event", "record", nodes="both"), Choice())
    assert edges(network) == {("a", "t"): (2, 2), ("a", "u"): (1, 1)}


def test_a_node_that_is_both_actor_and_event_is_named() -> None:
    rows = incidence(("a", "b"), ("b", "c"))
    with pytest.raises(NetworkError, match="both are of mode"):
        project(rows, INCIDENCE, Choice(nodes="both"))


def test_an_actor_that_stands_in_an_event_twice_counts_once() -> None:
    rows = pl.concat([REPORTS, REPORTS, incidence(("a", "r4"), ("a", "r4"))])
    assert edges(project(rows, INCIDENCE, Choice())) == edges(project(REPORTS, INCIDENCE, Choice()))


def test_edges_are_counted_by_record_and_directed_ones_stay_two() -> None:
    rows = pl.DataFrame({"one": ["a", "b", "a", "a"], "other": ["b", "a", "b", "a"], "record": ["1", "2", "1", "3"]})
    undirected = project(rows, definition("one", "other", "record"), Choice())
    assert (edges(undirected), undirected.loops) == ({("a", "b"): (2, 2)}, 1)
    directed = project(rows, definition("one", "other", "record", directed=True), Choice())
    assert edges(directed) == {("a", "b"): (1, 1), ("b", "a"): (1, 1)}


def test_stated_weights_are_summed() -> None:
    rows = pl.DataFrame({"one": ["a", "b"], "other": ["b", "a"], "weight": [0.5, 2.0]})
    network = project(rows, definition("one", "other", "weight"), Choice())
    assert edges(network) == {("a", "b"): (2.5, 2)}
    assert network.source.weighting == "stated"


CHOICES = {
    "minimum": (Choice(minimum=2), {("a", "b"): (2, 2)}, 3),
    "no isolates": (Choice(minimum=2, isolates=False), {("a", "b"): (2, 2)}, 2),
    "most": (Choice(most=2), {("a", "b"): (1, 1)}, 3),
    "a filter": (Choice(filters=(("event", frozenset({"r2", "r3"})),)), {("a", "b"): (1, 1)}, 3),
}


@pytest.mark.parametrize(("choice", "wanted", "order"), CHOICES.values(), ids=list(CHOICES))
def test_choices(choice: Choice, wanted: dict[tuple[str, str], tuple[float, int]], order: int) -> None:
    network = project(REPORTS, INCIDENCE, choice)
    assert (edges(network), network.order) == (wanted, order)


@pytest.mark.parametrize("rows", [incidence(), incidence(("a", "r1"))], ids=["empty", "one node"])
@pytest.mark.parametrize("side", ["actors", "events", "both"])
def test_nothing_and_one_actor(rows: pl.DataFrame, side: Any) -> None:
    for weighting in ("count", "newman"):
        network = project(rows, INCIDENCE, Choice(nodes=side, weighting=weighting))  # type: ignore[arg-type]
        assert network.order == rows.height * (2 if side == "both" else 1)


def test_a_network_over_the_limit_tells_its_size_and_what_helps() -> None:
    rows = incidence(*((f"a{number}", "big") for number in range(100)))
    with pytest.raises(NetworkTooLargeError, match=r"up to 4,950 pairs, and 1,000 .* 100 actors.*most=.*nodes=both"):
        project(rows, INCIDENCE, Choice(), pairs=1_000)
    assert project(rows, INCIDENCE, Choice(nodes="both"), pairs=1_000).size == 100
    assert project(rows, INCIDENCE, Choice(most=99), pairs=1_000).order == 0


DATED = incidence(
    ("a", "p1", date(2018, 6, 1), date(2020, 5, 31)),
    ("b", "p1", date(2018, 6, 1), date(2020, 5, 31)),
    ("b", "p2", date(2020, 1, 1), date(2020, 12, 31)),
    ("c", "p2", date(2020, 1, 1), date(2020, 12, 31)),
    ("a", "p3"),
    ("c", "p3"),
)


def test_spans_of_time_overlap_and_what_has_no_day_stays() -> None:
    network = project(DATED, INCIDENCE, Choice(first=date(2018, 1, 1), last=date(2019, 12, 31)))
    assert set(edges(network)) == {("a", "b"), ("a", "c")}


def test_slices_by_year_and_by_window() -> None:
    def spans(every: int, window: int) -> dict[str, set[tuple[str, str]]]:
        made = slices(DATED, INCIDENCE, Choice(), every=every, window=window)
        return {name: set(edges(project(DATED, INCIDENCE, choice))) for name, choice in made}

    assert spans(1, 1) == {"2018": {("a", "b")}, "2019": {("a", "b")}, "2020": {("a", "b"), ("b", "c")}}
    assert spans(2, 2) == {"2018/2019": {("a", "b")}, "2020/2021": {("a", "b"), ("b", "c")}}
    only = slices(DATED, INCIDENCE, Choice(first=date(2020, 1, 1)))
    assert [name for name, _ in only] == ["2020"]
    assert list(slices(incidence(("a", "p3")), INCIDENCE, Choice())) == []
    with pytest.raises(NetworkError, match="1 year or more"):
        spans(0, 1)


def test_without_days_there_are_no_spans() -> None:
    rows = pl.DataFrame({"one": ["a"], "other": ["b"]})
    with pytest.raises(NetworkError, match="no columns first and last"):
        project(rows, definition("one", "other"), Choice(first=date(2020, 1, 1)))


def test_the_records_behind_an_edge() -> None:
    assert behind(REPORTS, INCIDENCE, Choice(), "b", "a")["record"].to_list() == ["r1", "r2"]
    assert behind(REPORTS, INCIDENCE, Choice(nodes="events"), "r1", "r2")["record"].to_list() == ["a", "b"]
    assert behind(REPORTS, INCIDENCE, Choice(nodes="both"), "c", "r3")["record"].to_list() == ["r3"]
    assert behind(REPORTS, INCIDENCE, Choice(), "a", "nobody").height == 0


WHO = st.tuples(st.sampled_from([f"a{n}" for n in range(7)]), st.sampled_from([f"e{n}" for n in range(6)]))


@settings(deadline=None)
@given(st.lists(WHO), st.sampled_from(["count", "newman"]))
def test_the_same_as_a_naive_count(rows: list[tuple[str, str]], weighting: Any) -> None:
    parties = defaultdict(set)
    for actor, event in rows:
        parties[event].add(actor)
    wanted: dict[tuple[str, str], tuple[float, int]] = {}
    for actors in parties.values():
        for pair in combinations(sorted(actors), 2):
            weight, records = wanted.get(pair, (0.0, 0))
            wanted[pair] = (weight + (1 if weighting == "count" else 1 / (len(actors) - 1)), records + 1)
    frame = incidence(*rows)
    network = project(frame, INCIDENCE, Choice(weighting=weighting), Origin("x"))
    found = edges(network)
    assert found == {pair: (pytest.approx(weight), records) for pair, (weight, records) in wanted.items()}
    for (one, other), (_, records) in found.items():
        assert behind(frame, INCIDENCE, Choice(), one, other).height == records


@settings(deadline=None)
@given(st.lists(WHO, min_size=1), st.permutations(range(7)))
def test_other_names_give_the_same_network(rows: list[tuple[str, str]], order: list[int]) -> None:
    renamed = {f"a{number}": f"a{place}" for number, place in enumerate(order)}
    network = edges(project(incidence(*rows), INCIDENCE, Choice()))
    other = edges(project(incidence(*((renamed[a], e) for a, e in rows)), INCIDENCE, Choice()))
    assert other == {tuple(sorted((renamed[a], renamed[b]))): has for (a, b), has in network.items()}


def test_a_definition_is_found_with_and_without_its_family() -> None:
    assert find("networks/ownership").name == find("ownership").name == "ownership"


def test_the_pairs_of_a_framework_programme(shared: Path) -> None:
    """FP7: 30,973 organizations, 888,405 pairs within projects, which are 673,050 once those that recur are joined."""
    rows = pl.read_csv(
        shared / "data" / "cordis_fp7" / "fp7edges.tsv.gz", separator="\t", schema_overrides={"new_org_id": pl.String}
    ).select(pl.col("new_org_id").alias("actor"), pl.col("projectRcn").cast(pl.String).alias("event"))
    network = project(rows, definition("actor", "event"), Choice())
    assert (network.order, network.size, network.edges["records"].sum()) == (30_973, 673_050, 888_405)
    newman = project(rows, definition("actor", "event"), Choice(weighting="newman"))
    shared_projects = rows.unique().filter(pl.len().over("event") > 1).height
    assert newman.matrix().sum() == pytest.approx(shared_projects)
