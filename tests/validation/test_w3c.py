"""The W3C test suite of SHACL: what kg and pySHACL pass is what the README says."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import suite
from .suite import VALIDATORS

ROOT = Path(__file__).resolve().parents[2]
SUITE = ROOT.parent / "shared" / suite.FOLDER
NAMES = [suite.name(SUITE, file) for file in suite.files(SUITE)] if SUITE.is_dir() else []

# rdflib says so of each ill-typed literal of the suite that it makes.
pytestmark = pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")


@pytest.mark.parametrize("validator", VALIDATORS)
@pytest.mark.parametrize("name", NAMES or ["the suite"])
def test_suite(shared: Path, name: str, validator: str) -> None:
    folder = shared / suite.FOLDER
    missed = suite.case(folder, folder / f"{name}.ttl").missed(VALIDATORS[validator])
    reason = suite.known_misses()[validator].get(name)
    assert not missed or reason, f"\n{missed}"
    assert missed or not reason, f"it passes: take it from misses.yaml ({reason})"


def test_misses_are_tests_of_the_suite(shared: Path) -> None:
    assert {name for names in suite.known_misses().values() for name in names} <= set(NAMES)


def test_readme_has_the_table(shared: Path) -> None:
    expected = suite.table(NAMES, suite.known_misses())
    assert expected in (ROOT / "README.md").read_text("utf-8"), f"the README should have\n\n{expected}"
