"""Reading shapes files: what is refused, and what the two ways of checking get."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import SH, Graph

from kg import assets
from kg.errors import ConfigError
from kg.validation.shapes import Shapes

PROLOGUE = """
@prefix e: <urn:e:> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
e: a owl:Ontology ; sh:declare [ sh:prefix "e" ; sh:namespace "urn:e:" ] .
"""
GOOD = """
e:Shape a sh:NodeShape ; sh:targetClass e:Record ; sh:severity sh:Warning ; sh:property e:name ; sh:sparql e:query .
e:name a sh:PropertyShape ; sh:path [ sh:inversePath e:has ] ; sh:minCount 1 ; sh:lessThan e:end .
e:query a sh:SPARQLConstraint ; sh:message "{$this}" ; sh:prefixes e: ; sh:select "SELECT $this WHERE { $this e:n 1 }" .
"""


def loaded(folder: Path, text: str) -> Shapes:
    file = folder / "record.ttl"
    file.write_text(PROLOGUE + text, encoding="utf-8")
    return Shapes.load([file])


def test_core_and_sparql_are_told_apart(tmp_path: Path) -> None:
    shapes = loaded(tmp_path, GOOD)
    (constraint,) = shapes.constraints
    assert (constraint.iri, constraint.shape, constraint.severity.label) == ("urn:e:query", "urn:e:Shape", "Warning")
    assert constraint.prefixes == "PREFIX e: <urn:e:>\n"
    assert (None, SH.sparql, None) not in shapes.core
    assert (None, SH.select, None) not in shapes.core
    assert (None, SH.property, None) in shapes.core


def test_core_predicates_are_those_of_paths_pairs_and_targets(tmp_path: Path) -> None:
    seen = {iri.rpartition(":")[2].rpartition("#")[2] for iri in loaded(tmp_path, GOOD).core_predicates}
    assert seen == {"has", "end", "type", "subClassOf"}


def test_deactivated_constraints_are_left_out(tmp_path: Path) -> None:
    assert not loaded(tmp_path, f"{GOOD} e:query sh:deactivated true .").constraints
    assert not loaded(tmp_path, f"{GOOD} e:Shape sh:deactivated true .").constraints


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        ("e:Shape sh:property", "record.ttl: cannot be read as Turtle"),
        ("e:Shape sh:severity sh:Fatal .", "record.ttl: urn:e:Shape: .*Fatal is not sh:Violation"),
        ("e:name sh:path e:other .", "record.ttl: urn:e:name: a property shape has one sh:path, this one 2"),
        ("e:Shape sh:property e:unknown .", "urn:e:unknown: a property shape has one sh:path, this one 0"),
        ("e:p a sh:PropertyShape ; sh:path [ sh:path e:x ] .", "urn:e:p: .* is not a property path"),
        ("e:query sh:select 'SELECT $this WHERE {}' .", "urn:e:query: expected one sh:select, found 2"),
        ("e:query sh:message 'Another' .", "urn:e:query: expected one sh:message, found 2"),
        ("e:Other sh:sparql e:query .", "urn:e:query: its shape has no target"),
    ],
)
def test_mistakes_are_named_with_file_and_shape(tmp_path: Path, mistake: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        loaded(tmp_path, GOOD + mistake)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ("SELECT $this WHERE { $this e:n }", "the SELECT is not SPARQL"),
        ("SELECT $this WHERE { VALUES ?x { 1 } }", "VALUES"),
    ],
)
def test_queries_that_cannot_run_are_refused(tmp_path: Path, wrong: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=f"record.ttl: urn:e:query: {complaint}"):
        loaded(tmp_path, GOOD.replace("SELECT $this WHERE { $this e:n 1 }", wrong))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.ttl: cannot be read"):
        Shapes.load([tmp_path / "absent.ttl"])


def test_our_shapes_satisfy_the_shapes_of_shapes() -> None:
    shapes = Shapes.load(assets.turtle_files("shapes"))
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes.graph, meta_shacl=True)
    assert conforms, text
