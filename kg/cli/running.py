"""A build, run for a command: with progress, pushed to a server if there is one, and told."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kg import pipeline, search
from kg.analysis import rows
from kg.cli import opening, outcomes, pushing
from kg.cli.printing import Progress, note, steps
from kg.config import settings
from kg.errors import KgError, SourceError, StoreError
from kg.pipeline import Input
from kg.store.releases import DataFolder, Release

if TYPE_CHECKING:
    from kg.store.remote.pushing import Pushed
    from kg.store.remote.server import Server

_PATIENCE_SECONDS = 30.0
"""How long to wait for a write of the service, or for another build."""


def run(
    folder: DataFolder,
    inputs: Sequence[Input],
    others: Iterable[Input] = (),
    *,
    complete: bool = True,
    absent: Collection[str] = (),
    drop: Sequence[str] = (),
    dry_run: bool = False,
    keep: int | None = None,
    server: Server | None = None,
    as_json: bool = False,
) -> None:
    """Build, with progress on a terminal, publish to a server, and tell what came of it."""
    began, cpu = time.perf_counter(), time.process_time()
    left_out = _left_out(folder, inputs, absent) if complete else []
    with steps() as progress:
        outcome = pipeline.build(
            folder,
            inputs,
            opening.shapes(),
            elsewhere=others,
            complete=complete,
            absent=absent,
            drop=drop,
            dry_run=dry_run,
            keep=settings(keep=keep).keep,
            progress=progress,
            patience=_PATIENCE_SECONDS,
        )
        pushed = _pushed(folder, server, progress) if server and not dry_run else None
        if outcome.published and outcome.release:
            _prepare(outcome.release, progress)
    facts = outcomes.facts(outcome, left_out, time.perf_counter() - began, time.process_time() - cpu)
    if server and pushed:
        facts["store"] = pushing.facts(pushed, server)
    outcomes.tell(outcome, facts, dry_run=dry_run, as_json=as_json)
    if server and pushed and not as_json:
        pushing.tell(pushed, server)


def elsewhere(sources_dir: Path | None, downloads: Path | None = None) -> Iterator[Input]:
    """All inputs, for the rows of results; where the user's folder is not there, nothing is built from it either."""
    with suppress(SourceError):
        yield from opening.inputs(sources_dir, downloads=downloads)


def server(url: str | None, updates: str | None) -> Server | None:
    """The server to publish to, if there is one; a wrong address is told before anything is built."""
    chosen = settings(store=url, store_update=updates)
    return opening.server(chosen.store, updates=updates, timeout=chosen.query_timeout) if chosen.store else None


def _pushed(folder: DataFolder, server: Server, progress: Progress) -> Pushed | None:
    """Have a server hold the live release, whether it is new or the server lags behind."""
    live = folder.current()
    try:
        return pushing.published(folder, live, server, progress=progress) if live else None
    except StoreError as error:
        where = f"release {live.id if live else ''} is in {folder.layout.root} and not on the server"
        raise type(error)(f"{error}; {where}: kg push {server.url} tries again") from error


def _prepare(release: Release, progress: Progress) -> None:
    """Make what searches and networks need; the release is live in any case, and whoever asks makes what is missing."""
    for what, make in {"search index": search.prepare, "table of networks": rows.prepare}.items():
        progress(f"making the {what}")
        try:
            make(release)
        except KgError as error:
            note(f"there is no {what} yet, whoever asks first will make it: {error}")


def _left_out(folder: DataFolder, inputs: Sequence[Input], absent: Collection[str]) -> list[str]:
    """Sources that the live release has and a build of these inputs would not have."""
    live = folder.current()
    records = live.manifest.sources if live else {}
    given = {*(item.name for item in inputs), *absent}
    return [name for name, record in records.items() if record.get("kind") == "source" and name not in given]
