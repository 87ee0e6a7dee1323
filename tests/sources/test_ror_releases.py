"""ROR's 86 releases applied one by one, in both schemas, end in the graph that the final state gives.

The registry of January 2022 is what release 1.0 builds on. Each release is then published as one of ours, its
difference to the last applied to the database. At every step the status of all organizations and who succeeded whom are
compared with what the records say, told by code of its own; at the end the database with one that was loaded at once,
what is said with what the newest records give, and the status with ROR's own list of what each release touched.

What cannot be replayed: of the 28,104 times that a release of schema 1 (1.0 to 1.44) touched an organization, the data
holds 15,380 records, the last of each organization that never came in schema 2. Of the others 10,436 are of
organizations whose first record at hand came later, in schema 2, and 2,288 were replaced within schema 1: until that
later release such an organization is as it was in January 2022, or, 1,405 of them, not yet there. From 1.45 on every
record is at hand.

``python -m tests.sources.test_ror_releases`` applies them to all 51,370 organizations that any release touched, or to
so many as a number says, so many releases at once as a second one says; the tests apply them to a few hundred.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest

from kg import iris, pipeline
from kg.sources import register
from kg.store.release import Release
from kg.store.releases import DataFolder
from kg.vocabulary import TT

FIRST, SECOND, RELEASES = (
    "ror_v1schema_latest.jsonl.gz",
    "ror_v2schema_latest.jsonl.gz",
    "ror_updates_v2schema.jsonl.gz",
)
ADDRESS = "https://ror.org/"
STATED = f"GRAPH <{iris.GRAPH}source/ror>"
STATUS = f"SELECT ?o ?s {{ {STATED} {{ ?o <{TT.organizationStatus}> ?s }} }}"
SUCCESSION = f"SELECT ?o ?s {{ {STATED} {{ ?o <{TT.succeededBy}> ?s }} }}"
Record = dict[str, Any]


@dataclass(frozen=True)
class Registry:
    """What the data holds of some organizations: the tables of 2022, records by release, and what each touched."""

    folder: Path
    log: pl.DataFrame
    keys: frozenset[str]
    released: dict[str, list[Record]]

    @property
    def baseline(self) -> dict[str, str]:
        """The status of each organization in January 2022."""
        rows = table(self.folder / "baseline_2022_01" / "ror_orgs.csv.gz", self.keys)
        return dict(rows.select("id", "status").iter_rows())

    def put_baseline(self, target: Path) -> None:
        for path in (self.folder / "baseline_2022_01").glob("*.csv.gz"):
            (target / path.name).write_bytes(gzip.compress(table(path, self.keys).write_csv().encode()))

    def put_newest(self, target: Path) -> None:
        for name in (FIRST, SECOND):
            held = (record for record in records(self.folder / name) if record["id"] in self.keys)
            (target / name).write_bytes(packed(held))


def registry(folder: Path, organizations: int) -> Registry:
    """So many of the organizations that any release touched, evenly from all; all if there are no more."""
    log = pl.read_csv(folder / "ror_release_log.csv.gz", infer_schema=False)
    every = sorted(log["ror_id"].unique())
    keys = frozenset(every[:: max(1, len(every) // organizations)])
    released: dict[str, list[Record]] = {name: [] for name in log["release"].unique(maintain_order=True)}
    last = dict(only_first(log, folder).select("ror_id", "release").iter_rows())
    for record in records(folder / FIRST):
        released[last[record["id"]]].append(record)
    for item in records(folder / RELEASES):
        released[item["release"]].append(item["record"])
    some = {name: [each for each in held if each["id"] in keys] for name, held in released.items()}
    return Registry(folder, log, keys, some)


def only_first(log: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """The rows of releases that were published in schema 1 alone."""
    again = pl.DataFrame(
        [(item["release"], item["record"]["id"]) for item in records(folder / RELEASES)],
        ["release", "ror_id"],
        orient="row",
    )
    return log.join(again, on=["release", "ror_id"], how="anti", maintain_order="left")


def table(path: Path, keys: frozenset[str]) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False).filter(pl.col("id").is_in(keys))


def records(path: Path) -> Iterator[Record]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def packed(held: Iterable[Record]) -> bytes:
    return gzip.compress("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in held).encode(), 1)


@dataclass
class Told:
    """What the newest records say, and what there was before them."""

    status: dict[str, str]
    said: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def apply(self, record: Record) -> None:
        key = record["id"]
        self.status[key] = record["status"]
        related = [(each["type"].lower(), each["id"]) for each in record["relationships"]]
        self.said[key] = {(key, other) for kind, other in related if kind == "successor"}
        self.said[key] |= {(other, key) for kind, other in related if kind == "predecessor"}

    @property
    def succession(self) -> set[tuple[str, str]]:
        return set().union(*self.said.values())


@dataclass(frozen=True)
class Step:
    """Some releases, published as one of ours."""

    names: Sequence[str]
    applied: int
    release: Release
    told: Told


def replay(known: Registry, room: Path, target: DataFolder, *, at_once: int) -> Iterator[Step]:
    """The releases in their order, so many at once, each a release of ours, with what the records say by then."""
    known.put_baseline(room)
    told = Told(known.baseline)
    names = list(known.released)
    for at in range(0, len(names), at_once):
        some, applied = names[at : at + at_once], 0
        with (room / RELEASES).open("ab") as stream:
            for name in some:
                stream.write(packed({"release": name, "record": record} for record in known.released[name]))
                for record in known.released[name]:
                    told.apply(record)
                    applied += 1
        yield Step(some, applied, published(target, room), told)


def published(target: DataFolder, room: Path) -> Release:
    (item,) = pipeline.from_sources([register.find("ror").fetched(room)])
    with target.stage() as staging:
        staging.replace_segment(item.name, item.produce().blocks)
        return staging.publish(tool="kg test")


def asked(release: Release, query: str) -> set[tuple[str, str]]:
    with release.open() as store:
        return {(key(row[0].value), row[1].value) for row in store.database.query(query)}  # type: ignore[union-attr,index]


def key(address: str) -> str:
    return ADDRESS + address.rpartition("/ror-")[2]


def check(step: Step) -> dict[str, int]:
    """The status of each organization and who succeeded whom are as the records have it; how many of each status."""
    status = {key: value.rpartition("/")[2] for key, value in asked(step.release, STATUS)}
    assert status == step.told.status
    assert {(one, key(other)) for one, other in asked(step.release, SUCCESSION)} == step.told.succession
    return dict(Counter(status.values()))


def digest(release: Release, *, places: bool = True) -> str:
    """SHA-256 over the sorted N-Quads of the database; without the documents and rows where records stand, if asked."""
    with release.open() as store:
        quads = (str(quad) for quad in store.database.quads_for_pattern(None, None, None, None))
        about = (f"<{iris.ID}org/", f"<{iris.ID}area/")
        kept = quads if places else (quad for quad in quads if quad.startswith(about) and "#row=" not in quad)
        lines = sorted(kept)
    assert lines
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def check_end(known: Registry, last: Step, replayed: Path, room: Path) -> tuple[str, str]:
    """The database after the last step is that of one load, and says what the newest records say; both digests."""
    at_once = published(DataFolder.open(room / "at-once", create=True), replayed)
    whole = digest(at_once)
    assert digest(last.release) == whole
    (newest := room / "newest").mkdir()
    known.put_baseline(newest)
    known.put_newest(newest)
    stated = digest(published(DataFolder.open(room / "final", create=True), newest), places=False)
    assert digest(last.release, places=False) == stated
    listed = known.log.filter(pl.col("ror_id").is_in(known.keys)).unique("ror_id", keep="last", maintain_order=True)
    assert dict(listed.select("ror_id", "status").iter_rows()).items() <= last.told.status.items()
    return whole, stated


@pytest.fixture
def data(shared: Path) -> Path:
    return shared / "data" / "ror_registry"


def test_what_the_data_holds_of_releases_of_schema_1(data: Path) -> None:
    log = pl.read_csv(data / "ror_release_log.csv.gz", infer_schema=False)
    touched = only_first(log, data)
    assert log["release"].n_unique() == 86
    assert touched["release"].n_unique() == 47
    held = {record["id"] for record in records(data / FIRST)}
    later = {record["id"] for record in records(data / SECOND)}
    in_second = touched.filter(pl.col("ror_id").is_in(later)).height
    assert (touched.height, len(held), in_second, touched.height - len(held) - in_second) == (
        28_104,
        15_380,
        10_436,
        2_288,
    )
    before = table(data / "baseline_2022_01" / "ror_orgs.csv.gz", frozenset(later))["id"]
    assert touched.filter(pl.col("ror_id").is_in(later) & ~pl.col("ror_id").is_in(before))["ror_id"].n_unique() == 1_405


def test_all_releases_in_their_order_end_where_the_newest_records_do(data: Path, tmp_path: Path) -> None:
    known = registry(data, 400)
    (room := tmp_path / "releases").mkdir()
    sizes, withdrawn = [len(known.baseline)], [0]
    for step in replay(known, room, DataFolder.open(tmp_path / "data", create=True), at_once=22):
        counts = check(step)
        sizes.append(sum(counts.values()))
        withdrawn.append(counts.get("withdrawn", 0))
    assert len(sizes) == 1 + 4
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(known.keys)
    assert withdrawn == sorted(withdrawn)
    assert withdrawn[-1] > 5
    check_end(known, step, room, tmp_path)


def main(organizations: int = 1 << 30, at_once: int = 1) -> None:
    """Apply the releases to so many organizations, so many at once, and print what became of them."""
    known = registry(Path(__file__).resolve().parents[3] / "shared" / "data" / "ror_registry", organizations)
    with TemporaryDirectory() as name:
        (room := Path(name) / "releases").mkdir()
        target = DataFolder.open(Path(name) / "data", create=True)
        for step in replay(known, room, target, at_once=at_once):
            counts = check(step)
            touched = known.log.filter(pl.col("release").is_in(step.names) & pl.col("ror_id").is_in(known.keys))
            listed = touched.unique(["release", "ror_id"]).height
            sys.stdout.write(
                f"{step.names[-1]}: {step.applied} of {listed} records, {counts}, "
                f"made by {step.release.manifest.made_by}, {time.process_time():.0f} CPU s\n"
            )
            sys.stdout.flush()
            target.collect(keep=1)
        whole, stated = check_end(known, step, room, Path(name))
        sys.stdout.write(f"database {whole}\nwhat is said {stated}\n{time.process_time():.0f} CPU s\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
