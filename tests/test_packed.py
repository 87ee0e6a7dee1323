"""Packed tables are read as they stand; damaged, cut and hostile ones are named."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
import zstandard

from kg.csvw.files import table_name
from kg.errors import SourceFormatError, SourceUnavailableError
from kg.packed import pieces

TEXT = b"".join(b"%d,%d\n" % (n, n * n % 9973) for n in range(50_000))


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "/") + ".csv", content)
    return stream.getvalue()


PACKINGS = {
    "t.csv": TEXT,
    "t.csv.gz": gzip.compress(TEXT),
    "t.csv.zst": zstandard.compress(TEXT[:99]) + zstandard.compress(TEXT[99:]),
    "t.zip": zipped(t=TEXT),
}


@pytest.mark.parametrize("name", PACKINGS)
def test_what_was_packed_comes_out(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(PACKINGS[name])
    assert b"".join(pieces(tmp_path / name, name=name)) == TEXT
    assert table_name(name) == "t"


def test_a_member_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    path.write_bytes(zipped(a=b"1", sub_b=b"2"))
    assert b"".join(pieces(path, name="two.zip", member="sub/b.csv")) == b"2"
    with pytest.raises(SourceFormatError, match=r"two\.zip: expected one file, found a\.csv, sub/b\.csv; name one as"):
        list(pieces(path, name="two.zip"))
    with pytest.raises(SourceFormatError, match=r"has no file c\.csv; it holds a\.csv, sub/b\.csv"):
        list(pieces(path, name="two.zip", member="c.csv"))


@pytest.mark.parametrize("name", [name for name in PACKINGS if name != "t.csv"])
def test_a_cut_file_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(PACKINGS[name][:-30])
    with pytest.raises(SourceFormatError, match=rf"{name}: .* it is damaged or was not fetched whole; get it again"):
        list(pieces(tmp_path / name, name=name))


@pytest.mark.parametrize("name", [name for name in PACKINGS if name != "t.csv"])
def test_other_bytes_are_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"<html>not found</html>")
    with pytest.raises(SourceFormatError, match=rf"{name}: cannot be unpacked after 0 bytes"):
        list(pieces(tmp_path / name, name=name))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gz", "zst"])
def test_an_archive_bomb_is_refused(pack: object, tmp_path: Path) -> None:
    path = tmp_path / f"t.csv.{'gz' if pack is gzip.compress else 'zst'}"
    path.write_bytes(pack(bytes(50 << 20)))  # type: ignore[operator]
    with pytest.raises(SourceFormatError, match=r"bytes unpack to more than [\d,]+, which no table does"):
        list(pieces(path, name="t", bomb_bytes=10 << 20))


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    content = bytearray(zipped(t=b"1,2\n"))
    content[6] |= 1  # the flag of encryption, in both headers
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    with pytest.raises(SourceUnavailableError, match=r"t\.zip cannot be read: .*encrypted"):
        list(pieces(path, name="t.zip"))
