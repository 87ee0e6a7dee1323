"""Pajek: numbered vertices with quoted names, then edges or arcs with weights; provenance in comments.

Names are IRIs, since Pajek, and what reads its files, takes two vertices of one name for one. The format has no way to
write a double quote or a line end in a name: an apostrophe and a blank stand for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from kg.export.networks import values

if TYPE_CHECKING:
    from kg.analysis.network import Network


def write(network: Network, stream: TextIO) -> None:
    """Write a network; attributes and records have no place in the format."""
    for name, value in values.provenance(network).items():
        stream.write(f"% {name}: {values.one_line(values.written(value))}\n")
    stream.write(f"*Vertices {network.order}\n")
    for number, iri in enumerate(network.nodes["iri"], 1):
        stream.write(f'{number} "{_name(iri)}"\n')
    stream.write("*Arcs\n" if network.directed else "*Edges\n")
    for one, other, weight, _ in values.edges(network):
        stream.write(f"{one + 1} {other + 1} {weight!r}\n")


def _name(iri: str) -> str:
    return values.one_line(iri).replace('"', "'")
