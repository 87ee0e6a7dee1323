"""A build in a process of its own, for tests that kill it, cap its memory or fill its disk.

``python building.py DATA publish VERSION``: publish version VERSION of some thousand quads. ``python building.py DATA
read``: hold the live release open and answer a count for each line of input.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.store.canonical import Block, canonical
from kg.store.releases import DataFolder

BASE = "https://example.org/"
COUNT = "SELECT (COUNT(*) AS ?n) (SAMPLE(?v) AS ?version) { ?s ?p ?o OPTIONAL { ?s <https://example.org/version> ?v } }"
ROWS = 1500


def blocks(graph: str, version: int, rows: int = ROWS) -> Iterator[Block]:
    """Two quads a row, every tenth of which differs from version to version, and one quad with the version."""
    return canonical(ox.parse("".join(_lines(graph, version, rows)), format=ox.RdfFormat.N_QUADS))


def _lines(graph: str, version: int, rows: int) -> Iterator[str]:
    for n in range(rows):
        subject, value = f"<{BASE}{graph}/{n}>", f'"{n} {version if n % 10 == 0 else 0}"'
        yield f"{subject} <{BASE}label> {value} <{BASE}{graph}> .\n"
        yield f"{subject} <{BASE}partOf> <{BASE}{graph}/{n // 7}> <{BASE}{graph}> .\n"
    yield f'<{BASE}{graph}> <{BASE}version> "{version}" <{BASE}{graph}> .\n'


def publish(data: DataFolder, version: int, rows: int = ROWS) -> None:
    """Publish a version, sources first, then what is derived."""
    with data.stage() as staging:
        print("begun", flush=True)  # noqa: T201
        staging.replace_segment("source", blocks("source", version, rows))
        assert staging.store.ask("ASK { ?s ?p ?o }")
        staging.replace_segment("derived", blocks("derived", version, rows // 5))
        print("staged", flush=True)  # noqa: T201
        staging.publish(tool="kg test")


def read(data: DataFolder) -> None:
    """Answer while the release is held; the first answer says which one."""
    live = data.current()
    assert live is not None
    with live.open() as store:
        print(live.id, flush=True)  # noqa: T201
        for _ in sys.stdin:
            print(sum(1 for _ in store.select("SELECT * { ?s ?p ?o } ORDER BY ?o")), flush=True)  # noqa: T201


if __name__ == "__main__":
    folder = DataFolder.open(Path(sys.argv[1]), create=True)
    if sys.argv[2] == "read":
        read(folder)
    else:
        publish(folder, int(sys.argv[3]), *map(int, sys.argv[4:]))
