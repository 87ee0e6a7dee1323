"""What every error of the package has: a word, a status of HTTP, an exit code."""

from __future__ import annotations

from typing import ClassVar


class KgError(Exception):
    """An error whose text is meant for the person who ran the command or sent the request."""

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
