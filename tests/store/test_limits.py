"""A full disk, and folders that this user may not write: a clear error, and the live release as it was."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kg.errors import StoreError
from kg.store.canonical import Block
from kg.store.releases import DataFolder, Release

BUILDING = Path(__file__).with_name("building.py")
NOBODY = 65534

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits and rights of POSIX systems")


def build(folder: Path, version: int, rows: int, *, file_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    """A build in another process, which may not write files larger than ``file_bytes``."""
    import resource

    def limited() -> None:
        if file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

    command = [sys.executable, str(BUILDING), str(folder), "publish", str(version), str(rows)]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limited)


def is_intact(release: Release) -> bool:
    with release.open() as store:
        return sorted(f"{quad} .\n".encode() for quad in store.quads()) == sorted(release.lines())


def assert_refused(folder: Path, result: subprocess.CompletedProcess[str], live: Release | None) -> None:
    assert result.returncode == 1
    assert "StoreError" in result.stderr.splitlines()[-1]
    assert "the disk is full or a limit on file sizes was reached; make room and try again" in result.stderr
    data = DataFolder.open(folder)
    assert data.current() == live
    assert data.releases() == ([live] if live else [])
    assert not any(data.layout.staging.iterdir())
    assert live is None or is_intact(live)


@pytest.mark.parametrize("file_bytes", [500, 20_000, 400_000])
def test_a_limit_on_file_sizes(file_bytes: int, tmp_path: Path) -> None:
    """Reached while segments are sorted, compressed, compared, or while the database is loaded."""
    assert build(tmp_path, 0, 300).returncode == 0
    live = DataFolder.open(tmp_path).current()
    assert_refused(tmp_path, build(tmp_path, 1, 6000, file_bytes=file_bytes), live)
    assert build(tmp_path, 1, 310).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """``small_disk("2m")``: a folder on a file system of this size."""

    def mount(size: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(tmp_path)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("needs the right to mount a file system")
        return tmp_path

    yield mount
    subprocess.run(["umount", str(tmp_path)], capture_output=True, check=False)


@pytest.mark.parametrize("size", ["256k", "512k", "1m", "3m", "4m", "6m"])
def test_a_full_disk(size: str, small_disk: Callable[[str], Path]) -> None:
    """Full at the first build already, or at different moments of the second."""
    folder = small_disk(size)
    first = build(folder, 0, 300)
    live = DataFolder.open(folder).current()
    if first.returncode:
        assert_refused(folder, first, None)
    else:
        assert_refused(folder, build(folder, 1, 12_000), live)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may read, but not write."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def become_another_user(open_folder: Path) -> Iterator[Callable[[], None]]:
    """To be called: from then on this process may write nothing of ours."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to act as another user")
    yield lambda: os.seteuid(NOBODY)
    os.seteuid(0)


def test_an_unwritable_folder_is_named(become_another_user: Callable[[], None], open_folder: Path) -> None:
    become_another_user()
    with pytest.raises(StoreError, match=r"cannot make the data folder .*cannot be written; give this user the right"):
        DataFolder.open(open_folder / "data", create=True)


def test_others_may_read_and_not_build(
    become_another_user: Callable[[], None], open_folder: Path, quad_lines: Callable[..., list[Block]]
) -> None:
    data = DataFolder.open(open_folder / "data", create=True)
    with data.stage() as staging:
        staging.replace_segment("a", quad_lines("a", 5))
        live = staging.publish(tool="kg test")
    become_another_user()
    assert is_intact(live)
    for attempt in (
        lambda: data.stage().__enter__(),
        lambda: data.tag(live.id, "mine"),
        data.collect,
        lambda: data.refused("x"),
    ):
        with pytest.raises(StoreError, match="cannot be written; give this user the right"):
            attempt()
    assert is_intact(live)
