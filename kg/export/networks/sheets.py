"""CSV: a list of edges and a list of nodes, with the headers that Gephi and Cytoscape look for.

Where the network comes from stands in lines that begin with ``#``, in front. A text that a spreadsheet would take for
a formula gets an apostrophe in front (`kg.queries.formulas`). Lines end with CR LF (RFC 4180).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

from kg.export.networks import values
from kg.queries.formulas import safe_text

if TYPE_CHECKING:
    from kg.analysis.network import Network


def edges(network: Network, stream: TextIO) -> None:
    """Write the list of edges: source, target, type, weight, records; nodes by IRI."""
    _tell(network, stream)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(["source", "target", "type", "weight", "records"])
    iris = list(map(_safe, network.nodes["iri"].to_list()))
    kind = "Directed" if network.directed else "Undirected"
    writer.writerows(
        (iris[one], iris[other], kind, repr(weight), records) for one, other, weight, records in values.edges(network)
    )


def nodes(network: Network, stream: TextIO) -> None:
    """Write the list of nodes: id (the IRI), label, attributes."""
    _tell(network, stream)
    attributes, rows = values.nodes(network)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(["id", *(_safe(name) for name, _ in attributes)])
    writer.writerows([_safe(iri), *map(_cell, has)] for iri, has in rows)


PARTS: Mapping[str, Callable[[Network, TextIO], None]] = {"edges": edges, "nodes": nodes}
"""The files of a network."""


def _tell(network: Network, stream: TextIO) -> None:
    for name, value in values.provenance(network).items():
        stream.write(f"# {name}: {values.one_line(values.written(value))}\r\n")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return _safe(value) if isinstance(value, str) else values.written(value)


def _safe(text: str) -> str:
    return safe_text(values.one_line(text))
