"""A result in the making: the network that it is of, and the file that it is written to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from kg.analysis.measures import Measured, measure, undirected
from kg.analysis.measures.model import Value
from kg.analysis.network import Network
from kg.analysis.networks import Asking
from kg.analysis.rows import Place
from kg.errors import NetworkTooLargeError
from kg.export import networks as files
from kg.queries.formulas import safe_row
from kg.serve.networks.steps import Steps
from kg.serve.networks.tasks import Task
from kg.store import release
from kg.store.layout import Layout


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
class Making:
    """What a verb works with.

    Attributes
    ----------
    asking
        What the network was asked with, for the records behind it.
    target
        The file for the result.
    steps
        What is told how far it is.
    """

    task: Task
    asking: Asking
    network: Network
    target: Path
    steps: Steps

    def option(self, name: str) -> Any:
        """An option of the verb."""
        return self.task.options[name]

    def opened(self) -> TextIO:
        """The file for the result. NetworkTooLargeError as soon as more is written than it may hold."""
        return io.TextIOWrapper(self._file(), "utf-8", newline="")

    def write(self, content: str | bytes) -> None:
        """Write a text, or what is no text."""
        with self._file() as file:
            file.write(content.encode() if isinstance(content, str) else content)

    def _file(self) -> io.BufferedWriter:
        return io.BufferedWriter(_Bounded(self.target, self.task.most.size))

    def write_json(self, told: Any) -> None:
        """Write values as JSON."""
        self.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")

    def write_rows(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Write rows as CSV."""
        with self.opened() as stream:
            writer = csv.writer(stream)
            writer.writerow(safe_row(names))
            writer.writerows(map(safe_row, rows))

    def write_network(self, network: Network) -> None:
        """Write a network in the format that was asked for."""
        self.steps.enter("writing")
        parts = files.FORMATS[self.task.format].parts
        part = self.task.options.get("part", "") if len(parts) > 1 else ""
        with self.opened() as stream:
            parts[part](network, stream)

    def measured(self, network: Network, name: str, **own: Value) -> Measured:
        """Values of a measure with the parameters that were asked for, telling how far it is."""
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
        """The network, with edges both ways as one where that was asked for."""
        return undirected(self.network) if self.task.options.get("undirected") else self.network
