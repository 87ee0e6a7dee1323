"""Every benchmark runs, at a size at which its times say nothing, and its own checks of the results hold."""

from __future__ import annotations

import subprocess
import sys

import pytest

from .catalogue import BENCHMARKS
from .harness import HEADER, Line, cost, short, side_by_side, table


@pytest.mark.parametrize("name", BENCHMARKS)
def test_benchmark(name: str) -> None:
    benchmark = BENCHMARKS[name]
    lines = benchmark.lines(size=benchmark.tiny, runs=1)
    assert lines
    assert len(table(lines).splitlines()) == 1 + len(lines)


def test_ways_are_taken_in_turns_and_the_least_counts() -> None:
    order: list[str] = []
    first, second = side_by_side(lambda: order.append("a"), lambda: order.append("b"), runs=3)
    assert order == list("ababab")
    assert first.result is second.result is None
    assert first.seconds >= 0


BUSY = """
import time
while input():
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    print("done", flush=True)
"""


def test_cost_counts_processes_that_still_run_and_that_have_ended() -> None:
    busy = [sys.executable, "-c", BUSY]
    with subprocess.Popen(busy, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert cost(lambda: _ask(child)).seconds >= 0.15
        child.communicate(b"\n")
    assert cost(lambda: subprocess.run(busy, input=b"go\n\n", capture_output=True, check=True)).seconds >= 0.15


def _ask(child: subprocess.Popen[bytes]) -> bytes:
    assert child.stdin and child.stdout
    child.stdin.write(b"go\n")
    child.stdin.flush()
    return child.stdout.readline()


def test_a_line_says_ratio_and_rate() -> None:
    line = Line("to map", "1,000 rows", 2.0, 1.6, "by hand", 4000, "triple")
    assert dict(zip(HEADER, line.cells(), strict=True)) == {
        "what": "to map",
        "size": "1,000 rows",
        "ours": "2 s",
        "limit": "1.6 s",
        "ratio": "1.25",
        "each": "500 µs/triple",
        "per CPU s": "2,000",
        "the limit is": "by hand",
    }


@pytest.mark.parametrize(("seconds", "text"), [(12.34, "12.3 s"), (0.0456, "45.6 ms"), (7e-7, "700 ns"), (0, "0 ns")])
def test_times_have_the_unit_that_suits_them(seconds: float, text: str) -> None:
    assert short(seconds) == text
