"""Measures of who a node's neighbours know: clustering, constraint, effective size.

All rest on one product of sparse matrices, taken only where there is an edge.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from kg.analysis.measures.model import Result, Work

_EXPANDED = 2_000_000
_CELLS = 8_000_000


def common(left: sparse.csr_array, right: sparse.csr_array) -> np.ndarray:
    """Sums over what two neighbours have in common: ``sum_q left[i, q] * right[j, q]`` for each edge.

    Parameters
    ----------
    left, right
        Of one symmetric pattern, columns sorted, nothing on the diagonal.

    Returns
    -------
    A value for each stored place (i, j) of the pattern.

    Notes
    -----
    O(sum over edges of the lesser degree), at most O(m^1.5) (Chiba and Nishizeki 1985, theorem 1): the row of the node
    with fewer neighbours is walked, the other's lies open in a table. Memory: 100 MB whatever the network.
    """
    backward = _common(right, left, forward=False)
    other = _turned(backward, left) if left is right else _common(left, right, forward=True)
    return np.asarray(backward + other)


def _common(walked: sparse.csr_array, opened: sparse.csr_array, *, forward: bool) -> np.ndarray:
    """The sums of those edges whose row (column, unless forward) has fewer neighbours; 0 for all others."""
    indptr, indices = walked.indptr.astype(np.int64), walked.indices
    degrees = np.diff(indptr)
    order = walked.shape[0]
    rows = np.repeat(np.arange(order), degrees)
    larger = (degrees[rows] > degrees[indices]) | ((degrees[rows] == degrees[indices]) & (rows > indices))
    places = np.flatnonzero(larger)  # in the order of the node with more neighbours
    sums = np.zeros(walked.nnz)
    lengths = degrees[indices[places]]
    table = np.zeros((max(1, min(order, _CELLS // max(order, 1))), order))
    for begin, end in _portions(rows[places], lengths, len(table)):
        part, length = places[begin:end], lengths[begin:end]
        many = rows[part]
        first = many[0]
        open_places = slice(indptr[first], indptr[many[-1] + 1])
        at = rows[open_places] - first, indices[open_places]
        table[at] = opened.data[open_places]
        starts = np.cumsum(length) - length
        walk = np.repeat(indptr[indices[part]] - starts, length) + np.arange(length.sum())
        values = walked.data[walk] * table[np.repeat(many - first, length), indices[walk]]
        sums[part] = np.add.reduceat(values, starts)
        table[at] = 0
    return _turned(sums, walked) if forward else sums


def _portions(rows: np.ndarray, lengths: np.ndarray, most: int) -> Iterator[tuple[int, int]]:
    """Ranges of places that need little memory: so many rows, so many values, but at least one place."""
    total = np.cumsum(lengths)
    begin = 0
    while begin < len(rows):
        before = total[begin - 1] if begin else 0
        by_values = int(np.searchsorted(total, before + _EXPANDED, side="right"))
        by_rows = int(np.searchsorted(rows, rows[begin] + most))
        end = max(begin + 1, min(by_values, by_rows))
        yield begin, end
        begin = end


def _turned(values: np.ndarray, pattern: sparse.csr_array) -> np.ndarray:
    """Values at (j, i) where those given stand at (i, j), for a symmetric pattern."""
    turned = sparse.csr_array((values, pattern.indices, pattern.indptr), shape=pattern.shape).T.tocsr()
    turned.sort_indices()
    return np.asarray(turned.data)


def row_sums(values: np.ndarray, pattern: sparse.csr_array) -> np.ndarray:
    """Sums of values of stored places, by row."""
    rows = np.repeat(np.arange(pattern.shape[0]), np.diff(pattern.indptr))
    return np.asarray(np.bincount(rows, weights=values, minlength=pattern.shape[0]))


def _with(values: np.ndarray, pattern: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array((values, pattern.indices, pattern.indptr), shape=pattern.shape)


def clustering(work: Work) -> Result:
    """Triangles of each node, over the pairs of its neighbours; with weights their geometric mean counts."""
    weights, degrees = work.forms.matrix, work.forms.degrees
    base = work.forms.pattern
    if work.true("weighted") and weights.nnz:
        base = _with(np.cbrt(weights.data / weights.data.max()), weights)
    triangles = row_sums(base.data * common(base, base) if weights.nnz else base.data, base)
    pairs = degrees * (degrees - 1.0)
    values = np.divide(triangles, pairs, out=np.zeros(len(pairs)), where=pairs > 0)
    told = {"average": float(values.mean()), "transitivity": _transitivity(work, triangles, pairs)}
    return Result({"clustering": values}, told=told)


def _transitivity(work: Work, triangles: np.ndarray, pairs: np.ndarray) -> float | None:
    if work.true("weighted"):
        return None
    return float(triangles.sum() / pairs.sum()) if pairs.sum() else 0.0


def constraint(work: Work) -> Result:
    """Burt's constraint; null for a node without neighbours."""
    weights = _weights(work)
    strengths = np.asarray(weights.sum(axis=1)).ravel()
    inverse = np.divide(1.0, strengths, out=np.zeros(len(strengths)), where=strengths > 0)
    root = _with(weights.data * np.sqrt(inverse)[weights.indices], weights)
    indirect = common(root, root) if weights.nnz else weights.data
    rows = np.repeat(np.arange(work.forms.order), work.forms.degrees)
    invested = (weights.data + indirect) * inverse[rows]
    return Result({"constraint": _connected(row_sums(invested**2, weights), work)})


def effective_size(work: Work) -> Result:
    """Burt's effective size and efficiency; null for a node without neighbours."""
    weights, degrees = _weights(work), work.forms.degrees
    order = work.forms.order
    strengths = np.asarray(weights.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(order), degrees)
    strongest = np.zeros(order)
    np.maximum.at(strongest, rows, weights.data)
    marginal = _with(weights.data / strongest[weights.indices] if weights.nnz else weights.data, weights)
    shared = common(work.forms.pattern, marginal) if weights.nnz else weights.data
    redundant = row_sums(weights.data * shared, weights)
    size = degrees - np.divide(redundant, strengths, out=np.zeros(order), where=strengths > 0)
    efficiency = np.divide(size, degrees, out=np.full(order, np.nan), where=degrees > 0)
    return Result({"effective_size": _connected(size, work), "efficiency": efficiency})


def _weights(work: Work) -> sparse.csr_array:
    return work.forms.matrix if work.true("weighted") else work.forms.pattern


def _connected(values: np.ndarray, work: Work) -> np.ndarray:
    """The values, NaN for nodes without neighbours."""
    return np.where(work.forms.degrees > 0, values, np.nan)
