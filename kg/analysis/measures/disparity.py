"""The backbone of a weighted network: the edges that are stronger than chance would have them at one of their ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from kg.analysis.engines import forms
from kg.analysis.measures.model import Result, Work
from kg.analysis.network import Network
from kg.errors import AnalysisError


def disparity(work: Work) -> Result:
    """For each edge the chance of so large a share of an end's strength, and whether it stays at a level.

    An end with one edge says nothing (its chance is 1), so the other decides; what joins two such ends stays, since
    they would be lost.
    """
    weights, edges = work.forms.matrix, work.network.edges
    one, other = edges["source"].to_numpy(), edges["target"].to_numpy()
    weight = edges["weight"].to_numpy()
    leaving = work.forms.degrees, np.asarray(weights.sum(axis=1)).ravel()
    arriving = leaving
    if work.forms.directed:
        arriving = np.diff(work.forms.backwards.indptr), np.asarray(weights.sum(axis=0)).ravel()
    at_one, at_other = _chance(weight, one, *leaving), _chance(weight, other, *arriving)
    chance = np.minimum(at_one, at_other)
    alone = (leaving[0][one] == 1) & (arriving[0][other] == 1)
    kept = (chance < work.number("alpha")) | alone
    columns = {"source": one, "target": other, "weight": weight, "alpha": chance, "kept": kept}
    told = {"kept": int(kept.sum()), "share": float(kept.mean()) if len(kept) else 0.0}
    return Result(columns, told=told)


def _chance(weight: np.ndarray, end: np.ndarray, degrees: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    """``(1 - w/s)^(k-1)`` (Serrano et al. 2009, equation 2)."""
    share = np.clip(1 - weight / strengths[end], 0.0, 1.0)
    return np.asarray(share ** (degrees[end] - 1))


def backbone(network: Network, *, alpha: float = 0.05, isolated: bool = False) -> Network:
    """The network of the edges that `disparity` keeps.

    Parameters
    ----------
    alpha
        The level: an edge stays whose weight chance would exceed with less probability at one of its ends.
    isolated
        Keep nodes that are left without edges.

    Raises
    ------
    AnalysisError
        alpha is not from 0 to 1.
    """
    if not 0 <= alpha <= 1:
        raise AnalysisError(f"alpha {alpha}: take a number from 0 to 1")
    columns = disparity(Work(network, forms(network), {"alpha": alpha}, lambda _: None)).columns
    edges = network.edges.filter(pl.Series(columns["kept"]))
    source = network.source.after(f"backbone alpha={alpha:g}{', with isolated nodes' if isolated else ''}")
    whole = replace(network, edges=edges, source=source)
    if isolated:
        return whole
    return whole.subnetwork(pl.concat([edges["source"], edges["target"]]).unique().to_list())
