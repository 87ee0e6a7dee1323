"""SPARQL constraints: what their results say, and where a query looks."""

from __future__ import annotations

import pytest
from rdflib import Graph

from kg import assets
from kg.errors import ConfigError
from kg.validation.compiler import sparql
from kg.validation.messages import PLACEHOLDER
from kg.validation.shapes import Shapes

from .queries import constrained, results, shapes


def test_results_carry_value_path_and_message() -> None:
    query = "SELECT $this (e:n AS ?path) ?value ?unbound { $this e:p ?value FILTER(?value = 3) }"
    text = 'e:query sh:message "{$this} has {?value}, not {?unbound} ({$currentShape})."'
    shape, _ = constrained(query, "e:p", f'{text} , "deutsch"@de . e:shape sh:severity sh:Info .')
    (result,) = results(Shapes(Graph(), (shape,)))
    assert result.message == "urn:e:b has 3, not {?unbound} (urn:e:shape)."
    assert (str(result.path), str(result.value)) == ("urn:e:n", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>')
    assert (result.shape, result.constraint, result.severity.label) == ("urn:e:shape", "urn:e:query", "Info")


@pytest.mark.parametrize(("path", "value"), [("", "<urn:e:b>"), ("e:q", None)])
def test_without_value_the_focus_node_is_that_of_a_node_shape(path: str, value: str | None) -> None:
    shape, _ = constrained("SELECT $this { $this e:p 3 }", path)
    (result,) = results(Shapes(Graph(), (shape,)))
    assert (result.value and str(result.value), result.path) == (value, shape.path)


def test_a_query_may_bring_its_message() -> None:
    shape, _ = constrained("SELECT $this ?message { $this e:p 3 BIND('as found' AS ?message) }")
    assert [result.message for result in results(Shapes(Graph(), (shape,)))] == ["as found"]


def test_a_failure_is_no_result() -> None:
    shape, _ = constrained("SELECT $this (true AS ?failure) { $this e:p 3 }")
    with pytest.raises(ConfigError, match="could not be checked"):
        results(Shapes(Graph(), (shape,)))


def test_deactivated_constraints_are_not_in_force() -> None:
    found = shapes("""e:shape a sh:NodeShape ; sh:targetNode e:a ; sh:sparql [ sh:deactivated true ; sh:prefixes e: ;
        sh:select "SELECT $this { $this e:p 1 }" ] .""")
    assert not found.shapes[0].constraints


def test_prefixes_of_imported_ontologies_count() -> None:
    declared = 'e:more owl:imports e:most . e:most sh:declare [ sh:prefix "m" ; sh:namespace "urn:e:" ] .'
    text = """e:shape a sh:NodeShape ; sh:targetNode e:b ; sh:sparql e:query .
        e:query sh:prefixes e:more ; sh:select "SELECT $this { $this m:p 3 }" ."""
    assert len(results(shapes(declared + text))) == 1
    with pytest.raises(ConfigError, match="the prefix m stands for urn:e: and for urn:other:"):
        shapes(declared + text + 'e:more sh:declare [ sh:prefix "m" ; sh:namespace "urn:other:" ] .')


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("$this e:p ?x FILTER NOT EXISTS { GRAPH $shapesGraph { $currentShape e:allowed ?x } }", ["_", "a", "b"]),
        ("FILTER bound($shapesGraph) GRAPH $shapesGraph { $currentShape e:allowed 1 } $this e:p 2", ["_", "a"]),
        ("$this e:p ?x GRAPH $shapesGraph { $currentShape e:allowed ?x , ?y FILTER(?y > ?x) }", ["a"]),
        ("GRAPH $shapesGraph { $currentShape e:absent ?x } $this e:p ?y", []),
        ("GRAPH $shapesGraph { $currentShape e:listed/e:rest* ?list } $this e:p 3", ["b"]),
    ],
)
def test_the_shapes_graph_can_be_asked(pattern: str, expected: list[str]) -> None:
    shape, _ = constrained(f"SELECT $this {{ {pattern} }}", more="e:shape e:allowed 1 , 4 ; e:listed ( 1 ) .")
    found = {getattr(result.focus, "value", "") for result in results(Shapes(Graph(), (shape,)))}
    assert sorted(name.removeprefix("urn:e:") if ":" in name else "_" for name in found) == expected


def test_our_messages_name_what_our_queries_find() -> None:
    for shape in Shapes.load(assets.turtle_files("shapes")).shapes:
        for constraint in shape.constraints:
            if query := constraint.query:
                named = {name for message in query.messages for name in PLACEHOLDER.findall(message.value)}
                assert query.messages, query.node
                assert named <= {"this", *sparql.violations(shape, constraint, "").variables}, query.node
