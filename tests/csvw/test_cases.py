"""Each folder of cases/: tables and metadata, and the quads or the error that they have to give."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import csvw
from kg.errors import KgError

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
GRAPH = "http://example.org/graph"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path) -> None:
    quads, error = case / "expected.nq", case / "expected.txt"
    if quads.is_file():
        found = sorted(set(csvw.map(csvw.read(case / "csv-metadata.json"), source="case", graph=GRAPH).lines()))
        assert found == quads.read_text().splitlines()
        assert found == stored(found)
    else:
        name, _, message = error.read_text().rstrip("\n").partition("\n")
        with pytest.raises(KgError) as raised:
            csvw.map(csvw.read(case / "csv-metadata.json"), source="case", graph=GRAPH)
        assert (type(raised.value).__name__, str(raised.value)) == (name, message)


def stored(lines: list[str]) -> list[str]:
    """The lines as an Oxigraph store gives them back: the form that segments are compared in."""
    store = ox.Store()
    store.load("\n".join(lines).encode(), format=ox.RdfFormat.N_QUADS)
    return sorted(store.dump(format=ox.RdfFormat.N_QUADS).decode().splitlines())
