"""From tables to segments: mapping, and writing what was mapped."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import mkdtemp

import polars as pl

from kg import csvw, iris
from kg.csvw import Mapped
from kg.pipeline.inputs import from_tables
from kg.sources.base import Source
from kg.store import segments
from kg.store.rdf_files import RdfFile
from kg.store.reading import read_rdf
from kg.store.segments import Segment
from kg.vocabulary import DCTERMS, RDF, TT, XSD

from . import data
from .harness import Line, side_by_side


def map_register(folder: Path, rows: int, runs: int) -> list[Line]:
    """Checked cells and lines of a register, beside expressions that write the same lines and check nothing."""
    source = data.contracts(folder, rows)
    ours, limit = side_by_side(
        lambda: pl.concat(_mapped(source).chunks()),
        lambda: _by_hand(source.folder / "tables" / "contracts.csv", source.graph),
        runs=runs,
    )
    assert ours.result.sort().equals(limit.result.sort())
    lines = len(ours.result)
    assert lines == 7 * rows
    return [_line("map a register", rows, ours.seconds, limit.seconds, "hand-written Polars expressions", lines)]


def write_segment(folder: Path, rows: int, runs: int) -> list[Line]:
    """Mapped lines and an RDF file into segments, beside ``sort`` of the same lines."""
    source = data.contracts(folder, rows)
    blocks = list(from_tables(_mapped(source)))
    text = folder / "lines.nq"
    text.write_bytes(b"".join(blocks))
    mapped, read, limit = side_by_side(
        lambda: segments.write(blocks, _fresh(folder)),
        lambda: segments.write(read_rdf([RdfFile(text, source.graph)], limits=None), _fresh(folder)),
        lambda: _sorted(text, folder / "sorted.nq"),
        runs=runs,
    )
    segment: Segment = mapped.result
    assert segment == read.result
    assert segment.quads == limit.result == 7 * rows
    against = "sort -u of the same lines"
    return [
        _line("mapped lines to segment", rows, mapped.seconds, limit.seconds, against, segment.quads),
        _line("RDF file to segment", rows, read.seconds, limit.seconds, against, segment.quads),
    ]


def _mapped(source: Source) -> Mapped:
    return csvw.map(csvw.read(source.metadata, root=source.root), source=source.name, graph=source.graph)


def _by_hand(path: Path, graph: str) -> pl.Series:
    """The lines of `data.contracts` as somebody would write them who knows that every cell is right."""
    cells = pl.read_csv(path, infer_schema=False)
    plain = pl.col("value").str.strip_chars_end("0").str.strip_chars_end(".")
    written = [
        (DCTERMS.identifier, [pl.lit('"'), pl.col("key"), pl.lit('"')]),
        (TT.provider, [pl.lit(f"<{iris.ID}org/"), pl.col("provider"), pl.lit(">")]),
        (TT.channel, [pl.lit(f"<{iris.CONCEPT}channel/"), pl.col("channel"), pl.lit(">")]),
        (TT.agreementValue, [pl.lit('"'), plain, pl.lit(f'"^^<{XSD.decimal}>')]),
        (TT.agreementUnit, [pl.lit(f"<{iris.CONCEPT}unit/"), pl.col("currency"), pl.lit(">")]),
        (TT.agreedOn, [pl.lit('"'), pl.col("signed"), pl.lit(f'"^^<{XSD.date}>')]),
        (RDF.type, [pl.lit(f"<{TT.TransferAgreement}>")]),
    ]
    start, end = [pl.lit(f"<{iris.ID}agreement/"), pl.col("key")], pl.lit(f" <{graph}> .")
    lines = [pl.concat_str([*start, pl.lit(f"> <{term}> "), *value, end]).alias("line") for term, value in written]
    return pl.concat(cells.select(line).to_series() for line in lines)


def _sorted(text: Path, target: Path) -> int:
    subprocess.run(["sort", "-u", "-o", target, text], env={**os.environ, "LC_ALL": "C"}, check=True)
    return target.read_bytes().count(b"\n")


def _fresh(folder: Path) -> Path:
    return Path(mkdtemp(dir=folder))


def _line(what: str, rows: int, ours: float, limit: float, against: str, lines: int) -> Line:
    return Line(what, f"{rows:,} rows", ours, limit, against, lines, "triple")
