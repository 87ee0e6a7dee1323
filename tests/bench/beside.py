"""Reports beside a register: named queries and the home page in a release with a register of projects, and without it.

The register has the shape of FP7: pairs of project and organization, as many projects and organizations for each pair,
and names of organizations. It says nothing of what the reports measure, so what it costs them is for nothing.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.request import urlopen

from kg import assets, pipeline
from kg.pipeline import Input
from kg.queries import NamedQuery, load
from kg.sources import register
from kg.store.base import Store
from kg.store.releases import DataFolder, Release

from .harness import Cost, Line, cost, side_by_side

PAIRS = 135_670
QUESTIONS = range(1, 22)
"""The competency questions about reports."""

_PROJECTS, _ORGANIZATIONS = 25_788, 30_973
_QUESTION = re.compile(r"competency questions? ([0-9]+)")
_SERVING = re.compile(r"serving .* on (http://\S+)")


def ask_beside(folder: Path, pairs: int, runs: int) -> list[Line]:
    """All queries of the questions together, the one that is slowed most, and the first look at the home page."""
    bundled = sorted((each for each in register.discover() if not each.download), key=lambda each: each.name)
    alone = _built(folder / "alone", [*pipeline.bundled(), *pipeline.from_sources(bundled)])
    shutil.copytree(folder / "alone", folder / "beside")
    projects = register.find("cordis").fetched(_download(folder, pairs))
    beside = _built(folder / "beside", pipeline.from_sources([projects]))
    size, against = f"{pairs:,} participations", "the same without the register"
    with alone.open() as one, beside.open() as other:
        costs = {
            name: side_by_side(partial(_rows, query, other), partial(_rows, query, one), runs=runs)
            for name, query in _queries().items()
        }
    worst = max(costs, key=lambda name: costs[name][0].seconds / costs[name][1].seconds)
    ours, limit = (sum(pair[place].seconds for pair in costs.values()) for place in range(2))
    pages = [min(map(_home, [folder / name] * runs), key=_seconds) for name in ("beside", "alone")]
    assert all(b"<html" in page.result for page in pages)
    return [
        Line("queries of questions 1 to 21", size, ours, limit, against, len(costs), "query"),
        Line(f"of them {worst}", size, *map(_seconds, costs[worst]), against, 1, "query"),
        Line("home page of a new service", size, *map(_seconds, pages), against, 1, "page"),
    ]


def _seconds(taken: Cost) -> float:
    return taken.seconds


def _queries() -> dict[str, NamedQuery]:
    """The named queries that answer one of the questions."""
    known = load(assets.folder("queries"))
    asked = {name: _QUESTION.search(query.source) for name, query in known.items()}
    return {name: known[name] for name, found in sorted(asked.items()) if found and int(found[1]) in QUESTIONS}


def _rows(query: NamedQuery, store: Store) -> int:
    values = {p.name: p.example for p in query.parameters if p.required and p.example}
    return len(query.run(store, values).rows)


def _download(folder: Path, pairs: int) -> Path:
    """The two files of FP7, made up."""
    place = folder / "download"
    place.mkdir()
    projects, organizations = (max(number * pairs // PAIRS, 1) for number in (_PROJECTS, _ORGANIZATIONS))
    with gzip.open(place / "fp7edges.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("projectRcn\tnew_org_id\n")
        file.writelines(f"{n % projects}\t{n * 7919 % organizations}\n" for n in range(pairs))
    with gzip.open(place / "fp7orgs.csv.gz", "wt", encoding="utf-8") as file:
        file.write("new_org_id;name;shortName;country\n")
        file.writelines(f"{n};organization {n};o{n};{('DE', 'FR', 'UK')[n % 3]}\n" for n in range(organizations))
    return place


def _built(place: Path, inputs: list[Input]) -> Release:
    target = DataFolder.open(place, create=True)
    release = pipeline.build(target, inputs, assets.turtle_files("shapes"), complete=False).release
    assert release is not None
    return release


def _home(data: Path) -> Cost:
    """What the first look at the home page costs a service that has just started."""
    with _served(data) as address:
        return cost(lambda: urlopen(address, timeout=600).read())


@contextmanager
def _served(data: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "kg.cli", "serve", "--data-dir", str(data), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield next(found[1] for line in process.stdout if (found := _SERVING.search(line)))
        finally:
            process.terminate()
