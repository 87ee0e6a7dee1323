"""Shapes graphs as values: what is a shape, what it demands, and what is refused with the shape's name."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import Graph

from kg.errors import ConfigError
from kg.validation.model import Constraint, Shape, Target
from kg.validation.shapes import Shapes

PROLOGUE = """
@prefix e: <urn:e:> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def read(text: str) -> dict[str, Shape]:
    shapes = Shapes.of(Graph().parse(data=PROLOGUE + text, format="turtle")).shapes
    return {shape.name.removeprefix("urn:e:"): shape for shape in shapes}


def demanded(shape: Shape) -> dict[str, Constraint]:
    return {constraint.name: constraint for constraint in shape.constraints}


def test_targets_and_severity() -> None:
    shapes = read(
        "e:S sh:targetClass e:C ; sh:targetNode 1 ; sh:targetSubjectsOf e:p ; sh:severity sh:Info . "
        "e:T a sh:NodeShape , e:Meta . e:Meta rdfs:subClassOf rdfs:Class ."
    )
    assert shapes["S"].targets == (
        Target("targetClass", ox.NamedNode("urn:e:C")),
        Target("targetNode", ox.Literal(1)),
        Target("targetSubjectsOf", ox.NamedNode("urn:e:p")),
    )
    assert shapes["S"].severity.endswith("#Info")
    assert shapes["T"].targets == (Target("targetClass", ox.NamedNode("urn:e:T")),)


def test_shapes_need_no_type_and_may_be_blank() -> None:
    shapes = read("e:S sh:or ( [ sh:minLength 2 ] [ sh:path e:p ; sh:maxCount 0 ] ) .")
    assert len(shapes) == 3
    short, counted = demanded(shapes["S"])["or"].shapes
    assert demanded(short)["minLength"].term == ox.Literal(2)
    assert counted.path is not None
    assert counted.name.startswith("_:")


def test_qualified_shapes_know_their_siblings() -> None:
    shapes = read(
        "e:S sh:property e:a , e:b , e:c . e:c sh:path e:p . "
        "e:a sh:path e:p ; sh:qualifiedValueShape e:A ; sh:qualifiedMinCount 1 ; "
        "sh:qualifiedValueShapesDisjoint true . "
        "e:b sh:path e:q ; sh:qualifiedValueShape e:B ; sh:qualifiedMaxCount 2 ."
    )
    assert [shape.name for shape in demanded(shapes["a"])["qualifiedMinCount"].shapes] == ["urn:e:A", "urn:e:B"]
    assert [shape.name for shape in demanded(shapes["b"])["qualifiedMaxCount"].shapes] == ["urn:e:B"]


def test_closed_shapes_allow_their_properties_and_what_they_ignore() -> None:
    shapes = read(
        "e:S sh:closed true ; sh:ignoredProperties ( e:z ) ; sh:property [ sh:path e:p ] , [ sh:path ( e:q e:r ) ] . "
        "e:T sh:closed false ; sh:targetNode e:x ."
    )
    assert demanded(shapes["S"])["closed"].terms == (ox.NamedNode("urn:e:p"), ox.NamedNode("urn:e:z"))
    assert not shapes["T"].constraints


def test_deactivated_shapes_demand_nothing_of_nobody() -> None:
    shape = read("e:S sh:targetNode e:x ; sh:minLength 2 ; sh:deactivated true .")["S"]
    assert shape.deactivated
    assert not shape.targets + shape.constraints


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("e:S sh:node e:T . e:T sh:property [ sh:path e:p ; sh:node e:S ]", "urn:e:S: .*recursive .urn:e:S > "),
        ("e:S sh:not e:S", "urn:e:S: .*recursive"),
        ("e:S sh:minCount 1 ; sh:targetNode e:x", "urn:e:S: sh:minCount needs a property shape"),
        ("e:S sh:path e:p ; sh:minCount 1 , 2", "urn:e:S: a shape has one sh:minCount, this one 2"),
        ("e:S sh:path e:p ; sh:minCount -1", "urn:e:S: sh:minCount wants a whole number, not -1"),
        ("e:S sh:path e:p ; sh:maxLength 'two'", "urn:e:S: sh:maxLength wants a whole number, not two"),
        ("e:S sh:nodeKind e:IRI", "urn:e:S: sh:nodeKind wants a node kind"),
        ("e:S sh:pattern '(' ; sh:flags 'i'", r"urn:e:S: the engine rejects the regular expression \( with flags i"),
        ("e:S sh:in e:x", "urn:e:S: sh:in wants a list of terms"),
        ("e:S sh:languageIn ( 1 )", "urn:e:S: sh:languageIn wants language tags, not 1"),
        ("e:S sh:targetClass 'C'", "urn:e:S: sh:targetClass names an IRI, not C"),
        ("e:S sh:targetNode [ ]", "urn:e:S: sh:targetNode names an IRI or a literal"),
        ("e:S sh:node e:T . e:T sh:path e:p", "urn:e:S: sh:node wants a node shape"),
        ("e:S sh:not 'x'", "a literal is no shape|wants a shape"),
        ("e:S sh:closed 1", "urn:e:S: sh:closed wants true or false"),
        ("e:S sh:deactivated 'no' ; sh:closed true", "urn:e:S: sh:deactivated is either true or false"),
        ("e:S sh:path e:p ; sh:qualifiedValueShape e:T", "urn:e:S: sh:qualifiedValueShape needs sh:qualifiedMinCount"),
        ("e:S a sh:PropertyShape ; sh:path _:p . _:p sh:inversePath _:p", "urn:e:S: .*leads back to itself"),
        ("e:S sh:or _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l", "urn:e:S: sh:or wants a list"),
        ("e:S" + " sh:not [ " * 70 + " sh:minLength 1 " + "]" * 70, "urn:e:S: shapes are nested more than 60 deep"),
        ("e:S a sh:NodeShape ; sh:path e:p", "urn:e:S: a node shape has no sh:path"),
        ("e:S a sh:NodeShape ; sh:severity 'bad'", "urn:e:S: a shape has one sh:severity, an IRI"),
        ("e:S a sh:NodeShape ; sh:severity sh:Fatal", "urn:e:S: .*Fatal is not sh:Violation"),
    ],
)
def test_broken_shapes_are_refused_by_name(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        read(f"{text} .")
