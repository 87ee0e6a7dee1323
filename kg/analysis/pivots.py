"""Pivot MDS: places whose distances are like those in the network, from the steps to a few nodes.

References
----------
Brandes and Pich 2006, "Eigensolver methods for progressive multidimensional scaling of large data", Graph Drawing 2006,
LNCS 4372, section 3; drawn together as by Koren 2003, "On spectral graph drawing", COCOON.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from kg.analysis.measures.shortest import distances

PIVOTS = 64
"""Nodes that distances are counted from: as many as one search takes."""

_GOLDEN = np.pi * (3 - 5**0.5)
_SAME = 1e-6
_SPREAD = 0.4
_ROUNDS = 3


def places(pattern: sparse.csr_array, seed: int) -> np.ndarray:
    """A place for each node, shape (nodes, 2): each component by itself, the largest first, and none over another.

    A step is as long as makes the area of a component grow with its nodes. Nodes at the same distances from all pivots
    (those of one clique, the leaves of one star) would fall together: they are spread round the place that they share.

    Parameters
    ----------
    pattern
        Symmetric, not 0 where there is an edge.

    Cost: O(m) for a step, and the steps are as many as the greatest distance; 64 numbers a node.
    """
    chance = np.random.default_rng(seed)
    _, of = csgraph.connected_components(pattern, directed=False)
    sizes = np.bincount(of)
    by_component = np.lexsort((np.arange(len(of)), of, -sizes[of]))
    ordered = pattern[by_component][:, by_component].tocsr()
    ranked = np.sort(sizes)[::-1]
    ends = np.cumsum(ranked)
    found = np.empty((len(of), 2))
    many = int(np.searchsorted(-ranked, -1))  # those of one node need no search
    spans = zip(ends[:many] - ranked[:many], ends[:many], strict=True)
    parts = [_component(ordered[begin:end, begin:end], chance) for begin, end in spans]
    centres = _packed([float(np.linalg.norm(part, axis=1).max()) for part in parts] + [0.0] * (len(ranked) - many))
    inner = np.vstack([*parts, np.zeros((len(ranked) - many, 2))])
    found[by_component] = inner + np.repeat(centres, ranked, axis=0)
    middle: np.ndarray = found - found.mean(axis=0)
    return middle


def _component(pattern: sparse.csr_array, chance: np.random.Generator) -> np.ndarray:
    """The places of nodes that all reach each other, round (0, 0), with an area of about one for each."""
    order = pattern.shape[0]
    pivots = chance.choice(order, size=min(PIVOTS, order), replace=False)
    squares = distances(pattern, pivots) ** 2
    centred = -0.5 * (squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean())
    _, axes = np.linalg.eigh(centred.T @ centred)
    made = np.zeros((order, 2))
    axes = axes[:, ::-1][:, :2]
    made[:, : axes.shape[1]] = centred @ axes
    lengths = np.linalg.norm(made, axis=0)
    # a singular value of the part is that of all distances but for the share of columns; its root is the length
    made /= np.sqrt(np.maximum(lengths, 1e-12 * max(lengths.max(), 1e-300)))
    made = _drawn(made, pattern)
    made *= np.sign(made[np.abs(made).argmax(axis=0), (0, 1)] + 1e-300)
    made -= made.mean(axis=0)
    made *= order**0.5 / max(np.linalg.norm(made, axis=1).max(), 1e-300)
    return _apart(made, chance)


def _drawn(made: np.ndarray, pattern: sparse.csr_array) -> np.ndarray:
    """Each node halfway to the middle of its neighbours, some times over.

    Where all are few steps from each other, as in collaborations, steps alone say little of who is with whom.
    """
    degrees = pattern.sum(axis=1)[:, None]
    for _ in range(_ROUNDS if len(made) > 1 else 0):
        made = (made + pattern @ made / degrees) / 2
    return made


def _apart(made: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Nodes of one place in a spiral round it, in which each has the same room (Vogel 1979)."""
    grid = np.round(made / (_SAME * max(np.abs(made).max(), 1e-300))).astype(np.int64)
    _, of, sizes = np.unique(grid, axis=0, return_inverse=True, return_counts=True)
    shuffled = chance.permutation(len(made))
    by_place = shuffled[np.argsort(of[shuffled], kind="stable")]
    rank = np.empty(len(made))
    rank[by_place] = np.arange(len(made)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    away = _SPREAD * np.sqrt(np.where(sizes[of] > 1, rank, 0.0))
    spread: np.ndarray = made + away[:, None] * np.column_stack([np.cos(rank * _GOLDEN), np.sin(rank * _GOLDEN)])
    return spread


def _packed(radii: Sequence[float]) -> np.ndarray:
    """Centres of discs that do not overlap, in rows; radii fall."""
    sides = 2 * np.array(radii) + 1
    width = max(sides.max(), float((sides**2).sum()) ** 0.5)
    centres = np.empty((len(sides), 2))
    x = y = height = 0.0
    for number, side in enumerate(sides):
        if x + side > width * (1 + 1e-9):
            x, y, height = 0.0, y - height, 0.0
        height = max(height, side)
        centres[number] = x + side / 2, y - side / 2
        x += side
    return centres
