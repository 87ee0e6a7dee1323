"""What the service answers to a write that was made, whichever way it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from kg.serve.writing.writer import Written


def told(written: Written, status: int = 200, headers: Mapping[str, str] | None = None, **more: str | None) -> Response:
    """The release that is live now, whether the write made it, and what the gate found; more members come first."""
    body: dict[str, Any] = {
        **more,
        "release": written.release_id,
        "published": written.published,
        "validation": dict(written.counts),
    }
    return JSONResponse(body, status, {"Cache-Control": "no-store", **(headers or {})})
