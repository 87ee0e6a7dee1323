"""The facts as a whole: each of their figures is used or left out with a reason, by one source, and none is lost."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from kg import iris
from kg.assets import bundled_sources
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import PREFIXES

USED_AND_LEFT_OUT = {
    "astp": (3, 0),
    "autm": (63, 1),
    "china-regions": (14, 0),
    "china-technology-market": (13, 0),
    "cnipa": (32, 0),
    "he-bci": (53, 0),
    "korea-public-research": (16, 0),
    "kti": (34, 0),
    "meti": (1, 0),
    "mext": (18, 0),
    "moe": (2, 0),
    "ncste": (117, 6),
    "scopr": (14, 1),
    "tto-reviews": (8, 1),
    "us-federal-labs": (20, 0),
}
TT = f"PREFIX tt: <{PREFIXES['tt']}>\nPREFIX code: <{iris.CONCEPT}code/>"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def coverage() -> dict[str, list[dict[str, str]]]:
    """By source, its rows of the facts on figures: with the observation, or with the reason why there is none."""
    tables = {file.parent.name: read(file) for file in sorted(bundled_sources().glob("*/coverage.csv"))}
    return {source: rows for source, rows in tables.items() if "observation" in rows[0]}


def test_used_and_left_out_are_all_figures(shared: Path) -> None:
    covered = coverage()
    rows = Counter(int(row["row"]) for table in covered.values() for row in table)
    assert rows == Counter(range(2, len(read(shared / "facts" / "indicators.csv")) + 2))
    assert rows.total() == 417


def test_counts_by_source() -> None:
    found = {}
    for source, rows in coverage().items():
        assert all(bool(row["observation"]) != bool(row["reason"]) for row in rows), source
        used = sum(bool(row["observation"]) for row in rows)
        found[source] = (used, len(rows) - used)
    assert found == USED_AND_LEFT_OUT
    assert (sum(used for used, _ in found.values()), sum(out for _, out in found.values())) == (408, 9)


def test_each_stated_figure_leads_to_a_row() -> None:
    """Once, from a row of its own or as a further figure of one; the seed articles lead to places in the text."""
    for folder in sorted(bundled_sources().glob("*/")):
        tables = [folder / name for name in ("coverage.csv", "qualifiers.csv")]
        rows = [row for table in tables if table.is_file() for row in read(table)]
        led = Counter(row["observation"] for row in rows if row.get("observation") and "/" not in row["observation"])
        observations = folder / "tables" / "observations.csv"
        stated = read(observations) if observations.is_file() and folder.name != "seed-articles" else []
        assert led == Counter(row["key"] for row in stated), folder.name


def test_a_figure_is_that_of_its_row(shared: Path) -> None:
    facts = dict(enumerate(read(shared / "facts" / "indicators.csv"), start=2))
    for source, rows in coverage().items():
        observations = {row["key"]: row for row in read(bundled_sources() / source / "tables" / "observations.csv")}
        for row in rows:
            if row["observation"] in observations:  # a few lead to the seed articles, which gold figures hold
                observation, fact = observations[row["observation"]], facts[int(row["row"])]
                hundredth = 100 if "percent" in fact["unit"] else 1
                stated = float(fact["value"]) / hundredth
                assert float(observation["value"]) == pytest.approx(stated, rel=1e-12), row["observation"]
                assert observation["document"] == fact["source_key"], row["observation"]


def test_a_series_is_of_one_source(shared: Path) -> None:
    facts = dict(enumerate(read(shared / "facts" / "indicators.csv"), start=2))
    series = {(facts[int(row["row"])]["series"], source) for source, rows in coverage().items() for row in rows}
    assert Counter(name for name, _ in series).most_common(1)[0][1] == 1


def test_further_figures_are_of_rows_of_their_source() -> None:
    for file in sorted(bundled_sources().glob("*/qualifiers.csv")):
        rows = {row["row"] for row in read(file.with_name("coverage.csv"))}
        assert {row["row"] for row in read(file)} <= rows, file.parent.name


def test_counts_of_a_table_are_exact_where_they_end_in_nought(bundle: EmbeddedStore) -> None:
    wanted = {
        "he-bci/spin-offs-part-owned-2012-13-hesa1314": 130,
        "kti/spin-offs-2018-kti18": 30,
        "korea-public-research/filers-universities-2020-kr20": 150,
        "scopr/spin-offs-new-zealand-2021-kca": 10,
    }
    for key, value in wanted.items():
        one = iris.identifier(f"obs/{key}")
        query = f"{TT} SELECT ?low ?high {{ <{one}> tt:lowerBound ?low ; tt:upperBound ?high }}"
        (bounds,) = [[float(term.value) for term in row.values()] for row in bundle.select(query)]
        assert (value - bounds[0], bounds[1] - value) in ((0, 0), (0.5, 0.5)), key


def test_what_is_not_comparable_stands_in_two_cells(bundle: EmbeddedStore) -> None:
    """One cell holds answers to one question; rewards in yuan and in dollars are two answers, in two units."""
    query = f"""{TT} SELECT ?a {{
      VALUES ?verdict {{ code:not-comparable code:misread-scope code:misread-unit }}
      ?a tt:verdict ?verdict ; tt:assesses ?one ; tt:comparedWith ?other .
      ?one tt:cell ?cell ; tt:unit ?unit . ?other tt:cell ?cell ; tt:unit ?unit }}"""
    assert [row["a"].value for row in bundle.select(query)] == []


def test_a_year_of_the_federal_government_ends_in_september(bundle: EmbeddedStore) -> None:
    query = f"""{TT} SELECT DISTINCT ?first ?last {{
      ?o tt:observedUnit <{iris.identifier("population/us-federal-laboratories")}> ; tt:refPeriod ?period .
      ?period tt:firstDay ?first ; tt:lastDay ?last FILTER NOT EXISTS {{ ?period tt:nominal true }} }}"""
    years = {(row["first"].value, row["last"].value) for row in bundle.select(query)}
    assert years == {(f"{year - 1}-10-01", f"{year}-09-30") for year in (2007, 2012, 2013, 2017)}


def test_spin_offs_of_britain_are_those_with_and_without_a_share(bundle: EmbeddedStore) -> None:
    query = f"""{TT} SELECT ?period ?value {{
      ?o tt:indicator <{iris.identifier("indicator/spin-offs")}> ; tt:refArea <{iris.identifier("area/GB")}> ;
        tt:observedUnit <{iris.identifier("population/he-bci-providers")}> ; tt:transformation code:level ;
        tt:refPeriod ?period ; tt:value ?value ; tt:derivedBy/tt:operation code:sum }}"""
    found = {iris.local(row["period"].value): int(row["value"].value) for row in bundle.select(query)}
    assert found == {f"{year}-08-01_{year + 1}-07-31": value for year, value in ((2011, 175), (2012, 154), (2013, 147))}


def test_the_caveat_on_british_spin_offs_is_true_of_the_figures(bundle: EmbeddedStore) -> None:
    """Start-ups of staff and of graduates, many times as many, are not in the sums."""
    concept = iris.concept("external/he-bci/spin-off-activity")
    query = f"SELECT ?note {{ <{concept}> <http://www.w3.org/2004/02/skos/core#scopeNote> ?note }}"
    (note,) = [row["note"].value for row in bundle.select(query)]
    assert "leave both out" in note
