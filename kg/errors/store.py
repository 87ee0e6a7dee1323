"""Errors of the store: it is not there, is held or too busy, or lets something not be changed."""

from __future__ import annotations

from kg.errors.base import KgError


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
