"""Each folder of faults/: a table as it comes in bad days, what has to be said of it, and what is kept if asked for.

``expected.txt`` is the class of the error and its text. Where single rows are wrong, ``refused/`` holds what a build
that keeps going writes aside; where the file as a whole is, such a build fails as any other.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg import csvw
from kg.errors import KgError
from kg.pipeline import refusals

FAULTS = sorted(path for path in (Path(__file__).parent / "faults").iterdir() if path.is_dir())
GRAPH = "https://example.org/graph"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_it_is_named_and_nothing_is_mapped(fault: Path) -> None:
    assert error(fault) == (fault / "expected.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_good_rows_are_kept_when_asked_for(fault: Path, tmp_path: Path) -> None:
    expected = fault / "refused"
    if not expected.is_dir():
        assert error(fault, keep_going=True) == error(fault)
        return
    mapped = mapping(fault, keep_going=True)
    refused = refusals.of(mapped)
    assert refused is not None
    tables = {name: text for name, text in refused.files.items() if name.endswith(".csv")}
    assert tables == {path.name: path.read_bytes().decode() for path in expected.iterdir()}
    assert sum(refused.rows.values()) + sum(mapped.rows.values()) == rows(fault)


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if (fault / "refused").is_dir()], ids=lambda f: f.name)
def test_what_is_written_aside_is_wrong_in_the_same_way(fault: Path, tmp_path: Path) -> None:
    """The metadata beside the refused rows describes them: what is mended there can be loaded as it is."""
    refused = refusals.of(mapping(fault, keep_going=True))
    assert refused is not None
    for name, text in refused.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    if fault.name in ("duplicate-key", "dangling-reference"):  # what was wrong with them lies in other rows
        shutil.copyfile(tmp_path / "csv-metadata.json", tmp_path / "again.json")
        csvw.read(tmp_path / "again.json")
        return
    assert error(tmp_path).partition("\n")[0] == error(fault).partition("\n")[0]


def mapping(folder: Path, *, keep_going: bool = False) -> csvw.Mapped:
    return csvw.map(csvw.read(folder / "csv-metadata.json"), source="x", graph=GRAPH, keep_going=keep_going)


def error(folder: Path, *, keep_going: bool = False) -> str:
    with pytest.raises(KgError) as raised:
        mapping(folder, keep_going=keep_going)
    return f"{type(raised.value).__name__}\n{raised.value}"


def rows(folder: Path) -> int:
    """Lines below the headers of all tables; no fault that keeps rows has a line break within a cell."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in folder.glob("*.csv"))
