"""What is there survives: builds killed at any moment, old releases collected under running readers."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from kg.store.releases import DataFolder, Release

from . import building

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL and address-space limits")

KILLS = 20
MEMORY_BYTES = 2 << 30


def started(data: DataFolder, *arguments: str, memory_bytes: int | None = None) -> subprocess.Popen[str]:
    import resource

    def limited() -> None:
        if memory_bytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))

    command = [sys.executable, building.__file__, str(data.layout.root), *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, preexec_fn=limited)  # noqa: PLW1509


def content(release: Release) -> list[bytes]:
    with release.open() as store:
        return sorted(f"{quad} .\n".encode() for quad in store.quads())


def durations(data: DataFolder) -> tuple[float, float]:
    """Seconds from the beginning of a build to its end, and from the beginning of its publication."""
    with started(data, "publish", "1") as process:
        times = []
        assert process.stdout is not None
        while process.stdout.readline():
            times.append(time.monotonic())
        process.wait()
    end = time.monotonic()
    return end - times[0], end - times[1]


def killed(data: DataFolder, version: int, word: str, delay: float) -> None:
    """A build that is killed some time after it has said a word."""
    with started(data, "publish", str(version)) as process:
        assert process.stdout is not None
        while word not in process.stdout.readline():
            pass
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()


def test_builds_killed_at_random_moments_leave_the_live_release(data: DataFolder) -> None:
    building.publish(data, 0)
    whole, publication = durations(data)
    moments = random.Random(20)  # noqa: S311
    overtaken = 0
    for number in range(KILLS):
        before = data.current()
        assert before is not None
        answer = content(before)
        word, longest = ("begun", whole) if number % 2 else ("staged", publication)
        killed(data, number + 2, word, moments.uniform(0, longest))
        after = data.current()
        assert after is not None
        assert content(before) == answer
        assert content(after) == sorted(after.lines()), "what is live is complete"
        overtaken += after != before
    assert overtaken < KILLS, "some builds were killed before they had published"
    building.publish(data, KILLS + 2)
    live = data.current()
    assert live is not None
    assert content(live) == sorted(live.lines())
    assert not any(data.layout.staging.iterdir())
    data.collect(keep=1)
    assert data.releases() == [live]
    named = {segment.file_name for segment in live.manifest.segments.values()}
    assert {path.name for path in data.layout.segments.iterdir()} == named
    assert sorted(path.name for path in data.layout.root.iterdir() if path.is_file()) == ["current"]


@contextmanager
def reading(data: DataFolder) -> Iterator[subprocess.Popen[str]]:
    """A process with little memory that has the live release open."""
    with started(data, "read", memory_bytes=MEMORY_BYTES) as process:
        assert process.stdin is not None
        yield process
        process.stdin.close()
        assert process.wait() == 0


def answered(process: subprocess.Popen[str]) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("again\n")
    process.stdin.flush()
    return process.stdout.readline()


def test_releases_under_readers_stay_until_they_are_closed(data: DataFolder) -> None:
    building.publish(data, 0)
    first = data.current()
    assert first is not None
    expected = f"{first.manifest.quads}\n"
    with ExitStack() as stack:
        readers = [stack.enter_context(reading(data)) for _ in range(3)]
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == f"{first.id}\n"
        for version in range(1, 6):
            building.publish(data, version)
            assert [answered(reader) for reader in readers] == [expected] * 3
            assert data.collect(keep=1).busy == (first.id,)
            assert [answered(reader) for reader in readers] == [expected] * 3
        assert [release.id for release in data.releases()][1:] == [first.id]
    assert data.collect(keep=1).releases == (first.id,)
    assert data.releases() == [data.current()]


def test_a_reader_that_is_killed_leaves_no_lock(data: DataFolder) -> None:
    building.publish(data, 0)
    first = data.current()
    assert first is not None
    process = started(data, "read")
    assert process.stdout is not None
    assert process.stdout.readline() == f"{first.id}\n"
    building.publish(data, 1)
    assert data.collect(keep=1).busy == (first.id,)
    process.kill()
    process.communicate()
    assert data.collect(keep=1).releases == (first.id,)
