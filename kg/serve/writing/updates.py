"""The update part of the SPARQL 1.1 Protocol: what a POST to ``/sparql`` asks to be changed goes to the writer.

https://www.w3.org/TR/sparql11-protocol/#update-operation
"""

from __future__ import annotations

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from kg.serve.access import require
from kg.serve.operations.watching import ASKED
from kg.serve.protocol import Pairs, values
from kg.serve.sparql import Updates, address
from kg.serve.writing.outcomes import told
from kg.serve.writing.writer import Writer
from kg.store.changes import Update


def handler(writer: Writer) -> Updates:
    """What answers a request that holds an update, when all is written."""

    async def update(pairs: Pairs, http: HttpRequest) -> Response:
        author = require(http, "write").name
        (text,) = values(pairs, "update")
        http.scope[ASKED] = text
        using, named = values(pairs, "using-graph-uri"), values(pairs, "using-named-graph-uri")
        return told(await writer.submit(Update(text, using, named, address(http)), author=author))

    return update
