"""What a network must keep to: its nodes, its edges, their weights. What is wrong is named with its row or node."""

from __future__ import annotations

import polars as pl

from kg.errors import NetworkError

EDGE_COLUMNS = {"source": pl.UInt32, "target": pl.UInt32, "weight": pl.Float64, "records": pl.UInt32}
"""The columns of edges, in their order."""


def edge_rows(edges: pl.DataFrame) -> pl.DataFrame:
    """One, other, weight and records of rows that may lack the last two."""
    for name in ("one", "other"):
        if name not in edges.columns:
            raise NetworkError(f"edges have no column {name}; there are {', '.join(edges.columns) or 'none'}")
        if (nulls := edges[name].is_null()).any():
            raise NetworkError(f"edge {first(nulls) + 1}: {name} is missing")
    weight = pl.col("weight") if "weight" in edges.columns else pl.lit(1.0)
    records = pl.col("records") if "records" in edges.columns else pl.lit(1)
    rows = edges.select(
        "one", "other", weight.cast(pl.Float64).alias("weight"), records.cast(pl.UInt32).alias("records")
    )
    wrong = ~(rows["weight"].is_finite() & (rows["weight"] > 0)).fill_null(value=False)
    if wrong.any():
        at = first(wrong)
        one, other, value, _ = rows.row(at)
        what = "is missing" if value is None else f"is {value}"
        raise NetworkError(f"edge {at + 1}, {one} to {other}: its weight {what}; weights are numbers above 0")
    return rows


def check_nodes(nodes: pl.DataFrame, *, two_mode: bool) -> None:
    """Raise NetworkError unless the nodes have their columns, and IRIs that are sorted and no two alike."""
    wanted = {"iri": pl.String, "label": pl.String} | ({"mode": pl.UInt8} if two_mode else {})
    for name, kind in wanted.items():
        if nodes.schema.get(name) != kind:
            found = nodes.schema.get(name, "not there")
            raise NetworkError(f"the column {name} of the nodes is {found}, it must be {kind}")
    iris = nodes["iri"]
    if iris.null_count():
        raise NetworkError(f"node {first(iris.is_null())} has no IRI")
    after = iris.shift(-1)
    if (wrong := (iris >= after).fill_null(value=False)).any():
        at = first(wrong)
        raise NetworkError(f"nodes {at} and {at + 1}, {iris[at]!r} and {iris[at + 1]!r}, are not sorted or the same")


def check_edges(edges: pl.DataFrame, iris: pl.Series, *, directed: bool) -> None:
    """Raise NetworkError unless edges join two nodes each, are sorted, no two alike, with weights above 0."""
    if dict(edges.schema) != EDGE_COLUMNS:
        wanted = ", ".join(f"{name} {kind}" for name, kind in EDGE_COLUMNS.items())
        raise NetworkError(f"the columns of edges must be {wanted}, not {dict(edges.schema)}")
    source, target, weight = pl.col("source"), pl.col("target"), pl.col("weight")
    count = iris.len()
    before = pl.struct("source", "target") == pl.struct("source", "target").shift(1)
    earlier = (source < source.shift(1)) | ((source == source.shift(1)) & (target < target.shift(1)))
    faults = {
        "a value is missing": source.is_null() | target.is_null() | weight.is_null() | pl.col("records").is_null(),
        f"there are {count:,} nodes, and an index beyond": (source >= count) | (target >= count),
        "it is a self-loop": source == target,
        "its weight is not a number above 0": ~((weight > 0) & weight.is_finite()),
        "the pair has an edge already": before,
        "edges are not sorted by source and target": earlier,
    }
    if not directed:
        faults["source must be below target where the network is not directed"] = source > target
    found = edges.select(fault.fill_null(value=False).any().alias(name) for name, fault in faults.items()).row(0)
    for (what, fault), there in zip(faults.items(), found, strict=True):
        if there:
            at = first(edges.select(fault.fill_null(value=False)).to_series())
            raise NetworkError(f"edge {at + 1}, {edges.row(at)}: {what}")


def check_modes(edges: pl.DataFrame, nodes: pl.DataFrame) -> None:
    """Raise NetworkError unless each edge joins a node of mode 0 and one of mode 1."""
    modes = nodes["mode"]
    if (wrong := (modes > 1).fill_null(value=True)).any():
        raise NetworkError(f"node {nodes['iri'][first(wrong)]!r} has mode {modes[first(wrong)]}; modes are 0 and 1")
    inside = modes.gather(edges["source"]) == modes.gather(edges["target"])
    if inside.any():
        at = first(inside)
        one, other = (nodes["iri"][edges[name][at]] for name in ("source", "target"))
        raise NetworkError(f"edge {at + 1}, {one} to {other}: both are of mode {modes[edges['source'][at]]}")


def first(wrong: pl.Series) -> int:
    """The number of the first row for which something is true."""
    return int(wrong.arg_max() or 0)
