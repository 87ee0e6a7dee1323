"""Tools that find things, and tell what is stated of them and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from kg import search as searching
from kg.errors import NotFoundError
from kg.evidence.records import rests
from kg.explore import describing, naming
from kg.serve.agents import bounds
from kg.serve.agents.base import Base, Cursor, Iri, Language, Words
from kg.serve.agents.models import Evidence, Hit, Hits, Property, Source, Thing
from kg.serve.evidencing import told
from kg.serve.exploring.asking import explored
from kg.store.base import text_of
from kg.vocabulary import TT

_SAMPLES = 5
_NONE: list[str] = []


class Finding(Base):
    """Each method is a tool, with its text for the model."""

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

    async def evidence(self, ctx: Context, iri: Iri, language: Language = "en") -> Evidence:
        """What a claim or other record rests on: documents, the outlets between them, places in texts, operands."""
        thing = naming.thing(iri)
        outcome = await explored(self._pool, partial(rests, thing, language=language), self._limits(ctx))
        if not outcome.found:
            raise NotFoundError(f"nothing is known of {thing.value}; the tools figures and search give IRIs of records")
        tree, cut = bounds.bounded(told.rests(outcome.found))
        more = f"lists were cut: GET /evidence/{thing.value} of the service has all" if cut else ""
        return Evidence(release=outcome.release.id, evidence=tree, truncated=cut, more=more)


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
