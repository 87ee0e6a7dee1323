"""How a file of delimited text is written: the dialect descriptions of the standard.

References
----------
W3C, Metadata Vocabulary for Tabular Data, section 5.9; Model for Tabular Data and Metadata, section 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Trim = Literal["true", "false", "start", "end"]


@dataclass(frozen=True)
class Dialect:
    """One dialect; what is not given is RFC 4180 in UTF-8 with one header row.

    The standard's text takes rows that begin with ``#`` for comments unless told otherwise, and its test suite has
    headers that begin so. Here a comment has to be asked for: a row that is left out would be lost in silence.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str | None = '"'
    double_quote: bool = True
    header_rows: int = 1
    skip_rows: int = 0
    skip_columns: int = 0
    skip_blank_rows: bool = False
    comment_prefix: str | None = None
    trim: Trim = "false"

    @property
    def by_columns(self) -> bool:
        """Whether the reader of whole columns can take it; else records are read one by one, ten times slower."""
        return (
            _is_one_byte(self.delimiter)
            and (self.quote is None or _is_one_byte(self.quote))
            and self.double_quote
            and not (self.skip_columns or self.skip_blank_rows or self.comment_prefix)
        )

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes need no other reading."""
        return self.encoding.lower().replace("_", "-") in ("utf-8", "utf8")


def _is_one_byte(mark: str) -> bool:
    return len(mark) == 1 and mark.isascii()
