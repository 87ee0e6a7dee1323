"""Adding a source: a folder with a TOML file, tables and a short metadata file; shared schemas, no code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import csvw, iris
from kg.errors import MappingError
from kg.sources import register

OBS = "https://w3id.org/techtransfer/id/obs/my-survey"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder of sources that holds one, made of tables and settings only."""
    shutil.copytree(Path(__file__).parent / "my-survey", tmp_path / "my-survey")
    return tmp_path


def test_a_new_folder_is_a_new_source(sources: Path) -> None:
    source = register.find("my-survey", [sources])
    mapped = csvw.map(csvw.read(source.metadata), source=source.name, graph=source.graph)
    assert {name: mapped.rows[name] for name, _ in source.expected} == dict(source.expected)
    store = ox.Store()
    store.load("\n".join(mapped.lines()).encode(), format=ox.RdfFormat.N_QUADS)
    assert {quad.graph_name.value for quad in store} == {iris.source_graph("my-survey")}
    assert about(store, "income-2023") == {
        "type": "Observation",
        "indicator": "licence-income",
        "refPeriod": "FY2023",
        "refArea": "FR",
        "observedUnit": "my-office",
        "channel": "all",
        "transformation": "level",
        "value": "3200000",
        "unit": "EUR",
        "qualifier": "over",
        "statedValue": "3.2",
        "unitMultiplier": "6",
        "statedPrecision": "100000",
        "status": "reported",
        "statedIn": "mysurvey",
        "revises": "income-2023",
    }
    share = about(store, "sme-share-2023")
    assert (share["wholeChannel"], share["counterpart"]) == ("all", "sme")


def about(store: ox.Store, key: str) -> dict[str, str]:
    quads = store.quads_for_pattern(ox.NamedNode(f"{OBS}/{key}"), None, None, None)
    return {iris.local(quad.predicate.value): iris.local(quad.object.value) for quad in quads}


def test_its_mistakes_are_all_reported_at_once(sources: Path) -> None:
    table = sources / "my-survey" / "tables" / "observations.csv"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("0.6,ratio", "60%,percent").replace("FY2023,FR,org", "2023,FR,org"), encoding="utf-8")
    source = register.find("my-survey", [sources])
    with pytest.raises(MappingError) as raised:
        csvw.map(csvw.read(source.metadata), source=source.name, graph=source.graph)
    found = [(item.file, item.row, item.column, item.value) for item in raised.value.complaints]
    assert found == [
        ("observations.csv", 2, "period", "2023"),
        ("observations.csv", 3, "period", "2023"),
        ("observations.csv", 3, "unit", "percent"),
    ]
