"""What is seen of each request from the outermost layer: how long it took, what was answered, and what was noted of it.

Inner layers note what they know in the scope of the request (`ASKED`, `ROWS`, `PROBLEM`); nothing is kept of a request
when it has ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKED = "kg.asked"
"""In a scope: the text of the query or update that a request holds."""
ROWS = "kg.rows"
"""In a scope: a function that tells how many solutions were answered."""
PROBLEM = "kg.problem"
"""In a scope: the code of the error that was answered."""

_CLIENT_LEFT = 499
"""nginx's status for a client that left before it was answered; nobody is sent it."""
_FAILED = 500
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_OTHER = "other"


@dataclass(slots=True)  # frozen, it would take three times as long to make
class Seen:
    """A request that has ended.

    Parameters
    ----------
    route
        The template of its path, ``/queries/{name}``; ``other`` where no route was reached. So there are few of them,
        whatever clients ask for.
    method
        ``other`` if it is none of the usual ones.
    status
        499 if the client left before it was answered.
    seconds
        From the first byte of the request to the last of the answer.
    size
        Bytes of the answer's body, as sent.
    complete
        Whether all of the answer was sent.
    """

    scope: Scope
    route: str
    method: str
    status: int
    seconds: float
    size: int
    complete: bool


Watcher = Callable[[Seen], None]


class Watching:
    """ASGI middleware that tells of each request when it has ended.

    Parameters
    ----------
    paths
        Those that are routes by themselves: what is refused before it has reached its route is told by them.
    """

    def __init__(self, app: ASGIApp, watchers: Iterable[Watcher], paths: Iterable[str]) -> None:
        self._app = app
        self._watchers = tuple(watchers)
        self._paths = {path: path for path in paths}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and the response back, and look at the clock."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status, size, complete = 0, 0, False

        async def watched(message: Message) -> None:
            nonlocal status, size, complete
            if message["type"] == "http.response.body":
                size += len(message.get("body", b""))
                complete = not message.get("more_body", False)
            else:
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except BaseException:
            status = status or _FAILED
            raise
        finally:
            seconds, method = time.perf_counter() - began, scope["method"]
            seen = Seen(
                scope,
                self._route(scope),
                method if method in _METHODS else _OTHER,
                status or _CLIENT_LEFT,
                seconds,
                size,
                complete,
            )
            for watcher in self._watchers:
                watcher(seen)

    def _route(self, scope: Scope) -> str:
        if route := scope.get("route"):
            return str(route.path)
        if mounted := scope.get("root_path"):
            return str(mounted)
        return self._paths.get(scope["path"], _OTHER)
