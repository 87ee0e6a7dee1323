"""From a folder or an address to a graph to ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from kg import assets
from kg import queries as named
from kg.client.local import LocalGraph
from kg.config import Settings, settings
from kg.errors import ConfigError, StoreUnavailableError
from kg.queries import NamedQuery
from kg.store.releases import DataFolder

if TYPE_CHECKING:
    from kg.client.graph import Graph

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def opened(at: str | Path | None, *, release: str, queries: Path | None, timeout: float) -> Graph:
    """See `kg.open`."""
    text = "" if at is None else str(at)
    if _ADDRESS.match(text):
        if release:
            raise ConfigError(f"{text} is a server, which answers from one release: leave out release={release!r}")
        return _remote(text, settings(queries_dir=queries), timeout)
    chosen = settings(data_dir=Path(text) if text else None, queries_dir=queries)
    folder = DataFolder.open(chosen.data_dir)
    found = folder.find(release) if release else folder.current()
    if found is None:
        raise StoreUnavailableError(f"{folder.layout.root} holds no release yet; run kg build")
    return LocalGraph(found, _queries(chosen))


def _remote(url: str, chosen: Settings, timeout: float) -> Graph:
    try:
        from kg.client.remote import RemoteGraph  # noqa: PLC0415 - an extra
        from kg.store.remote.server import Credentials  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError(f"{url} is a server, and that takes an extra: pip install 'kg[remote]'") from error
    user, password, token = (
        secret.get_secret_value() if secret else ""
        for secret in (chosen.store_user, chosen.store_password, chosen.store_token)
    )
    return RemoteGraph(url, _queries(chosen), credentials=Credentials(user, password, token), timeout=timeout)


def _queries(chosen: Settings) -> dict[str, NamedQuery]:
    own = chosen.queries_dir
    return named.load(assets.folder("queries"), *([own] if own else []))
