"""The command line on a terminal: nothing is cut, and who leaves early is let go."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from kg.store.releases import DataFolder

pty = pytest.importorskip("pty")

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
KG = [sys.executable, "-m", "kg.cli"]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c. ?d ?e ?f. ?g ?h ?i. ?j ?k ?l. ?m ?n ?o. ?p ?q ?r. ?s ?t ?u. ?v ?w ?x }"
MANY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="session")
def data(data_folder: DataFolder) -> Path:
    return data_folder.layout.root


def until(true: Callable[[], bool], *, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def on_terminal(columns: int, *arguments: str, data: Path) -> str:
    """What a command shows on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    environment = {**ENVIRONMENT, "KG_DATA_DIR": str(data), "COLUMNS": str(columns), "TERM": "xterm"}
    with subprocess.Popen([*KG, *arguments], stdout=theirs, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the terminal is closed by the end of the process
            while part := os.read(ours, 65536):
                shown += part
        os.close(ours)
    assert process.returncode == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [40, 80, 100, 300])
def test_no_number_is_cut_however_narrow_the_terminal(columns: int, data: Path) -> None:
    shown = on_terminal(columns, "query", "figures/contract-value-by-year", "--area", "CN", data=data)
    assert "108,600,000,000" in shown
    assert "2019-01-01" in shown
    assert "…" not in shown


def test_a_row_that_does_not_fit_is_a_record(data: Path) -> None:
    name = "figures/contract-value-by-year"
    assert "value: 108,600,000,000\n" in on_terminal(40, "query", name, "--area", "CN", data=data)
    assert "value: " not in on_terminal(300, "query", name, "--area", "CN", data=data)


def test_a_reader_that_leaves_ends_an_export_quietly(data: Path) -> None:
    environment = {**ENVIRONMENT, "KG_DATA_DIR": str(data)}
    for arguments in (["export"], ["query"], ["query", "figures/counts-by-class"], ["releases", "show", "--json"]):
        ours, theirs = os.pipe()
        os.close(ours)
        done = subprocess.run([*KG, *arguments], stdout=theirs, stderr=subprocess.PIPE, env=environment, check=False)
        os.close(theirs)
        assert (done.returncode, b"Error" in done.stderr, b"Traceback" in done.stderr) == (0, False, False)


def test_ctrl_c_in_a_build_is_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with subprocess.Popen([*KG, "build", "--data-dir", str(data)], stderr=subprocess.PIPE, text=True) as process:
        until(data.is_dir)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert (process.returncode, told) == (130, "kg: interrupted; the live release is as it was\n")


def test_a_build_names_the_sources_that_it_leaves_out(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "sources" / "my-survey", tmp_path / "mine" / "my-survey")
    environment = {**ENVIRONMENT, "KG_DATA_DIR": str(tmp_path / "data")}

    def build(*options: str) -> str:
        command = [*KG, "build", *options]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout

    build("--sources-dir", str(tmp_path / "mine"))
    assert json.loads(build("--dry-run", "--json"))["left_out"] == ["source/my-survey"]
    assert "left out of this release: source/my-survey, which the last one had; give --sources-dir or" in build()
    assert "left out" not in build()


@contextmanager
def serving(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`kg serve` as a process of its own session, as a terminal starts it, and its address."""
    command = [*KG, "serve", "--port", "0", "--data-dir", str(data), *options]
    environment = {**ENVIRONMENT, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        address = re.search(r"http://\S+/", process.stdout.readline())
        assert address is not None
        try:
            until(lambda: httpx.get(f"{address[0]}health").status_code == 200)
            yield process, address[0]
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str], number: int) -> str:
    """What a service said on standard error until the signal had ended it."""
    send = os.killpg if number == signal.SIGINT else os.kill  # Ctrl-C reaches the query processes as well
    send(process.pid, number)
    return process.communicate(timeout=30)[1]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_stopping_the_service_answers_a_running_query_with_a_problem(number: int, code: int, data: Path) -> None:
    def ask() -> httpx.Response:
        return httpx.get(f"{address}sparql", params={"query": ENDLESS}, timeout=30)

    with serving(data, "--workers", "1", "--drain", "0") as (process, address), ThreadPoolExecutor() as threads:
        running, waiting = threads.submit(ask), threads.submit(ask)
        until(lambda: httpx.get(f"{address}health").json()["workers"] == {"all": 1, "busy": 1, "waiting": 1})
        told = stopped(process, number)
        for answer in (running.result(), waiting.result()):
            assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
            assert answer.json()["code"] == "stopping"
    assert (process.returncode, "Traceback" in told) == (code, False)


def test_stopping_the_service_breaks_off_an_answer_that_nobody_takes(data: Path) -> None:
    with (
        serving(data) as (process, address),
        httpx.stream("GET", f"{address}sparql", params={"query": MANY}) as response,
    ):
        assert response.status_code == 200
        told = stopped(process, signal.SIGINT)
        with pytest.raises(httpx.TransportError):
            response.read()
    assert (process.returncode, "Traceback" in told) == (0, False)
