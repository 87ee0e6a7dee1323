"""Communities by Leiden and Louvain, how good they are, and how far they depend on the seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from kg.analysis.engines import Forms, networkit
from kg.analysis.measures.model import Result, Work
from kg.analysis.measures.whole import partitioned
from kg.errors import AnalysisError

Divide = Callable[[Work, int], np.ndarray]
"""Labels of nodes for one seed."""


def leiden_graspologic(work: Work, seed: int) -> np.ndarray:
    """Leiden by graspologic-native, on the arrays of the matrix as they are."""
    import graspologic_native as native  # noqa: PLC0415

    weights, order = work.forms.matrix, work.forms.order
    _, found = native.leiden_csr(
        weights.indptr.astype(np.int64),
        weights.indices.astype(np.int32),
        weights.data,
        order,
        resolution=work.number("resolution"),
        iterations=work.whole("iterations"),
        seed=seed,
    )
    return np.fromiter((found[node] for node in range(order)), np.int64, order)


def leiden_networkit(work: Work, seed: int) -> np.ndarray:
    """Leiden by networkit."""
    kit = networkit()
    kit.setSeed(seed, False)
    strengths = work.forms.networkit_strengths
    return _partition(
        kit.community.ParallelLeiden(strengths, work.whole("iterations"), True, work.number("resolution"))
    )


def louvain_networkit(work: Work, seed: int) -> np.ndarray:
    """Louvain by networkit."""
    kit = networkit()
    kit.setSeed(seed, False)
    gamma = work.number("resolution")
    return _partition(kit.community.PLM(work.forms.networkit_strengths, False, gamma, "none randomized"))


def _partition(algorithm: Any) -> np.ndarray:
    algorithm.run()
    found = algorithm.getPartition()  # once: it is moved out, and empty the next time
    return np.asarray(found.getVector(), dtype=np.int64)


def leiden_igraph(work: Work, seed: int) -> np.ndarray:
    """Leiden by igraph."""
    found = _seeded(work.forms, seed).community_leiden(
        objective_function="modularity",
        weights="weight",
        resolution=work.number("resolution"),
        n_iterations=work.whole("iterations"),
    )
    return np.asarray(found.membership)


def louvain_igraph(work: Work, seed: int) -> np.ndarray:
    """Louvain by igraph."""
    found = _seeded(work.forms, seed).community_multilevel(weights="weight", resolution=work.number("resolution"))
    return np.asarray(found.membership)


def _seeded(kept: Forms, seed: int) -> Any:
    import igraph  # noqa: PLC0415 - an extra

    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - nothing secret
    return kept.igraph


def louvain_networkx(work: Work, seed: int) -> np.ndarray:
    """Louvain by networkx."""
    import networkx as nx  # noqa: PLC0415 - 0.1 s, and not all need it

    labels = np.empty(work.forms.order, np.int64)
    sets = nx.community.louvain_communities(work.forms.graph, resolution=work.number("resolution"), seed=seed)
    for number, members in enumerate(sets):
        labels[list(members)] = number
    return labels


def communities(divide: Divide) -> Callable[[Work], Result]:
    """The best of some runs with seeds one after another, and how much the others are like it."""

    def run(work: Work) -> Result:
        if not work.forms.size:
            raise AnalysisError("the network has no edges, so there are no communities")
        first, runs, resolution = work.whole("seed"), work.whole("runs"), work.number("resolution")
        found = []
        for number in range(runs):
            work.progress(f"dividing, run {number + 1} of {runs}")
            found.append(divide(work, first + number))
        quality = [modularity(work.forms.matrix, labels, resolution) for labels in found]
        best = int(np.argmax(quality))
        others = [labels for number, labels in enumerate(found) if number != best]
        stable = _stability(found[best], others)
        told = {"modularity": quality[best], "best_seed": first + best, **stable.told}
        result = partitioned(found[best], "community", **told)
        told = {("communities" if name == "communitys" else name): value for name, value in result.told.items()}
        return Result({**result.columns, **stable.columns}, notes=_lone(runs), told=told)

    return run


def _lone(runs: int) -> tuple[str, ...]:
    return ("one run only: how far communities depend on the seed was not looked at",) * (runs == 1)


def modularity(weights: sparse.csr_array, labels: np.ndarray, resolution: float = 1.0) -> float:
    """The share of weight within communities above what strengths alone would give (Newman 2004, equation 4)."""
    _, of = np.unique(labels, return_inverse=True)
    rows = np.repeat(np.arange(len(of)), np.diff(weights.indptr))
    total = weights.data.sum()
    within = weights.data[of[rows] == of[weights.indices]].sum() / total
    strengths = np.bincount(of[rows], weights=weights.data) / total
    return float(within - resolution * (strengths @ strengths))


def _stability(best: np.ndarray, others: list[np.ndarray]) -> Result:
    """Means over the other runs; of each node, how far its community is the same (Jaccard)."""
    if not others:
        return Result({})
    compared = [compare(best, other) for other in others]
    told = {f"mean_{name}": float(np.mean([each[name] for each in compared])) for name in ("nmi", "ari", "vi")}
    stability = np.mean([_jaccard(best, other) for other in others], axis=0)
    return Result({"stability": stability}, told=told)


def compare(one: np.ndarray, other: np.ndarray) -> dict[str, float]:
    """How alike two partitions of the same nodes are.

    Returns
    -------
    ``nmi``: mutual information over the mean of both entropies, 0 to 1 (Danon et al. 2005, equation 2). ``ari``: pairs
    that both put together, corrected for chance, at most 1 (Hubert and Arabie 1985, equation 5). ``vi``: variation of
    information in nats, 0 for equal ones (Meila 2007, equation 16).
    """
    table = _contingency(one, other)
    order = len(one)
    rows, columns = (np.asarray(table.sum(axis=axis)).ravel() for axis in (1, 0))
    joint = table.data / order
    entropies = [float(-(share @ np.log(share))) for share in (rows / order, columns / order)]
    mutual = max(sum(entropies) + float(joint @ np.log(joint)), 0.0)
    both, first, second = (_pairs(counts) for counts in (table.data, rows, columns))
    expected, most = first * second / max(_pairs(np.array([order])), 1), (first + second) / 2
    return {
        "nmi": 2 * mutual / sum(entropies) if sum(entropies) > 0 else 1.0,
        "ari": float((both - expected) / (most - expected)) if most != expected else 1.0,
        "vi": max(sum(entropies) - 2 * mutual, 0.0),
    }


def _pairs(counts: np.ndarray) -> float:
    return float((counts * (counts - 1.0) / 2).sum())


def _contingency(one: np.ndarray, other: np.ndarray) -> sparse.csr_array:
    _, rows = np.unique(one, return_inverse=True)
    _, columns = np.unique(other, return_inverse=True)
    return sparse.coo_array((np.ones(len(rows)), (rows, columns))).tocsr()


def _jaccard(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """For each node, the overlap of its two communities over what they hold together."""
    _, rows, sizes = np.unique(one, return_inverse=True, return_counts=True)
    _, columns, other_sizes = np.unique(other, return_inverse=True, return_counts=True)
    cell = rows * len(other_sizes) + columns
    _, at, overlap = np.unique(cell, return_inverse=True, return_counts=True)
    shared = overlap[at]
    return np.asarray(shared / (sizes[rows] + other_sizes[columns] - shared))
