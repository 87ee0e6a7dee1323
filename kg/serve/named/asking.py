"""What is asked of a named query over HTTP, and what the live release says to it.

Values that name a thing are looked up, and what each parameter can be given; both are the same for a release, so what
was looked up is kept until another one goes live.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from starlette.requests import Request as HttpRequest

from kg.errors import ParameterError, StoreError
from kg.queries import NamedQuery, Page, Parameter, Table, choices, page, place, resolved
from kg.queries.values import Choice, Lookup, Steps
from kg.serve.languages import PARAMETER
from kg.serve.named.lookups import KeptLookups
from kg.serve.named.rows import KeptRows
from kg.serve.views.tables import asked
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits

MOST = 10_000
"""As many rows as a page can have."""
USUAL = 100
"""As many rows as it has where only a cursor is given."""
OPTIONS = ("format", "limit", "cursor", PARAMETER)

_WHOLE = 32 * 1024**2

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """The values of parameters as they were typed, and which rows of the answer are wanted: all without a limit."""

    values: Mapping[str, str]
    limit: int | None = None
    cursor: str | None = None

    @property
    def paged(self) -> bool:
        """Whether a page is wanted, and not the whole."""
        return self.limit is not None or self.cursor is not None


def asked_of(http: HttpRequest) -> Asked:
    """What a request asks; fields that a form sends empty are left out.

    Raises
    ------
    ParameterError
        The limit is none; a parameter is given twice.
    """
    given = [(name, value) for name, value in http.query_params.multi_items() if value]
    values = dict(given)
    if len(values) < len(given):
        name = next(name for name, _ in given if [each for each, _ in given].count(name) > 1)
        raise ParameterError(name, "one value, not several")
    limit, cursor = values.get("limit"), values.get("cursor")
    if limit is not None and not (re.fullmatch(r"[0-9]{1,6}", limit) and 0 < int(limit) <= MOST):
        raise ParameterError("limit", f"a whole number from 1 to {MOST}, not {limit!r}")
    wanted = {name: value for name, value in values.items() if name not in OPTIONS}
    return Asked(wanted, int(limit) if limit else None, cursor)


@dataclass(frozen=True)
class Asking:
    """Asks a pool for what named queries need to know, and for their rows."""

    pool: Pool
    rows: KeptRows
    _lookups: KeptLookups = field(default_factory=KeptLookups)

    async def resolved(self, query: NamedQuery, values: Mapping[str, str], limits: Limits) -> dict[str, str]:
        """The values, with IRIs in place of names, each lookup within the caller's time.

        Raises
        ------
        KgError
            As of `kg.queries.resolved` and `Pool.answer`.
        """
        return await self._driven(resolved(query, values), limits)

    async def choices(self, parameter: Parameter) -> tuple[Choice, ...] | None:
        """What a parameter can be given, if that is listed and the store can say it now."""
        with suppress(StoreError):
            return await self._driven(choices(parameter), self.pool.limits)
        return None

    async def page(self, asked: Asked, question: str, limits: Limits) -> tuple[Page, str]:
        """The rows that are wanted of the answer to a question, and the release that they are from.

        Raises
        ------
        CursorError, StaleCursorError
            The cursor is none, of another question, or its release is gone.
        KgError
            As `Pool.answer`.
        """
        at = place(asked.cursor, question) if asked.cursor else None
        found = await self.rows.rows(question, limits, at.release if at else None)
        limit = asked.limit or (USUAL if asked.paged else max(len(found), 1))
        if not asked.paged:
            found.refuse_more_than(_WHOLE)
        # in a thread, as all rows of an answer may be read
        cut = partial(page, found, release=found.release, question=question, limit=limit, at=at)
        return await asyncio.to_thread(cut), found.release

    async def _driven(self, steps: Steps[T], limits: Limits) -> T:
        try:
            lookup = next(steps)
            while True:
                lookup = steps.send(await self._looked(lookup, limits))
        except StopIteration as end:
            found: T = end.value
            return found

    async def _looked(self, lookup: Lookup, limits: Limits) -> Table:
        release = self.pool.release.id
        if found := self._lookups.find(release, lookup):
            return found
        # the caller's time; how many rows a lookup has is not the caller's choice
        found = await asked(self.pool, lookup.text, lookup.columns, replace(self.pool.limits, timeout=limits.timeout))
        if release == self.pool.release.id:
            self._lookups.keep(release, lookup, found)
        return found
