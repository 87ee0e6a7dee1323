"""Communities of one network in slices of time, and how alike each division is to the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kg.analysis.measures.model import Measured
from kg.analysis.measures.partitions import compare
from kg.analysis.network import Network


@dataclass(frozen=True)
class Division:
    """The communities of one slice.

    Attributes
    ----------
    found
        None where the slice has no edge, and so no communities.
    common
        Nodes with an edge both in this slice and in the one before.
    like
        Mutual information of both divisions of these nodes over the mean of their entropies, 0 to 1; None where there
        are fewer than two such nodes.
    """

    network: Network
    found: Measured | None
    common: int = 0
    like: float | None = None

    @property
    def slice(self) -> str:
        """The span of time."""
        return self.network.source.slice

    def told(self) -> dict[str, Any]:
        """What is said of it in a row."""
        told = self.found.told if self.found else {}
        return {
            "slice": self.slice,
            "nodes": self.network.connected,
            "edges": self.network.size,
            "communities": told.get("communities"),
            "largest": told.get("largest"),
            "modularity": told.get("modularity"),
            "seeds_nmi": told.get("mean_nmi"),
            "common": self.common,
            "before_nmi": self.like,
            "digest": self.network.source.digest,
        }


def follow(slices: Iterable[Network], divide: Callable[[Network], Measured]) -> list[Division]:
    """Divide the network of each slice without its isolated nodes, and compare it with the slice before.

    Slices should follow each other; those without an edge are not divided, and nothing is compared with them.
    """
    made: list[Division] = []
    for network in slices:
        found = divide(network.without_isolates()) if network.size else None
        common, like = _alike(made[-1].found if made else None, found)
        made.append(Division(network, found, common, like))
    return made


def _alike(before: Measured | None, now: Measured | None) -> tuple[int, float | None]:
    if before is None or now is None:
        return 0, None
    both = before.values.select("iri", before="community").join(now.values.select("iri", now="community"), on="iri")
    if both.height < 2:  # noqa: PLR2004 - one node is alike to itself
        return both.height, None
    return both.height, compare(both["before"].to_numpy(), both["now"].to_numpy())["nmi"]
