"""The plan: what shares a query, how checks are written for few and for many nodes, what is left to pySHACL."""

from __future__ import annotations

import logging

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from rdflib import Graph

from kg.store.embedded import EmbeddedStore
from kg.validation import gate, running
from kg.validation.compiler.domains import Sizes
from kg.validation.compiler.plan import Check, Plan
from kg.validation.report import Report, Result
from kg.validation.shapes import Shapes

from . import generated_data, generated_shapes
from .validators import stored

PROLOGUE = """
@prefix e: <urn:e:> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
e:Sub rdfs:subClassOf e:C .
e:a a e:C ; e:p 1 , "x" , "y"@en , "z"@en ; e:q 5 ; e:knows e:b .
e:b a e:Sub ; e:p 7 .
e:c a e:Other .
"""


def graph(text: str) -> Graph:
    return Graph().parse(data=PROLOGUE + text, format="turtle")


def checks(shapes: str) -> list[Check]:
    return list(Plan.of(Shapes.of(graph(shapes)).shapes).checks)


def found(shapes: str, data: str = DATA) -> list[Result]:
    return list(gate.check(stored(graph(data)), Shapes.of(graph(shapes))).results)


def messages(shapes: str, data: str = DATA) -> list[str]:
    return [str(result).replace("urn:e:", "") for result in found(shapes, data)]


def looking_up(store: EmbeddedStore, shapes: Shapes) -> Sizes:
    """Sizes by which every target has one node, and every predicate many values."""
    measured = Sizes.measured(store, shapes.shapes).known
    return Sizes({pattern: 1 for pattern in measured if not pattern.endswith("?any")})


def test_what_looks_at_values_alone_shares_a_query() -> None:
    (check,) = checks(
        "e:S sh:targetClass e:C ; sh:property e:P . "
        "e:P sh:path e:p ; sh:nodeKind sh:Literal ; sh:minLength 1 ; sh:in ( 1 2 ) ; sh:not [ sh:datatype xsd:date ] ."
    )
    assert [constraint.name for constraint in check.constraints] == ["nodeKind", "minLength", "not", "in"]


def test_least_and_most_share_a_query() -> None:
    (check,) = checks("e:S sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:minCount 1 ; sh:maxCount 2 ] .")
    assert [constraint.name for constraint in check.constraints] == ["minCount", "maxCount"]


def test_constraints_that_hold_of_everything_cost_nothing() -> None:
    assert not checks("e:S sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:minCount 0 ] ; sh:deactivated false .")
    assert not checks("e:S sh:property [ sh:path e:p ; sh:minCount 1 ] .")


@settings(max_examples=60, deadline=None)
@given(generated_data.graphs(), generated_shapes.graphs())
def test_scans_and_lookups_find_the_same(data: Graph, shapes_graph: Graph) -> None:
    store, shapes = stored(data), Shapes.of(shapes_graph)
    ways = [Sizes(), looking_up(store, shapes), Sizes.measured(store, shapes.shapes)]
    reports = [Report.of(running.run(store, Plan.of(shapes.shapes, sizes))) for sizes in ways]
    assert reports[0] == reports[1] == reports[2]


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("sh:minCount 5", "There are fewer values than 5. Found: 1, x, y, z."),
        ("sh:maxCount 3", "There are more values than 3. Found: 1, x, y, z."),
        ("sh:uniqueLang true", "There are several values in the language en. Found: 1, x, y, z."),
        ("sh:hasValue 2", "The value 2 is missing. Found: 1, x, y, z."),
        ("sh:minInclusive 1", "This is not 1 or greater. Found: x."),
        ("sh:lessThan e:q", "This is not less than 5, a value of q. Found: x."),
        ("sh:nodeKind sh:IRI", "This is not of the kind sh:IRI. Found: 1."),
        ("sh:class e:C", "This is not an instance of C. Found: 1."),
        ("sh:in ( 1 'x' )", "This is none of 1, x. Found: y."),
        ("sh:node e:N", "This does not conform to N. Found: x."),
        ("sh:qualifiedValueShape e:N ; sh:qualifiedMinCount 2", "Fewer values than 2 conform to N. Found: 1, x, y, z."),
    ],
)
def test_without_a_message_the_constraint_is_told_in_words(constraint: str, expected: str) -> None:
    shapes = f"e:S sh:targetNode e:a ; sh:property [ sh:path e:p ; {constraint} ] . e:N sh:datatype xsd:integer ."
    assert f"a: {expected}" in messages(shapes)


def test_a_closed_shape_names_the_property_and_the_value() -> None:
    shapes = (
        "e:S sh:targetNode e:b ; sh:closed true ; sh:ignoredProperties ( rdfs:label ) ; sh:property [ sh:path e:p ] ."
    )
    (result,) = found(shapes)
    assert str(result.path).endswith("type")
    assert result.value == ox.NamedNode("urn:e:Sub")


def test_messages_are_chosen_and_filled() -> None:
    shapes = (
        "e:S sh:targetNode e:a ; sh:property [ sh:path e:p ; sh:maxInclusive 0 ; sh:nodeKind sh:Literal ; "
        "sh:message '{?value} of {$this} is above {$maxInclusive}, {?nothing}'@en , 'zu viel'@de ] ."
    )
    assert "a: 1 of a is above 0, {?nothing} Found: 1." in [line.replace("..", ".") for line in messages(shapes)]


def test_what_a_query_cannot_say_is_left_to_pyshacl_and_told(caplog: pytest.LogCaptureFixture) -> None:
    shapes = "e:S sh:targetClass e:C ; sh:property e:P . e:P sh:path e:knows ; sh:in ( [ ] e:a ) ."
    with caplog.at_level(logging.WARNING):
        (result,) = found(shapes)
    assert (result.shape, str(result.focus), str(result.value)) == ("urn:e:P", "<urn:e:a>", "<urn:e:b>")
    assert "urn:e:S is left to pySHACL, which is slow: a query cannot name the blank node" in caplog.text


def test_severities_of_ones_own_weigh_as_violations() -> None:
    (result,) = found("e:S sh:targetNode e:a ; sh:nodeKind sh:Literal ; sh:severity e:Grave .")
    assert (result.severity.label, result.severity_iri) == ("Violation", "urn:e:Grave")


def test_types_are_told_by_their_form_too() -> None:
    data = (
        'e:a e:p "2024-02-30"^^xsd:date , "2024-02-29"^^xsd:date , "2024-02-29Z"^^xsd:date , "x"^^xsd:date , '
        '"99999999999999999999999"^^xsd:integer , "1.5x"^^xsd:decimal , "P1Y"^^xsd:duration , "P"^^xsd:duration .'
    )
    wrong = {
        "date": {"2024-02-30", "x"},
        "integer": set(),
        "decimal": {"1.5x"},
        "duration": {"P"},
    }
    for datatype, expected in wrong.items():
        shapes = f"e:S sh:targetObjectsOf e:p ; sh:datatype xsd:{datatype} ."
        values = {result.value for result in found(shapes, data)}
        right = {value for value in values if isinstance(value, ox.Literal) and value.datatype.value.endswith(datatype)}
        assert {value.value for value in right} == expected, datatype


def test_numbers_of_nodes_are_counted_to_a_limit() -> None:
    shapes = Shapes.of(
        graph("e:S sh:targetClass e:C ; sh:targetNode e:x ; sh:property [ sh:path e:p ; sh:class e:C ] .")
    )
    sizes = Sizes.measured(stored(graph(DATA)), shapes.shapes)
    (shape,) = (shape for shape in shapes.shapes if shape.targets)
    assert sizes.number(shape.targets) == 3
    assert sorted(sizes.known.values()) == [2, 5]


def test_a_query_that_would_grow_beyond_all_measure_is_not_made() -> None:
    nested = "[ sh:class e:C ]"
    for _ in range(9):
        nested = f"[ sh:xone ( [ sh:path e:p ; sh:node {nested} ] [ sh:path e:q ; sh:class e:C ] [ sh:class e:C ] ) ]"
    ((shape, reason),) = Plan.of(Shapes.of(graph(f"e:S sh:targetClass e:C ; sh:node {nested} .")).shapes).uncompiled
    assert shape.name == "urn:e:S"
    assert "over 1,000,000 characters" in reason
