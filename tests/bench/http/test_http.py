"""The load test runs, at a size at which its numbers say nothing, on the server that is always there; others if here.

Requests come from a client of our own, so that wrk need not be installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ...servers import UnavailableError
from . import data, rounds, table
from .load import Burst
from .servers import OTHERS, Kind, Running, kg, running

NUMBER = 100


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Running]]:
    folder = tmp_path_factory.mktemp("http")
    made = data.made(folder, NUMBER)
    with (
        running(kg("--workers", "2"), made, folder / "kg") as ours,
        running(OTHERS["oxigraph"], made, folder / "oxigraph") as theirs,
    ):
        yield [ours, theirs]


@pytest.mark.parametrize("name", data.workloads(NUMBER))
def test_workload(servers: list[Running], name: str) -> None:
    workload = data.workloads(NUMBER)[name]
    rounds.assert_agree(servers, workload)
    measured = rounds.measure(servers, workload, clients=2, rounds=1, seconds=0.2, tool="ours")
    assert [line.errors for line in measured] == [0, 0]
    assert all(line.per_second > 0 and line.p50 <= line.p99 for line in measured)
    assert len(table.rounds(measured, "oxigraph serve").splitlines()) == 4


def test_beside_runaways(servers: list[Running]) -> None:
    points = data.workloads(NUMBER)["point"]
    taken = rounds.beside_runaways(servers[0], points, clients=2, seconds=1, deadline=0.5, tool="ours")
    assert taken.loud.errors == 0
    assert sum(taken.ends.values()) >= rounds.RUNAWAYS
    assert "200" not in taken.ends
    assert "beside ten runaways" in table.beside(taken)


def test_what_cannot_be_started_says_why(tmp_path: Path) -> None:
    made = data.Data(tmp_path, tmp_path / "none.nq", 0)
    broken = Kind("broken", "/", lambda *_: [sys.executable, "-c", "raise SystemExit('no such luck')"])
    with (
        pytest.raises(UnavailableError, match="ended with 1 and said: no such luck"),
        running(broken, made, tmp_path / "broken"),
    ):
        pass
    with pytest.raises(UnavailableError, match="oxigraph ended"), running(OTHERS["oxigraph"], made, tmp_path / "ox"):
        pass


def test_rates_count_good_answers_and_add_up() -> None:
    bursts = (Burst(100, 1.0, 0.5, 0.1, 0.3, 10), Burst(120, 1.0, 0.5, 0.2, 0.5, 0))
    measured = rounds.Measured("point lookups", 8, "one", bursts)
    assert (measured.per_second, measured.per_cpu_second, measured.errors) == (105, 210, 10)
    line = table.rounds([measured], "one").splitlines()[-1]
    assert line == "| point lookups | 8 | one | 210 | 1.00 | 105 | 150 ms | 400 ms | 10 |"
