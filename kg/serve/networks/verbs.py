"""What can be done with a network: each verb writes a file, by the functions that the command line calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import polars as pl

from kg.analysis import describing, layouts, paths
from kg.analysis.network import Network
from kg.errors import AnalysisError, NetworkError
from kg.export import plots
from kg.export.networks.measured import as_csv, as_json, communities, frames
from kg.serve.networks.making import Making
from kg.store import release
from kg.store.layout import Layout

_TOP = 10
_LARGEST = 3
"""Communities of a slice on a page."""
_EXACT, _SAMPLES = 2_000, 256
"""Nodes up to which betweenness is exact on a page, and the samples of larger networks."""


def _summary(work: Making) -> None:
    network = work.network
    about = describing.told(work.task.definition)
    heaviest = describing.heaviest(network).to_dicts()
    work.write_json({"about": about, "network": describing.summary(network), "heaviest": heaviest})


def _overview(work: Making) -> None:
    """What a page shows: the summary, and the nodes of most brokerage with how many neighbours they have."""
    network = work.network
    top: list[dict[str, Any]] = []
    notes: list[str] = []
    if network.order:
        samples = 0 if network.order <= _EXACT else _SAMPLES
        found = [work.measured(network, "betweenness", samples=samples), work.measured(network, "degree")]
        ((frame, _),) = frames(found)
        top, notes = frame.head(_TOP).to_dicts(), [note for each in found for note in each.notes]
    summary = describing.summary(network)
    heaviest = describing.heaviest(network).to_dicts()
    told = {"network": summary, "heaviest": heaviest, "top": top, "notes": notes}
    work.write_json({**told, "tables": _tables(work)})


def _tables(work: Making) -> dict[str, list[dict[str, Any]]]:
    """What plots show, by name of the plot, as far as a page has room for it and it is there soon."""
    found = {}
    if work.network.size:
        degrees = plots.plot(work.network, "degrees").table
        found["degrees"] = degrees.gather_every(max(1, -(-degrees.height // _TOP))).to_dicts()
    if work.network.size and work.task.definition.dated and work.network.order <= _EXACT:
        with work.slices(1) as slices, suppress(AnalysisError):  # where no year has an edge the plot says so
            table = plots.plot(work.network, plots.COMMUNITIES, slices, work.divided).table
            found[plots.COMMUNITIES] = table.group_by("slice", maintain_order=True).head(_LARGEST).to_dicts()
    return found


def _graph(work: Making) -> None:
    network = work.network
    if wanted := work.option("layout"):
        work.steps.enter("placing nodes")
        found = release.load(Layout(work.task.root), work.task.release)
        algorithm = "" if wanted == layouts.USUAL else wanted
        seed = work.option("seed")
        # what anybody may ask for is kept only where it is one file a network
        keep = (wanted, seed) == (layouts.USUAL, 1) and not work.task.given
        network = layouts.placed(network, layouts.kept(found, network, algorithm, seed=seed, keep=keep))
    work.write_network(network)


def _measures(work: Making) -> None:
    network, top = work.directionless, work.option("top")
    found = [work.measured(network, name) for name in work.option("measures")]
    text = as_csv(found, top) if work.task.format == "csv" else as_json(network, found, top)
    work.write(text)


def _communities(work: Making) -> None:
    network, top = work.directionless, work.option("top")
    (name,) = work.option("measures")
    found = work.measured(network, name)
    if work.task.format == "csv":
        work.write(as_csv([found], top))
        return
    told = json.loads(as_json(network, [found], top))
    work.write_json({**told, "communities": communities(found).to_dicts()})


def _ego(work: Making) -> None:
    node = describing.node(work.network, work.option("node"))
    work.write_network(paths.around(work.network, [node], radius=work.option("radius")))


def _plots(work: Making) -> None:
    work.steps.enter("plotting")
    with work.slices(work.option("every")) as slices:
        found = plots.plot(work.network, work.option("plot"), slices, work.divided)
    work.write(plots.written(found, work.task.format))


def _paths(work: Making) -> None:
    one, other = (describing.node(work.network, work.option(name)) for name in ("one", "other"))
    work.steps.enter("searching paths")
    distance, limit = work.option("distance"), work.option("limit")
    found = paths.shortest_paths(work.network, one, other, distance=distance, limit=limit)
    labels = dict(work.network.nodes.select("iri", "label").iter_rows())
    if work.task.format == "csv":
        rows = [
            (number, place, node, labels[node], each.length)
            for number, each in enumerate(found, 1)
            for place, node in enumerate(each.nodes)
        ]
        work.write_rows(("path", "place", "iri", "label", "length"), rows)
        return
    told = [
        {
            "nodes": [{"id": node, "label": labels[node]} for node in each.nodes],
            "weights": list(each.weights),
            "length": each.length,
        }
        for each in found
    ]
    work.write_json({"network": _origin(work.network), "one": one, "other": other, "distance": distance, "paths": told})


def _records(work: Making) -> None:
    one, other = (describing.node(work.network, work.option(name)) for name in ("one", "other"))
    found = work.asking.behind(one, other)
    if not found.height and not _joined(work.network, one, other):
        raise NetworkError(f"no edge joins {one} and {other} in this network")
    if work.task.format == "csv":
        work.write_rows(found.columns, found.rows())
        return
    work.write_json({"network": _origin(work.network), "one": one, "other": other, "records": found.to_dicts()})


def _joined(network: Network, one: str, other: str) -> bool:
    ends = sorted((network.index(one), network.index(other)))
    return network.edges.filter(pl.col("source").is_in(ends) & pl.col("target").is_in(ends)).height > 0


def _origin(network: Network) -> dict[str, Any]:
    return network.source.told() | {"digest": network.source.digest}


VERBS: Mapping[str, Callable[[Making], None]] = {
    "summary": _summary,
    "overview": _overview,
    "graph": _graph,
    "measures": _measures,
    "communities": _communities,
    "ego": _ego,
    "paths": _paths,
    "plots": _plots,
    "records": _records,
}
"""What can be done with a network."""
