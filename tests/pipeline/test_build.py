"""A build as a whole: what is published, what is not, and that the live release never suffers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kg import assets, iris, pipeline
from kg.cli import opening
from kg.errors import MappingError, StoreLockedError, ValidationFailedError
from kg.pipeline import Input, Outcome
from kg.sources import register
from kg.store.embedded import EmbeddedStore
from kg.store.releases import DataFolder, diff
from kg.validation import gate
from kg.validation.incremental.affected import Since
from kg.validation.report import Report
from kg.validation.shapes import Shapes

SEEDS = assets.bundled_sources() / "seed-articles"
Edit = Callable[[Path], None]


def inputs_with(place: Path, edit: Edit) -> list[Input]:
    """The bundled inputs, with the seed articles' source copied and edited."""
    copy = place / "seed-articles"
    if not copy.exists():
        shutil.copytree(SEEDS, copy)
    edit(copy / "tables")
    others = [source for source in register.discover() if source.name != "seed-articles"]
    return [*pipeline.bundled(), *pipeline.from_sources([*others, *register.discover([place])])]


def replace(name: str, old: str, new: str) -> Edit:
    """An edit of one table: every occurrence of a text."""

    def edit(tables: Path) -> None:
        text = (tables / name).read_text("utf-8")
        assert old in text
        (tables / name).write_text(text.replace(old, new), "utf-8")

    return edit


def nothing(_: Path) -> None:
    """The edit that changes nothing."""


def build(folder: DataFolder, inputs: list[Input], **options: bool) -> Outcome:
    """A build that checks only what a change affects, as it does not pay in so small a release otherwise."""
    return pipeline.build(folder, inputs, opening.shapes(), recheck_from=0, **options)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder.open(tmp_path / "data", create=True)


def test_counts_of_the_bundle(data_folder: DataFolder) -> None:
    release = data_folder.current()
    assert release is not None
    assert release.manifest.validation["Violation"] == 0
    assert release.manifest.counts["documents"] >= 4
    assert release.manifest.counts["observations"] >= 11
    assert release.manifest.counts["quads"] == release.manifest.quads


def test_building_twice_gives_the_same_segments_and_says_that_nothing_changed(tmp_path: Path) -> None:
    clocks = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 6, 30, tzinfo=UTC))
    manifests = []
    for name, now in zip("ab", clocks, strict=True):
        folder = DataFolder.open(tmp_path / name, create=True, clock=lambda now=now: now)
        outcome = pipeline.build(folder, opening.inputs(None), opening.shapes(), clock=lambda now=now: now)
        assert outcome.published
        assert outcome.release is not None
        manifests.append(outcome.release.manifest)
        again = build(folder, opening.inputs(None))
        assert (again.published, again.release) == (False, outcome.release)
    digests = [{name: s.digest for name, s in m.segments.items() if name != "meta"} for m in manifests]
    assert digests[0] == digests[1]
    assert manifests[0].segments["meta"].digest != manifests[1].segments["meta"].digest


def test_a_changed_source_changes_its_segment_and_what_follows_from_it(folder: DataFolder, tmp_path: Path) -> None:
    first = build(folder, inputs_with(tmp_path / "mine", nothing)).release
    outcome = build(folder, inputs_with(tmp_path / "mine", replace("observations.csv", "20977", "20978")))
    assert outcome.published
    assert first is not None
    assert outcome.release is not None
    assert set(outcome.changes) == {"source/seed-articles", "derived"}
    lines = [line.decode() for sign, line in diff(first, outcome.release) if sign == "+" and b"/meta>" not in line]
    assert any('"466883"' in line for line in lines)  # the sum over the two groups, derived
    before, after = (release.manifest.sources["registry"]["created"] for release in (first, outcome.release))
    assert before == after


@pytest.mark.parametrize(
    "edit",
    [replace("observations.csv", "20977", "20978"), replace("documents.csv", ",press,", ",,")],
    ids=["a number", "documents without quality"],
)
def test_checking_what_a_change_affects_gives_the_report_of_checking_all(
    edit: Edit, folder: DataFolder, tmp_path: Path
) -> None:
    before = build(folder, inputs_with(tmp_path / "mine", nothing)).report
    assert before.warnings
    after = build(folder, inputs_with(tmp_path / "mine", edit), dry_run=True).report
    whole = DataFolder.open(tmp_path / "whole", create=True)
    assert after == build(whole, inputs_with(tmp_path / "mine", nothing)).report


def test_the_report_of_a_release_is_read_as_it_was(data_folder: DataFolder, bundle: EmbeddedStore) -> None:
    release = data_folder.current()
    assert release is not None
    report = Report.load(release.report)
    assert report.to_turtle() == release.report.read_text("utf-8")
    shapes = Shapes.load(opening.shapes())
    assert gate.check(bundle, shapes, since=Since(report, (), ())) == gate.check(bundle, shapes)


def test_a_wrong_cell_is_named_and_nothing_is_published(folder: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(MappingError) as caught:
        build(folder, inputs_with(tmp_path / "mine", replace("observations.csv", "20977", "many")))
    found = {(Path(c.file).name, c.row, c.column, c.value) for c in caught.value.complaints}
    assert found == {("observations.csv", 4, column, "many") for column in ("value", "stated_value")}
    assert "observations.csv, row 4, column value: found 'many', expected" in str(caught.value)
    assert folder.current() is None


def test_complaints_of_several_sources_come_together(folder: DataFolder, tmp_path: Path) -> None:
    for name, edit in (
        ("registry", replace("areas.csv", "developing-countries", "developing countries>")),
        ("seed-articles", replace("observations.csv", "20977", "many")),
    ):
        shutil.copytree(assets.bundled_sources() / name, tmp_path / "mine" / name)
        edit(tmp_path / "mine" / name / "tables")
    with pytest.raises(MappingError) as caught:
        build(folder, [*pipeline.bundled(), *pipeline.from_sources(register.discover([tmp_path / "mine"]))])
    assert {Path(complaint.file).name for complaint in caught.value.complaints} >= {"areas.csv", "observations.csv"}


def test_the_gate_refuses_a_violation_names_the_row_and_leaves_the_live_release(
    folder: DataFolder, tmp_path: Path
) -> None:
    live = build(folder, inputs_with(tmp_path / "mine", nothing)).release
    with pytest.raises(ValidationFailedError) as caught:
        build(folder, inputs_with(tmp_path / "mine", replace("observations.csv", "125.6,", "125.7,")))
    assert folder.current() == live
    sources = {result.source for result in caught.value.report.violations}
    assert any(source and "observations.csv, row" in source for source in sources)
    (refused,) = folder.layout.refused.iterdir()
    report = json.loads((refused / "report.json").read_text("utf-8"))
    assert report["conforms"] is False
    assert {"focus", "message", "shape", "source"} <= set(report["results"][0])
    assert list(folder.layout.staging.iterdir()) == []


def test_a_lost_row_is_refused(folder: DataFolder, tmp_path: Path) -> None:
    def drop_last(tables: Path) -> None:
        path = tables / "mentions.csv"
        path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
        toml = tables.parent / "source.toml"
        rows = len(path.read_text("utf-8").splitlines())
        toml.write_text(f"{toml.read_text('utf-8').split('[expect]')[0]}[expect]\nmentions = {rows}\n", "utf-8")

    with pytest.raises(ValidationFailedError, match="expects"):
        build(folder, inputs_with(tmp_path / "mine", drop_last))


def test_a_dry_run_leaves_nothing_behind(folder: DataFolder, tmp_path: Path) -> None:
    live = build(folder, inputs_with(tmp_path / "mine", nothing)).release
    outcome = build(folder, inputs_with(tmp_path / "mine", replace("observations.csv", "20977", "20978")), dry_run=True)
    assert not outcome.published
    assert set(outcome.changes) == {"source/seed-articles", "derived"}
    assert folder.current() == live
    assert list(folder.layout.staging.iterdir()) == []
    assert list(folder.layout.refused.iterdir()) == []


def test_a_source_that_is_no_more_goes_and_loads_stay(folder: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "notes.ttl"
    file.write_text('<http://example.org/a> <http://example.org/b> "c" .', "utf-8")
    build(folder, opening.inputs(None))
    build(folder, pipeline.from_files([file]), complete=False)
    kept = [item for item in opening.inputs(None) if item.name not in ("source/ncste", "judgements")]
    release = build(folder, kept).release
    assert release is not None
    assert "source/ncste" not in release.manifest.segments
    assert "load/notes" in release.manifest.segments


def test_only_one_build_at_a_time(folder: DataFolder) -> None:
    with folder.stage(), pytest.raises(StoreLockedError, match="process"):
        build(folder, opening.inputs(None))


def test_every_graph_has_provenance_and_no_triple_stands_twice(data_folder: DataFolder) -> None:
    release = data_folder.current()
    assert release is not None
    with release.open() as store:
        graphs = set(store.graphs()) - {iris.GRAPH_META}
        described = {
            str(row["g"].value)
            for row in store.select(
                "SELECT ?g WHERE { ?g <http://www.w3.org/ns/prov#wasGeneratedBy> ?run ."
                " ?run <http://www.w3.org/ns/prov#endedAtTime> ?when }"
            )
        }
        assert described == graphs
        triples = [quad.triple for quad in store.quads()]
        assert len(triples) == len(set(triples))
    assert release.manifest.default_graph == "union"
    owners = [graph for segment in release.manifest.segments.values() for graph in segment.graphs]
    assert len(owners) == len(set(owners))
