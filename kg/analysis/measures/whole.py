"""Measures of a network as a whole: density, components, assortativity, core and periphery."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import polars as pl
from scipy.sparse import csgraph

from kg.analysis.measures.model import Result, Work
from kg.analysis.network import Network
from kg.errors import AnalysisError


def density(work: Work) -> Result:
    """Edges as a share of all that there could be; of a two-mode network, between its two kinds of nodes."""
    network, order = work.network, work.forms.order
    possible = order * (order - 1) / (1 if network.directed else 2)
    if network.two_mode:
        others = int((network.nodes["mode"] == 1).sum())
        possible = others * (order - others) * (2 if network.directed else 1)
    share = network.size / possible if possible else 0.0
    mean = (1 if network.directed else 2) * network.size / order
    columns = {
        "nodes": order,
        "edges": network.size,
        "density": share,
        "mean_degree": mean,
        "isolated": _isolated(work),
        "weight": float(network.edges["weight"].sum()),
    }
    return Result(columns)


def _isolated(work: Work) -> int:
    """Nodes without any edge."""
    return int(((work.forms.degrees == 0) & (np.diff(work.forms.backwards.indptr) == 0)).sum())


def components(work: Work) -> Result:
    """Which nodes reach each other; numbered from 0, the largest first."""
    kind = "strong" if work.true("strong") else "weak"
    _, labels = csgraph.connected_components(work.forms.matrix, directed=work.forms.directed, connection=kind)
    return partitioned(labels, "component")


def partitioned(labels: np.ndarray, name: str, **told: Any) -> Result:
    """A partition with parts numbered from 0, the largest first, of equals the one whose first node comes first."""
    _, first, of, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    parts = rank[of]
    largest = int(sizes.max(initial=0))
    summary = {f"{name}s": len(sizes), "largest": largest, "share": largest / max(len(labels), 1)}
    return Result({name: parts, "size": sizes[of]}, told=summary | told)


def attribute(network: Network, name: str) -> pl.Series:
    """An attribute of the nodes. Raises AnalysisError, with those that there are, where none has this name."""
    if name in network.nodes.columns and name != "iri":
        column = network.nodes[name]
        if not column.dtype.is_nested():
            return column
        raise AnalysisError(f"nodes can have several values of {name}; take an attribute of which each has one")
    known = [each for each in network.attributes if each != "label"]
    there = f"it has {', '.join(known)}" if known else "it has none"
    raise AnalysisError(f"the nodes have no attribute {name or '(none was named)'}; {there}: name one with --by")


def assortativity(work: Work) -> Result:
    """Whether like joins like, by a category or a number of the nodes, or by their degrees."""
    by = work.text("by")
    ends = (work.network.edges["source"].to_numpy(), work.network.edges["target"].to_numpy())
    weights = work.network.edges["weight"].to_numpy() if work.true("weighted") else np.ones(work.network.size)
    if by == "degree":
        column = pl.Series(by, work.forms.degrees.astype(np.float64))
        if work.forms.directed:  # what goes out at the source, what comes in at the target (Newman 2003, equation 25)
            incoming = np.diff(work.forms.backwards.indptr).astype(np.float64)
            return _numeric(column.to_numpy()[ends[0]], incoming[ends[1]], weights, by, left=0)
    else:
        column = attribute(work.network, by)
    known = column.is_not_null().to_numpy()
    kept = known[ends[0]] & known[ends[1]]
    one, other, weights = ends[0][kept], ends[1][kept], weights[kept]
    if not work.forms.directed:  # each edge is seen from both of its ends
        one, other, weights = np.r_[one, other], np.r_[other, one], np.r_[weights, weights]
    left = int((~kept).sum())
    if column.dtype.is_numeric():
        values = column.cast(pl.Float64).fill_null(0).to_numpy()
        return _numeric(values[one], values[other], weights, by, left=left)
    return _nominal(column, one, other, weights, left=left)


def _numeric(one: np.ndarray, other: np.ndarray, weights: np.ndarray, by: str, *, left: int) -> Result:
    """The correlation of the values at the two ends of edges (Newman 2003, equation 21)."""
    total = weights.sum() if len(weights) else 0.0
    if not total:
        raise AnalysisError(f"no edge joins two nodes that have a value of {by}")
    centred = [values - (weights @ values) / total for values in (one, other)]
    spread = sqrt(float(weights @ centred[0] ** 2) * float(weights @ centred[1] ** 2))
    if spread <= 1e-12 * total:
        raise AnalysisError(f"all ends of edges have one value of {by}: whether like joins like cannot be told")
    value = float(weights @ (centred[0] * centred[1])) / spread
    return Result({"assortativity": value, "by": by, "kind": "numeric"}, notes=_left(left, by))


def _nominal(column: pl.Series, one: np.ndarray, other: np.ndarray, weights: np.ndarray, *, left: int) -> Result:
    """The share of edges within categories, above what ends drawn at random would give (Newman 2003, equation 2)."""
    if not len(weights):
        raise AnalysisError(f"no edge joins two nodes that have a value of {column.name}")
    codes = column.cast(pl.String).rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    number = int(codes.max()) + 1
    total = weights.sum()
    within = float(weights[codes[one] == codes[other]].sum() / total)
    ends = [np.bincount(codes[each], weights=weights, minlength=number) / total for each in (one, other)]
    expected = float(ends[0] @ ends[1])
    if expected > 1 - 1e-12:
        raise AnalysisError(f"all ends of edges have one value of {column.name}: mixing cannot be told")
    value = (within - expected) / (1 - expected)
    columns = {"assortativity": value, "by": column.name, "kind": "nominal", "within": within, "expected": expected}
    return Result(columns, notes=_left(left, column.name))


def _left(number: int, by: str) -> tuple[str, ...]:
    return (f"{number:,} edges are left out, since an end of theirs has no value of {by}",) * (number > 0)


def core_periphery(work: Work) -> Result:
    """The division into core and periphery that fits best, exactly, and how well it does.

    Pairs within the core that are not joined and pairs within the periphery that are count as wrong; the least of
    them is found among the n divisions by degree (Lip 2011, theorem 1): a core of the k nodes of highest degree is
    wrong in ``m + k(k-1)/2 - (sum of their degrees)`` pairs.
    """
    degrees = work.forms.degrees.astype(np.float64)
    order, edges = work.forms.order, work.forms.size
    by_degree = np.argsort(-degrees, kind="stable")
    sizes = np.arange(order + 1.0)
    wrong = edges + sizes * (sizes - 1) / 2 - np.r_[0, np.cumsum(degrees[by_degree])]
    size = int(np.argmin(wrong))
    inside = np.zeros(order, dtype=bool)
    inside[by_degree[:size]] = True
    ends = [inside[work.network.edges[end].to_numpy()] for end in ("source", "target")]
    core_edges, outer_edges = int((ends[0] & ends[1]).sum()), int((~ends[0] & ~ends[1]).sum())
    fit = _correlation(core_edges, outer_edges, size, order - size)
    told = {"core": size, "wrong_pairs": int(wrong[size]), "correlation": fit}
    notes = () if fit is not None else ("core or periphery has no pair, so that there is nothing to correlate",)
    return Result({"core": inside}, notes=notes, told=told)


def _correlation(core_edges: int, outer_edges: int, core: int, outer: int) -> float | None:
    """Of the edges with the ideal: all within the core, none within the periphery, between them no matter which."""
    core_pairs, outer_pairs = core * (core - 1) / 2, outer * (outer - 1) / 2
    pairs, joined = core_pairs + outer_pairs, core_edges + outer_edges
    spread = joined * (pairs - joined) * core_pairs * outer_pairs
    return (pairs * core_edges - joined * core_pairs) / sqrt(spread) if spread > 0 else None
