"""The benchmarks by name, with the sizes at which they tell something and at which they only run."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import beside, figures, loading, lookups, networks, releases, search, shacl, tables
from .harness import Line


@dataclass(frozen=True)
class Benchmark:
    """A function of folder, size and runs; its full size and the smallest of use; how often it is measured."""

    measure: Callable[[Path, int, int], list[Line]]
    full: int
    tiny: int
    runs: int = 3

    def lines(self, *, size: int | None = None, runs: int | None = None) -> list[Line]:
        """Its lines of the table, measured in a temporary folder."""
        with tempfile.TemporaryDirectory() as folder:
            return self.measure(Path(folder), self.full if size is None else size, runs or self.runs)


BENCHMARKS = {
    "map": Benchmark(tables.map_register, full=300_000, tiny=40),
    "write": Benchmark(tables.write_segment, full=100_000, tiny=40),
    "load": Benchmark(releases.load_release, full=100_000, tiny=40),
    "loading": Benchmark(loading.load_register, full=600_000, tiny=40, runs=1),
    "change": Benchmark(releases.change_release, full=100_000, tiny=400, runs=5),
    "derive": Benchmark(figures.derive_figures, full=2_400, tiny=6),
    "gate": Benchmark(figures.check_figures, full=240, tiny=6, runs=2),
    "query": Benchmark(lookups.look_up, full=5_000, tiny=20),
    "search": Benchmark(search.find_organizations, full=150_000, tiny=60),
    "shacl": Benchmark(shacl.check_register, full=466_882, tiny=1_600, runs=1),
    "beside": Benchmark(beside.ask_beside, full=beside.PAIRS, tiny=40),
    "build": Benchmark(releases.build_bundle, full=100, tiny=1, runs=5),
    "networks": Benchmark(networks.measure_networks, full=25_788, tiny=40, runs=2),
}
