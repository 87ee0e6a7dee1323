"""On the real graph, too, the gate finds what pySHACL alone finds."""

from __future__ import annotations

from kg.cli import opening
from kg.store.embedded import EmbeddedStore
from kg.validation import gate, reference
from kg.validation.shapes import Shapes


def test_the_gate_agrees_with_the_oracle_on_the_bundle(bundle: EmbeddedStore) -> None:
    shapes = Shapes.load(opening.shapes())
    found = gate.check(bundle, shapes)
    oracle = reference.everything(reference.merged(bundle, {q.predicate.value for q in bundle.quads()}), shapes)
    assert {result.key for result in found.results} == {result.key for result in oracle.results}
    assert found.counts()["Violation"] == 0
    assert found.results
