"""Formats of numbers and dates: from a pattern to a regular expression and a rewriting of whole columns.

What comes out is the XML Schema form (``1234.50``, ``2020-12-31``); what does not fit the pattern becomes null.

References
----------
W3C, Model for Tabular Data and Metadata, sections 6.4.2 (numbers) and 6.4.4 (dates and times); Unicode UAX 35, part 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal

import polars as pl

_SCALES = {"%": 2, "‰": 3}
_LARGEST_EXPONENT = 400  # beyond that a plain decimal is longer than any real figure; it guards memory

_SPECIAL = r"^(?:NaN|-?INF)$"
_PATTERN = re.compile(
    r"(?P<prefix>[%‰]?)(?P<sign>[+-]?)(?P<whole>[#0,]*)(?:\.(?P<fraction>[0,]*[#,]*))?"
    r"(?:E(?P<exponent>[+-]?[#0]*0))?(?P<suffix>[%‰]?)"
)

_DATE_TOKENS = {
    "yyyy": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "d": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "mm": r"(?P<minute>\d{2})",
    "ss": r"(?P<second>\d{2})",
    "XXX": r"(?P<zone>Z|[+-]\d{2}:\d{2})",
    "XX": r"(?P<zone>Z|[+-]\d{4})",
    "X": r"(?P<zone>Z|[+-]\d{2}(?:\d{2})?)",
    "xxx": r"(?P<zone>[+-]\d{2}:\d{2})",
    "xx": r"(?P<zone>[+-]\d{4})",
    "x": r"(?P<zone>[+-]\d{2}(?:\d{2})?)",
}
_DATE_TOKEN = re.compile(r"yyyy|MM|M|dd|d|HH|mm|ss|\.S+|X{1,3}|x{1,3}|[A-Za-z]|.")
_FIELDS = ("year", "month", "day", "hour", "minute", "second", "fraction", "zone")


@dataclass(frozen=True)
class NumberFormat:
    """How a column writes numbers: an optional pattern, the mark before decimals and the mark between groups."""

    pattern: str | None = None
    decimal: str = "."
    group: str | None = None

    @property
    def expression(self) -> str:
        """The regular expression that a number has to match; ValueError if the pattern is none."""
        return _pattern_expression(self) if self.pattern else _free_expression(self)

    def rewrite(self, texts: pl.Series, *, exponents: bool = False) -> pl.Series:
        """The numbers in XML Schema form, exponents multiplied out unless they may stay; null for a misfit."""
        fits = texts.str.contains(self.expression) | texts.str.contains(_SPECIAL)
        plain = texts.set(~fits, None)
        if self.group:
            plain = plain.str.replace_all(self.group, "", literal=True)
        if self.decimal != ".":
            plain = plain.str.replace(self.decimal, ".", literal=True)
        return _without_scale(plain, "[%‰]" if exponents else "[eE%‰]")


@dataclass(frozen=True)
class DateFormat:
    """How a column writes dates, or times of no date, as in ``dd.MM.yyyy``."""

    pattern: str
    time: bool = False

    @property
    def expression(self) -> str:
        """The regular expression, with one named group a field; ValueError if the pattern is none."""
        parts, fields = [], []
        for token in _DATE_TOKEN.findall(self.pattern):
            part = _date_part(token)
            fields += re.findall(r"\?P<(\w+)>", part)
            parts.append(part)
        needed = "hour" if self.time else "year"
        if len(fields) != len(set(fields)) or needed not in fields:
            raise ValueError(f"needs {'HH' if self.time else 'yyyy'}, and each field once")
        return f"^{''.join(parts)}$"

    def rewrite(self, texts: pl.Series) -> pl.Series:
        """The dates in XML Schema form: as many of year, month, day and time as the pattern has; null if it misfits."""
        found = texts.str.extract_groups(self.expression).struct.unnest()
        parts = {name: found[name] for name in _FIELDS if name in found.columns}
        return found.select(_assembled(parts).alias(texts.name)).to_series()


def _free_expression(number: NumberFormat) -> str:
    """Numbers where no pattern is given: the grammar of section 6.4.2."""
    group = f"(?:{re.escape(number.group)}?[0-9])*" if number.group else "[0-9]*"
    point = re.escape(number.decimal)
    return rf"^[+-]?(?:[0-9]{group}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?[%‰]?$"


def _pattern_expression(number: NumberFormat) -> str:
    match = _PATTERN.fullmatch(number.pattern or "")
    if match is None or not (match["whole"] or match["fraction"]):
        raise ValueError(f"{number.pattern!r} is not a number pattern made of 0 # , . E + - % ‰")
    sign = {"": "[+-]?", "+": "[+-]", "-": "-"}[match["sign"]]
    number_ = f"{_whole(number, match['whole'])}{_fraction(number, match)}{_exponent(match)}"
    return f"^{match['prefix']}{sign}{number_}{match['suffix']}$"


def _whole(number: NumberFormat, pattern: str) -> str:
    least = pattern.count("0")
    if "," not in pattern:
        return f"[0-9]{{{least},}}"
    mark = re.escape(number.group or ",")
    sizes = [len(group) for group in pattern.split(",")][1:]
    last, inner = sizes[-1], sizes[-2] if len(sizes) > 1 else sizes[-1]
    return rf"(?:[0-9]{{1,{inner}}}(?:{mark}[0-9]{{{inner}}})*{mark}[0-9]{{{last}}}|[0-9]{{{min(least, last)},{last}}})"


def _fraction(number: NumberFormat, match: re.Match[str]) -> str:
    """The digits behind the decimal mark: as many as the pattern allows, in groups where it has some."""
    fraction = match["fraction"]
    if not fraction:
        return ""
    digits = fraction.replace(",", "")
    least, size = digits.count("0"), len(fraction.partition(",")[0])
    if size == len(digits):
        part = rf"{re.escape(number.decimal)}[0-9]{{{max(least, 1)},{size}}}"
    else:
        written = (_grouped(length, size, number.group or ",") for length in range(max(least, 1), len(digits) + 1))
        part = rf"{re.escape(number.decimal)}(?:{'|'.join(written)})"
    return part if least else f"(?:{part})?"


def _grouped(length: int, size: int, mark: str) -> str:
    """So many digits, with a mark behind each group of a size but the last."""
    whole, rest = divmod(length, size)
    sizes = [size] * whole + [rest] * bool(rest)
    return re.escape(mark).join(f"[0-9]{{{count}}}" for count in sizes)


def _exponent(match: re.Match[str]) -> str:
    exponent = match["exponent"]
    if not exponent:
        return ""
    sign = {"+": "[+-]", "-": "-"}.get(exponent[0], "-?")
    return f"E{sign}[0-9]{{{exponent.count('0')},}}"


def _without_scale(texts: pl.Series, scale: str) -> pl.Series:
    """Percent, per mille and exponents multiplied out, exactly; the few distinct texts that have them, one by one."""
    scaled = texts.filter(texts.str.contains(scale)).unique()
    if scaled.is_empty():
        return texts
    return texts.replace(scaled, pl.Series([_plain(text) for text in scaled], dtype=pl.String))


def _plain(text: str) -> str | None:
    value = Decimal(text.strip("%‰"))
    if abs(value.adjusted()) > _LARGEST_EXPONENT:
        return None
    exact = Context(prec=len(text))  # every digit; the usual context would round to 28
    shift = next((places for mark, places in _SCALES.items() if mark in text), 0)
    return f"{value.scaleb(-shift, exact):f}"


def _date_part(symbol: str) -> str:
    if symbol.startswith(".S"):
        return rf"(?:\.(?P<fraction>\d{{1,{len(symbol) - 1}}}))?"
    if symbol in _DATE_TOKENS:
        return _DATE_TOKENS[symbol]
    if symbol.isalpha() and symbol not in "T":
        raise ValueError(f"{symbol!r} is not a field of a date: use yyyy MM M dd d HH mm ss S X x")
    return re.escape(symbol)


def _assembled(parts: dict[str, pl.Series]) -> pl.Expr:
    two = {name: pl.col(name).str.zfill(2) for name in parts if name not in ("year", "fraction", "zone")}
    day = [pl.col("year"), *(two[name] for name in ("month", "day") if name in parts)] if "year" in parts else []
    written = [pl.concat_str(day, separator="-", ignore_nulls=False)] if day else []
    if "hour" in parts:
        clock = [two["hour"], two.get("minute", pl.lit("00")), two.get("second", pl.lit("00"))]
        written.append(pl.concat_str(clock, separator=":", ignore_nulls=False))
    text = pl.concat_str(written, separator="T", ignore_nulls=False)
    if "fraction" in parts:
        text = text + pl.when(pl.col("fraction").is_null()).then(pl.lit("")).otherwise("." + pl.col("fraction"))
    return text + _zone() if "zone" in parts else text


def _zone() -> pl.Expr:
    """``+0530``, ``+05`` and ``+05:30`` as ``+05:30``."""
    digits = pl.col("zone").str.replace(":", "", literal=True).str.pad_end(5, "0")
    written = digits.str.slice(0, 3) + ":" + digits.str.slice(3, 2)
    return pl.when(pl.col("zone") == "Z").then(pl.lit("Z")).otherwise(written)
