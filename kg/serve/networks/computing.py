"""The computing of a task: from a release to a file.

It runs in a process of its own (`kg.serve.networks.process`). Everything that is said here is said by the functions
that the command line calls.
"""

from __future__ import annotations

from pathlib import Path

from kg.analysis import parameters
from kg.analysis.network import Network
from kg.analysis.networks import Asking, origin
from kg.analysis.rows import Place
from kg.errors import NetworkTooLargeError
from kg.serve.networks.making import Making
from kg.serve.networks.steps import Steps, Tell
from kg.serve.networks.tasks import Most, Task
from kg.serve.networks.verbs import VERBS
from kg.store import release
from kg.store.layout import Layout
from kg.store.release import Release


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
    measures = len(task.options.get("measures", ())) or 1
    steps = Steps(tell, 2 + measures + bool(task.options.get("layout")))
    asking, network = _projected(task, found, steps)
    _refuse_larger(network, task.most)
    VERBS[task.verb](Making(task, asking, network, target, steps))


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
