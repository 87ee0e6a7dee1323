"""What can be computed of a network, and its computing: from a task to a file.

It runs in a process of its own (`kg.serve.networks.process`). Everything that is said here is said by the functions
that the command line calls.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from kg import __version__
from kg.analysis import describing, layouts, parameters, paths
from kg.analysis.definitions import Definition
from kg.analysis.measures import Measured, measure, undirected
from kg.analysis.measures.model import Value
from kg.analysis.network import Network
from kg.analysis.networks import Asking, origin
from kg.analysis.rows import Place
from kg.errors import AnalysisError, NetworkError, NetworkTooLargeError
from kg.export import networks as files
from kg.export import plots
from kg.export.networks.measured import as_csv, as_json, communities, frames
from kg.queries.formulas import safe_row
from kg.store import release
from kg.store.layout import Layout
from kg.store.release import Release

Tell = Callable[[str, float], None]
"""Called with what is being done, and how much of all is done, from 0 to 1."""

_TOP = 10
_LARGEST = 3
"""Communities of a slice on a page."""
_EXACT, _SAMPLES = 2_000, 256
"""Nodes up to which betweenness is exact on a page, and the samples of larger networks."""
_OF = re.compile(r"([\d,]+) of ([\d,]+)")


@dataclass(frozen=True, kw_only=True)
class Most:
    """What one computation may take: seconds, bytes of memory, nodes, edges, bytes of its result."""

    seconds: float = 600.0
    memory: int = 4 << 30
    nodes: int = 1_000_000
    edges: int = 5_000_000
    size: int = 512 << 20


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be computed.

    Attributes
    ----------
    root, release
        The data folder, and the id of a release in it.
    given
        Texts by name of parameter of the network.
    verb
        One of `VERBS`.
    options
        Of the verb, checked.
    format
        Of the file: a name in `kg.export.networks.FORMATS`, or ``json`` or ``csv``.
    """

    root: Path
    release: str
    definition: Definition
    given: Mapping[str, str]
    verb: str
    options: Mapping[str, Any] = field(default_factory=dict)
    format: str = "json"
    language: str = "en"
    most: Most = field(default_factory=Most)

    def key(self, origin: str) -> str:
        """What a result is kept under: a digest over that of the network's origin and all that is done with it."""
        told = [origin, self.verb, dict(self.options), self.format, self.language, __version__]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=list).encode()).hexdigest()


class Steps:
    """How far a task is: steps of equal shares, and within one what a measure says of itself."""

    def __init__(self, tell: Tell, number: int) -> None:
        self._tell = tell
        self._number = number
        self._begun = 0
        self._name = ""

    def enter(self, name: str) -> None:
        """Begin the next step."""
        self._begun, self._name = self._begun + 1, name
        self._tell(name, (self._begun - 1) / self._number)

    def within(self, text: str) -> None:
        """Say what is done in this step; ``3 of 12`` in the text is how much of it."""
        found = _OF.search(text)
        share = float(found[1].replace(",", "")) / float(found[2].replace(",", "")) if found else 0.0
        self._tell(f"{self._name}: {text}", (self._begun - 1 + min(share, 1.0)) / self._number)


def done(task: Task, target: Path, tell: Tell) -> None:
    """Do a task: its result is the file.

    Raises
    ------
    NetworkTooLargeError
        The network or the result is over the limits, or a measure would take longer than is allowed.
    KgError
        As of what is computed.
    """
    found = release.load(Layout(task.root), task.release)
    work = VERBS[task.verb]
    measures = len(task.options.get("measures", ())) or 1
    steps = Steps(tell, 2 + measures + bool(task.options.get("layout")))
    asking, network = _projected(task, found, steps)
    _refuse_larger(network, task.most)
    work(_Work(task, asking, network, target, steps))


_LAST: dict[tuple[str, ...], tuple[Asking, Network]] = {}
"""The network that this process had last: who looks at one asks several things of it."""


def _projected(task: Task, found: Release, steps: Steps) -> tuple[Asking, Network]:
    steps.enter("reading the records")
    told = origin(found, task.definition, parameters.read(task.definition, task.given))
    key = (found.id, told.digest, task.language)
    if key in _LAST:
        steps.enter("projecting the network")
        return _LAST[key]
    _LAST.clear()
    with found.open() as store:
        place = Place(store, found)
        asking = Asking.of(place, task.definition, task.given, language=task.language, pairs=task.most.edges)
        steps.enter("projecting the network")
        _LAST[key] = asking, asking.network()
    return _LAST[key]


def _refuse_larger(network: Network, most: Most) -> None:
    for number, allowed, what in ((network.order, most.nodes, "nodes"), (network.size, most.edges, "edges")):
        if number > allowed:
            raise NetworkTooLargeError(
                f"the network has {number:,} {what}, and this service computes with at most {allowed:,}: choose a "
                "shorter time (from, until), fewer records (most), heavier edges (minimum); or use kg network"
            )


class _Bounded(io.FileIO):
    """A new file of so many bytes at most."""

    def __init__(self, path: Path, most: int) -> None:
        super().__init__(path, "w")
        self._most = most

    def write(self, data: Any) -> int:
        if self.tell() + memoryview(data).nbytes > self._most:
            raise NetworkTooLargeError(
                f"the result has more than {self._most:,} bytes, which is what this service keeps of one: take a part "
                "of the network (from, until, minimum, most), fewer rows (top), or compute it with kg network"
            )
        return super().write(data)


@dataclass(frozen=True)
class _Work:
    task: Task
    asking: Asking
    network: Network
    target: Path
    steps: Steps

    def option(self, name: str) -> Any:
        return self.task.options[name]

    def opened(self) -> TextIO:
        """The file for the result. NetworkTooLargeError as soon as more is written than it may hold."""
        return io.TextIOWrapper(io.BufferedWriter(_Bounded(self.target, self.task.most.size)), "utf-8", newline="")

    def write(self, text: str) -> None:
        with self.opened() as stream:
            stream.write(text)

    def write_json(self, told: Any) -> None:
        self.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")

    def write_rows(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        with self.opened() as stream:
            writer = csv.writer(stream)
            writer.writerow(safe_row(names))
            writer.writerows(map(safe_row, rows))

    def write_network(self, network: Network) -> None:
        self.steps.enter("writing")
        parts = files.FORMATS[self.task.format].parts
        part = self.task.options.get("part", "") if len(parts) > 1 else ""
        with self.opened() as stream:
            parts[part](network, stream)

    def measured(self, network: Network, name: str, **own: Value) -> Measured:
        self.steps.enter(name)
        return measure(
            network,
            name,
            self.task.options.get("parameters", {}).get(name, {}) | own,
            engine=self.task.options.get("engine", ""),
            limit=self.task.most.seconds,
            progress=self.steps.within,
        )

    @contextmanager
    def slices(self, every: int) -> Iterator[Iterator[Network]]:
        """The network of each span of so many years; nothing is read before the first is asked for."""
        found = release.load(Layout(self.task.root), self.task.release)
        with found.open() as store:
            asking = replace(self.asking, place=Place(store, found))  # whose store was closed when it was kept
            yield asking.slices(every=every, window=every)

    def divided(self, network: Network) -> Measured:
        """Communities of a slice."""
        self.steps.within(f"communities of {network.source.slice}")
        return measure(network, "leiden", limit=self.task.most.seconds, progress=self.steps.within)

    @property
    def directionless(self) -> Network:
        return undirected(self.network) if self.task.options.get("undirected") else self.network


def _summary(work: _Work) -> None:
    network = work.network
    about = describing.told(work.task.definition)
    heaviest = describing.heaviest(network).to_dicts()
    work.write_json({"about": about, "network": describing.summary(network), "heaviest": heaviest})


def _overview(work: _Work) -> None:
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


def _tables(work: _Work) -> dict[str, list[dict[str, Any]]]:
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


def _graph(work: _Work) -> None:
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


def _measures(work: _Work) -> None:
    network, top = work.directionless, work.option("top")
    found = [work.measured(network, name) for name in work.option("measures")]
    text = as_csv(found, top) if work.task.format == "csv" else as_json(network, found, top)
    work.write(text)


def _communities(work: _Work) -> None:
    network, top = work.directionless, work.option("top")
    (name,) = work.option("measures")
    found = work.measured(network, name)
    if work.task.format == "csv":
        work.write(as_csv([found], top))
        return
    told = json.loads(as_json(network, [found], top))
    work.write_json({**told, "communities": communities(found).to_dicts()})


def _ego(work: _Work) -> None:
    node = describing.node(work.network, work.option("node"))
    work.write_network(paths.around(work.network, [node], radius=work.option("radius")))


def _plots(work: _Work) -> None:
    work.steps.enter("plotting")
    with work.slices(work.option("every")) as slices:
        found = plots.plot(work.network, work.option("plot"), slices, work.divided)
    with work.opened() as stream:
        stream.buffer.write(plots.written(found, work.task.format))


def _paths(work: _Work) -> None:
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


def _records(work: _Work) -> None:
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


VERBS: Mapping[str, Callable[[_Work], None]] = {
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
