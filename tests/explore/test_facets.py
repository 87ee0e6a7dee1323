"""What chooses a value of a facet chooses the things that were counted for it, and no others."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ParameterError
from kg.explore.facets import Facets, Where, facets
from kg.queries import Table
from kg.queries.values import Lookup
from kg.vocabulary import PREFIXES, XSD

EX = "https://example.org/"
MIXED, BY = ox.NamedNode(f"{EX}Mixed"), ox.NamedNode(f"{EX}by")
LONG = "long " * 500
DATA = f"""
@prefix : <{EX}> . @prefix xsd: <{XSD.string.removesuffix("string")}> .
:a a :Mixed ; :by "1990" . :b a :Mixed ; :by "1990"^^xsd:gYear . :c a :Mixed ; :by "1990"^^xsd:gYear , :d .
:d a :Mixed ; :by "x"@en . :e a :Mixed ; :by "x"@de . :f a :Mixed ; :by "x", "say \\"x\\"@en" .
:g a :Mixed ; :by [] . :h a :Mixed ; :by "{LONG}" .
"""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    return store


def found(store: ox.Store, *chosen: Where) -> Facets:
    steps = facets(MIXED, chosen, properties=[BY.value], most=100, limit=0, language="en")
    lookup = next(steps)
    try:
        while True:
            lookup = steps.send(asked(store, lookup))
    except StopIteration as end:
        assert isinstance(end.value, Facets)
        return end.value


def asked(store: ox.Store, lookup: Lookup) -> Table:
    solutions = store.query(lookup.text)
    assert isinstance(solutions, ox.QuerySolutions)
    return Table(lookup.columns, tuple(tuple(row[name] for name in lookup.columns) for row in solutions))


def test_a_choice_leads_to_as_many_things_as_were_counted(store: ox.Store) -> None:
    (facet,) = found(store).facets
    chosen = [value for value in facet.values if value.where]
    assert len({value.where for value in chosen}) == len(chosen) == 7
    assert {value.where: found(store, Where.of(value.where)).total for value in chosen} == {
        value.where: value.count for value in chosen
    }


def test_what_cannot_be_chosen_has_no_choice(store: ox.Store) -> None:
    (facet,) = found(store).facets
    left = [value.term for value in facet.values if not value.where]
    assert len(left) == 2
    assert ox.Literal(LONG) in left
    assert any(isinstance(term, ox.BlankNode) for term in left)


def test_a_text_alone_is_of_any_type_and_language(store: ox.Store) -> None:
    assert [found(store, Where.of(f'<{BY.value}>="{text}"')).total for text in ("1990", "x")] == [3, 3]


def literals() -> Iterator[st.SearchStrategy[ox.Literal]]:
    texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50) | st.text('"@^<>en-:', max_size=20)
    yield st.builds(ox.Literal, texts)
    yield st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, st.sampled_from(["en", "zh-hans-cn"]))
    yield st.builds(lambda text, kind: ox.Literal(text, datatype=kind), texts, st.just(ox.NamedNode(XSD.gYear)))


@given(st.one_of(*literals()), st.booleans())
def test_choices_are_read_as_they_are_written(value: ox.Literal, exact: bool) -> None:
    written = Where(BY, value if exact else ox.Literal(value.value), exact)
    assert Where.of(str(written)) == written


def test_a_type_may_be_a_curie() -> None:
    assert "xsd" in PREFIXES
    assert Where.of(f'<{BY.value}>="1990"^^xsd:gYear').value == ox.Literal("1990", datatype=ox.NamedNode(XSD.gYear))


@pytest.mark.parametrize("value", ['"x"@e n', '"x"^^<not an iri>', '"x"@', '"x"^^', '"x', '"\ud800"'])
def test_what_is_no_value_is_an_error_of_the_parameter(value: str) -> None:
    with pytest.raises(ParameterError, match="where"):
        Where.of(f"<{BY.value}>={value}")
