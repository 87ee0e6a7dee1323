"""From the bytes of delimited text to batches of cells, in memory that does not grow with the file.

Blocks of whole records are read by columns; a block in which the numbers of cells, rows and delimiters do not agree is
read again record by record, so that every misfit is named with its row.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import polars as pl

from kg.csvw.dialects import Dialect
from kg.csvw.records import Record, misfit, records
from kg.errors import Complaint, SourceFormatError

_RECORD_BYTES = 64 << 20
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_FEW = 3  # characters that may be Chinese by chance
_LIKELY = ("gb18030", "windows-1252")


@dataclass(frozen=True)
class Batch:
    """Some rows of a table: texts by number of the column, the row of each in the file, and rows that are none.

    ``rows`` counts records as they stand in the file, the header included (RFC 7111).
    """

    cells: pl.DataFrame
    rows: pl.Series
    misfits: tuple[Complaint, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A file that has been opened: its header rows, its comments, its width, and the batches below, to be read once.

    ``by_name`` says that its columns are told apart by their names, whatever their order.
    """

    header: list[list[str]]
    comments: list[str]
    width: int
    batches: Iterator[Batch]
    by_name: bool = False


def sheet(pieces: Iterable[bytes], dialect: Dialect, *, file: str) -> Sheet:
    """Read the beginning of a file; the rest comes with the batches.

    Raises
    ------
    SourceFormatError
        The text is not in its encoding, or its quotes are not those of its dialect; from the batches as well.
    """
    blocks = _blocks(_utf8(pieces, dialect, file), dialect, file)
    first = next(blocks, b"")
    header, comments, body, row = _head(first, dialect, file)
    titles = header[-1] if header else _numbers(body, dialect, row, file)
    body_blocks = chain((body,) if body else (), blocks)
    shown = [cells[dialect.skip_columns :] for cells in header]
    width = len(titles) - dialect.skip_columns
    return Sheet(shown, comments, width, _Rows(dialect, titles, row, file).batches(body_blocks))


def raw_records(pieces: Iterable[bytes], dialect: Dialect, rows: set[int], *, file: str) -> Iterator[Record]:
    """The records of these rows as they stand, header rows first."""
    blocks = _blocks(_utf8(pieces, dialect, file), dialect, file)
    row = 1
    for block in blocks:
        for record in records(_decoded(block, row, dialect, file), dialect, row=row, file=file):
            if record.row in rows or dialect.skip_rows < record.row <= dialect.skip_rows + dialect.header_rows:
                yield record
            row = record.row + 1


def _utf8(pieces: Iterable[bytes], dialect: Dialect, file: str) -> Iterator[bytes]:
    """The same text in UTF-8 without a byte order mark; that it is UTF-8 at all is found out by who reads it."""
    stream = iter(pieces)
    first = next(stream, b"")
    if dialect.is_utf8:
        if first[:2] in _MARKS:
            raise SourceFormatError(_other_encoding(_MARKS[first[:2]]), file=file, row=1)
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from stream
        return
    decoder, lines = codecs.getincrementaldecoder(dialect.encoding)(), 1
    for piece in chain((first,), stream):
        yield from _transcoded(piece, decoder, lines, dialect, file)
        lines += piece.count(b"\n")
    yield from _transcoded(b"", decoder, lines, dialect, file, final=True)


def _transcoded(
    piece: bytes, decoder: codecs.IncrementalDecoder, lines: int, dialect: Dialect, file: str, *, final: bool = False
) -> Iterator[bytes]:
    try:
        yield decoder.decode(piece, final).removeprefix("\ufeff").encode()
    except UnicodeDecodeError as error:
        line = lines + piece.count(b"\n", 0, error.start)
        message = f"is not {dialect.encoding}, as its metadata says: {error.reason}"
        raise SourceFormatError(message, file=file, line=line) from error


def _blocks(pieces: Iterable[bytes], dialect: Dialect, file: str) -> Iterator[bytes]:
    """The same text, cut between records: behind a line end that an even number of quotes precedes."""
    quote = dialect.quote.encode() if dialect.quote else b""
    rest = b""
    for piece in pieces:
        rest += piece
        end = _last_end(rest, quote)
        if end:
            yield rest[:end]
            rest = rest[end:]
        if len(rest) > _RECORD_BYTES:
            message = f"a record is longer than {_RECORD_BYTES >> 20} MiB: a quote is not closed, or this is no CSV"
            raise SourceFormatError(message, file=file)
    if rest:
        yield rest


def _last_end(text: bytes, quote: bytes) -> int:
    """Where the last whole record ends; 0 if none does."""
    end = text.rfind(b"\n") + 1
    odd = text.count(quote, 0, end) % 2 if quote else 0
    while end and odd:
        last = text.rfind(quote, 0, end)  # before it the number of quotes is even
        end = text.rfind(b"\n", 0, last) + 1
        odd = text.count(quote, end, last) % 2
    return end


def _decoded(block: bytes, row: int, dialect: Dialect, file: str) -> str:
    try:
        return block.decode()
    except UnicodeDecodeError as error:
        start = block.rfind(b"\n", 0, error.start) + 1
        place = row + block.count(b"\n", 0, error.start)
        cell = block.count(dialect.delimiter.encode(), start, error.start) + 1
        wrong = block[error.start : error.end].hex(" ")
        likely = next((name for name in _LIKELY if _reads(block[start:], name)), "windows-1252")
        message = f"cell {cell} holds the bytes {wrong}, which are not UTF-8: {_other_encoding(likely)}"
        raise SourceFormatError(message, file=file, row=place) from error


def encoding_of(beginning: bytes) -> str:
    """The encoding that a text seems to be in, by its first bytes, which may end within a character."""
    if beginning[:2] in _MARKS:
        return _MARKS[beginning[:2]]
    try:
        codecs.getincrementaldecoder("utf-8")().decode(beginning)
    except UnicodeDecodeError:
        return next((name for name in _LIKELY if _reads(beginning, name)), "windows-1252")
    return "utf-8"


def _reads(text: bytes, encoding: str) -> bool:
    """Whether the text makes sense in an encoding: Chinese characters, or letters with accents."""
    found = text[: 1 << 16].decode(encoding, "replace")
    strange = [char for char in found if not char.isascii()]
    if encoding == "gb18030":
        return sum("一" <= char <= "龥" for char in strange) > max(0.9 * len(strange), _FEW)
    return "\ufffd" not in found


def _other_encoding(likely: str) -> str:
    return (
        f"save the file as UTF-8, or write its encoding into the metadata,"
        f' perhaps "dialect": {{"encoding": "{likely}"}}'
    )


def _head(block: bytes, dialect: Dialect, file: str) -> tuple[list[list[str]], list[str], bytes, int]:
    """Header rows, comments among them, the rest of the block and the number of its first row."""
    if not (dialect.header_rows or dialect.skip_rows):
        return [], [], block, 1
    header: list[list[str]] = []
    comments: list[str] = []
    taken, row = 0, 1
    last = dialect.skip_rows + dialect.header_rows
    for record in records(_decoded(block, 1, dialect, file), dialect, row=1, file=file):
        if record.row > last and record.comment is None:
            break
        if record.comment is not None:
            comments.append(record.comment)
            last += record.row > dialect.skip_rows
        elif record.row > dialect.skip_rows:
            header.append([cell.strip() if dialect.trim == "true" else cell for cell in record.cells])
            if record.raw.endswith("\r"):
                message = "has line ends that RFC 4180 does not know; save it anew as CSV"
                raise SourceFormatError(message, file=file, row=record.row)
        elif record.raw.strip():
            comments.append(record.raw.strip())
        taken += len(record.raw.encode())
        row = record.row + 1
    return header, comments, block[taken:], row


def _numbers(body: bytes, dialect: Dialect, row: int, file: str) -> list[str]:
    """What the columns are called where no header tells: numbers, as many as the first record has cells."""
    found = records(_decoded(body, row, dialect, file), dialect, row=row, file=file)
    first = next((record for record in found if record.comment is None and record.cells), None)
    return [str(number) for number in range(1, len(first.cells) + 1)] if first else []


@dataclass
class _Rows:
    """The rows below the header, block by block; ``row`` is the number of the next one."""

    dialect: Dialect
    titles: list[str]
    row: int
    file: str

    def batches(self, blocks: Iterable[bytes]) -> Iterator[Batch]:
        """The rows, in batches; what is wrong with the file itself is said to be so from the next row on."""
        try:
            yield from self._batches(blocks)
        except SourceFormatError as error:
            if error.row is None and error.line is None:
                raise SourceFormatError(error.reason, file=self.file, row=self.row) from error
            raise

    def _batches(self, blocks: Iterable[bytes]) -> Iterator[Batch]:
        for block in blocks:
            width = len(self.titles) - self.dialect.skip_columns
            cells = _by_columns(block, self.dialect, width) if self.dialect.by_columns else None
            yield self._one_by_one(block, width) if cells is None else self._numbered(cells)

    def _numbered(self, cells: pl.DataFrame) -> Batch:
        first, self.row = self.row, self.row + cells.height
        return Batch(_trimmed(cells, self.dialect), pl.int_range(first, self.row, dtype=pl.UInt32, eager=True))

    def _one_by_one(self, block: bytes, width: int) -> Batch:
        good: list[list[str]] = []
        rows: list[int] = []
        misfits: list[Complaint] = []
        text = _decoded(block, self.row, self.dialect, self.file)
        for record in records(text, self.dialect, row=self.row, file=self.file):
            self.row = record.row + 1
            if record.comment is not None or (self.dialect.skip_blank_rows and record.blank):
                continue
            if wrong := misfit(record, self.titles, self.dialect, file=self.file):
                misfits.append(wrong)
            else:
                good.append(record.cells[self.dialect.skip_columns :])
                rows.append(record.row)
        schema = {str(number): pl.String for number in range(width)}
        cells = pl.DataFrame(good, schema=schema, orient="row") if good else pl.DataFrame(schema=schema)
        return Batch(_trimmed(cells, self.dialect), pl.Series(rows, dtype=pl.UInt32), tuple(misfits))


def _by_columns(block: bytes, dialect: Dialect, width: int) -> pl.DataFrame | None:
    """The cells of a block, or None where it is not plainly one of so many cells a row."""
    mark, quote = dialect.delimiter.encode(), (dialect.quote or "").encode()
    bare = _unquoted(block, quote) if quote and quote in block else block
    rows = bare.count(b"\n") + (not bare.endswith(b"\n"))
    if not bare or bare.count(mark) != rows * (width - 1) or bare.count(b"\r") != bare.count(b"\r\n"):
        return None
    if width == 1 and (bare.startswith((b"\n", b"\r\n")) or b"\n\n" in bare or b"\n\r\n" in bare):
        return None  # an empty line is no row of one empty cell
    try:
        cells = pl.read_csv(
            block,
            has_header=False,
            infer_schema=False,
            empty_string_is_null=False,
            separator=dialect.delimiter,
            quote_char=dialect.quote,
            new_columns=[str(number) for number in range(width)],
        )
    except pl.exceptions.PolarsError:
        return None
    return cells if (cells.height, cells.width) == (rows, width) else None


def _unquoted(block: bytes, quote: bytes) -> bytes:
    """The block without what stands in quotes, so that delimiters and line ends can be counted."""
    return re.sub(quote + b"[^" + quote + b"]*+" + quote, b'"', block)


def _trimmed(cells: pl.DataFrame, dialect: Dialect) -> pl.DataFrame:
    texts = pl.all()
    match dialect.trim:
        case "true":
            return cells.select(texts.str.strip_chars())
        case "start":
            return cells.select(texts.str.strip_chars_start())
        case "end":
            return cells.select(texts.str.strip_chars_end())
    return cells
