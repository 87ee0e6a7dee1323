"""Errors of the analysis of networks."""

from __future__ import annotations

from kg.errors.base import KgError


class AnalysisError(KgError):
    """A network cannot be analysed as asked."""

    code = "analysis"
    http_status = 422
    exit_code = 13


class NetworkError(AnalysisError):
    """A network is not one: a weight, a node or a column is missing or wrong."""

    code = "network"


class NetworkTooLargeError(AnalysisError):
    """A network is over a limit; a filter makes it smaller, or another engine can take it."""

    code = "network-too-large"
    http_status = 413
