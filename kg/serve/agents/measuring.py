"""The tool that measures networks."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from kg.analysis import measures
from kg.errors import QueryTimeoutError
from kg.serve.agents import bounds
from kg.serve.agents.base import UNSET, Base, Values_
from kg.serve.agents.models import Measured
from kg.serve.networks import asked
from kg.serve.networks.answering import who
from kg.serve.networks.tasks import Task


class Measuring(Base):
    """Its public method is the tool, with its text for the model."""

    async def network_measures(
        self,
        ctx: Context,
        network: Annotated[str, Field(description="such as co-issued-policies, co-authored-reports", max_length=200)],
        measure: Annotated[str, Field(description="such as degree, betweenness, pagerank", max_length=100)] = "degree",
        parameters: Values_ = UNSET,
        settings: Annotated[dict[str, str], Field(description="parameters of the measure", max_length=30)] = UNSET,
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
