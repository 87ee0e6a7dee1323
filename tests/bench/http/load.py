"""One burst of requests on one server: by wrk, or where it must not be needed by a small client of our own.

wrk keeps so many connections busy, each with one request at a time, and takes almost nothing of the processor; the
client of our own takes more than the servers do, so it is for trying the benchmark, not for numbers.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx

from ...servers import UnavailableError
from .data import Workload
from .servers import RESULTS, Running

_BAD = 400
_SCRIPT = """
local requests = {%s}
local number, place = %d, 0
request = function()
  place = place %% #requests + 1
  number = number + 1
  local path = requests[place][1]
  if not %s then path = path .. string.format("%%%%20%%%%23%%d", number) end
  local headers = {Accept = "%s"}
  if requests[place][2] ~= "" then headers["If-None-Match"] = requests[place][2] end
  return wrk.format("GET", path, headers)
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('\\n{"requests": %%d, "seconds": %%f, "p50": %%f, "p99": %%f, "errors": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(frozen=True)
class Burst:
    """What came of it: answered requests, seconds of wall time, CPU seconds of the server, latencies in seconds."""

    requests: int
    seconds: float
    cpu: float
    p50: float
    p99: float
    errors: int


def burst(server: Running, workload: Workload, *, clients: int, seconds: float, tool: str = "wrk") -> Burst:
    """Ask a server as fast as so many clients can, each waiting for its answer."""
    targets = [(query, server.ask(query)[1] if workload.known else "") for query in workload.queries]
    before = server.cpu_seconds()
    drive = _by_wrk if tool == "wrk" else _by_ourselves
    seen = drive(server, targets, repeated=workload.repeated, clients=clients, seconds=seconds)
    return Burst(cpu=server.cpu_seconds() - before, **seen)


def find_wrk() -> None:
    """Raises UnavailableError where wrk is not installed."""
    if not shutil.which("wrk"):
        raise UnavailableError("there is no wrk: apt-get install wrk")


def _by_wrk(
    server: Running, targets: list[tuple[str, str]], *, repeated: bool, clients: int, seconds: float
) -> dict[str, float]:
    path = urlsplit(server.url).path
    table = ",\n".join(f"{{{json.dumps(f'{path}?query={quote(query)}')}, {json.dumps(tag)}}}" for query, tag in targets)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "burst.lua"
        script.write_text(_SCRIPT % (table, time.time_ns() // 1000, str(repeated).lower(), RESULTS), "utf-8")
        size = ["-t", "1", "-c", str(clients), "-d", f"{seconds:.0f}s", "--timeout", "60s"]
        done = subprocess.run(["wrk", *size, "-s", str(script), server.url], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _by_ourselves(
    server: Running, targets: list[tuple[str, str]], *, repeated: bool, clients: int, seconds: float
) -> dict[str, float]:
    numbers = count(time.time_ns())
    asked = ((query if repeated else f"{query} #{next(numbers)}", tag) for query, tag in cycle(targets))
    return asyncio.run(_asked(server.url, asked, clients, seconds))


async def _asked(url: str, asked: Iterator[tuple[str, str]], clients: int, seconds: float) -> dict[str, float]:
    taken: list[float] = []
    errors = 0
    began = time.perf_counter()

    async def client(http: httpx.AsyncClient) -> None:
        nonlocal errors
        while (before := time.perf_counter()) < began + seconds:
            query, tag = next(asked)
            answer = await http.get(url, params={"query": query}, headers={"If-None-Match": tag} if tag else {})
            taken.append(time.perf_counter() - before)
            errors += answer.status_code >= _BAD

    async with httpx.AsyncClient(headers={"Accept": RESULTS}, timeout=60) as http:
        await asyncio.gather(*(client(http) for _ in range(clients)))
    taken.sort()
    wall = time.perf_counter() - began
    p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
    return {"requests": len(taken), "seconds": wall, "p50": p50, "p99": p99, "errors": errors}
