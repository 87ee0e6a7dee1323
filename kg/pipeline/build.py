"""A build: changed inputs become segments, what follows is derived, the gate decides, a release goes live or nothing.

The live release is not touched before the last step, and not at all if the gate refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from kg import assets
from kg.derivation.records import files as rules
from kg.errors import StoreLockedError
from kg.pipeline import refusals
from kg.pipeline.admission import admit, identifier
from kg.pipeline.inputs import Input, Progress, digest_of
from kg.pipeline.outcome import Outcome
from kg.pipeline.run import DERIVED, GATE, Author, Run
from kg.store.releases import DataFolder, Staging
from kg.validation.incremental.affected import WORTHWHILE_QUADS
from kg.validation.report import Report
from kg.validation.shapes import Shapes

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


def quietly(_: str) -> None:
    """Tell nobody what step a build is at."""


def build(
    folder: DataFolder,
    inputs: Sequence[Input],
    shapes: Sequence[Path],
    *,
    elsewhere: Iterable[Input] = (),
    complete: bool = True,
    absent: Collection[str] = (),
    drop: Sequence[str] = (),
    dry_run: bool = False,
    keep: int = 5,
    recheck_from: int = WORTHWHILE_QUADS,
    clock: Clock = now,
    progress: Progress = quietly,
    patience: float = 0.0,
) -> Outcome:
    """A new live release from the inputs, or the report of why not.

    Parameters
    ----------
    inputs
        What is to be in the release; those whose digest the live release has already are not read.
    shapes
        Turtle files of shapes.
    elsewhere
        Other inputs of the live release, which are not built: results may be about their rows. Asked for them only.
    complete
        Whether the inputs are all sources there are: sources of the live release that are not among them go. What
        users loaded always stays.
    absent
        Names of segments that stay as the live release has them, though no input is given: registers whose files are
        not at hand.
    drop
        Names of segments to take out.
    dry_run
        Take every step but the publication, and leave nothing behind.
    keep
        Releases to keep afterwards.
    recheck_from
        Quads of a release from which on only what a change affects is checked again.
    clock
        The time for the graph about the graphs; names of releases have that of the folder.
    patience
        Seconds to wait for another build to end.

    Raises
    ------
    MappingError, SourceError
        An input cannot be read as a whole; complaints of all inputs are gathered first. Nothing was published.
    ValidationFailedError
        The gate refuses. The report is in the error and, but for a dry run, in the folder's ``refused/``.
    StoreError
        See `DataFolder.stage`, `Staging.publish`.
    """
    with folder.stage(patience=patience) as staging:
        result = staged(
            folder,
            staging,
            inputs,
            shapes,
            elsewhere=elsewhere,
            complete=complete,
            absent=absent,
            drop=drop,
            dry_run=dry_run,
            recheck_from=recheck_from,
            clock=clock,
            progress=progress,
        )
    # The release is published. Another build that has begun since then collects when it ends; this one has succeeded.
    if result.published:
        with suppress(StoreLockedError):
            folder.collect(keep=keep)
    return result


def staged(
    folder: DataFolder | None,
    staging: Staging,
    inputs: Sequence[Input],
    shapes: Sequence[Path],
    *,
    elsewhere: Iterable[Input] = (),
    complete: bool,
    absent: Collection[str] = (),
    drop: Sequence[str] = (),
    dry_run: bool = False,
    recheck_from: int = WORTHWHILE_QUADS,
    clock: Clock = now,
    progress: Progress = quietly,
    author: Author | None = None,
) -> Outcome:
    """The steps of a build whose staging is open already, for inputs that depend on the live release; see `build`.

    Parameters
    ----------
    folder
        Where the report is written if the gate refuses; nowhere when None.
    author
        Who asked for it, if it was a client.
    """
    code = {GATE: _gate_digest(shapes), DERIVED: digest_of(rules(), assets.code_digest("derivation", "iris.py"))}
    run = Run(staging, inputs, elsewhere, recheck_from, code, absent, author)
    if not (drop or run.stale(complete)):
        return Outcome(staging.parent, False, Report(), counts=run.counts, rows=run.rows)
    run.read(complete, drop, progress)
    run.derive(progress)
    progress("checking")
    report = run.check(_shapes(tuple(shapes), run.code[GATE]))
    admit(None if dry_run else folder, report, began=clock())
    left_out = {name: refused.rows for name, refused in run.refused.items()}
    if dry_run:
        return Outcome(staging.parent, False, report, run.changes, run.count(), run.rows, left_out)
    place = refusals.keep(folder, run.refused, identifier(clock())) if folder and left_out else None
    progress("publishing")
    return replace(run.publish(report, clock()), refused=left_out, refused_in=place)


@lru_cache(maxsize=1)
def _shapes(files: tuple[Path, ...], _: str) -> Shapes:
    """The shapes of files with this digest, read once: a process that writes checks after every write."""
    return Shapes.load(files)


def _gate_digest(shapes: Sequence[Path]) -> str:
    """What a report depends on besides the data: shapes, the code that checks, the engine that answers."""
    code = assets.code_digest("validation", "sparql", "vocabulary.py", "iris.py")
    return digest_of(sorted(shapes), code, version("pyoxigraph"))
