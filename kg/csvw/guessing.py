"""What the columns of a table look like, for a first draft of its metadata that a person then edits.

A guess is made where every value of the sample agrees, and says so in words: nothing is guessed from most of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from kg.csvw.datatypes import KINDS, Datatype
from kg.csvw.formats import DateFormat
from kg.csvw.notations import DATES, GROUPED
from kg.csvw.parsing import parse

SAMPLE_ROWS = 200_000
MARKERS = ("NULL", "null", "N/A", "n/a", "#N/A", "NA", "None", "nan", "NaN", "-", "--", "–", ".", "..", "…", "?")
"""What stands for nothing in tables that people make."""

_TEXT_MARKERS = frozenset({"NULL", "null", "N/A", "n/a", "#N/A"})  # NA is Namibia, and a dash may be meant
_DELIMITERS = ",;\t|"
_IDENTIFIERS = (
    ("a ROR identifier", r"(?:https?://)?ror\.org/0[a-z0-9]{6}\d{2}"),
    ("an ORCID iD", r"(?:https?://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]"),
    ("a DOI", r"(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.\d{4,9}/\S+"),
    ("a GRID identifier", r"grid\.\d+\.[0-9a-f]+"),
    ("a Legal Entity Identifier", r"[0-9A-Z]{18}\d{2}"),
    ("a Wikidata identifier", r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?Q[1-9]\d*"),
    ("a country by its ISO 3166-1 code of two letters", "[A-Z]{2}"),
    ("money with its sign: it stays a text until the sign is gone", r"\s*[€$£¥]\s*[\d.,' ]+|[\d.,' ]+[€$£¥]\s*"),
)
_COUNTRY = re.compile(r"country|nation|pays|staat|国家", re.IGNORECASE)
_MONEY = re.compile(
    r"amount|value|cost|price|fund|budget|grant|award|income|revenue|contribution|spend|eur|usd|gbp|cny|金额|[€$£¥]",
    re.IGNORECASE,
)
_YEAR = re.compile(r"year|jahr|ann[eé]e|年", re.IGNORECASE)
_DAY = re.compile(r"date|day|tag|日", re.IGNORECASE)
_KEY = re.compile(
    r"(?:^|[^a-z])(?:id|key|code|no|nr|number|ref|reference|identifier|uuid)(?:$|[^a-z])|编号", re.IGNORECASE
)
_CAPITALS = re.compile(r"([a-z0-9])([A-Z])")
_TRIED = {1: 1000, 2: 8, 3: 6}
"""How many columns are tried for keys of so many columns."""

Json = str | dict[str, object]


@dataclass(frozen=True)
class _Candidate:
    """A datatype as it is written down, which texts fit it, and what a title must hold for it to be thought of."""

    datatype: Json
    fits: Callable[[pl.Series], pl.Series]
    titled: re.Pattern[str] | None = None


def _matching(pattern: str) -> Callable[[pl.Series], pl.Series]:
    return lambda texts: texts.str.contains(f"^(?:{pattern})$")


def _dated(pattern: str) -> _Candidate:
    datatype = Datatype(KINDS["date"], DateFormat(pattern))
    written: Json = "date" if pattern == "yyyy-MM-dd" else {"base": "date", "format": pattern}
    titled = _DAY if pattern == "yyyyMMdd" else None  # eight digits are more often a number
    return _Candidate(written, lambda texts: parse(datatype, texts, as_written=True).is_not_null(), titled)


_WHOLE = r"[+-]?(?:0|[1-9]\d*)"  # a number with leading zeros is a name
_TRUTHS = (("yes", "no"), ("Yes", "No"), ("YES", "NO"), ("Y", "N"), ("True", "False"), ("TRUE", "FALSE"), ("是", "否"))
_CANDIDATES = (
    _Candidate("boolean", _matching("true|false")),
    *(_Candidate({"base": "boolean", "format": f"{yes}|{no}"}, _matching(f"{yes}|{no}")) for yes, no in _TRUTHS),
    *(_dated(pattern) for pattern, _ in DATES),
    _Candidate("gYear", _matching(r"(?:1[89]|20)\d{2}"), _YEAR),
    _Candidate("integer", _matching(_WHOLE)),
    _Candidate("decimal", _matching(rf"{_WHOLE}(?:\.\d+)?")),
    _Candidate({"base": "integer", "format": {"groupChar": ","}}, _matching(rf"{_WHOLE}|[+-]?\d{{1,3}}(?:,\d{{3}})+")),
    _Candidate({"base": "decimal", "format": {"groupChar": ","}}, _matching(rf"{_WHOLE}(?:\.\d+)?|{GROUPED.pattern}")),
    _Candidate(
        {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}},
        _matching(rf"{_WHOLE}(?:,\d+)?|[+-]?\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?"),
    ),
    _Candidate("double", _matching(rf"{_WHOLE}(?:\.\d+)?(?:[eE][+-]?\d+)?")),
    _Candidate("dateTime", _matching(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})?")),
    _Candidate("anyURI", _matching(r'https?://[^\s<>"{}|\\^`]+')),
)
"""What a column may be, in the order in which it is tried."""


@dataclass(frozen=True)
class Guess:
    """What a column looks like: its name and title, the JSON of its datatype, its nulls, and what it seems to be."""

    name: str
    title: str
    datatype: Json | None
    nulls: tuple[str, ...]
    required: bool
    looks_like: str


def guess(titles: Sequence[str], sample: pl.DataFrame) -> list[Guess]:
    """A guess for each column of a sample of texts."""
    pairs = zip(names(titles), titles, strict=True)
    return [_column(name, title, sample.to_series(place)) for place, (name, title) in enumerate(pairs)]


def names(titles: Iterable[str]) -> list[str]:
    """Names of columns that templates can use, each once: ``On Street`` becomes ``on_street``."""
    found: list[str] = []
    for number, title in enumerate(titles, 1):
        spaced = _CAPITALS.sub(r"\1_\2", title)
        letters = unicodedata.normalize("NFKD", spaced.lower()).encode("ascii", "ignore").decode()
        name = re.sub(r"[^a-z0-9]+", "_", letters).strip("_") or f"column_{number}"
        found.append(name if name not in found else f"{name}_{number}")
    return found


def key(guesses: Sequence[Guess], sample: pl.DataFrame) -> tuple[str, ...]:
    """The column, or the two or three, that tell all rows of a sample apart; those that are called so come first."""
    complete = [place for place, each in enumerate(guesses) if each.required]
    ordered = sorted(complete, key=lambda place: (not _KEY.search(guesses[place].title), place))
    for size in (1, 2, 3):
        for places in combinations(ordered[: _TRIED[size]], size):
            columns = sample.select(pl.nth(*places))
            if columns.height and not columns.is_duplicated().any():
                return tuple(guesses[place].name for place in sorted(places))
    return ()


def delimiter(text: str) -> str:
    """The mark that the lines of a beginning have most often, and all as often; a comma if none has."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:20] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in _DELIMITERS}
    even = {mark: found[0] for mark, found in counts.items() if found and found[0] and min(found) == max(found)}
    most = even or {mark: found[0] for mark, found in counts.items() if found and found[0]}
    return max(most, key=lambda mark: most[mark]) if most else ","


def _column(name: str, title: str, texts: pl.Series) -> Guess:
    values = texts.filter(texts != "")
    distinct = values.unique()
    for candidate in _CANDIDATES:
        nulls = distinct.filter(~candidate.fits(distinct))
        fitting = nulls.is_in(MARKERS).all() and nulls.len() < distinct.len()
        if fitting and (candidate.titled is None or candidate.titled.search(title)):
            break
    else:
        candidate, nulls = None, distinct.filter(distinct.is_in(list(_TEXT_MARKERS)))
    real = values.filter(~values.is_in(nulls.implode()))
    return Guess(
        name=name,
        title=title,
        datatype=candidate.datatype if candidate else None,
        nulls=tuple(sorted(nulls)),
        required=texts.len() > 0 and real.len() == texts.len(),
        looks_like=_looks_like(title, candidate.datatype if candidate else "string", real),
    )


def _looks_like(title: str, datatype: Json, values: pl.Series) -> str:
    """What a column seems to be about, in words; empty if nothing comes to mind."""
    kind = datatype.get("base") if isinstance(datatype, dict) else datatype
    match kind:
        case _ if values.is_empty():
            return "nothing: no row of the sample has a value"
        case "date" if datatype == {"base": "date", "format": "d/M/yyyy"} and _dated("M/d/yyyy").fits(values).all():
            return "a date, with the day first; M/d/yyyy fits as well"
        case "date" | "dateTime" | "gYear":
            return {"date": "a date", "dateTime": "a moment", "gYear": "a year"}[str(kind)]
        case "decimal" | "integer" | "double" if _MONEY.search(title):
            return "money: say in which currency"
        case "string" | "anyURI":
            return _text_looks_like(title, values)
    return "an identifier" if _KEY.search(title) and values.n_unique() == values.len() else ""


def _text_looks_like(title: str, values: pl.Series) -> str:
    distinct = values.unique()
    for words, pattern in _IDENTIFIERS:
        if distinct.str.contains(f"^(?:{pattern})$").all():
            return words
    if _COUNTRY.search(title):
        letters = distinct.str.contains("^[A-Z]{3}$").all()
        return "a country by its ISO 3166-1 code of three letters" if letters else "a country by its name"
    return "an identifier" if _KEY.search(title) and distinct.len() == values.len() else ""
