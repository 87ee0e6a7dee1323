"""Publishing, rolling back, keeping and collecting releases; and refusing what would harm them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import (
    NewerLayoutError,
    NotFoundError,
    StoreError,
    StoreLockedError,
    StoreUnavailableError,
)
from kg.store import locks
from kg.store.canonical import Block, canonical
from kg.store.releases import DataFolder, Release, diff

BASE = "https://example.org/"

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
Lines = Callable[..., list[Block]]
Publish = Callable[..., Release]


def count(release: Release) -> int:
    with release.open() as store:
        return int(next(iter(store.select(COUNT)))["n"].value)  # type: ignore[union-attr]


def content(release: Release) -> list[bytes]:
    """What the database holds, as canonical lines."""
    with release.open() as store:
        return sorted(f"{quad} .\n".encode() for quad in store.quads())


def test_before_the_first_release_there_is_none(data: DataFolder) -> None:
    assert data.current() is None
    assert data.releases() == []
    with pytest.raises(NotFoundError):
        data.find("current")


def test_a_release_is_its_segments(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    release = publish(a=quad_lines("a", 10), b=quad_lines("b", 5))
    assert data.current() == release
    assert release.manifest.quads == count(release) == 15
    assert sorted(release.lines()) == content(release)
    assert len(list(release.lines("b"))) == 5
    assert (release.manifest.made_by, release.manifest.default_graph, release.manifest.parent) == (
        "load",
        "union",
        None,
    )
    with pytest.raises(NotFoundError, match="no segment c; it has a, b"):
        list(release.lines("c"))


def test_the_manifest_keeps_what_the_pipeline_says(data: DataFolder, quad_lines: Lines) -> None:
    facts = {"sources": {"a": {"rows": 3}}, "counts": {"claims": 2}, "validation": {"warnings": 1}}
    with data.stage() as staging:
        staging.replace_segment("a", quad_lines("a", 3))
        (staging.folder / "report.ttl").write_text("# fine\n", encoding="utf-8")
        published = staging.publish(tool="kg 0.1", ready=("database", "report"), **facts)  # type: ignore[arg-type]
    live = data.current()
    assert live == published
    assert live.report.read_text(encoding="utf-8") == "# fine\n"
    stored = json.loads((live.folder / "release.json").read_text(encoding="utf-8"))
    assert {key: stored[key] for key in facts} == facts
    assert (stored["tool"], stored["ready"], stored["layout"]) == ("kg 0.1", ["database", "report"], 1)


def test_a_small_change_patches_the_parents_database(publish: Publish, quad_lines: Lines) -> None:
    first = publish(a=quad_lines("a", 200), b=quad_lines("b", 5))
    second = publish(b=quad_lines("b", 5, start=3))
    assert (second.manifest.made_by, second.manifest.parent) == ("patch", first.id)
    assert content(second) == sorted(second.lines())
    assert second.manifest.segments["a"] == first.manifest.segments["a"]
    assert sorted(first.lines()) == content(first), "the parent is as it was"


def test_a_large_change_loads_afresh(publish: Publish, quad_lines: Lines) -> None:
    publish(a=quad_lines("a", 20))
    second = publish(a=quad_lines("a", 200, start=100))
    assert second.manifest.made_by == "load"
    assert content(second) == sorted(second.lines())


def test_waves_of_replacements_end_in_the_segments(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    publish(a=quad_lines("a", 300), derived=quad_lines("d", 50), old=quad_lines("o", 5))
    with data.stage() as staging:
        change = staging.replace_segment("a", quad_lines("a", 300, start=2))
        assert (change.added, change.removed) == (2, 2)
        assert staging.drop_segment("old").removed == 5
        assert {quad.graph_name.value for quad in staging.store.quads()} == {f"{BASE}a", f"{BASE}d"}
        staging.replace_segment("derived", quad_lines("d", 10))
        staging.replace_segment("derived", quad_lines("d", 60, start=20))
        assert len(list(staging.store.quads(f"{BASE}d"))) == 60
        staging.replace_segment("meta", quad_lines("m", 1))
        release = staging.publish(tool="kg test")
    assert content(release) == sorted(release.lines())
    assert sorted(release.manifest.segments) == ["a", "derived", "meta"]


def test_a_graph_may_move_to_another_segment(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    publish(a=quad_lines("moving", 20) + quad_lines("a", 300), b=quad_lines("b", 20))
    for order in (("b", "a"), ("a", "b")):
        moved = {"a": quad_lines("a", 300), "b": quad_lines("b", 20) + quad_lines("moving", 20)}
        with data.stage() as staging:
            for name in order:
                staging.replace_segment(name, moved[name])
            release = staging.publish(tool="kg test")
        assert content(release) == sorted(release.lines())
        publish(b=quad_lines("b", 20), a=quad_lines("moving", 20) + quad_lines("a", 300))


def test_the_same_content_is_no_change(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    publish(a=quad_lines("a", 9))
    with data.stage() as staging:
        assert not staging.changed
        change = staging.replace_segment("a", reversed(quad_lines("a", 9) * 2))
        assert (change.added, change.removed) == (0, 0)
        assert not staging.changed
    assert len(data.releases()) == 1


def test_what_differs_from_the_parent_is_known(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    publish(a=quad_lines("a", 9), b=quad_lines("b", 9))
    with data.stage() as staging:
        assert staging.since_parent() == (frozenset(), frozenset())
        staging.replace_segment("a", quad_lines("a", 5))
        assert len(staging.store.database) == 14
        staging.replace_segment("a", quad_lines("a", 12))
        staging.drop_segment("b")
        added, removed = staging.since_parent() or (frozenset(), frozenset())
    assert len(added - removed) == 3
    assert len(removed - added) == 9
    assert len(removed & added) == 4


def test_what_is_not_published_leaves_nothing(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    live = publish(a=quad_lines("a", 9))
    files = sorted(path for path in data.layout.root.rglob("*") if "locks" not in path.parts)
    with pytest.raises(ZeroDivisionError), data.stage() as staging:
        staging.replace_segment("b", quad_lines("b", 9))
        _ = staging.store
        _ = 1 / 0
    assert sorted(path for path in data.layout.root.rglob("*") if "locks" not in path.parts) == files
    assert data.current() == live


def test_a_graph_in_two_segments_is_refused(data: DataFolder, quad_lines: Lines) -> None:
    with (
        pytest.raises(StoreError, match=r"the graph .*/g stands in two segments, a and b"),
        data.stage() as s,
    ):
        s.replace_segment("a", quad_lines("g", 2))
        s.replace_segment("b", quad_lines("g", 2, start=5))
        _ = s.store


def test_quads_beside_the_segments_are_refused(data: DataFolder, quad_lines: Lines) -> None:
    with pytest.raises(StoreError, match="holds 3 quads and its segments 2"), data.stage() as staging:
        staging.replace_segment("a", quad_lines("a", 2))
        quad = next(staging.store.quads())
        staging.store.apply([ox.Quad(quad.subject, quad.predicate, quad.subject, quad.graph_name)], [])
        staging.publish(tool="kg test")
    assert data.current() is None


def test_building_twice_gives_the_same_segments(tmp_path: Path, quad_lines: Lines) -> None:
    made = []
    for place in ("one", "two"):
        with DataFolder.open(tmp_path / place, create=True).stage() as staging:
            staging.replace_segment("a", quad_lines("a", 20)[::-1])
            made.append(staging.publish(tool="kg test"))
    assert made[0].manifest.segments == made[1].manifest.segments
    assert [release.id[-8:] for release in made] == [made[0].id[-8:]] * 2


def test_ids_sort_by_time_even_when_the_clock_goes_back(tmp_path: Path, quad_lines: Lines) -> None:
    times = iter([datetime(2025, 1, 2, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)])
    data = DataFolder.open(tmp_path / "data", create=True, clock=lambda: next(times))
    made = []
    for number in range(3):
        with data.stage() as staging:
            staging.replace_segment("a", quad_lines("a", number + 1))
            made.append(staging.publish(tool="kg test"))
    assert data.releases() == made[::-1]
    assert made[0].id.startswith("20250102T000000.000Z-")


def twice(first: str, second: str) -> tuple[list[Block], list[Block]]:
    triple = ox.NamedNode(f"{BASE}s"), ox.NamedNode(f"{BASE}p"), ox.Literal("x")
    quads = (ox.Quad(*triple, ox.NamedNode(f"{BASE}{graph}")) for graph in (first, second))
    return tuple(list(canonical([quad])) for quad in quads)  # type: ignore[return-value]


@pytest.mark.parametrize("beside", [0, 100])
def test_a_triple_in_two_graphs_materialises_the_default_graph(
    beside: int, publish: Publish, quad_lines: Lines
) -> None:
    one, other = twice("u1", "u2")
    assert publish(big=quad_lines("big", beside), u1=one).manifest.default_graph == "union"
    doubled = publish(u2=other)
    assert doubled.manifest.default_graph == "materialised"
    assert count(doubled) == beside + 1, "counted once"
    assert content(doubled) == sorted(doubled.lines())
    for change, expected in (({"u1": None}, 1), ({"u1": one}, 1), ({"u1": None, "u2": None}, 0)):
        release = publish(**change)
        assert count(release) == beside + expected
        assert content(release) == sorted(release.lines())


def test_two_graphs_of_one_segment_may_hold_a_triple_too(publish: Publish) -> None:
    one, other = twice("u1", "u2")
    assert publish(users=one + other).manifest.default_graph == "materialised"


def test_rolling_back_is_a_switch(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    first, second = publish(a=quad_lines("a", 1)), publish(a=quad_lines("a", 2))
    assert data.rollback(first.id) == data.current() == first
    assert data.rollback(second.id[:-3]) == data.current() == second
    with pytest.raises(NotFoundError):
        data.rollback("20300101")


def test_a_build_that_a_rollback_overtook_is_not_published(
    data: DataFolder, publish: Publish, quad_lines: Lines
) -> None:
    first, _ = publish(a=quad_lines("a", 1)), publish(a=quad_lines("a", 2))
    with pytest.raises(StoreError, match="went live while this one was built"), data.stage() as staging:
        staging.replace_segment("a", quad_lines("a", 3))
        data.rollback(first.id)
        staging.publish(tool="kg test")
    assert data.current() == first
    assert len(data.releases()) == 2


def test_tags_name_releases(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    first, second = publish(a=quad_lines("a", 1)), publish(a=quad_lines("a", 2))
    data.tag(first.id, "paper-2025")
    assert data.find("paper-2025") == first
    data.tag("current", "paper-2025")
    assert data.tags() == {"paper-2025": second.id}
    data.untag("paper-2025")
    assert data.tags() == {}
    with pytest.raises(NotFoundError, match="no tag paper-2025"):
        data.untag("paper-2025")
    with pytest.raises(NotFoundError, match="beginning of several"):
        data.find("2025")
    for bad in ("current", "A", "", "../x", "2025"):
        with pytest.raises(StoreError, match="cannot be a tag"):
            data.tag(first.id, bad)


def test_old_releases_and_their_segments_go(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    made = [publish(a=quad_lines("a", number + 1), fixed=quad_lines("f", 3)) for number in range(6)]
    data.tag(made[1].id, "kept")
    data.rollback(made[2].id)
    with made[0].open() as store:
        would = data.collect(keep=2, dry_run=True)
        assert len(data.releases()) == 6
        assert (would.releases, would.busy) == ((made[3].id,), (made[0].id,))
        done = data.collect(keep=2)
        assert (done.releases, done.busy, done.leftovers) == (would.releases, would.busy, ())
        assert done.segments == would.segments == (made[3].manifest.segments["a"].digest,)
        assert store.ask("ASK { ?s ?p ?o }")
    assert data.collect(keep=2).releases == (made[0].id,)
    assert data.releases() == [made[n] for n in (5, 4, 2, 1)]
    for release in data.releases():
        assert sorted(release.lines()) == content(release)
    assert not any(data.layout.staging.iterdir())
    assert len(list(data.layout.locks.glob("release-*"))) == 4
    with pytest.raises(StoreUnavailableError, match="there is no release"), made[3].open():
        pass
    assert data.collect(keep=2).leftovers == (f"locks/release-{made[3].id}",), "the lock that the reader made"


def test_leftovers_of_dead_builds_go(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    def die() -> None:
        folder = data.layout.staging / "dead" / "release"
        folder.mkdir(parents=True)
        (folder / "release.json").write_text("{", encoding="utf-8")

    die()
    live = publish(a=quad_lines("a", 1))
    assert not any(data.layout.staging.iterdir())
    die()
    orphan = data.layout.segments / "0000.nq.zst"
    orphan.touch()
    for number in range(3):
        (data.refused(f"2025010{number}") / "report.ttl").touch()
    assert data.collect(keep=1).leftovers == ("staging/dead", "refused/20250101", "refused/20250100")
    assert not orphan.exists()
    assert data.current() == live


def test_at_least_one_release_is_kept(data: DataFolder) -> None:
    with pytest.raises(StoreError, match="at least one"):
        data.collect(keep=0)


def test_a_difference_of_releases(publish: Publish, quad_lines: Lines) -> None:
    old = publish(a=quad_lines("a", 5), b=quad_lines("b", 5), gone=quad_lines("gone", 2))
    new = publish(a=quad_lines("a", 6), gone=None, fresh=quad_lines("fresh", 1))
    result = set(old.lines())
    changes = list(diff(old, new))
    for sign, line in changes:
        (result.add if sign == "+" else result.remove)(line)
    assert result == set(new.lines())
    assert len(changes) == 4
    assert list(diff(new, new)) == []


def test_a_database_can_be_made_again_while_it_is_read(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    release = publish(a=quad_lines("a", 50))
    with release.open() as store:
        again = data.rebuild("current")
        assert again.database != release.database
        assert release.database.is_dir()
        assert len(list(store.quads())) == 50
        assert content(again) == sorted(release.lines())
        assert count(release) == 50, "an older object finds the new one"
    assert data.collect().leftovers == (release.database.relative_to(data.layout.root).as_posix(),)
    data.rebuild("current")
    assert len(list(release.folder.glob("database*"))) == 1
    assert count(release) == 50


def test_rebuilding_checks_the_segments(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    release = publish(a=quad_lines("a", 50), b=quad_lines("b", 1))
    release.segment_path("a").write_bytes(release.segment_path("b").read_bytes())
    with pytest.raises(StoreError, match="does not have the digest"):
        data.rebuild("current")
    assert data.current() == release


def test_one_build_at_a_time(data: DataFolder, quad_lines: Lines) -> None:
    with data.stage(), pytest.raises(StoreLockedError, match=f"process {os.getpid()}"), data.stage():
        pass
    with data.stage(), pytest.raises(StoreLockedError, match="cannot collect"):
        data.collect()
    with data.stage() as staging:
        staging.replace_segment("a", quad_lines("a", 1))
        staging.publish(tool="kg test")


def test_a_lock_without_a_process_id_still_holds(tmp_path: Path) -> None:
    lock = tmp_path / "build"
    with locks.briefly(lock), pytest.raises(StoreLockedError, match="another build is at work"):
        locks.only_one(lock, doing="build").__enter__()


def test_a_newer_layout_is_refused(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    release = publish(a=quad_lines("a", 1))
    path = release.folder / "release.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"layout": 1', '"layout": 2'), encoding="utf-8")
    with pytest.raises(NewerLayoutError, match="has layout 2, this program knows layouts up to 1; use the newer"):
        DataFolder.open(data.layout.root)
    path.write_text('{"layout": 1}', encoding="utf-8")
    with pytest.raises(StoreError, match="not a manifest"):
        data.current()
    path.write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be read"):
        data.current()


@pytest.mark.parametrize("text", ["[]", "null", '{"layout": "1"}', '{"layout": null}', '{"layout": 1, "segments": []}'])
def test_a_manifest_of_another_form_is_refused(
    text: str, data: DataFolder, publish: Publish, quad_lines: Lines
) -> None:
    (publish(a=quad_lines("a", 1)).folder / "release.json").write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="is not a manifest that this program understands"):
        data.current()


@pytest.mark.parametrize("digest", ["../../elsewhere", "A" * 64, "a" * 63, f"{'a' * 64}\n", 7])
def test_a_segment_whose_digest_is_none_is_refused(
    digest: object, data: DataFolder, publish: Publish, quad_lines: Lines
) -> None:
    path = publish(a=quad_lines("a", 1)).folder / "release.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["segments"]["a"]["digest"] = digest
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(StoreError, match="is not a manifest that this program understands"):
        data.current()


@pytest.mark.parametrize("database", ["../../elsewhere", "/tmp", "", ".", "..", "database/x", "database\n", None])
def test_a_database_that_lies_elsewhere_is_refused(
    database: object, data: DataFolder, publish: Publish, quad_lines: Lines
) -> None:
    path = publish(a=quad_lines("a", 1)).folder / "release.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "database": database}))
    with pytest.raises(StoreError, match="is not a manifest that this program understands"):
        data.current()


@pytest.mark.parametrize("text", [b"", b"\n", b"\xff", b"../staging", b"a\0b", b"20200101T000000.000Z-00000000"])
def test_a_damaged_current_is_mended_by_rolling_back(
    text: bytes, data: DataFolder, publish: Publish, quad_lines: Lines
) -> None:
    release = publish(a=quad_lines("a", 1))
    data.layout.current.write_bytes(text)
    again = DataFolder.open(data.layout.root)
    with pytest.raises(StoreError, match=f"run `kg releases rollback ID` .*{release.id}"):
        again.current()
    with pytest.raises(StoreError):
        again.stage().__enter__()
    again.rollback(release.id)
    assert DataFolder.open(data.layout.root).current() == release


def test_a_damaged_live_release_is_left_by_rolling_back(data: DataFolder, publish: Publish, quad_lines: Lines) -> None:
    first, second = publish(a=quad_lines("a", 1)), publish(a=quad_lines("a", 2))
    (second.folder / "release.json").write_text("{", encoding="utf-8")
    DataFolder.open(data.layout.root).rollback(first.id)
    assert data.current() == first


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"a": 1}', b"\xff"])
def test_damaged_tags_are_one_clear_error(text: bytes, data: DataFolder) -> None:
    data.layout.tags.write_bytes(text)
    with pytest.raises(StoreError, match=r"tags\.json .*mend it, or remove it"):
        data.tags()


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "9p", "remote"])
def test_network_file_systems_are_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=rf"network file system .{kind}.*local disk"):
        DataFolder.open(tmp_path / "data", create=True, file_system=lambda _: kind)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "tmpfs", "apfs", "ntfs", "overlay", ""])
def test_local_file_systems_are_not(kind: str, tmp_path: Path) -> None:
    DataFolder.open(tmp_path / "data", create=True, file_system=lambda _: kind)


def test_a_folder_without_releases_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="build first"):
        DataFolder.open(tmp_path / "data")
    assert not (tmp_path / "data").exists()
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot make the data folder"):
        DataFolder.open(tmp_path / "file" / "data", create=True)
