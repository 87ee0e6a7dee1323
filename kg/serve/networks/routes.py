"""``/networks`` and what is below it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.analysis import describing
from kg.analysis.definitions import Definition
from kg.serve.languages import wish
from kg.serve.negotiation import HTML, chosen
from kg.serve.networks import asked
from kg.serve.networks import described_api as api
from kg.serve.networks.answering import Answering
from kg.serve.networks.shown import Shown
from kg.serve.views.pages import Pages

Endpoint = Callable[[HttpRequest], Awaitable[Response]]


def router(answering: Answering, known: Mapping[str, Definition], pages: Pages) -> APIRouter:
    """All of these addresses.

    Parameters
    ----------
    known
        The networks, by name.
    """
    routes = APIRouter(tags=["networks"])
    for path, endpoint in _endpoints(answering, known, pages).items():
        routes.add_api_route(path, endpoint, methods=["GET"], **api.told(path, known))
        routes.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False)
    routes.add_api_route(api.JOB, answering.cancel, methods=["DELETE"], **api.told(f"DELETE {api.JOB}", known))
    return routes


def _endpoints(answering: Answering, known: Mapping[str, Definition], pages: Pages) -> dict[str, Endpoint]:
    """By path, in the order in which they are tried."""
    shown = Shown(answering, pages)

    async def listed(http: HttpRequest) -> Response:
        if _wants_page(http):
            return pages.networks(known.values(), wish(http))
        entries = [describing.told(each) | {"href": f"/networks/{each.name}"} for each in known.values()]
        return Response(json.dumps(entries, ensure_ascii=False), media_type=asked.JSON, headers={"Vary": "Accept"})

    async def one(http: HttpRequest) -> Response:
        if _wants_page(http):
            return shown.response(http, asked.find(known, http.path_params["name"]))
        return await summary(http)

    def computed(verb: str) -> Endpoint:
        async def endpoint(http: HttpRequest) -> Response:
            definition = asked.find(known, http.path_params["name"])
            wanted = asked.of(http, definition, verb)
            return answering.response(http, definition, wanted, verb, wish(http).names)

        return endpoint

    summary = computed("summary")
    return {
        "/networks": listed,
        f"{api.JOB}/result": answering.result,
        api.JOB: answering.job,
        "/networks/{name}": one,
        "/networks/{name}/graph": computed("graph"),
        "/networks/{name}/measures": computed("measures"),
        "/networks/{name}/communities": computed("communities"),
        "/networks/{name}/paths": computed("paths"),
        "/networks/{name}/records": computed("records"),
        "/networks/{name}/plots/{plot}.{ending}": computed("plots"),
        "/networks/{name}/ego/{node:path}": computed("ego"),
    }


def _wants_page(http: HttpRequest) -> bool:
    return chosen(asked.PAGES, accept=http.headers.get("accept", ""), name=http.query_params.get("format")) == HTML
