"""GEXF 1.2 (draft), what Gephi and networkx read: ids are IRIs, attributes typed, provenance in ``meta``.

References
----------
GEXF Working Group, GEXF 1.2draft Primer and schema, https://gexf.net/
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

import polars as pl

from kg.export.networks import values
from kg.provenance import TOOL

if TYPE_CHECKING:
    from kg.analysis.network import Network

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">
"""


def write(network: Network, stream: TextIO) -> None:
    """Write a network. A node without a label is shown with its IRI; numbers ``x`` and ``y`` are where it is."""
    places = _places(network)
    attributes, nodes = values.nodes(network.with_nodes(network.nodes.drop("x", "y")) if places else network)
    label = [name for name, _ in attributes].index("label")
    iris = [values.xml(iri) for iri in network.nodes["iri"].to_list()]
    told = json.dumps(values.provenance(network), ensure_ascii=False)
    stream.write(
        f"{_HEAD}<meta><creator>{values.xml(TOOL)}</creator><description>{values.xml(told)}</description></meta>\n"
    )
    stream.write(f'<graph mode="static" defaultedgetype="{"directed" if network.directed else "undirected"}">\n')
    _declare(stream, "node", [attribute for attribute in attributes if attribute[0] != "label"])
    _declare(stream, "edge", [("records", "long")])
    stream.write(f'<nodes count="{network.order}">\n')
    for number, (iri, has) in enumerate(nodes):
        shown = has.pop(label)
        given = "".join(_value(column, value) for column, value in enumerate(has) if value is not None)
        inner = f"<attvalues>{given}</attvalues>" if given else ""
        if places:
            inner += '<viz:position x="{!r}" y="{!r}" z="0.0"/>'.format(*places[number])
        stream.write(
            f'<node id="{values.xml(iri)}" label="{values.xml(iri if shown is None else shown)}">{inner}</node>\n'
        )
    stream.write(f'</nodes>\n<edges count="{network.size}">\n')
    for number, (one, other, weight, records) in enumerate(values.edges(network)):
        stream.write(
            f'<edge id="{number}" source="{iris[one]}" target="{iris[other]}" weight="{weight!r}">'
            f"<attvalues>{_value(0, records)}</attvalues></edge>\n"
        )
    stream.write("</edges>\n</graph>\n</gexf>\n")


def _places(network: Network) -> list[tuple[float, float]]:
    """Where nodes are, if all have a place."""
    schema = network.nodes.schema
    if not all(schema.get(axis) == pl.Float64() for axis in ("x", "y")):
        return []
    found = network.nodes.select("x", "y")
    return found.rows() if not sum(found.null_count().row(0)) else []


def _declare(stream: TextIO, of: str, attributes: list[tuple[str, str]]) -> None:
    if not attributes:
        return
    stream.write(f'<attributes class="{of}">\n')
    for number, (name, kind) in enumerate(attributes):
        stream.write(f'<attribute id="{number}" title="{values.xml(name)}" type="{kind}"/>\n')
    stream.write("</attributes>\n")


def _value(number: int, value: object) -> str:
    return f'<attvalue for="{number}" value="{values.xml(values.written(value))}"/>'
