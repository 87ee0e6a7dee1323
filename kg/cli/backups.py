"""Commands that copy a data folder and make one from a copy."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer

from kg.cli import opening
from kg.cli.options import DataDir, Json
from kg.cli.printing import Progress, note, print_json, say, steps
from kg.config import settings
from kg.errors import ConfigError, NotFoundError
from kg.provenance import TOOL
from kg.store import durable
from kg.store.backup import restoring, saving
from kg.store.backup.saving import Saved
from kg.store.durable import explained
from kg.store.layout import Layout
from kg.store.releases import DataFolder

_ARCHIVE = ".tar"
_STREAM = "-"
_PACKED = (".gz", ".tgz", ".bz2", ".xz", ".zst", ".zip")


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(backup)
    app.command()(restore)


def backup(
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A folder, an archive (….tar), or - for standard output.")
    ],
    prune: Annotated[
        bool, typer.Option("--prune", help="Take out of the folder what the data folder has no more.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read what the folder has already, and copy anew what is damaged.")
    ] = False,
    without_tokens: Annotated[
        bool, typer.Option("--without-tokens", help="Leave out the tokens of the service.")
    ] = False,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Copy the data folder, while it is served and built in; into a folder only what is new."""
    folder = opening.data_folder(data_dir)
    is_archive = target == _STREAM or target.endswith(_ARCHIVE)
    if target.endswith(_PACKED):
        raise ConfigError(
            f"{target}: segments are packed already; name a folder, or an archive that ends in {_ARCHIVE}"
        )
    if is_archive and (prune or deep):
        raise ConfigError("--prune and --deep are for a folder; an archive is written from the beginning")
    with steps() as progress:
        if is_archive:
            saved = _archived(folder.layout, target, progress, tokens=not without_tokens)
        else:
            saved = saving.into_folder(
                folder.layout,
                Path(target),
                tool=TOOL,
                now=_now(),
                tokens=not without_tokens,
                prune=prune,
                deep=deep,
                progress=progress,
            )
    for identifier in saved.skipped:
        note(f"kg: release {identifier} is damaged and not in the backup; kg doctor says what is wrong with it")
    tell = note if target == _STREAM else say
    if as_json and target != _STREAM:
        print_json(asdict(saved))
    else:
        tell(f"backup of {saved.releases} releases, {saved.current} live, in {target}\n  {_numbers(saved)}")


def restore(
    source: Annotated[str, typer.Argument(metavar="BACKUP", help="A folder, an archive, or - for standard input.")],
    release: Annotated[
        str, typer.Option("--release", metavar="ID", help="Only this release, by id or unique beginning.")
    ] = "",
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Make a data folder from a backup: every file is checked, and databases are made anew."""
    origin: Path | IO[bytes] = sys.stdin.buffer if source == _STREAM else Path(source)
    if isinstance(origin, Path) and not origin.exists():
        raise NotFoundError(f"there is no backup {origin}")
    folder = DataFolder.open(settings(data_dir=data_dir).data_dir, create=True)
    with steps() as progress:
        restored = restoring.restore(folder.layout, origin, only=release, progress=progress)
    if as_json:
        print_json(asdict(restored))
        return
    say(f"restored {len(restored.releases)} releases into {folder.layout.root}, {restored.current} live")
    say(f"  {restored.files:,} files checked, {restored.size_bytes:,} bytes")


def _archived(layout: Layout, target: str, progress: Progress, *, tokens: bool) -> Saved:
    def save(stream: IO[bytes]) -> Saved:
        return saving.as_archive(layout, stream, tool=TOOL, now=_now(), tokens=tokens, progress=progress)

    if target != _STREAM:
        return _written(Path(target), save)
    if sys.stdout.isatty():
        raise ConfigError("an archive is not for a terminal: kg backup - > backup.tar")
    return save(sys.stdout.buffer)


def _written(path: Path, save: Callable[[IO[bytes]], Saved]) -> Saved:
    """Write a file, for its owner alone, that takes its place when it is whole."""
    with explained(f"cannot write {path}"), _draft(path) as draft:
        saved = save(draft)
        draft.flush()
        os.fsync(draft.fileno())
        Path(draft.name).replace(path)
        durable.sync_folder(path.parent)
    return saved


@contextmanager
def _draft(path: Path) -> Iterator[IO[bytes]]:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        try:
            yield draft
        finally:
            Path(draft.name).unlink(missing_ok=True)


def _numbers(saved: Saved) -> str:
    removed = f", {saved.removed:,} removed" if saved.removed else ""
    return f"{saved.copied:,} files copied, {saved.size_bytes:,} bytes; {saved.kept:,} were there{removed}"


def _now() -> datetime:
    return datetime.now(UTC)
