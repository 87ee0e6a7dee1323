"""Random shapes on random data: the compiled plan finds what the recommendation says and what pySHACL finds.

Results are compared as sets by the parts that validators agree on (`findings`). Some hundred examples run by default;
``ORACLE_EXAMPLES=20000`` runs as many in each test, from another start each time.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, note, settings
from rdflib import Graph

from . import generated_data as data
from . import generated_queries, generated_shapes
from .findings import Finding, differences
from .standard import by_standard
from .validators import Validator, as_stored, by_kg, by_pyshacl_again

# rdflib says so of each ill-typed truth value that it makes.
pytestmark = pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")
MANY = int(os.environ.get("ORACLE_EXAMPLES", "0"))
numbers = generated_shapes.graphs(literals=data.NUMBERS)
of_numbers = data.graphs(subjects=data.iris, objects=data.numbers)


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """rdflib logs each ill-typed literal with a traceback, which would be most of the time spent here."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)


def profile(examples: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(
        max_examples=MANY or examples, derandomize=not MANY, database=None, deadline=None, suppress_health_check=slow
    )


def agree(oracle: Validator, graph: Graph, shapes: Graph) -> None:
    """Oracles get the terms as the store keeps them, so that all see the same."""
    for known in (graph, shapes):
        known.bind("x", data.EX)
        note(known.serialize(format="turtle"))
    expected, found = set(oracle(as_stored(graph), as_stored(shapes))), set(map(judged, by_kg(graph, shapes)))
    assert expected == found, differences(expected, found)


def judged(finding: Finding) -> Finding:
    """A result as pySHACL gives it: without the value where it comes from an ASK at a property shape.

    By the recommendation (section 6.3) the value node is the sh:value there as well.
    """
    asked = str(finding.component).startswith(data.EX.Ask) and finding.path
    return replace(finding, value=None) if asked else finding


@pytest.mark.parametrize("component", generated_shapes.COMPONENTS)
def test_core_is_what_the_recommendation_says(component: str) -> None:
    objects = data.tagged if component == "uniqueLang" else data.terms

    @profile(14)
    @given(data.graphs(objects=objects), generated_shapes.graphs(having=component))
    def test(graph: Graph, shapes: Graph) -> None:
        agree(by_standard, graph, shapes)

    test()


@profile(100)
@given(data.graphs(), generated_shapes.graphs(without=generated_shapes.DEVIANT))
def test_core_is_what_pyshacl_finds(graph: Graph, shapes: Graph) -> None:
    agree(by_pyshacl_again, graph, shapes)


@profile(60)
@given(of_numbers, numbers)
def test_comparisons_of_numbers_are_those_of_pyshacl(graph: Graph, shapes: Graph) -> None:
    agree(by_pyshacl_again, graph, shapes)


@profile(80)
@given(generated_queries.data_graphs, generated_queries.graphs())
def test_sparql_is_what_pyshacl_finds(graph: Graph, shapes: Graph) -> None:
    agree(by_pyshacl_again, graph, shapes)
