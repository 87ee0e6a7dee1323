"""Errors in what goes in: settings, sources and bodies, cells of tables, statements that shapes refuse, evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors.base import KgError

if TYPE_CHECKING:
    from kg.validation.report import Report

_SHOWN_COMPLAINTS = 100


class ConfigError(KgError):
    """A setting or the environment is wrong; nothing was attempted."""

    code = "config"
    exit_code = 3


class SourceError(KgError):
    """A source folder or a file given to load cannot be used."""

    code = "source"
    http_status = 422
    exit_code = 4


class SourceUnavailableError(SourceError):
    """A named source or file is not there."""

    code = "source-unavailable"
    http_status = 404


class SourceFormatError(SourceError):
    """A file is there and is not what it should be.

    What is wrong stands in a row of a table or in a line of a text, where that is known.
    """

    code = "source-format"

    def __init__(self, message: str, *, file: str, row: int | None = None, line: int | None = None) -> None:
        places = [f"{name} {number}" for name, number in (("row", row), ("line", line)) if number is not None]
        super().__init__(f"{', '.join([file, *places])}: {message}")
        self.reason = message
        self.file = file
        self.row = row
        self.line = line


class BodyError(SourceError):
    """What was sent is not RDF in the syntax that it is said to be."""

    code = "body"
    http_status = 400


class BodyTooLargeError(SourceError):
    """What was sent is larger, or costs more to read, than is allowed."""

    code = "body-too-large"
    http_status = 413


class MediaTypeError(SourceError):
    """What was sent is of a media type that is not read here."""

    code = "media-type"
    http_status = 415


@dataclass(frozen=True, order=True)
class Complaint:
    """One cell or row that could not be mapped: where it stands, what it holds, what was expected."""

    file: str
    row: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}, row {self.row}{column}: found {self.value!r}, expected {self.expected}"


class MappingError(KgError):
    """Tables hold cells that their metadata does not allow; nothing was written."""

    code = "mapping"
    http_status = 422
    exit_code = 5

    def __init__(self, source: str, complaints: Sequence[Complaint], *, complete: bool = True) -> None:
        shown = [f"  {complaint}" for complaint in complaints[:_SHOWN_COMPLAINTS]]
        if len(complaints) > _SHOWN_COMPLAINTS:
            shown += [f"  … and {len(complaints) - _SHOWN_COMPLAINTS:,} more", *_tally(complaints)]
        noun = "cell does" if len(complaints) == 1 else "cells do"
        number = f"{len(complaints):,}" if complete else f"more than {len(complaints) - 1:,}"
        super().__init__("\n".join([f"source {source}: {number} {noun} not fit the metadata", *shown]))
        self.source = source
        self.complaints = tuple(complaints)


def _tally(complaints: Sequence[Complaint]) -> list[str]:
    """How many complaints there are of each column, the most first."""
    counted = Counter((complaint.file, complaint.column) for complaint in complaints)
    places = ((f"{file}, column {column}" if column else file, number) for (file, column), number in counted.items())
    return [f"  {place}: {number:,}" for place, number in sorted(places, key=lambda item: (-item[1], item[0]))]


class ValidationFailedError(KgError):
    """The gate refused: the data violates a shape. Raised by the gate only."""

    code = "validation"
    http_status = 422
    exit_code = 6

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


class EvidenceError(KgError):
    """Recomputed digests of documents or spans differ from the recorded ones."""

    code = "evidence"
    exit_code = 11
