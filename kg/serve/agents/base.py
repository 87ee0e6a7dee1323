"""What all tools share: what they ask, what a caller may use, and the arguments that several of them take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from mcp.server.mcpserver import Context
from pydantic import Field

from kg.analysis.definitions import Definition
from kg.queries import NamedQuery
from kg.serve.access import caller
from kg.serve.indexes import Indexes
from kg.serve.named.asking import Asking
from kg.serve.networks.answering import Answering
from kg.store.querying.base import Pool
from kg.store.querying.requests import Limits

MOST = 200
"""Rows of one answer."""
UNSET: dict[str, str] = {}

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
class Base:
    """What tools ask."""

    asking: Asking
    queries: Mapping[str, NamedQuery]
    indexes: Indexes
    networks: Answering
    known: Mapping[str, Definition]

    @property
    def _pool(self) -> Pool:
        return self.asking.pool

    def _limits(self, ctx: Context) -> Limits:
        """What the caller may use; other servers never, whatever the service allows others."""
        http = ctx.request_context.request
        limits = caller(http.scope).limits if http is not None else self._pool.limits
        return replace(limits, hosts=())
