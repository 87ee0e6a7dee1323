"""The series of China, Japan, Korea, Australia and New Zealand: each fact has its observation or a reason."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg import iris
from kg.assets import bundled_sources
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import PREFIXES

SERIES = {
    "china-regions": {
        "Beijing action plan targets",
        "Shaanxi Education Department",
        "Shaanxi S&T department",
        "Shanghai action plan targets",
    },
    "china-technology-market": {"China technology market statistics", "Shanghai technology market"},
    "cnipa": {"CNIPA China Patent Survey", "CNIPA patent register"},
    "korea-public-research": {"Korea public research technology transfer survey (MOTIE/KIAT)"},
    "meti": {"METI TLO approvals"},
    "mext": {"MEXT industry-academia collaboration survey"},
    "moe": {"MOE university statistics"},
    "scopr": {"SCOPR"},
}
TT = f"PREFIX tt: <{PREFIXES['tt']}>"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(("source", "series"), SERIES.items())
def test_each_row_of_the_facts_is_used_or_left_out_with_a_reason(source: str, series: set[str], shared: Path) -> None:
    folder = bundled_sources() / source
    facts = {str(line): row for line, row in enumerate(read(shared / "facts" / "indicators.csv"), start=2)}
    observations = {row["key"]: row for row in read(folder / "tables" / "observations.csv")}
    coverage = read(folder / "coverage.csv")
    assert [row["row"] for row in coverage] == [line for line, fact in facts.items() if fact["series"] in series]
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


def test_what_plans_aim_at_is_a_target_of_the_plan(graph: EmbeddedStore) -> None:
    query = f"""{TT} SELECT ?o ?policy {{
      GRAPH <{iris.source_graph("china-regions")}> {{
        ?o tt:status <{iris.concept("code/target")}> ; tt:attributedTo ?policy }}
      ?policy a tt:Policy
    }} ORDER BY ?o"""
    rows = graph.select(query)
    assert [(iris.local(row["o"].value), iris.local(row["policy"].value)) for row in rows] == [
        ("companies-incubated-to-date-beijing-target-2027-udn", "beijing-action-plan-2025"),
        ("contract-value-shanghai-target-2027-shp", "shanghai-action-plan-2024"),
        ("contract-value-to-date-shanghai-target-2027-shp", "shanghai-action-plan-2024"),
        ("technology-managers-shanghai-target-2027-shp", "shanghai-action-plan-2024"),
    ]


@pytest.mark.parametrize(
    ("assessment", "verdict"),
    [
        ("cnipa-2022-patents-or-inventions", "misread-scope"),
        ("cnipa-2022-enterprises-patents-or-inventions", "misread-scope"),
        ("cnipa-2024-filings-year-or-half-year", "unverifiable"),
        ("korea-2022-growth-5.9-or-6.3", "not-comparable"),
    ],
)
def test_disputes_have_their_verdict(graph: EmbeddedStore, assessment: str, verdict: str) -> None:
    query = f"""{TT} SELECT ?verdict {{
      <{iris.identifier(f"assessment/{assessment}")}> tt:verdict ?verdict ; tt:assesses ?a ; tt:comparedWith ?b .
      ?a a tt:Observation . ?b a tt:Observation
    }}"""
    assert [iris.local(row["verdict"].value) for row in graph.select(query)] == [verdict]
