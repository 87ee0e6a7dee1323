"""Who may do what over HTTP: every route is behind the guard, tokens work and end, rates hold."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from kg.errors import AccessError, ForbiddenError, RateLimitedError, UnauthenticatedError
from kg.queries import NamedQuery
from kg.serve.access import ASKED_BELOW, ASKED_BY_POST, OPEN, Access, Caller, caller, require
from kg.serve.app import create_app
from kg.serve.rates import Rates
from kg.serve.tokens import SCOPES, Scope, TokenFile
from kg.store.querying.workers import Limits
from kg.store.release import Release

Serve = Callable[..., AbstractContextManager[httpx.Client]]
Queries = dict[str, NamedQuery]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
READING = ("GET", "HEAD", "OPTIONS")


@pytest.fixture
def tokens(tmp_path: Path) -> TokenFile:
    return TokenFile(tmp_path / "tokens.json", tmp_path / "lock")


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def is_problem(response: httpx.Response, status: int, code: str) -> bool:
    body = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    return (response.status_code, body["status"], body["code"]) == (status, status, code)


# --- every route ---------------------------------------------------------------------------------------------------


def paths(routes: list[BaseRoute]) -> Iterator[str]:
    """An address of each route, with something in place of its parameters."""
    for route in routes:
        if isinstance(route, Mount):
            yield f"{route.path}/style.css"
        elif isinstance(route, Route):
            yield route.path.replace("{", "").replace("}", "").replace(":path", "")
        else:
            inner = getattr(route, "original_router", None)  # of FastAPI, which has no public name for it
            assert inner is not None, f"{route!r} is of a kind that this test does not know"
            yield from paths(inner.routes)


@pytest.fixture(scope="module")
def closed(release: Release, named_queries: Queries, serve: Serve) -> Iterator[tuple[httpx.Client, set[str]]]:
    """A service that nobody may read without a token, and the addresses of its routes."""
    access = Access(anonymous="none")
    app = create_app(lambda: release, named_queries=named_queries)
    with serve(lambda: release, named_queries=named_queries, workers=1, access=access) as client:
        yield client, {*paths(app.routes), "/no/such/page"}


def test_no_route_is_open_but_those_that_are_meant(closed: tuple[httpx.Client, set[str]]) -> None:
    client, addresses = closed
    assert {"/", "/sparql", "/validate", "/docs", "/openapi.json", "/static/style.css", *OPEN} <= addresses
    answers = {(method, path): client.request(method, path).status_code for path in addresses for method in METHODS}
    let_in = {asked for asked, status in answers.items() if status != 401}
    assert let_in == {(method, path) for method in METHODS for path in OPEN}


def test_no_route_takes_a_write_of_a_stranger(release: Release, named_queries: Queries, serve: Serve) -> None:
    app = create_app(lambda: release, named_queries=named_queries)
    with serve(lambda: release, named_queries=named_queries, workers=1) as client:
        for path in paths(app.routes):
            for method in set(METHODS) - {*READING}:
                status = client.request(method, path).status_code
                asked = path in ASKED_BY_POST or path.startswith(ASKED_BELOW)
                harmless = {400, 404, 405, 415} if asked else {405} if path in OPEN else {401}
                assert status in harmless, (method, path, status)


@pytest.mark.parametrize("path", ["//health", "/health/", "/%68ealth/..%2fsparql", "/health/../sparql", "/HEALTH"])
def test_another_spelling_of_an_open_address_is_not_open(closed: tuple[httpx.Client, set[str]], path: str) -> None:
    client, _ = closed
    assert client.get(httpx.URL(f"{client.base_url}{path}")).status_code in (401, 404)


def test_a_preflight_needs_no_token_and_says_nothing(closed: tuple[httpx.Client, set[str]]) -> None:
    client, _ = closed
    headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    assert client.options("/sparql", headers=headers | {"Access-Control-Request-Headers": "authorization"}).is_success


def test_what_a_stranger_is_told(closed: tuple[httpx.Client, set[str]]) -> None:
    client, _ = closed
    response = client.get("/sparql", params={"query": "ASK {}"})
    assert is_problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"] == 'Bearer realm="kg"'
    assert response.headers["x-content-type-options"] == "nosniff"
    page = client.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")


# --- tokens --------------------------------------------------------------------------------------------------------

ASK = {"query": "ASK {}"}


def test_a_token_opens_until_it_is_revoked(
    release: Release, named_queries: Queries, serve: Serve, tokens: TokenFile
) -> None:
    access = Access(anonymous="none", tokens=tokens)
    with serve(lambda: release, named_queries=named_queries, workers=1, access=access) as client:
        _, text = tokens.create("alice", "read")
        assert client.get("/sparql", params=ASK, headers=bearer(text)).json()["boolean"]
        assert client.get("/sparql", params=ASK, headers={"Authorization": f"bearer  {text}"}).is_success
        tokens.revoke("alice")
        refused = client.get("/sparql", params=ASK, headers=bearer(text))
    assert is_problem(refused, 401, "unauthenticated")
    assert refused.headers["www-authenticate"] == 'Bearer realm="kg", error="invalid_token"'


def test_a_token_that_is_not_valid_is_refused_even_where_none_is_needed(
    release: Release, named_queries: Queries, serve: Serve, tokens: TokenFile, caplog: pytest.LogCaptureFixture
) -> None:
    _, text = tokens.create("alice", "read", expires=datetime.now(UTC) - timedelta(seconds=1))
    caplog.set_level(logging.DEBUG)
    with serve(lambda: release, named_queries=named_queries, workers=1, access=Access(tokens=tokens)) as client:
        shown = [bearer(text), bearer("x"), {"Authorization": f"Basic {text}"}, {"Authorization": ""}, bearer("\xff")]
        for headers in shown:
            raw = {name: value.encode("latin-1") for name, value in headers.items()}
            assert client.get("/sparql", params=ASK, headers=raw).status_code == 401  # type: ignore[arg-type]
        twice = [("Authorization", f"Bearer {text}"), ("Authorization", f"Bearer {text}")]
        assert client.get("/sparql", params=ASK, headers=twice).status_code == 401
        assert client.get("/sparql", params={**ASK, "access_token": text}).is_success  # not looked at
    assert not [record for record in caplog.records if record.name[:4] != "http" and text in record.getMessage()]


def test_tokens_that_cannot_be_read_let_nobody_in_and_say_no_path(
    release: Release, named_queries: Queries, serve: Serve, tmp_path: Path
) -> None:
    tokens = TokenFile(tmp_path / "tokens.json", tmp_path / "lock")
    _, text = tokens.create("alice", "admin")
    (tmp_path / "tokens.json").write_text("{")
    with serve(lambda: release, named_queries=named_queries, workers=1, access=Access(tokens=tokens)) as client:
        refused = client.get("/sparql", params=ASK, headers=bearer(text))
        assert client.get("/sparql", params=ASK).is_success
    assert is_problem(refused, 503, "store")
    assert str(tmp_path) not in refused.text


def test_the_limits_of_a_token_are_its_queries_limits(
    release: Release, named_queries: Queries, serve: Serve, tokens: TokenFile
) -> None:
    _, short = tokens.create("short", "read", rows=2)
    _, long = tokens.create("long", "read", rows=10_000)
    query = {"query": "SELECT * { ?s ?p ?o } LIMIT 5", "format": "csv"}
    access = Access(tokens=tokens, limits=Limits(rows=3))
    with serve(lambda: release, named_queries=named_queries, workers=1, access=access) as client:
        assert is_problem(client.get("/sparql", params=query), 503, "result-too-large")
        assert is_problem(client.get("/sparql", params=query, headers=bearer(short)), 503, "result-too-large")
        assert client.get("/sparql", params=query, headers=bearer(long)).is_success


# --- the rules -----------------------------------------------------------------------------------------------------


def scope_of(method: str = "GET", path: str = "/", *headers: tuple[bytes, bytes], address: str = "192.0.2.1") -> dict:  # type: ignore[type-arg]
    return {"type": "http", "method": method, "path": path, "headers": list(headers), "client": (address, 1)}


@pytest.mark.parametrize("held", SCOPES)
@pytest.mark.parametrize("wanted", SCOPES)
def test_each_scope_includes_the_one_before(held: Scope, wanted: Scope) -> None:
    http = httpx_like(Caller("alice", held))
    if SCOPES.index(held) >= SCOPES.index(wanted):
        assert require(http, wanted).name == "alice"
    else:
        with pytest.raises(ForbiddenError) as refused:
            require(http, wanted)
        assert f'error="insufficient_scope", scope="{wanted}"' in refused.value.headers["WWW-Authenticate"]


def httpx_like(who: Caller) -> object:
    from starlette.requests import HTTPConnection

    return HTTPConnection({**scope_of(), "kg.caller": who})


@pytest.mark.parametrize("anonymous", ["none", "read", "write"])
@pytest.mark.parametrize(("method", "takes"), [("GET", "read"), ("PUT", "write"), ("MADEUP", "write")])
def test_what_a_stranger_may_do(anonymous: str, method: str, takes: str) -> None:
    access = Access(anonymous=anonymous)  # type: ignore[arg-type]
    if ("none", "read", "write").index(anonymous) >= ("none", "read", "write").index(takes):
        assert access.admit(scope_of(method))[0].name is None
    else:
        with pytest.raises(UnauthenticatedError, match=f"scope {takes}"):
            access.admit(scope_of(method))


def test_a_page_in_a_browser_may_read_but_not_write_without_a_token(tokens: TokenFile) -> None:
    access = Access(anonymous="write", tokens=tokens)
    origin = (b"origin", b"http://localhost:8000")
    assert access.admit(scope_of("GET", "/", origin))[0].scope == "read"
    with pytest.raises(UnauthenticatedError):
        access.admit(scope_of("PUT", "/data", origin))
    _, text = tokens.create("page", "write")
    authorized = (b"authorization", f"Bearer {text}".encode())
    assert access.admit(scope_of("PUT", "/data", origin, authorized))[0].scope == "write"


def test_a_rate_is_each_addresss_own_and_a_tokens_own(tokens: TokenFile) -> None:
    access = Access(anonymous="read", rate=2, tokens=tokens, rates=Rates(clock=lambda: 0.0))
    _, alice = tokens.create("alice", "read", rate=3)
    _, free = tokens.create("free", "read", rate=0)

    def passed(*headers: tuple[bytes, bytes], address: str = "192.0.2.1") -> int:
        number = 0
        while number < 10:
            try:
                access.admit(scope_of("GET", "/", *headers, address=address))
            except RateLimitedError:
                return number
            number += 1
        return number

    assert passed() == 2
    assert passed(address="192.0.2.2") == 2
    assert passed((b"authorization", f"Bearer {alice}".encode())) == 3
    assert passed((b"authorization", f"Bearer {free}".encode())) == 10


def test_wrong_tokens_are_counted_too(tokens: TokenFile) -> None:
    access = Access(rate=2, tokens=tokens, rates=Rates(clock=lambda: 0.0))
    wrong = scope_of("GET", "/", (b"authorization", b"Bearer x"))
    kinds = []
    for _ in range(4):
        with pytest.raises(AccessError) as refused:
            access.admit(wrong)
        kinds.append(refused.type.__name__)
    assert kinds == ["UnauthenticatedError"] * 2 + ["RateLimitedError"] * 2


def test_too_many_requests_over_http(release: Release, named_queries: Queries, serve: Serve) -> None:
    access = Access(rate=3, rates=Rates(clock=lambda: 0.0))
    with serve(lambda: release, named_queries=named_queries, workers=1, access=access) as client:
        answers = [client.get("/sparql", params=ASK) for _ in range(4)]
        health = [client.get("/health") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"] for answer in answers][:2] == ['"caller";r=2;t=60', '"caller";r=1;t=60']
    assert is_problem(answers[-1], 429, "rate-limited")
    assert answers[-1].headers["retry-after"] == "20"
    assert answers[-1].headers["ratelimit-policy"] == '"caller";q=3;w=60'
    assert all(answer.is_success for answer in health)


def test_a_caller_is_known_to_what_is_inside() -> None:
    who = Caller("alice", "read")
    assert caller({**scope_of(), "kg.caller": who}) is who
