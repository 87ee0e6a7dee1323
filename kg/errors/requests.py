"""Errors of what is asked for: queries, names, formats, and who may ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kg.errors.base import KgError


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

    def __init__(self, name: str, expected: str, accepted: Sequence[str] = ()) -> None:
        super().__init__(f"parameter {name}: expected {expected}")
        self.name = name
        self.expected = expected
        self.accepted = tuple(accepted)
        """What may be given instead, where that can be listed."""


class AmbiguousError(ParameterError):
    """A parameter was given a name that several things have."""

    code = "ambiguous"

    def __init__(self, name: str, value: str, candidates: Sequence[str], accepted: Sequence[str]) -> None:
        shown = ", ".join(candidates) + (
            f" and {len(accepted) - len(candidates)} more" * (len(accepted) > len(candidates))
        )
        super().__init__(name, f"one of {shown}; all of them are called {value!r}", accepted)


class CursorError(QueryError):
    """A cursor of a page is none, or belongs to another query, other values or another order."""

    code = "cursor"


class StaleCursorError(CursorError):
    """The release that a cursor pages through is not served any more; begin again without it."""

    code = "stale-cursor"
    http_status = 410


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
