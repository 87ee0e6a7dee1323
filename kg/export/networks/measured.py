"""Values of measures as tables, CSV and JSON: the highest first, with all that is needed to get them again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.analysis.describing import citation
from kg.errors import ConfigError
from kg.queries.formulas import safe_row
from kg.vocabulary import shortened

if TYPE_CHECKING:
    from kg.analysis.measures import Measure, Measured
    from kg.analysis.network import Network

NODES = "nodes"
"""What measures of nodes say that they give; their values stand side by side."""


def check_csv(chosen: Sequence[Measure]) -> None:
    """Raise ConfigError, before anything is computed, where values of several kinds do not fit into one table."""
    kinds = {str(each.gives) for each in chosen}
    if len(kinds) > 1:
        raise ConfigError(
            f"one CSV file cannot hold values of {' and of '.join(sorted(kinds))}; ask for one kind, or JSON"
        )


def frames(found: Sequence[Measured]) -> list[tuple[pl.DataFrame, str]]:
    """Values of nodes side by side, of the others in a table each; the highest values of the first column first."""
    made: list[tuple[pl.DataFrame, str]] = []
    nodes = [each for each in found if each.gives == NODES]
    if nodes:
        whole = nodes[0].values.select("iri", "label")
        for each in nodes:
            names = {name: f"{each.measure}_{name}" if name in whole.columns else name for name in each.columns}
            whole = whole.with_columns(each.values.select(each.columns).rename(names).get_columns())
        made.append((ranked(whole), "nodes"))
    made += [(ranked(each.values), str(each.gives)) for each in found if each.gives != NODES]
    return made


def ranked(frame: pl.DataFrame) -> pl.DataFrame:
    """By the first column of values, highest first; equal ones by name."""
    if "iri" not in frame.columns and "one" not in frame.columns:
        return frame
    by = leading(frame)
    names = [name for name in ("iri", "one", "other") if name in frame.columns]
    return frame.sort([by, *names], descending=[True, *[False] * len(names)], nulls_last=True)


def leading(frame: pl.DataFrame) -> str:
    """The column that a table is sorted by."""
    return next(name for name in frame.columns if name not in {"iri", "label", "one", "other"})


def as_csv(found: Sequence[Measured], top: int | None) -> str:
    """The one table of values of one kind; all rows unless some are enough."""
    ((frame, _),) = frames(found)
    return table_csv(frame.head(top or frame.height))


def slices_csv(found: Mapping[str, pl.DataFrame]) -> str:
    """Values of slices of time below each other, the slice in the first column."""
    return table_csv(
        pl.concat([ranked(frame).insert_column(0, pl.lit(name).alias("slice")) for name, frame in found.items()])
        if found
        else pl.DataFrame(schema={"slice": pl.String})
    )


def table_csv(frame: pl.DataFrame) -> str:
    """A frame as CSV, in which no text is a formula (`kg.queries.formulas`)."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(safe_row(frame.columns))
    writer.writerows(map(safe_row, frame.iter_rows()))
    return stream.getvalue()


def told(network: Network, found: Sequence[Measured], top: int | None) -> dict[str, Any]:
    """Provenance of a network and of each measure of it, with its values unless top is 0, and how to cite them."""
    measures: list[dict[str, Any]] = []
    for each in found:
        entry = each.provenance()
        del entry["network"]
        if top != 0:
            frame = ranked(each.values)
            entry["values"] = frame.head(top or frame.height).to_dicts()
        measures.append(entry)
    source = network.source.told() | {"digest": network.source.digest}
    size = {"nodes": network.order, "edges": network.size, "directed": network.directed}
    return {"network": source | size, "citation": citation(network, found), "measures": measures}


def as_json(network: Network, found: Sequence[Measured], top: int | None) -> str:
    """`told` as JSON."""
    return json.dumps(told(network, found, top), ensure_ascii=False, indent=2) + "\n"


def communities(found: Measured) -> pl.DataFrame:
    """A row for each community: ``community``, ``nodes``, ``stability`` where it is known, three of its ``members``."""
    frame = found.values
    stable = [pl.col("stability").mean()] if "stability" in frame.columns else []
    shown = pl.col("label").fill_null(pl.col("iri").map_elements(shortened, return_dtype=pl.String))
    return (
        frame.with_columns(shown.alias("shown"))
        .group_by("community")
        .agg(pl.len().alias("nodes"), *stable, pl.col("shown").head(3).str.join("; ").alias("members"))
        .sort("community")
    )
