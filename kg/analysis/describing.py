"""What is said of networks and of their definitions, as plain data, and nodes as people name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.analysis import parameters
from kg.analysis.definitions import Definition
from kg.analysis.network import Network
from kg.errors import NetworkError
from kg.provenance import TOOL

if TYPE_CHECKING:
    from kg.analysis.measures import Measured
    from kg.analysis.paths import Path

HEAVIEST = 10
"""Edges that are shown of a network."""


def summary(network: Network) -> dict[str, Any]:
    """What is said of a network beside its edges: enough to cite it and to make it again."""
    return {
        **network.source.told(),
        "digest": network.source.digest,
        "directed": network.directed,
        "two_mode": network.two_mode,
        "nodes": network.order,
        "isolates": network.order - network.connected,
        "edges": network.size,
        "weight": network.edges["weight"].sum(),
        "loops_left_out": network.loops,
        "citation": citation(network),
    }


def citation(network: Network, found: Sequence[Measured] = ()) -> str:
    """A text to cite a network by, or values of measures of it: what it is, what made it, digests to check it by."""
    source = network.source
    given = [f"{name}={value}" for name, value in source.parameters.items()]
    given += [f"slice {source.slice}"] * bool(source.slice) + [source.derived] * bool(source.derived)
    named = f"Network {source.definition or 'of no definition'} ({', '.join(given) or 'all records'})"
    size = f"{network.order:,} nodes and {network.size:,} edges"
    measured = "; ".join(cited(each) for each in found)
    digests = f"SHA-256 of the network {source.digest}"
    if source.release:
        digests = f"release {source.release}, SHA-256 of its segments {source.release_digest or 'none'}; {digests}"
    return f"{named}, {size}{f'; {measured}' if measured else ''}. {TOOL}, {digests}."


def cited(found: Measured) -> str:
    """What computed values, with its parameters."""
    given = ", ".join(f"{name} {value}" for name, value in found.parameters.items() if value != "")
    return f"{found.measure} by {found.engine} {found.version}{f' ({given})' if given else ''}"


def heaviest(network: Network, most: int = HEAVIEST) -> pl.DataFrame:
    """Some edges of most weight: ``one``, ``one_label``, ``other``, ``other_label``, ``weight``, ``records``."""
    top = network.edges.sort(["weight", "source", "target"], descending=[True, False, False]).head(most)
    ends = network.nodes.select("iri", "label")
    one, other = ends[top["source"].to_list()], ends[top["target"].to_list()]
    return pl.DataFrame(
        [
            one["iri"].alias("one"),
            one["label"].alias("one_label"),
            other["iri"].alias("other"),
            other["label"].alias("other_label"),
            top["weight"],
            top["records"],
        ]
    )


def node(network: Network, text: str) -> str:
    """The IRI of a node that is named by its IRI or by the last part of it."""
    iris = network.nodes["iri"]
    ending = iris.filter((iris == text) | iris.str.ends_with(f"/{text}")).to_list()
    if len(ending) == 1:
        return str(ending[0])
    if ending:
        raise NetworkError(f"{len(ending)} nodes end in {text!r}: {', '.join(ending[:3])}; give the whole IRI")
    return iris[network.index(text)]  # type: ignore[no-any-return]


def path(network: Network, found: Path) -> dict[str, Any]:
    """A path: its length, its nodes with their labels, the weights of its edges."""
    labels = dict(network.nodes.select("iri", "label").iter_rows())
    nodes = [{"iri": iri, "label": labels[iri]} for iri in found.nodes]
    return {"length": found.length, "nodes": nodes, "weights": list(found.weights)}


def form(definition: Definition) -> str:
    """What kind of network a definition makes, in a word or two."""
    if definition.form == "edges":
        return "directed edges" if definition.directed else "edges"
    return "two-mode" if definition.nodes == "both" else "one-mode"


def told(definition: Definition) -> dict[str, Any]:
    """A definition: what it is made from, and all parameters that it takes."""
    return {
        "name": definition.name,
        "summary": definition.query.summary,
        "question": definition.query.question,
        "form": definition.form,
        "directed": definition.directed,
        "nodes": definition.nodes if definition.form == "incidence" else "",
        "dated": definition.dated,
        "digest": definition.digest,
        "source": definition.query.source,
        "parameters": [
            {"name": p.name, "type": p.type, "default": p.default, "example": p.example, "description": p.description}
            for p in parameters.known(definition)
        ],
    }
