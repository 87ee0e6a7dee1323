"""What a parameter can be given, and which thing a word means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import AmbiguousError, ParameterError
from kg.queries import Column, NamedQuery, Parameter
from kg.queries.asking import asked
from kg.queries.values import MOST, choices, resolved
from kg.store.embedded import EmbeddedStore

BASE = "https://w3id.org/techtransfer/"
DATA = f"""
@prefix tt: <{BASE}ontology#> .
@prefix id: <{BASE}id/> .
@prefix concept: <{BASE}concept/> .
@prefix code: <{BASE}concept/code/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{BASE}id/area/CN> a tt:Area ; rdfs:label "China"@en , "中国"@zh ; skos:notation "156" .
<{BASE}id/area/GB> a tt:Area ; rdfs:label "United Kingdom"@en ; skos:altLabel "Great Britain"@en .
<{BASE}id/area/GE> a tt:Area ; rdfs:label "Georgia"@en .
<{BASE}id/area/US-GA> a tt:Area ; rdfs:label "Georgia"@en .
<{BASE}concept/code/sum> skos:inScheme <{BASE}concept/code/scheme/operation> ; skos:prefLabel "sum"@en .
<{BASE}concept/code/divide> skos:inScheme <{BASE}concept/code/scheme/operation> ; skos:prefLabel "quotient"@en .
<{BASE}concept/code/reported> skos:inScheme <{BASE}concept/code/scheme/status> .
<{BASE}concept/theme/talent> skos:inScheme <{BASE}concept/theme> .
<{BASE}concept/theme> a skos:ConceptScheme .
<{BASE}id/obs/one> rdfs:label "first claim"@en .
<{BASE}id/obs/two> rdfs:label "second claim"@en .
tt:Shortfall rdfs:label "shortfall"@en .
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    store = EmbeddedStore.in_memory()
    store.database.load(DATA.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"{BASE}graph/test"))
    return store


def parameter(below: str | None, example: str = "x", **more: Any) -> Parameter:
    return Parameter("thing", "iri", "anything", below=below, example=example, **more)


def query(taken: Parameter) -> NamedQuery:
    text = "SELECT ?thing WHERE {\n  VALUES ?thing { <http://example.org/x> }\n}"
    return NamedQuery("test/echo", "", "", (taken,), (Column("thing", ""),), (), "", text, Path("echo.rq"))


def meant(store: EmbeddedStore, taken: Parameter, value: str) -> str:
    return asked(store, resolved(query(taken), {"thing": value}))["thing"].removeprefix(BASE)


AREA = parameter("id/area/", "CN")


@pytest.mark.parametrize(
    ("below", "example", "more", "listed"),
    [
        ("id/area/", "CN", {}, ["CN (China)", "GB (United Kingdom)", "GE (Georgia)", "US-GA (Georgia)"]),
        ("concept/code/", "sum", {}, ["divide (quotient)", "sum"]),
        ("concept/theme/", "talent", {}, ["talent"]),
        ("concept/", "theme", {}, ["theme"]),
        ("ontology#", "Shortfall", {"values": ("Shortfall", "Finding")}, ["Finding", "Shortfall (shortfall)"]),
        ("id/org/", "x", {}, []),
    ],
)
def test_things_are_listed_as_below_says(
    store: EmbeddedStore, below: str, example: str, more: dict[str, Any], listed: list[str]
) -> None:
    found = asked(store, choices(parameter(below, example, **more)))
    assert found is not None
    assert [str(choice) for choice in found] == listed


@pytest.mark.parametrize(
    "taken", [parameter("id/obs/"), parameter(None), Parameter("thing", "year", "", example="2020")]
)
def test_what_has_nothing_in_common_is_not_listed(store: EmbeddedStore, taken: Parameter) -> None:
    assert asked(store, choices(taken)) is None


def test_a_name_is_shown_in_the_language_asked_for(store: EmbeddedStore) -> None:
    found = asked(store, choices(AREA))
    assert found is not None
    assert (found[0].label("zh"), found[0].label("fr")) == ("中国", "China")


def test_more_than_can_be_read_are_not_listed_and_found_by_name_all_the_same() -> None:
    store = EmbeddedStore.in_memory()
    lines = "".join(
        f'<{BASE}id/org/o{n}> a tt:Organization ; rdfs:label "Institute {n}"@en .\n' for n in range(MOST + 1)
    )
    data = f"@prefix tt: <{BASE}ontology#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n{lines}"
    store.database.load(data.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"{BASE}graph/test"))
    organization = parameter("id/org/")
    assert asked(store, choices(organization)) is None
    assert meant(store, organization, "o7") == "id/org/o7"
    assert meant(store, organization, "institute  7") == "id/org/o7"
    with pytest.raises(ParameterError, match=r"o70 \(Institute 70\)"):
        meant(store, organization, "stitute 70")
    with pytest.raises(ParameterError, match="nothing is called 'o999'"):
        meant(store, organization, "o999")


@pytest.mark.parametrize("value", ["CN", "cn", "China", "CHINA", " china ", "中国", "156"])
def test_a_word_is_a_code_or_a_name_in_any_language(store: EmbeddedStore, value: str) -> None:
    assert meant(store, AREA, value) == "id/area/CN"


@pytest.mark.parametrize("value", ["http://example.org/x", "id:area/CN", "tt:Shortfall", f"<{BASE}id/area/XX>"])
def test_an_identifier_stays_what_it_is(store: EmbeddedStore, value: str) -> None:
    assert meant(store, AREA, value) == value.removeprefix(BASE)


def test_a_curie_is_written_out_where_it_is_bound() -> None:
    assert f"{{ <{BASE}id/area/CN> }}" in query(AREA).bind({"thing": "id:area/CN"})
    assert f"{{ <{BASE}ontology#Shortfall> }}" in query(AREA).bind({"thing": "tt:Shortfall"})
    assert f"{{ <{BASE}id/area/CN> }}" in query(AREA).bind({"thing": f"<{BASE}id/area/CN>"})


def test_a_name_of_several_things_is_answered_with_all_of_them(store: EmbeddedStore) -> None:
    with pytest.raises(
        AmbiguousError, match=r"one of GE \(Georgia\), US-GA \(Georgia\); .* called 'georgia'"
    ) as caught:
        meant(store, AREA, "georgia")
    assert caught.value.accepted == ("GE", "US-GA")


def test_a_word_that_means_nothing_is_answered_with_what_there_is_the_nearest_first(store: EmbeddedStore) -> None:
    with pytest.raises(
        ParameterError, match=r"expected one of CN \(China\) and 3 more; or an IRI; not 'Chnia'"
    ) as caught:
        meant(store, AREA, "Chnia")
    assert caught.value.accepted == ("CN", "GB", "GE", "US-GA")


def test_what_the_graph_tells_of_can_be_given_though_it_is_not_listed(store: EmbeddedStore) -> None:
    assert meant(store, parameter("id/", "x", values=("area/CN",)), "obs/one") == "id/obs/one"
    assert meant(store, parameter("concept/code/", "sum"), "scheme/status") == "concept/code/scheme/status"


def test_where_there_are_no_things_of_the_kind_an_identifier_stays(store: EmbeddedStore) -> None:
    assert meant(store, parameter("id/org/"), "ncste") == "id/org/ncste"
    with pytest.raises(ParameterError, match="nothing is called 'no such institution'"):
        meant(store, parameter("id/org/"), "no such institution")


def test_where_nothing_is_listed_a_word_is_looked_for_and_an_identifier_stays(store: EmbeddedStore) -> None:
    taken = parameter("id/obs/")
    assert meant(store, taken, "one") == "id/obs/one"
    assert meant(store, taken, "First claim") == "id/obs/one"
    assert meant(store, taken, "seed/three") == "id/obs/seed/three"
    with pytest.raises(ParameterError, match=r"such as one \(first claim\), two \(second claim\); not 'claim'"):
        meant(store, taken, "claim")
    with pytest.raises(ParameterError, match="nothing is called 'third claim'"):
        meant(store, taken, "third claim")


def test_a_parameter_that_is_none_is_named(store: EmbeddedStore) -> None:
    with pytest.raises(ParameterError, match="parameter thin: expected one of thing"):
        asked(store, resolved(query(AREA), {"thin": "CN"}))


@settings(max_examples=50)
@given(st.text() | st.sampled_from(['" } #', "\\", "'''", "\ud800", "a\nb", "} UNION { ?s ?p ?o }"]))
def test_whatever_is_typed_is_a_thing_or_refused(store: EmbeddedStore, value: str) -> None:
    for taken in (AREA, parameter("id/obs/")):
        try:
            found = meant(store, taken, value)
        except ParameterError:
            continue
        try:
            taken.term(found if ":" in found or found.startswith("<") else f"{BASE}{found}")
        except ParameterError:
            assert ":" in value or value.startswith("<")  # an identifier is checked where it is bound
