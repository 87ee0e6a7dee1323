"""What is read or set apart in one go over many nodes; `test_prebinding` holds that either way finds the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from rdflib import Graph

from kg.validation import running
from kg.validation.compiler import sparql
from kg.validation.compiler.domains import Domain, Sizes
from kg.validation.compiler.plan import Plan
from kg.validation.report import Report
from kg.validation.shapes import Shapes
from kg.vocabulary import XSD

from . import generated_queries
from .at_once import APART, NOT_APART, NOT_READ, READ
from .queries import constrained
from .validators import stored


def written(pattern: str, path: str = "") -> str:
    """The query over many nodes, without the part that binds them."""
    shape, constraint = constrained(f"SELECT $this ?value {{ {pattern} }}", path)
    nodes = Domain.of(shape.targets, Sizes()).at("?this")
    return sparql.violations(shape, constraint, nodes, many=True).select.replace(nodes, "")


@pytest.mark.parametrize(("pattern", "read"), [*((one, True) for one in READ), *((one, False) for one in NOT_READ)])
def test_values_of_nodes_are_read_as_a_whole(pattern: str, read: bool) -> None:
    assert ("{ SELECT ?this" in written(pattern).split("?this {", 1)[1]) == read


@pytest.mark.parametrize(("pattern", "apart"), [*((one, True) for one in APART), *((one, False) for one in NOT_APART)])
def test_what_must_not_exist_is_set_apart(pattern: str, apart: bool) -> None:
    assert ("MINUS" in written(pattern)) == apart


@pytest.mark.parametrize("function", ["RAND()", "STRUUID()", f"<{XSD.string}>($this)", "STR(BNODE())"])
def test_what_is_computed_by_chance_is_not_computed_twice(function: str) -> None:
    pattern = f"BIND({function} AS ?value) FILTER NOT EXISTS {{ $this e:p ?x FILTER(?x = ?value) }}"
    assert "MINUS" not in written(pattern)


def test_a_path_of_one_name_is_read_too() -> None:
    assert "{ SELECT ?this ?value { ?this <urn:e:p> ?value } }" in written("$this $PATH ?value", "e:p")
    assert "$PATH" not in written("$this $PATH ?value", "( e:p e:q )")


def test_no_more_is_read_than_memory_may_hold() -> None:
    pattern = "$this e:q ?a . ?a e:q ?b . ?b e:q ?c . ?c e:q ?d . ?d e:q ?value"
    assert written(pattern).endswith("{ SELECT ?c ?d { ?c <urn:e:q> ?d } } ?d <urn:e:q> ?value . }")


@settings(max_examples=60, deadline=None)
@given(generated_queries.data_graphs, generated_queries.graphs())
def test_many_nodes_and_few_find_the_same(data: Graph, shapes_graph: Graph) -> None:
    store, shapes = stored(data), Shapes.of(shapes_graph)
    ways = [Sizes(), Sizes.measured(store, shapes.shapes)]
    many, few = (Report.of(running.run(store, Plan.of(shapes.shapes, sizes))) for sizes in ways)
    assert many == few
