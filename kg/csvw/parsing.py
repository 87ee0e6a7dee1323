"""From the texts of a column to the lexical forms that the store keeps, by whole columns.

A text that does not fit its datatype becomes null; `kg.csvw.cells` turns those into complaints. The forms are
Oxigraph's: ``007`` is ``7``, ``3554.0`` is ``3554``, every kind of integer is ``xsd:integer``. To be certain of that,
each distinct literal that is not plainly in that form, even without superfluous zeros, makes one round trip through an
Oxigraph store in memory.

Notes
-----
Years have four digits. Decimals and doubles are compared with their bounds as doubles, dates as text.
"""

from __future__ import annotations

import polars as pl
import pyoxigraph as ox

from kg.csvw.datatypes import KINDS, BooleanFormat, Datatype, Kind
from kg.csvw.formats import DateFormat, NumberFormat

_LINE = r'^<urn:x:([0-9]+)> <urn:x:p> "([^"]*)"\^\^'


def parse(datatype: Datatype, texts: pl.Series) -> pl.Series:
    """Canonical lexical forms of the texts; null where a text is null or does not fit the datatype."""
    lexical = _matching(_formatted(datatype, texts), datatype.kind.lexical)
    if datatype.kind.family == "date":
        lexical = _real_days(lexical)
    lexical = stored(lexical, datatype.kind)
    return lexical.set(~_within(datatype, lexical), None)


def comparable(limit: str, kind: Kind) -> bool:
    """Whether values of a kind can be compared with this bound; one that nothing keeps to is a slip of the pen."""
    form = {"integer": KINDS["integer"], "number": KINDS["double"]}.get(kind.family, kind)
    lexical = _matching(pl.Series([limit]), form.lexical)
    if kind.family == "date":
        lexical = _real_days(lexical)
    return limit != "NaN" and _measured(lexical, kind).null_count() == 0


def stored(lexical: pl.Series, kind: Kind) -> pl.Series:
    """The form in which Oxigraph keeps each literal."""
    if kind.family in ("integer", "number") and kind.settled is not None:
        lexical = _trimmed(lexical)
    loose = lexical.unique().drop_nulls()
    if kind.settled is not None:
        loose = loose.filter(~loose.str.contains(f"^(?:{kind.settled})$"))
    return lexical if loose.is_empty() else lexical.replace(loose, _round_trip(loose, kind.iri))


def _trimmed(numbers: pl.Series) -> pl.Series:
    """Without a plus and the zeros that do not count: ``+012.50`` as ``12.5``. Nearly every sum of money has some."""
    whole = numbers.str.replace(r"^\+", "").str.replace(r"^(-?)0+([0-9])", "${1}${2}")
    return whole.str.replace(r"([0-9])\.0*$", "${1}").str.replace(r"(\.[0-9]*[1-9])0+$", "${1}")


def _formatted(datatype: Datatype, texts: pl.Series) -> pl.Series:
    """The texts in XML Schema form, as far as the format says; null where it does not fit."""
    match datatype.format:
        case NumberFormat() | DateFormat():
            return datatype.format.rewrite(texts)
        case BooleanFormat(true=true, false=false):
            return texts.replace_strict([true, false], ["true", "false"], default=None, return_dtype=pl.String)
        case str(pattern):
            return _matching(texts, pattern)
    return NumberFormat().rewrite(texts) if datatype.kind.family in ("integer", "number") else texts


def _matching(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.set(~texts.str.contains(f"^(?:{pattern})$"), None)


def _real_days(lexical: pl.Series) -> pl.Series:
    """Without 30 February; years and months have nothing more to check."""
    days = lexical.str.slice(0, 10)
    wrong = (lexical.str.len_chars() >= len("2020-12-31")) & days.str.to_date("%Y-%m-%d", strict=False).is_null()
    return lexical.set(wrong & days.str.contains("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), None)


def _within(datatype: Datatype, lexical: pl.Series) -> pl.Series:
    """Which values keep to bounds and lengths; what cannot be compared does not. Null is left to others."""
    keeps = [_compared(lexical, datatype.kind, limit, rule) for limit, rule in datatype.limits]
    length = lexical.str.len_chars()
    if datatype.lengths.least is not None:
        keeps.append(length >= datatype.lengths.least)
    if datatype.lengths.most is not None:
        keeps.append(length <= datatype.lengths.most)
    result = pl.repeat(value=True, n=lexical.len(), eager=True)
    for kept in keeps:
        result = result & kept.fill_null(value=False)
    return result


def _compared(lexical: pl.Series, kind: Kind, limit: str, rule: str) -> pl.Series:
    values, edge = _measured(lexical, kind), _measured(pl.Series([limit]), kind)
    comparison = {"from": values >= edge, "above": values > edge, "up to": values <= edge, "below": values < edge}
    return comparison[rule]


def _measured(lexical: pl.Series, kind: Kind) -> pl.Series:
    if kind.family == "integer":
        return lexical.cast(pl.Int128, strict=False)
    return lexical.cast(pl.Float64, strict=False) if kind.family == "number" else lexical


def _round_trip(lexical: pl.Series, datatype: str) -> pl.Series:
    numbered = lexical.to_frame("lexical").with_row_index("n")
    lines = numbered.select(pl.format(f'<urn:x:{{}}> <urn:x:p> "{{}}"^^<{datatype}> .', "n", "lexical")).to_series()
    store = ox.Store()
    store.load("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
    dumped = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()) or b""
    found = pl.Series(dumped.decode().splitlines()).str.extract_groups(_LINE).struct.unnest()
    kept = found.select(pl.col("1").cast(pl.UInt32).alias("n"), pl.col("2").alias("kept"))
    return numbered.join(kept, on="n", how="left", maintain_order="left")["kept"]
