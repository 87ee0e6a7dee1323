"""The series of China, Japan, Korea, Australia and New Zealand: targets belong to plans, disputes have a verdict."""

from __future__ import annotations

import pytest

from kg import iris
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import PREFIXES

TT = f"PREFIX tt: <{PREFIXES['tt']}>"


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
