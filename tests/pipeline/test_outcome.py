"""What a build counts for people."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kg.derivation import derive
from kg.pipeline import outcome
from kg.store.embedded import EmbeddedStore

EXAMPLE = Path(__file__).parents[1] / "queries" / "example" / "data.trig"


def test_conflicts_are_those_that_no_assessment_has_judged() -> None:
    """The example has two pairs in conflict; an editor has judged one."""
    store = EmbeddedStore.in_memory()
    store.database.load(path=str(EXAMPLE), format=ox.RdfFormat.TRIG)
    store.database.extend(list(derive(store)))
    assert outcome.count(store)["conflicts"] == 1
