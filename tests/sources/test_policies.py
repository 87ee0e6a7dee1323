"""Policies, institutions, findings and recommendations: every fact is used or left out with a reason, chains hold."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg import assets, iris
from kg.queries import load
from kg.store.embedded import EmbeddedStore

PREFIXES = f"""
PREFIX tt: <{iris.ONTOLOGY}>
PREFIX code: <{iris.concept("code/")}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX org: <http://www.w3.org/ns/org#>
"""
OPTIONAL_PARTS = "OPTIONAL { ?u tt:uptakeThrough ?through } OPTIONAL { ?u tt:rationale ?why }"
FACTS = {
    "policies": "policies.csv",
    "recommendations": "shortfalls_and_recommendations.csv",
    "registry": "institutions.csv",
}


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module", params=FACTS)
def coverage(request: pytest.FixtureRequest) -> tuple[str, list[dict[str, str]]]:
    """A source and what became of each row of its file of facts."""
    return FACTS[request.param], rows(assets.bundled_sources() / request.param / "coverage.csv")


def test_every_fact_is_used_or_left_out_with_a_reason(coverage: tuple[str, list[dict[str, str]]], shared: Path) -> None:
    name, covered = coverage
    facts = rows(shared / "facts" / name)
    assert [int(row["row"]) for row in covered] == list(range(2, len(facts) + 2))
    assert all(bool(row["record"]) != bool(row["reason"]) for row in covered)


def test_every_fact_became_what_its_row_says(graph: EmbeddedStore, coverage: tuple[str, list[dict[str, str]]]) -> None:
    named = {record for row in coverage[1] for record in row["record"].split("|") if record}
    described = {quad.subject.value for quad in graph.quads()}
    assert {record for record in named if iris.identifier(record) not in described} == set()


def test_facts_of_one_kind_become_records_of_one_kind(graph: EmbeddedStore, shared: Path) -> None:
    classes = {
        "shortfall": {"Shortfall"},
        "recommendation": {"PolicyRecommendation"},
        "development": {"Progress", "Finding"},
    }
    kinds = [row["kind"] for row in rows(shared / "facts" / FACTS["recommendations"])]
    covered = rows(assets.bundled_sources() / "recommendations" / "coverage.csv")
    for kind, row in zip(kinds, covered, strict=True):
        for record in row["record"].split("|"):
            found = graph.select(f"SELECT ?c {{ <{iris.identifier(record)}> a ?c }}")
            assert {iris.local(line["c"].value) for line in found} <= classes[kind], record


@pytest.mark.parametrize(
    "property_path", ["tt:issuedBy", "tt:policyType", "tt:jurisdiction", "tt:theme", "dcterms:issued|tt:inForceFrom"]
)
def test_every_policy_says_who_what_where_and_when(graph: EmbeddedStore, property_path: str) -> None:
    query = f"{PREFIXES} SELECT ?p {{ ?p a tt:Policy FILTER NOT EXISTS {{ ?p {property_path} ?v }} }}"
    assert [iris.local(row["p"].value) for row in graph.select(query)] == []


def test_policies_amend_earlier_ones(graph: EmbeddedStore) -> None:
    query = f"{PREFIXES} SELECT ?p ?old {{ ?p eli:amends ?old }}"
    assert {(iris.local(row["p"].value), iris.local(row["old"].value)) for row in graph.select(query)} == {
        ("achievements-law-2015", "achievements-law-1996"),
        ("federal-technology-transfer-act-1986", "stevenson-wydler-1980"),
        ("korea-transfer-act-2006", "korea-transfer-act-2000"),
        ("technology-transfer-commercialization-act-2000", "stevenson-wydler-1980"),
    }


@pytest.mark.parametrize(
    ("link", "chains"),
    [
        (
            "addresses",
            {
                ("patent-action-low-use", "patent-action-quality", "patent-action-plan-2023"),
                ("patent-action-low-use", "patent-action-funds", "patent-action-plan-2023"),
                ("existing-patents-dormant", "existing-patents-stocktaking", "existing-patents-plan-2024"),
            },
        ),
        (
            "mayAddress",
            {
                ("existing-patents-dormant", "patent-action-funds", "patent-action-plan-2023"),
                ("patent-action-low-use", "existing-patents-stocktaking", "existing-patents-plan-2024"),
                ("ncste-2020-lower-rewards", "ownership-pilot-grant", "ownership-pilot-2020"),
                ("risk-management", "shaanxi-separate-management", "shaanxi-three-reforms-2022"),
                ("shaanxi-reluctance", "ownership-pilot-grant", "ownership-pilot-2020"),
                ("shaanxi-reluctance", "shaanxi-separate-management", "shaanxi-three-reforms-2022"),
            },
        ),
    ],
)
def test_chains_from_shortfall_to_policy(graph: EmbeddedStore, link: str, chains: set[tuple[str, str, str]]) -> None:
    query = f"""{PREFIXES} SELECT DISTINCT ?s ?r ?p {{
      ?r a tt:PolicyRecommendation ; tt:{link} ?s .
      ?p tt:implements ?r ; tt:measuredBy/^tt:indicator ?o }}"""
    found = {tuple(iris.local(row[name].value) for name in ("s", "r", "p")) for row in graph.select(query)}
    assert found == chains


def answers(bundle: EmbeddedStore, name: str, *columns: str) -> set[tuple[str, ...]]:
    """Some columns of a query on policies, as last parts of IRIs or as literals, empty where there is no value."""
    table = load(assets.folder("queries"))[f"policy/{name}"].run(bundle, {})
    places = [table.columns.index(column) for column in columns]
    return {tuple(iris.local(row[i].value) if row[i] else "" for i in places) for row in table.rows}


def test_what_recurs_is_a_shortfall_and_no_recommendation(bundle: EmbeddedStore) -> None:
    columns = ("kind", "record", "times", "firstYear", "lastYear", "byEditor", "answered")
    assert answers(bundle, "recurring-recommendations", *columns) == {
        ("Shortfall", "ncste-2024-lower-average", "2", "2020", "2024", "true", "false"),
        ("Shortfall", "existing-patents-dormant", "2", "2023", "2024", "true", "true"),
    }


def test_no_source_says_that_it_repeats_itself(graph: EmbeddedStore) -> None:
    assert not graph.ask(f"{PREFIXES} ASK {{ ?later tt:restates ?earlier }}")


def test_a_recurrence_has_its_reason_and_its_day(graph: EmbeddedStore) -> None:
    query = f"""{PREFIXES} SELECT ?later ?why ?day {{
      ?later tt:mayRestate ?earlier .
      OPTIONAL {{ ?a tt:assesses ?later ; tt:comparedWith ?earlier ; tt:rationale ?why ; tt:assessedOn ?day }} }}"""
    rows = list(graph.select(query, graphs=[iris.GRAPH_JUDGEMENTS]))
    assert rows
    assert all("why" in row and "day" in row for row in rows)


@pytest.mark.parametrize(
    ("theme", "said_by"),
    [
        ("talent", {"ncste-2021", "korea-tlo-study", "japan-comparison-study"}),
        ("ownership", {"ownership-pilot-2020", "ownership-pilot-study", "shaanxi-three-reforms-2022"}),
        ("patent-use", {"patent-action-plan-2023", "existing-patents-plan-2024", "japan-comparison-study"}),
        ("financial-support", {"ncste-2021", "patent-action-plan-2023"}),
    ],
)
def test_themes_that_several_ask_for(bundle: EmbeddedStore, theme: str, said_by: set[str]) -> None:
    rows = answers(bundle, "recurring-themes", "theme", "kind", "saidBy")
    assert {who for about, kind, who in rows if (about, kind) == (theme, "PolicyRecommendation")} == said_by


def test_uptake_shows_elsewhere_than_in_what_recommends(graph: EmbeddedStore) -> None:
    """Neither the author of a recommendation nor a policy that the same paper states is a sign of uptake."""
    query = f"""{PREFIXES} ASK {{
      ?uptake tt:uptakeOf ?recommendation ; tt:uptakeThrough ?sign .
      {{ ?recommendation tt:attributedTo ?sign }}
      UNION {{ ?sign a tt:Policy ; tt:statedIn ?document . ?recommendation tt:statedIn ?document }} }}"""
    assert not graph.ask(query)


def test_uptake_has_a_reason_and_a_sign_where_it_is_found(graph: EmbeddedStore) -> None:
    query = f"{PREFIXES} SELECT ?status ?through ?why {{ ?u tt:uptakeStatus ?status {OPTIONAL_PARTS} }}"
    rows = list(graph.select(query))
    assert len(rows) == 9
    assert all("why" in row for row in rows)
    assert all(("through" in row) == (iris.local(row["status"].value) != "no-sign") for row in rows)


def test_no_policy_counts_for_carrying_out_what_it_asks_for(graph: EmbeddedStore, bundle: EmbeddedStore) -> None:
    own = f"{PREFIXES} SELECT ?r ?p {{ ?p tt:implements ?r . ?r tt:attributedTo ?p }}"
    circular = {(iris.local(row["r"].value), iris.local(row["p"].value)) for row in graph.select(own)}
    rows = answers(bundle, "chain-from-shortfall-to-value", "recommendation", "policy")
    assert circular
    assert not circular & rows
    assert {(recommendation, "") for recommendation, _ in circular} <= rows | {("ownership-pilot-grant", "")}


def test_a_chain_ends_in_one_value_for_each_population(bundle: EmbeddedStore) -> None:
    keys = ("shortfall", "recommendation", "link", "policy", "indicator", "channel", "population", "unit")
    table = load(assets.folder("queries"))["policy/chain-from-shortfall-to-value"].run(bundle, {})
    places = [table.columns.index(key) for key in keys]
    cells = [tuple(str(row[i]) for i in places) for row in table.rows]
    assert len(set(cells)) == len(cells)


def test_what_a_source_says_is_not_said_again_as_a_judgement(graph: EmbeddedStore) -> None:
    assert not graph.ask(f"{PREFIXES} ASK {{ ?r tt:addresses ?s ; tt:mayAddress ?s }}")


def test_targets_are_those_of_their_policy(graph: EmbeddedStore) -> None:
    query = f"{PREFIXES} SELECT ?o ?who {{ ?o tt:status code:target . OPTIONAL {{ ?o tt:attributedTo ?who }} }}"
    authors = {iris.local(row["o"].value): row["who"].value for row in graph.select(query) if "who" in row}
    assert authors["contract-value-target-2025-patent-action-plan"] == iris.identifier("policy/patent-action-plan-2023")
    assert all(author.startswith(iris.identifier("policy/")) for author in authors.values())


def test_renamed_bodies_are_two_joined_by_their_change(graph: EmbeddedStore) -> None:
    query = f"""{PREFIXES} SELECT ?old ?new {{
      ?old org:changedBy ?change ; tt:succeededBy ?new .
      ?change a org:ChangeEvent ; org:originalOrganization ?old ; org:resultingOrganization ?new }}"""
    assert {(iris.local(row["old"].value), iris.local(row["new"].value)) for row in graph.select(query)} == {
        ("achievement-management-society", "csteam"),
        ("astp-proton", "astp"),
    }
