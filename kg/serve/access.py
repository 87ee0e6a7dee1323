"""Who may do what: an ASGI layer around the whole application, and the one question that routes ask.

Nothing is reached without passing `Guard`, so no route can be forgotten: what only reads takes the scope read, every
other method takes write, except on the paths where questions are posted. Who writes on such a path (an update sent to
``/sparql``) asks for write itself, with `require`. A caller without a token is anonymous, and may do what the
setting says.

Tokens come in the header ``Authorization: Bearer`` and nowhere else: an address is logged, kept and passed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import ForbiddenError, RateLimitedError, UnauthenticatedError
from kg.serve import tokens
from kg.serve.rates import Rates, Standing, client
from kg.serve.tokens import SCOPES, Token, TokenFile
from kg.store.querying.workers import Limits

Anonymous = Literal["none", "read", "write"]
"""What may be done without a token."""

OPEN = frozenset({"/health", "/ready"})
"""What anybody may ask at any rate, by a method that it has: a load balancer has no token."""
ASKED_BY_POST = frozenset({"/mcp", "/sparql", "/validate"})
"""Where a POST may be a question, and the other methods are answered 405; elsewhere all but reading is writing."""
ASKED_BELOW = ("/evidence/", "/networks/jobs/")
"""What the paths begin with on which it is as well."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_CALLER = "kg.caller"
_REALM = 'Bearer realm="kg"'


@dataclass(frozen=True)
class Caller:
    """Who asks: its name (of a token, or None), the scope that it has (or None), and what its queries may use."""

    name: str | None
    scope: tokens.Scope | None
    limits: Limits = field(default_factory=Limits)

    def may(self, wanted: tokens.Scope) -> bool:
        """Whether its scope includes another."""
        return self.scope is not None and SCOPES.index(wanted) <= SCOPES.index(self.scope)


@dataclass(frozen=True, kw_only=True)
class Access:
    """The rules of one service.

    Parameters
    ----------
    tokens
        The tokens there are; without, none is valid.
    anonymous
        What may be done without one.
    limits
        What a query may use whose caller has no limits of its own.
    rate
        Requests a minute for each address, and for each token without a rate of its own; 0 sets none.
    """

    tokens: TokenFile | None = None
    anonymous: Anonymous = "read"
    limits: Limits = field(default_factory=Limits)
    rate: int = 0
    rates: Rates = field(default_factory=Rates)
    _strangers: dict[bool, Caller] = field(init=False, repr=False)
    """Whoever has no token, by whether a page in a browser sends what it asks.

    A page of anybody's, open in a browser that reaches this service, may not write: browsers send ``Origin`` with
    whatever a page writes, programs send none.
    """

    def __post_init__(self) -> None:
        own: tokens.Scope | None = None if self.anonymous == "none" else self.anonymous
        paged: tokens.Scope | None = own and "read"
        strangers = {False: Caller(None, own, self.limits), True: Caller(None, paged, self.limits)}
        object.__setattr__(self, "_strangers", strangers)

    def admit(self, scope: Scope) -> tuple[Caller, Standing | None]:
        """Who sends a request, and how many more it may send.

        Raises
        ------
        UnauthenticatedError, ForbiddenError
            The token is not valid, or one is needed that allows this.
        RateLimitedError
            Too many requests, whether they would have been let through or not.
        StoreError
            The tokens cannot be read.
        """
        shown = [value for name, value in scope["headers"] if name == b"authorization"]
        token = self._valid(*shown) if len(shown) == 1 else None
        standing = self._counted(scope, token)
        if shown and token is None:
            challenge = {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
            raise UnauthenticatedError("the token is not valid: unknown, revoked or expired", challenge)
        caller = self._known(token) if token else self._strangers[_from_page(scope)]
        if wanted := _wanted(scope):
            _check(caller, wanted)
        return caller, standing

    def _valid(self, header: bytes) -> Token | None:
        scheme, _, text = header.decode("latin-1").partition(" ")
        return self.tokens.find(text.strip()) if self.tokens and scheme.lower() == "bearer" else None

    def _counted(self, scope: Scope, token: Token | None) -> Standing | None:
        rate = self.rate if token is None or token.rate is None else token.rate
        if not rate or scope["path"] in OPEN:
            return None
        standing = self.rates.count(token.id if token else client(*(scope.get("client") or ("", 0))[:1]), rate)
        if standing.exceeded:
            text = f"more than {rate} requests a minute; try again in {standing.retry_after} s"
            raise RateLimitedError(text, {"Retry-After": str(standing.retry_after), **standing.headers()})
        return standing

    def _known(self, token: Token) -> Caller:
        limits = self.limits
        own = replace(limits, timeout=token.timeout or limits.timeout, rows=token.rows or limits.rows)
        return Caller(token.name, token.scope, own)


class Guard:
    """ASGI middleware that lets through what the rules admit; what they do not is raised as an error."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its caller, and the response back with what the caller has left."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[_CALLER], standing = self._access.admit(scope)
        await self._app(scope, receive, _telling(send, standing.headers()) if standing else send)


def caller(scope: Scope) -> Caller:
    """Who sent a request that `Guard` has let through."""
    found: Caller = scope[_CALLER]
    return found


def named_caller(scope: Scope) -> str | None:
    """The name of the token that a request was let through with, if it was let through and had one."""
    found: Caller | None = scope.get(_CALLER)
    return found.name if found else None


def require(http: HTTPConnection, wanted: tokens.Scope) -> Caller:
    """The caller, who may do what is asked for.

    Raises
    ------
    UnauthenticatedError
        It is anonymous, and needs a token for this.
    ForbiddenError
        It has a token that does not allow this.
    """
    return _check(caller(http.scope), wanted)


def _check(found: Caller, wanted: tokens.Scope) -> Caller:
    if found.may(wanted):
        return found
    if found.name is None:
        raise UnauthenticatedError(f"this takes a token with the scope {wanted}", {"WWW-Authenticate": _REALM})
    challenge = {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{wanted}"'}
    raise ForbiddenError(f"this takes the scope {wanted}, and the token has {found.scope}", challenge)


def _from_page(scope: Scope) -> bool:
    return b"origin" in [name for name, _ in scope["headers"]]


def _wanted(scope: Scope) -> tokens.Scope | None:
    """The least that a request takes, by method and path alone."""
    method, path = scope["method"], scope["path"]
    if path in OPEN:
        return None
    if method in _READING:
        return "read"
    return "read" if path in ASKED_BY_POST or path.startswith(ASKED_BELOW) else "write"


def _telling(send: Send, headers: Mapping[str, str]) -> Send:
    async def telling(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(headers)
        await send(message)

    return telling
