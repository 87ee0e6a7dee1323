"""What is said of networks and of their definitions, as plain data, and nodes as people name them."""

from __future__ import annotations

from typing import Any

import polars as pl

from kg.analysis import parameters
from kg.analysis.definitions import Definition
from kg.analysis.network import Network
from kg.errors import NetworkError

_HEAVIEST = 10


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
    }


def heaviest(network: Network) -> pl.DataFrame:
    """The ten edges of most weight: ``one``, ``one_label``, ``other``, ``other_label``, ``weight``, ``records``."""
    top = network.edges.sort(["weight", "source", "target"], descending=[True, False, False]).head(_HEAVIEST)
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
