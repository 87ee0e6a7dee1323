"""The command by which a program talks to the graph through pipes, as the Model Context Protocol has it: mcp."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import typer

from kg.cli import options, service
from kg.config import settings
from kg.errors import ConfigError

if TYPE_CHECKING:
    from fastapi import FastAPI

_WORKERS = 2


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(mcp)


def mcp(
    data_dir: options.DataDir = None,
    queries_dir: options.QueriesDir = None,
    store: options.ServedStore = None,
    query_timeout: options.QueryTimeout = None,
    query_memory: options.QueryMemory = None,
    query_result: options.QueryResult = None,
    query_rows: options.QueryRows = None,
) -> None:
    """Answer an agent on standard input and output (Model Context Protocol), read-only and within limits.

    It is started by the agent's program, whose settings name the command. A service has the same at /mcp.
    """
    given = {**locals(), "workers": _WORKERS, "short_workers": 1, "dumps": "asked", "log": None}
    from kg.serve import agents  # noqa: PLC0415 - the web takes 0.3 s that no other command should pay

    if not agents.available():
        raise ConfigError("agents are answered with an extra: pip install 'kg[mcp]'")
    chosen = settings(**given)
    with service.backed(chosen, plain=False) as backing, closing(service.log_file(chosen)) as written:
        application = service.application(chosen, backing, written, plain=False)
        with suppress(KeyboardInterrupt):  # the way to stop it, so no failure
            asyncio.run(_answered(application))


async def _answered(application: FastAPI) -> None:
    """Answer until standard input ends."""
    talking: Any = application.state.talking
    async with application.router.lifespan_context(application):
        await talking.run_stdio_async()
