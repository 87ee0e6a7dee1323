"""The NCSTE series: no row of the facts is lost or misread, and its disputes come out with the right verdicts."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import iris
from kg.queries import load
from kg.sources import register
from kg.store.embedded import EmbeddedStore

PREFIXES = f"PREFIX tt: <{iris.ONTOLOGY}>\nPREFIX code: <{iris.CONCEPT}code/>\n"
SERIES = "NCSTE annual report (universities and research institutes)"
REPORTS = "China S&T Achievement Transformation Annual Report (universities and research institutes)"
SEEDS = {"seed0": "gt25", "seed1": "cd22r"}
QUERIES = Path(__file__).parents[2] / "queries"

VERDICTS = {
    ("obs/seed-articles/contracts-above-100-million-2020", "misread-unit"),
    ("obs/ncste/researcher-rewards-2018-cd20", "misread-unit"),
    ("obs/ncste/rewarded-researchers-2018-cd20", "misread-unit"),
    ("obs/ncste/filers-universities-2020-xh22", "misread-scope"),
    ("obs/ncste/filers-2017-dub", "not-comparable"),
    ("obs/ncste/filers-2017-dpi", "not-comparable"),
    ("obs/ncste/contract-value-six-ways-2020-usd-ecns", "rounding"),
    ("obs/ncste/organizations-with-transfer-team-share-2024-crntt", "rounding"),
    ("obs/ncste/transfer-share-smaller-firms-2020-xh22", "consistent"),
    ("edition-statement/ncste/ncste-2018-sciping", "consistent"),
    ("edition-statement/ncste/ncste-2020-grid", "not-comparable"),
    ("edition-statement/ncste/ncste-2024-panjin", "not-comparable"),
    ("edition-statement/ncste/ncste-2024-book24", "not-comparable"),
    ("edition-statement/ncste/ncste-2025-cgtn", "consistent"),
}
GROWTH = {  # reported, its basis, and the two levels from which totals would give another rate
    "contract-value-rights-based-growth-2019-zk": (
        "matched-filers",
        "contract-value-rights-based-2018-pd20",
        "contract-value-rights-based-2019-zk",
        "-0.140",
    ),
    "contract-value-six-ways-growth-2023-wx": (
        "unstated",
        "contract-value-six-ways-2022-wx",
        "contract-value-six-ways-2023-panjin",
        "0.156",
    ),
}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def coverage(name: str, column: str) -> dict[int, str]:
    """Record by row of the facts, empty where the row is left out; no row twice, none without record or reason."""
    rows = table(register.find("ncste").folder / name)
    assert all(bool(row[column]) != bool(row["reason"]) for row in rows)
    found = {int(row["row"]): row[column] for row in rows}
    assert len(found) == len(rows)
    return {row: record if "/" in record or not record else f"ncste/{record}" for row, record in found.items()}


def identifiers(store: EmbeddedStore, query: str) -> list[tuple[str, ...]]:
    """Rows of a query without what is unbound, IRIs below id/ and codes without their base, literals as text."""
    bases = (iris.ID, iris.concept("code/"))

    def short(term: object) -> str:
        text = term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
        return next((text.removeprefix(base) for base in bases if text.startswith(base)), text)

    return [tuple(short(term) for term in row.values()) for row in store.select(PREFIXES + query)]


def test_every_row_of_the_series_is_used_or_left_out_with_a_reason(graph: EmbeddedStore, shared: Path) -> None:
    facts = dict(enumerate(table(shared / "facts" / "indicators.csv"), start=2))
    covered = coverage("coverage.csv", "observation")
    assert set(covered) == {row for row, fact in facts.items() if fact["series"] == SERIES}
    assert len(covered) == 123
    used = {row: record for row, record in covered.items() if record}
    assert len(set(used.values())) == len(used) == 117
    query = "SELECT ?o ?value ?unit ?document { ?o tt:value ?value ; tt:unit ?unit ; tt:statedIn ?document }"
    stated = {record.removeprefix("obs/"): rest for record, *rest in identifiers(graph, query)}
    for row, record in used.items():
        fact, (value, unit, document) = facts[row], stated[record]
        key = fact["source_key"]
        assert document == f"doc/{SEEDS.get(key, key)}", record
        assert Decimal(value) == Decimal(fact["value"]) / (100 if "percent" in fact["unit"] else 1), record
        assert not fact["currency"] or iris.local(unit) == fact["currency"], record


def test_every_row_on_an_edition_is_a_statement(graph: EmbeddedStore, shared: Path) -> None:
    facts = dict(enumerate(table(shared / "facts" / "reports.csv"), start=2))
    covered = coverage("coverage-reports.csv", "statement")
    assert set(covered) == {row for row, fact in facts.items() if fact["title"] == REPORTS}
    query = "SELECT ?s ?edition { ?s tt:aboutEdition ?edition }"
    about = {record.removeprefix("edition-statement/"): edition for record, edition in identifiers(graph, query)}
    for row, record in covered.items():
        assert not record or about[record] == f"edition/ncste-{facts[row]['edition']}"


def test_editions_follow_each_other(graph: EmbeddedStore) -> None:
    query = f"""SELECT ?edition ?previous ?covers {{
      ?edition tt:editionOf <{iris.identifier("series/ncste")}> ; tt:coversPeriod ?covers
      OPTIONAL {{ ?edition tt:previousEdition ?previous }} }}"""
    wanted = {(f"edition/ncste-{y}", f"edition/ncste-{y - 1}", f"period/CY{y - 1}") for y in range(2019, 2026)}
    assert set(identifiers(graph, query)) == wanted | {("edition/ncste-2018", "period/CY2017")}


def test_the_disputes_have_their_verdicts(graph: EmbeddedStore) -> None:
    found = set(identifiers(graph, "SELECT ?record ?verdict { ?a tt:assesses ?record ; tt:verdict ?verdict }"))
    assert found >= VERDICTS
    assert {item for item in found if "/ncste/" in item[0] and item[1] == "contradicts"} == set()


def test_what_conflicts_has_been_looked_at(bundle: EmbeddedStore) -> None:
    rows = list(bundle.select(load(QUERIES)["checks/claims-in-conflict"].bind({})))
    ours = [row for row in rows if "/obs/ncste/" in f"{row['low']} {row['high']}"]
    assert {str(row["assessed"].value) for row in ours if isinstance(row["assessed"], ox.Literal)} == {"true"}
    assert len(ours) == 1


def test_the_number_of_all_filers_is_no_number_of_universities(bundle: EmbeddedStore) -> None:
    """3,554 of 2020 under the name of universities beside 1,378 universities of 2019 would be growth of 158 %."""
    query = """SELECT DISTINCT ?unit { ?o tt:indicator <INDICATOR> ; tt:status code:derived ;
      tt:transformation code:growth ; tt:refPeriod <PERIOD> ; tt:observedUnit ?unit }"""
    query = query.replace("INDICATOR", iris.identifier("indicator/filers"))
    grown = identifiers(bundle, query.replace("PERIOD", iris.identifier("period/CY2020")))
    assert grown == [("population/ncste-filers",)]


@pytest.mark.parametrize("growth", GROWTH)
def test_growth_on_another_or_an_unknown_basis_is_no_contradiction(bundle: EmbeddedStore, growth: str) -> None:
    stated, before, after, computed = GROWTH[growth]
    levels = [value(bundle, key) for key in (before, after)]
    assert round(levels[1] / levels[0] - 1, 3) == Decimal(computed) != value(bundle, growth)
    record = f"<{iris.identifier(f'obs/ncste/{growth}')}>"
    basis = identifiers(bundle, f"SELECT ?basis {{ {record} tt:comparisonBasis ?basis }}")
    assert basis == [(stated,)]
    verdicts = identifiers(bundle, f"SELECT ?verdict {{ ?a tt:assesses {record} ; tt:verdict ?verdict }}")
    assert verdicts == [("not-comparable",)]


def test_matched_filers_stand_where_an_edition_is_known_to_compare_them(graph: EmbeddedStore) -> None:
    query = """SELECT DISTINCT ?edition ?basis {
      ?o tt:comparisonBasis ?basis ; tt:statedIn ?document ; tt:attributedTo ?edition
      FILTER(CONTAINS(STR(?o), '/obs/ncste/')) }"""
    stated = {"ncste-2020": "matched-filers", "ncste-2021": "matched-filers"}
    editions = [f"ncste-{year}" for year in (*range(2018, 2022), *range(2023, 2026))]
    wanted = {(f"edition/{edition}", stated.get(edition, "unstated")) for edition in editions}
    assert set(identifiers(graph, query)) == wanted


def test_the_first_edition_speaks_of_those_it_analysed(bundle: EmbeddedStore) -> None:
    """Growth of 2018 over them would compare two populations, so none is computed."""
    query = "SELECT DISTINCT ?unit { ?o tt:statedIn <DOCUMENT> ; tt:observedUnit ?unit }"
    found = identifiers(bundle, query.replace("DOCUMENT", iris.identifier("doc/dub")))
    assert found == [("population/ncste-analysed-filers",)]
    query = """SELECT ?o { ?o tt:indicator <INDICATOR> ; tt:status code:derived ; tt:transformation code:growth ;
      tt:refPeriod <PERIOD> ; tt:refArea <AREA> }"""
    for indicator in ("contract-value", "contract-count", "average-contract-value"):
        bound = query.replace("INDICATOR", iris.identifier(f"indicator/{indicator}"))
        bound = bound.replace("PERIOD", iris.identifier("period/CY2018"))
        rows = identifiers(bundle, bound.replace("AREA", iris.identifier("area/CN")))
        assert rows == [], indicator


def test_one_amount_in_two_roundings_and_rates(graph: EmbeddedStore) -> None:
    query = """SELECT ?other ?verdict { ?a tt:assesses <ONE> ; tt:comparedWith ?other ; tt:verdict ?verdict }"""
    one = iris.identifier("obs/ncste/contract-value-six-ways-2020-usd-ecns")
    assert set(identifiers(graph, query.replace("ONE", one))) == {
        ("obs/seed-articles/contract-value-2020-usd", "rounding"),
        ("obs/ncste/contract-value-six-ways-2020-usd-xh22", "consistent"),
    }


def test_parts_add_up(bundle: EmbeddedStore) -> None:
    filers = {
        key: value(bundle, f"filers-{key}2019-torch")
        for key in ("", *(f"{a}{b}" for a in ("central-", "local-", "") for b in ("universities-", "institutes-", "")))
    }
    assert filers[""] == filers["central-"] + filers["local-"] == filers["universities-"] + filers["institutes-"]
    for kind in ("universities-", "institutes-"):
        assert filers[kind] == filers[f"central-{kind}"] + filers[f"local-{kind}"]
    query = """SELECT DISTINCT ?value { ?o tt:cell ?cell ; tt:status code:derived ; tt:value ?value .
      ?cell <http://www.w3.org/2000/01/rdf-schema#label> "researcher-rewards|CY2019|CN|ncste-filers|all|level" }"""
    assert [Decimal(found) for (found,) in identifiers(bundle, query)] == [value(bundle, "researcher-rewards-2019-zk")]


def test_mirrors_have_no_address(graph: EmbeddedStore) -> None:
    query = "ASK { ?d tt:sourceQuality code:mirror ; <http://purl.org/dc/terms/source> ?address }"
    assert not graph.ask(PREFIXES + query)


def value(store: EmbeddedStore, key: str) -> Decimal:
    ((found,),) = identifiers(store, f"SELECT ?v {{ <{iris.identifier(f'obs/ncste/{key}')}> tt:value ?v }}")
    return Decimal(found)
