"""Pages for people: what is inside, the named queries with their forms and tables, a form for SPARQL.

All text from the data goes through Jinja's escaping; nothing here needs a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from kg.queries import NamedQuery, Table
from kg.serve import figures
from kg.serve.negotiation import GRAPHS, RESULTS
from kg.serve.tables import cells, table, texts
from kg.store.workers import QueryPool
from kg.vocabulary import TT

CLASSES = "figures/counts-by-class"
CONFLICTS = "checks/claims-in-conflict"

_EXAMPLE = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?class (COUNT(?thing) AS ?number)
WHERE { ?thing a ?class }
GROUP BY ?class
ORDER BY DESC(?number)
LIMIT 20"""


class Pages:
    """The pages over what a pool answers from."""

    def __init__(self, pool: QueryPool, queries: Mapping[str, NamedQuery]) -> None:
        self._pool = pool
        self._queries = queries
        loader = PackageLoader("kg.serve")
        self._templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )

    async def home(self) -> Response:
        """What the release holds, and contract value by year."""
        claims = figures.figures(await self._table(figures.QUERY))
        counts = await self._table(CLASSES)
        return self._page(
            "home.html",
            release=self._pool.release.manifest,
            tiles=self._tiles(counts, conflicts=len((await self._table(CONFLICTS)).rows)),
            classes=list(cells(counts)),
            claims=claims,
            chart=Markup(figures.drawn(claims)),  # noqa: S704  # made by an XML serializer
        )

    def queries(self) -> Response:
        """All named queries by family."""
        families: dict[str, list[NamedQuery]] = {}
        for query in self._queries.values():
            families.setdefault(query.name.partition("/")[0], []).append(query)
        return self._page("queries.html", families=families)

    async def query(self, query: NamedQuery, values: Mapping[str, str]) -> Response:
        """One named query: its form, and its answer once nothing that it needs is missing."""
        complete = all(parameter.name in values for parameter in query.parameters if parameter.required)
        rows = list(cells(await table(self._pool, query, values))) if complete or values else None
        return self._page("query.html", query=query, values=values, rows=rows)

    def sparql_form(self) -> Response:
        """A form that sends a query to the endpoint."""
        return self._page("sparql.html")

    async def _table(self, name: str) -> Table:
        return await table(self._pool, self._queries[name], {})

    def _tiles(self, counts: Table, *, conflicts: int) -> list[tuple[str, int | None, str]]:
        """Name, number and link of what a visitor wants to know first."""
        numbers = {row["class"]: int(row["number"]) for row in texts(counts)}
        manifest = self._pool.release.manifest
        return [
            ("documents", numbers.get(TT.Document, 0), "/queries/provenance/records-by-document"),
            ("observations", numbers.get(TT.Observation, 0), "/queries/provenance/places-in-text"),
            ("claims in conflict", conflicts, f"/queries/{CONFLICTS}"),
            ("warnings", manifest.validation.get("Warning"), ""),
            ("triples", manifest.quads, "/sparql"),
        ]

    def _page(self, template: str, **content: Any) -> Response:
        shared = {"example": _EXAMPLE, "formats": [*RESULTS, *GRAPHS]}
        return HTMLResponse(self._templates.get_template(template).render(**shared, **content))
