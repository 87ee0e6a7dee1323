"""The commands that copy a data folder and make one from a copy, as one types them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kg.store.releases import DataFolder


def kg(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "kg.cli", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_by_a_pipe_and_by_a_file(data_folder: DataFolder, tmp_path: Path) -> None:
    data = data_folder.layout.root
    piped = kg("backup", "-", "--data-dir", data)
    assert piped.returncode == 0
    assert b"in -" in piped.stderr
    written = kg("backup", tmp_path / "copy.tar", "--data-dir", data)
    assert (written.returncode, (tmp_path / "copy.tar").stat().st_mode & 0o077) == (0, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["copy.tar"]
    restored = kg("restore", "-", "--data-dir", tmp_path / "new", given=piped.stdout)
    assert restored.returncode == 0
    before, after = data_folder.current(), DataFolder.open(tmp_path / "new").current()
    assert before is not None
    assert after is not None
    assert (after.id, after.manifest.segments) == (before.id, before.manifest.segments)


def test_what_makes_no_sense_is_refused(data_folder: DataFolder, tmp_path: Path) -> None:
    data = data_folder.layout.root
    packed = kg("backup", tmp_path / "copy.tar.gz", "--data-dir", data)
    pruned = kg("backup", tmp_path / "copy.tar", "--prune", "--data-dir", data)
    assert (packed.returncode, pruned.returncode) == (3, 3)
    assert list(tmp_path.iterdir()) == []
    kg("backup", tmp_path / "copy.tar", "--data-dir", data)
    taken = kg("restore", tmp_path / "copy.tar", "--data-dir", data)
    assert (taken.returncode, b"live release" in taken.stderr) == (7, True)
    (tmp_path / "copy.tar").unlink()
    missing = kg("restore", tmp_path / "copy.tar", "--data-dir", tmp_path / "new")
    assert (missing.returncode, b"there is no backup" in missing.stderr) == (9, True)
    assert list(tmp_path.iterdir()) == []
