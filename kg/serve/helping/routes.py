"""``/help``: the documentation, its pages and a search in them; no script, nothing from elsewhere.

The pages are in English, the words around them in the language that is asked for. They depend on the version and on
settings, not on the release, and their ETag is of what they say.
"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.errors import NotFoundError
from kg.help.model import START
from kg.serve.helping.made import Help
from kg.serve.languages import wish
from kg.serve.negotiation import HTML
from kg.serve.resources.documents import tagged
from kg.serve.views import helping as view
from kg.serve.views.pages import Pages


def router(made: Help, pages: Pages, *, plain: bool) -> APIRouter:
    """The three paths.

    Parameters
    ----------
    plain
        Whether it is a general server, which has no terms of ours at addresses of their own.
    """
    routes, endpoints = APIRouter(), _Endpoints(made, pages, plain=plain)
    for path, endpoint in (
        ("/help", endpoints.start),
        ("/help/search", endpoints.search),
        ("/help/{name}", endpoints.page),
    ):
        routes.add_api_route(path, endpoint, methods=["GET", "HEAD"], include_in_schema=False)
    return routes


class _Endpoints:
    def __init__(self, made: Help, pages: Pages, *, plain: bool) -> None:
        self._made = made
        self._pages = pages
        self._plain = plain

    async def start(self, http: HttpRequest) -> Response:
        return await self._page(http, START)

    async def page(self, http: HttpRequest, name: str) -> Response:
        return await self._page(http, name)

    async def search(self, http: HttpRequest) -> Response:
        wished, text = wish(http), http.query_params.get("q", "").strip()
        _, finder = await self._made.made()
        hits = await asyncio.to_thread(finder.find, text)
        content = view.found(text, hits, view.served(wished, plain=self._plain))
        return self._answer(http, "help/found.html", content)

    async def _page(self, http: HttpRequest, name: str) -> Response:
        site, _ = await self._made.made()
        if name not in site.pages:
            raise NotFoundError(f"there is no page {name} in the documentation; /help lists all, /help/search finds")
        content = view.page(site, site.pages[name], view.served(wish(http), plain=self._plain))
        return self._answer(http, "help/page.html", content)

    def _answer(self, http: HttpRequest, template: str, content: view.Content) -> Response:
        wished = wish(http)
        body = self._pages.help(template, content, wished).encode()
        headers = {"Vary": "Accept-Language", "Content-Language": wished.words}
        return tagged(http, body, f"{HTML}; charset=utf-8", headers)
