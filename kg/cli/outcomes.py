"""What came of a build, for people and for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from kg.cli.printing import note, print_json, print_table, say
from kg.pipeline import Outcome
from kg.store.staging import Change


def facts(outcome: Outcome, left_out: Sequence[str], seconds: float, cpu: float) -> dict[str, Any]:
    """What a build did, as a program is told it.

    Parameters
    ----------
    left_out
        Sources that the release before had and this one has not.
    seconds, cpu
        What it took.
    """
    counts, release = outcome.counts, outcome.release
    severities = release.manifest.validation if release and not outcome.report.results else outcome.report.counts()
    return {
        "release": release.id if release else None,
        "published": outcome.published,
        "left_out": list(left_out),
        "refused": {name: dict(rows) for name, rows in outcome.refused.items()},
        "refused_in": outcome.refused_in,
        "holds": {
            "documents": counts.get("documents", 0),
            "observations": counts.get("observations", 0),
            "conflicts not judged": counts.get("conflicts", 0),
            "warnings": severities.get("Warning", 0),
            "rows read": outcome.rows,
            "triples": counts.get("quads", 0),
        },
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
    }


def tell(outcome: Outcome, told: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    """Print `facts`, beside what changed: for a program as JSON, for a person as a summary."""
    if as_json:
        print_json({**told, "changes": {name: dataclasses.asdict(c) for name, c in outcome.changes.items()}})
        return
    if dry_run or outcome.published:
        _show_changes(outcome, samples=dry_run)
    if outcome.report.results:
        say(f"{outcome.report.summary()}\n")
    say(_headline(outcome, dry_run=dry_run))
    _show_left_out(outcome, told["left_out"])
    say("  " + ", ".join(f"{value:,} {name}" for name, value in told["holds"].items()))
    note(f"{told['seconds']:.1f} s ({told['cpu_seconds']:.1f} s of CPU)")


def _show_changes(outcome: Outcome, *, samples: bool) -> None:
    rows = [(name, f"+{change.added:,}", f"-{change.removed:,}") for name, change in outcome.changes.items()]
    print_table(("segment", "added", "removed"), rows or [("none", "", "")])
    say("")
    for name, change in outcome.changes.items() if samples else ():
        _show_sample(name, change)


def _show_left_out(outcome: Outcome, sources: Sequence[str]) -> None:
    """Say what the release has not, of sources and of their rows."""
    if sources:
        names = ", ".join(sources)
        say(f"left out of this release: {names}, which the last one had; give --sources-dir or KG_SOURCES_DIR again")
    for name, refused in outcome.refused.items():
        tables = ", ".join(f"{number:,} of {table}" for table, number in refused.items())
        say(f"rows left out of {name}: {tables}")
    if outcome.refused_in:
        say(f"with what is wrong with them: {outcome.refused_in}")


def _show_sample(name: str, change: Change) -> None:
    """The first lines that would change in a segment that stays."""
    if change.sample:
        more = change.added + change.removed - len(change.sample)
        say("\n".join([f"{name}:", *change.sample, *([f"and {more} more lines"] if more else []), ""]))


def _headline(outcome: Outcome, *, dry_run: bool) -> str:
    if dry_run:
        return "dry run: nothing was published"
    if outcome.published and outcome.release:
        return f"release {outcome.release.id}"
    return f"nothing changed; release {outcome.release.id if outcome.release else 'none'}"
