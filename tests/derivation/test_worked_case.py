"""The worked case of the model must come out to the digit: sums, the year before, growth, shares, the implied rate."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris
from kg.derivation import derive
from kg.store.base import Store
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import PREFIXES

HERE = Path(__file__).parent
PREFIX = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
OBS = "https://w3id.org/techtransfer/id/obs/example/"


@pytest.fixture(scope="module")
def store() -> Store:
    store = EmbeddedStore.in_memory()
    store.database.load(path=str(HERE / "worked-case.trig"))
    store.apply(list(derive(store)), [])
    return store


def rows(store: Store, query: str) -> list[dict[str, str]]:
    return [{name: term.value for name, term in row.items()} for row in store.select(PREFIX + query)]


def derived(store: Store, indicator: str, channel: str, period: str, kind: str, unit: str = "") -> tuple[Decimal, ...]:
    (row,) = rows(
        store,
        f"""SELECT ?value ?low ?high WHERE {{ ?o tt:status code:derived ; tt:indicator ind:{indicator} ;
              tt:channel ch:{channel} ; tt:refPeriod/rdfs:label "{period}"@en ; tt:transformation code:{kind} ;
              tt:value ?value ; tt:lowerBound ?low ; tt:upperBound ?high ; tt:unit ?unit
              FILTER(STRENDS(STR(?unit), "{unit}")) }}""",
    )
    return tuple(Decimal(row[name]) for name in ("value", "low", "high"))


def test_parts_add_up_to_the_reported_whole(store: Store) -> None:
    assert derived(store, "contract-count", "six-ways", "2020", "level") == (466882, 466882, 466882)
    cells = rows(store, f"SELECT DISTINCT ?c WHERE {{ ?o tt:cell ?c . <{OBS}contracts> tt:cell ?c . ?o tt:value ?v }}")
    assert len(cells) == 1


def test_level_of_the_year_before_with_bounds_that_the_other_publication_meets(store: Store) -> None:
    value, low, high = derived(store, "contract-value", "six-ways", "2019", "level")
    assert (value, low, high) == (Decimal("108.6e9"), Decimal("108.05e9"), Decimal("109.15e9"))
    (other,) = rows(
        store,
        f"""SELECT ?low ?high WHERE {{ <{OBS}year-before> tt:cell ?c ; tt:lowerBound ?low ; tt:upperBound ?high .
              ?d tt:cell ?c ; tt:status code:derived }}""",
    )
    assert low <= Decimal(other["low"]) <= Decimal(other["high"]) <= high


GROWTH = f"""SELECT ?value ?low ?high ?basis WHERE {{
  <{OBS}growth> tt:cell ?cell . ?o tt:cell ?cell ; tt:status code:derived ; tt:comparisonBasis ?basis ;
    tt:value ?value ; tt:lowerBound ?low ; tt:upperBound ?high }} ORDER BY ?value"""


def test_growth_over_a_level_from_a_difference_is_on_that_differences_basis(store: Store) -> None:
    within, across = rows(store, GROWTH)
    assert [iris.local(row["basis"]) for row in (within, across)] == ["unstated", "all-filers"]
    for row in (within, across):
        value, low, high = (Decimal(row[name]) for name in ("value", "low", "high"))
        assert round(value, 3) == Decimal("0.157")
        assert low < value < high


def changed(*updates: str) -> Store:
    """The worked case after some updates, derived."""
    database = ox.Store()
    database.load(path=str(HERE / "worked-case.trig"))
    for update in updates:
        database.update(f"{PREFIX} PREFIX obs: <{OBS}> {update}")
    store = EmbeddedStore(database)
    store.apply(list(derive(store)), [])
    return store


def test_growth_between_two_stated_levels_is_over_all_filers() -> None:
    store = changed(
        "DELETE { GRAPH ?g { obs:year-before tt:statedIn ?d ; tt:attributedTo ?e } }"
        " INSERT { GRAPH ?g { obs:year-before tt:statedIn ?news ; tt:attributedTo ?edition } } WHERE { GRAPH ?g {"
        " obs:year-before tt:statedIn ?d ; tt:attributedTo ?e ."
        " obs:yuan tt:statedIn ?news ; tt:attributedTo ?edition } }"
    )
    bases = rows(
        store, "SELECT ?b { ?o tt:status code:derived ; tt:transformation code:growth ; tt:comparisonBasis ?b }"
    )
    assert [iris.local(row["b"]) for row in bases] == ["all-filers"]


def test_a_difference_among_matched_filers_gives_no_level() -> None:
    store = changed(
        "DELETE { GRAPH ?g { obs:increase tt:comparisonBasis ?b } }"
        " INSERT { GRAPH ?g { obs:increase tt:comparisonBasis code:matched-filers } }"
        " WHERE { GRAPH ?g { obs:increase tt:comparisonBasis ?b } }"
    )
    assert rows(store, "SELECT ?d WHERE { ?d tt:operation code:subtract }") == []


@pytest.mark.parametrize("name", ["2024-02-31", "2020-01-01_2020-12-31", "2020-12-31_2020-01-01", "CY0000"])
def test_a_period_that_is_none_leaves_the_observation_without_cell_and_the_period_without_days(name: str) -> None:
    store = changed(
        f"DELETE {{ GRAPH ?g {{ obs:yuan tt:refPeriod ?p }} }} INSERT {{ GRAPH ?g {{ obs:yuan tt:refPeriod"
        f" <https://w3id.org/techtransfer/id/period/{name}> }} }} WHERE {{ GRAPH ?g {{ obs:yuan tt:refPeriod ?p }} }}"
    )
    assert rows(store, f"SELECT ?c WHERE {{ <{OBS}yuan> tt:cell ?c }}") == []
    assert len(rows(store, "SELECT ?p WHERE { ?p a tt:Period FILTER NOT EXISTS { ?p tt:firstDay ?d } }")) == 1


def test_implied_rate_and_what_the_roundings_allow(store: Store) -> None:
    (row,) = rows(
        store,
        """SELECT ?rate ?sl ?sh ?tl ?th WHERE { ?x a tt:CurrencyConversion ; tt:impliedRate ?rate ;
             tt:rateBasis code:rate-implied ;
             tt:sourceObservation [ tt:unit ccy:CNY ; tt:lowerBound ?sl ; tt:upperBound ?sh ] ;
             tt:targetObservation [ tt:unit ccy:USD ; tt:lowerBound ?tl ; tt:upperBound ?th ] }""",
    )
    number = {name: Decimal(value) for name, value in row.items()}
    assert round(number["rate"], 4) == Decimal("6.7166")
    assert round(number["sl"] / number["th"], 3) == Decimal("6.696")
    assert round(number["sh"] / number["tl"], 3) == Decimal("6.737")


def test_shares_name_their_whole(store: Store) -> None:
    value, _, _ = derived(store, "contract-count", "rights-based", "2020", "share")
    assert round(value, 4) == Decimal("0.0449")
    (row,) = rows(
        store,
        """SELECT ?key WHERE { ?o tt:transformation code:share ; tt:channel ch:rights-based ;
             tt:wholeChannel ch:six-ways ; tt:shareOf ?c . ?c rdfs:label ?key }""",
    )
    assert row["key"] == "contract-count|CY2020|CN|filers|six-ways|level"


def test_average_value_per_contract(store: Store) -> None:
    value, low, high = derived(store, "average-contract-value", "six-ways", "2020", "level", "CNY")
    assert round(value) == 269019
    assert low < value < high


def test_every_derived_observation_names_its_operands(store: Store) -> None:
    assert (
        rows(store, "SELECT ?o { ?o tt:status code:derived FILTER NOT EXISTS { ?o tt:derivedBy/tt:operation ?x } }")
        == []
    )
    assert rows(store, "SELECT ?d { ?d a tt:Derivation FILTER NOT EXISTS { ?d tt:addend|tt:firstOperand ?x } }") == []


def test_periods_have_their_days(store: Store) -> None:
    days = rows(store, "SELECT ?p ?a ?b WHERE { ?p a tt:Period ; tt:firstDay ?a ; tt:lastDay ?b } ORDER BY ?p")
    assert [(row["a"], row["b"]) for row in days] == [("2019-01-01", "2019-12-31"), ("2020-01-01", "2020-12-31")]


def test_deriving_again_gives_the_same_quads_and_reads_none_of_its_own(store: Store) -> None:
    again = list(derive(store))
    assert set(again) == set(store.quads(iris.GRAPH_DERIVED))
    assert len(again) == len(set(again))


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        ("DELETE WHERE { GRAPH ?g { obs:works tt:value ?v } }", "contract-count|CY2020|CN|filers|six-ways|share"),
        (
            "INSERT DATA { GRAPH graph:registry { obs:later tt:revises obs:increase , obs:year-before } }",
            "contract-value|CY2020|CN|filers|six-ways|growth|since=CY2019",
        ),
    ],
    ids=["a part missing, no sum", "revised operands are not used"],
)
def test_what_is_missing_or_revised_derives_nothing(change: str, gone: str) -> None:
    keys = rows(changed(change), "SELECT ?k WHERE { ?o tt:status code:derived ; tt:cell/rdfs:label ?k }")
    assert gone not in {row["k"] for row in keys}


def test_a_target_is_never_an_operand() -> None:
    store = changed(
        "DELETE { GRAPH ?g { obs:works tt:status ?s } } INSERT { GRAPH ?g { obs:works tt:status code:target } }"
        " WHERE { GRAPH ?g { obs:works tt:status ?s } }"
    )
    assert rows(store, "SELECT ?o WHERE { ?o tt:status code:derived ; tt:derivedBy/tt:operation code:sum }") == []


ASSESSED = """INSERT DATA {{ GRAPH graph:judgements {{
  <urn:assessment> a tt:Assessment ; tt:assesses obs:works ; tt:verdict code:{verdict} }} }}"""


@pytest.mark.parametrize(("verdict", "sums"), [("misread-unit", 0), ("misread-scope", 0), ("rounding", 1)])
def test_a_misread_figure_is_never_an_operand(verdict: str, sums: int) -> None:
    store = changed(ASSESSED.format(verdict=verdict))
    assert (
        len(rows(store, "SELECT ?o WHERE { ?o tt:status code:derived ; tt:derivedBy/tt:operation code:sum }")) == sums
    )
    assert rows(store, f"SELECT ?c WHERE {{ <{OBS}works> tt:cell ?c ; tt:lowerBound ?l }}")
