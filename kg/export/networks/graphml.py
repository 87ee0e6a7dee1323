"""GraphML: keys declare typed attributes of graph, nodes and edges.

Ids are ``n0``, ``n1`` …, since the schema wants an NMTOKEN, which an IRI is not; a node's IRI is its attribute ``iri``.

References
----------
U. Brandes et al., GraphML Progress Report, Graph Drawing 2001; the schema graphml-structure 1.0 and its attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from kg.export.networks import values

if TYPE_CHECKING:
    from kg.analysis.network import Network

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""


def write(network: Network, stream: TextIO) -> None:
    """Write a network."""
    told = values.provenance(network)
    attributes, nodes = values.nodes(network)
    keys = {"graph": [(name, _type(value)) for name, value in told.items()]}
    keys["node"] = [("iri", "string"), *attributes]
    keys["edge"] = [("weight", "double"), ("records", "long")]
    stream.write(_HEAD)
    for of, listed in keys.items():
        for number, (name, kind) in enumerate(listed):
            text = values.xml(name)
            stream.write(f'<key id="{of[0]}{number}" for="{of}" attr.name="{text}" attr.type="{kind}"/>\n')
    stream.write(f'<graph id="G" edgedefault="{"directed" if network.directed else "undirected"}">\n')
    for number, value in enumerate(told.values()):
        stream.write(f"{_data('g', number, value)}\n")
    for index, (iri, has) in enumerate(nodes):
        data = "".join(_data("n", number, value) for number, value in enumerate([iri, *has]) if value is not None)
        stream.write(f'<node id="n{index}">{data}</node>\n')
    for one, other, weight, records in values.edges(network):
        data = f"{_data('e', 0, weight)}{_data('e', 1, records)}"
        stream.write(f'<edge source="n{one}" target="n{other}">{data}</edge>\n')
    stream.write("</graph>\n</graphml>\n")


def _type(value: object) -> str:
    return {bool: "boolean", int: "long", float: "double"}.get(type(value), "string")


def _data(of: str, number: int, value: object) -> str:
    return f'<data key="{of}{number}">{values.xml(values.written(value))}</data>'
