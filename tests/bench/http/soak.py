"""Ten thousand runaways with short deadlines, or minutes of everything at once: what of them stays in the server.

``python -m tests.bench.http.soak`` for runaways; with ``--minutes 10`` for what `mixed` does. Prints a line now and
then, and fails when processes, zombies, descriptors or memory have not come back to where they were.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

from . import data, mixed
from .mixed import State
from .servers import Running, kg, running

_AGREEMENTS = 1000
_SETTLING_SECONDS = 10.0
_ALLOWED_MIB = 30
_MOST_PROCESSES = 8 + 3
"""Idle query processes, of which there may be fewer; the service, the server that they fork from, and its tracker."""


def main() -> None:
    """Ask, look, compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.http.soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=6, help="at once (default 6, the places for long queries)")
    parser.add_argument("--deadline", type=float, default=0.1, help="seconds of each (default 0.1)")
    parser.add_argument("--minutes", type=float, default=0, help="of everything at once, in place of runaways")
    options = parser.parse_args()
    if options.minutes:
        sys.exit(mixed_for(60 * options.minutes))
    with tempfile.TemporaryDirectory() as folder:
        made = data.made(Path(folder), _AGREEMENTS)
        with running(kg(), made, Path(folder) / "server") as server:
            sys.exit(_soaked(server, options.requests, options.clients, options.deadline))


def mixed_for(seconds: float) -> int:
    """Use a server in all ways at once; the result is 1 if something grew or failed."""
    with tempfile.TemporaryDirectory() as folder:
        built = data.bundle(Path(folder))
        made = data.Data(built.layout.root, Path(folder), 0)
        with running(kg(*mixed.OPTIONS), made, Path(folder) / "server") as server:
            soak = mixed.soaked(server, built, seconds, say=_say)
    _say(f"requests: {', '.join(f'{number:,} {name}' for name, number in sorted(soak.ends.items()))}")
    _say(f"{len(soak.releases):,} releases; failed: {len(soak.failures)} {soak.failures[:5] or ''}")
    _say(f"grown: {', '.join(soak.grown) or 'nothing'}")
    return int(bool(soak.failures or soak.grown))


def _soaked(server: Running, number: int, clients: int, deadline: float) -> int:
    _say("requests processes zombies descriptors      MiB")
    _ask(server, clients * 4, clients, deadline)
    first = _settled(server, 0)
    ends: Counter[str] = Counter()
    for done in range(1000, number + 1, 1000):
        ends += _ask(server, 1000, clients, deadline)
        after = _settled(server, done)
    _say(f"ended as {dict(ends)}")
    grown = after.processes > _MOST_PROCESSES or after.descriptors > first.descriptors + 3 * _MOST_PROCESSES
    return int(grown or after.zombies > 0 or after.mib > first.mib + _ALLOWED_MIB)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _settled(server: Running, done: int) -> State:
    time.sleep(_SETTLING_SECONDS)
    state = State.of(server)
    _say(f"{done:8} {state}")
    return state


def _ask(server: Running, number: int, clients: int, deadline: float) -> Counter[str]:
    urls = (f"{server.url}?query={quote(query)}&timeout={deadline}" for query in cycle(data.runaways()))
    with ThreadPoolExecutor(clients) as threads:
        return Counter(threads.map(_end, islice(urls, number)))


def _end(url: str) -> str:
    try:
        with urlopen(url, timeout=120) as answer:
            answer.read()
            return str(answer.status)
    except HTTPError as error:
        with error:
            return f"{error.code} {json.loads(error.read())['code']}"


if __name__ == "__main__":
    main()
