"""A release of a data folder, held and open until it is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from kg.client.found import as_result
from kg.client.graph import Graph
from kg.client.results import Result
from kg.queries import NamedQuery
from kg.store.release import Release

if TYPE_CHECKING:
    from kg.analysis.rows import Place


class LocalGraph(Graph):
    """A release on this machine: nobody collects it while it is open, and a later one does not change it."""

    def __init__(self, release: Release, named: Mapping[str, NamedQuery]) -> None:
        with ExitStack() as opening:
            store = opening.enter_context(release.open())
            super().__init__(store, named, release=release.id, kept=opening.pop_all())
        self._of = release

    def search(
        self,
        text: str = "",
        *,
        classes: Iterable[str] = (),
        countries: Iterable[str] = (),
        years: Iterable[str | int] = (),
        limit: int = 20,
        language: str = "en",
    ) -> Result:
        """See `Graph.search`; the index of the release is made unless it is there."""
        from kg import search as searching  # noqa: PLC0415 - not all need it

        assert self._store  # noqa: S101 - or it was closed
        question = searching.question(
            text, classes=list(classes), countries=list(countries), years=[str(year) for year in years]
        )
        with searching.Index.of(self._of) as index:
            page = searching.search(index, question, limit=limit)
            hits = searching.told(index, page.hits, language)
            told = searching.as_json(page, hits, {})
        return as_result(told, self.release)

    @property
    def _place(self) -> Place:
        from kg.analysis.rows import Place  # noqa: PLC0415

        return Place(self._store, self._of)
