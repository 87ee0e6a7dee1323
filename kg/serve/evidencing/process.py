"""The inside of a process that checks one document; `kg.serve.tasks` starts and ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import SourceError
from kg.evidence.checking import Check, Document, check
from kg.evidence.records import Place, Record
from kg.serve.tasks import Failure, live
from kg.store.querying.requests import Limits


@dataclass(frozen=True)
class Task:
    """What to check: the places, their records and the digests of captured documents by IRI, and what was sent."""

    places: tuple[Place, ...]
    records: Mapping[str, Record]
    digests: Mapping[str, str]
    sent: Document


def main() -> None:
    """The whole life of the process."""
    live(answered)


def answered(task: Task, _: Limits) -> list[Check] | Failure:
    """What comes of a task, in this process."""
    try:
        return check(task.places, task.records, task.digests, task.sent)
    except SourceError as error:
        return Failure(SourceError.code, str(error))
