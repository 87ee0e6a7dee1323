"""Measure benchmarks and print the table: see the package."""

from __future__ import annotations

import argparse
import sys

from .catalogue import BENCHMARKS
from .harness import Line, table


def main() -> None:
    """Measure what the arguments name, all when they name none."""
    known = ", ".join(BENCHMARKS)
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"{known}; all by default")
    parser.add_argument("--scale", type=float, default=1.0, help="part of the full size (default 1)")
    parser.add_argument("--runs", type=int, help="how often each is measured; the least counts")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]}; there are {known}")
    lines: list[Line] = []
    for name in options.names or BENCHMARKS:
        sys.stderr.write(f"measuring {name}\n")
        benchmark = BENCHMARKS[name]
        lines += benchmark.lines(size=max(benchmark.tiny, round(options.scale * benchmark.full)), runs=options.runs)
    sys.stdout.write(f"CPU time of all processes, the least of some runs\n\n{table(lines)}\n")


main()
