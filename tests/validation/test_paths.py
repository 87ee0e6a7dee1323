"""Property paths: SHACL's nodes, SPARQL's text."""

from __future__ import annotations

import pytest
from rdflib import SH, BNode, Graph

from kg.validation.paths import Path

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix tt: <https://w3id.org/techtransfer/ontology#> . "


def read(text: str) -> Path:
    graph = Graph().parse(data=f"{PREFIXES} [] sh:path {text} .", format="turtle")
    return Path.read(graph, graph.value(None, SH.path, any=False) or next(graph.objects(None, SH.path)))


@pytest.mark.parametrize(
    ("node", "written"),
    [
        ("tt:cell", "tt:cell"),
        ("[ sh:inversePath tt:cell ]", "^tt:cell"),
        ("( tt:cell tt:unit )", "tt:cell/tt:unit"),
        ("[ sh:alternativePath ( tt:cell tt:unit ) ]", "tt:cell|tt:unit"),
        ("[ sh:zeroOrMorePath tt:relays ]", "tt:relays*"),
        ("[ sh:oneOrMorePath tt:relays ]", "tt:relays+"),
        ("[ sh:zeroOrOnePath tt:relays ]", "tt:relays?"),
        ("( [ sh:inversePath tt:cell ] [ sh:zeroOrMorePath ( tt:cell tt:unit ) ] )", "(^tt:cell)/((tt:cell/tt:unit)*)"),
    ],
)
def test_paths_are_read_and_written(node: str, written: str) -> None:
    path = read(node)
    assert str(path) == written
    assert read(path.turtle) == path


def test_sparql_writes_iris_in_full() -> None:
    assert read("[ sh:inversePath tt:cell ]").sparql == "^<https://w3id.org/techtransfer/ontology#cell>"


def test_predicates_are_all_those_in_the_path() -> None:
    found = {iri.rpartition("#")[2] for iri in read("( tt:cell [ sh:inversePath tt:unit ] )").predicates()}
    assert found == {"cell", "unit"}


def test_other_nodes_are_no_paths() -> None:
    with pytest.raises(ValueError, match="is not a property path"):
        Path.read(Graph(), BNode())
