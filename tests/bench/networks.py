"""Networks: projection, all measures and communities, beside each raw engine and beside networkx.

Two networks: who takes part in projects of CORDIS FP7 with whom (``../shared``; made up where that is not at hand), and
who makes contracts with whom in the made-up register of contracts. Our costs include the conversion of the network; so
do those of engines, from the same arrays. What takes an engine too long is measured on some sources and scaled up by
their number, without the conversion, and says so. networkx is measured on a part of the network, and ours there too.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from kg.analysis import definitions
from kg.analysis.engines import networkit
from kg.analysis.measures import MEASURES, measure
from kg.analysis.network import Network
from kg.analysis.projection import Choice, project
from kg.sources.contracts import sample

from .harness import Cost, Line, cost, side_by_side, step

FP7 = Path(__file__).resolve().parents[3] / "shared" / "data" / "cordis_fp7" / "fp7edges.tsv.gz"
SAMPLES = 128
PART = 64
PARTS = {"betweenness": 250, "closeness": 250, "constraint": 1_000, "louvain": 2_500, "leiden": 2_500}
"""The first projects, on which networkx is measured; it has no Leiden, so that Louvain stands beside it."""
_KIB = 1024
_SINGLE = {"runs": 1, "iterations": 2}
TABLE: dict[str, dict[str, Any]] = {name: {"samples": 1_024} if name == "betweenness" else {} for name in MEASURES}
"""The whole table of measures, betweenness from a sample."""


def measure_networks(folder: Path, number: int, runs: int) -> list[Line]:
    """Both networks, of so many projects and of contracts in proportion."""
    share = min(1.0, number / 25_788)
    contracts = max(sample.FEWEST, round(sample.CONTRACTS * share))
    lines: list[Line] = []
    for line in _measured(folder, number, contracts, runs):
        step(" | ".join(line.cells()))  # at once, so that a run that is ended early has told what it knows
        lines.append(line)
    return lines


def _measured(folder: Path, projects: int, contracts: int, runs: int) -> Iterator[Line]:
    """First what is ours, then engines, then networkx, which takes longest."""
    known: dict[str, tuple[pl.DataFrame, Network]] = {}
    for name, rows in (("FP7", _participations(projects)), ("contracts", _parties(contracts))):
        rows.write_parquet(folder / f"{name}.parquet")
        step(f"{name}: projecting")
        network = _projected(rows)
        known[name] = rows, network
        yield _projection(name, rows, network, runs)
        yield _whole(name, folder, network)
    rows, network = known["FP7"]
    yield from _beside_engines(network, runs)
    yield from _beside_networkx(rows)


def _participations(projects: int) -> pl.DataFrame:
    """Actor and event of the first projects of FP7, or of ones made up."""
    if not FP7.is_file():
        rows = (
            (f"o{(n * n + k * 31) % (projects * 2 + 3)}", f"p{n}") for n in range(projects) for k in range(2 + n % 9)
        )
        return pl.DataFrame(list(rows), schema=["actor", "event"], orient="row")
    rows = pl.read_csv(FP7, separator="\t", infer_schema=False).select(actor="new_org_id", event="projectRcn")
    kept = rows["event"].unique().sort().head(projects)
    return rows.filter(pl.col("event").is_in(kept.implode()))


def _parties(contracts: int) -> pl.DataFrame:
    made = sample.register(contracts).contracts
    ends = [made.select(actor=side, event="id") for side in ("provider", "client")]
    return pl.concat(ends)


def _projected(rows: pl.DataFrame) -> Network:
    return project(rows, definitions.find("co-participation"), Choice())


def _projection(name: str, rows: pl.DataFrame, network: Network, runs: int) -> Line:
    """The way from rows to a network, beside the product of matrices alone."""
    actors, events = (rows[side].rank("dense").to_numpy().astype(np.int64) - 1 for side in ("actor", "event"))

    def product() -> int:
        ties = sparse.coo_array((np.ones(len(actors)), (actors, events))).tocsr()
        return int(sparse.triu(ties @ ties.T, k=1).nnz)

    ours, theirs = side_by_side(lambda: _projected(rows), product, runs=runs)
    assert ours.result.size == network.size
    size = f"{rows.height:,} rows"
    return Line(f"{name}: project", size, ours.seconds, theirs.seconds, "the product alone", network.size, "edge")


def _whole(name: str, folder: Path, network: Network) -> Line:
    """All measures of a network, in a process of its own whose greatest memory is told."""
    step(f"{name}: all {len(TABLE)} measures, {network.order:,} nodes, {network.size:,} edges")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        taken = apart.submit(_all, folder / f"{name}.parquet").result()
    size = f"{network.order:,} nodes, {network.size:,} edges, {taken.result:,.0f} MiB"
    return Line(f"{name}: all {len(TABLE)} measures", size, taken.seconds, 120.0, "the aim", network.size, "edge")


def _all(rows: Path) -> Cost:
    network = _projected(pl.read_parquet(rows))

    def every() -> None:
        for name, parameters in TABLE.items():
            measure(network, name, parameters, limit=None)

    return Cost(cost(every).seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB)


@dataclass(frozen=True)
class Raw:
    """An engine as it is, on the same arrays; ``part`` of the sources only, without conversion, for what takes long."""

    engine: str
    run: Callable[[Arrays], Any]
    part: bool = False


class Arrays:
    """The arrays of a network, and graphs of engines made of them anew each time."""

    def __init__(self, network: Network) -> None:
        self.order = network.order
        self.one, self.other = (network.edges[end].to_numpy() for end in ("source", "target"))
        self.weight = network.edges["weight"].to_numpy()
        self.kept = self.igraph()
        self.some = np.random.default_rng(1).choice(self.order, min(PART, self.order), replace=False).tolist()

    def igraph(self) -> Any:
        """igraph."""
        import igraph

        ends = np.column_stack([self.one, self.other]).astype(np.int64)
        made = igraph.Graph(n=self.order, edges=ends)
        made.es["weight"] = self.weight
        return made

    def networkit(self, *, weighted: bool) -> Any:
        """networkit."""
        ends = self.one.astype(np.uint64), self.other.astype(np.uint64)
        given = (self.weight, ends) if weighted else ends
        return networkit().GraphFromCoo(given, n=self.order, weighted=weighted, directed=False)

    def rustworkx(self) -> Any:
        """rustworkx."""
        import rustworkx

        made = rustworkx.PyGraph(multigraph=False)
        made.add_nodes_from(range(self.order))
        made.add_edges_from(list(zip(self.one.tolist(), self.other.tolist(), self.weight.tolist(), strict=True)))
        return made


def _kit(name: str, *arguments: Any, weighted: bool = False, of: str = "centrality") -> Callable[[Arrays], Any]:
    def run(arrays: Arrays) -> Any:
        return getattr(getattr(networkit(), of), name)(arrays.networkit(weighted=weighted), *arguments).run()

    return run


def _rust(name: str, **options: Any) -> Callable[[Arrays], Any]:
    def run(arrays: Arrays) -> Any:
        import rustworkx

        return getattr(rustworkx, name)(arrays.rustworkx(), **options)

    return run


def _leiden(graph: Any) -> Any:
    return graph.community_leiden(objective_function="modularity", weights="weight", n_iterations=2)


RAW: dict[str, tuple[dict[str, Any], list[Raw]]] = {
    "pagerank": (
        {},
        [
            Raw("igraph", lambda a: a.igraph().pagerank(weights="weight")),
            Raw("networkit", _kit("PageRank", 0.85, 1e-10, weighted=True)),
        ],
    ),
    "eigenvector": (
        {"tolerance": 1e-9},
        [
            Raw("networkit", _kit("EigenvectorCentrality", 1e-9, weighted=True)),
            Raw("rustworkx", _rust("eigenvector_centrality", weight_fn=float)),
        ],
    ),
    "core": (
        {},
        [
            Raw("networkit", _kit("CoreDecomposition")),
            Raw("igraph", lambda a: a.igraph().coreness()),
            Raw("rustworkx", _rust("core_number")),
        ],
    ),
    "clustering": (
        {},
        [
            Raw("networkit", _kit("LocalClusteringCoefficient", True)),
            Raw("igraph", lambda a: a.igraph().transitivity_local_undirected(mode="zero")),
        ],
    ),
    "constraint": ({}, [Raw("igraph", lambda a: a.igraph().constraint(weights="weight"))]),
    "harmonic": ({}, [Raw("igraph", lambda a: a.kept.harmonic_centrality(a.some), part=True)]),
    "closeness": ({}, [Raw("igraph", lambda a: a.kept.closeness(a.some), part=True)]),
    "betweenness": (
        {"samples": SAMPLES},
        [
            Raw("networkit", _kit("EstimateBetweenness", SAMPLES)),
            Raw("igraph", lambda a: a.igraph().betweenness(sources=(a.some * 2)[:SAMPLES])),
        ],
    ),
    "leiden": (
        _SINGLE,
        [
            Raw("networkit", _kit("ParallelLeiden", 2, weighted=True, of="community")),
            Raw("igraph", lambda a: _leiden(a.igraph())),
        ],
    ),
    "leiden, one iteration": (
        {"runs": 1, "iterations": 1},
        [Raw("networkit", _kit("ParallelLeiden", 2, weighted=True, of="community"))],
    ),
    "louvain": (
        {"runs": 1},
        [
            Raw("networkit", _kit("PLM", False, 1.0, "none randomized", weighted=True, of="community")),
            Raw("igraph", lambda a: a.igraph().community_multilevel(weights="weight")),
        ],
    ),
}
"""Parameters of ours, and the engines that compute the same."""


def _beside_engines(network: Network, runs: int) -> Iterator[Line]:
    arrays = Arrays(network)
    for case, (parameters, raws) in RAW.items():
        name = case.partition(",")[0]
        step(f"FP7: {case} beside {', '.join(raw.engine for raw in raws)}")
        ways: list[Callable[[], Any]] = [_ours(network, name, parameters, runs)]
        ways += [lambda raw=raw: raw.run(arrays) for raw in raws]  # type: ignore[misc]
        ours, *theirs = side_by_side(*ways, runs=runs)
        size = f"{network.size:,} edges, {ours.result.engine}"
        for raw, taken in zip(raws, theirs, strict=True):
            times = network.order / len(arrays.some) if raw.part else 1
            against = f"{raw.engine}, {len(arrays.some)} sources by number" if raw.part else raw.engine
            limit = taken.seconds * times
            yield Line(f"FP7: {case}", size, ours.seconds, limit, against, network.size, "edge")


def _ours(
    network: Network, name: str, parameters: dict[str, Any], runs: int = 1, engine: str = ""
) -> Callable[[], Any]:
    """A measure on the network, each time on another copy, so that converting it is part of the cost."""
    copies = [network.subnetwork(range(network.order)) for _ in range(runs)]

    def run() -> Any:
        return measure(copies.pop(), name, parameters, engine=engine, limit=None)

    return run


def _beside_networkx(rows: pl.DataFrame) -> Iterator[Line]:
    """Ours and networkx on the network of the first projects."""
    for name, projects in PARTS.items():
        first = rows["event"].unique().sort().head(projects)
        part = _projected(rows.filter(pl.col("event").is_in(first.implode())))
        reference = "louvain" if name == "leiden" else name
        step(f"part: {name} of {part.size:,} edges beside networkx")
        parameters = {"runs": 1} if reference == "louvain" else {}
        ours = cost(_ours(part, name, parameters))
        theirs = cost(_ours(part, reference, parameters, engine="networkx"))
        size = f"{part.order:,} nodes, {part.size:,} edges"
        against = "networkx" if name == reference else f"networkx, {reference}"
        yield Line(f"part: {name}", size, ours.seconds, theirs.seconds, against, max(part.size, 1), "edge")
