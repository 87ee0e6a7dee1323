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
from kg.vocabulary import XSD

_LINE = r'^<urn:x:([0-9]+)> <urn:x:p> "([^"]*)"\^\^'


def parse(datatype: Datatype, texts: pl.Series, *, as_written: bool = False) -> pl.Series:
    """Canonical lexical forms of the texts, or those of XML Schema; null where a text is null or does not fit."""
    lexical = _matching(_formatted(datatype, texts), datatype.kind.lexical)
    if datatype.kind.family == "date":
        lexical = _real_days(lexical)
    if not as_written:
        lexical = stored(lexical, datatype.kind)
    return lexical.set(~_within(datatype, lexical), None)


def fits(datatype: str, texts: pl.Series) -> pl.Series:
    """Whether each text is a value of a datatype (an IRI), as far as a table can hold it.

    All texts are of datatypes that are not XML Schema's; none is of one that CSV on the Web does not know. No text may
    be null.
    """
    kind = KINDS.get(datatype.removeprefix(XSD.namespace)) if datatype.startswith(XSD.namespace) else None
    if kind is None:
        return pl.repeat(not datatype.startswith(XSD.namespace), len(texts), dtype=pl.Boolean, eager=True)
    return parse(Datatype(kind), _matching(texts, kind.lexical), as_written=True).is_not_null()


def comparable(limit: str, kind: Kind) -> bool:
    """Whether values of a kind can be compared with this bound; one that nothing keeps to is a slip of the pen."""
    form = {"integer": KINDS["integer"], "number": KINDS["double"]}.get(kind.family, kind)
    lexical = _matching(pl.Series([limit]), form.lexical)
    if kind.family == "date":
        lexical = _real_days(lexical)
    return limit != "NaN" and _measured(lexical, kind).null_count() == 0


def in_order(low: str, high: str, kind: Kind, *, strictly: bool) -> bool:
    """Whether one bound is below the other, or the same where that leaves a value."""
    low_value, high_value = (_measured(pl.Series([limit]), kind)[0] for limit in (low, high))
    return bool(low_value < high_value or (low_value == high_value and not strictly))


def stored(lexical: pl.Series, kind: Kind) -> pl.Series:
    """The form in which Oxigraph keeps each literal."""
    if kind.family in ("integer", "number") and kind.settled is not None:
        lexical = _trimmed(lexical)
    loose = lexical if kind.settled is None else lexical.filter(~lexical.str.contains(f"^(?:{kind.settled})$"))
    loose = loose.unique().drop_nulls()
    return lexical if loose.is_empty() else lexical.replace(loose, _round_trip(loose, kind.iri))


def _trimmed(numbers: pl.Series) -> pl.Series:
    """Without a plus and the zeros that do not count: ``+012.50`` as ``12.5``. Nearly every sum of money has some."""
    whole = numbers
    if whole.str.contains(r"^(?:\+|-?0[0-9])").any():
        whole = numbers.str.replace(r"^\+", "").str.replace(r"^(-?)0+([0-9])", "${1}${2}")
    return whole.str.replace(r"([0-9])\.0*$", "${1}").str.replace(r"(\.[0-9]*[1-9])0+$", "${1}")


def _formatted(datatype: Datatype, texts: pl.Series) -> pl.Series:
    """The texts in XML Schema form, as far as the format says; null where it does not fit."""
    match datatype.format:
        case NumberFormat():
            return _number(datatype.format, datatype.kind, texts)
        case DateFormat():
            return datatype.format.rewrite(texts)
        case BooleanFormat(true=true, false=false):
            return texts.replace_strict([true, false], ["true", "false"], default=None, return_dtype=pl.String)
        case str(pattern):
            return _matching(texts, pattern)
    if datatype.kind.family in ("integer", "number"):
        return _number(NumberFormat(), datatype.kind, texts)
    return texts.replace(["1", "0"], ["true", "false"]) if datatype.kind.name == "boolean" else texts


def _number(format: NumberFormat, kind: Kind, texts: pl.Series) -> pl.Series:
    """Exponents belong to doubles and floats, and to patterns that have one (section 6.4.2)."""
    floating = kind.name in ("double", "float")
    if not (floating or "E" in (format.pattern or "")):
        texts = texts.set(texts.str.contains("[eE]"), None)
    numbers = format.rewrite(texts, exponents=floating)
    return numbers.str.replace("E", "e", literal=True) if floating else numbers


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
    length = _length(lexical, datatype.kind)
    if datatype.lengths.least is not None:
        keeps.append(length >= datatype.lengths.least)
    if datatype.lengths.most is not None:
        keeps.append(length <= datatype.lengths.most)
    result = pl.repeat(value=True, n=lexical.len(), eager=True)
    for kept in keeps:
        result = result & kept.fill_null(value=False)
    return result


def _length(lexical: pl.Series, kind: Kind) -> pl.Series:
    """Characters of a text, bytes of a binary value."""
    if kind.name == "hexBinary":
        return lexical.str.len_bytes() // 2
    if kind.name == "base64Binary":
        return lexical.str.strip_chars_end("=").str.len_bytes() * 3 // 4
    return lexical.str.len_chars()


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
