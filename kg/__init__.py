"""Evidence-backed knowledge graphs of technology transfer.

`open` gives a release, or a server, to ask from Python; kg/help/python.md shows how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kg.client import Graph

__all__ = ["__version__", "open"]
__version__ = "0.1.0"


def open(
    at: str | Path | None = None, *, release: str = "", queries: Path | None = None, timeout: float = 60.0
) -> Graph:
    """A release in a data folder, or a server elsewhere, to be asked; a context manager, and `Graph.close` ends it.

    Parameters
    ----------
    at
        A data folder; or the address (http or https) of a `kg serve` or of any SPARQL endpoint. Without it the folder
        of the setting KG_DATA_DIR, else ``.kg``.
    release
        Which one of a data folder: its id, a tag, or the unique beginning of an id; the live one if empty.
    queries
        A folder of queries of your own, beside the bundled ones; else that of the setting KG_QUERIES_DIR.
    timeout
        Seconds for which a server may be silent.

    Raises
    ------
    StoreUnavailableError
        There is no such folder, no release in it, or no server that answers.
    NotFoundError
        The folder has no such release.
    StoreError
        The address is none of a SPARQL endpoint.
    ConfigError
        A release of a server was asked for; a query is not what it should be; the extra ``remote`` is not installed.

    Notes
    -----
    ``import kg`` takes a few milliseconds; what this needs is imported when it is called, about 0.3 s.
    """
    from kg.client import opened  # noqa: PLC0415 - so that the import of kg stays cheap

    return opened(at, release=release, queries=queries, timeout=timeout)
