"""Measures of a node's own edges, and of where these lead: degree, strength, PageRank, eigenvector, cores, modules."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from kg.analysis.measures.model import Result, Work
from kg.analysis.measures.triads import row_sums
from kg.errors import AnalysisError

_ALIKE = 1e-12
"""A spread below this is rounding."""


def degree(work: Work) -> Result:
    """How many neighbours, how strong the edges to them are, and their share of all possible ones."""
    forms, direction = work.forms, work.text("direction")
    outgoing = forms.degrees, row_sums(forms.matrix.data, forms.matrix)
    if not forms.directed:
        if direction != "all":
            raise AnalysisError("the network has no directions: leave out the parameter direction")
        degrees, strengths = outgoing
    else:
        turned = forms.matrix.T.tocsr()
        incoming = np.diff(turned.indptr), row_sums(turned.data, turned)
        chosen = {"out": [outgoing], "in": [incoming], "all": [outgoing, incoming]}[direction]
        degrees, strengths = (np.sum([each[which] for each in chosen], axis=0) for which in (0, 1))
    return Result({"degree": degrees.astype(np.int64), "strength": strengths.astype(np.float64)})


def pagerank(work: Work) -> Result:
    """The share of time at each node of a walk that now and then begins anew."""
    weights, order = _matrix(work), work.forms.order
    leaving = np.asarray(weights.sum(axis=1)).ravel()
    inverse = np.divide(1.0, leaving, out=np.zeros(order), where=leaving > 0)
    rows = np.repeat(np.arange(order), np.diff(weights.indptr))
    follow = sparse.csr_array((weights.data * inverse[rows], weights.indices, weights.indptr), shape=weights.shape)
    step = follow.T if work.forms.directed else follow.T.tocsr()
    damping, tolerance = work.number("damping"), work.number("tolerance")
    ranks = np.full(order, 1 / order)
    nowhere = leaving == 0
    for _ in range(work.whole("iterations")):
        before = ranks
        ranks = damping * (step @ before + before[nowhere].sum() / order) + (1 - damping) / order
        if np.abs(ranks - before).sum() < tolerance:
            return Result({"pagerank": ranks})
    raise _not_converged(work)


def eigenvector(work: Work) -> Result:
    """The leading eigenvector, of length 1, by the power method on A + I, which cannot swing between two vectors."""
    incoming, order = _matrix(work).T.tocsr(), work.forms.order
    if not incoming.nnz:
        raise without_edges()
    # what sums to nothing in each step would say nothing after it: weights are brought to a mean row of 1
    scale = incoming.sum() / order
    values = np.full(order, 1 / np.sqrt(order))
    for _ in range(work.whole("iterations")):
        before = values
        values = before * scale + incoming @ before
        values /= np.linalg.norm(values)
        if np.abs(values - before).sum() < order * work.number("tolerance"):
            return Result({"eigenvector": values}, notes=_concentrated(values))
    raise _not_converged(work)


def without_edges() -> AnalysisError:
    """What to raise where standing comes from neighbours and there are none."""
    return AnalysisError("the network has no edges, so no node has a neighbour to take standing from")


def _concentrated(values: np.ndarray) -> tuple[str, ...]:
    """A note where most of the vector sits in few nodes: then it tells about a part of the network only."""
    none = int((values < values.max() * 1e-6).sum())
    return (f"{none:,} of {len(values):,} nodes are next to 0: they are in other components, or far away",) * (none > 0)


def _matrix(work: Work) -> sparse.csr_array:
    return work.forms.matrix if work.true("weighted") else work.forms.pattern


def _not_converged(work: Work) -> AnalysisError:
    return AnalysisError(
        f"not converged after {work.whole('iterations'):,} iterations: give more iterations, or a tolerance above "
        f"{work.number('tolerance'):g}"
    )


def core(work: Work) -> Result:
    """Core numbers: what is left when nodes with fewer neighbours are peeled off, layer by layer."""
    pattern = work.forms.pattern
    degrees = work.forms.degrees.astype(np.int64)
    cores, alive = np.zeros(len(degrees), np.int64), np.ones(len(degrees), dtype=bool)
    number = 0
    while alive.any():
        number = max(number, int(degrees[alive].min()))
        layer = np.flatnonzero(alive & (degrees <= number))
        while len(layer):
            cores[layer], alive[layer] = number, False
            touched = _neighbours(pattern, layer)
            touched = touched[alive[touched]]
            degrees -= np.bincount(touched, minlength=len(degrees))
            layer = np.unique(touched[degrees[touched] <= number])
    return Result({"core": cores}, told={"highest": int(cores.max(initial=0))})


def _neighbours(pattern: sparse.csr_array, rows: np.ndarray) -> np.ndarray:
    """The neighbours of some nodes, one after another."""
    starts, lengths = pattern.indptr[rows], pattern.indptr[rows + 1] - pattern.indptr[rows]
    begins = np.cumsum(lengths) - lengths
    return np.asarray(pattern.indices[np.repeat(starts - begins, lengths) + np.arange(lengths.sum())])


def participation(work: Work, modules: np.ndarray) -> Result:
    """How evenly each node's edges are spread over modules, and how well it is joined within its own.

    Parameters
    ----------
    modules : (nodes,) whole numbers from 0; -1 for nodes of none, whose edges are left out
    """
    weights, order = _matrix(work), work.forms.order
    rows, others = np.repeat(np.arange(order), np.diff(weights.indptr)), weights.indices
    counted = modules[others] >= 0
    number = int(modules.max(initial=-1)) + 1
    by_module = sparse.coo_array(
        (weights.data[counted], (rows[counted], modules[others[counted]])), shape=(order, max(number, 1))
    ).tocsr()
    whole = np.asarray(by_module.sum(axis=1)).ravel()
    squares = np.asarray(by_module.multiply(by_module).sum(axis=1)).ravel()
    spread = 1 - np.divide(squares, whole**2, out=np.full(order, np.nan), where=whole > 0)
    belongs = modules >= 0
    own = np.full(order, np.nan)
    own[belongs] = by_module[np.flatnonzero(belongs), modules[belongs]]
    columns = {"participation": spread, "within": _scores(own, modules, number), "module": modules}
    return Result(columns, told={"modules": number})


def _scores(own: np.ndarray, modules: np.ndarray, number: int) -> np.ndarray:
    """How many standard deviations a node's edges within its module lie above the mean there; 0 where all are alike."""
    belongs = modules >= 0
    of, values = modules[belongs], own[belongs]
    sizes = np.maximum(np.bincount(of, minlength=number), 1)
    mean = np.bincount(of, weights=values, minlength=number) / sizes
    spread = np.sqrt(np.bincount(of, weights=(values - mean[of]) ** 2, minlength=number) / sizes)
    scores = np.full(len(own), np.nan)
    scores[belongs] = np.divide(values - mean[of], spread[of], out=np.zeros(len(of)), where=spread[of] > _ALIKE)
    return scores
