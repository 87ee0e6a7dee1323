"""Published statistics of single institutions or areas, from the publisher's layout to one figure a row.

Comes in: cells, each with the file, row and column where it stands, what it is about and under which heading. Goes
out: the table of ``schemas/statistics.json``. What a heading means is data: ``headings.csv`` beside the metadata of a
source, one row a heading, so that a total and its parts are told apart there and nowhere else:

===============  ==================================================================================================
``heading``      as published; several columns that say it together are joined by ``" | "``
``key``          part of the observation's name
``indicator``    what is measured
``channel``      by which way of transfer, ``all`` if the heading names none
``counterpart``  the other side; empty in a total
``unit``         ``GBP``, ``count`` …
``multiplier``   3 where the file counts in thousands, else empty
``precision``    in the unit; empty where the digits written tell it
``period``       ``year``, ``end`` for a stock on its last day, ``before`` for the year before
===============  ==================================================================================================

Nothing is dropped in silence: a heading that is not in the table, a number that is none and a figure that is given
twice are complaints, all of them together. Only cells that hold one of a source's signs for "no figure" make none.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl

from kg.errors import Complaint, MappingError, SourceFormatError
from kg.packed import pieces

NO_FIGURE = ("", "..", "-", "NA", "N/A")
"""What publishers write where there is no figure to give: not asked, not available, withheld."""
MOST_COMPLAINTS = 100

_PLACE = {"file": pl.String, "row": pl.Int64, "column": pl.String}
_CELL = _PLACE | dict.fromkeys(("document", "subject", "area", "observed", "period", "heading", "text"), pl.String)
_NUMBER = r"^-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?$"
_COLUMNS = (
    *("key", "indicator", "period", "area", "observed", "channel", "counterpart", "value", "unit", "multiplier"),
    *("precision", "status", "document", "row"),
)


def table(path: Path, columns: Sequence[str], *, document: str, separator: str = ",") -> pl.DataFrame:
    """Columns of a CSV file as texts, with ``file``, ``document`` and ``row``, the number of the record in the file.

    Lines before the header (publishers put titles and notes there) are passed over: the header is the first record
    that begins with the first of the columns, and the first record of the file is row 1.

    Raises
    ------
    SourceFormatError
        The header or one of its columns is not there, the text is not UTF-8, or the file ends in the middle.
    """
    lines = _text(path)
    first = _header_line(lines, columns[0])
    try:
        body = "".join(lines[first:]).lstrip("\ufeff").encode()
        frame = pl.read_csv(body, infer_schema=False, separator=separator, raise_if_empty=False)
    except pl.exceptions.PolarsError as error:
        raise SourceFormatError(f"is not CSV with one header row: {error}", file=path.name) from error
    if missing := [name for name in columns if name not in frame.columns]:
        message = f"there is no column {missing[0]}; found {', '.join(frame.columns) or 'none'}"
        raise SourceFormatError(
            f"{message}. If the publisher renamed it, write the old name", file=path.name, row=first + 1
        )
    row = pl.int_range(first + 2, first + 2 + frame.height, dtype=pl.Int64)
    texts = (pl.col(name).fill_null("").str.strip_chars() for name in columns)
    return frame.select(*texts, file=pl.lit(path.name), document=pl.lit(document), row=row)


def header(path: Path, first: str) -> list[str]:
    """The names in the header of a CSV file, which begins with `first` or is the first line.

    Raises
    ------
    SourceFormatError
        See `table`.
    """
    lines = _text(path)
    return next(csv.reader([lines[_header_line(lines, first)].lstrip("\ufeff")]), []) if lines else []


def _header_line(lines: Sequence[str], first: str) -> int:
    """Where the header stands among lines, from 0."""
    plain = (line.lstrip("\ufeff").replace('"', "") for line in lines)
    return next((number for number, line in enumerate(plain) if line.startswith(first)), 0)


def _text(path: Path) -> list[str]:
    try:
        return b"".join(pieces(path, name=path.name)).decode("utf-8").splitlines(keepends=True)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SourceFormatError("is not UTF-8: save it as UTF-8", file=path.name, line=line) from error


def empty_cells() -> pl.DataFrame:
    """No cells at all, with the columns that `figures` needs."""
    return pl.DataFrame(schema=_CELL | {"status": pl.String})


def check(frame: pl.DataFrame, patterns: Mapping[str, tuple[str, str]], *, source: str) -> None:
    """Nothing, where every text of some columns has the form that it must have.

    Parameters
    ----------
    patterns
        By column, a regular expression that the whole text matches, and what is expected, in words.

    Raises
    ------
    MappingError
        One does not; the complaints name file, row and column.
    """
    complaints = []
    for column, (pattern, expected) in patterns.items():
        wrong = frame.filter(~pl.col(column).fill_null("").str.contains(f"^(?:{pattern})$"))
        complaints += [
            Complaint(file, row, column, text or "", expected)
            for file, row, text in wrong.head(MOST_COMPLAINTS).select("file", "row", column).iter_rows()
        ]
    _raise(source, complaints)


def figures(
    cells: pl.DataFrame, headings: Path, *, source: str, no_figure: Collection[str] = NO_FIGURE
) -> pl.DataFrame:
    """The table of observations that cells state, with ``file`` and ``column`` beside its columns.

    Parameters
    ----------
    cells
        ``file``, ``row``, ``column``: the place. ``document``; ``subject``: what names institution or area in a key;
        ``area``, ``observed``, ``period`` as in the schema; ``heading``, ``text``; ``status``.
    headings
        The file ``headings.csv``.

    Raises
    ------
    MappingError
        A heading is unknown, a text is no number, or a figure is given twice; at most 100 complaints.
    """
    known = headings_of(headings).rename({"key": "what", "period": "when"})
    joined = cells.filter(~pl.col("text").is_in(no_figure)).join(known, on="heading", how="left", maintain_order="left")
    strange = joined.filter(pl.col("what").is_null()).unique("heading", keep="first", maintain_order=True)
    _complain(source, strange, "heading", "a heading of headings.csv in the source's folder; add it there if it is new")
    _complain(
        source, joined.filter(~pl.col("text").str.contains(_NUMBER)), "text", "a number, such as 4138 or 97,842.5"
    )
    rows = joined.with_columns(
        key=pl.format("{}-{}-{}", "subject", "what", _year()),
        period=_period(),
        value=pl.Series(map(_value, joined["text"], joined["multiplier"]), dtype=pl.String),
    )
    _once(source, rows)
    return rows.select(*_COLUMNS, "file", "column", "when")


def headings_of(path: Path) -> pl.DataFrame:
    """What the headings of a source mean, as texts: see the columns above."""
    return pl.read_csv(path, infer_schema=False)


def write(observations: pl.DataFrame, tables: Path) -> None:
    """Write the table of observations beside the metadata that describes it."""
    observations.select(_COLUMNS).write_csv(tables / "observations.csv")


def slug(names: pl.Expr) -> pl.Expr:
    """Names as parts of an IRI: small letters and digits without accents, hyphens between."""
    plain = names.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    return plain.str.replace_all("[^a-z0-9]+", "-").str.strip_chars("-")


def _year() -> pl.Expr:
    """The end of a key: the year in which the period begins, and for one of two years that of its end."""
    return pl.col("period").str.extract(r"(?:^|[A-Z]{2})([0-9]{4})")


def _period() -> pl.Expr:
    """The period that a heading is about: the year itself, its last day, or the year before."""
    period = pl.col("period")
    two, first, last = period.str.contains("_"), period.str.slice(0, 10), period.str.slice(11, 10)
    fiscal, name, year = period.str.starts_with("FY"), period.str.slice(0, 2), period.str.slice(2)
    end = pl.when(two).then(last).when(fiscal).then(period + "-end").otherwise(year + "-12-31")
    before = pl.when(two).then(_before(first) + "_" + _before(last)).otherwise(name + _before(year))
    return pl.when(pl.col("when") == "end").then(end).when(pl.col("when") == "before").then(before).otherwise(period)


def _before(day: pl.Expr) -> pl.Expr:
    return (day.str.slice(0, 4).cast(pl.Int32, strict=False) - 1).cast(pl.String) + day.str.slice(4)


def _value(text: str, multiplier: str | None) -> str:
    """A number with its scale multiplied out, exactly."""
    number = Decimal(text.replace(",", "")).scaleb(int(multiplier or 0))
    return format(number.normalize() if number else Decimal(0), "f")


def _once(source: str, rows: pl.DataFrame) -> None:
    earlier = rows.select("key", first="row", first_file="file").unique("key", keep="first", maintain_order=True)
    again = rows.filter(pl.int_range(pl.len()).over("key") > 0).join(earlier, on="key", maintain_order="left")
    complaints = [
        Complaint(file, row, column, text, f"a figure that no other row gives; {first_file}, row {first} does")
        for file, row, column, text, first_file, first in again.head(MOST_COMPLAINTS)
        .select("file", "row", "column", "text", "first_file", "first")
        .iter_rows()
    ]
    _raise(source, complaints)


def _complain(source: str, wrong: pl.DataFrame, found: str, expected: str) -> None:
    places = wrong.head(MOST_COMPLAINTS).select("file", "row", "column", found).iter_rows()
    _raise(source, (Complaint(file, row, column, text, expected) for file, row, column, text in places))


def _raise(source: str, complaints: Iterable[Complaint]) -> None:
    if found := sorted(complaints):
        raise MappingError(source, found)
