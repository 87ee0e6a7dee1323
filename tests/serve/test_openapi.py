"""What OpenAPI says of the service holds: whatever is sent within it and beside it, no answer is a server error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.schemas import APIOperation

from kg import iris
from kg.pipeline import build
from kg.pipeline.inputs import Input, Produced
from kg.queries import NamedQuery
from kg.serve.access import Access
from kg.serve.negotiation import GRAPHS
from kg.serve.writing.writer import Site
from kg.store.canonical import canonical
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

EXAMPLES = 5
LIMITS = {"query-timeout", "store-busy", "store-locked"}
"""What may be wrong with us for a moment, and is said so."""


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, serve: Serve, named_queries: dict[str, NamedQuery]
) -> Iterator[httpx.Client]:
    """The whole service, which everybody may write to."""
    place = tmp_path_factory.mktemp("described")
    (shapes := place / "shapes.ttl").write_text("")
    derived = ox.NamedNode(iris.GRAPH_DERIVED)
    quads = [quad for quad in ox.parse(path=str(Path(__file__).parent / "data.trig")) if quad.graph_name != derived]
    folder = DataFolder.open(place / "data", create=True)
    build(folder, [Input("all", "source", "All", "", "0", lambda: Produced(canonical(quads)))], [shapes])
    site = Site(root=folder.layout.root, shapes=(shapes,))
    with serve(
        folder.current, named_queries=named_queries, site=site, access=Access(anonymous="write"), workers=2
    ) as client:
        yield client


def operations(client: httpx.Client) -> Iterator[APIOperation[Any, Any, Any]]:
    schema = schemathesis.openapi.from_url(f"{client.base_url}/openapi.json")
    for result in schema.get_all_operations():
        yield result.ok()


# a request that is broken off may leave a socket to the collector; that is not what is tested here
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_is_answered_with_a_server_error(client: httpx.Client, mode: GenerationMode) -> None:
    """Requests as they are described, and requests that in some way are not."""
    tried = Counter[int]()
    for operation in operations(client):

        @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def answered(case: schemathesis.Case) -> None:
            response = case.call()
            tried[response.status_code] += 1
            _check(response, case)

        try:
            answered()
        except Unsatisfiable:  # nothing can be sent to it that is not described
            assert mode is GenerationMode.NEGATIVE
    assert tried.total() > EXAMPLES
    assert len(tried) > 2


def _check(response: schemathesis.Response, case: schemathesis.Case) -> None:
    status, told = response.status_code, f"{case.as_curl_command()}: {response.status_code} {response.content[:500]!r}"
    kind = response.headers.get("content-type", [""])[0].partition(";")[0]
    if status >= 500:
        assert (status, response.json()["code"] in LIMITS) == (503, True), told
    elif status >= 400 and case.method != "HEAD" and status != 422:
        in_rdf = GRAPHS.values() if status in {404, 406, 410} else ()
        assert kind in ("application/problem+json", "text/html", *in_rdf), told  # a page, for whoever asks for pages


def test_the_description_is_of_every_way_in(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/sparql", "/data", "/graph/{path}", "/validate", "/health"} <= set(paths)
    for told in paths.values():
        for method, operation in told.items():
            assert operation["summary"], method
            assert {"200", "204"} & set(operation["responses"])
