"""``/search``, ``/suggest`` and ``/opensearch.xml``: things found by their words, for programs, people and browsers.

An answer depends on the release and on what was asked, and its ETag says so; a client that has it is answered 304.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode, urljoin

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg import search as searching
from kg.errors import ParameterError
from kg.search import Question, Told
from kg.serve.indexes import Indexes, Open
from kg.serve.languages import PARAMETER, Wish, wish
from kg.serve.negotiation import HTML, chosen
from kg.serve.presence import WhenSent
from kg.serve.problems import of_error
from kg.serve.resources.addresses import Addresses
from kg.serve.search_description import DESCRIPTION, SEARCH, SUGGEST
from kg.serve.views import search as view
from kg.serve.views.pages import Pages

_JSON = "application/json"
_SUGGESTIONS = "application/x-suggestions+json"
_SEARCHES = {"json": _JSON, "html": HTML}
_COMPLETIONS = {"json": _JSON, "suggestions": _SUGGESTIONS}
_DESCRIPTION_TYPE = "application/opensearchdescription+xml"
_CHOICES = ("class", "country", "year")
_PARAMETERS = ("q", *_CHOICES, "limit", PARAMETER, "format")


def router(indexes: Indexes, pages: Pages, addresses: Addresses) -> APIRouter:
    """The three paths."""
    routes = APIRouter(tags=["search"])
    endpoints = _Endpoints(indexes, pages, addresses)
    for path, endpoint, told in (
        ("/search", endpoints.search, SEARCH),
        ("/suggest", endpoints.suggest, SUGGEST),
        ("/opensearch.xml", endpoints.describe, DESCRIPTION),
    ):
        routes.add_api_route(path, endpoint, methods=["GET"], **told)
        routes.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
    return routes


class _Endpoints:
    def __init__(self, indexes: Indexes, pages: Pages, addresses: Addresses) -> None:
        self._indexes = indexes
        self._pages = pages
        self._addresses = addresses

    async def search(self, http: HttpRequest) -> Response:
        return WhenSent(self._indexes.closing, lambda _: self._searched(http))

    async def suggest(self, http: HttpRequest) -> Response:
        return WhenSent(self._indexes.closing, lambda _: self._suggested(http))

    async def _searched(self, http: HttpRequest) -> Response:
        media_type = _media_type(http, _SEARCHES)
        wished, pairs = wish(http), http.query_params.multi_items()
        asked = any(value.strip() for name, value in pairs if name in ("q", *_CHOICES))
        if media_type == HTML and not asked:
            return self._pages.search(view.form(pairs), wished)
        open_ = await self._indexes.current()
        if has := _unchanged(http, open_, media_type, wished):
            return has
        try:
            response = await self._found(http, open_, wished, media_type)
        except ParameterError as error:
            if media_type != HTML:
                raise
            return self._pages.search(view.form(pairs, of_error(error)), wished, error.http_status)
        return _tagged(response, http, open_, media_type, wished)

    async def _found(self, http: HttpRequest, open_: Open, wished: Wish, media_type: str) -> Response:
        _refuse_unknown(http, "after")
        question, index, language = _question(http), open_.index, wished.names
        limit, after = _limit(http, 20), http.query_params.get("after", "")

        def asked() -> tuple[Any, ...]:
            page = searching.search(index, question, limit=limit, after=after)
            return page, searching.told(index, page.hits, language), searching.choices(index, page, language)

        page, hits, facets = await self._indexes.ask(asked)
        if media_type == HTML:
            pairs = http.query_params.multi_items()
            return self._pages.search(view.content(page, hits, facets, pairs, self._addresses), wished)
        told = searching.as_json(page, hits, facets)
        told["hits"] = [self._as_json(http, hit) for hit in hits]
        response = _json({"release": open_.release, **told})
        if page.after:
            kept = [(name, value) for name, value in http.query_params.multi_items() if name != "after"]
            response.headers["Link"] = f'</search?{urlencode([*kept, ("after", page.after)])}>; rel="next"'
        return response

    async def _suggested(self, http: HttpRequest) -> Response:
        media_type, wished = _media_type(http, _COMPLETIONS), wish(http)
        _refuse_unknown(http)
        question, limit = _question(http), _limit(http, 10)
        open_ = await self._indexes.current()
        if has := _unchanged(http, open_, media_type, wished):
            return has

        def asked() -> list[Told]:
            hits = searching.suggest(open_.index, question, limit=limit)
            return searching.told(open_.index, hits, wished.names)

        hits = await self._indexes.ask(asked)
        if media_type == _SUGGESTIONS:
            response = _json(self._completions(http, question, hits), _SUGGESTIONS)
        else:
            told = [self._as_json(http, hit) for hit in hits]
            response = _json({"release": open_.release, "query": question.text, "suggestions": told})
        return _tagged(response, http, open_, media_type, wished)

    async def describe(self, http: HttpRequest) -> Response:
        root, address = escape(str(http.base_url)), "search?q={searchTerms}"
        urls = (
            ("text/html", "results", f"{address}&amp;format=html"),
            (_JSON, "results", f"{address}&amp;format=json"),
            (_SUGGESTIONS, "suggestions", "suggest?q={searchTerms}&amp;format=suggestions"),
            (_DESCRIPTION_TYPE, "self", "opensearch.xml"),
        )
        listed = "".join(f'  <Url type="{kind}" rel="{rel}" template="{root}{end}"/>\n' for kind, rel, end in urls)
        text = f"""<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>Tech transfer</ShortName>
  <Description>Organizations, policies, reports and figures of technology transfer</Description>
{listed}  <Image width="16" height="16" type="image/svg+xml">{root}static/icon.svg</Image>
  <Language>*</Language>
  <InputEncoding>UTF-8</InputEncoding>
  <OutputEncoding>UTF-8</OutputEncoding>
</OpenSearchDescription>
"""
        return Response(text, headers={"Cache-Control": "max-age=86400"}, media_type=_DESCRIPTION_TYPE)

    def _completions(self, http: HttpRequest, question: Question, hits: Sequence[Told]) -> list[Any]:
        """As browsers read them: the text, completions, what each is, where each leads (OpenSearch Suggestions 1.1)."""
        names = [hit.matched or hit.label for hit in hits]
        kinds = [", ".join([*hit.classes.values(), *hit.countries.values()]) for hit in hits]
        return [question.text, names, kinds, [self._href(http, hit) for hit in hits]]

    def _as_json(self, http: HttpRequest, hit: Told) -> dict[str, Any]:
        return {**hit.as_json(), "href": self._href(http, hit)}

    def _href(self, http: HttpRequest, hit: Told) -> str:
        return urljoin(str(http.base_url), self._addresses.page(hit.iri))


def _question(http: HttpRequest) -> Question:
    given = http.query_params
    classes, countries, years = ([value for value in given.getlist(name) if value.strip()] for name in _CHOICES)
    text = given.get("q", "")
    return searching.question(text, classes=classes, countries=countries, years=years)


def _limit(http: HttpRequest, usual: int) -> int:
    text = http.query_params.get("limit") or str(usual)
    if not text.isascii() or not text.isdecimal() or len(text) > 4:  # noqa: PLR2004
        raise ParameterError("limit", "a number")
    return int(text)


def _refuse_unknown(http: HttpRequest, *others: str) -> None:
    known = (*_PARAMETERS, *others)
    if unknown := next((name for name in http.query_params if name not in known), None):
        raise ParameterError(unknown, f"one of {', '.join(known)}")


def _media_type(http: HttpRequest, offered: Mapping[str, str]) -> str:
    return chosen(offered, accept=http.headers.get("accept", ""), name=http.query_params.get("format"))


def _json(content: Any, media_type: str = _JSON) -> Response:
    return Response(json.dumps(content, ensure_ascii=False), media_type=media_type)


def _tag(http: HttpRequest, open_: Open, media_type: str, wished: Wish) -> str:
    told = (open_.release, open_.index.key, media_type, wished.names, wished.words, str(http.url))
    return f'W/"{hashlib.sha256(chr(10).join(told).encode()).hexdigest()[:16]}"'


def _unchanged(http: HttpRequest, open_: Open, media_type: str, wished: Wish) -> Response | None:
    """The answer to a client that has it already."""
    if _tag(http, open_, media_type, wished) not in http.headers.get("if-none-match", ""):
        return None
    return _tagged(Response(status_code=304), http, open_, media_type, wished)


def _tagged(response: Response, http: HttpRequest, open_: Open, media_type: str, wished: Wish) -> Response:
    response.headers["ETag"] = _tag(http, open_, media_type, wished)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept, Accept-Language"
    return response
