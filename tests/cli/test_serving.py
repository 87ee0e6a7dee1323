"""The command that serves, as a process: what it warns of, logs, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kg.store.releases import DataFolder

EVERYWHERE = "0.0.0.0"  # noqa: S104


@contextmanager
def serving(folder: DataFolder, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that serves a folder, and its address."""
    command = [sys.executable, "-m", "kg.cli", "serve", "--data-dir", str(folder.layout.root), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().split("/  ")[0].rpartition(":")[2]
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> str:
    """What it has said on standard error when it was told to end."""
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=60)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_it_warns_logs_and_ends(data_folder: DataFolder, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    with serving(data_folder, "--host", EVERYWHERE, "--anonymous", "write", "--log", str(log)) as (process, address):
        assert httpx.get(f"{address}/sparql", params={"query": "ASK {}"}).is_success
        assert httpx.get(f"{address}/ready").json()["status"] == "ready"
        said = ended(process)
    assert "WARNING: anyone who reaches 0.0.0.0 can read and CHANGE the graph" in said
    assert process.returncode == -signal.SIGTERM
    assert [json.loads(line)["route"] for line in log.read_text().splitlines()] == ["/sparql", "/ready"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(
    ("host", "warned"),
    [("127.0.0.2", ""), (EVERYWHERE, "kg: anyone who reaches 0.0.0.0 can read the graph, and nobody")],
)
def test_who_can_reach_it_is_told(data_folder: DataFolder, host: str, warned: str) -> None:
    with serving(data_folder, "--host", host) as (process, _):
        assert ended(process).startswith(warned)


def test_its_help_tells_of_the_command_line(data_folder: DataFolder) -> None:
    with serving(data_folder) as (_, address):
        assert 'id="kg-serve"' in httpx.get(f"{address}/help/commands", timeout=60).text
