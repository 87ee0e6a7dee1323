"""The runner's own notion of an equal answer."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from . import rdf, results
from .results import Solutions

B, C = ox.BlankNode("b"), ox.BlankNode("c")
XSD = "http://www.w3.org/2001/XMLSchema#"


def solutions(*values: ox.Literal | ox.BlankNode, ordered: bool = False) -> Solutions:
    return Solutions(frozenset({"x"}), tuple({"x": value} for value in values), ordered)


def number(text: str, datatype: str = "integer") -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (solutions(ox.Literal("a"), ox.Literal("b")), solutions(ox.Literal("b"), ox.Literal("a"))),
        (solutions(B, B, C), solutions(C, C, B)),
        (solutions(number("01"), number("1")), solutions(number("1"), number("1"))),
        (solutions(number("1.0e6", "double")), solutions(number("1000000", "double"))),
        (solutions(number("1", "boolean")), solutions(number("true", "boolean"))),
        (True, True),
    ],
)
def test_equal(wanted: results.Answer, found: results.Answer) -> None:
    assert results.difference(wanted, found) == ""


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (solutions(ox.Literal("a")), solutions(ox.Literal("a"), ox.Literal("a"))),
        (solutions(B, C), solutions(B, B)),
        (solutions(ox.Literal("1")), solutions(number("1"))),
        (solutions(number("1")), solutions(number("1", "decimal"))),
        (solutions(ox.Literal("a"), ox.Literal("b"), ordered=True), solutions(ox.Literal("b"), ox.Literal("a"))),
        (solutions(), Solutions(frozenset({"x", "y"}), ())),
        (solutions(), ()),
        (True, False),
    ],
)
def test_different(wanted: results.Answer, found: results.Answer) -> None:
    assert results.difference(wanted, found)


def test_fewer_of_the_same_pass_where_the_suite_is_lax() -> None:
    wanted = solutions(ox.Literal("a"), ox.Literal("a"))
    assert results.difference(wanted, solutions(ox.Literal("a")), lax=True) == ""
    assert results.difference(wanted, solutions(), lax=True)


def test_csv_has_values_and_no_types() -> None:
    found = results.answer(b"x,y\r\n1.0e6,_:a\r\n,text\r\n", "text/csv; charset=utf-8", "")
    assert results.difference(results.answer(b"y,x\n_:b,1000000\ntext,\n", "text/csv", ""), found) == ""


def test_an_answer_of_no_known_type_is_an_error() -> None:
    with pytest.raises(ValueError, match="text/html"):
        results.answer(b"<p>", "text/html", "")


def test_graphs_are_equal_when_their_blank_nodes_can_be_matched() -> None:
    knows = ox.NamedNode("http://example.org/knows")
    ring = [ox.Quad(B, knows, C), ox.Quad(C, knows, B)]
    loops = [ox.Quad(B, knows, B), ox.Quad(C, knows, C)]
    assert rdf.canonical(ring) == rdf.canonical(reversed(ring)) != rdf.canonical(loops)
