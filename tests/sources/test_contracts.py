"""A register of contracts beside the published figures: what is counted, what differs, what a change moves."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from kg import assets, pipeline, queries
from kg.cli import opening
from kg.sources import register
from kg.sources.contracts import sample
from kg.store.releases import DataFolder

DOWNLOAD = Path(__file__).parent / "registers" / "contracts"
RIGHTS = ["assignment", "licence-exclusive", "licence-non-exclusive", "licence-sole", "equity-by-valuation"]
COMPARISON = "checks/computed-and-published"


@pytest.fixture(scope="module")
def whole() -> sample.Register:
    return sample.register()


def test_the_made_up_register_has_the_published_totals(whole: sample.Register) -> None:
    contracts = whole.contracts.select(
        "provider", pl.col("value").cast(pl.Decimal(20, 2)), rights=pl.col("channel").is_in(RIGHTS)
    )
    groups = {row[0]: row[1:] for row in contracts.group_by("rights").agg(pl.len(), pl.sum("value")).iter_rows()}
    assert groups == {True: (20_977, Decimal("20260000000")), False: (445_905, Decimal("105350000000"))}
    institutions = contracts.group_by("provider").agg(pl.sum("value"))
    assert institutions.height == 3_554
    assert institutions.filter(pl.col("value") > 10**8).height == 261
    assert whole.contracts["id"].is_unique().all()
    assert set(whole.contracts["provider"]) | set(whole.contracts["client"]) <= set(whole.organizations["key"])


def test_a_seed_gives_one_register(tmp_path: Path) -> None:
    written = []
    for seed in (1, 1, 2):
        sample.register(2_000, seed=seed).write(tmp_path)
        written.append((tmp_path / "contracts.csv").read_bytes())
    assert written[0] == written[1] != written[2]


@pytest.mark.parametrize("number", [999, 466_883])
def test_another_number_than_can_be_made_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="from 1,000 to 466,882"):
        sample.register(number)


@pytest.fixture(scope="module")
def downloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small register, free to be changed."""
    folder = tmp_path_factory.mktemp("contracts")
    for path in DOWNLOAD.glob("*.csv"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, downloaded: Path) -> DataFolder:
    folder = DataFolder.open(tmp_path_factory.mktemp("data") / "data", create=True)
    build(folder, downloaded, ("registry", "ncste"))
    return folder


def build(folder: DataFolder, downloaded: Path, more: Iterable[str] = ()) -> None:
    sources = [*map(register.find, more), register.find("contracts").fetched(downloaded)]
    inputs = [*(pipeline.bundled() if more else ()), *pipeline.from_sources(sources)]
    pipeline.build(folder, inputs, opening.shapes(), complete=False)


def computed(folder: DataFolder) -> dict[str, Decimal]:
    """Value of every figure that a rule gave, by the key of its cell; those in euros are left out."""
    query = """PREFIX tt: <https://w3id.org/techtransfer/ontology#>
      SELECT ?key ?value { ?o tt:derivedBy/tt:derivationRule ?rule ; tt:value ?value ; tt:unit ?unit ;
        tt:cell/<http://www.w3.org/2000/01/rdf-schema#label> ?key
        FILTER(!STRENDS(STR(?unit), "/EUR")) }"""
    release = folder.current()
    assert release
    with release.open() as store:
        return {row["key"].value: Decimal(row["value"].value) for row in store.select(query)}


def test_figures_follow_from_records(folder: DataFolder) -> None:
    found = computed(folder)
    filers, universities = "CY2020|CN|ncste-filers", "CY2020|CN|ncste-universities"
    assert found[f"contract-count|{filers}|six-ways|level"] == 5
    assert found[f"contract-count|{filers}|rights-based|level"] == 2
    assert found[f"contract-count|{filers}|licensing|level"] == 1
    assert found[f"contract-count|{universities}|six-ways|level"] == 4
    assert found["contract-count|CY2020|CN-BJ|ncste-filers|six-ways|level"] == 2
    assert found["contract-count|CY2021|CN|ncste-filers|services|level"] == 1
    assert found[f"filers|{filers}|all|level"] == 3
    above = "threshold=above:100000000:CNY"
    assert found[f"contracts-above-threshold|{filers}|six-ways|level|{above}"] == 1
    assert found[f"organizations-above-threshold|{filers}|rights-based|level|{above}"] == 2


def test_money_is_added_by_currency_and_once_for_two_providers(folder: DataFolder) -> None:
    query = """PREFIX tt: <https://w3id.org/techtransfer/ontology#> PREFIX ch: <https://w3id.org/techtransfer/concept/channel/>
      SELECT ?unit ?value { ?o tt:derivedBy/tt:derivationRule ?rule ; tt:value ?value ; tt:unit ?unit ;
        tt:indicator <https://w3id.org/techtransfer/id/indicator/contract-value> ; tt:channel ch:six-ways ;
        tt:observedUnit <https://w3id.org/techtransfer/id/population/ncste-filers> ;
        tt:refArea <https://w3id.org/techtransfer/id/area/CN> ;
        tt:refPeriod <https://w3id.org/techtransfer/id/period/CY2020> }"""
    release = folder.current()
    assert release
    with release.open() as store:
        found = {row["unit"].value[-3:]: Decimal(row["value"].value) for row in store.select(query)}
    assert found == {"CNY": Decimal("122580000.5"), "EUR": Decimal(400_000)}


def test_computed_stands_beside_published(folder: DataFolder) -> None:
    query = queries.load(assets.folder("queries"))[COMPARISON]
    release = folder.current()
    assert release
    with release.open() as store:
        rows = list(store.select(query.bind({"area": "CN", "period": "CY2020"})))
    found = {(row["key"].value.partition("|")[0], row["agreement"].value) for row in rows}
    assert ("contract-count", "differs") in found
    counted = next(row for row in rows if row["key"].value == "contract-count|CY2020|CN|ncste-filers|six-ways|level")
    assert (counted["computed"].value, counted["difference"].value) == ("5", "-466877")


def registers(folder: DataFolder) -> str:
    """What the release records of all that the rules read."""
    release = folder.current()
    assert release
    return str(release.manifest.sources["derived"]["registers"])


def test_a_register_is_not_counted_again_for_what_no_rule_reads(folder: DataFolder, downloaded: Path) -> None:
    before, known = computed(folder), registers(folder)
    build(folder, downloaded, ("registry", "ncste", "tto-reviews"))
    assert registers(folder) == known
    assert computed(folder) == before


def test_a_changed_contract_moves_the_figures_on_the_next_build(folder: DataFolder, downloaded: Path) -> None:
    before, known = computed(folder), registers(folder)
    file = downloaded / "contracts.csv"
    file.write_text(file.read_text("utf-8").replace("services,80000.00", "assignment,80000.00"), "utf-8")
    build(folder, downloaded)
    after = computed(folder)
    assert registers(folder) != known
    assert {key: (before.get(key), after.get(key)) for key in before | after if before.get(key) != after.get(key)} == {
        f"{indicator}|CY2020|CN|{population}|{channel}|level": values
        for population in ("ncste-filers", "ncste-universities")
        for indicator, channel, values in [
            ("contract-count", "rights-based", (2, 3)),
            ("contract-count", "assignment", (1, 2)),
            ("contract-count", "commissioned-work", (3, 2) if population == "ncste-filers" else (2, 1)),
            ("contract-count", "services", (1, None)),
            ("contract-value", "rights-based", (Decimal("122500000.5"), Decimal("122580000.5"))),
            ("contract-value", "assignment", (120_000_000, 120_080_000)),
            ("contract-value", "commissioned-work", (80_000, None)),
            ("contract-value", "services", (80_000, None)),
        ]
    }
