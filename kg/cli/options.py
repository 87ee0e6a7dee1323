"""Options that commands share, and those that are settings: each is declared here once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def setting(told: str, **has: Any) -> Any:
    """An option whose default is a setting, which the text names; without it the value is None.

    Parameters
    ----------
    has
        What else Typer takes: ``metavar``, ``min``, ``max``.
    """
    return typer.Option(help=told, show_default=False, **has)


# What is worked on

DataDir = Annotated[Path | None, setting("Folder of releases; KG_DATA_DIR, else .kg", metavar="DIR")]
SourcesDir = Annotated[Path | None, setting("Folder of your own sources; KG_SOURCES_DIR", metavar="DIR")]
QueriesDir = Annotated[Path | None, setting("Folder of your own queries; KG_QUERIES_DIR", metavar="DIR")]
Downloads = Annotated[
    Path | None, setting("Folder with a folder of downloaded files for each register; KG_DOWNLOADS", metavar="DIR")
]
Keep = Annotated[int | None, setting("Releases to keep; KG_KEEP, else 5 (tagged ones stay)", min=1)]
ReleaseName = Annotated[
    str,
    typer.Option("--release", metavar="ID", help="A release by id, tag or unique beginning; the live one if empty."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]

# Builds and loads

KeepGoing = Annotated[
    bool,
    typer.Option("--keep-going", help="Leave out rows that are wrong and write them aside, instead of all or nothing."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would change and every complaint; publish nothing.")]

# SPARQL servers

Store = Annotated[
    str | None, setting("SPARQL server to publish to: where its queries go; KG_STORE, else none", metavar="URL")
]
ServedStore = Annotated[str | None, setting("Serve from this SPARQL server; KG_STORE, else none", metavar="URL")]
StoreUpdate = Annotated[
    str | None, setting("Where its updates go, if that cannot be found out; KG_STORE_UPDATE", metavar="URL")
]

# The service: who is answered, and where

Host = Annotated[str | None, setting("Address to listen on; KG_HOST, else 127.0.0.1")]
Port = Annotated[int | None, setting("Port; KG_PORT, else 8000; 0 for a free one", min=0, max=65535)]
Base = Annotated[
    str | None,
    setting(
        "What IRIs of your own begin with that are served by their path; KG_BASE, else the project's alone",
        metavar="IRI",
    ),
]
Proxies = Annotated[
    str | None,
    setting(
        "Proxies, with commas between, whose word on the client is believed; KG_PROXIES, else none",
        metavar="ADDRESSES",
    ),
]
Anonymous = Annotated[
    str | None, setting("What may be done without a token; KG_ANONYMOUS, else read", metavar="none|read|write")
]
Rate = Annotated[int | None, setting("Requests a minute from one address; KG_RATE, else any number", min=0)]
Drain = Annotated[
    float | None, setting("Seconds that requests may take to end when it is stopped; KG_DRAIN, else 25", min=0)
]
Dumps = Annotated[
    str | None,
    setting(
        "Make dumps once a release has been live for half a minute, or when asked for; KG_DUMPS, else ahead",
        metavar="ahead|asked",
    ),
]

# The service: what queries and writes may take

Workers = Annotated[int | None, setting("Query processes; KG_WORKERS, else 8", min=1)]
ShortWorkers = Annotated[int | None, setting("Those kept for short queries; KG_SHORT_WORKERS, else 2", min=0)]
Queue = Annotated[int | None, setting("Queries that may wait; KG_QUEUE, else 64", min=0)]
QueryTimeout = Annotated[float | None, setting("Seconds a query may take; KG_QUERY_TIMEOUT, else 30", min=0.1)]
QueryMemory = Annotated[int | None, setting("MiB a query may take; KG_QUERY_MEMORY, else 2048", min=256)]
QueryResult = Annotated[int | None, setting("MiB a result may have; KG_QUERY_RESULT, else 256", min=1)]
QueryRows = Annotated[int | None, setting("Rows a result may have; KG_QUERY_ROWS, else 1000000", min=1)]
QueryCopies = Annotated[
    int | None, setting("Quads of the largest release copied into memory; KG_QUERY_COPIES, else 300000", min=0)
]
NetworkWorkers = Annotated[int | None, setting("Computations of networks at once; KG_NETWORK_WORKERS, else 2", min=1)]
NetworkQueue = Annotated[int | None, setting("Those that may wait; KG_NETWORK_QUEUE, else 16", min=0)]
NetworkSeconds = Annotated[float | None, setting("Seconds one may take; KG_NETWORK_SECONDS, else 600", min=0.1)]
NetworkMemory = Annotated[int | None, setting("MiB one may take; KG_NETWORK_MEMORY, else 4096", min=256)]
NetworkNodes = Annotated[int | None, setting("Nodes a network may have; KG_NETWORK_NODES, else 1000000", min=1)]
NetworkEdges = Annotated[int | None, setting("Edges it may have; KG_NETWORK_EDGES, else 5000000", min=1)]
WriteSize = Annotated[int | None, setting("MiB the body of a write may have; KG_WRITE_SIZE, else 100", min=1)]
AllowedHosts = Annotated[
    str | None,
    setting(
        "Servers that SERVICE and LOAD may reach, with commas between; KG_ALLOWED_HOSTS, else none", metavar="HOSTS"
    ),
]

McpHosts = Annotated[
    str | None,
    setting(
        "Names by which agents may call /mcp, with commas between; KG_MCP_HOSTS, else this machine's alone",
        metavar="HOSTS",
    ),
]

# The service: its logs

Log = Annotated[str | None, setting("File of the access log, - for standard error; KG_LOG", metavar="FILE")]
LogFormat = Annotated[str | None, setting("Form of its lines; KG_LOG_FORMAT", metavar="json|common")]
LogClients = Annotated[
    str | None,
    setting("What is told there of a client's address; KG_LOG_CLIENTS, else network", metavar="full|network|none"),
]
LogText = Annotated[int | None, setting("Characters of a query that logs may have; KG_LOG_TEXT, else 200", min=0)]
SlowQuery = Annotated[float | None, setting("Seconds after which a query is logged; KG_SLOW_QUERY, else 10", min=0)]
