"""Settings: ``KG_…`` environment variables, each with a command-line option of the same name.

Only the edges (`kg.cli`, the start of the service) read them; everything below takes plain arguments.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kg.errors import ConfigError


class Settings(BaseSettings):
    """All settings with their defaults; an option given on the command line wins over the environment."""

    model_config = SettingsConfigDict(env_prefix="KG_", extra="ignore", frozen=True)

    data_dir: Path = Field(Path(".kg"), description="folder of releases")
    sources_dir: Path | None = Field(None, description="a folder of sources of your own, beside the bundled ones")
    queries_dir: Path | None = Field(None, description="a folder of queries of your own, beside the bundled ones")
    downloads: Path | None = Field(None, description="folder with a folder of downloaded files for each register")
    keep: int = Field(5, ge=1, description="releases kept; tagged ones and those in use stay as well")
    host: str = Field("127.0.0.1", description="address that the service listens on")
    port: int = Field(8000, ge=0, le=65535, description="port that the service listens on; 0 takes a free one")
    base: str | None = Field(
        None,
        pattern=r"^https?://[^\s<>\"{}|\\^`#?]+/$",
        description="what IRIs of your own begin with, up to a slash, which are served by their path",
    )
    proxies: str | None = Field(
        None, description="addresses or networks of proxies, with commas between, whose word on the client is believed"
    )
    anonymous: Literal["none", "read", "write"] = Field("read", description="what may be done without a token")
    rate: int = Field(0, ge=0, description="requests a minute from one address or with one token; 0 for any number")
    workers: int = Field(8, ge=1, description="query processes")
    short_workers: int = Field(2, ge=0, description="how many of them are kept for queries of less than half a second")
    queue: int = Field(64, ge=0, description="queries that may wait for a process")
    query_timeout: float = Field(30.0, gt=0, description="seconds that one query may take")
    query_memory: int = Field(2048, ge=256, description="MiB of memory that one query process may take")
    query_result: int = Field(256, ge=1, description="MiB that the result of one query may have")
    allowed_hosts: str | None = Field(
        None, description="servers that SERVICE and LOAD may reach, with commas between: host, or http(s)://host:port"
    )
    mcp_hosts: str | None = Field(
        None, description="names, with commas between, by which agents may call `/mcp`, beside those of this machine"
    )
    write_size: int = Field(100, ge=1, description="MiB that the body of a write to the graph store may have")
    log: str | None = Field(None, description="file of the access log, - for standard error; no log without")
    log_format: Literal["json", "common"] = Field("json", description="form of its lines")
    log_clients: Literal["full", "network", "none"] = Field(
        "network", description="what is told there of clients: their address, only its network, or nothing"
    )
    log_text: int = Field(200, ge=0, description="characters of the text of a query that logs may have; 0 for none")
    drain: float = Field(25.0, ge=0, description="seconds that requests may take to end when the service is stopped")
    slow_query: float = Field(10.0, ge=0, description="seconds after which a query is logged as slow; 0 for never")
    dumps: Literal["ahead", "asked"] = Field(
        "ahead", description="make the dumps of a release once it has been live for half a minute, or when asked for"
    )
    query_copies: int = Field(
        300_000, ge=0, description="quads of the largest release that query processes copy into memory; 0 for none"
    )
    network_workers: int = Field(2, ge=1, description="processes that compute networks and their measures")
    network_queue: int = Field(16, ge=0, description="computations of networks that may wait for one")
    network_seconds: float = Field(600.0, gt=0, description="seconds that one of them may take")
    network_memory: int = Field(4096, ge=256, description="MiB of memory that one of them may take")
    network_nodes: int = Field(1_000_000, ge=1, description="nodes that a network may have to be computed with")
    network_edges: int = Field(5_000_000, ge=1, description="edges that it may have")
    query_rows: int = Field(1_000_000, ge=1, description="rows, or triples, that the result of one query may have")
    store: str | None = Field(None, description="SPARQL server to serve from and to publish to: where its queries go")
    store_update: str | None = Field(None, description="where its updates go, if that cannot be found out")
    store_user: SecretStr | None = Field(None, description="name that a SPARQL server (`--store`) knows us by")
    store_password: SecretStr | None = Field(None, description="the password to it")
    store_token: SecretStr | None = Field(None, description="a token (Bearer) that it wants to see in their place")


def settings(**given: Any) -> Settings:
    """The settings of the environment, overridden by those options that are not None.

    Raises
    ------
    ConfigError
        A value is not what the setting takes; the text names the variable, the value and what is wrong.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults = "; ".join(
            f"KG_{'_'.join(map(str, fault['loc'])).upper()} = {fault['input']!r}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ConfigError(f"settings: {faults}") from error
