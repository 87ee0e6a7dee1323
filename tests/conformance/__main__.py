"""`python -m tests.conformance`: the W3C suites against a server, as a table, a list of misses and a report in EARL.

Without `--url`, `kg serve --plain` and `oxigraph serve` are started and stopped again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from . import earl, outcomes
from .manifests import ROOT, SUITES, entries
from .servers import SERVERS, Server, already_serving, kg_serving, oxigraph_serving


def main() -> int:
    """Run, print, write. The exit code is 1 where a server misses a test that it is not known to miss."""
    chosen = _arguments()
    if not ROOT.is_dir():
        sys.stderr.write("the suites are not at hand: they belong beside the checkout, in shared/suites/rdf-tests\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        missed = dict(_run(chosen, Path(folder) / "data"))
    sys.stdout.write(outcomes.table(missed, chosen.suite) + "\n")
    surprises = [_told(server, found) for server, found in missed.items()]
    if chosen.earl:
        tests = {suite: entries(suite) for suite in chosen.suite}
        chosen.earl.parent.mkdir(parents=True, exist_ok=True)
        chosen.earl.write_bytes(earl.report(missed["kg"], tests, now=datetime.now(UTC)))
    return int(any(surprises))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--server", action="append", choices=SERVERS, help="which; all that can be started if none")
    parser.add_argument("--url", help="where the one server is that runs already; everything it holds is deleted")
    parser.add_argument("--earl", type=Path, metavar="FILE", help="write a report on kg, in Turtle")
    parser.add_argument("suite", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    chosen = parser.parse_args()
    chosen.suite = chosen.suite or [*SUITES]
    chosen.server = chosen.server or ["kg", "Oxigraph"]
    if chosen.earl and "kg" not in chosen.server:
        parser.error("--earl is about kg")
    if chosen.url and len(chosen.server) != 1:
        parser.error("--url goes with one --server")
    return chosen


def _run(chosen: argparse.Namespace, folder: Path) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    for name in chosen.server:
        with _serving(name, chosen.url, folder) as server:
            yield name, {suite: outcomes.run(server, suite) for suite in chosen.suite}


def _serving(name: str, url: str | None, folder: Path) -> AbstractContextManager[Server]:
    if url:
        return already_serving(name, url)
    return kg_serving(folder) if name == "kg" else oxigraph_serving()


def _told(server: str, found: Mapping[str, Mapping[str, str]]) -> bool:
    """Print what a server misses, with the reason or else what went wrong; whether that is other than is known."""
    known = {suite: outcomes.known(server, suite) for suite in found}
    explained = [
        {name: known[suite].get(name) or text for name, text in misses.items()} for suite, misses in found.items()
    ]
    sys.stdout.write(f"\n{server} misses\n{outcomes.listed(explained)}\n")
    return any(set(misses) != set(known[suite]) for suite, misses in found.items())


if __name__ == "__main__":
    sys.exit(main())
