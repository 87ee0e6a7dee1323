"""Networks to networkx and back: nodes and edges with attributes, as frames and as objects."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.errors import NetworkError

if TYPE_CHECKING:
    import networkx as nx

_MODE = "bipartite"
"""What networkx calls the column ``mode``."""


def graph(nodes: pl.DataFrame, edges: pl.DataFrame, *, directed: bool, told: Mapping[str, Any]) -> nx.Graph:
    """The Graph or DiGraph of the frames of a network; attributes that a node has not are left out."""
    import networkx as nx  # noqa: PLC0415 - 0.1 s, and not all need it

    made = nx.DiGraph() if directed else nx.Graph()
    made.graph.update(told)
    iris = nodes["iri"].to_list()
    for row in nodes.rename({"mode": _MODE}, strict=False).iter_rows(named=True):
        iri = row.pop("iri")
        made.add_node(iri, **{name: value for name, value in row.items() if value is not None})
    for one, other, weight, records in edges.iter_rows():
        made.add_edge(iris[one], iris[other], weight=weight, records=records)
    return made


def nodes(graph: nx.Graph) -> pl.DataFrame:
    """The texts of a graph's nodes as ``iri``, and their attributes; ``mode`` where all have ``bipartite``."""
    names = [str(node) for node in graph]
    seen: dict[str, Hashable] = {}
    for node, name in zip(graph, names, strict=True):
        if name in seen:
            raise NetworkError(f"nodes {seen[name]!r} and {node!r} are both written {name!r}")
        seen[name] = node
    keys = sorted({key for _, attributes in graph.nodes(data=True) for key in attributes} - {"iri", "mode"})
    columns = [pl.Series("iri", names, dtype=pl.String)]
    for key in keys:
        values = [attributes.get(key) for _, attributes in graph.nodes(data=True)]
        columns.append(_column(str(key), values))
    frame = pl.DataFrame(columns)
    if _MODE not in frame.columns:
        return frame
    if not frame[_MODE].is_in([0, 1]).all() or frame[_MODE].null_count():
        return frame
    return frame.rename({_MODE: "mode"}).with_columns(pl.col("mode").cast(pl.UInt8))


def _column(key: str, values: Sequence[Any]) -> pl.Series:
    """Values of one attribute as a column; all texts where label is asked for."""
    try:
        if key == "label":
            return pl.Series(key, [None if value is None else str(value) for value in values], dtype=pl.String)
        return pl.Series(key, values, strict=True)
    except (TypeError, pl.exceptions.PolarsError) as error:
        kinds = ", ".join(sorted({type(value).__name__ for value in values if value is not None}))
        raise NetworkError(f"the attribute {key} has values of several types ({kinds}); give it one") from error


def edges(graph: nx.Graph) -> pl.DataFrame:
    """One, other, weight and records of a graph's edges, in its order; NetworkError for a weight that is none."""
    rows = [
        (str(one), str(other), has.get("weight"), has.get("records", 1)) for one, other, has in graph.edges(data=True)
    ]
    weights = [weight for *_, weight, _ in rows]
    if all(weight is None for weight in weights):
        weights = [1.0] * len(rows)
    for number, (row, weight) in enumerate(zip(rows, weights, strict=True), 1):
        if isinstance(weight, bool) or not isinstance(weight, Real) or not math.isfinite(weight) or weight <= 0:
            what = "is missing" if weight is None else f"is {weight!r}"
            raise NetworkError(f"edge {number}, {row[0]} to {row[1]}: its weight {what}; weights are numbers above 0")
    return pl.DataFrame(
        {
            "one": [row[0] for row in rows],
            "other": [row[1] for row in rows],
            "weight": [float(weight) for weight in weights if weight is not None],
            "records": [row[3] for row in rows],
        },
        schema={"one": pl.String, "other": pl.String, "weight": pl.Float64, "records": pl.UInt32},
    )
