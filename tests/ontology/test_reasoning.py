"""OWL RL over ontology, concepts and a small world: no contradiction there, and the planted ones are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef

from kg import assets, iris

HERE = Path(__file__).parent
TT = Namespace(iris.ONTOLOGY)
EX = Namespace("https://example.org/")
REASONER_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")


def world(*files: str) -> Graph:
    """The ontology with some of the files beside this one."""
    graph = Graph().parse(assets.folder("ontology") / "techtransfer.ttl")
    for file in files:
        graph.parse(HERE / file)
    return graph


def contradictions(graph: Graph) -> list[str]:
    """What the reasoner reports after it has added to the graph all that follows."""
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return sorted(str(message) for message in graph.objects(None, REASONER_ERROR))


@pytest.fixture(scope="module")
def inferred() -> Graph:
    """The small world with ontology and concepts, and all that follows."""
    graph = world("consistent.ttl")
    for file in sorted((assets.folder("ontology") / "schemes").glob("*.ttl")):
        graph.parse(file)
    assert contradictions(graph) == []
    return graph


def test_the_small_world_has_a_thing_of_every_class() -> None:
    graph = world("consistent.ttl")
    stated = {kind for thing in set(graph.subjects()) for kind in graph.objects(thing, RDF.type)}
    shown = {parent for kind in stated for parent in graph.transitive_objects(kind, RDFS.subClassOf)}
    missing = {str(term) for term in graph.subjects(RDF.type, OWL.Class) if term in TT and term not in shown}
    assert not missing, f"give consistent.ttl a thing of {sorted(missing)}"


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        pytest.param(
            EX["collaboration-1"], TT.hasParticipant, URIRef(iris.identifier("org/firm")), id="the property chain"
        ),
        pytest.param(EX["cell-value"], TT.hasObservation, URIRef(iris.identifier("obs/eur")), id="an inverse"),
        pytest.param(EX["policy-1"], TT.concerns, EX["finding-1"], id="a superproperty"),
        pytest.param(EX["finding-1"], RDF.type, TT.Record, id="a superclass"),
    ],
)
def test_what_follows(inferred: Graph, subject: URIRef, predicate: URIRef, value: URIRef) -> None:
    assert (subject, predicate, value) in inferred


@pytest.mark.parametrize(
    ("file", "classes"),
    [
        ("organization-as-document.ttl", (TT.StatisticalUnit, TT.Document)),
        ("period-as-organization.ttl", (TT.StatisticalUnit, TT.Period)),
    ],
)
def test_a_planted_contradiction_is_found(file: str, classes: tuple[URIRef, URIRef]) -> None:
    assert len(Graph().parse(HERE / file)) == 1, (
        "a planted contradiction differs from the consistent world in one triple"
    )
    errors = contradictions(world("consistent.ttl", file))
    assert any(all(str(term) in error for term in classes) for error in errors), errors
