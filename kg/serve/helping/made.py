"""The site of help as the service has it: made when somebody first asks, from what only this edge knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, get_args

from pydantic import SecretStr

from kg import help as documentation
from kg.config import Settings
from kg.help import Finder, Setting, Site, Sources


class Help:
    """The site and its index, made once, in a thread: about two CPU seconds.

    Parameters
    ----------
    sources
        Called in that thread.
    """

    def __init__(self, sources: Callable[[], Sources]) -> None:
        self._sources = sources
        self._lock = asyncio.Lock()
        self._made: tuple[Site, Finder] | None = None

    async def made(self) -> tuple[Site, Finder]:
        """The site, and what finds its sections; errors as of `kg.help.make`."""
        async with self._lock:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
            return self._made

    def _make(self) -> tuple[Site, Finder]:
        site = documentation.make(self._sources())
        return site, Finder(site)


def settings() -> list[Setting]:
    """The settings with their defaults, as the documentation lists them; a secret has no option."""
    return [_setting(name, field) for name, field in Settings.model_fields.items()]


def _setting(name: str, field: Any) -> Setting:
    option = "" if SecretStr in get_args(field.annotation) else f"--{name.replace('_', '-')}"
    default = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
    return Setting(f"KG_{name.upper()}", option, "" if field.default is None else default, str(field.description))
