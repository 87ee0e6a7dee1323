"""Writes behind the gate: graphs of one's own come and go, all others stay as their makers made them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import assets, iris, pipeline, queries
from kg.errors import (
    NotFoundError,
    PreconditionFailedError,
    ReadOnlyError,
    RefusedError,
    StoreUnavailableError,
    ValidationFailedError,
)
from kg.pipeline import own_graphs, writes
from kg.pipeline.inputs import Produced
from kg.sparql import updates
from kg.store import updating
from kg.store.base import text_of
from kg.store.canonical import canonical
from kg.store.changes import ANY, Change, Condition, DropGraph, Part, PutGraph, Update, Written, graph_tag
from kg.store.releases import DataFolder
from kg.vocabulary import PROV, RDFS

from ..store.dropping import dropped_elsewhere
from .small_release import EX, FREE, INPUTS, LOADED, OWN, PROJECT, SOURCE, built, live, shapes, statements

GOOD = "<https://example.org/eve> a <https://example.org/Person> ; <https://example.org/name> 'Eve'"
BAD = "<https://example.org/eve> a <https://example.org/Person>"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return built(tmp_path)


def write(
    folder: DataFolder, change: Change | str, condition: Condition | None = None, author: str | None = None
) -> Written:
    change = Update(change, base=EX) if isinstance(change, str) else change
    return writes.write(folder, change, shapes(folder), condition=condition, author=author)


def turtle(text: str, graph: str | None = OWN, *, merge: bool = False) -> PutGraph:
    return PutGraph(graph, (Part(text.encode(), "text/turtle"),), EX, merge)


def held(folder: DataFolder, graph: str) -> set[str]:
    with live(folder).open() as store:
        return {f"{quad.subject} {quad.predicate} {quad.object}".replace(EX, "") for quad in store.quads(graph)}


def others(folder: DataFolder) -> dict[str, str]:
    """Digests of all segments that are not graphs of one's own, but for the one about the release."""
    segments = live(folder).manifest.segments.items()
    return {name: each.digest for name, each in segments if name != "meta" and not name.startswith(own_graphs.PREFIX)}


@pytest.mark.parametrize("graph", [OWN, FREE])
def test_a_good_write_is_a_release(folder: DataFolder, graph: str) -> None:
    before = others(folder)
    written = write(folder, f"INSERT DATA {{ GRAPH <{graph}> {{ {GOOD} }} }}")
    assert (written.release_id, written.published) == (live(folder).id, True)
    assert written.counts["Violation"] == 0
    assert '<eve> <name> "Eve"' in held(folder, graph)
    assert others(folder) == before


def test_what_breaks_a_shape_changes_nothing(folder: DataFolder) -> None:
    write(folder, f"INSERT DATA {{ GRAPH <{OWN}> {{ {GOOD} }} }}")
    before = live(folder)
    for change in (
        f"DELETE DATA {{ GRAPH <{OWN}> {{ <eve> <name> 'Eve' }} }}",
        f"INSERT DATA {{ GRAPH <{FREE}> {{ <ann> <name> 'Anna' }} }}",
        turtle(f"{BAD} ."),
    ):
        with pytest.raises(ValidationFailedError) as refused:
            write(folder, change)
        (violation,) = refused.value.report.violations
        assert violation.message.startswith("A person has one name.")
        assert live(folder) == before
    assert not list(folder.layout.refused.iterdir())


def told_writes(folder: DataFolder) -> list[tuple[str, ...]]:
    """What the live release tells of writes, the newest first: author, operation, graph, releases before and after."""
    query = queries.load(assets.folder("queries"))["provenance/writes"]
    with live(folder).open() as store:
        table = query.run(store, {})
    return [tuple(text_of(term).removeprefix(iris.identifier("release/")) for term in row[1:]) for row in table.rows]


def test_who_wrote_what_is_told_by_every_later_release(folder: DataFolder) -> None:
    first = live(folder).id
    second = write(folder, turtle(f"{GOOD} ."), author="press-office").release_id
    assert told_writes(folder) == [("press-office", "put", OWN, first, second)]
    third = write(folder, f"INSERT DATA {{ GRAPH <{FREE}> {{ <x:a> <x:b> 1 }} GRAPH <{OWN}> {{ <x:a> <x:b> 1 }} }}")
    fourth = write(folder, DropGraph(FREE), author="press-office")
    with pytest.raises(ValidationFailedError):
        write(folder, turtle(f"{BAD} ."), author="somebody-else")
    pipeline.build(folder, list(INPUTS), shapes(folder))
    assert set(told_writes(folder)) == {
        ("press-office", "put", OWN, first, second),
        ("anonymous", "update", OWN, second, third.release_id),
        ("anonymous", "update", FREE, second, third.release_id),
        ("press-office", "drop", FREE, third.release_id, fourth.release_id),
    }


def test_an_update_that_changes_nothing_makes_no_release(folder: DataFolder) -> None:
    first = write(folder, f"INSERT DATA {{ GRAPH <{OWN}> {{ {GOOD} }} }}")
    for text in (f"INSERT DATA {{ GRAPH <{OWN}> {{ {GOOD} }} }}", "", f"CREATE GRAPH <{FREE}>"):
        again = write(folder, text)
        assert (again.release_id, again.published) == (first.release_id, False)


@pytest.mark.parametrize(
    ("graph", "advice"),
    [
        (SOURCE, "correct its table and build again"),
        (PROJECT, "change its file"),
        (LOADED, "kg load"),
        ("https://w3id.org/techtransfer/graph/meta", "every build makes it anew"),
        ("https://w3id.org/techtransfer/graph/source/new", "graphs of your own begin with"),
        ("https://w3id.org/techtransfer/graph/load/new", "graphs of your own begin with"),
        (None, "name a graph of your own"),
    ],
)
def test_graphs_of_others_are_read_only_and_the_error_says_whose(
    folder: DataFolder, graph: str | None, advice: str
) -> None:
    before = live(folder)
    place = f"GRAPH <{graph}>" if graph else ""
    target = place or "DEFAULT"
    changes: list[Change | str] = [
        f"INSERT DATA {{ {place} {{ <a> <b> 1 }} }}" if graph else "INSERT DATA { <a> <b> 1 }",
        f"CLEAR SILENT {target}",
        f"INSERT DATA {{ GRAPH <{OWN}> {{ <a> <b> 1 }} }} ; DROP SILENT {target}",
        f"COPY <{LOADED}> TO {target.removeprefix('GRAPH ')}",
        f"MOVE {target} TO <{OWN}>",
        f"LOAD SILENT <http://e/> INTO {place}" if graph else "LOAD SILENT <http://e/>",
        turtle("<a> <b> 1 .", graph, merge=True),
        turtle("<a> <b> 1 .", graph),
        DropGraph(graph),
    ]
    for change in changes:
        with pytest.raises(ReadOnlyError, match=advice):
            write(folder, change)
    assert live(folder) == before


@pytest.mark.parametrize("text", ["CLEAR ALL", "DROP NAMED", "DROP SILENT ALL"])
def test_not_everything_can_be_dropped(folder: DataFolder, text: str) -> None:
    with pytest.raises(ReadOnlyError, match="graphs of sources"):
        write(folder, text)


@pytest.mark.parametrize(
    "text",
    [
        "DELETE WHERE { GRAPH ?g { ?s <name> ?o } }",
        "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s ?p 'X' } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        f"INSERT {{ GRAPH ?g {{ <a> <b> 1 }} }} USING NAMED <{SOURCE}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"WITH <{OWN}> INSERT {{ GRAPH ?g {{ <a> <b> 1 }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"INSERT {{ GRAPH ?g {{ <a> <b> 1 }} }} WHERE {{ BIND(<{SOURCE}> AS ?g) }}",
    ],
)
def test_a_variable_does_not_stand_for_the_graph_of_another(folder: DataFolder, text: str) -> None:
    with pytest.raises(ReadOnlyError, match="read-only"):
        write(folder, text)
    assert isinstance(dropped_elsewhere(lambda: write(folder, text)), ReadOnlyError)


def test_a_variable_may_stand_for_graphs_of_ones_own(folder: DataFolder) -> None:
    write(folder, f"INSERT DATA {{ GRAPH <{OWN}> {{ <a> <b> 1 }} GRAPH <{FREE}> {{ <a> <b> 2 }} }}")
    write(
        folder, "DELETE { GRAPH ?g { ?s <b> ?o } } INSERT { GRAPH ?g { ?s <c> ?o } } WHERE { GRAPH ?g { ?s <b> ?o } }"
    )
    assert [len(held(folder, graph)) for graph in (OWN, FREE)] == [1, 1]
    write(folder, "DELETE WHERE { GRAPH ?g { ?s <c> ?o } }")
    assert OWN not in {graph for each in live(folder).manifest.segments.values() for graph in each.graphs}
    with live(folder).open() as store:
        assert not {OWN, FREE} & set(store.graphs())


@pytest.mark.parametrize(
    "text",
    [
        # to a reader that takes <?b#> for an IRI all that follows on the line belongs to the first operation
        f"INSERT {{ GRAPH <{OWN}> {{ <a> <b> 1 }} }} WHERE {{ ?s ?p ?a FILTER(?a<?p#>)}} \n)}} ; DROP GRAPH <{SOURCE}>",
        f"INSERT DATA {{ GRAPH <{OWN}> {{ <a\\u0023> <b> 'x' }} }} # \n ; DROP GRAPH <{SOURCE}> #",
        f'INSERT DATA {{ GRAPH <{OWN}> {{ <a> <b> "}}\\"" }} }} ; # "\nDROP GRAPH <{SOURCE}>',
        f"INSERT DATA {{ GRAPH <{OWN}> {{ <a> <b> '''''' }} }} ; DROP GRAPH <{SOURCE}> # '''",
        f"PREFIX source: <{SOURCE}> DROP GRAPH source:",
        f"BASE <{SOURCE}> DROP GRAPH <>",
        f"dRoP\tgRaPh\n<{SOURCE.replace('people', chr(92) + 'u0070eople')}>",
    ],
)
def test_a_hidden_write_never_reaches_the_graph_of_another(folder: DataFolder, text: str) -> None:
    before, quads = others(folder), held(folder, SOURCE)
    with pytest.raises((ReadOnlyError, RefusedError)):
        write(folder, text)
    assert (others(folder), held(folder, SOURCE)) == (before, quads)


def test_even_a_reading_that_is_wrong_lets_no_write_through(folder: DataFolder) -> None:
    """Nothing rests on what we read in a text: here it names the wrong targets."""
    target = f"GRAPH <{SOURCE}>"
    told = updates.read(f"INSERT DATA {{ {target} {{ <x> <y> 1 }} }}", EX)
    wrong = [dataclasses.replace(each, targets=(OWN,)) for each in told]
    before = others(folder)
    with folder.stage() as staging:
        parent = staging.parent
        assert parent
        with writes.scratch(staging, parent) as scratch:
            for operation in wrong:
                scratch.carry_out(operation, EX, updating.refused)
            with pytest.raises(RefusedError, match="other graphs"):
                scratch.taken(wrong)
    assert others(folder) == before


def test_the_default_graph_is_read_as_the_merge(folder: DataFolder) -> None:
    count = f"INSERT {{ GRAPH <{OWN}> {{ <all> <count> ?n }} }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ ?s <name> ?o }} }}"
    write(folder, count)
    assert '"2"' in str(held(folder, OWN))
    write(folder, f"CLEAR GRAPH <{OWN}> ; INSERT DATA {{ GRAPH <{FREE}> {{ <ann> <name> 'Ann' }} }} ; {count}")
    assert '"2"' in str(held(folder, OWN))
    assert live(folder).manifest.default_graph == "materialised"
    write(folder, f"DROP GRAPH <{OWN}> ; {count}")
    assert '"2"' in str(held(folder, OWN))
    write(folder, f"COPY DEFAULT TO <{EX}copy>")
    assert len(held(folder, f"{EX}copy")) > 5


def test_blank_nodes_get_names(folder: DataFolder) -> None:
    write(folder, f"INSERT DATA {{ GRAPH <{OWN}> {{ <a> <b> [ <c> 1 ] }} }}")
    with live(folder).open() as store:
        assert all(isinstance(quad.subject, ox.NamedNode) for quad in store.quads(OWN))
    first = live(folder)
    assert not write(folder, turtle("<a> <b> [ <c> 1 ] .")).published
    assert live(folder) == first


def test_graphs_are_put_merged_and_dropped(folder: DataFolder) -> None:
    assert not write(folder, turtle("")).created
    assert write(folder, turtle("<a> <b> 1 .")).created
    merged = write(folder, turtle("<a> <b> 2 .", merge=True))
    assert (merged.created, merged.tag) == (False, graph_tag(live(folder), OWN))
    assert len(held(folder, OWN)) == 2
    write(folder, turtle("<a> <b> 3 ."))
    assert len(held(folder, OWN)) == 1
    write(folder, turtle(""))
    assert graph_tag(live(folder), OWN) is None
    with pytest.raises(NotFoundError):
        write(folder, DropGraph(OWN))


def test_conditions_hold_when_their_turn_comes(folder: DataFolder) -> None:
    with pytest.raises(PreconditionFailedError):
        write(folder, turtle("<a> <b> 1 ."), Condition(if_match=(ANY,)))
    tag = write(folder, turtle("<a> <b> 1 ."), Condition(if_none_match=(ANY,))).tag
    write(folder, turtle("<a> <b> 1 .", FREE))
    write(folder, turtle("<a> <b> 2 ."), Condition(if_match=(str(tag),)))
    with pytest.raises(PreconditionFailedError):
        write(folder, turtle("<a> <b> 3 ."), Condition(if_match=(str(tag),)))


def test_builds_keep_graphs_of_ones_own_and_tell_of_them(folder: DataFolder) -> None:
    write(folder, f"INSERT DATA {{ GRAPH <{OWN}> {{ {GOOD} }} }}")
    quads = held(folder, OWN)
    changed = statements(SOURCE, "<ann> a <Person> ; <name> 'Ann B.' .")
    assert pipeline.build(folder, [changed, *INPUTS[1:]], shapes(folder)).published
    assert held(folder, OWN) == quads
    record = live(folder).manifest.sources[own_graphs.segment_of(OWN)]
    assert (record["kind"], record["title"]) == ("graph", OWN)
    with live(folder).open() as store:
        assert store.ask(f"ASK {{ <{OWN}> <{PROV.wasGeneratedBy}>/<{RDFS.label}> ?label }}")


def test_a_build_that_takes_a_graph_of_ones_own_for_its_own_is_refused(folder: DataFolder) -> None:
    write(folder, turtle("<a> <b> 1 .", FREE))
    taken = dataclasses.replace(INPUTS[2], digest="x", produce=lambda: _produced(FREE))
    with pytest.raises(Exception, match="stands in two segments"):
        pipeline.build(folder, [*INPUTS[:2], taken], shapes(folder))
    assert held(folder, FREE) == {'<a> <b> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'}


def _produced(graph: str) -> Produced:
    quad = ox.Quad(ox.NamedNode(EX), ox.NamedNode(EX), ox.NamedNode(EX), ox.NamedNode(graph))
    return Produced(canonical([quad]))


def test_without_a_release_there_is_nothing_to_write_to(tmp_path: Path) -> None:
    empty = DataFolder.open(tmp_path / "empty", create=True)
    with pytest.raises(StoreUnavailableError):
        write(empty, turtle("<a> <b> 1 ."))
