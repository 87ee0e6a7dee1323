"""A network: nodes, weighted edges, and where they come from.

Projection makes networks; measures, communities, layouts and exports take them. A network is two frames, so that a
million edges are two columns of numbers and no object each; `Network.graph` and `Network.of` lead to networkx and back.
What a network holds is checked once, when it is made, so that nothing that takes one need check it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.analysis import checks, graphs
from kg.analysis.checks import EDGE_COLUMNS
from kg.errors import NetworkError

if TYPE_CHECKING:
    import networkx as nx
    from scipy import sparse


@dataclass(frozen=True)
class Origin:
    """Where a network comes from: what a citation needs, and what a result may be kept under.

    Attributes
    ----------
    definition
        Name of the definition (``networks/co-participation``), or of a user's file.
    query_digest
        SHA-256 of the definition's text, 64 hex digits.
    release, release_digest
        Id of the release, and SHA-256 of the digests of its segments; empty for a graph that is of no release.
    parameters
        As they were given, by name; those that were left out are not there.
    weighting
        How much a record counts for a pair: ``count``, ``newman``, or ``stated`` by the query.
    side
        What its nodes are, where they were chosen: ``actors``, ``events`` or ``both``.
    slice
        The span of time that it is cut to (``2020``, ``2019/2021``); empty for all of it.
    minimum
        Edges of less weight were left out; 0 for none.
    derived
        What was done to the projected network since, one step after another; empty for nothing.
    layout
        What placed its nodes; empty where they have no places. It is no part of the digest.
    """

    definition: str = ""
    query_digest: str = ""
    release: str = ""
    release_digest: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    weighting: str = "stated"
    side: str = ""
    slice: str = ""
    minimum: float = 0.0
    derived: str = ""
    layout: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over all of it: two networks with one digest are the same network."""
        told = self.told()
        told.pop("release")  # the segments are the release, whatever its id
        told.pop("layout", None)
        if not self.derived:
            told.pop("derived")
        text = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def after(self, step: str) -> Origin:
        """Where a network comes from that is made of this one by a step, such as ``backbone alpha=0.05``."""
        return replace(self, derived=f"{self.derived}; {step}" if self.derived else step)

    def told(self) -> dict[str, Any]:
        """All of it as plain values, for JSON; the layout where there is one."""
        told = asdict(self) | {"parameters": dict(sorted(self.parameters.items()))}
        if not self.layout:
            told.pop("layout")
        return told


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and edges that have been checked.

    Attributes
    ----------
    nodes : frame
        A row for each node, whose number is the node's index. Columns ``iri`` (text, no two alike, sorted), ``label``
        (text or null), of two-mode networks ``mode`` (UInt8: 0 for actors, 1 for what they meet in), then attributes
        of any type; lists of texts where a node has several values.
    edges : frame
        `EDGE_COLUMNS`: ``source`` and ``target`` (indices; source below target unless directed), ``weight`` (above 0,
        finite), ``records`` (how many records stand behind; 0 where that is not known). Sorted by source and target;
        no two rows for one pair.
    loops
        Edges from a node to itself that were left out when it was made.

    Raises
    ------
    NetworkError
        Something is not so; the text names the row or the node.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    directed: bool = False
    two_mode: bool = False
    source: Origin = field(default_factory=Origin)
    loops: int = 0

    def __post_init__(self) -> None:
        checks.check_nodes(self.nodes, two_mode=self.two_mode)
        checks.check_edges(self.edges, self.nodes["iri"], directed=self.directed)
        if self.two_mode:
            checks.check_modes(self.edges, self.nodes)

    @classmethod
    def made(
        cls,
        edges: pl.DataFrame,
        nodes: pl.DataFrame | None = None,
        *,
        directed: bool = False,
        two_mode: bool = False,
        source: Origin | None = None,
    ) -> Network:
        """A network of edges between IRIs.

        Parameters
        ----------
        edges
            Columns ``one`` and ``other`` (texts), and if there are any ``weight`` (1 each without) and ``records``
            (1 each without). Rows of one pair are summed; those of a node with itself are dropped and counted.
        nodes
            Column ``iri`` and attributes. Nodes without edges stay; those of edges that are not here are added. Of
            two-mode networks, ``one`` has mode 0 and ``other`` mode 1; no node is both.
        """
        rows = checks.edge_rows(edges)
        proper = rows.filter(pl.col("one") != pl.col("other"))
        given = pl.DataFrame({"iri": []}, schema={"iri": pl.String}) if nodes is None else nodes
        ends = pl.concat([given["iri"], rows["one"], rows["other"]]).unique().sort()
        whole = _with_attributes(ends, given)
        if two_mode and "mode" not in whole.columns:
            whole = whole.with_columns(pl.col("iri").is_in(proper["other"].implode()).cast(pl.UInt8).alias("mode"))
        index = pl.Enum(ends)
        numbered = proper.select(
            pl.col("one").cast(index).to_physical().cast(pl.UInt32).alias("source"),
            pl.col("other").cast(index).to_physical().cast(pl.UInt32).alias("target"),
            "weight",
            "records",
        )
        return cls(
            whole,
            summed(numbered, directed=directed),
            directed=directed,
            two_mode=two_mode,
            source=source or Origin(),
            loops=rows.height - proper.height,
        )

    @classmethod
    def of(cls, graph: nx.Graph, *, source: Origin | None = None) -> Network:
        """The network of a networkx graph: of a user, of a test, of a file that was read.

        Nodes are named by their text; edges have the weight ``weight``, 1 where no edge has one. Parallel edges are
        summed. A graph all of whose nodes have ``bipartite`` (0 or 1) is two-mode. Attributes of one name must be of
        one type.

        Raises
        ------
        NetworkError
            Some edges have a weight and others have none; a weight is no number above 0; two nodes have one text.
        """
        nodes = graphs.nodes(graph)
        edges = graphs.edges(graph)
        two_mode = "mode" in nodes.columns
        return cls.made(edges, nodes, directed=graph.is_directed(), two_mode=two_mode, source=source)

    @cached_property
    def order(self) -> int:
        """The number of nodes."""
        return self.nodes.height

    @cached_property
    def size(self) -> int:
        """The number of edges."""
        return self.edges.height

    @cached_property
    def connected(self) -> int:
        """The number of nodes that have an edge."""
        return pl.concat([self.edges["source"], self.edges["target"]]).n_unique()

    @property
    def attributes(self) -> list[str]:
        """Names of the columns of nodes beside ``iri`` and ``mode``."""
        return [name for name in self.nodes.columns if name not in {"iri", "mode"}]

    def graph(self) -> nx.Graph:
        """The network as networkx's Graph, or DiGraph: nodes by IRI, with the attributes that they have.

        Cost: 2 CPU µs and some 400 bytes an edge.
        """
        return graphs.graph(self.nodes, self.edges, directed=self.directed, told=self.source.told())

    def matrix(self) -> sparse.csr_array:
        """The weights as a sparse matrix, a row and a column for each node; symmetric unless directed."""
        from scipy import sparse  # noqa: PLC0415 - 0.1 s, and not all need it

        one, other = self.edges["source"].to_numpy(), self.edges["target"].to_numpy()
        half = sparse.coo_array((self.edges["weight"].to_numpy(), (one, other)), shape=(self.order, self.order))
        return (half if self.directed else half + half.T).tocsr()

    def index(self, iri: str) -> int:
        """The index of a node. Raises NetworkError, with names that come close, where there is none."""
        place = int(self.nodes["iri"].search_sorted(iri))
        if place < self.order and self.nodes["iri"][place] == iri:
            return place
        raise NetworkError(f"the network has no node {iri!r}{_near(iri, self.nodes['iri'])}")

    def with_nodes(self, nodes: pl.DataFrame) -> Network:
        """The same with other attributes of the same nodes."""
        return replace(self, nodes=nodes)

    def without_isolates(self) -> Network:
        """The same without nodes that have no edge."""
        return self.subnetwork(pl.concat([self.edges["source"], self.edges["target"]]).unique())

    def subnetwork(self, kept: Iterable[int]) -> Network:
        """The nodes with these indices and the edges among them; their order and attributes stay."""
        keep = pl.Series("index", sorted(set(kept)), dtype=pl.UInt32)
        nodes = self.nodes[keep.to_list()]
        renumbered = pl.DataFrame({"old": keep, "new": pl.Series(range(keep.len()), dtype=pl.UInt32)})
        edges = self.edges
        for end in ("source", "target"):
            edges = edges.join(renumbered, left_on=end, right_on="old", how="inner").with_columns(
                pl.col("new").alias(end)
            )
            edges = edges.drop("new")
        edges = edges.select(*EDGE_COLUMNS).sort("source", "target")
        return replace(self, nodes=nodes, edges=edges)


def summed(edges: pl.DataFrame, *, directed: bool) -> pl.DataFrame:
    """Edges between indices with a row a pair: weights and records summed, sorted; undirected ones from low to high."""
    if not directed:
        low, high = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
        edges = edges.with_columns(low.alias("source"), high.alias("target"))
    columns = [pl.col(name).cast(kind) for name, kind in EDGE_COLUMNS.items()]
    # the order of summing is the order of the rows, so that the same rows give the same last digit
    return (
        edges.group_by("source", "target", maintain_order=True)
        .agg(pl.col("weight").sum(), pl.col("records").sum())
        .select(columns)
        .sort("source", "target")
    )


def _with_attributes(ends: pl.Series, given: pl.DataFrame) -> pl.DataFrame:
    if (twice := given["iri"].is_duplicated()).any():
        raise NetworkError(f"node {given['iri'][checks.first(twice)]!r} stands there twice")
    whole = ends.alias("iri").to_frame().join(given, on="iri", how="left", maintain_order="left")
    if "label" not in whole.columns:
        whole = whole.with_columns(pl.lit(None, pl.String).alias("label"))
    first = [name for name in ("iri", "label", "mode") if name in whole.columns]
    return whole.select(*first, pl.exclude(first))


def _near(iri: str, iris: pl.Series) -> str:
    """IRIs with the same last part, or part of it, as a hint."""
    ending = iri.rstrip("/").rpartition("/")[2]
    close = iris.filter(iris.str.contains(ending, literal=True)).head(3).to_list() if ending else []
    return f"; there is {', '.join(close)}" if close else ""
