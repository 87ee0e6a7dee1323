"""The inside of a process that validates once: from the bytes that a client sent to the bytes that it is answered with.

`kg.serve.validators` starts it, waits, and ends it, as `kg.serve.tasks` has it. Nothing here reaches the network:
parsers fetch nothing, and queries with SERVICE or FROM are refused when the shapes are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.errors import ConfigError, KgError, ResultTooLargeError, SourceError
from kg.pipeline import checking
from kg.serve import reports
from kg.serve.negotiation import HTML
from kg.serve.tasks import Failure, live
from kg.serve.uploads import Sent
from kg.store.querying.requests import Limits
from kg.validation.readable import ReadableReport
from kg.validation.shapes import Shapes

_JSON = "application/json"


@dataclass(frozen=True)
class Task:
    """What to validate, with which files of shapes if none are sent, and how to write the report."""

    sent: Sent
    shapes: tuple[Path, ...]
    media_type: str
    first: int | None = None


@dataclass(frozen=True)
class Outcome:
    """Whether the data conforms, and the report."""

    conforms: bool
    body: bytes


def main() -> None:
    """The whole life of the process."""
    live(answered)


def answered(task: Task, limits: Limits) -> Outcome | Failure:
    """What comes of a task, in this process."""
    try:
        told = _checked(task)
        outcome = Outcome(told.report.conforms, write(told, task.media_type, "what you sent"))
    except (SourceError, ConfigError) as error:  # shapes are a setting elsewhere, here they are sent
        return Failure(SourceError.code, str(error))
    except KgError as error:
        return Failure(error.code, str(error))
    if len(outcome.body) > limits.result:
        text = f"the report is larger than {limits.result:,} bytes; ask for fewer results with limit="
        return Failure(ResultTooLargeError.code, text)
    return outcome


def write(told: ReadableReport, media_type: str, what: str) -> bytes:
    """A report in one of the forms that the service offers."""
    if media_type == _JSON:
        return told.to_json().encode()
    if media_type == HTML:
        return reports.page(told, what).encode()
    syntax = ox.RdfFormat.from_media_type(media_type)
    if syntax is None:
        raise TypeError(f"a report cannot be written as {media_type}")
    return told.listed.to_rdf(syntax)


def _checked(task: Task) -> ReadableReport:
    sent = task.sent
    shapes = Shapes.read(sent.shapes, limits=None) if sent.shapes else Shapes.load(task.shapes)
    return checking.of_sent(sent.data, with_terms=not sent.shapes).checked(shapes, first=task.first)
