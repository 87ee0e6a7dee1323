"""Drives what yields lookups over a store that is asked in place."""

from __future__ import annotations

from typing import TypeVar

from kg.queries.table import Table
from kg.queries.values import Lookup, Steps
from kg.store.base import Store

T = TypeVar("T")


def asked(store: Store, steps: Steps[T]) -> T:
    """What the steps find in a store; errors as of the steps and of `Store.select`."""
    try:
        lookup = next(steps)
        while True:
            lookup = steps.send(_answer(store, lookup))
    except StopIteration as end:
        found: T = end.value
        return found


def _answer(store: Store, lookup: Lookup) -> Table:
    rows = store.select(lookup.text)
    return Table(lookup.columns, tuple(tuple(row.get(name) for name in lookup.columns) for row in rows))
