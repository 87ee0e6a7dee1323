"""Node-link JSON as networkx reads it (``networkx.node_link_graph``), one node or edge a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from kg.provenance import TOOL

if TYPE_CHECKING:
    from kg.analysis.network import Network


def write(network: Network, stream: TextIO) -> None:
    """Write a network: attributes that a node has not are left out, lists are lists."""
    told = {**network.source.told(), "digest": network.source.digest, "loops_left_out": network.loops, "tool": TOOL}
    head = {"directed": network.directed, "multigraph": False, "graph": told}
    stream.write(_json(head)[:-1] + ',"nodes":[')
    separator = "\n"
    for row in network.nodes.rename({"mode": "bipartite"}, strict=False).iter_rows(named=True):
        node = {"id": row.pop("iri")} | {name: value for name, value in row.items() if value is not None}
        stream.write(separator + _json(node))
        separator = ",\n"
    stream.write('],"edges":[')
    iris, separator = list(map(_json, network.nodes["iri"].to_list())), "\n"
    for one, other, weight, records in network.edges.iter_rows():
        stream.write(
            f'{separator}{{"source":{iris[one]},"target":{iris[other]},"weight":{weight!r},"records":{records}}}'
        )
        separator = ",\n"
    stream.write("]}\n")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
