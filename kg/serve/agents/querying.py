"""Tools that give rows: of named queries, of SPARQL, and of claims about figures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import pyoxigraph as ox
from mcp.server.mcpserver import Context
from pydantic import Field

from kg.errors import ParameterError
from kg.queries import find
from kg.serve.agents import bounds, card, checks
from kg.serve.agents.base import UNSET, Base, Cursor, Limit, Optional_, Values_
from kg.serve.agents.models import Claim, Conflict, Figures, Queries, Rows, Scalar
from kg.serve.named.asking import Asked
from kg.store.base import text_of
from kg.store.querying.requests import Limits, Request

_PAIRS = 50
_CLAIMS, _CONFLICTS = "figures/claims", "checks/claims-in-conflict"
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
_ANSWER_BYTES = 1 << 20
_TABLE_BYTES = 1 << 22


class Querying(Base):
    """Each public method is a tool, with its text for the model."""

    async def list_queries(
        self, family: Annotated[str, Field(description="only of this one, such as figures; empty for all")] = ""
    ) -> Queries:
        """The named queries with their parameters: families are figures, policy, institutions, provenance, checks..."""
        wanted = [each for each in self.queries.values() if not family or each.name.startswith(f"{family}/")]
        if not wanted:
            families = ", ".join(sorted({name.split("/")[0] for name in self.queries}))
            raise ParameterError("family", f"one of {families}")
        return Queries(queries=[card.entry(each) for each in wanted])

    async def run_query(
        self,
        ctx: Context,
        name: Annotated[str, Field(description="family/name, as list_queries has it", max_length=200)],
        parameters: Values_ = UNSET,
        limit: Limit = 50,
        cursor: Cursor = "",
    ) -> Rows:
        """Run a named query, which is written, tested and documented: take one before writing SPARQL."""
        query = find(self.queries, name, lists="the tool list_queries")
        question = query.ordered(await self.asking.resolved(query, parameters, self._limits(ctx)))
        meanings = {each.name: f"{each.meaning}{f' ({each.unit})' if each.unit else ''}" for each in query.columns}
        return await self._rows(question, limit, cursor, self._limits(ctx), meanings)

    async def sparql(
        self,
        ctx: Context,
        query: Annotated[str, Field(description="a SELECT or ASK query", max_length=checks.LONGEST)],
        limit: Limit = 50,
        cursor: Cursor = "",
    ) -> Rows:
        """Ask the graph in SPARQL 1.1, read-only: SELECT or ASK. Read kg://schema first. Give an ORDER BY to page."""
        text, form = await asyncio.to_thread(checks.checked, query)
        limits = self._limits(ctx)
        if await asyncio.to_thread(checks.asks_graphs, text):
            await asyncio.to_thread(checks.check_graphs, text, await self._graphs(limits))
        if form == "SELECT":
            return await self._rows(text, limit, cursor, limits, {})
        async with self._pool.answer(Request(query=text), limits) as answer:
            found: Any = ox.parse_query_results(await answer.read(_ANSWER_BYTES), ox.QueryResultsFormat.JSON)
        return Rows(
            release=answer.release.id,
            columns={"answer": "whether there is such a thing"},
            rows=[{"answer": bool(found)}],
            total=1,
            truncated=False,
            sparql=text,
        )

    async def figures(
        self,
        ctx: Context,
        indicator: Annotated[str, Field(description="what is measured, such as contract-value")] = "contract-value",
        area: Optional_ = "",
        year: Annotated[str, Field(description="year the period begins in; empty for all", pattern=r"^(\d{4})?$")] = "",
        channel: Optional_ = "",
        limit: Annotated[int, Field(ge=1, le=100)] = 25,
        cursor: Cursor = "",
    ) -> Figures:
        """Claims about an indicator with intervals, sources and conflicts. Report interval and source with a value."""
        given = {"indicator": indicator, "area": area, "year": year, "channel": channel}
        query, limits = find(self.queries, _CLAIMS), self._limits(ctx)
        values = await self.asking.resolved(query, {name: value for name, value in given.items() if value}, limits)
        page = await self._rows(query.ordered(values), limit, cursor, limits, {})
        claims = [_claim(row) for row in page.rows]
        disputed = {each.observation for each in claims if each.conflicts}
        pairs = await self._conflicts(disputed, limits) if disputed else []
        return Figures(
            release=page.release,
            claims=claims,
            conflicts=pairs[:_PAIRS],
            total=page.total,
            truncated=page.truncated,
            more=page.more,
            cursor=page.cursor,
        )

    async def _graphs(self, limits: Limits) -> list[str]:
        found = await self.asking.rows.rows(_GRAPHS, limits)
        return [text_of(graph) for (graph,) in (await found.whole(_TABLE_BYTES)).rows]

    async def _rows(self, question: str, limit: int, cursor: str, limits: Limits, meanings: Mapping[str, str]) -> Rows:
        """A page of rows, of as many as are wanted and fit."""
        page, release = await self.asking.page(Asked({}, limit, cursor or None), question, limits)
        rows = bounds.as_rows(page.table)
        if (fits := bounds.fitting(rows)) < len(rows):
            page, release = await self.asking.page(Asked({}, fits, cursor or None), question, limits)
            rows = bounds.as_rows(page.table)
        cut = bounds.was_cut(rows)
        left = page.total - page.start - len(rows)
        more = [f"{left:,} more rows: call again with cursor, or choose fewer"] if page.next else []
        more += [f"texts were cut at {bounds.TEXT} characters: SUBSTR(?text, n) gives the rest"] if cut else []
        return Rows(
            release=release,
            columns={name: meanings.get(name, "") for name in page.table.columns},
            rows=rows,
            total=page.total,
            truncated=bool(more),
            more="; ".join(more),
            cursor=page.next,
            sources=bounds.sources(rows),
            sparql=question if not meanings else "",
        )

    async def _conflicts(self, claims: set[str], limits: Limits) -> list[Conflict]:
        found = await self.asking.rows.rows(find(self.queries, _CONFLICTS).ordered({}), limits)
        table = await found.whole(_TABLE_BYTES)
        rows = [row for row in bounds.as_rows(table) if row.get("low") in claims or row.get("high") in claims]
        return [
            Conflict(
                low=str(row["low"]),
                low_value=_float(row["lowValue"]),
                high=str(row["high"]),
                high_value=_float(row["highValue"]),
                unit=str(row["unit"]),
                judged=row.get("assessed") is True,
            )
            for row in rows
        ]


def _claim(row: Mapping[str, Scalar]) -> Claim:
    def text(name: str) -> str:
        return str(row.get(name) or "")

    return Claim(
        observation=text("observation"),
        cell=text("cell"),
        value=_float(row["value"]),
        lower=_float(row["lower"]),
        upper=_float(row["upper"]),
        unit=text("unit"),
        first_day=text("firstDay"),
        last_day=text("lastDay"),
        area=text("area"),
        whose=text("whose"),
        channel=text("channel"),
        counterpart=text("counterpart"),
        transformation=text("transformation"),
        basis=text("basis"),
        status=text("status"),
        qualifier=text("qualifier"),
        revised=row.get("revised") is True,
        conflicts=int(_float(row["conflicts"])),
        source=next(iter(bounds.sources([row])), None),
        operation=text("operation"),
    )


def _float(value: Scalar) -> float:
    return float(value or 0)
