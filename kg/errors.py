"""Every error that the package raises on purpose, in one tree.

::

    KgError                        1
      ConfigError                  3
      SourceError                  4   SourceUnavailableError, SourceFormatError, BodyError,
                                       BodyTooLargeError, MediaTypeError
      MappingError                 5
      ValidationFailedError        6
      StoreError                   7   StoreUnavailableError, StartingError, StoppingError,
                                       StoreLockedError, NewerLayoutError, ReadOnlyError, StoreBusyError,
                                       QueryTimeoutError, ResultTooLargeError, PreconditionFailedError
      QueryError                   8   QuerySyntaxError, UnknownQueryError, UnknownGraphError, ParameterError,
                                       InexpressibleError
      NotFoundError                9   GoneError
      NotAcceptableError          10
      EvidenceError               11
      AccessError                 12   UnauthenticatedError, ForbiddenError, RateLimitedError

The number is the exit code of the command line; ``http_status`` is the status of the service, ``code`` the stable word
that both print. Errors are grouped by what the caller can do next, and carry fields, not only text: the text says what
happened, where, and what to do about it. Errors of libraries are translated in the module that called the library.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from kg.validation.report import Report


_SHOWN_COMPLAINTS = 100


class KgError(Exception):
    """An error whose text is meant for the person who ran the command or sent the request."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1


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


class StoreError(KgError):
    """The store could not do what was asked; the live release is as it was."""

    code = "store"
    http_status = 503
    exit_code = 7


class StoreUnavailableError(StoreError):
    """There is no release, or no server, to read."""

    code = "store-unavailable"


class StartingError(StoreUnavailableError):
    """The service has not opened what it serves yet; try again soon."""

    code = "starting"


class StoppingError(StoreUnavailableError):
    """The service is being stopped, and begins nothing any more; another one may have taken its place."""

    code = "stopping"


class StoreLockedError(StoreError):
    """Another build holds the data folder."""

    code = "store-locked"
    http_status = 409


class NewerLayoutError(StoreError):
    """A newer version of the program wrote the data folder; nothing in it is to be touched."""

    code = "newer-layout"


class ReadOnlyError(StoreError):
    """What was to be changed belongs to a source or to a published release."""

    code = "read-only"
    http_status = 403


class PreconditionFailedError(StoreError):
    """What was to be changed is no longer as the client knew it (RFC 9110, section 15.5.13)."""

    code = "precondition-failed"
    http_status = 412


class StoreBusyError(StoreError):
    """There is no room for this request beside those of others; it may succeed in a moment."""

    code = "store-busy"


class QueryTimeoutError(StoreError):
    """A query ran longer than its limit and was ended."""

    code = "query-timeout"


class ResultTooLargeError(StoreError):
    """A query needed more memory or gave a larger result than its limit, and was ended."""

    code = "result-too-large"


class QueryError(KgError):
    """A query or its parameters are wrong."""

    code = "query"
    http_status = 400
    exit_code = 8


class QuerySyntaxError(QueryError):
    """The text is not SPARQL."""

    code = "query-syntax"


class UnknownQueryError(QueryError):
    """No named query has this name."""

    code = "unknown-query"
    http_status = 404


class UnknownGraphError(QueryError):
    """The dataset of a query has a graph that the release has not."""

    code = "unknown-graph"


class ParameterError(QueryError):
    """A parameter is missing, unknown or of the wrong kind."""

    code = "parameter"

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"parameter {name}: expected {expected}")
        self.name = name
        self.expected = expected


class RefusedError(QueryError):
    """The request is SPARQL and asks for what this service does not do."""

    code = "refused"
    http_status = 403


class OtherServerError(QueryError):
    """Another server that was asked for a part of the answer failed, or gave too much or nothing in time."""

    code = "other-server"
    http_status = 502


class UpdateFailedError(QueryError):
    """An operation of an update cannot be done on the graphs as they are."""

    code = "update-failed"
    http_status = 409


class InexpressibleError(QueryError):
    """The syntax asked for cannot hold the answer; another one can."""

    code = "inexpressible"
    http_status = 406


class NotFoundError(KgError):
    """Nothing is known under this name or IRI."""

    code = "not-found"
    http_status = 404
    exit_code = 9


class GoneError(NotFoundError):
    """An earlier release told of this; the live one does not."""

    code = "gone"
    http_status = 410


class NotAcceptableError(KgError):
    """None of the formats asked for is offered."""

    code = "not-acceptable"
    http_status = 406
    exit_code = 10

    def __init__(self, accept: str, offered: Sequence[str]) -> None:
        super().__init__(f"cannot answer with {accept}; offered: {', '.join(offered)}")
        self.accept = accept
        self.offered = tuple(offered)


class EvidenceError(KgError):
    """Recomputed digests of documents or spans differ from the recorded ones."""

    code = "evidence"
    exit_code = 11


class AccessError(KgError):
    """The service does not let this caller do this.

    ``headers`` are fields of HTTP that belong to the answer: how to show a token (RFC 6750), when to try again.
    """

    code = "access"
    http_status = 403
    exit_code = 12
    headers: Mapping[str, str] = MappingProxyType({})

    def __init__(self, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.headers = dict(headers or {})


class UnauthenticatedError(AccessError):
    """A token is needed, or the one that was sent is not valid."""

    code = "unauthenticated"
    http_status = 401


class ForbiddenError(AccessError):
    """The token that was sent does not allow this."""

    code = "forbidden"


class RateLimitedError(AccessError):
    """More requests were sent than this caller's rate allows."""

    code = "rate-limited"
    http_status = 429
