"""Commands over releases: list, show, diff, rollback, tag, untag, rebuild, collect."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from kg.cli import opening
from kg.cli.options import DataDir, Json, Keep
from kg.cli.printing import note, print_json, print_table, say
from kg.config import settings
from kg.store import usage
from kg.store.releases import Release, diff

app = typer.Typer(help="List, compare, tag and restore releases.", no_args_is_help=True)

Reference = Annotated[
    str, typer.Argument(metavar="ID", help="Id, tag or unique beginning of an id; current is the live one.")
]


@app.command("list")
def list_(data_dir: DataDir = None, as_json: Json = False) -> None:
    """All releases, newest first."""
    folder = opening.data_folder(data_dir)
    live, tags = folder.current(), folder.tags()
    marks = {each.id: sorted(name for name, tagged in tags.items() if tagged == each.id) for each in folder.releases()}
    rows = [
        {
            "id": each.id,
            "live": bool(live and each.id == live.id),
            "tags": marks[each.id],
            "quads": each.manifest.quads,
            "segments": len(each.manifest.segments),
            "validation": dict(each.manifest.validation),
        }
        for each in folder.releases()
    ]
    if as_json:
        print_json(rows)
        return
    columns = ("", "release", "tags", "quads", "segments", "warnings")
    print_table(columns, [_row(row) for row in rows])


@app.command()
def show(release: Reference = "current", data_dir: DataDir = None, as_json: Json = False) -> None:
    """What a release is made of."""
    found = opening.data_folder(data_dir).find(release)
    manifest = found.manifest
    if as_json:
        print_json(_described(found))
        return
    say(f"release {found.id}\nmade {manifest.created} by {manifest.tool} ({manifest.made_by})")
    say(f"parent {manifest.parent or 'none'}\ndefault graph {manifest.default_graph}")
    say("  " + ", ".join(f"{number:,} {name}" for name, number in manifest.counts.items()))
    say("  " + ", ".join(f"{number} {name.lower()}" for name, number in manifest.validation.items()) + "\n")
    rows = [
        (name, f"{segment.quads:,}", segment.digest[:12], " ".join(segment.graphs))
        for name, segment in sorted(manifest.segments.items())
    ]
    print_table(("segment", "quads", "digest", "graphs"), rows)


@app.command("diff")
def diff_(old: Reference, new: Reference = "current", data_dir: DataDir = None) -> None:
    """What one release has and another has not, as lines of N-Quads with + or - before them."""
    folder = opening.data_folder(data_dir)
    for sign, line in diff(folder.find(old), folder.find(new)):
        sys.stdout.write(f"{sign} {line.decode()}")


@app.command()
def rollback(release: Reference, data_dir: DataDir = None) -> None:
    """Make an earlier release the live one."""
    say(f"live is now {opening.data_folder(data_dir).rollback(release).id}")


@app.command()
def tag(release: Reference, name: str, data_dir: DataDir = None) -> None:
    """Give a release a name; it is then kept until the name is taken away."""
    say(f"{name} is {opening.data_folder(data_dir).tag(release, name).id}")


@app.command()
def untag(name: str, data_dir: DataDir = None) -> None:
    """Take a name away."""
    opening.data_folder(data_dir).untag(name)


@app.command()
def rebuild(release: Reference = "current", data_dir: DataDir = None) -> None:
    """Make the database of a release anew from its segments, whose digests are checked."""
    say(f"rebuilt {opening.data_folder(data_dir).rebuild(release).id}")


@app.command()
def prune(
    keep: Keep = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Remove old releases, and segments that none is made of; the live, tagged and open ones stay."""
    gone = opening.data_folder(data_dir).collect(keep=settings(keep=keep).keep, dry_run=dry_run)
    verb = "would remove" if dry_run else "removed"
    numbers = f"{len(gone.releases)} releases, {len(gone.segments)} segments, {len(gone.leftovers)} leftovers"
    say(f"{verb} {numbers}: {usage.shown(gone.size_bytes)}")
    for identifier in gone.releases if dry_run else ():
        say(f"  {identifier}")
    for identifier in gone.busy:
        note(f"{identifier} is open and stays")


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    warnings = row["validation"].get("Warning", 0)
    live = "*" if row["live"] else ""
    return live, row["id"], " ".join(row["tags"]), f"{row['quads']:,}", str(row["segments"]), str(warnings)


def _described(release: Release) -> dict[str, Any]:
    manifest = release.manifest
    return {
        "id": release.id,
        "created": manifest.created,
        "tool": manifest.tool,
        "parent": manifest.parent,
        "made_by": manifest.made_by,
        "default_graph": manifest.default_graph,
        "ready": list(manifest.ready),
        "counts": dict(manifest.counts),
        "validation": dict(manifest.validation),
        "sources": dict(manifest.sources),
        "segments": {name: vars(segment) for name, segment in sorted(manifest.segments.items())},
    }
