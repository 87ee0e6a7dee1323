"""The service used in all ways at once for most of a minute is where it was, and has failed nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import data, mixed
from .servers import kg, running

SECONDS = 30


@pytest.mark.slow
def test_everything_at_once(tmp_path: Path) -> None:
    folder = data.bundle(tmp_path)
    made = data.Data(folder.layout.root, tmp_path, 0)
    with running(kg(*mixed.OPTIONS), made, tmp_path / "server") as server:
        soak = mixed.soaked(server, folder, SECONDS, say=print)  # shown if it fails
    assert soak.failures == []
    assert soak.grown == []
    assert len(soak.releases) > 1
    assert set(soak.ends) == {"point", "aggregate", "page", "graph", "known", "write", "runaway", "left", "backup"}
