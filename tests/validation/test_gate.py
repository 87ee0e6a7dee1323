"""The gate: both runs in one report, row counts, and the decision."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from rdflib import SH, Graph

from kg import assets, iris
from kg.errors import ConfigError, ValidationFailedError
from kg.store.embedded import EmbeddedStore
from kg.validation import gate
from kg.validation.report import Report, Severity
from kg.validation.shapes import Shapes

DATA = """
PREFIX tt: <https://w3id.org/techtransfer/ontology#>
PREFIX graph: <https://w3id.org/techtransfer/graph/>
BASE <https://w3id.org/techtransfer/>
INSERT DATA {
  GRAPH graph:registry { <id/area/CN> a tt:Area . <id/area/FR> a tt:Area ; tt:withinArea <id/area/EU> , <id/area/CN> }
  GRAPH graph:other { <id/area/EU> a tt:Area ; tt:withinArea <id/area/EU> }
}
"""


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    files = {file.stem: file for file in assets.turtle_files("shapes")}
    return Shapes.load([files["prefixes"], files["Area"]])


@pytest.fixture
def store() -> Iterator[EmbeddedStore]:
    database = ox.Store()
    database.update(DATA)
    yield EmbeddedStore(database)


def rules(report: Report) -> list[str]:
    return [result.rule.removeprefix(iris.SHAPES) for result in report.results]


def test_core_and_sparql_results_are_in_one_report(store: EmbeddedStore, shapes: Shapes) -> None:
    report = gate.check(store, shapes)
    assert rules(report) == ["AreaShape-cycle", "AreaShape-withinArea"]
    assert report == gate.check(store, shapes)


def test_graphs_limit_both_runs(store: EmbeddedStore, shapes: Shapes) -> None:
    assert rules(gate.check(store, shapes, graphs=[f"{iris.GRAPH}other"])) == ["AreaShape-cycle"]
    assert rules(gate.check(store, shapes, graphs=[iris.GRAPH_REGISTRY])) == ["AreaShape-withinArea"]


def test_core_messages_name_the_values_found(store: EmbeddedStore, shapes: Shapes) -> None:
    _, doubled = gate.check(store, shapes).violations
    assert doubled.message.endswith("keep the smallest. Found: id:area/CN, id:area/EU.")


def test_shapes_that_mean_nothing_are_refused_by_name(shapes: Shapes) -> None:
    second = Graph().parse(data=f"<{iris.SHAPES}AreaShape-withinArea> <{SH.maxCount}> 2 .", format="turtle")
    with pytest.raises(ConfigError, match=r"tts:AreaShape-withinArea: a shape has one sh:maxCount, this one 2"):
        Shapes.of(shapes.graph + second)


@pytest.mark.parametrize(
    ("found", "severity"), [(3, Severity.VIOLATION), (5, Severity.WARNING)], ids=["fewer rows", "more rows"]
)
def test_row_counts_that_differ_are_reported(found: int, severity: Severity) -> None:
    (result,) = gate.count_rows("observations.csv", expected=4, found=found).results
    assert result.severity is severity
    assert f"has {found} rows, source.toml expects 4" in result.message


def test_the_expected_number_of_rows_is_no_result() -> None:
    assert gate.count_rows("observations.csv", expected=4, found=4) == Report()


def test_violations_are_refused_and_the_rest_admitted() -> None:
    more = gate.count_rows("observations.csv", expected=4, found=5)
    assert gate.admit(more) is more
    fewer = more + gate.count_rows("documents.csv", expected=2, found=0)
    with pytest.raises(ValidationFailedError, match=r"documents\.csv") as caught:
        gate.admit(fewer)
    assert caught.value.report == fewer
