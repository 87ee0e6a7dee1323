"""Measuring: parameters read, a network looked at, an engine chosen, its values as a frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from kg.analysis.engines import ENGINES, forms
from kg.analysis.measures.model import Gives, Measure, Measured, Result, Value, Work
from kg.analysis.measures.registry import MEASURES
from kg.analysis.measures.ways import Way, choose
from kg.analysis.network import Network, summed
from kg.errors import AnalysisError, NetworkTooLargeError, ParameterError

LIMIT = 1_800.0
"""CPU seconds that a measure may be expected to take unless more are allowed."""
_SPANS = ((86_400.0, "days"), (3_600.0, "hours"), (60.0, "minutes"))


def measure(
    network: Network,
    name: str,
    parameters: Mapping[str, Value] | None = None,
    *,
    engine: str = "",
    limit: float | None = LIMIT,
    progress: Callable[[str], None] | None = None,
) -> Measured:
    """The values of a measure.

    Parameters
    ----------
    name
        One of `MEASURES`.
    parameters
        Of the measure; values of their types or texts of such. Those left out have their defaults.
    engine
        One of `ENGINES`; the best that is there where none is named.
    limit
        CPU seconds that it may be expected to take; None for any.
    progress
        Called with what is being done, now and then in long work. What it raises ends the work.

    Raises
    ------
    ParameterError
        The measure or a parameter is not known, or a value is not of its kind.
    AnalysisError
        The network has no nodes, or directions or two kinds of nodes that the measure is not defined for; it did not
        converge; the engine is not installed.
    NetworkTooLargeError
        It would take longer than the limit.
    """
    asked = find(name)
    read = asked.read(parameters or {})
    _check(asked, network)
    way = choose(asked, network, read, engine)
    _afford(asked, way, network, read, limit)
    result = way.run(Work(network, forms(network), read, progress or (lambda _: None)))
    return Measured(
        asked.name,
        asked.gives,
        _frame(asked, network, result),
        way.engine,
        ENGINES[way.engine].version,
        read,
        result.notes,
        result.told,
        network.source,
    )


def find(name: str) -> Measure:
    """A measure by name, with hyphens or underscores. Raises ParameterError with all names where there is none."""
    if found := MEASURES.get(name.strip().lower().replace("-", "_")):
        return found
    raise ParameterError("measure", f"one of {', '.join(MEASURES)}, not {name!r}")


def undirected(network: Network) -> Network:
    """The network without directions: edges there and back are one, their weights and records summed. O(m log m)."""
    if not network.directed:
        return network
    edges = summed(network.edges, directed=False)
    source = network.source.after("without directions")
    return Network(network.nodes, edges, two_mode=network.two_mode, source=source, loops=network.loops)


def _check(asked: Measure, network: Network) -> None:
    if not network.order:
        raise AnalysisError(
            f"the network is empty, so there is nothing to measure: {network.source.definition or 'its definition'} "
            "finds no node with these parameters; widen the period, or leave out a filter"
        )
    if asked.undirected and network.directed:
        raise AnalysisError(
            f"{asked.name} is defined for networks without directions, and this one has them; "
            "take edges both ways as one: --undirected"
        )
    if asked.one_mode and network.two_mode:
        raise AnalysisError(
            f"{asked.name} is defined for networks of one kind of nodes, and this one has two; project it on one first"
        )


def _afford(asked: Measure, way: Way, network: Network, read: Mapping[str, Value], limit: float | None) -> None:
    seconds = way.seconds(network, read)
    if limit is not None and seconds > limit:
        exact = "exact " if read.get("samples") == 0 else ""
        raise NetworkTooLargeError(
            f"{exact}{asked.name} on {network.order:,} nodes and {network.size:,} edges would take about "
            f"{span(seconds)} with {way.engine}, and {span(limit)} are allowed; {asked.cheaper}; or allow more: --limit"
        )


def span(seconds: float) -> str:
    """A time to one digit or two, in the unit that suits it."""
    for size, unit in _SPANS:
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:,.0f} seconds"


def _frame(asked: Measure, network: Network, result: Result) -> pl.DataFrame:
    if asked.gives is Gives.network:
        return pl.DataFrame({name: [value] for name, value in result.columns.items()})
    columns: dict[str, Any] = {name: _column(name, values) for name, values in result.columns.items()}
    if asked.gives is Gives.nodes:
        return network.nodes.select("iri", "label").with_columns(**columns)
    iris = network.nodes["iri"]
    ends = [iris.gather(columns.pop(end)).alias(name) for end, name in (("source", "one"), ("target", "other"))]
    return pl.DataFrame(ends).with_columns(**columns)


def _column(name: str, values: np.ndarray) -> pl.Series:
    """Values as a column; what is not a number is null."""
    return pl.Series(name, values, nan_to_null=True)
