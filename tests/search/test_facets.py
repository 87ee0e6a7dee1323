"""Facets count what is found, and choose from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg import iris
from kg.errors import ParameterError
from kg.search import Index, Question, choices, question, search, told
from kg.search import facets as counting
from kg.vocabulary import TT

from .conftest import MakeIndex

GRANT = "collaboration/cordis-101034324"


def all_of(index: Index, asked: Question) -> Counter[tuple[str, str]]:
    """The facets of all hits, counted one by one."""
    things = [hit.thing for hit in search(index, asked, limit=100).hits]
    return Counter(
        (kind, str(value))
        for thing in things
        for kind, values in (("class", thing.classes), ("country", thing.areas), ("year", thing.years))
        for value in set(values)
    )


@pytest.mark.parametrize(
    "text", ["university", "大学", "of", "oxford", "03cve4549", "stanfrod", "federal", "qqq", "act"]
)
def test_facets_are_those_of_all_hits(text: str, index: Index) -> None:
    counted = search(index, question(text), limit=1).facets
    assert counted.exact
    found = {(kind, each.value): each.number for kind, values in counted.values.items() for each in values}
    assert found == all_of(index, question(text))


@pytest.mark.parametrize(
    ("chosen", "first"),
    [
        ({"classes": ["Policy"]}, ["policy/action-2016", "policy/bayh-dole"]),
        ({"classes": ["tt:Policy"], "countries": ["us"]}, ["policy/bayh-dole"]),
        ({"classes": [TT.Policy, "Collaboration"], "years": ["2015-2021"]}, ["policy/action-2016", GRANT]),
        ({"countries": ["CN"], "years": ["1898"]}, ["org/peking"]),
        ({"years": ["1980"]}, ["policy/bayh-dole"]),
        ({"classes": ["https://schema.org/Organization"]}, ["https://example.org/lab"]),
        ({"classes": ["Nothing"]}, []),
    ],
)  # fmt: skip
def test_what_is_chosen_without_words(chosen: dict[str, list[str]], first: list[str], index: Index) -> None:
    page = search(index, question("", **chosen))
    assert [hit.thing.iri.removeprefix(iris.ID) for hit in page.hits] == first
    assert page.total == len(first)


def test_what_is_chosen_with_words_and_what_else_could_be(index: Index) -> None:
    page = search(index, question("university", countries=["CN"]))
    assert {hit.thing.iri.removeprefix(iris.ID) for hit in page.hits} == {"org/tsinghua", "org/peking"}
    offered = {each.value for each in page.facets.values["country"]}
    assert {"CN", "GB", "US"} <= offered  # as if no country were chosen
    assert [each.value for each in page.facets.values["year"]] == ["1898", "1911"]


def test_an_identifier_is_found_among_what_is_chosen_only(index: Index) -> None:
    assert search(index, question("03cve4549", countries=["CN"])).total == 1
    assert search(index, question("03cve4549", countries=["US"])).total == 0


def test_a_city_counts_for_its_country(make_index: MakeIndex, tmp_path: Path) -> None:
    label, graph = "http://www.w3.org/2000/01/rdf-schema#label", "<https://example.org/g>"
    links = [
        (f"{iris.ID}org/one", TT.homeArea, f"{iris.ID}area/geonames-1"),
        (f"{iris.ID}area/geonames-1", TT.withinArea, f"{iris.ID}area/geonames-2"),
        (f"{iris.ID}area/geonames-2", TT.withinArea, f"{iris.ID}area/FR"),
        (f"{iris.ID}org/two", TT.homeArea, f"{iris.ID}area/geonames-3"),
    ]
    lines = [f"<{one}> <{by}> <{other}> {graph} .\n" for one, by, other in links]
    lines += [f'<{iris.ID}org/{name}> <{label}> "university" {graph} .\n' for name in ("one", "two")]
    with make_index(sorted(map(str.encode, lines)), tmp_path / "cities.sqlite") as index:
        page = search(index, question("university"))
        assert {each.value: each.number for each in page.facets.values["country"]} == {"FR": 1, "geonames-3": 1}
        assert [hit.thing.iri for hit in search(index, question("university", countries=["FR"])).hits] == [
            f"{iris.ID}org/one"
        ]


@pytest.mark.parametrize("year", ["20", "soon", "2020-1990", "1000-2000", "2020-20201", "²⁰²⁰"])
def test_what_is_no_year_is_refused(year: str) -> None:
    with pytest.raises(ParameterError, match="year"):
        question("a", years=[year])


def test_many_hits_are_estimated_and_said_to_be(make_index: MakeIndex, tmp_path: Path) -> None:
    number = 2_100
    label, year = "http://www.w3.org/2000/01/rdf-schema#label", "http://purl.org/dc/terms/issued"
    gyear = "http://www.w3.org/2001/XMLSchema#gYear"
    lines = sorted(
        line.encode()
        for n in range(number)
        for line in (
            f'<https://example.org/{n}> <{label}> "university" <https://example.org/g> .\n',
            f'<https://example.org/{n}> <{year}> "{2000 + n % 2}"^^<{gyear}> <https://example.org/g> .\n',
        )
    )
    with make_index(lines, tmp_path / "many.sqlite", batch=1_000) as index, index.asked() as reading:
        counted = counting.facets(reading, question("university"), most=1_000)
    assert not counted.exact
    for each in counted.values["year"]:
        assert each.number == pytest.approx(number / 2, rel=0.05)


def test_hits_and_facets_are_named_in_a_language(index: Index) -> None:
    page = search(index, question("清华"))
    (hit,) = told(index, page.hits, "zh")
    assert (hit.label, hit.label.language) == ("清华大学", "zh")
    assert hit.classes == {TT.Organization: "机构"}
    assert hit.countries == {"CN": "中国"}
    assert hit.years == (1911,)
    (hit,) = told(index, page.hits, "en")
    assert (hit.label, hit.matched) == ("Tsinghua University", "清华大学")
    assert [(c.value, c.label, c.number) for c in choices(index, page, "en")["country"]] == [("CN", "China", 1)]


def test_what_has_no_name_is_told_by_its_identifier(index: Index) -> None:
    (hit,) = told(index, search(index, question("CT-2020-0815")).hits)
    assert hit.label == "CT-2020-0815"
    assert hit.as_json()["match"] == "exact"
