"""The W3C suites over HTTP: what kg and Oxigraph pass is what the README says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest

from . import earl, outcomes, runner
from .manifests import SUITES, Entry, entries
from .servers import Server, kg_serving, oxigraph_serving

README = Path(__file__).resolve().parents[2] / "README.md"
SERVERS = ("kg", "Oxigraph")
ENTRIES = {suite: entries(suite) for suite in SUITES}
CASES = [
    pytest.param(entry, id=f"{entry.suite}/{entry.name}")
    for tests in ENTRIES.values()
    for entry in runner.in_turn(tests)
]


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with kg_serving(tmp_path_factory.mktemp("plain") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def oxigraph() -> Iterator[Server]:
    with oxigraph_serving() as server:
        yield server


def known(server: str) -> dict[str, dict[str, str]]:
    return {suite: outcomes.known(server, suite) for suite in SUITES}


@pytest.mark.parametrize("entry", CASES or [None])
def test_kg(shared: Path, kg: Server, entry: Entry) -> None:
    missed = runner.missed(entry, kg)
    reason = outcomes.known("kg", entry.suite).get(entry.name)
    assert not missed or reason, f"\n{missed}"
    assert missed or not reason, f"it passes: take it from misses.yaml ({reason})"


@pytest.mark.parametrize("suite", SUITES)
def test_oxigraph(shared: Path, oxigraph: Server, suite: str) -> None:
    assert set(outcomes.run(oxigraph, suite)) == set(outcomes.known("Oxigraph", suite))


def test_misses_are_tests_of_the_suites(shared: Path) -> None:
    names = {suite: {entry.name for entry in tests} for suite, tests in ENTRIES.items()}
    assert all(set(misses) <= names[suite] for server in SERVERS for suite, misses in known(server).items())


def test_readme_has_the_table_and_names_each_miss(shared: Path) -> None:
    text = README.read_text("utf-8")
    expected = outcomes.table({server: known(server) for server in SERVERS})
    assert expected in text, f"the README should have\n\n{expected}"
    listed = outcomes.listed(known("kg").values())
    assert listed in text, f"the README should have\n\n{listed}"


def test_the_report_asserts_something_of_each_test(shared: Path) -> None:
    report = earl.report(known("kg"), ENTRIES, now=datetime(2026, 1, 2, tzinfo=UTC))
    outcome = ox.NamedNode("http://www.w3.org/ns/earl#outcome")
    found = [quad.object.value for quad in ox.parse(report, format=ox.RdfFormat.TURTLE) if quad.predicate == outcome]
    missed = sum(len(misses) for misses in known("kg").values())
    assert len(found) == sum(map(len, ENTRIES.values()))
    assert found.count("http://www.w3.org/ns/earl#failed") == missed
