"""Whatever is typed comes back as exactly that term, or is refused: nothing else reaches a query."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ParameterError
from kg.queries import Column, NamedQuery, Parameter
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import XSD

HOSTILE = (
    '" } DELETE WHERE { ?s ?p ?o } #',
    "> } . ?s ?p ?o #",
    "\\u0022 } #",
    '\\" } #',
    '"""',
    "}\nVALUES ?value { 1 }",
    "\x00\r\n\t\\",
    "\u2028\u200e𐍈",
)


def query(kind: str, *, optional: bool = False, below: str | None = None) -> NamedQuery:
    example = None if optional else "x"
    return NamedQuery(
        name="test/echo",
        summary="Gives back its parameter",
        question="What was asked?",
        parameters=(Parameter("value", kind, "anything", below=below, example=example, optional=optional),),
        columns=(Column("value", "what was asked"),),
        tags=(),
        source="made up",
        text='SELECT ?value WHERE {\n  VALUES ?value { "x" }\n}',
        path=Path("echo.rq"),
    )


def echo(kind: str, value: str) -> ox.NamedNode | ox.Literal:
    ((term,),) = query(kind).run(EmbeddedStore.in_memory(), {"value": value}).rows
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term


@given(st.text() | st.sampled_from(HOSTILE))
def test_a_string_comes_back_as_that_literal(value: str) -> None:
    assert echo("string", value) == ox.Literal(value)


@given(st.text() | st.sampled_from(HOSTILE) | st.text(alphabet="<>{}\\\"' ?#.:/ax%u0022").map("http://x/".__add__))
def test_an_iri_comes_back_as_that_iri_or_is_refused(value: str) -> None:
    try:
        term = query("iri").parameters[0].term(value)
    except ParameterError:
        return
    assert not set(value) & set('<>"{}|^`\\ \n')
    assert term.value == value
    assert echo("iri", value) == term


@given(st.text() | st.sampled_from(HOSTILE))
def test_no_other_type_lets_a_quote_through(value: str) -> None:
    for kind in ("boolean", "date", "decimal", "integer", "language", "year"):
        try:
            term = echo(kind, value)
        except ParameterError:
            continue
        assert not set(term.value) & set('"\\<>{} \n')


@pytest.mark.parametrize(
    ("kind", "value", "literal"),
    [
        ("boolean", "true", ox.Literal("true", datatype=ox.NamedNode(XSD.boolean))),
        ("date", "2022-07-01", ox.Literal("2022-07-01", datatype=ox.NamedNode(XSD.date))),
        ("decimal", "-0.5", ox.Literal("-0.5", datatype=ox.NamedNode(XSD.decimal))),
        ("integer", "42", ox.Literal("42", datatype=ox.NamedNode(XSD.integer))),
        ("language", "zh-Hans", ox.Literal("zh-hans")),
        ("year", "2020", ox.Literal("2020", datatype=ox.NamedNode(XSD.gYear))),
    ],
)
def test_a_value_becomes_a_literal_of_its_type(kind: str, value: str, literal: ox.Literal) -> None:
    assert echo(kind, value) == literal


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("boolean", "yes"),
        ("date", "2022-02-30"),
        ("date", "2022-7-1"),
        ("decimal", "1e5"),
        ("decimal", "0," + "5"),
        ("decimal", "0.1234567890123456789"),
        ("integer", "4.2"),
        ("integer", "٤٢"),
        ("integer", "1" * 19),
        ("iri", ""),
        ("iri", "CN"),
        ("iri", "http://example.org/a b"),
        ("language", "english language"),
        ("string", "\ud800"),
        ("year", "20"),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: str) -> None:
    with pytest.raises(ParameterError) as caught:
        query(kind).bind({"value": value})
    assert caught.value.name == "value"


def test_a_short_value_is_read_below_its_path() -> None:
    named = query("iri", below="id/area/")
    full = "https://w3id.org/techtransfer/id/area/CN"
    assert named.bind({"value": "CN"}) == named.bind({"value": full})
    assert f"{{ <{full}> }}" in named.bind({"value": "CN"})
    assert "<http://example.org/other>" in named.bind({"value": "http://example.org/other"})
    for wrong in ("", "C N", "CN> } #"):
        with pytest.raises(ParameterError, match="or its last part as in x"):
            named.bind({"value": wrong})


def test_an_optional_parameter_without_value_asks_for_any() -> None:
    assert "VALUES ?value { UNDEF }" in query("string", optional=True).bind({})


def test_a_missing_value_is_named_with_an_example() -> None:
    with pytest.raises(ParameterError, match="parameter value: expected a value, for example x"):
        query("string").bind({})


def test_an_unknown_parameter_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ParameterError, match="parameter valeu: expected one of value"):
        query("string").bind({"valeu": "x"})
