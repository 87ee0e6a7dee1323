"""Measures as networkx, networkit and igraph compute them, in the columns and units of this package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np

from kg.analysis.engines import networkit
from kg.analysis.measures.model import Result, Work
from kg.analysis.measures.positions import without_edges
from kg.analysis.measures.whole import attribute, partitioned
from kg.errors import AnalysisError


def _column(name: str, values: Mapping[int, Any], work: Work) -> Result:
    """A dictionary of networkx as an array in the order of the nodes."""
    return Result({name: np.fromiter((values[node] for node in range(work.forms.order)), np.float64, work.forms.order)})


def _weight(work: Work) -> str | None:
    return "weight" if work.true("weighted") else None


def _distance(work: Work) -> str | None:
    return "distance" if work.text("distance") == "inverse" else None


# networkx, the reference


def nx_degree(work: Work) -> Result:
    """Degrees and strengths."""
    graph, direction = work.forms.graph, work.text("direction")
    view = {"all": "degree", "in": "in_degree", "out": "out_degree"}[direction]
    degrees, strengths = dict(getattr(graph, view)()), dict(getattr(graph, view)(weight="weight"))
    order = range(work.forms.order)
    return Result(
        {
            "degree": np.array([degrees[n] for n in order], np.int64),
            "strength": np.array([float(strengths[n]) for n in order]),
        }
    )


def nx_closeness(work: Work) -> Result:
    """Closeness."""
    values = nx.closeness_centrality(work.forms.graph, distance=_distance(work), wf_improved=work.true("corrected"))
    return _column("closeness", values, work)


def nx_harmonic(work: Work) -> Result:
    """Harmonic closeness, as a mean."""
    values = nx.harmonic_centrality(work.forms.graph, distance=_distance(work))
    others = max(work.forms.order - 1, 1)
    return _column("harmonic", {node: value / others for node, value in values.items()}, work)


def nx_betweenness(work: Work) -> Result:
    """Betweenness, exact."""
    values = nx.betweenness_centrality(work.forms.graph, normalized=work.true("normalized"), weight=_distance(work))
    return _column("betweenness", values, work)


def nx_eigenvector(work: Work) -> Result:
    """The leading eigenvector."""
    if not work.forms.size:
        raise without_edges()
    try:
        values = nx.eigenvector_centrality(
            work.forms.graph, max_iter=work.whole("iterations"), tol=work.number("tolerance"), weight=_weight(work)
        )
    except nx.PowerIterationFailedConvergence as error:
        raise AnalysisError("not converged: give more iterations, or a greater tolerance") from error
    return _column("eigenvector", values, work)


def nx_pagerank(work: Work) -> Result:
    """PageRank."""
    order = max(work.forms.order, 1)
    try:
        values = nx.pagerank(
            work.forms.graph,
            alpha=work.number("damping"),
            max_iter=work.whole("iterations"),
            tol=work.number("tolerance") / order,  # networkx takes it times the number of nodes
            weight=_weight(work),
        )
    except nx.PowerIterationFailedConvergence as error:
        raise AnalysisError("not converged: give more iterations, or a greater tolerance") from error
    return _column("pagerank", values, work)


def nx_core(work: Work) -> Result:
    """Core numbers."""
    values = nx.core_number(work.forms.graph)
    cores = np.array([values[node] for node in range(work.forms.order)], np.int64)
    return Result({"core": cores}, told={"highest": int(cores.max(initial=0))})


def nx_clustering(work: Work) -> Result:
    """Clustering."""
    graph = work.forms.graph
    result = _column("clustering", nx.clustering(graph, weight=_weight(work)), work)
    transitivity = None if work.true("weighted") else float(nx.transitivity(graph))
    average = float(np.mean(result.columns["clustering"]))
    return Result(result.columns, told={"average": average, "transitivity": transitivity})


def nx_constraint(work: Work) -> Result:
    """Constraint."""
    return _column("constraint", nx.constraint(work.forms.graph, weight=_weight(work)), work)


def nx_effective_size(work: Work) -> Result:
    """Effective size and efficiency.

    Nodes are named, since the other way that networkx 3.6 takes, for all nodes, normalises weights by the wrong rows.
    """
    graph = work.forms.graph
    result = _column("effective_size", nx.effective_size(graph, nodes=list(graph), weight=_weight(work)), work)
    degrees = work.forms.degrees
    size = result.columns["effective_size"]
    return Result({**result.columns, "efficiency": size / np.where(degrees > 0, degrees, np.nan)})


def nx_components(work: Work) -> Result:
    """Components."""
    graph = work.forms.graph
    strong = work.true("strong")
    if not graph.is_directed():
        sets = nx.connected_components(graph)
    else:
        sets = nx.strongly_connected_components(graph) if strong else nx.weakly_connected_components(graph)
    labels = np.empty(work.forms.order, np.int64)
    for number, members in enumerate(sets):
        labels[list(members)] = number
    return partitioned(labels, "component")


def nx_assortativity(work: Work) -> Result:
    """Assortativity of edges that all count alike."""
    graph, by = work.forms.graph, work.text("by")
    numeric = by == "degree" or attribute(work.network, by).dtype.is_numeric()
    with np.errstate(invalid="ignore", divide="ignore"):
        value = nx.degree_assortativity_coefficient(graph) if by == "degree" else _mixing(work, by, numeric=numeric)
    if not np.isfinite(value):
        raise AnalysisError(f"all ends of edges have one value of {by}, or there is no edge: mixing cannot be told")
    return Result({"assortativity": float(value), "by": by, "kind": "numeric" if numeric else "nominal"})


def _mixing(work: Work, by: str, *, numeric: bool) -> float:
    given = {node: value for node, value in enumerate(attribute(work.network, by)) if value is not None}
    part = work.forms.graph.subgraph(given).copy()
    if not part.size():
        return float("nan")
    nx.set_node_attributes(part, given, by)
    way = nx.numeric_assortativity_coefficient if numeric else nx.attribute_assortativity_coefficient
    return float(way(part, by))


# networkit


def kit_betweenness(work: Work) -> Result:
    """Betweenness, exact, along steps or along 1/weight."""
    forms = work.forms
    graph = forms.networkit_distances if _distance(work) else forms.networkit
    scores = np.asarray(_run(networkit().centrality.Betweenness(graph)).scores())
    order = forms.order
    if work.true("normalized"):
        scale = 1 / ((order - 1) * (order - 2)) if order > 2 else 1.0  # noqa: PLR2004 - two ends, one between
        return Result({"betweenness": scores * scale})
    return Result({"betweenness": scores * (1 if forms.directed else 0.5)})  # it counts a pair from both ends


def kit_core(work: Work) -> Result:
    """Core numbers."""
    cores = np.asarray(_run(networkit().centrality.CoreDecomposition(work.forms.networkit)).scores()).astype(np.int64)
    return Result({"core": cores}, told={"highest": int(cores.max(initial=0))})


def kit_clustering(work: Work) -> Result:
    """Clustering, without weights."""
    graph = work.forms.networkit
    values = np.asarray(_run(networkit().centrality.LocalClusteringCoefficient(graph, True)).scores())
    return _clustering(values, work)


def _clustering(values: np.ndarray, work: Work) -> Result:
    degrees = work.forms.degrees.astype(np.float64)
    pairs = degrees * (degrees - 1)
    transitivity = float(values @ pairs / pairs.sum()) if pairs.sum() else 0.0
    return Result({"clustering": values}, told={"average": float(values.mean()), "transitivity": transitivity})


def _run(algorithm: Any) -> Any:
    """Run it. It turns Ctrl-C into an error of its own, which is turned back."""
    try:
        return algorithm.run()
    except RuntimeError as error:
        if "SIGINT" in str(error) or "CTRL" in str(error).upper():
            raise KeyboardInterrupt from error
        raise


# igraph


def ig_betweenness(work: Work) -> Result:
    """Betweenness, exact, along steps or along 1/weight."""
    forms, order = work.forms, work.forms.order
    scores = np.asarray(forms.igraph.betweenness(directed=forms.directed, weights=_distance(work)))
    if work.true("normalized"):
        scale = 1 / ((order - 1) * (order - 2)) if order > 2 else 1.0  # noqa: PLR2004 - two ends, one between
        scores = scores * scale * (1 if forms.directed else 2)
    return Result({"betweenness": scores})


def ig_harmonic(work: Work) -> Result:
    """Harmonic closeness."""
    values = work.forms.igraph.harmonic_centrality(mode="in", weights=_distance(work), normalized=True)
    return Result({"harmonic": np.nan_to_num(np.asarray(values))})


def ig_pagerank(work: Work) -> Result:
    """PageRank, to the last digit."""
    return Result(
        {"pagerank": np.asarray(work.forms.igraph.pagerank(damping=work.number("damping"), weights=_weight(work)))}
    )


def ig_core(work: Work) -> Result:
    """Core numbers."""
    cores = np.asarray(work.forms.igraph.coreness(), np.int64)
    return Result({"core": cores}, told={"highest": int(cores.max(initial=0))})


def ig_clustering(work: Work) -> Result:
    """Clustering, without weights."""
    return _clustering(np.asarray(work.forms.igraph.transitivity_local_undirected(mode="zero")), work)


def ig_constraint(work: Work) -> Result:
    """Constraint."""
    return Result({"constraint": np.asarray(work.forms.igraph.constraint(weights=_weight(work)))})
