"""The order of rows: whether a query states one, and how it is made total."""

from __future__ import annotations

import itertools

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.queries.ordering import is_ordered, totally_ordered

PLAIN = "SELECT ?a ?b WHERE { ?a ?p ?b }"


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        (f"{PLAIN} ORDER BY ?a", True),
        (f"{PLAIN} GROUP BY ?a ?b HAVING (COUNT(*) > 1) ORDER BY DESC(?a) LIMIT 3", True),
        (PLAIN, False),
        (f"{PLAIN} # ORDER BY ?a", False),
        ("SELECT ?a WHERE { { SELECT ?a { ?a ?p 'ORDER BY }' } ORDER BY ?a LIMIT 1 } }", False),
        ("SELECT (EXISTS { ?x ?y ?z } AS ?a) WHERE { } ORDER BY ?a", True),
    ],
)
def test_only_the_outermost_order_counts(text: str, ordered: bool) -> None:
    assert is_ordered(text) is ordered


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (f"{PLAIN} ORDER BY ?b", "ORDER BY ?b ?a"),
        (f"{PLAIN} ORDER BY ?b\nLIMIT 3", "ORDER BY ?b ?a\nLIMIT 3"),
        (f"{PLAIN} ORDER BY DESC(?b) ASC ( ?a )", "ORDER BY DESC(?b) ASC ( ?a )"),
        (f"{PLAIN} ORDER BY STR(?b) DESC(STR(?a))", "ORDER BY STR(?b) DESC(STR(?a)) ?a ?b"),
        (f"{PLAIN} ORDER BY (?a = ?b) OFFSET 1", "ORDER BY (?a = ?b) ?a ?b OFFSET 1"),
        (f"{PLAIN} ORDER BY ?b # as it is", "ORDER BY ?b ?a # as it is"),
        (f"{PLAIN} ORDER BY ?b VALUES ?a {{ 1 }}", "ORDER BY ?b ?a VALUES ?a { 1 }"),
        (PLAIN, "}\nORDER BY ?a ?b"),
        (f"{PLAIN} LIMIT 3", "}\nORDER BY ?a ?b LIMIT 3"),
    ],
)
def test_the_columns_that_are_not_named_come_last(text: str, end: str) -> None:
    total = totally_ordered(text, ["a", "b"])
    assert total.endswith(end)
    assert totally_ordered(total, ["a", "b"]) == total
    ox.Store().query(total)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)), unique=True, min_size=1))
def test_rows_come_in_one_order_however_they_were_found(rows: list[tuple[int, int, int]]) -> None:
    """The engine sorts in a stable way: without the other columns the rows would come as they stand in VALUES."""
    answers = set()
    for order in itertools.islice(itertools.permutations(rows), 6):
        values = " ".join("(" + " ".join(map(str, row)) + ")" for row in order)
        text = totally_ordered(
            f"SELECT ?a ?b ?c WHERE {{ VALUES (?a ?b ?c) {{ {values} }} }} ORDER BY DESC(?b)", ["a", "b", "c"]
        )
        solutions = ox.Store().query(text)
        assert isinstance(solutions, ox.QuerySolutions)
        answers.add(tuple(tuple(str(term) for term in solution) for solution in solutions))
    assert len(answers) == 1
