"""The list of what is gone: read beside the event loop, once for each release that has an id."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

from kg.serve.resources.gone import Gone
from kg.store.manifest import Manifest


@dataclass
class Told:
    """A release that remembers in which threads its list was read."""

    id: str
    listed: frozenset[str]
    threads: list[int] = field(default_factory=list)
    manifest: Manifest = field(default_factory=lambda: Manifest("", "", "", None, {}))

    def reported(self) -> str | None:
        return None

    def gone(self) -> frozenset[str]:
        self.threads.append(threading.get_ident())
        return self.listed


def test_the_list_of_a_release_is_read_once_and_in_a_thread() -> None:
    first, second, nameless = (Told(name, frozenset({f"x:{name}"})) for name in ("1", "2", ""))

    async def ask() -> list[bool]:
        gone = Gone()
        at_once = await asyncio.gather(*(gone.has(first, iri) for iri in ("x:1", "x:2")))
        return [*at_once, await gone.has(second, "x:2"), await gone.has(nameless, "x:")]

    assert asyncio.run(ask()) == [True, False, True, False]
    assert [len(each.threads) for each in (first, second, nameless)] == [1, 1, 0]
    assert threading.get_ident() not in first.threads
