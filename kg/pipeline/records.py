"""What release.json records of each segment: what it was made from, of how many rows, when and with which tool.

The next build compares its inputs with these records, and says again what they tell of sources that it does not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from pyoxigraph import Quad

from kg import provenance
from kg.pipeline.inputs import Input
from kg.provenance import Run
from kg.store.canonical import parse
from kg.store.releases import Release
from kg.store.segments import Segment
from kg.validation import gate
from kg.validation.report import Report

Record = dict[str, Any]
_WRITE, _AUTHOR = f"<{provenance.WRITES}".encode(), f"<{provenance.AUTHORS}".encode()
_WRITES_TOLD = 1000


def is_known(item: Input, record: Mapping[str, Any]) -> bool:
    """Whether the record holds what the input says of itself before it is read."""
    return all(record.get(key) == value for key, value in _declared(item).items())


def record(item: Input, rows: Mapping[str, int], refused: Mapping[str, int]) -> Record:
    """The record of an input that was read, with the rows of each table, and those that were left out.

    An input of which rows were left out is never known: it is read again until it is whole.
    """
    declared = {**_declared(item), "rows": dict(rows)}
    return {**declared, "digest": f"{item.digest} in part", "refused": dict(refused)} if refused else declared


def remarks(records: Mapping[str, Mapping[str, Any]]) -> Report:
    """What the gate is to know of tables with another number of rows than ``source.toml`` expects."""
    report = Report()
    for each in records.values():
        rows = each.get("rows", {})
        for name, expected in each.get("expected", {}).items():
            table = name.partition("/")[2]
            left_out = each.get("refused", {}).get(table, 0)
            report += gate.count_rows(name, expected=expected, found=rows.get(table, 0) + left_out)
    return report


def sign(
    records: dict[str, Record], segments: Mapping[str, Segment], parent: Release | None, *, now: datetime, tool: str
) -> None:
    """Record who made each segment and when; one that stayed as it was keeps the time and the tool that first made it.

    Releases from before tools were recorded for each segment tell of one tool, that of the whole release.
    """
    for name, segment in segments.items():
        before = parent.manifest.sources.get(name, {}) if parent else {}
        if parent and before.get("segment") == segment.digest:
            made = {"created": before["created"], "tool": before.get("tool", parent.manifest.tool)}
        else:
            made = {"created": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "tool": tool}
        records.setdefault(name, {}).update(made, segment=segment.digest)


def runs(
    records: Mapping[str, Record], segments: Mapping[str, Segment], documents: Mapping[str, tuple[str, ...]]
) -> list[Run]:
    """The runs that made the segments; ``documents`` are those that each graph describes."""
    return [
        Run(
            name=name,
            graphs=segment.graphs,
            created=records[name]["created"],
            digest=segment.digest,
            tool=records[name]["tool"],
            title=records[name].get("title", ""),
            licence=records[name].get("licence", ""),
            documents=tuple(document for graph in segment.graphs for document in documents.get(graph, ())),
        )
        for name, segment in sorted(segments.items())
    ]


def writes(parent: Release | None, meta: str) -> Iterator[Quad]:
    """What the live release tells of the latest writes of clients, in its graph about the graphs; some µs a line.

    All else in that graph is told anew by each build. Of older writes earlier releases tell.
    """
    if parent is None or meta not in parent.manifest.segments:
        return
    lines = [line for line in parent.lines(meta) if line.startswith((_WRITE, _AUTHOR))]
    told = sorted({line.partition(b" ")[0] for line in lines if line.startswith(_WRITE)})
    too_old = set(told[: 1 - _WRITES_TOLD])  # the one that is made now comes to them
    yield from parse(BytesIO(b"".join(line for line in lines if line.partition(b" ")[0] not in too_old)))


def _declared(item: Input) -> Record:
    return {
        "kind": item.kind,
        "title": item.title,
        "licence": item.licence,
        "digest": item.digest,
        "expected": dict(item.expected),
        "about": dict(item.about),
    }
