"""What the live release has no more, read once for each release, and only when somebody asks for what is not there."""

from __future__ import annotations

import asyncio

from kg.errors import GoneError, NotFoundError
from kg.store.base import Published


class Gone:
    """The list of the release that was asked last."""

    def __init__(self) -> None:
        self._release: str | None = None
        self._listed = frozenset[str]()
        self._reading = asyncio.Lock()

    async def has(self, release: Published, iri: str) -> bool:
        """Whether an earlier release told of a thing; `StoreError` if the list is damaged.

        Of a release without an id nothing is known. The list may be on a server elsewhere, so a thread reads it.
        """
        if not release.id:
            return False
        async with self._reading:
            if release.id != self._release:
                self._listed, self._release = await asyncio.to_thread(release.gone), release.id
            return iri in self._listed


def nothing_known(iri: str, *, gone: bool) -> NotFoundError:
    """What to raise for a thing of which the live release says nothing, and perhaps an earlier one did."""
    if gone:
        return GoneError(f"{iri} was in an earlier release and is in this one no more")
    return NotFoundError(f"nothing is known of {iri}; /queries and /sparql find what there is")
