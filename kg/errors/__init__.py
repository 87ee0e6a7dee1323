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
                                       AmbiguousError, CursorError, StaleCursorError, RefusedError,
                                       OtherServerError, UpdateFailedError, InexpressibleError
      NotFoundError                9   GoneError
      NotAcceptableError          10
      EvidenceError               11
      AccessError                 12   UnauthenticatedError, ForbiddenError, RateLimitedError
      AnalysisError               13   NetworkError, NetworkTooLargeError

The number is the exit code of the command line; ``http_status`` is the status of the service, ``code`` the stable word
that both print. Errors are grouped by what the caller can do next, and carry fields, not only text: the text says what
happened, where, and what to do about it. Errors of libraries are translated in the module that called the library.
"""

from kg.errors.analysis import AnalysisError, NetworkError, NetworkTooLargeError
from kg.errors.base import KgError
from kg.errors.material import (
    BodyError,
    BodyTooLargeError,
    Complaint,
    ConfigError,
    EvidenceError,
    MappingError,
    MediaTypeError,
    SourceError,
    SourceFormatError,
    SourceUnavailableError,
    ValidationFailedError,
)
from kg.errors.requests import (
    AccessError,
    AmbiguousError,
    CursorError,
    ForbiddenError,
    GoneError,
    InexpressibleError,
    NotAcceptableError,
    NotFoundError,
    OtherServerError,
    ParameterError,
    QueryError,
    QuerySyntaxError,
    RateLimitedError,
    RefusedError,
    StaleCursorError,
    UnauthenticatedError,
    UnknownGraphError,
    UnknownQueryError,
    UpdateFailedError,
)
from kg.errors.store import (
    NewerLayoutError,
    PreconditionFailedError,
    QueryTimeoutError,
    ReadOnlyError,
    ResultTooLargeError,
    StartingError,
    StoppingError,
    StoreBusyError,
    StoreError,
    StoreLockedError,
    StoreUnavailableError,
)

__all__ = [
    "AccessError",
    "AmbiguousError",
    "AnalysisError",
    "BodyError",
    "BodyTooLargeError",
    "Complaint",
    "ConfigError",
    "CursorError",
    "EvidenceError",
    "ForbiddenError",
    "GoneError",
    "InexpressibleError",
    "KgError",
    "MappingError",
    "MediaTypeError",
    "NetworkError",
    "NetworkTooLargeError",
    "NewerLayoutError",
    "NotAcceptableError",
    "NotFoundError",
    "OtherServerError",
    "ParameterError",
    "PreconditionFailedError",
    "QueryError",
    "QuerySyntaxError",
    "QueryTimeoutError",
    "RateLimitedError",
    "ReadOnlyError",
    "RefusedError",
    "ResultTooLargeError",
    "SourceError",
    "SourceFormatError",
    "SourceUnavailableError",
    "StaleCursorError",
    "StartingError",
    "StoppingError",
    "StoreBusyError",
    "StoreError",
    "StoreLockedError",
    "StoreUnavailableError",
    "UnauthenticatedError",
    "UnknownGraphError",
    "UnknownQueryError",
    "UpdateFailedError",
    "ValidationFailedError",
]
