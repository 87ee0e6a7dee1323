"""ROR's records out of files: JSON lines, or the data dump as it is published, a zip archive or the array in it.

Comes in: a file, whose text goes by in pieces. Goes out: what is wanted of each record, in columns by the ten thousand,
with the number of the record in its file, from 1. An array is cut into records by the scanner of the standard library:
at 100,000 brackets it says that they are too many, where ijson 3.6 takes all memory. Of a dump the JSON is read, that
of schema 2 if there are two; the CSV beside it says the same, flattened.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import polars as pl

from kg.errors import SourceFormatError
from kg.packed import members, pieces

Schema = dict[str, pl.DataType | type[pl.DataType]]
Record = tuple[int, str]
"""Its number in the file, and its JSON, in one line."""

_BATCH = 10_000
_MOST_CHARACTERS = 16 << 20  # of a record; the largest that was published has some ten thousand
_SPACE = re.compile(r"\s*")
_NAMES = re.compile(r'"names"\s*:')  # only schema 2 has that key; within a text its quotes would be escaped
_ID = r"^https://ror\.org/0[a-z0-9]{8}$"
_VERSION = re.compile(r"v(\d+(?:\.\d+)+)")
_AGAIN = "it was not fetched whole; get it again"


def lines(path: Path) -> Iterator[Record]:
    """The lines of a file, packed or not.

    Raises
    ------
    SourceFormatError
        The file is damaged, packed absurdly, or a line is not UTF-8 or absurdly long.
    """
    number, rest = 0, b""
    for piece in pieces(path, name=path.name):
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            number += 1
            yield number, _decoded(line, path.name, number)
        if len(rest) > _MOST_CHARACTERS:
            message = f"is longer than {_MOST_CHARACTERS:,} bytes: expected one record of JSON a line"
            raise SourceFormatError(message, file=path.name, line=number + 1)
    if rest.strip():
        yield number + 1, _decoded(rest, path.name, number + 1)


def dump(path: Path) -> Iterator[Record]:
    """The records of a data dump, a zip archive or a file of JSON; errors as `array`, or that no JSON is in it."""
    member = _member(path)
    name = f"{path.name}#{member}" if member else path.name
    return array(pieces(path, name=path.name, member=member), name)


def release(path: Path) -> tuple[int, ...]:
    """Which release a data dump is, by the name of the file or of the JSON in it; empty where neither says so."""
    return version(f"{path.name} {_member(path)}")


def version(text: str) -> tuple[int, ...]:
    """The first version in a text, such as ``v1.17.1``, to compare; empty if there is none."""
    found = _VERSION.search(text)
    return tuple(map(int, found[1].split("."))) if found else ()


def array(content: Iterable[bytes], name: str) -> Iterator[Record]:
    """The objects of a JSON array, whose text comes in pieces; memory is that of a piece and the largest object.

    Raises
    ------
    SourceFormatError
        It is no array, ends in the middle, is not UTF-8, or an element is no object, nested too deeply or absurdly
        long: with the number of the element.
    """
    text = _Text(content, name)
    if (first := text.next()) != "[":
        raise SourceFormatError(f"expected an array of records ([…]), found {first or 'nothing'}", file=name)
    if text.next() != "]":
        text.back()
        while True:
            yield text.record()
            if (after := text.next()) == "]":
                break
            if after != ",":
                raise text.wrong(
                    f"expected , or ] after it, found {after}" if after else f"the array ends here: {_AGAIN}"
                )
    if rest := text.next():
        raise text.wrong(f"expected nothing after the array, found {rest}")


def frames(
    records: Iterable[Record], schemas: Mapping[int, Schema], name: str, *, within: str = ""
) -> Iterator[tuple[int, pl.DataFrame]]:
    """Records in columns, by the ten thousand: which of the schemas they have, 1 or 2, and a frame with their ``row``.

    Parameters
    ----------
    within
        The member of each line that is the record; the others are columns too.

    Raises
    ------
    SourceFormatError
        A record is not JSON, has a value of another type, or no identifier of ROR's: with its number.
    """
    coming = iter(records)
    while batch := list(islice(coming, _BATCH)):
        for number, schema in schemas.items():
            some = [record for record in batch if record[1].strip() and _version_of(record) == number]
            if some:
                whole: Schema = {"release": pl.String, within: pl.Struct(schema)} if within else schema
                frame = _columns(some, whole, name)
                frame = frame.unnest(within) if within else frame
                _check_ids(frame, name)
                yield number, frame


class _Text:
    """The text of an array as far as it has come, and how far it has been read."""

    def __init__(self, content: Iterable[bytes], name: str) -> None:
        self._content = iter(content)
        self._name = name
        self._bytes = codecs.getincrementaldecoder("utf-8-sig")()
        self._scan = json.JSONDecoder().raw_decode
        self._held, self._at, self._number = "", 0, 0
        self._broken = False

    def next(self) -> str:
        """The next character that is no space, empty at the end."""
        while (at := self._space()) == len(self._held):
            if not self._more():
                return ""
        self._at = at + 1
        return self._held[at]

    def back(self) -> None:
        """One character back."""
        self._at -= 1

    def record(self) -> Record:
        """The next object, with its number."""
        self._number += 1
        if (first := self.next()) != "{":
            raise self.wrong(f"expected an object, found {first}" if first else f"the array ends here: {_AGAIN}")
        self.back()
        while True:
            try:
                _, end = self._scan(self._held, self._at)
            except RecursionError as error:
                raise self.wrong("is nested too deeply for a record") from error
            except ValueError as error:
                if not self._more():
                    raise self.wrong(self._reason(error)) from error
                if len(self._held) - self._at > _MOST_CHARACTERS:
                    raise self.wrong(f"is not JSON, or longer than {_MOST_CHARACTERS:,} characters: {error}") from error
            else:
                found = self._held[self._at : end]
                self._at = end
                return self._number, found.replace("\n", " ").replace("\r", " ")

    def wrong(self, reason: str) -> SourceFormatError:
        """An error that names the record."""
        place = f"record {self._number}: " if self._number else ""
        return SourceFormatError(f"{place}{reason}", file=self._name)

    def _reason(self, error: ValueError) -> str:
        cut = not isinstance(error, json.JSONDecodeError) or error.pos >= len(self._held.rstrip())
        if cut or "Unterminated" in str(error) or not self._held.rstrip().endswith("]"):
            return f"the file ends in the middle of it: {_AGAIN}"
        return f"is not JSON: {error}"

    def _space(self) -> int:
        found = _SPACE.match(self._held, self._at)
        return found.end() if found else self._at

    def _more(self) -> bool:
        """Whether there was more text; what is not UTF-8 is told once all before it has been read."""
        if self._broken:
            raise self.wrong("is not UTF-8: get the file as it is published, or save it as UTF-8")
        piece = next(self._content, None)
        try:
            text = self._bytes.decode(piece or b"", final=piece is None)
        except UnicodeDecodeError as error:
            self._broken = True
            text = error.object[: error.start].decode("utf-8-sig")
        self._held, self._at = self._held[self._at :] + text, 0
        return piece is not None or self._broken


def _member(path: Path) -> str:
    """The JSON in an archive: that of schema 2, or the only one; none of a file that is no archive."""
    if path.suffix != ".zip":
        return ""
    held = members(path, name=path.name)
    found = [name for name in held if name.endswith(".json")]
    second = [name for name in found if "schema_v2" in name]
    if len(chosen := second or found) != 1:
        listed = ", ".join(held) or "nothing"
        raise SourceFormatError(f"expected the JSON of ROR's data dump, found {listed}", file=path.name)
    return chosen[0]


def _version_of(record: Record) -> int:
    return 2 if _NAMES.search(record[1]) else 1


def _columns(records: list[Record], schema: Schema, name: str) -> pl.DataFrame:
    rows = pl.Series("row", [number for number, _ in records], pl.Int64)
    try:
        frame = _parsed((text for _, text in records), schema)
    except pl.exceptions.PolarsError as error:
        raise _culprit(records, schema, name) from error
    return frame.with_columns(rows)


def _parsed(texts: Iterable[str], schema: Schema) -> pl.DataFrame:
    return pl.read_ndjson(io.BytesIO("\n".join(texts).encode()), schema=schema)


def _culprit(records: list[Record], schema: Schema, name: str) -> SourceFormatError:
    """The error of the first record that cannot be read by itself."""
    for number, text in records:
        try:
            _parsed([text], schema)
        except pl.exceptions.PolarsError as error:
            reason = str(error).partition("\n")[0]
            return SourceFormatError(f"record {number}: is no record of ROR's: {reason}", file=name)
    return SourceFormatError("cannot be read as records of ROR's", file=name)


def _check_ids(frame: pl.DataFrame, name: str) -> None:
    wrong = frame.filter(~pl.col("id").str.contains(_ID).fill_null(value=False)).select("row", "id")
    if wrong.height:
        number, found = wrong.row(0)
        has = "no id" if found is None else f"the id {found!r}"
        raise SourceFormatError(f"record {number}: has {has}; expected https://ror.org/ and nine characters", file=name)


def _decoded(line: bytes, name: str, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise SourceFormatError(f"record {number}: is not UTF-8", file=name) from error
