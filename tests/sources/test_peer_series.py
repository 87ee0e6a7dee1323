"""The series of other countries: each fact has its observation or a reason, and what is judged is there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg import iris
from kg.assets import bundled_sources
from kg.derivation import derive
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import PREFIXES

SERIES = {
    "astp": "ASTP survey",
    "autm": "AUTM Licensing Activity Survey",
    "he-bci": "HE-BCI survey",
    "kti": "KTI Annual Knowledge Transfer Survey",
    "tto-reviews": "University TTO annual review",
    "us-federal-labs": "US Federal Laboratory Technology Transfer report",
}
TT = f"PREFIX tt: <{PREFIXES['tt']}>"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(("source", "series"), SERIES.items())
def test_each_row_of_the_facts_is_used_or_left_out_with_a_reason(source: str, series: str, shared: Path) -> None:
    folder = bundled_sources() / source
    facts = {str(line): row for line, row in enumerate(read(shared / "facts" / "indicators.csv"), start=2)}
    observations = {row["key"]: row for row in read(folder / "tables" / "observations.csv")}
    coverage = read(folder / "coverage.csv")
    assert [row["row"] for row in coverage] == [line for line, fact in facts.items() if fact["series"] == series]
    for row in coverage:
        assert bool(row["observation"]) != bool(row["reason"])
        if row["observation"]:
            observation, fact = observations[row["observation"]], facts[row["row"]]
            hundredth = 100 if "percent" in fact["unit"] else 1
            assert float(observation["value"]) == pytest.approx(float(fact["value"]) / hundredth, rel=1e-12)
            assert observation["document"] == fact["source_key"]


@pytest.mark.parametrize("source", SERIES)
def test_each_observation_rests_on_a_row(source: str) -> None:
    """Figures that a row only mentions beside its own are in ``qualifiers.csv``."""
    folder = bundled_sources() / source
    keys = [row["key"] for row in read(folder / "tables" / "observations.csv")]
    tables = [folder / name for name in ("coverage.csv", "qualifiers.csv") if (folder / name).is_file()]
    rests = [row["observation"] for table in tables for row in read(table) if row["observation"]]
    assert sorted(rests) == sorted(keys)


def test_derived_observations_that_are_judged_are_derived(graph: EmbeddedStore) -> None:
    """The names of derived observations come from their operands: a renamed row would leave a judgement empty."""
    query = f"{TT} SELECT ?o {{ ?a tt:assesses|tt:comparedWith ?o FILTER(CONTAINS(STR(?o), '/obs/derived/')) }}"
    judged = {row["o"].value for row in graph.select(query)}
    assert judged
    assert judged <= {quad.subject.value for quad in derive(graph)}


def test_the_restated_year_takes_the_place_of_the_first_release(graph: EmbeddedStore) -> None:
    query = f"""{TT} PREFIX code: <{iris.CONCEPT}code/> SELECT ?new ?old {{
      ?new tt:revises ?old ; tt:status code:restated ; tt:statedIn ?later ; tt:indicator ?i ; tt:channel ?c ;
        tt:refPeriod ?p .
      ?old tt:statedIn <{iris.identifier("doc/hesa13")}> ; tt:indicator ?i ; tt:channel ?c ; tt:refPeriod ?p }}"""
    rows = graph.select(query)
    channels = {"consulting", "development-commissioned", "facility-access", "regeneration"}
    found = {iris.local(row["old"].value) for row in rows}
    assert found == {f"knowledge-exchange-income-{channel}-2011-12-hesa13" for channel in channels}


def test_restated_figures_name_what_they_restate_where_it_is_known(graph: EmbeddedStore) -> None:
    """Of the others no source read states an earlier figure; the first release has the two parts of one sum only."""
    query = f"""{TT} PREFIX code: <{iris.CONCEPT}code/> SELECT ?o {{
      ?o tt:status code:restated FILTER NOT EXISTS {{ ?o tt:revises ?old }} }} ORDER BY ?o"""
    assert [iris.local(row["o"].value) for row in graph.select(query)] == [
        "intellectual-property-income-2011-12-hesa1314",
        "knowledge-exchange-income-development-cooperative-2011-12-hesa1314",
        "knowledge-exchange-income-training-2011-12-hesa1314",
        "contract-count-six-ways-2019-panjin",
        "contract-count-six-ways-2019-yahui",
        "contract-value-six-ways-2019-panjin",
        "contract-value-six-ways-2019-yahui",
    ]
