"""How much of a graph an answer may look at."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

from kg.queries import Table
from kg.queries.values import Lookup

BATCH = 100
"""Nodes of which one query asks; a server elsewhere takes a query of that length, too."""


@dataclass
class Budget:
    """What is left of a budget: it is spent by `ask`.

    Parameters
    ----------
    lookups
        Queries.
    nodes
        Things that may be met.
    fan
        Links of one thing that are looked at in each direction; a thing with more is a hub, of which a sample is seen.
    """

    lookups: int = 60
    nodes: int = 20_000
    fan: int = 1_000
    spent: int = field(default=0, init=False)

    @property
    def left(self) -> bool:
        """Whether there is anything left of the queries."""
        return self.spent < self.lookups

    def ask(self, text: str, *columns: str) -> Generator[Lookup, Table, Table]:
        """The answer to a query, which is counted."""
        self.spent += 1
        return (yield Lookup(text, columns))


def batches(nodes: list[str], size: int = BATCH) -> list[list[str]]:
    """The same, some at a time."""
    return [nodes[start : start + size] for start in range(0, len(nodes), size)]
