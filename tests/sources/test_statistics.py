"""Statistics of single institutions and areas: from small files of the publishers' layouts to figures that add up."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import assets, iris, pipeline, queries
from kg.derivation import derive
from kg.errors import MappingError, SourceFormatError
from kg.sources import register, statistics
from kg.store.base import text_of
from kg.store.embedded import EmbeddedStore
from kg.vocabulary import RDF, TT

FOLDER = Path(__file__).parent / "registers"
QUERIES = queries.load(assets.folder("queries"))
HE_BCI, HERD, REGIONS, I_LAB = "he-bci-providers", "herd", "uk-regions", "i-lab"


def quads(name: str, downloaded: Path) -> list[ox.Quad]:
    (item,) = pipeline.from_sources([register.find(name).fetched(downloaded)])
    return list(ox.parse(b"".join(item.produce().blocks), format=ox.RdfFormat.N_QUADS))


def said(stated: list[ox.Quad], subject: str) -> dict[str, str]:
    """What is said of a subject, by local name of the property, IRIs by their last segment."""
    found = [quad for quad in stated if quad.subject.value == iris.identifier(subject)]
    return {iris.local(quad.predicate.value): last(quad.object.value) for quad in found}


def last(value: str) -> str:
    """The last segment of an IRI, a fragment with it."""
    return value.rpartition("/")[2]


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    """Ontology, concepts, registry, the four sources, and what derivation makes of them."""
    filled = EmbeddedStore.in_memory()
    for item in [*pipeline.bundled(), *pipeline.from_sources([register.find("registry")])]:
        filled.database.load(b"".join(item.produce().blocks), format=ox.RdfFormat.N_QUADS)
    for name in (HE_BCI, HERD, REGIONS, I_LAB):
        filled.database.extend(quads(name, FOLDER / name))
    filled.database.extend(list(derive(filled)))
    return filled


def ask(store: EmbeddedStore, name: str, **parameters: str) -> list[dict[str, str]]:
    answer = QUERIES[name].run(store, parameters)
    return [dict(zip(answer.columns, (last(text_of(cell)) for cell in row), strict=True)) for row in answer.rows]


@pytest.mark.parametrize(
    ("source", "observation", "expected"),
    [
        (HE_BCI, "10099901-consultancy-sme-2014", {
            "value": "10000", "unit": "GBP", "unitMultiplier": "3", "statedPrecision": "1000", "counterpart": "sme",
            "refPeriod": "2014-08-01_2015-07-31", "channel": "consulting", "observedUnit": "ukprn-10099901",
            "refArea": "GB-ENG", "evidence": "he-bci-table-2a#row=9", "indicator": "knowledge-exchange-income"}),
        (HE_BCI, "10099901-consultancy-number-2014", {"value": "6", "unit": "count"}),
        (HE_BCI, "10099901-patents-held-2014", {"value": "118", "refPeriod": "2015-07-31"}),
        (HE_BCI, "10099902-learner-days-2014", {"value": "77", "unit": "day", "refArea": "GB-WLS"}),
        (HERD, "example-u-3115-research-federal-2019", {
            "value": "600000", "status": "estimated", "counterpart": "federal", "refPeriod": "FY2019", "unit": "USD"}),
        (HERD, "sample-c-mayaguez-3115-research-2019", {"value": "1000000", "status": "restated"}),
        (HERD, "herd-institutions-3115-research-2019", {"observedUnit": "herd-institutions", "value": "2100000"}),
        (REGIONS, "nuts2013-ukc14-courses-2014", {"value": "619000", "refArea": "nuts2013-UKC14"}),
        (REGIONS, "lep-until-2014-e37000001-ukri-funding-2006", {"value": "100.5", "refPeriod": "CY2006"}),
        (REGIONS, "nuts2013-ukc1-active-graduate-start-ups-2014", {"refPeriod": "2015-07-31", "unit": "count"}),
    ],
)  # fmt: skip
def test_a_cell_becomes_a_figure(source: str, observation: str, expected: dict[str, str]) -> None:
    found = said(quads(source, FOLDER / source), f"obs/{source}/{observation}")
    assert {name: found.get(name) for name in expected} == expected


def test_what_is_withheld_or_not_available_is_no_figure() -> None:
    names = {quad.subject.value for quad in quads(HERD, FOLDER / HERD)}
    assert not {name for name in names if "mayaguez-3115-research-own-institution" in name}
    assert not {name for name in names if "mayaguez-3115-research-third-sector" in name}
    assert not {q.subject.value for q in quads(HE_BCI, FOLDER / HE_BCI) if "10099902-consultancy" in q.subject.value}


def test_a_total_that_is_said_again_is_left_out_and_one_that_changed_revises() -> None:
    stated = quads(HE_BCI, FOLDER / HE_BCI)
    again = {q.subject.value.rpartition("/")[2] for q in stated if "of-year-before" in q.subject.value}
    assert again == {"10099901-collaborative-of-year-before-2015", "10099901-collaborative-of-year-before-2017"}
    changed = said(stated, "obs/he-bci-providers/10099901-collaborative-of-year-before-2017")
    assert changed["revises"] == "10099901-collaborative-2016"
    assert (changed["status"], changed["refPeriod"]) == ("restated", "2016-08-01_2017-07-31")
    first = said(stated, "obs/he-bci-providers/10099901-collaborative-of-year-before-2015")
    assert (first["status"], first["refPeriod"]) == ("reported", "2014-08-01_2015-07-31")


def test_totals_stand_apart_from_their_parts(store: EmbeddedStore) -> None:
    asked = {"institution": "ukprn-10099901", "indicator": "knowledge-exchange-income", "channel": "consulting"}
    totals = ask(store, "figures/figures-of-institution", **asked)
    assert [(row["value"], row["firstDay"], row["lastDay"]) for row in totals] == [
        ("60000", "2014-08-01", "2015-07-31")
    ]
    parts = ask(store, "figures/figures-of-institution", **asked, counterpart="sme")
    assert [row["value"] for row in parts] == ["10000"]


@pytest.mark.parametrize(
    ("observed", "indicator", "total", "sum_of_parts", "parts"),
    [
        ("ukprn-10099901", "knowledge-exchange-contracts", 6, 6, "3"),
        ("ukprn-10099902", "knowledge-exchange-income", 10000, 10000, "4"),
        ("herd-example-u", "research-expenditure", 1100000, 1100000, "6"),
    ],
)
def test_a_total_agrees_with_the_sum_of_its_parts(
    store: EmbeddedStore, observed: str, indicator: str, total: int, sum_of_parts: int, parts: str
) -> None:
    (row,) = ask(store, "figures/totals-and-sums-of-parts", observed=observed, indicator=indicator)
    assert (Decimal(row["total"]), Decimal(row["sum"]), row["parts"]) == (total, sum_of_parts, parts)
    assert row["overlap"] == "true"


def test_without_a_part_there_is_no_sum(store: EmbeddedStore) -> None:
    assert ask(store, "figures/totals-and-sums-of-parts", observed="herd-sample-c-mayaguez") == []


def test_a_region_lies_in_the_next_larger_one_so_that_levels_stay_apart() -> None:
    stated = quads(REGIONS, FOLDER / REGIONS)
    around = {area: said(stated, f"area/{area}")["withinArea"] for area in (
        "nuts2013-UKC14", "nuts2013-UKC1", "lep2014-E37000001", "lep-until-2014-E37000001")}  # fmt: skip
    assert list(around.values()) == ["nuts2013-UKC1", "GB", "GB-ENG", "GB-ENG"]


def test_a_laureate_without_a_name_has_its_number_and_one_out_of_research_is_a_spin_off() -> None:
    stated = quads(I_LAB, FOLDER / I_LAB)
    assert said(stated, "org/i-lab-999000001")["label"] == "999000001"
    assert said(stated, "org/i-lab-exemple-sas")["label"] == "Exemple SAS"
    assert said(stated, "org/i-lab-999000002")["label"] == "Deuxième SA"
    assert said(stated, "org/i-lab-999000002")["altLabel"] == "Deuxième"
    assert "channel" not in said(stated, "collaboration/i-lab/c-01-03-050")
    assert said(stated, "collaboration/i-lab/r3")["channel"] == "spin-off"
    assert said(stated, "collaboration/i-lab/row-3")["evidence"] == "i-lab-laureates#row=3"
    laureates = [q for q in stated if q.predicate.value == RDF.type and q.object.value == TT.Collaboration]
    assert len(laureates) == 4, "nobody is known of the fifth"
    takers = [q for q in stated if q.predicate.value == TT.hasParticipation and q.subject.value.endswith("/r3")]
    assert len(takers) == 4


def edited(source: str, tmp_path: Path, file: str, edit: Callable[[bytes], bytes]) -> Path:
    downloaded = Path(shutil.copytree(FOLDER / source, tmp_path / source))
    path = downloaded / file
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(edit(gzip.decompress(path.read_bytes()))))
    else:
        path.write_bytes(edit(path.read_bytes()))
    return downloaded


def swap(old: str, new: str) -> Callable[[bytes], bytes]:
    def edit(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return edit


def again(content: bytes) -> bytes:
    """The last line twice."""
    return content + content.splitlines(keepends=True)[-1]


@pytest.mark.parametrize(
    ("source", "file", "edit", "message"),
    [
        (HE_BCI, "NE_table-1.csv.gz", swap("Type of income", "Income type"),
         r"NE_table-1.csv.gz, row 1: there is no column Type of income; found UKPRN, "),
        (HE_BCI, "table-2a.csv", swap("Number/Value\n", "Figure\n"),
         r"table-2a.csv, row 4: there is no column Number/Value;"),
        (HE_BCI, "table-2a.csv", swap(",30\n", ",thirty\n"),
         r"table-2a.csv, row 11, column Number/Value: found 'thirty', expected a number"),
        (HE_BCI, "NE_table-4a.csv.gz", swap("Number of disclosures", "Disclosures"),
         r"NE_table-4a.csv.gz, row 2, column Value: found '4a \| Disclosures', expected a heading of headings.csv"),
        (HE_BCI, "NE_table-2b.csv.gz", swap("10099902", "1009990"),
         r"NE_table-2b.csv.gz, row 2, column UKPRN: found '1009990', expected the provider's number of eight digits"),
        (HE_BCI, "NE_table-2b.csv.gz", swap("2014/15", "2014/16"),
         r"NE_table-2b.csv.gz, row 2, column Academic Year: found '2014/16', expected an academic year"),
        (HE_BCI, "NE_table-4a.csv.gz", again,
         r"NE_table-4a.csv.gz, row 5, column Value: found '83', expected a figure that no .*gives; .*, row 4 does"),
        (HERD, "3115.csv.gz", swap("['600', 'i']", "['600', 'x']"),
         r"3115.csv.gz, row 3, column field_.*_federal_government: found .*'x'.*, expected a number and its flag"),
        (HERD, "3115.csv.gz", swap("['1,100', '']", "['11,00', '']"),
         r"3115.csv.gz, row 3, column field_all_r_d_expenditures: found '11,00', expected a number"),
        (HERD, "3115.csv.gz", swap("_b_institution_b_full_path", "institution"),
         r"3115.csv.gz, row 1: there is no column _b_institution_b_full_path"),
        (HERD, "3115.csv.gz", swap("field_source_of_funds_business", "field_source_of_funds_industry"),
         r"3115.csv.gz, row 2, column field_.*_industry: found 'field_.*_industry', expected a heading"),
        (REGIONS, "ce_cpd_income.nuts3.csv", swap("619000", "619.000.5"),
         r"ce_cpd_income.nuts3.csv, row 3, column ce_cpd_income: found '619.000.5', expected a number"),
        (REGIONS, "ce_cpd_income.nuts3.csv", swap("2014,UKC14", "2014/15,UKC14"),
         r"ce_cpd_income.nuts3.csv, row 3, column year: found '2014/15', expected a year of four digits"),
        (REGIONS, "graduate_startups.nuts2.csv", swap("nuts_year_spec", "nuts_year"),
         r"graduate_startups.nuts2.csv, row 1: there is no column nuts_year_spec"),
        (I_LAB, "ilab_laureates.csv.gz", swap("999000001", "99900001X"),
         r"ilab_laureates.csv.gz, row 2, column N° SIREN: found '99900001X', expected the company's number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_row_and_column(
    source: str, file: str, edit: Callable[[bytes], bytes], message: str, tmp_path: Path
) -> None:
    downloaded = edited(source, tmp_path, file, edit)
    with pytest.raises((MappingError, SourceFormatError), match=message):
        quads(source, downloaded)


def test_bytes_that_are_not_utf_8_and_a_file_that_ends_in_the_middle_are_named(tmp_path: Path) -> None:
    latin = edited(HE_BCI, tmp_path, "table-2a.csv", lambda content: content.replace("£".encode(), b"\xa3"))
    with pytest.raises(SourceFormatError, match=r"table-2a.csv, line 5: is not UTF-8"):
        quads(HE_BCI, latin)
    shutil.rmtree(latin)
    cut = edited(HE_BCI, tmp_path, "table-2a.csv", lambda content: content) / "NE_table-1.csv.gz"
    whole = cut.read_bytes()
    cut.write_bytes(whole[:-20])
    with pytest.raises(SourceFormatError, match=r"NE_table-1.csv.gz: ends too early, after .*get it again"):
        quads(HE_BCI, latin)
    cut.write_bytes(whole[:40] + b"?" * 40 + whole[80:])
    with pytest.raises(SourceFormatError, match=r"NE_table-1.csv.gz: cannot be unpacked"):
        quads(HE_BCI, latin)
    cut.write_bytes(gzip.compress(b"0" * (65 << 20)))
    with pytest.raises(SourceFormatError, match=r"NE_table-1.csv.gz: .* which no table does"):
        quads(HE_BCI, latin)


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    downloaded = edited(
        HE_BCI, tmp_path, "table-2a.csv", lambda content: content.replace(b",20\n", b",x\n").replace(b",30\n", b",y\n")
    )
    with pytest.raises(MappingError) as caught:
        quads(HE_BCI, downloaded)
    assert [(complaint.row, complaint.value) for complaint in caught.value.complaints] == [(10, "x"), (11, "y")]


@pytest.mark.parametrize("source", [HE_BCI, HERD, REGIONS])
def test_headings_name_what_the_registry_knows(source: str, store: EmbeddedStore) -> None:
    known = {iris.local(row["i"].value) for row in store.select(f"SELECT ?i WHERE {{ ?i a <{TT.Indicator}> }}")}
    concepts = "".join(path.read_text("utf-8") for path in assets.folder("ontology").glob("schemes/*.ttl"))
    for row in statistics.headings_of(register.find(source).folder / "tables" / "headings.csv").iter_rows(named=True):
        assert row["indicator"] in known
        assert f"\nch:{row['channel']} a " in concepts
        assert not row["counterpart"] or f"\ncounterpart:{row['counterpart']} a " in concepts


@given(st.text(max_size=40))
def test_a_slug_is_part_of_an_iri_or_nothing(name: str) -> None:
    (made,) = pl.select(statistics.slug(pl.lit(name)))[:, 0].to_list()
    assert made == "" or iris.identifier(f"org/{made}").isascii()
    assert not made.startswith("-")
    assert not made.endswith("-")
