"""Results name the rows that they are about, in every build and however the report came about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kg import pipeline
from kg.pipeline import Input, Outcome
from kg.store.base import text_of
from kg.store.releases import DataFolder
from kg.validation.report import Report

EX = "http://example.org/"
SHAPES = f"""@prefix ex: <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Person sh:targetSubjectsOf ex:name ; sh:property ex:Person-age, ex:Person-likes .
ex:Person-age sh:path ex:age ; sh:minCount 1 ; sh:severity sh:Warning .
ex:Person-likes sh:path ex:likes ; sh:class ex:Liked ; sh:severity sh:Info .
ex:Fame sh:targetObjectsOf ex:likes ; sh:severity sh:Info ; sh:sparql ex:Fame-by .
ex:Fame-by sh:message "liked by {{?value}}" ; sh:select "SELECT $this ?value {{ ?value <{EX}likes> $this }}" .
"""
COLUMNS = [
    {"name": "id", "titles": "id", "suppressOutput": True},
    {"name": "name", "titles": "name", "propertyUrl": f"{EX}name"},
    {"name": "age", "titles": "age", "propertyUrl": f"{EX}age"},
    {"name": "likes", "titles": "likes", "propertyUrl": f"{EX}likes", "valueUrl": f"{EX}{{likes}}"},
]
ONE = ("a,Ann,,", "b,Bob,7,", "c,Cy,,")
TWO = ("d,Di,,moon", "e,Ed,8,")


class Place:
    """A data folder, and a folder with tables that are loaded into it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "shapes.ttl").write_text(SHAPES, "utf-8")

    def table(self, name: str, rows: Iterable[str]) -> Input:
        """A table of people as an input."""
        file = self._folder / f"{name}.csv"
        file.write_text("\n".join(["id,name,age,likes", *rows, ""]), "utf-8")
        schema = {"columns": COLUMNS, "aboutUrl": f"{EX}{{id}}"}
        metadata = {"@context": "http://www.w3.org/ns/csvw", "url": file.name, "tableSchema": schema}
        file.with_name(f"{file.name}-metadata.json").write_text(json.dumps(metadata), "utf-8")
        return pipeline.from_files([file])[0]

    def turtle(self, text: str) -> Input:
        """Turtle as an input, called `notes`."""
        file = self._folder / "notes.ttl"
        file.write_text(text, "utf-8")
        return pipeline.from_files([file])[0]

    def build(self, inputs: Sequence[Input], data: str = "data", elsewhere: Iterable[Input] = ()) -> Outcome:
        """Build into one of the data folders, checking only what a change affects."""
        folder = DataFolder.open(self._folder / data, create=True)
        return pipeline.build(
            folder, inputs, [self._folder / "shapes.ttl"], elsewhere=elsewhere, complete=False, recheck_from=0
        )

    def places(self, inputs: Sequence[Input], elsewhere: Iterable[Input] = ()) -> set[tuple[str, str | None]]:
        """Focus nodes and sources in the report that was published; that of a folder of its own is the same."""
        release = self.build(inputs, elsewhere=elsewhere).release
        assert release
        return told(Report.load(release.report))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def told(report: Report) -> set[tuple[str, str | None]]:
    return {(text_of(result.focus).removeprefix(EX), result.source) for result in report.results}


def unread(item: Input) -> Input:
    """An input whose rows must not be looked up."""

    def locate(_: Iterable[str]) -> dict[str, str]:
        raise AssertionError(f"{item.name} is looked up again")

    return replace(item, locate=locate)


def test_every_result_of_a_release_names_its_row(place: Place) -> None:
    assert place.places([place.table("one", ONE), place.table("two", TWO)]) == {
        ("a", "one.csv, row 2"),
        ("c", "one.csv, row 4"),
        ("d", "two.csv, row 2"),
        ("moon", "two.csv, row 2 (of the value)"),
    }


def test_a_row_inserted_above_moves_all_below_and_no_other_input_is_read(place: Place) -> None:
    one, two = place.table("one", ONE), place.table("two", TWO)
    place.build([one, two])
    longer = place.table("one", ["0,Zoe,9,", *ONE])
    found = place.places([longer, unread(two)])
    assert {("a", "one.csv, row 3"), ("c", "one.csv, row 5"), ("d", "two.csv, row 2")} <= found
    assert found == told(place.build([longer, two], "whole").report)


def test_rows_that_change_places_are_told_though_no_statement_changed(place: Place) -> None:
    place.build([place.table("one", ONE)])
    outcome = place.build([place.table("one", ONE[::-1])])
    assert outcome.published
    assert not outcome.changes
    assert told(outcome.report) == {("a", "one.csv, row 4"), ("c", "one.csv, row 2")}


def test_a_node_of_several_tables_has_a_row_in_each_that_still_speaks_of_it(place: Place) -> None:
    one, two = place.table("one", ONE), place.table("two", ["a,Ann,,", *TWO])
    assert ("a", "one.csv, row 2; two.csv, row 2") in place.places([one, two])
    without = place.table("two", TWO)
    found = place.places([one, without])
    assert ("a", "one.csv, row 2") in found
    assert found == told(place.build([one, without], "whole").report)


def test_the_second_build_looks_nothing_up(place: Place) -> None:
    one = place.table("one", ONE)
    first = place.build([one])
    again = place.build([unread(one)])
    assert (again.published, again.release) == (False, first.release)


def test_loaded_rdf_is_told_by_file_and_line_and_later_by_file(place: Place) -> None:
    notes = place.turtle(f"# people\n<{EX}f> <{EX}name> 'Flo' .\n<{EX}d> <{EX}likes> <{EX}f> .\n")
    two = place.table("two", TWO)
    place.build([two])
    found = place.places([notes], elsewhere=[two])
    assert {("f", "notes.ttl, line 2"), ("d", "notes.ttl, line 3; two.csv, row 2")} <= found
    changed = place.table("two", ["0,Zoe,9,", *TWO])
    assert {("f", "notes.ttl, line 2"), ("d", "notes.ttl; two.csv, row 3")} <= place.places([changed])
