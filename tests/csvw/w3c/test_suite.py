"""Each test of the csv2rdf suite passes, or is listed with the reason; the README prints the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from .suite import MISSES, cases, misses, outcome, places, table

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture(scope="module")
def outcomes(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, str]]:
    folder = shared / "suites" / "csvw" / "tests"
    web = places(folder, tmp_path_factory.mktemp("site"))
    return {case.name: (case, outcome(case, folder, web)) for case in cases(folder)}


def test_what_does_not_pass_is_listed_and_nothing_else(outcomes: dict[str, tuple[object, str]]) -> None:
    wrong = {name: text for name, (_, text) in outcomes.items() if text}
    assert len(outcomes) == 270
    assert {name: text for name, text in wrong.items() if name not in misses()} == {}
    assert sorted(misses().keys() - wrong.keys()) == [], f"these pass; take them out of {MISSES.name}"


def test_the_readme_prints_the_table(outcomes: dict[str, tuple[object, str]]) -> None:
    assert table(outcomes.values()) in README.read_text(encoding="utf-8")  # type: ignore[arg-type]
