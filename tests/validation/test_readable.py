"""Reports for people: rules in words, labels, the first of each rule, where nodes come from."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store.embedded import EmbeddedStore
from kg.validation import gate
from kg.validation.readable import ReadableReport, labels
from kg.validation.shapes import Shapes

EX = "http://example.org/"
SHAPES = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:severity ex:Grave ; sh:sparql ex:Q ; sh:property ex:P, [
  sh:path ex:nick ; sh:maxCount 0 ; sh:name "no nickname"@en , "kein Spitzname"@de ] .
ex:Q sh:message "{$this} is {?value}." ; sh:select "SELECT $this ?value { $this <http://example.org/is> ?value }" .
ex:P sh:path ex:p ; sh:minCount 1 .
"""
DATA = """@prefix ex: <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
ex:one { ex:a a ex:T ; rdfs:label "A"@de , "Aye"@en-GB , "plain" ; ex:is ex:b ; ex:nick "x" .
  ex:b skos:prefLabel "Bee" }
ex:two { ex:a skos:altLabel "other" . ex:c a ex:T }
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    made = EmbeddedStore.in_memory()
    made.apply(ox.parse(DATA, format=ox.RdfFormat.TRIG), [])
    return made


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Shapes:
    file: Path = tmp_path_factory.mktemp("shapes") / "shapes.ttl"
    file.write_text(SHAPES, "utf-8")
    return Shapes.load([file])


@pytest.fixture(scope="module")
def told(store: EmbeddedStore, shapes: Shapes) -> ReadableReport:
    return ReadableReport.of(gate.check(store, shapes), shapes.graph, lambda things: labels(store, things))


def test_rules_are_told_in_words_with_the_name_of_what_they_belong_to(told: ReadableReport) -> None:
    assert [(rule.severity, rule.title, rule.words, rule.count) for rule in told.rules] == [
        ("Violation", f"{EX}S, at {EX}nick", "no nickname", 1),
        ("Violation", f"{EX}P", "There are fewer values than 1.", 2),
        (f"{EX}Grave", f"{EX}Q", "‹this› is ‹value›.", 1),
    ]


def test_what_results_say_is_not_said_twice(told: ReadableReport) -> None:
    details = [rule.detail(result) for rule in told.rules for result in rule.results]
    assert details == ["There are more values than 0. Found: x.", "missing", "missing", f"{EX}a is {EX}b."]


def test_labels_are_english_else_without_language(store: EmbeddedStore, told: ReadableReport) -> None:
    assert told.labels == {f"{EX}a": "Aye", f"{EX}b": "Bee"}
    assert told.called(ox.NamedNode(f"{EX}a")) == f"Aye ({EX}a)"
    assert (told.called(ox.NamedNode(f"{EX}c")), told.called(ox.Literal("x")), told.called(None)) == (f"{EX}c", "x", "")
    many = [ox.NamedNode(f"{EX}{number}") for number in range(1200)]
    assert labels(store, [*many, ox.NamedNode(f"{EX}b")]) == {f"{EX}b": "Bee"}


def test_the_first_are_shown_and_all_are_counted(store: EmbeddedStore, shapes: Shapes) -> None:
    short = ReadableReport.of(gate.check(store, shapes), shapes.graph, first=1)
    assert [(rule.count, len(rule.results), rule.more) for rule in short.rules] == [(1, 1, 0), (2, 1, 1), (1, 1, 0)]
    document = json.loads(short.to_json())
    assert (document["counts"]["Violation"], len(document["results"])) == (4, 3)


def test_results_shown_get_their_places(told: ReadableReport) -> None:
    located = told.located({f"{EX}b": "b.ttl, line 2", f"{EX}c": "c.ttl"})
    assert [result.source for rule in located.rules for result in rule.results] == [
        None,
        None,
        "c.ttl",
        "b.ttl, line 2 (of the value)",
    ]


def test_the_words_of_a_component_name_what_differs(store: EmbeddedStore, tmp_path: Path) -> None:
    file = tmp_path / "component.ttl"
    file.write_text(
        SHAPES[: SHAPES.index("ex:S ")]
        + """ex:S a sh:NodeShape ; sh:targetClass ex:T ; ex:wanted ex:c .
        ex:K a sh:ConstraintComponent ; sh:parameter [ sh:path ex:wanted ] ; sh:validator ex:V .
        ex:V a sh:SPARQLAskValidator ; sh:message "{$value} is not {$wanted}." ;
          sh:ask "ASK { FILTER($value = $wanted) }" .
        """,
        "utf-8",
    )
    shapes = Shapes.load([file])
    (rule,) = ReadableReport.of(gate.check(store, shapes), shapes.graph).rules
    assert (rule.words, rule.detail(rule.results[0])) == ("‹value› is not ‹wanted›.", f"{EX}a is not {EX}c.")
