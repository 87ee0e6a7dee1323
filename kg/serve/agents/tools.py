"""The tools: what each is given by a model, what it asks of the service, what it answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import pyoxigraph as ox
from mcp.server.mcpserver import Context
from pydantic import Field

from kg import search as searching
from kg.analysis import measures
from kg.analysis.definitions import Definition
from kg.errors import NotFoundError, ParameterError, QueryTimeoutError
from kg.evidence.records import rests
from kg.explore import describing, naming
from kg.queries import NamedQuery, find
from kg.serve.access import caller
from kg.serve.agents import bounds, card, checks
from kg.serve.agents.models import (
    Claim,
    Conflict,
    Evidence,
    Figures,
    Hit,
    Hits,
    Measured,
    Property,
    Queries,
    Rows,
    Scalar,
    Source,
    Thing,
)
from kg.serve.evidencing import told
from kg.serve.exploring.asking import explored
from kg.serve.indexes import Indexes
from kg.serve.named.asking import Asked, Asking
from kg.serve.networks import asked
from kg.serve.networks.answering import Answering, who
from kg.serve.networks.tasks import Task
from kg.store.base import text_of
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits, Request
from kg.vocabulary import TT

MOST = 200
"""Rows of one answer."""
_SAMPLES = 5
_PAIRS = 50
_CLAIMS, _CONFLICTS = "figures/claims", "checks/claims-in-conflict"
_NONE: list[str] = []
_UNSET: dict[str, str] = {}
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
_ANSWER_BYTES = 1 << 20
_TABLE_BYTES = 1 << 22

Words = Annotated[str, Field(description="words in any language, an identifier or an IRI", max_length=300)]
Iri = Annotated[
    str, Field(description="an IRI, a CURIE such as org-id:ncste, or a path such as org/ncste", max_length=2_000)
]
Limit = Annotated[int, Field(description="rows of this answer", ge=1, le=MOST)]
Cursor = Annotated[str, Field(description="what the answer before gave, to go on; else empty", max_length=2_000)]
Language = Annotated[str, Field(description="language of labels", pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]
Values_ = Annotated[dict[str, str], Field(description="values by name of parameter", max_length=30)]
Optional_ = Annotated[
    str, Field(description="an IRI, a CURIE, the end of an IRI, or a name; empty for all", max_length=500)
]


@dataclass(frozen=True)
class Tools:
    """What tools ask: each method is one, with its text for the model."""

    asking: Asking
    queries: Mapping[str, NamedQuery]
    indexes: Indexes
    networks: Answering
    known: Mapping[str, Definition]

    async def search(
        self,
        ctx: Context,
        text: Words = "",
        classes: Annotated[list[str], Field(description="only of these: Policy, Organization", max_length=10)] = _NONE,
        countries: Annotated[list[str], Field(description="only of these: CN", max_length=20)] = _NONE,
        years: Annotated[list[str], Field(description="2020, or 2018-2022", max_length=20)] = _NONE,
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        after: Cursor = "",
        language: Language = "en",
    ) -> Hits:
        """Find things (organizations, policies, documents, indicators) by their words; gives IRIs for other tools."""
        del ctx
        question = searching.question(text, classes=classes, countries=countries, years=years)
        open_ = await self.indexes.current()

        def found() -> tuple[searching.Page, list[searching.Told]]:
            page = searching.search(open_.index, question, limit=limit, after=after)
            return page, searching.told(open_.index, page.hits, language)

        page, hits = await self.indexes.ask(found)
        return Hits(
            release=open_.release,
            hits=[_hit(each) for each in hits],
            total=page.total,
            truncated=page.after is not None,
            more=f"{page.total - len(hits):,} more: call again with after" if page.after else "",
            after=page.after,
        )

    async def describe(self, ctx: Context, iri: Iri, language: Language = "en") -> Thing:
        """What is stated of a thing, in both directions: how often by each property, and some values of each."""
        thing = naming.thing(iri)
        begin = partial(describing.described, thing, samples=_SAMPLES, language=language)
        outcome = await explored(self._pool, begin, self._limits(ctx))
        found = outcome.found
        if not found:
            raise NotFoundError(f"nothing is known of {thing.value}; the tool search finds things by their names")
        names = {node.iri: str(node.label) for node in found.graph.nodes.values() if node.label}
        node = found.graph.nodes[thing.value]
        fits = bounds.fitting([vars(each) for each in found.properties])
        more = _unsaid(found.properties, fits)
        return Thing(
            release=outcome.release.id,
            iri=thing.value,
            label=bounds.shown(names.get(thing.value, "")),
            classes=list(node.classes),
            properties=[
                Property(
                    property=each.iri,
                    label=bounds.shown(str(each.label or "")),
                    direction=each.direction,
                    count=each.count,
                    samples=[_sample(value, names) for value in each.samples],
                )
                for each in found.properties[:fits]
            ],
            truncated=bool(more),
            more="; ".join(more),
            sources=[
                Source(iri=text_of(value), label=bounds.shown(names.get(text_of(value), "")))
                for each in found.properties
                if each.iri == TT.statedIn and each.direction == "out"
                for value in each.samples
            ],
        )

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
        parameters: Values_ = _UNSET,
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

    async def evidence(self, ctx: Context, iri: Iri, language: Language = "en") -> Evidence:
        """What a claim or other record rests on: documents, the outlets between them, places in texts, operands."""
        thing = naming.thing(iri)
        outcome = await explored(self._pool, partial(rests, thing, language=language), self._limits(ctx))
        if not outcome.found:
            raise NotFoundError(f"nothing is known of {thing.value}; the tools figures and search give IRIs of records")
        tree, cut = bounds.bounded(told.rests(outcome.found))
        more = f"lists were cut: GET /evidence/{thing.value} of the service has all" if cut else ""
        return Evidence(release=outcome.release.id, evidence=tree, truncated=cut, more=more)

    async def network_measures(
        self,
        ctx: Context,
        network: Annotated[str, Field(description="such as co-issued-policies, co-authored-reports", max_length=200)],
        measure: Annotated[str, Field(description="such as degree, betweenness, pagerank", max_length=100)] = "degree",
        parameters: Values_ = _UNSET,
        settings: Annotated[dict[str, str], Field(description="parameters of the measure", max_length=30)] = _UNSET,
        undirected: Annotated[bool, Field(description="take edges both ways as one")] = False,
        top: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> Measured:
        """Measure a collaboration network of the release; the nodes with the highest values, by IRI and label."""
        definition, chosen = asked.find(self.known, network), measures.find(measure)
        options = {
            "measures": [chosen.name],
            "parameters": {chosen.name: chosen.read(settings)},
            "undirected": undirected,
            "top": top,
            "engine": "",
        }
        wanted = asked.Asked(parameters, options, "json", asked.JSON)
        task, key = await self.networks.task(definition, wanted, "measures", "en")
        content = await self._computed(task, key, ctx)
        (found,) = content["measures"]
        rows, cut = bounds.bounded(found.pop("values"), most=top)
        total = content["network"]["nodes" if chosen.gives == measures.Gives.nodes else "edges"]
        more = chosen.gives != measures.Gives.network and total > len(rows)
        told_of, _ = bounds.bounded({**found, "network": content["network"]})
        return Measured(
            release=task.release,
            network=definition.name,
            measure=chosen.name,
            rows=rows,
            truncated=cut or more,
            more=f"{total - len(rows):,} more: raise top" if more else "",
            provenance=told_of,
        )

    async def _computed(self, task: Task, key: str, ctx: Context) -> dict[str, Any]:
        """What comes of a computation in the time that a query may take."""
        http = ctx.request_context.request
        work = self.networks.jobs.work(task, key, who(http.scope) if http is not None else "agent")
        seconds = self._limits(ctx).timeout
        with self.networks.jobs.wanted(work):
            await self.networks.wait(work, seconds)
            if not work.ended.is_set():
                raise QueryTimeoutError(
                    f"this takes longer than {seconds:g} seconds: choose another measure, or fewer records"
                )
            if work.error:
                raise work.error.with_traceback(None)
            content: dict[str, Any] = json.loads(await asyncio.to_thread(work.file.read_bytes))
        return content

    @property
    def _pool(self) -> Pool:
        return self.asking.pool

    def _limits(self, ctx: Context) -> Limits:
        """What the caller may use; other servers never, whatever the service allows others."""
        http = ctx.request_context.request
        limits = caller(http.scope).limits if http is not None else self._pool.limits
        return replace(limits, hosts=())

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


def _hit(each: searching.Told) -> Hit:
    return Hit(
        iri=each.iri,
        label=bounds.shown(str(each.label)),
        match=each.match,
        classes=list(each.classes),
        countries=list(each.countries),
        years=list(each.years),
        description=bounds.shown(str(each.text or "")),
    )


def _unsaid(properties: Sequence[describing.Property], shown: int) -> list[str]:
    """What a description leaves out of some properties, the first of which are shown, and how to get it."""
    missing = len(properties) - shown
    more = [f"{missing:,} more properties: ask with the tool sparql"] if missing else []
    if any(each.count > len(each.samples) for each in properties[:shown]):
        more.append("of properties with more values than samples, ask with the tool sparql")
    return more


def _sample(value: Any, names: Mapping[str, str]) -> str:
    text = bounds.shown(text_of(value))
    return f"{text} ({bounds.shown(names[text])})" if text in names else text
