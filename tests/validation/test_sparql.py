"""SPARQL constraints over all focus nodes at once: targets, messages, and what is refused."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.store.embedded import EmbeddedStore
from kg.validation.results import Severity
from kg.validation.sparql import Constraint, Target, run

DATA = """
PREFIX e: <urn:e:>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA {
  GRAPH e:schema { e:Shortfall rdfs:subClassOf e:Finding . e:Finding rdfs:subClassOf e:Record }
  GRAPH e:data {
    e:a a e:Shortfall ; e:n 1 .
    e:b a e:Record ; e:n 2 ; e:knows e:a .
    e:c e:n 3 ; e:knows e:b .
  }
}
"""
EVERY = "SELECT $this ?value WHERE { $this e:n ?value }"


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    database = ox.Store()
    database.update(DATA)
    return EmbeddedStore(database)


def constraint(select: str = EVERY, message: str = "", **targets: str) -> Constraint:
    return Constraint(
        iri="urn:e:rule",
        shape="urn:e:shape",
        severity=Severity.WARNING,
        message=message,
        targets=tuple(Target(kind, f"urn:e:{name}") for kind, name in targets.items()),
        select=select,
        prefixes="PREFIX e: <urn:e:>\n",
    )


def focus_nodes(store: EmbeddedStore, *constraints: Constraint) -> list[str]:
    return sorted(str(result.focus)[7:-1] for result in run(store, constraints))


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ({"targetClass": "Record"}, ["a", "b"]),
        ({"targetClass": "Finding"}, ["a"]),
        ({"targetNode": "c"}, ["c"]),
        ({"targetSubjectsOf": "knows"}, ["b", "c"]),
        ({"targetObjectsOf": "knows"}, ["a", "b"]),
        ({"targetClass": "Finding", "targetNode": "c"}, ["a", "c"]),
        ({"targetClass": "Record", "targetObjectsOf": "knows"}, ["a", "b"]),
    ],
)
def test_targets_choose_the_focus_nodes(store: EmbeddedStore, targets: dict[str, str], expected: list[str]) -> None:
    assert focus_nodes(store, constraint(**targets)) == expected


def test_graphs_limit_what_is_seen(store: EmbeddedStore) -> None:
    rule = constraint(targetClass="Record")
    assert [str(result.focus) for result in run(store, [rule], graphs=["urn:e:data"])] == ["<urn:e:b>"]


def test_results_carry_value_path_and_message(store: EmbeddedStore) -> None:
    select = "SELECT $this (e:n AS ?path) ?value ?unbound WHERE { $this e:n ?value }"
    rule = constraint(select, "{$this} has {?value}, not {?unbound}.", targetNode="a")
    (result,) = run(store, [rule])
    assert str(result.path) == "urn:e:n"
    assert result.value == ox.Literal(1)
    assert result.message == "urn:e:a has 1, not {?unbound}."
    assert (result.shape, result.constraint, result.severity) == ("urn:e:shape", "urn:e:rule", Severity.WARNING)


def test_without_value_the_focus_node_is_the_value(store: EmbeddedStore) -> None:
    (result,) = run(store, [constraint("SELECT $this WHERE { $this e:n 1 }", targetNode="a")])
    assert result.value == result.focus
    assert result.path is None


def test_a_query_may_begin_with_a_filter_or_a_subquery(store: EmbeddedStore) -> None:
    without = constraint("SELECT $this WHERE { FILTER NOT EXISTS { $this e:knows ?x } }", targetClass="Record")
    counted = "SELECT $this WHERE { { SELECT $this (COUNT(?x) AS ?n) WHERE { $this e:n ?x } GROUP BY $this } }"
    assert focus_nodes(store, without, constraint(counted, targetNode="b")) == ["a", "b"]


@pytest.mark.parametrize(
    ("select", "problem"),
    [
        ("SELECT $this WHERE { SERVICE <urn:e:x> { $this e:n 1 } }", "SERVICE is not allowed"),
        ("SELECT $this WHERE { VALUES $this { e:a } }", "VALUES is not allowed"),
        ("SELECT $this WHERE { $this e:n 1 minus { $this e:n 2 } }", "MINUS is not allowed"),
        ("SELECT $this WHERE { $this $PATH 1 }", "PATH needs a property shape"),
        ("SELECT ?value WHERE { $this e:n ?value }", "does not project $this"),
        ("SELECT $this", "has no group"),
    ],
)
def test_what_cannot_be_run_is_said(select: str, problem: str) -> None:
    (found,) = constraint(select, targetNode="a").problems()
    assert problem in found


def test_refused_words_may_stand_in_strings_names_and_comments() -> None:
    select = """SELECT $this WHERE { # no MINUS here, and no { either
      $this e:values "SERVICE \\" MINUS" ; <urn:e:SERVICE> 'VALUES' . FILTER(1 < 2) }"""
    assert not list(constraint(select, targetNode="a").problems())


def test_placeholders_must_be_projected() -> None:
    rule = constraint(EVERY, "{$this} lacks {?unit}", targetNode="a")
    assert list(rule.problems()) == ["the SELECT does not project $unit"]


def test_a_shape_without_target_is_noticed() -> None:
    (problem,) = constraint(EVERY).problems()
    assert "no target" in problem
