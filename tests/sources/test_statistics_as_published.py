"""The statistics of institutions and areas as published, counted and added up apart from the code that reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from kg import iris
from kg.sources import register
from kg.sources.assembly import assembled

ACADEMIC_YEAR = "2014-08-01_2015-07-31"


@dataclass(frozen=True)
class Read:
    """The folder of the downloads, and what reading them gave: the tables by name."""

    downloaded: Path
    tables: dict[str, pl.DataFrame]

    @property
    def observations(self) -> pl.DataFrame:
        return self.tables["observations"].with_columns(pl.col("value").cast(pl.Decimal(38, 6)))

    def amount(self, **where: str | None) -> Decimal:
        """The sum of the observations with these dimensions; None stands for an empty one."""
        mask = [pl.col(name).eq_missing(pl.lit(value)) for name, value in where.items()]
        return Decimal(self.observations.filter(*mask)["value"].sum())


Reading = Callable[[str, Path], Read]


@pytest.fixture(scope="module")
def reading() -> Reading:
    done: dict[str, Read] = {}

    def read(name: str, downloaded: Path) -> Read:
        if name not in done:
            with assembled(register.find(name).fetched(downloaded)) as (metadata, _):
                tables = {p.stem: pl.read_csv(p, infer_schema=False) for p in metadata.parent.glob("*.csv")}
            done[name] = Read(downloaded, tables)
        return done[name]

    return read


@pytest.fixture
def he_bci(reading: Reading, shared: Path) -> Read:
    return reading("he-bci-providers", shared / "data" / "hesa_hebci")


@pytest.fixture
def herd(reading: Reading, shared: Path) -> Read:
    return reading("herd", shared / "data" / "ncses_herd" / "tables")


@pytest.fixture
def regions(reading: Reading, shared: Path, tmp_path: Path) -> Read:
    for path in (shared / "data" / "beis_regional_indicators").glob("*/*.csv"):
        (tmp_path / path.name).symlink_to(path)
    return reading("uk-regions", tmp_path)


@pytest.fixture
def i_lab(reading: Reading, shared: Path) -> Read:
    return reading("i-lab", shared / "data" / "ilab_laureates")


def raw(folder: Path, pattern: str, separator: str = ",") -> dict[str, pl.DataFrame]:
    """The files as they are."""
    return {p.name: pl.read_csv(p, infer_schema=False, separator=separator) for p in sorted(folder.glob(pattern))}


def test_every_value_of_he_bci_is_an_observation_or_says_again_what_one_says(he_bci: Read) -> None:
    tables = raw(he_bci.downloaded, "NE_table-*.csv.gz")
    assert sum(table.height for table in tables.values()) == 7375
    first = tables["NE_table-1.csv.gz"].with_columns(
        year=pl.col("Academic Year").str.slice(0, 4).cast(pl.Int32),
        # The councils' heading was renamed in 2018/19.
        funder=pl.when(pl.col("Source of public funding").str.contains("UKRI|Councils")).then(pl.lit("councils"))
        .otherwise("Source of public funding"),
    )  # fmt: skip
    before = first.filter(pl.col("Type of income") == "Previous year's total").with_columns(pl.col("year") - 1)
    totals = first.filter(pl.col("Type of income") == "Total")
    said_again = before.join(totals, on=["UKPRN", "year", "funder", "Value"], how="semi").height
    assert he_bci.observations.height == 7375 - said_again == 7180
    assert he_bci.observations.filter(status="restated").height == 5


@pytest.mark.parametrize(
    ("file", "where", "indicator", "channel", "counterpart", "scale"),
    [
        ("2a",
         {"Type of service": "Contract research", "Type of organisation": "SME's", "Number/Value Marker": "Value"},
         "knowledge-exchange-income", "development-commissioned", "sme", 1000),
        ("2a", {"Type of service": "Consultancy", "Type of organisation": "Total", "Number/Value Marker": "Number"},
         "knowledge-exchange-contracts", "consulting", None, 1),
        ("2b", {"Category Marker": "Total revenue"}, "knowledge-exchange-income", "training", None, 1000),
        ("3", {"Programme": "Total programmes"}, "knowledge-exchange-income", "regeneration", None, 1000),
        ("4d", {"Category Marker": "Total IP revenues"}, "intellectual-property-income", "rights-based", None, 1000),
        ("4e", {"Metric": "Number of active firms", "Category Marker": "Student start-ups"},
         "active-graduate-start-ups", "spin-off", None, 1),
    ],
)  # fmt: skip
def test_the_sums_of_each_provider_are_those_of_the_file(
    he_bci: Read, file: str, where: dict[str, str], indicator: str, channel: str, counterpart: str | None, scale: int
) -> None:
    (table,) = raw(he_bci.downloaded, f"NE_table-{file}.csv.gz").values()
    value = "Number/Value" if file == "2a" else "Value"
    rows = table.filter(*(pl.col(column) == text for column, text in where.items()))
    for provider, numbers in rows.group_by("UKPRN").agg(pl.col(value).cast(pl.Float64).sum()).iter_rows():
        observed = f"org/ukprn-{provider}"
        asked = he_bci.amount(indicator=indicator, channel=channel, counterpart=counterpart, observed=observed)
        assert asked == Decimal(numbers) * scale


def test_an_academic_year_runs_from_august_to_july(he_bci: Read) -> None:
    assert ACADEMIC_YEAR in he_bci.observations["period"].to_list()
    days = iris.period_days(iris.identifier(f"period/{ACADEMIC_YEAR}"))
    assert (days.first.isoformat(), days.last.isoformat(), days.nominal) == ("2014-08-01", "2015-07-31", False)


def test_every_number_of_herd_is_an_observation(herd: Read) -> None:
    numbers, flagged = 0, 0
    listed = herd.tables["tables"]["file"].to_list()
    for name, table in raw(herd.downloaded, "*.csv.gz").items():
        if name in listed:
            for cell in table.select(pl.col("^field_.*$").exclude("field_rank")).unpivot()["value"]:
                if re.fullmatch(r"\['[\d,]+', '\w*'\]", cell):
                    numbers += 1
                    flagged += cell.endswith("'i']")
    assert herd.observations.height == numbers == 95201
    assert herd.observations.filter(status="estimated").height == flagged > 0


def test_what_business_pays_for_is_what_the_table_says(herd: Read) -> None:
    (table,) = raw(herd.downloaded, "3115.csv.gz").values()
    amounts = table["field_source_of_funds_business"].str.extract(r"\['([\d,]*)'").str.replace_all(",", "")
    total, *each = amounts.cast(pl.Int64, strict=False).to_list()
    where = {"document": "herd-3115", "indicator": "research-expenditure", "counterpart": "enterprise"}
    assert herd.amount(**where, observed="population/herd-institutions") == total * 1000
    found = herd.observations.filter(pl.col("observed").str.starts_with("org/"), **where)
    assert Decimal(found["value"].sum()) == sum(amount or 0 for amount in each) * 1000
    assert {"FY2019"} == set(found["period"])


def test_an_institution_has_one_name_without_marks_in_all_years(herd: Read) -> None:
    names = herd.tables["organizations"]
    assert names.filter(pl.col("name").str.contains("<|&[a-z]+;")).is_empty()
    (hopkins,) = names.filter(pl.col("name").str.starts_with("Johns Hopkins U"))["key"]
    totals = herd.observations.filter(observed=f"org/{hopkins}", indicator="research-expenditure")
    assert sorted(set(totals["period"])) == ["FY2019", "FY2020", "FY2021", "FY2022"]


def test_every_value_of_the_regions_is_an_observation(regions: Read) -> None:
    files = raw(regions.downloaded, "*.csv")
    assert len(files) == 74
    assert regions.observations.height == sum(table.height for table in files.values()) == 23904
    income = files["ce_cpd_income.nuts2.csv"]
    (first,) = regions.observations.filter(document="uk-regions-ce-cpd-income-nuts2", area="nuts2013-UKC1").filter(
        period=ACADEMIC_YEAR
    )["value"]
    assert first == Decimal(income.filter(year="2014", nuts_id="UKC1")["ce_cpd_income"].item())
    assert regions.amount(document="uk-regions-ce-cpd-income-nuts2") == income["ce_cpd_income"].cast(pl.Int64).sum()


def test_providers_and_regions_agree_where_a_region_has_one_provider(he_bci: Read, regions: Read) -> None:
    # Durham is the one provider of UKC14.
    for indicator, channel in (("knowledge-exchange-income", "training"), ("spin-off-sales", "spin-off")):
        where = {"indicator": indicator, "channel": channel, "counterpart": None, "period": ACADEMIC_YEAR}
        by_region = regions.amount(area="nuts2013-UKC14", **where)
        if indicator == "spin-off-sales":
            kinds = he_bci.observations.filter(
                pl.col("indicator").str.starts_with("sales-of-"), period=ACADEMIC_YEAR, observed="org/ukprn-10007143"
            )
            assert by_region == Decimal(kinds["value"].sum())
        else:
            assert by_region == he_bci.amount(observed="org/ukprn-10007143", **where)


def test_a_thousandfold_of_learner_days_is_kept_as_published(he_bci: Read, regions: Read) -> None:
    where = {"indicator": "learner-days", "period": ACADEMIC_YEAR}
    provider = he_bci.amount(observed="org/ukprn-10007143", **where)
    assert regions.amount(area="nuts2013-UKC14", **where) == provider * 1000


def test_every_laureate_of_whom_somebody_is_known_is_there(i_lab: Read) -> None:
    (table,) = raw(i_lab.downloaded, "*.csv.gz", separator=";").values()
    number, name = pl.col("N° SIREN").is_not_null(), pl.col("Libellé entreprise").is_not_null()
    bodies = pl.any_horizontal(pl.col("^Id de (?:la structure|l'unité).*$").is_not_null())
    assert table.height == 3923
    assert i_lab.tables["laureates"].height == table.filter(number | name | bodies).height == 3404
    assert i_lab.tables["laureates"]["channel"].count() == table.filter(bodies).height
    assert table.filter(number & ~name).height == 814
    named = i_lab.tables["organizations"]
    nameless = table.filter(number).group_by("N° SIREN").agg(pl.col("Libellé entreprise").drop_nulls().len())
    without = nameless.filter(pl.col("Libellé entreprise") == 0)["N° SIREN"]
    assert named.filter(pl.col("key").is_in(without.to_list()), pl.col("name") == pl.col("key")).height == 656
