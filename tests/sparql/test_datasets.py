"""The dataset that a query states: found where it stands, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QuerySyntaxError
from kg.sparql.clauses import has_clause
from kg.sparql.datasets import Dataset, dataset_of

A, B = "x:a", "x:b"


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <x:a> {}", (A,), ()),
        ("SELECT *FROM<x:a>{}", (A,), ()),
        ("select * from <x:a> from named <x:b> where {}", (A,), (B,)),
        ("ASK FROM NAMED<x:a>{}", (), (A,)),
        ("ASK FROM <x:a> FROM <x:b> FROM <x:a> {}", (A, B), ()),
        ("DESCRIBE <x:y> FROM <x:a>", (A,), ()),
        ("DESCRIBE * FROM <x:a> { ?s ?p ?o }", (A,), ()),
        ("CONSTRUCT { ?s ?p ?o } FROM <x:a> WHERE { ?s ?p ?o }", (A,), ()),
        ("CONSTRUCT FROM <x:a> WHERE { ?s ?p ?o }", (A,), ()),
        # names
        ("PREFIX e: <x:> ASK FROM e:a {}", (A,), ()),
        ("PREFIX e: <x:> ASK FROM e:aWHERE {}", ("x:aWHERE",), ()),
        ("PREFIX e: <x:> ASK FROM e:a-1 FROM NAMED e:b\\,c {}", ("x:a-1",), ("x:b,c",)),
        ("PREFIX : <x:> ASK FROM :a FROM : {}", (A, "x:"), ()),
        ("PREFIX NAMED: <x:> ASK FROM NAMED:a {}", (A,), ()),
        ("PREFIX from: <x:> ASK FROM from:a {}", (A,), ()),
        ("BASE <http://b/x/> ASK FROM <../a> FROM <#f> {}", ("http://b/a", "http://b/x/#f"), ()),
        ("BASE <http://b/> PREFIX e: <b> ASK FROM <a> FROM NAMED e: {}", ("http://b/a",), ("http://b/b",)),
        ("ASK FROM <x:\\u0061> {}", (A,), ()),
        # what only looks like a clause
        ("ASK FROM # FROM <x:y>\n <x:a> # FROM <x:z>\n {}", (A,), ()),
        ("SELECT ('FROM <x:y>' AS ?x) FROM <x:a> {}", (A,), ()),
        ("SELECT ?from FROM <x:a> { ?from ?FROM 'FROM <x:y>' }", (A,), ()),
        ("SELECT (?a<?b AS ?c) FROM <x:a> { ?a ?p ?b FILTER(?a>?b) }", (A,), ()),
        ("SELECT ('''it's FROM <x:y> ''' AS ?x) FROM <x:a> {}", (A,), ()),
    ],
)
def test_the_clauses_are_found(query: str, default: tuple[str, ...], named: tuple[str, ...]) -> None:
    assert dataset_of(query) == Dataset(default, named)


@pytest.mark.parametrize(
    "query",
    [
        "ASK {}",
        "ASK {} # FROM <x:y>",
        "SELECT ('FROM <x:y>' AS ?x) {}",
        "PREFIX from: <x:> SELECT ?FROM { ?FROM from:from 'from' }",
        "ASK { <x:FROM> ?p ?o }",
    ],
)
def test_a_query_without_clauses_states_none(query: str) -> None:
    assert dataset_of(query) is None


def test_relative_names_are_those_of_the_endpoint_where_there_is_no_base() -> None:
    assert dataset_of("ASK FROM <a> {}", "http://example.org/sparql") == Dataset(("http://example.org/a",), ())


@pytest.mark.parametrize(
    "query", ["ASK FROM {}", "ASK FROM <a> {}", "ASK FROM e:a {}", "ASK { ?s ?p ?o } FROM <x:y>", "SELECT ?from"]
)
def test_what_is_no_sparql_is_called_so(query: str) -> None:
    with pytest.raises(QuerySyntaxError):
        dataset_of(query)


GAPS = st.sampled_from([" ", "\n", " # FROM <x:comment>\n", "\t#'\n"])
CLAUSES = st.lists(st.tuples(st.booleans(), st.sampled_from(["<x:a>", "<x:b>", "e:c", "e:d.e", "<r>"])), max_size=4)
HEADS = st.sampled_from(["ASK", "SELECT *", "SELECT ('FROM <x:s>' AS ?from)", 'SELECT ("""\\"FROM <x:s>""" AS ?x)'])
NAMES = {"<x:a>": "x:a", "<x:b>": "x:b", "e:c": "x:c", "e:d.e": "x:d.e", "<r>": "http://b/r"}


@given(HEADS, CLAUSES, GAPS)
def test_clauses_are_found_whatever_stands_around_them(head: str, clauses: list[tuple[bool, str]], gap: str) -> None:
    words = [word for named, name in clauses for word in ("FROM", *["NAMED"] * named, name)]
    query = f"BASE <http://b/> PREFIX e: <x:>{gap}{head}{gap}{gap.join(words)}{gap}WHERE{gap}{{ ?a ?b 'FROM <x:o>' }}"
    expected = Dataset(
        tuple(dict.fromkeys(NAMES[name] for named, name in clauses if not named)),
        tuple(dict.fromkeys(NAMES[name] for named, name in clauses if named)),
    )
    assert has_clause(query, "FROM") is bool(clauses)
    assert (dataset_of(query) or Dataset()) == expected
