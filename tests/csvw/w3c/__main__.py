"""Run the suite and print the table, and each test that does not pass: ``python -m tests.csvw.w3c [NAME...]``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .suite import cases, misses, outcome, places, table

folder = Path(__file__).parents[4] / "shared" / "suites" / "csvw" / "tests"
with tempfile.TemporaryDirectory() as scratch:
    web = places(folder, Path(scratch))
    wanted = [case for case in cases(folder) if not sys.argv[1:] or case.name in sys.argv[1:]]
    outcomes = [(case, outcome(case, folder, web)) for case in wanted]
print(table(outcomes))  # noqa: T201
for case, wrong in outcomes:
    if wrong:
        print(f"\n{case.name} ({case.kind}): {misses().get(case.name, wrong)}")  # noqa: T201
