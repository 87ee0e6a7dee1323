"""Delimited text in blocks: the same rows wherever the blocks are cut, and in every dialect."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.csvw.dialects import Dialect
from kg.csvw.text import sheet
from kg.errors import SourceFormatError

CELLS = st.text(alphabet='ab,";\n\r é中#', max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12)


def rows(pieces: list[bytes], dialect: Dialect | None = None) -> list[tuple[int, tuple[str, ...]]]:
    found = sheet(pieces, dialect or Dialect(), file="t.csv")
    return [
        (row, cells) for batch in found.batches for row, cells in zip(batch.rows, batch.cells.iter_rows(), strict=True)
    ]


@given(ROWS, st.integers(1, 20), st.sampled_from([",", ";"]), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_rows_do_not_depend_on_blocks(written: list[list[str]], size: int, mark: str, encoding: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark, quoting=csv.QUOTE_ALL)
    writer.writerow(["x", "y", "z"])
    writer.writerows(written)
    content = text.getvalue().encode(encoding, "replace")
    cut = [content[start : start + size] for start in range(0, len(content), size)]
    dialect = Dialect(delimiter=mark, encoding=encoding)
    expected = [
        (number, tuple(cells))
        for number, cells in enumerate(csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=mark), 1)
    ][1:]
    if encoding == "utf-8":
        assert rows(cut, dialect) == expected
    else:
        assert [cells for _, cells in rows(cut, dialect)] == [
            tuple(cell.encode(encoding, "replace").decode(encoding) for cell in cells) for _, cells in expected
        ]


DIALECTS = {
    "comments": (Dialect(comment_prefix="#"), b"#c\na,b\n# d, e\n1,2\n", [(4, ("1", "2"))]),
    "blank rows": (Dialect(skip_blank_rows=True), b"a,b\n\n1,2\n,\n", [(3, ("1", "2"))]),
    "skipped rows": (Dialect(skip_rows=2), b"Title\n\na,b\n1,2\n", [(4, ("1", "2"))]),
    "skipped columns": (Dialect(skip_columns=1), b"n,a,b\n9,1,2\n", [(2, ("1", "2"))]),
    "two header rows": (Dialect(header_rows=2), b"a,b\nc,d\n1,2\n", [(3, ("1", "2"))]),
    "no header": (Dialect(header_rows=0), b"1,2\n3,4", [(1, ("1", "2")), (2, ("3", "4"))]),
    "no quotes": (Dialect(quote=None), b'a,b\n1",2\n', [(2, ('1"', "2"))]),
    "backslashes": (Dialect(double_quote=False), b'a,b\n"1\\"",2\n', [(2, ('1"', "2"))]),
    "trimmed": (Dialect(trim="true"), b"a,b\n 1 , 2\n", [(2, ("1", "2"))]),
    "trimmed at the start": (Dialect(trim="start"), b"a,b\n 1 , 2\n", [(2, ("1 ", "2"))]),
    "trimmed at the end": (Dialect(trim="end"), b"a,b\n 1 , 2\n", [(2, (" 1", " 2"))]),
    "byte order mark": (Dialect(), b"\xef\xbb\xbfa,b\n1,2\n", [(2, ("1", "2"))]),
    "an older encoding": (Dialect(encoding="windows-1252"), b"a,b\n\xe4,2\n", [(2, ("ä", "2"))]),
}


@pytest.mark.parametrize(("dialect", "content", "expected"), DIALECTS.values(), ids=DIALECTS)
def test_dialects(dialect: Dialect, content: bytes, expected: list[object]) -> None:
    assert rows([content], dialect) == expected


WRONG = {
    "UTF-16": (Dialect(), "a,b\n".encode("utf-16"), 't, row 1: save the file as UTF-8, .*"encoding": "utf-16"'),
    "Chinese": (Dialect(), "a,b\n1,2\n技术,合同\n".encode("gb18030"), 'row 3: cell 1 .*"encoding": "gb18030"'),
    "accents": (Dialect(), b"a,b\n1,\xe9t\xe9\n", 'row 2: cell 2 holds the bytes e9.*"encoding": "windows-1252"'),
    "not as said": (Dialect(encoding="gb18030"), b"a,b\n1,\xff\xff\n", "t, line 2: is not gb18030"),
}


@pytest.mark.parametrize(("dialect", "content", "message"), WRONG.values(), ids=WRONG)
def test_other_encodings_are_named(dialect: Dialect, content: bytes, message: str) -> None:
    with pytest.raises(SourceFormatError, match=message):
        list(sheet([content], dialect, file="t").batches)


def test_a_quote_that_stays_open_does_not_take_the_memory() -> None:
    piece = b'1,"2\n' + b"x,y\n" * (1 << 20)
    with pytest.raises(SourceFormatError, match="a record is longer than 64 MiB: a quote is not closed"):
        list(sheet([b"a,b\n", piece, *[b"z,z\n" * (1 << 20)] * 20], Dialect(), file="t").batches)
