"""CPU seconds of this process and all below it, of two ways to do one thing, taken in turns."""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


@dataclass(frozen=True)
class Cost:
    """The CPU seconds that a way took, and what it gave."""

    seconds: float
    result: Any


@dataclass(frozen=True)
class Line:
    """A line of the table: what was done, to how much, at what cost, and what limit it stands beside.

    Attributes
    ----------
    items
        How many of ``item`` there were: the costs are for all of them.
    limit
        CPU seconds of ``against``, which does the least that the work needs, or does it in the established way.
    """

    what: str
    size: str
    ours: float
    limit: float
    against: str
    items: int
    item: str

    def cells(self) -> tuple[str, ...]:
        """The line as texts."""
        each = self.ours / self.items
        ratio = f"{self.ours / self.limit:.2f}"
        rate = f"{1 / each:,.0f}"
        return (
            self.what,
            self.size,
            short(self.ours),
            short(self.limit),
            ratio,
            f"{short(each)}/{self.item}",
            rate,
            self.against,
        )


HEADER = ("what", "size", "ours", "limit", "ratio", "each", "per CPU s", "the limit is")


def cost(way: Callable[[], Any]) -> Cost:
    """What a way costs in processor time: in this process, in those it starts, and in those that run below it."""
    gc.collect()
    below, own = _below(), time.process_time()
    result = way()
    own = time.process_time() - own
    return Cost(own + _below() - below, result)


def side_by_side(*ways: Callable[[], Any], runs: int) -> list[Cost]:
    """The least that each way took in some runs, in turns, so that what else the machine does meets all alike."""
    least = [cost(way) for way in ways]
    for _ in range(runs - 1):
        least = [min(known, cost(way), key=lambda taken: taken.seconds) for known, way in zip(least, ways, strict=True)]
    return least


def step(text: str) -> None:
    """Tell whoever waits what is measured now, where a benchmark takes minutes; on standard error."""
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def table(lines: Iterable[Line]) -> str:
    """The lines as plain text, numbers to the right."""
    rows = [HEADER, *(line.cells() for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_row(row, widths) for row in rows)


def short(seconds: float) -> str:
    """A time in the unit that suits it, to three digits: ``1.23 s``, ``45.6 ms``."""
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), _UNITS[-1])
    return f"{seconds / size:.3g} {unit}"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    left = {0, 1, len(cells) - 1}
    aligned = (
        cell.ljust(width) if n in left else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(aligned).rstrip()


def _below() -> float:
    """Processor time of children that have ended, and of all processes below this one that have not."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = ended.ru_utime + ended.ru_stime
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # user and system, its own and of its ended children
    return total
