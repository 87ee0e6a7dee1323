"""Plain folders: what is written is a release, what fails is nothing, and an update does what Oxigraph does with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import (
    BodyError,
    MediaTypeError,
    NotFoundError,
    PreconditionFailedError,
    QuerySyntaxError,
    RefusedError,
    StoreError,
    StoreLockedError,
    UpdateFailedError,
)
from kg.store import plain, updating
from kg.store.changes import ANY, Change, Condition, DropGraph, Part, PutGraph, Update, Written, graph_tag
from kg.store.releases import DataFolder, Release, diff
from kg.store.updating import Fetch, refused

BASE = "http://example.org/"
G, H = f"{BASE}g", f"{BASE}h"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder.open(tmp_path / "plain", create=True)
    plain.opened(folder, tool="test")
    return folder


def write(folder: DataFolder, change: Change, condition: Condition | None = None, fetch: Fetch = refused) -> Written:
    return plain.write(folder, change, tool="test", condition=condition, fetch=fetch)


def turtle(text: str, graph: str | None = G, *, merge: bool = False) -> PutGraph:
    return PutGraph(graph, (Part(text.encode(), "text/turtle"),), BASE, merge)


def live(folder: DataFolder) -> Release:
    found = folder.current()
    assert found
    return found


def held(folder: DataFolder) -> set[str]:
    """The statements, without the base."""
    with live(folder).open() as store:
        return {f"{quad}".replace(BASE, "") for quad in store.database}


def test_a_folder_begins_empty_and_stays_what_it_is(folder: DataFolder) -> None:
    first = live(folder)
    assert plain.opened(folder, tool="test") == first
    assert (first.manifest.plain, first.manifest.quads, held(folder)) == (True, 0, set())


def test_an_update_is_a_release(folder: DataFolder) -> None:
    written = write(folder, Update("INSERT DATA { <a> <b> 1 GRAPH <g> { <a> <b> _:x } }", base=BASE))
    assert live(folder).id == written.release_id
    assert live(folder).manifest.quads == 2
    write(folder, Update("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"))
    assert held(folder) == {'<a> <b> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'}


def test_graphs_are_put_merged_and_dropped(folder: DataFolder) -> None:
    assert write(folder, turtle("<a> <b> <c> .")).created
    assert not write(folder, turtle("<d> <e> [] .", merge=True)).created
    assert len(held(folder)) == 2
    write(folder, turtle("<f> <g> <h> ."))
    write(folder, turtle("<f> <g> <h> .", None))
    assert held(folder) == {"<f> <g> <h> <g>", "<f> <g> <h>"}
    write(folder, DropGraph(G))
    write(folder, DropGraph(None))
    assert held(folder) == set()
    with pytest.raises(NotFoundError):
        write(folder, DropGraph(G))


def test_an_empty_graph_is_a_graph(folder: DataFolder) -> None:
    assert write(folder, turtle("")).created
    assert not write(folder, turtle("")).created
    assert graph_tag(live(folder), G)
    assert graph_tag(live(folder), H) is None


def test_parts_do_not_share_blank_nodes(folder: DataFolder) -> None:
    part = Part(b"_:x <b> <c> .", "text/turtle")
    write(folder, PutGraph(G, (part, part), BASE))
    assert len(held(folder)) == 2


def test_statements_of_the_graph_itself_may_name_it(folder: DataFolder) -> None:
    for text in ("<a> <b> <c> .", "<g> { <a> <b> <c> }"):
        write(folder, PutGraph(G, (Part(text.encode(), "application/trig"),), BASE))
        assert held(folder) == {"<a> <b> <c> <g>"}
    with pytest.raises(BodyError, match="names the graph"):
        write(folder, PutGraph(G, (Part(b"<h> { <a> <b> <c> }", "application/trig"),), BASE))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (Update("INSERT DATA { <a> <b> <c> } ; NONSENSE", base=BASE), QuerySyntaxError),
        (Update("INSERT DATA { <a> <b> <c> } ; CREATE GRAPH <g>", base=BASE), UpdateFailedError),
        (Update("INSERT DATA { <a> <b> <c> } ; DROP GRAPH <none>", base=BASE), UpdateFailedError),
        (Update("INSERT DATA { <a> <b> <c> } ; LOAD <http://example.org/>", base=BASE), RefusedError),
        (Update("INSERT { ?s ?p ?o } WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }"), RefusedError),
        (turtle("<a> <b> <c> . <d>"), BodyError),
        (PutGraph(G, (Part(b"<a> <b> <c> .", "text/turtle"), Part(b"<", "text/turtle")), BASE), BodyError),
        (PutGraph(G, (Part(b"x", "text/csv"),), BASE), MediaTypeError),
        (PutGraph("no iri", (Part(b"", "text/turtle"),), BASE), BodyError),
    ],
)
def test_what_fails_changes_nothing(folder: DataFolder, change: Change, error: type[Exception]) -> None:
    write(folder, turtle("<a> <b> 1 ."))
    before = live(folder), held(folder)
    with pytest.raises(error):
        write(folder, change)
    assert (live(folder), held(folder)) == before
    assert write(folder, turtle("<a> <b> 2 .")).published


def test_conditions_hold_when_their_turn_comes(folder: DataFolder) -> None:
    absent, present = Condition(if_none_match=(ANY,)), Condition(if_match=(ANY,))
    with pytest.raises(PreconditionFailedError):
        write(folder, turtle("<a> <b> 1 ."), present)
    tag = write(folder, turtle("<a> <b> 1 ."), absent).tag
    assert tag == graph_tag(live(folder), G)
    with pytest.raises(PreconditionFailedError):
        write(folder, turtle("<a> <b> 2 ."), absent)
    write(folder, turtle("<a> <b> 1 .", H))
    assert graph_tag(live(folder), G) == tag
    write(folder, turtle("<a> <b> 3 ."), Condition(if_match=("other", str(tag))))
    with pytest.raises(PreconditionFailedError):
        write(folder, DropGraph(G), Condition(if_match=(str(tag),)))
    assert "3" in str(held(folder))


def test_load_asks_whoever_may_fetch(folder: DataFolder) -> None:
    def fetch(address: str) -> Part:
        if address.endswith("missing"):
            raise RefusedError(address)
        return Part(b"<> <b> _:x .", "text/turtle")

    text = "LOAD <doc>; LOAD <doc> INTO GRAPH <g>; LOAD SILENT <missing>"
    write(folder, Update(text, base=BASE), fetch=fetch)
    assert len(held(folder)) == 2
    assert all(statement.startswith("<doc> <b> _:") for statement in held(folder))
    with pytest.raises(RefusedError):
        write(folder, Update("LOAD <missing>", base=BASE), fetch=fetch)


def test_the_dataset_of_the_protocol(folder: DataFolder) -> None:
    write(folder, Update("INSERT DATA { <a> <b> 0 GRAPH <g> { <a> <b> 1 } GRAPH <h> { <a> <b> 2 } }", base=BASE))
    text = "INSERT { <a> <seen> ?o } WHERE { { ?s <b> ?o } UNION { GRAPH ?g { ?s <b> ?o } } }"
    write(folder, Update(text, using=(G,), using_named=(H,), base=BASE))
    assert {line.split('"')[1] for line in held(folder) if "seen" in line} == {"1", "2"}


def test_built_releases_and_plain_ones_do_not_mix(folder: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="plain folder"), folder.stage():
        pass
    built = DataFolder.open(tmp_path / "built", create=True)
    with built.stage() as staging:
        staging.publish(tool="test")
    with pytest.raises(StoreError, match="without --plain"):
        plain.opened(built, tool="test")
    with pytest.raises(StoreError, match="plain folder"):
        write(built, turtle("<a> <b> 1 ."))


def test_what_segments_would_be_needed_for_is_refused(folder: DataFolder) -> None:
    write(folder, turtle("<a> <b> 1 ."))
    with pytest.raises(StoreError, match="no segments"):
        folder.rebuild("current")
    with pytest.raises(StoreError, match="no segments"):
        list(diff(live(folder), live(folder)))
    assert len(held(folder)) == 1


def test_rolling_back_is_a_switch_and_writing_goes_on_from_there(folder: DataFolder) -> None:
    first = write(folder, turtle("<a> <b> 1 ."))
    write(folder, turtle("<a> <b> 2 .", merge=True))
    folder.rollback(first.release_id)
    write(folder, turtle("<a> <b> 3 .", merge=True))
    assert len(held(folder)) == 2
    assert folder.collect(keep=1).releases
    assert len(held(folder)) == 2


def test_a_release_that_went_live_meanwhile_is_not_lost(folder: DataFolder) -> None:
    first = live(folder)
    write(folder, turtle("<a> <b> 1 ."))

    def fetch(_: str) -> Part:
        folder.rollback(first.id)
        return Part(b"", "text/turtle")

    with pytest.raises(StoreLockedError, match="went live"):
        write(folder, Update("LOAD <http://example.org/>"), fetch=fetch)
    assert live(folder) == first


def test_what_a_dead_writer_left_is_removed(folder: DataFolder) -> None:
    (folder.layout.staging / "dead" / "release").mkdir(parents=True)
    write(folder, turtle("<a> <b> 1 ."))
    assert not list(folder.layout.staging.iterdir())


_TERMS = st.sampled_from(["<a>", "<b>", "<c>", '"x"', "1"])
_NODES = st.sampled_from(["<a>", "<b>", "<c>"])
_GRAPHS = st.sampled_from(["<g>", "<h>"])
_TRIPLES = st.builds("{} {} {} .".format, _NODES, _NODES, _TERMS)
_QUADS = st.builds(
    lambda plain, graph, named: f"{' '.join(plain)} GRAPH {graph} {{ {' '.join(named)} }}",
    st.lists(_TRIPLES, max_size=2),
    _GRAPHS,
    st.lists(_TRIPLES, max_size=2),
)
_PLACES = st.one_of(st.just("DEFAULT"), st.builds("GRAPH {}".format, _GRAPHS))
_OPERATIONS = st.one_of(
    st.builds("INSERT DATA {{ {} }}".format, _QUADS),
    st.builds("DELETE DATA {{ {} }}".format, _QUADS),
    st.builds("DELETE WHERE {{ GRAPH {} {{ ?s {} ?o }} }}".format, st.one_of(_GRAPHS, st.just("?g")), _NODES),
    st.builds("INSERT {{ GRAPH {} {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}".format, _GRAPHS),
    st.builds("WITH {} DELETE {{ ?s ?p ?o }} INSERT {{ ?o ?p ?s }} WHERE {{ ?s ?p ?o }}".format, _GRAPHS),
    st.builds("INSERT {{ ?s {} ?o }} USING {} WHERE {{ ?s ?p ?o }}".format, _NODES, _GRAPHS),
    st.builds("{} SILENT {} TO {}".format, st.sampled_from(["ADD", "COPY", "MOVE"]), _PLACES, _PLACES),
    st.builds("{} SILENT {}".format, st.sampled_from(["CLEAR", "DROP"]), st.one_of(_PLACES, st.just("NAMED"))),
    st.builds("CREATE SILENT GRAPH {}".format, _GRAPHS),
)
_REQUESTS = st.lists(_OPERATIONS, min_size=1, max_size=4).map(" ;\n".join)


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DataFolder]:
    folder = DataFolder.open(tmp_path_factory.mktemp("plain"), create=True)
    plain.opened(folder, tool="test")
    yield folder


@settings(max_examples=300, deadline=None)
@given(requests=st.lists(_REQUESTS, min_size=1, max_size=4))
def test_operations_one_by_one_do_what_the_whole_request_does(requests: list[str]) -> None:
    ours, memory = ox.Store(), ox.Store()
    for request in requests:
        updating.carry_out(ours, updating.operations(Update(request, base=BASE)), BASE)
        memory.update(request, base_iri=BASE)
        assert set(ours) == set(memory)
        assert set(ours.named_graphs()) == set(memory.named_graphs())


@settings(max_examples=6, deadline=None)
@given(requests=st.lists(_REQUESTS, min_size=1, max_size=4))
def test_a_folder_holds_what_the_engine_would(reused: DataFolder, requests: list[str]) -> None:
    write(reused, Update("DROP ALL"))
    memory = ox.Store()
    for request in requests:
        write(reused, Update(request, base=BASE))
        memory.update(request, base_iri=BASE)
    with live(reused).open() as store:
        assert set(store.database) == set(memory)
        assert set(store.database.named_graphs()) == set(memory.named_graphs())
    assert {name for name in live(reused).manifest.sources if name} == {each.value for each in memory.named_graphs()}
    reused.collect(keep=1)
