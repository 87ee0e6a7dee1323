"""Measure and print the tables: see the package."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from ...servers import UnavailableError
from . import data, rounds, soak, table
from .load import find_wrk
from .servers import OTHERS, Kind, Running, kg, running

FULL = 466_882
"""Agreements of the whole register; it is measured at a hundredth of that unless told otherwise."""
_SOAK_SECONDS = 60.0


def main() -> None:
    """Start what the arguments name, all when they name none, and measure."""
    options = _parser().parse_args()
    number = round(options.scale * FULL)
    kinds = [kg(*options.kg.split()), *(OTHERS[name] for name in options.servers or OTHERS)]
    known = data.workloads(number)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        try:
            find_wrk()
        except UnavailableError as error:
            sys.exit(str(error))
        _say("building the data")
        made = data.made(Path(folder), number)
        servers = [server for kind in kinds if (server := _started(kind, made, Path(folder), stack))]
        measured = []
        for workload in (known[name] for name in options.workloads or known):
            rounds.assert_agree(servers, workload)
            for clients in options.clients:
                _say(f"{workload.name}, {clients} clients")
                size = {"clients": clients, "rounds": options.rounds, "seconds": options.seconds}
                measured += rounds.measure(servers, workload, **size)
        sys.stdout.write(f"{made.quads:,} quads\n\n{table.rounds(measured, OTHERS['oxigraph'].name)}\n")
        if options.runaways:
            _say("runaways")
            taken = rounds.beside_runaways(
                servers[0], known["point"], clients=8, seconds=4 * options.seconds, deadline=options.deadline
            )
            sys.stdout.write(f"\n{table.beside(taken)}\n")
        if options.soak:
            _say(f"everything at once for {options.soak:g} seconds")
            sys.stdout.write("\n")
            if soak.mixed_for(options.soak):
                sys.exit("something grew or failed while everything was used at once, as told above")


def _started(kind: Kind, made: data.Data, folder: Path, stack: ExitStack) -> Running | None:
    _say(f"starting {kind.name}")
    try:
        return stack.enter_context(running(kind, made, folder / kind.name.replace(" ", "-")))
    except UnavailableError as error:
        sys.stdout.write(f"not measured: {kind.name}: {error}\n")
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.http", description=__doc__)
    add = parser.add_argument
    add("servers", nargs="*", choices=[[], *OTHERS], help="beside `kg serve`; all by default")
    add("--kg", default="", metavar="OPTIONS", help="options of `kg serve`, for example '--workers 4'")
    add("--workloads", nargs="*", choices=list(data.workloads(100)), help="all by default")
    add("--clients", nargs="*", type=int, default=[1, 8, 32], help="connections at once (default 1 8 32)")
    add("--rounds", type=int, default=3, help="bursts on each server that count (default 3)")
    add("--seconds", type=float, default=3, help="of one burst (default 3)")
    add("--scale", type=float, default=0.01, help="part of the full register (default 0.01)")
    add("--runaways", action=argparse.BooleanOptionalAction, default=True, help="measure beside runaways too")
    text = "then use everything at once, on kg alone, for so many seconds (60 if it does not say; 10 minutes tell more)"
    add("--soak", nargs="?", type=_seconds, const=_SOAK_SECONDS, default=0, metavar="SECONDS", help=text)
    add("--deadline", type=float, default=5, help="seconds that a runaway asks for (default 5)")
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if seconds > 0:
        return seconds
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


main()
