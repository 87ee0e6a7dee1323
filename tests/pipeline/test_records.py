"""What a release records of its inputs: a changed record is published, an unchanged graph keeps its maker."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kg import assets, iris, pipeline, provenance
from kg.cli import opening
from kg.errors import StoreLockedError, ValidationFailedError
from kg.pipeline import Input, Outcome
from kg.provenance import Run
from kg.sources import register
from kg.store.releases import Collection, DataFolder, Release

NOTICE = "source/meti"
NEW_LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Toml = Callable[[str], str]


class BusyFolder(DataFolder):
    """A data folder in which another build begins as soon as one has ended."""

    def collect(self, *, keep: int = 5, dry_run: bool = False) -> Collection:
        with self.stage():
            return super().collect(keep=keep, dry_run=dry_run)


def inputs_with(place: Path, edit: Toml = str) -> list[Input]:
    """The ontology, the registry, and a copy of the smallest source with its source.toml edited."""
    for name in ("registry", "meti"):
        shutil.copytree(assets.bundled_sources() / name, place / name, dirs_exist_ok=True)
    toml = place / "meti" / "source.toml"
    toml.write_text(edit(toml.read_text("utf-8")), "utf-8")
    return [*pipeline.bundled(), *pipeline.from_sources(register.discover([place]))]


def new_licence(toml: str) -> str:
    lines = (f'licence = "{NEW_LICENCE}"' if line.startswith("licence") else line for line in toml.splitlines())
    return "\n".join(lines)


def one_too_many(toml: str) -> str:
    """The edit after which a table has more rows than are expected."""
    return toml.replace("observations = 1", "observations = 0")


def build(folder: DataFolder, inputs: list[Input], *, complete: bool = True) -> Outcome:
    return pipeline.build(folder, inputs, opening.shapes(), complete=complete)


def notes(place: Path, name: str = "notes.ttl") -> list[Input]:
    file = place / name
    file.write_text('<http://example.org/a> <http://example.org/b> "c" .', "utf-8")
    return pipeline.from_files([file], name="notes")


def meta(release: Release | None, graph: str) -> str:
    """The lines of graph/meta about a graph and its run."""
    assert release is not None
    lines = [line.decode() for line in release.lines("meta")]
    own = [line for line in lines if line.startswith(f"<{iris.graph(graph)}>")]
    runs = [line.split()[2] for line in own if "wasGeneratedBy" in line]
    return "".join([*own, *(line for line in lines if line.split()[0] in runs)])


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder.open(tmp_path / "data", create=True)


def test_a_new_licence_is_published(folder: DataFolder, tmp_path: Path) -> None:
    first = build(folder, inputs_with(tmp_path / "mine"))
    outcome = build(folder, inputs_with(tmp_path / "mine", new_licence))
    assert outcome.published
    assert outcome.release is not None
    assert outcome.release != first.release
    assert outcome.release.manifest.sources[NOTICE]["licence"] == NEW_LICENCE
    assert f"<{NEW_LICENCE}>" in meta(outcome.release, NOTICE)
    back = build(folder, inputs_with(tmp_path / "mine"), complete=False)
    assert back.published
    assert f"<{NEW_LICENCE}>" not in meta(back.release, NOTICE)


def test_after_a_new_licence_there_is_nothing_to_do(folder: DataFolder, tmp_path: Path) -> None:
    build(folder, inputs_with(tmp_path / "mine"))
    published = build(folder, inputs_with(tmp_path / "mine", new_licence)).release
    steps: list[str] = []
    outcome = pipeline.build(
        folder, inputs_with(tmp_path / "mine", new_licence), opening.shapes(), progress=steps.append
    )
    assert (outcome.published, outcome.release, steps) == (False, published, [])


def test_the_same_content_from_a_file_of_another_name_is_recorded(folder: DataFolder, tmp_path: Path) -> None:
    build(folder, [*pipeline.bundled(), *notes(tmp_path)])
    outcome = build(folder, notes(tmp_path, "renamed.ttl"), complete=False)
    assert outcome.published
    assert pipeline.loads_of(outcome.release) == {"notes": "renamed.ttl"}
    assert '"renamed.ttl"' in meta(outcome.release, "load/notes")


def test_a_warning_of_rows_stays_when_another_build_does_not_read_that_source(
    folder: DataFolder, tmp_path: Path
) -> None:
    first = build(folder, inputs_with(tmp_path / "mine", one_too_many))
    second = build(folder, notes(tmp_path), complete=False)
    warnings = [
        [result.source for result in outcome.report.warnings if "SourceTable" in result.shape]
        for outcome in (first, second)
    ]
    assert warnings == [["meti/observations"]] * 2
    assert second.release is not None
    assert second.release.manifest.validation == second.report.counts()


def test_an_unchanged_graph_keeps_the_tool_that_made_it(folder: DataFolder, tmp_path: Path) -> None:
    release = build(folder, inputs_with(tmp_path / "mine")).release
    assert release is not None
    manifest = release.folder / "release.json"
    text = json.dumps(json.loads(manifest.read_text("utf-8"))).replace(f'"{provenance.TOOL}"', '"kg 0.0.1"')
    manifest.write_text(text, "utf-8")
    changed = build(folder, notes(tmp_path), complete=False).release
    assert f"<{iris.identifier('agent/kg-0.0.1')}>" in meta(changed, NOTICE)
    assert f"<{iris.identifier('agent/' + provenance.TOOL.replace(' ', '-'))}>" in meta(changed, "load/notes")


def test_every_tool_is_an_agent_with_its_name() -> None:
    runs = [
        Run(name=tool, graphs=(iris.graph(tool[-1]),), created="2026-01-01T00:00:00Z", digest=tool[-1] * 64, tool=tool)
        for tool in ("kg 1", "kg 2")
    ]
    quads = {(quad.subject.value, getattr(quad.object, "value", "")) for quad in provenance.describe(runs)}
    for run in runs:
        agent = iris.identifier(f"agent/{run.tool.replace(' ', '-')}")
        assert {(agent, run.tool), (iris.identifier(f"run/{run.digest[:16]}"), agent)} <= quads


def test_a_build_that_begins_after_the_publication_does_no_harm(tmp_path: Path) -> None:
    folder = BusyFolder.open(tmp_path / "data", create=True)
    with pytest.raises(StoreLockedError):
        folder.collect()
    outcome = build(folder, [*pipeline.bundled(), *notes(tmp_path)])
    assert outcome.published
    assert folder.current() == outcome.release


@pytest.mark.parametrize("obstacle", ["", "20260101T000000.000000Z/report.json/"])
def test_a_report_that_cannot_be_written_does_not_hide_the_violation(
    folder: DataFolder, tmp_path: Path, obstacle: str
) -> None:
    refused = folder.layout.refused
    if obstacle:
        (refused / obstacle).mkdir(parents=True)
    else:
        refused.rmdir()
        refused.write_text("in the way", "utf-8")
    inputs = inputs_with(tmp_path / "mine", lambda toml: toml.replace("observations = 1", "observations = 2"))
    with pytest.raises(ValidationFailedError, match=r"expects 2[\s\S]*report could not be written") as caught:
        pipeline.build(folder, inputs, opening.shapes(), clock=lambda: NOW)
    assert caught.value.report.violations
