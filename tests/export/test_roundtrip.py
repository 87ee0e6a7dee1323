"""What is exported and loaded again is what was exported, in every syntax: canonical N-Quads to the byte."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import iris
from kg.export import dumps, rdf
from kg.store.release import Release
from kg.store.releases import DataFolder

from . import releases

DATASETS = [name for name, syntax in rdf.FORMATS.items() if syntax.supports_datasets]
NAMES = st.sampled_from(
    ["http://example.org/a", "http://example.org/b#c", "urn:x:é", f"{iris.ID}org/one", f"{iris.GRAPH}g"]
)
NODES = NAMES.map(ox.NamedNode)
BLANK = st.sampled_from("xyz").map(ox.BlankNode)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
LITERALS = st.one_of(
    TEXT.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXT, st.sampled_from(["en", "zh-Hans", "DE"])),
    st.integers().map(ox.Literal),
    st.booleans().map(ox.Literal),
    st.floats(allow_nan=False).map(ox.Literal),
    st.builds(lambda text: ox.Literal(text, datatype=ox.NamedNode("http://example.org/type")), TEXT),
)
QUADS = st.lists(
    st.builds(ox.Quad, st.one_of(NODES, BLANK), NODES, st.one_of(NODES, BLANK, LITERALS), NODES),
    min_size=1,
    max_size=12,
)


def published(place: Path, quads: Iterable[ox.Quad]) -> Release:
    """A release of these quads in a folder that is new each time."""
    shutil.rmtree(place, ignore_errors=True)
    return releases.published(DataFolder.open(place, create=True), {"all": quads})


def exported(release: Release, name: str) -> bytes:
    stream = io.BytesIO()
    with release.hold() as held:
        dumps.write(held, stream, format=name)
    return stream.getvalue()


@pytest.mark.parametrize("name", DATASETS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quads=QUADS)
def test_a_release_that_is_exported_and_loaded_is_the_same(tmp_path: Path, name: str, quads: list[ox.Quad]) -> None:
    first = published(tmp_path / "first", quads)
    text = exported(first, name)
    again = published(tmp_path / "again", ox.parse(text, format=rdf.FORMATS[name]))
    assert exported(again, "nquads") == exported(first, "nquads")
    assert exported(again, name) == text


@pytest.mark.parametrize("name", [name for name in rdf.FORMATS if name not in DATASETS])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quads=QUADS)
def test_a_syntax_of_triples_holds_the_merge(tmp_path: Path, name: str, quads: list[ox.Quad]) -> None:
    release = published(tmp_path / "first", quads)
    triples = [quad.triple for quad in ox.parse(exported(release, name), format=rdf.FORMATS[name])]
    stated = {quad.triple for quad in ox.parse(exported(release, "nquads"), format=ox.RdfFormat.N_QUADS)}
    assert len(triples) == len(set(triples))
    assert set(triples) == stated


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quads=QUADS)
def test_n_quads_are_the_canonical_form_of_the_dataset(tmp_path: Path, quads: list[ox.Quad]) -> None:
    text = exported(published(tmp_path / "first", quads), "nquads")
    dataset = ox.Dataset(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{quad} .\n".encode() for quad in dataset)
    assert text == b"".join(lines)


@pytest.mark.parametrize("name", DATASETS)
def test_the_bundle_is_the_same_after_export_and_load(data_folder: DataFolder, tmp_path: Path, name: str) -> None:
    release = data_folder.current()
    assert release
    again = published(tmp_path / "again", ox.parse(exported(release, name), format=rdf.FORMATS[name]))
    assert exported(again, "nquads") == exported(release, "nquads")


def test_the_graphs_of_the_bundle_make_up_the_whole(data_folder: DataFolder) -> None:
    release = data_folder.current()
    assert release
    graphs = rdf.OfSegments(release)
    found: list[bytes] = []
    for graph in graphs.names():
        stream = io.BytesIO()
        rdf.write(graphs, stream, format="turtle", graph=graph)
        turtle = ox.parse(stream.getvalue(), format=ox.RdfFormat.TURTLE)
        quads = (ox.Quad(*quad.triple, ox.NamedNode(graph)) for quad in turtle)
        found += (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True)
    assert b"".join(sorted(found)) == exported(release, "nquads")
