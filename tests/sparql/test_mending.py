"""What the engine reads otherwise than the standard, and that nothing else of a text is touched."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.sparql.mending import mended

STORE = ox.Store()
TAGGED = "{ VALUES ?o { 'a'@en 'b'@en } }"


@pytest.mark.parametrize(
    "concatenation",
    ["GROUP_CONCAT(?o)", "group_concat ( DISTINCT (?o) ; separator = ' ' )", "UCASE(GROUP_CONCAT(STR(?o)))"],
)
def test_a_concatenation_has_no_language(concatenation: str) -> None:
    (solution,) = STORE.query(mended(f"SELECT ({concatenation} AS ?all) {TAGGED}"))
    assert solution["all"].language is None
    assert solution["all"].value.lower() == "a b"


def test_two_concatenations_and_what_is_between_them() -> None:
    query = f"SELECT (GROUP_CONCAT(?o) AS ?x) (COUNT(?o) AS ?n) (GROUP_CONCAT(?o; separator=')') AS ?y) {TAGGED}"
    (solution,) = STORE.query(mended(query))
    assert [solution[name].value for name in "xny"] == ["a b", "2", "a)b"]


def test_booleans_in_any_case() -> None:
    (solution,) = STORE.query(mended("SELECT (TRUE AS ?t) (False AS ?f) {}"))
    assert [solution[name].value for name in "tf"] == ["true", "false"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?true <http://example.org/TRUE> 'TRUE', \"GROUP_CONCAT(\" }",
        "PREFIX TRUE: <http://example.org/False> SELECT * { TRUE:False TRUE:true true } # GROUP_CONCAT(?x) TRUE",
        "INSERT DATA { <http://example.org/s> <http://example.org/p> '''\n'GROUP_CONCAT(' False''' }",
    ],
)
def test_names_strings_and_comments_stay(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize("text", ["GROUP_CONCAT", "SELECT (GROUP_CONCAT(?x {", ")) GROUP_CONCAT )("])
def test_what_is_no_sparql_stays_none(text: str) -> None:
    with pytest.raises(SyntaxError):
        STORE.query(mended(text))
