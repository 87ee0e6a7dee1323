"""What the live release has no more, read once for each release, and only when somebody asks for what is not there."""

from __future__ import annotations

from kg.store.base import Published


class Gone:
    """The list of the release that was asked last."""

    def __init__(self) -> None:
        self._release: str | None = None
        self._listed = frozenset[str]()

    def has(self, release: Published, iri: str) -> bool:
        """Whether an earlier release told of a thing; `StoreError` if the list is damaged."""
        if not release.id or release.id != self._release:
            self._listed, self._release = release.gone(), release.id
        return iri in self._listed
