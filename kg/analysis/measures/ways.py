"""Which engine computes which measure, and what that costs: the one table that the choice of an engine follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import log2, sqrt

from kg.analysis.engines import ENGINES
from kg.analysis.measures import disparity, libraries, partitions, positions, shortest, triads, whole
from kg.analysis.measures.model import Measure, Result, Value, Work
from kg.analysis.network import Network
from kg.errors import AnalysisError, ParameterError

Parameters = Mapping[str, Value]

CONVERSION = {"scipy": 60, "graspologic": 60, "networkit": 350, "igraph": 1_000, "networkx": 4_000}
"""CPU nanoseconds an edge, measured on 673,050 edges."""
_PERMISSIVE = 1.5
"""An engine under a copyleft licence must be so much cheaper than the best of the others to be chosen unasked."""


@dataclass(frozen=True)
class Way:
    """How one engine computes one measure.

    Attributes
    ----------
    nanoseconds
        CPU time of an elementary step, of which `steps` says how many there are.
    only
        Values of parameters that it can do; any of those that are not there.
    named
        It is taken only where its engine is asked for: what it gives is another division, not the same numbers.
    """

    measure: str
    engine: str
    run: Callable[[Work], Result]
    nanoseconds: float
    only: Parameters | None = None
    named: bool = False

    def takes(self, parameters: Parameters) -> bool:
        """Whether it can do what the parameters ask."""
        return all(parameters[name] == value for name, value in (self.only or {}).items())

    def seconds(self, network: Network, parameters: Parameters) -> float:
        """CPU seconds that it may take, conversion included; right to a factor of three or so."""
        work = self.nanoseconds * steps(self.measure, network, parameters)
        return (work + CONVERSION[self.engine] * network.size) / 1e9


def steps(measure: str, network: Network, parameters: Parameters) -> float:
    """Elementary steps of a measure: edges looked at, for searches times their sources."""
    order, size = network.order, network.size
    searches = float(order * (size + order))
    if parameters.get("distance") == "inverse":
        searches *= log2(order + 2)
    if measure == "betweenness":
        return searches * min(int(parameters["samples"]) or order, order) / max(order, 1)
    if measure in {"closeness", "harmonic"}:
        return searches
    if measure in {"clustering", "constraint", "effective_size"}:
        return float(size) * min(4.0 * size / max(order, 1), 2.0 * sqrt(size))
    rounds = int(parameters["runs"]) * int(parameters.get("iterations", 1)) if "runs" in parameters else 1
    return float((size + order) * rounds)


def _participation(work: Work) -> Result:
    """Participation by an attribute, or by the communities of one run of Leiden."""
    if by := work.text("by"):
        column = whole.attribute(work.network, by)
        codes = column.cast(str).rank("dense").cast(int) - 1
        return positions.participation(work, codes.fill_null(-1).to_numpy())
    if not work.forms.size:
        raise AnalysisError("the network has no edges, so there are no communities to take part in")
    asked = {**work.parameters, "iterations": 2}
    labels = partitions.leiden_graspologic(Work(work.network, work.forms, asked, work.progress), work.whole("seed"))
    return positions.participation(work, whole.partitioned(labels, "module").columns["module"])


_HOPS, _EXACT, _PLAIN, _CORRECTED = {"distance": "hops"}, {"samples": 0}, {"weighted": False}, {"corrected": True}

WAYS = (
    Way("degree", "scipy", positions.degree, 20),
    Way("degree", "networkx", libraries.nx_degree, 700),
    Way("closeness", "scipy", shortest.closeness, 6, _HOPS),
    Way("closeness", "scipy", shortest.closeness, 5, {"distance": "inverse"}),
    Way("closeness", "networkx", libraries.nx_closeness, 250),
    Way("harmonic", "scipy", shortest.harmonic, 6, _HOPS),
    Way("harmonic", "scipy", shortest.harmonic, 5, {"distance": "inverse"}),
    Way("harmonic", "igraph", libraries.ig_harmonic, 15),
    Way("harmonic", "networkx", libraries.nx_harmonic, 250),
    Way("betweenness", "scipy", shortest.betweenness, 12, _HOPS),
    Way("betweenness", "networkit", libraries.kit_betweenness, 60, _EXACT),
    Way("betweenness", "igraph", libraries.ig_betweenness, 60, _EXACT),
    Way("betweenness", "networkx", libraries.nx_betweenness, 1_000, _EXACT),
    Way("eigenvector", "scipy", positions.eigenvector, 200),
    Way("eigenvector", "networkx", libraries.nx_eigenvector, 20_000),
    Way("pagerank", "scipy", positions.pagerank, 200),
    Way("pagerank", "igraph", libraries.ig_pagerank, 250),
    Way("pagerank", "networkx", libraries.nx_pagerank, 1_000),
    Way("core", "scipy", positions.core, 60),
    Way("core", "networkit", libraries.kit_core, 30),
    Way("core", "igraph", libraries.ig_core, 30),
    Way("core", "networkx", libraries.nx_core, 3_000),
    Way("clustering", "scipy", triads.clustering, 30),
    Way("clustering", "networkit", libraries.kit_clustering, 4, _PLAIN),
    Way("clustering", "igraph", libraries.ig_clustering, 4, _PLAIN),
    Way("clustering", "networkx", libraries.nx_clustering, 600),
    Way("constraint", "scipy", triads.constraint, 30),
    Way("constraint", "igraph", libraries.ig_constraint, 150),
    Way("constraint", "networkx", libraries.nx_constraint, 5_000),
    Way("effective_size", "scipy", triads.effective_size, 60),
    Way("effective_size", "networkx", libraries.nx_effective_size, 20_000),
    Way("participation", "scipy", _participation, 1_500),
    Way("leiden", "graspologic", partitions.communities(partitions.leiden_graspologic), 700),
    Way("leiden", "networkit", partitions.communities(partitions.leiden_networkit), 300, named=True),
    Way("leiden", "igraph", partitions.communities(partitions.leiden_igraph), 450, named=True),
    Way("louvain", "networkit", partitions.communities(partitions.louvain_networkit), 700),
    Way("louvain", "igraph", partitions.communities(partitions.louvain_igraph), 1_600),
    Way("louvain", "networkx", partitions.communities(partitions.louvain_networkx), 100_000),
    Way("core_periphery", "scipy", whole.core_periphery, 20),
    Way("components", "scipy", whole.components, 20),
    Way("components", "networkx", libraries.nx_components, 500),
    Way("density", "scipy", whole.density, 20),
    Way("assortativity", "scipy", whole.assortativity, 60),
    Way("assortativity", "networkx", libraries.nx_assortativity, 2_000, _PLAIN),
    Way("disparity", "scipy", disparity.disparity, 60),
)


def engines_of(measure: str) -> list[str]:
    """The engines that compute a measure, in the order of the table."""
    return list(dict.fromkeys(way.engine for way in WAYS if way.measure == measure))


def choose(measure: Measure, network: Network, parameters: Parameters, engine: str = "") -> Way:
    """The way to compute a measure: by the engine that is named, or the cheapest that is there.

    Raises
    ------
    ParameterError
        No engine has this name.
    AnalysisError
        The named one is not installed, does not compute this measure, or not with these parameters.
    """
    if engine:
        return _named(measure, parameters, engine)
    ways = [way for way in _fitting(measure, parameters) if ENGINES[way.engine].present and not way.named]
    if not ways:
        could = ", ".join(way.engine for way in _fitting(measure, parameters))
        how = f"install one of {could}" if could else "leave out samples, or take distance hops"
        raise AnalysisError(f"no engine that is installed computes {measure.name} with these parameters; {how}")
    free = [way for way in ways if not ENGINES[way.engine].licence.startswith("GPL")]
    least = min(free or ways, key=lambda way: way.seconds(network, parameters))
    best = min(ways, key=lambda way: way.seconds(network, parameters))
    worth = best.seconds(network, parameters) * _PERMISSIVE < least.seconds(network, parameters)
    return best if worth else least


def _fitting(measure: Measure, parameters: Parameters) -> Iterator[Way]:
    return (way for way in WAYS if way.measure == measure.name and way.takes(parameters))


def _named(measure: Measure, parameters: Parameters, engine: str) -> Way:
    if engine not in ENGINES:
        raise ParameterError("engine", f"one of {', '.join(ENGINES)}")
    known = engines_of(measure.name)
    if engine not in known:
        raise AnalysisError(f"{engine} does not compute {measure.name}; {', '.join(known)} can")
    for way in _fitting(measure, parameters):
        if way.engine == engine:
            _ = ENGINES[engine].version  # raises where it is not there
            return way
    could = ", ".join(dict.fromkeys(way.engine for way in _fitting(measure, parameters)))
    raise AnalysisError(f"{engine} does not compute {measure.name} with these parameters; {could or 'none'} can")
