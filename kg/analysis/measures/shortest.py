"""Measures of shortest paths, counted in steps: closeness, harmonic closeness, betweenness; exact, or of a sample.

Many sources are searched at once, which turns searches into a few passes over the edges, and nodes that have the same
neighbours are searched as one: in a projected network those who took part in one event only are many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from kg.analysis.measures.model import Result, Work

_WORD = 64
_BATCH_CELLS = 600_000
_WIDEST = 24
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Classes:
    """Nodes in classes of equal closed neighbourhoods, which no shortest path tells apart (Puzis et al. 2012).

    Attributes
    ----------
    forwards, backwards
        Edges between classes as ones: to the nodes that each reaches, to those that reach it.
    of
        The class of each node.
    sizes
        How many nodes are in each class; two of one class are neighbours.
    """

    forwards: sparse.csr_array
    backwards: sparse.csr_array
    of: np.ndarray
    sizes: np.ndarray


def classes(work: Work) -> Classes:
    """The classes of a network; of a directed one each node is its own. O(m)."""
    pattern, order = work.forms.pattern, work.forms.order
    if work.forms.directed or not order:
        return Classes(pattern, work.forms.backwards, np.arange(order), np.ones(order))
    # a sum of random numbers of the neighbours stands for their set: two sets collide once in 2^64 pairs
    marks = np.random.default_rng(0).integers(1, 2**63, order, dtype=np.uint64)
    ones = sparse.csr_array((np.ones(pattern.nnz, np.uint64), pattern.indices, pattern.indptr), shape=pattern.shape)
    _, first, of, sizes = np.unique(ones @ marks + marks, return_index=True, return_inverse=True, return_counts=True)
    reduced = pattern[first][:, first]
    return Classes(reduced, reduced, of, sizes.astype(np.float64))


def closeness(work: Work) -> Result:
    """Closeness, corrected for what a node is not reached from."""
    far, _, reached = _distances(work)
    order = work.forms.order
    others = reached - 1
    values = np.divide(others**2, far, out=np.zeros(order), where=far > 0)
    if work.true("corrected"):
        values /= max(order - 1, 1)
    else:
        values = np.divide(others, far, out=np.zeros(order), where=far > 0)
    return Result({"closeness": values}, notes=_parts(reached, order))


def harmonic(work: Work) -> Result:
    """The mean inverse distance from all others; 0 from those that do not reach."""
    _, near, reached = _distances(work)
    return Result({"harmonic": near / max(work.forms.order - 1, 1)}, notes=_parts(reached, work.forms.order))


def _parts(reached: np.ndarray, order: int) -> tuple[str, ...]:
    if not len(reached) or reached.min() == order:
        return ()
    return (f"not all nodes reach each other: the node reached best is reached from {int(reached.max()) - 1:,} others",)


def _distances(work: Work) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each node the sum of distances to it, the sum of their inverses, and how many nodes reach it, with itself.

    Along 1/weight each node is searched from by Dijkstra's algorithm. In steps 64 sources are the bits of a word, so
    that one pass over the edges takes all of them a step further (Then et al. 2014, "The more the merrier", section 3).
    """
    if work.text("distance") == "inverse":
        return _weighted_distances(work)
    found = classes(work)
    # one class at a time would be counted by its size: sources of one size share a word, and one count of bits
    by_size = np.argsort(found.sizes, kind="stable")
    far, near, reached = (np.zeros(len(found.sizes)) for _ in range(3))
    done = 0
    for sources, size in _words(by_size, found.sizes):
        reached[sources] += size
        far[sources] += size - 1
        near[sources] += size - 1
        for step, counts in _counted(found.backwards, sources):
            far += size * step * counts
            near += size / step * counts
            reached += size * counts
        done += len(sources)
        work.progress(f"searching from {done:,} of {len(found.sizes):,} nodes that differ")
    return far[found.of], near[found.of], reached[found.of]


def _weighted_distances(work: Work) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weights, order = work.forms.matrix, work.forms.order
    lengths = sparse.csr_array((1 / weights.data, weights.indices, weights.indptr), shape=weights.shape)
    far, near, reached = (np.zeros(order) for _ in range(3))
    for begin in range(0, order, _WORD):
        sources = np.arange(begin, min(begin + _WORD, order))
        away = csgraph.dijkstra(lengths, directed=True, indices=sources)
        there = np.isfinite(away)
        reached += there.sum(axis=0)
        away[~there] = 0
        far += away.sum(axis=0)
        near += np.divide(1, away, out=np.zeros_like(away), where=away > 0).sum(axis=0)
        work.progress(f"searching from {int(sources[-1]) + 1:,} of {order:,} nodes")
    return far, near, reached


def _words(order: np.ndarray, sizes: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
    """Up to 64 classes of one size each time."""
    ordered = sizes[order]
    begin = 0
    while begin < len(order):
        end = min(begin + _WORD, int(np.searchsorted(ordered, ordered[begin], side="right")))
        yield order[begin:end], float(ordered[begin])
        begin = end


def _counted(backwards: sparse.csr_array, sources: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Step by step, how many of the sources reach each node just then."""
    for step, front in _fronts(backwards, sources):
        yield step, np.bitwise_count(front).astype(np.float64)


def distances(backwards: sparse.csr_array, sources: np.ndarray) -> np.ndarray:
    """Steps to each node from each of up to 64 sources, shape (nodes, sources); infinite where there is no path."""
    found = np.full((backwards.shape[0], len(sources)), np.inf)
    found[sources, np.arange(len(sources))] = 0
    for step, front in _fronts(backwards, sources):
        bits = np.unpackbits(front.astype("<u8").view(np.uint8).reshape(len(front), 8), axis=1, bitorder="little")
        found[bits[:, : len(sources)] > 0] = step
    return found


def _fronts(backwards: sparse.csr_array, sources: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Step by step, which of the sources reach each node just then: a bit for each."""
    order = backwards.shape[0]
    filled = np.flatnonzero(np.diff(backwards.indptr))
    starts = backwards.indptr[filled]
    front = np.zeros(order, np.uint64)
    front[sources] = np.uint64(1) << np.arange(len(sources), dtype=np.uint64)
    seen = front.copy()
    step = 0
    while len(filled):
        step += 1
        reached = np.zeros(order, np.uint64)
        reached[filled] = np.bitwise_or.reduceat(front[backwards.indices], starts)
        front = reached & ~seen
        if not front.any():
            return
        seen |= front
        yield step, front


def betweenness(work: Work) -> Result:
    """Brandes' sums from all nodes, or from a sample, with the standard error that its spread shows."""
    found, order = classes(work), work.forms.order
    sample = work.whole("samples")
    if sample and sample < order:
        drawn = np.random.default_rng(work.whole("seed")).choice(order, size=sample, replace=False)
        chosen, times = np.unique(found.of[drawn], return_counts=True)
    else:
        sample, chosen, times = 0, np.arange(len(found.sizes)), found.sizes
    total, squares = np.zeros(len(found.sizes)), np.zeros(len(found.sizes))
    width = max(1, min(_WIDEST, _BATCH_CELLS // max(len(found.sizes), 1)))
    for begin in range(0, len(chosen), width):
        part, weight = chosen[begin : begin + width], times[begin : begin + width].astype(np.float64)
        depends = _dependencies(found, part)
        total += depends @ weight
        if sample:
            squares += depends**2 @ weight
        work.progress(f"paths from {min(begin + width, len(chosen)):,} of {len(chosen):,} nodes that differ")
    scale = _scale(work)
    if not sample:
        return Result({"betweenness": total[found.of] * scale})
    return _estimated(total[found.of], squares[found.of], sample, scale, work)


def _scale(work: Work) -> float:
    """What a sum over sources is multiplied with: pairs are counted once, and as a share of all pairs of others."""
    order = work.forms.order
    if work.true("normalized"):
        return 1 / ((order - 1) * (order - 2)) if order > 2 else 1.0  # noqa: PLR2004 - two ends, one between
    return 1.0 if work.forms.directed else 0.5


def _estimated(total: np.ndarray, squares: np.ndarray, sample: int, scale: float, work: Work) -> Result:
    """Estimates with standard errors, and the bound that holds for all nodes at once."""
    order = work.forms.order
    spread = np.maximum(squares - total**2 / sample, 0) / max(sample - 1, 1)
    error = order * np.sqrt(spread / sample * (1 - sample / order)) * scale
    bound = sqrt(log(2 * order / (1 - CONFIDENCE)) / (2 * sample)) * order * (order - 2) * scale
    note = (
        f"estimated from {sample:,} of {order:,} nodes; error is the standard error of each value, as the sample shows "
        f"it; with {CONFIDENCE:.0%} certainty no value is off by more than {bound:.3g} (Hoeffding)"
    )
    return Result({"betweenness": total * order / sample * scale, "error": error}, notes=(note,), told={"bound": bound})


def _dependencies(found: Classes, sources: np.ndarray) -> np.ndarray:
    """How much each source depends on one node of each class (Brandes 2001, equation 7); shape (classes, sources).

    A class counts as many times as it has nodes, as an end and in between. Levels of all sources are taken together,
    each a product of the sparse matrix with a dense one: O(m) for a level and source.
    """
    sizes, columns = found.sizes[:, None], np.arange(len(sources))
    paths = np.zeros((len(sizes), len(sources)))
    paths[sources, columns] = 1.0
    level = np.full(paths.shape, -1, np.int32)
    level[sources, columns] = 0
    front, depth = paths.copy(), 0
    while True:
        arriving = found.backwards @ front
        new = (arriving > 0) & (level < 0)
        if not new.any():
            break
        depth += 1
        level[new] = depth
        arriving *= new
        paths += arriving
        front = arriving * sizes
    depends = np.zeros_like(paths)
    inverse = np.divide(sizes, paths, out=np.zeros_like(paths), where=paths > 0)
    for step in range(depth, 1, -1):
        sent = found.forwards @ np.where(level == step, (1 + depends) * inverse, 0.0)
        depends += np.where(level == step - 1, sent * paths, 0.0)
    return depends
