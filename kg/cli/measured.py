"""What the commands that measure networks do: a network asked for, measured or divided, its values given.

It is imported when one of these commands runs, since scipy and networkx take half a second to be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kg.analysis.measures import LIMIT, Measure, Measured, find, measure, undirected
from kg.analysis.measures.asking import named, shared_out
from kg.analysis.measures.slices import follow
from kg.analysis.network import Network
from kg.cli import value_printing as giving
from kg.cli.network_options import By, Form, Out, Where, made
from kg.cli.network_printing import note_slices
from kg.cli.printing import Progress
from kg.errors import ParameterError


@dataclass(frozen=True)
class Asked:
    """A network as it was asked for, how it is measured, and how values are given."""

    name: str
    where: Where
    how: By
    out: Out

    @contextmanager
    def network(self) -> Iterator[tuple[Network, Progress]]:
        """The network, and a place to show what is being done with it."""
        with self.where.asking(self.name) as (asking, step):
            network = asking.network()
            yield (undirected(network) if self.how.undirected else network), step

    def measured(self, network: Network, asked: Measure, parameters: Mapping[str, Any], step: Progress) -> Measured:
        """The values of a measure."""
        step(asked.name)
        return measure(
            network,
            asked.name,
            parameters,
            engine=self.how.engine,
            limit=LIMIT if self.how.limit is None else self.how.limit or None,
            progress=lambda text: step(f"{asked.name}: {text}"),
        )


def measured(asked: Asked, names: Sequence[str], given: Mapping[str, Any]) -> None:
    """Measure a network and give the values."""
    chosen = named(names)
    shared = shared_out(chosen, given)
    giving.check(asked.out, chosen)
    with asked.network() as (network, step):
        found = [asked.measured(network, each, shared[each.name], step) for each in chosen]
    giving.give(network, found, asked.out)


def divided(asked: Asked, method: str, given: Mapping[str, Any]) -> None:
    """Divide a network into communities and give them."""
    chosen, own = _method(asked, method, given)
    with asked.network() as (network, step):
        found = asked.measured(network, chosen, own, step)
    if asked.out.form is Form.table:
        giving.print_communities(network, found, asked.out.top)
    else:
        giving.give(network, [found], asked.out)


def followed(asked: Asked, method: str, given: Mapping[str, Any], every: int, window: int) -> None:
    """Divide the network of each slice of time, and give how alike each division is to the one before."""
    chosen, own = _method(asked, method, given)
    with asked.where.asking(asked.name) as (asking, step):
        slices = (undirected(each) if asked.how.undirected else each for each in made(asking, every, window))
        found = follow(slices, lambda network: asked.measured(network, chosen, own, step))
    giving.give_slices(found, asked.out)
    if asked.out.form is Form.table:
        note_slices(asking)


def _method(asked: Asked, method: str, given: Mapping[str, Any]) -> tuple[Measure, Mapping[str, Any]]:
    if method not in {"leiden", "louvain"}:
        raise ParameterError("method", "leiden or louvain")
    chosen = find(method)
    giving.check(asked.out, [chosen])
    return chosen, shared_out([chosen], given)[method]
