"""Work in a thread that whoever is cancelled meanwhile waits for: a thread cannot be ended, and holds what it uses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def to_its_end(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function gives that is run in a thread.

    As `asyncio.to_thread`, except that a cancellation is raised after the function has ended, however often it comes:
    what the function uses can then be closed, and what it has opened is in its place to be closed.
    """
    running = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({running})
        raise
