"""Pages for people: what is inside, the named queries with their forms and tables, a form for SPARQL and its answers.

All text from the data goes through Jinja's escaping; nothing here needs a script.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from kg import iris
from kg.analysis import parameters
from kg.analysis.definitions import Definition
from kg.errors import CursorError, ParameterError
from kg.queries import NamedQuery
from kg.serve.access import caller
from kg.serve.languages import Wish, wish, wish_at_least
from kg.serve.named.answers import address, around
from kg.serve.named.asking import Asked, Asking
from kg.serve.negotiation import HTML
from kg.serve.problems import Problem, of_error
from kg.serve.resources.addresses import Addresses
from kg.serve.resources.description import Description
from kg.serve.resources.documents import tagged
from kg.serve.resources.links import Link, uri
from kg.serve.views import home, incoming, metadata, resource, things, vocabulary
from kg.serve.views.environment import environment
from kg.serve.views.excerpts import ROWS, excerpt
from kg.serve.views.fields import fields
from kg.serve.views.tables import Grid, grid, names
from kg.store.querying.requests import Request
from kg.vocabulary import shortened

_HOMES = 20

_SOLUTIONS = {"srj": "JSON", "srx": "XML", "csv": "CSV", "tsv": "TSV"}
_TRIPLES = {
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF/XML",
    "trig": "TriG",
    "nquads": "N-Quads",
}
_FORMATS = {"SELECT and ASK": _SOLUTIONS, "CONSTRUCT and DESCRIBE": _TRIPLES}
_ROWS = {
    **{"csv": "CSV", "json": "JSON", "parquet": "Parquet", "tsv": "TSV", "srj": "SPARQL JSON", "srx": "SPARQL XML"},
    "rq": "SPARQL",
}


class Pages:
    """The pages over what a pool answers from."""

    def __init__(self, asking: Asking, queries: Mapping[str, NamedQuery]) -> None:
        self._asking = asking
        self._pool = asking.pool
        self._queries = queries
        self._home: dict[Wish, tuple[str, bytes]] = {}
        self._templates = environment()
        self._templates.filters["moment"] = _moment
        self._templates.filters["shortened"] = shortened

    async def home(self, wished: Wish) -> Response:
        """What the release holds, the Chinese series with what is disputed about it, and a comparison of countries.

        A release never changes, so the page is made once for each, and for each language of the words in it.
        """
        release = self._pool.release.manifest.id
        wished = replace(wished, names=wished.words)
        if wished not in self._home or self._home[wished][0] != release:
            made = self._page("home.html", wished, here="/", **await home.content(self._pool, self._queries, wished))
            if release != self._pool.release.manifest.id:  # another release came meanwhile: the page may mix the two
                return made
            if len(self._home) > _HOMES:  # addresses with other parameters
                self._home.clear()
            self._home[wished] = (release, bytes(made.body))
        return HTMLResponse(self._home[wished][1], headers=_headers(wished))

    def queries(self, wished: Wish) -> Response:
        """All named queries by family."""
        families: dict[str, list[NamedQuery]] = {}
        for query in self._queries.values():
            families.setdefault(query.name.partition("/")[0], []).append(query)
        return self._page("queries.html", wished, here="/queries", families=families)

    async def query(self, query: NamedQuery, asked: Asked, http: HttpRequest) -> Response:
        """One named query: its form, and rows of its answer once nothing that it needs is missing.

        The rows are the beginning of the answer, or the page of it that is asked for.
        """
        wished = wish(http)
        complete = all(parameter.name in asked.values for parameter in query.parameters if parameter.required)
        content: dict[str, Any] = {"grid": None, "text": query.text, "problem": None, "wrong": None}
        content |= {"page": None, "around": {}}
        status = int(HTTPStatus.OK)
        if complete or asked.values:
            try:
                content |= await self._answered(query, asked, http, wished)
            except (ParameterError, CursorError) as error:
                status = error.http_status
                content |= {"problem": of_error(error), "wrong": getattr(error, "name", None)}
        shown = {
            "query": query,
            "fields": await fields(self._asking, query.parameters, asked.values, wished.names),
            "links": _links(f"/queries/{query.name}", asked.values.items(), _ROWS),
        }
        body = self._rendered("query.html", wished, here="/queries", **shown, **content)
        if status != HTTPStatus.OK:
            return HTMLResponse(body, status, _headers(wished))
        return tagged(http, body.encode(), f"{HTML}; charset=utf-8", _headers(wished))

    def sparql_form(self, wished: Wish) -> Response:
        """A form that sends a query to the endpoint."""
        return self._sparql(wished, home.EXAMPLE)

    async def sparql(self, question: Request, pairs: Iterable[tuple[str, str]], wished: Wish) -> Response:
        """The beginning of the answer to a query, and the form with the query to go on from.

        Parameters
        ----------
        pairs
            All that was asked with: the links to the whole answer repeat it.
        """
        shown = await excerpt(self._pool, question)
        links = _links("/sparql", pairs, _TRIPLES if shown.triples else _SOLUTIONS)
        return self._sparql(wished, question.query, grid=grid(shown.table), more=shown.more, links=links)

    async def thing(
        self, described: Description, wished: Wish, addresses: Addresses, signposts: Sequence[Link] = ()
    ) -> str:
        """All that is known of a thing, on the page of its class."""
        template, content = await things.page(self._pool, self._queries, described, wished, addresses)
        machines: dict[str, Any] = {
            "signposts": [replace(link, href=uri(link.href)) for link in signposts],
            "schema_org": metadata.schema_org(described),
            "dublin_core": metadata.dublin_core(described, content["title"]),
            "linkset": addresses.linkset(described.thing.value),
        }
        return self._rendered(template, wished, **machines, **content)

    def vocabulary(self, namespace: str, triples: Sequence[ox.Triple], wished: Wish) -> str:
        """All terms of an ontology, or all shapes."""
        shown = vocabulary.content(namespace, triples, wished)
        path = namespace.removeprefix(iris.BASE).rstrip("#")
        return self._rendered("vocabulary.html", wished, path=path, syntaxes=resource.SYNTAXES, **shown)

    def search(self, content: Mapping[str, Any], wished: Wish, status: int = 200) -> Response:
        """A form for words, what was found, and what to choose from."""
        return self._page("search.html", wished, status, here="/search", **content)

    def networks(self, known: Iterable[Definition], wished: Wish) -> Response:
        """All networks."""
        return self._page("networks.html", wished, here="/networks", networks=list(known))

    async def network(
        self,
        definition: Definition,
        given: Mapping[str, str],
        wished: Wish,
        content: Mapping[str, Any],
        status: int = 200,
    ) -> Response:
        """A network: its form, and what is seen of it at once, or how far that is, or what is wrong."""
        free = [
            replace(each, optional=each.default is None) if each in definition.filters else each
            for each in parameters.known(definition)
        ]
        filled = await fields(self._asking, free, given, wished.names)
        shown = {"definition": definition, "fields": filled, "wrong": None, **content}
        return self._page("network.html", wished, status, here="/networks", **shown)

    def help(self, template: str, content: Mapping[str, Any], wished: Wish) -> str:
        """A page of the documentation, or what was found in it."""
        return self._rendered(template, wished, here="/help", layout="base.html", searched=True, **content)

    def incoming(self, listed: incoming.Listed, wished: Wish) -> str:
        """What refers to a thing by one property."""
        return self._rendered("incoming.html", wished, **vars(listed))

    def shown(self, template: str, *, here: str, **content: Any) -> Response:
        """A page of a template, with what it shows."""
        return self._page(template, Wish(), here=here, **content)

    def problem(self, http: HttpRequest, problem: Problem) -> Response:
        """An error; beside the form where a query was refused, so that it can be mended."""
        query, wished = http.query_params.get("query"), wish_at_least(http)
        if http.url.path == "/sparql" and query is not None:
            response = self._sparql(wished, query, problem.status, problem=problem)
        else:
            response = self._page("problem.html", wished, problem.status, problem=problem)
        response.headers.update(problem.headers or {})
        return response

    async def _answered(self, query: NamedQuery, asked: Asked, http: HttpRequest, wished: Wish) -> dict[str, Any]:
        values = await self._asking.resolved(query, asked.values, caller(http.scope).limits)
        text = query.ordered(values)
        language = values.get("language", wished.names)
        told: dict[str, Any] = {"text": text, "about": _about(query, values)}
        if asked.paged:
            page, _ = await self._asking.page(asked, text, caller(http.scope).limits)
            table, more = page.table, False
            told |= {"page": page, "around": around(page, http)}
        else:
            shown = await excerpt(self._pool, Request(query=text))
            table, more = shown.table, shown.more
            told |= {"around": {"next": address(http, limit=str(ROWS))} if more else {}}
        named = await names(self._pool, [table], language)
        return {**told, "grid": grid(table, named, language), "more": more}

    def _sparql(
        self,
        wished: Wish,
        query: str,
        status: int = 200,
        *,
        grid: Grid | None = None,
        more: bool = False,
        links: Iterable[tuple[str, str]] = (),
        problem: Problem | None = None,
    ) -> Response:
        content = {"query": query, "grid": grid, "more": more, "links": links, "problem": problem}
        return self._page("sparql.html", wished, status, here="/sparql", **content)

    def _page(self, template: str, wished: Wish, status: int = 200, *, here: str = "", **content: Any) -> Response:
        return HTMLResponse(self._rendered(template, wished, here=here, **content), status, _headers(wished))

    def _rendered(self, template: str, wished: Wish, *, here: str = "", **content: Any) -> str:
        offered = bool(self._pool.release.manifest.segments)  # else there is nothing to make files of
        shared = {"wish": wished, "here": here, "formats": _FORMATS, "offered": offered}
        return self._templates.get_template(template).render(**shared, **content)


def _headers(wished: Wish) -> dict[str, str]:
    return {"Vary": "Accept, Accept-Language", "Cache-Control": "no-cache", "Content-Language": wished.words}


def _links(path: str, pairs: Iterable[tuple[str, str]], formats: Mapping[str, str]) -> list[tuple[str, str]]:
    """The name and address of the same answer in each format."""
    asked = [(name, value) for name, value in pairs if name != "format"]
    return [(label, f"{path}?{urlencode([*asked, ('format', name)])}") for name, label in formats.items()]


def _about(query: NamedQuery, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """For each thing that was asked for, the name of its parameter and the address of all that is known of it."""
    asked = [parameter for parameter in query.parameters if parameter.type == "iri" and parameter.name in values]
    return [
        (item.name, f"/sparql?{urlencode({'query': f'DESCRIBE {item.term(values[item.name])}', 'format': 'html'})}")
        for item in asked
    ]


def _moment(iso: str) -> str:
    """A moment for people: ``30 November 2025, 10:15 UTC``."""
    moment = datetime.fromisoformat(iso).astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
