"""``/explore/facets``: what tells the things of a class apart; each value leads on to the things that have it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.errors import ParameterError
from kg.explore import naming
from kg.explore.facets import Facet, Facets, Where, facets
from kg.explore.graphs import Graph
from kg.queries.values import Steps
from kg.serve.exploring import described_api as api
from kg.serve.exploring import forms, parameters
from kg.serve.exploring.answering import Answering
from kg.serve.exploring.asking import Outcome
from kg.serve.languages import wish

PATH = "/explore/facets"


async def answered(http: HttpRequest, answering: Answering) -> Response:
    """The facets of a class with what was chosen so far."""
    parameters.check(http, api.known(PATH))
    given = http.query_params.getlist("class")
    if len(given) != 1:
        raise ParameterError("class", "one class: an IRI, a CURIE, or a name as in Organization")
    kind, language = naming.term(given[0], "class"), wish(http).names
    chosen = [Where.of(text) for text in http.query_params.getlist("where")]
    if len(chosen) > api.MOST_CHOSEN:
        raise ParameterError("where", f"at most {api.MOST_CHOSEN} of them")
    properties = parameters.terms(http, "property")
    most = parameters.number(http, "values", api.VALUES, api.MOST_VALUES)
    limit = parameters.number(http, "limit", api.THINGS, api.MOST_NEIGHBOURS, least=0)
    after = http.query_params.get("after", "")
    media_type = forms.media_type(http)

    def begin() -> Steps[Facets]:
        return facets(kind, chosen, properties=properties, most=most, limit=limit, after=after, language=language)

    def write(outcome: Outcome[Facets]) -> bytes:
        found = outcome.found
        said = {"release": outcome.release.id, "class": kind.value, **_told(found, http)}
        return forms.written(media_type, said, Graph.of(found.things))

    return answering.response(http, begin, write, media_type, depends_on=language)


def _told(found: Facets, http: HttpRequest) -> dict[str, Any]:
    kept = [pair for pair in http.query_params.multi_items() if pair[0] != "after"]
    told: dict[str, Any] = {
        "classes": list(found.classes),
        "total": found.total,
        "seen": found.seen,
        "facets": [_facet(each, kept) for each in found.facets],
    }
    if found.after:
        told["next"] = f"{PATH}?{urlencode([*kept, ('after', found.after)])}"
    return told


def _facet(each: Facet, kept: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "property": each.property,
        **forms.label(each.label),
        "things": each.things,
        "distinct": each.distinct,
        "values": [
            {
                "value": forms.term(value.term),
                **forms.label(value.label),
                "count": value.count,
                **_onwards(value.where, kept),
            }
            for value in each.values
        ],
    }


def _onwards(where: str, kept: list[tuple[str, str]]) -> dict[str, str]:
    """What chooses a value; nothing where it cannot be chosen."""
    return {"where": where, "href": f"{PATH}?{urlencode([*kept, ('where', where)])}"} if where else {}
