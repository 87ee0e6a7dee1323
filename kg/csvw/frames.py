"""Tables that are no delimited text: Parquet, JSON lines and Excel, as the same batches of texts.

Their columns have names, so their order does not matter. Values become the texts that a CSV file would have: dates as
ISO 8601, numbers with a point, lists as JSON. In Excel the first row is the header, as in CSV; rows of the others have
none, and are counted from 1.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from kg import packed
from kg.csvw.text import Batch, Sheet
from kg.errors import ConfigError, SourceFormatError, SourceUnavailableError

PARQUET, LINES, EXCEL = (".parquet",), (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst"), (".xlsx",)
KINDS = (*PARQUET, *LINES, *EXCEL)
_BATCH_ROWS = 50_000
_EXCEL_BYTES, _EXCEL_RATIO = 256 << 20, 200
_MIDNIGHT = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"
_MOMENT = r"^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$"


def header_rows(name: str) -> int:
    """How many rows stand before the first record in a file of such a name."""
    return 0 if name.endswith((*PARQUET, *LINES)) else 1


def sheet(path: Path, *, file: str, member: str = "") -> Sheet:
    """A file of one of these kinds, its columns known and its rows to come.

    Parameters
    ----------
    member
        The worksheet of an Excel file that is meant; the first one if empty.

    Raises
    ------
    SourceUnavailableError
        It is not there.
    SourceFormatError
        It is not of its kind; from the batches as well.
    ConfigError
        It is an Excel file, and what reads them is not installed.
    """
    if not path.is_file():
        raise SourceUnavailableError(f"{file} is not there, and its metadata names it")
    if path.name.endswith(PARQUET):
        return _parquet(path, file)
    return _excel(path, file, member) if path.name.endswith(EXCEL) else _lines(path, file)


def _sheet(names: list[str], frames: Iterable[pl.DataFrame], first: int) -> Sheet:
    return Sheet([names], [], len(names), _numbered(frames, first), by_name=True)


def _numbered(frames: Iterable[pl.DataFrame], row: int) -> Iterator[Batch]:
    for frame in frames:
        after = row + frame.height
        cells = frame.fill_null("")
        cells.columns = [str(number) for number in range(cells.width)]
        yield Batch(cells, pl.int_range(row, after, dtype=pl.UInt32, eager=True))
        row = after


def _parquet(path: Path, file: str) -> Sheet:
    try:
        table = pl.scan_parquet(path, glob=False)
        schema = table.collect_schema()
        for name, kind in schema.items():
            if isinstance(kind, pl.Struct | pl.Binary | pl.Object):
                raise SourceFormatError(f"the column {name} holds {kind}, which is no text; leave it out", file=file)
        texts = table.select([_text(name, kind) for name, kind in schema.items()])
        return _sheet(schema.names(), _collected(texts, file), 1)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceFormatError(f"is not Parquet: {_first_line(error)}", file=file) from error


def _collected(texts: pl.LazyFrame, file: str) -> Iterator[pl.DataFrame]:
    try:
        yield from texts.collect_batches(chunk_size=_BATCH_ROWS)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceFormatError(f"cannot be read to its end: {_first_line(error)}", file=file) from error


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Datetime):
        return column.dt.to_string("iso:strict")
    if isinstance(kind, pl.List | pl.Array):
        return column.map_elements(lambda items: json.dumps(list(items), default=str), return_dtype=pl.String)
    return column.cast(pl.String)


def _lines(path: Path, file: str) -> Sheet:
    """JSON lines; a key that first comes later is an error, since the columns are those of the first block."""
    blocks = _whole_lines(packed.pieces(path, name=file))
    first = next(blocks, b"")
    names = _keys(first, file, 1) if first.strip() else []
    return _sheet(names, _parsed(first, blocks, names, file), 1)


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        head, end, tail = piece.rpartition(b"\n")
        if end:
            yield rest + head + end
            rest = tail
        else:
            rest += tail
    if rest:
        yield rest


def _parsed(first: bytes, blocks: Iterator[bytes], names: list[str], file: str) -> Iterator[pl.DataFrame]:
    schema = dict.fromkeys(names, pl.String)
    row, block = 1, first
    while block:
        number = block.count(b"\n") + (not block.endswith(b"\n"))
        if late := [key for key in _keys(block, file, row) if key not in schema]:
            message = f"has the key {late[0]}, which the first rows have not; give each row all keys"
            raise SourceFormatError(message, file=file, row=_row_of(block, late[0], row))
        frame = pl.read_ndjson(block, schema=schema)
        if frame.height != number:
            raise _bad_line(block, file, row)
        yield frame
        row, block = row + number, next(blocks, b"")


def _keys(block: bytes, file: str, row: int) -> list[str]:
    """The keys of all objects of a block, in the order in which they come."""
    try:
        return pl.read_ndjson(block, infer_schema_length=None).columns
    except pl.exceptions.PolarsError:
        keys: dict[str, None] = {}
        for number, line in enumerate(block.splitlines(), row):
            keys.update(dict.fromkeys(_object(line, file, number)))
        return list(keys)


def _object(line: bytes, file: str, row: int) -> dict[str, object]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise SourceFormatError(f"is not JSON: {error}", file=file, row=row) from error
    if not isinstance(found, dict):
        raise SourceFormatError("expected a JSON object", file=file, row=row)
    return found


def _row_of(block: bytes, key: str, row: int) -> int:
    lines = enumerate(block.splitlines(), row)
    return next((number for number, line in lines if json.dumps(key, ensure_ascii=False).encode() in line), row)


def _bad_line(block: bytes, file: str, row: int) -> SourceFormatError:
    for number, line in enumerate(block.splitlines(), row):
        if not line.strip():
            return SourceFormatError("is empty; remove the line", file=file, row=number)
        _object(line, file, number)
    return SourceFormatError("has line ends within an object; write one object a line", file=file, row=row)


def _excel(path: Path, file: str, member: str) -> Sheet:
    _check_size(path, file)
    try:
        frame = pl.read_excel(
            path,
            engine="calamine",
            sheet_name=member or None,
            has_header=False,
            infer_schema_length=0,
            drop_empty_rows=False,
            drop_empty_cols=False,
            raise_if_empty=False,
        )
    except ModuleNotFoundError as error:
        raise ConfigError(f"{file}: Excel files need one more package: pip install 'kg[excel]'") from error
    except Exception as error:  # the reader has errors of its own, whose module may not be there
        raise SourceFormatError(f"is no Excel file, or has no such sheet: {_first_line(error)}", file=file) from error
    names = [name or "" for name in frame.row(0)] if frame.height else []
    body = frame.slice(1).with_columns(
        pl.all().str.replace(_MIDNIGHT, "${1}").str.replace(_MOMENT, "${1}T${2}")  # moments are numbers in Excel
    )
    return _sheet(names, body.iter_slices(_BATCH_ROWS), 2)


def _check_size(path: Path, file: str) -> None:
    """An Excel file is a zip archive, which is unpacked whole."""
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile as error:
        raise SourceFormatError("is no Excel file (.xlsx); save it as one, or as CSV", file=file) from error
    if total > _EXCEL_BYTES and total > _EXCEL_RATIO * path.stat().st_size:
        raise SourceFormatError(f"unpacks to {total:,} bytes, which no table does; save it as CSV", file=file)


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]
