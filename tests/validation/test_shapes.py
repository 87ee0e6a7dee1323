"""Reading shapes files: what is refused, and what the two ways of checking get."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from rdflib import Graph

from kg import assets
from kg.errors import ConfigError
from kg.validation.model import Constraint, named
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


def queries(shapes: Shapes) -> list[Constraint]:
    return [constraint for shape in shapes.shapes for constraint in shape.constraints if constraint.query]


def test_all_that_a_shape_says_becomes_values(tmp_path: Path) -> None:
    shapes = loaded(tmp_path, GOOD)
    assert [shape.name for shape in shapes.shapes] == ["urn:e:Shape", "urn:e:name"]
    (constraint,) = queries(shapes)
    assert constraint.query is not None
    assert named(constraint.query.node) == "urn:e:query"
    assert constraint.query.prefixes == "PREFIX e: <urn:e:>\n"


def test_deactivated_constraints_are_left_out(tmp_path: Path) -> None:
    assert not queries(loaded(tmp_path, f"{GOOD} e:query sh:deactivated true ."))
    assert not queries(loaded(tmp_path, f"{GOOD} e:Shape sh:deactivated true ."))


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        ("e:Shape sh:property", "record.ttl: cannot be read as Turtle"),
        ("e:Shape sh:severity sh:Fatal .", "record.ttl: urn:e:Shape: a shape has one sh:severity"),
        ("e:name sh:path e:other .", "record.ttl: urn:e:name: a property shape has one sh:path, this one 2"),
        ("e:Shape sh:property e:unknown .", "urn:e:unknown: a property shape has one sh:path, this one 0"),
        ("e:Shape sh:or ( [ sh:minLength -1 ] ) .", "record.ttl: urn:e:Shape, in a nameless part: sh:minLength wants"),
        ("e:p a sh:PropertyShape ; sh:path [ sh:path e:x ] .", "urn:e:p: .* is not a property path"),
        ("e:query sh:select 'SELECT $this WHERE {}' .", "urn:e:query: expected one sh:select, found 2"),
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


def test_nameless_shapes_have_the_same_names_each_time(tmp_path: Path) -> None:
    nameless = (
        "e:Shape sh:or ( [ sh:path e:p ; sh:in ( 1 2 ) ] [ sh:path e:q ] ) , ( [ sh:path e:q ] [ sh:path e:q ] ) ."
    )
    names = [[shape.name for shape in loaded(tmp_path, GOOD + nameless).shapes] for _ in range(3)]
    assert names[0] == names[1] == names[2]
    assert len(set(names[0])) == 2 + 4
    again = nameless.replace("e:Shape sh:or", "e:Shape sh:xone")
    assert set(names[0]).isdisjoint(shape.name for shape in loaded(tmp_path, again).shapes[1:])


@pytest.mark.parametrize("word", ["proprty", "rule"])
def test_a_property_that_checks_nothing_is_told(word: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    loaded(tmp_path, GOOD)
    assert not caplog.messages
    loaded(tmp_path, f"{GOOD} e:Shape sh:{word} [] .")
    assert caplog.messages == [f"record.ttl: urn:e:Shape: sh:{word} is not known, so it checks nothing"]
