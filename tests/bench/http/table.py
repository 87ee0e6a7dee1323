"""The tables that are printed, in Markdown, so that they can be taken over as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..harness import short
from .rounds import Beside, Measured

HEADER = ("workload", "clients", "server", "per CPU s", "ratio", "per s", "p50", "p99", "errors")
_BESIDE = ("point lookups at 8 clients", "per s", "p50", "p99", "errors")


def rounds(measured: Sequence[Measured], against: str) -> str:
    """A line for each; the ratio is that of requests per CPU second to the server with this name."""
    base = {(line.workload, line.clients): line.per_cpu_second for line in measured if line.server == against}
    return _table(HEADER, (_cells(line, base.get((line.workload, line.clients))) for line in measured))


def beside(taken: Beside) -> str:
    """Latencies without and with runaways, and what became of these."""
    rows = [
        (name, f"{burst.requests / burst.seconds:,.0f}", short(burst.p50), short(burst.p99), f"{burst.errors:,}")
        for name, burst in (("alone", taken.quiet), ("beside ten runaways", taken.loud))
    ]
    ends = ", ".join(f"{number} × {kind}" for kind, number in taken.ends.items())
    return (
        f"{_table(_BESIDE, rows)}\n\np99 {taken.loud.p99 / taken.quiet.p99:.1f} times its quiet value; runaways ended:"
        f" {ends}, at the latest {taken.late:.2f} s after their deadline; processes {taken.processes[0]} before,"
        f" {taken.processes[1]} after; memory {taken.mib[0]:,.0f} MiB before, {taken.mib[1]:,.0f} MiB after"
    )


def _cells(line: Measured, base: float | None) -> tuple[str, ...]:
    return (
        line.workload,
        str(line.clients),
        line.server,
        f"{line.per_cpu_second:,.0f}",
        f"{line.per_cpu_second / base:.2f}" if base else "",
        f"{line.per_second:,.0f}",
        short(line.p50) if line.per_second else "none answered",
        short(line.p99) if line.per_second else "",
        f"{line.errors:,}",
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
