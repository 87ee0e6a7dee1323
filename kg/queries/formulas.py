"""CSV that a spreadsheet can open without running anything: texts that begin as formulas do get an apostrophe.

Spreadsheets run what begins with ``=``, ``+``, ``-`` or ``@``, some of them also behind a tab or a carriage return
(https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SUSPECT = re.compile(rb'(?:^|[,\n])"?(?:[=+\-@\t]|\r(?!\n))')
_CELL = re.compile(rb'(?:^|(?<=[,\n]))("(?:[^"]|"")*"|[^",\r\n]+)')
_QUOTE = b'"'


def safe_text(text: str) -> str:
    """A text, with an apostrophe before it if it begins as a formula does and is no number."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def safe_row(cells: Iterable[object]) -> list[object]:
    """A row of cells for a writer of CSV, its texts made safe; all else as it is."""
    return [safe_text(cell) if isinstance(cell, str) else cell for cell in cells]


class SafeCsv:
    """Makes CSV safe piece by piece: what is not a whole row yet waits for the next piece.

    Notes
    -----
    A piece in which no cell can be a formula is looked through once and passed on as it is.
    """

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes, *, last: bool) -> bytes:
        """The rows that a piece makes whole; all that is left, with the last one."""
        data = self._rest + data
        end = len(data) if last else _end_of_rows(data)
        whole, self._rest = data[:end], data[end:]
        return _CELL.sub(_safe_cell, whole) if _SUSPECT.search(whole) else whole


def _safe_cell(match: re.Match[bytes]) -> bytes:
    cell = match[1]
    quoted = cell.startswith(_QUOTE)
    text = (cell[1:-1] if quoted else cell).decode()
    if safe_text(text) == text:
        return cell
    return b"\"'" + cell[1:] if quoted else b"'" + cell


def _end_of_rows(data: bytes) -> int:
    """Behind the last line break that stands in no quoted cell; the data begins with a row."""
    place = data.rfind(b"\n")
    while place >= 0 and data.count(_QUOTE, 0, place) % 2:
        place = data.rfind(b"\n", 0, place)
    return place + 1
