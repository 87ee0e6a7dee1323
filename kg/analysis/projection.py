"""From rows of records to a network.

Who takes part in what becomes a sparse matrix B of actors by events with ones in it. The two-mode network is B itself;
of the one-mode network of actors, B Bᵀ counts the events that two share, and B D Bᵀ weighs them. Nothing is asked of a
store here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import polars as pl

from kg.analysis.definitions import Definition, Side
from kg.analysis.network import Network, Origin, summed
from kg.errors import NetworkError, NetworkTooLargeError

if TYPE_CHECKING:
    from scipy import sparse

MOST_PAIRS = 20_000_000
"""Pairs that a one-mode network may come to: 400 MB of edges, and some 2 GB while they are made."""

Weighting = Literal["count", "newman"]


@dataclass(frozen=True)
class Choice:
    """What is chosen of a network that its rows leave open.

    Attributes
    ----------
    filters
        Column to the values that a row may have there.
    first, last
        Only records that had not ended before the first day and had begun by the last one; those without a day stay.
    dated
        Leave out records without a day: so are slices made.
    weighting
        ``count``: each shared event counts 1. ``newman``: each counts 1/(k−1), k being its number of actors, so that a
        project of a hundred does not bind each two of them as much as a project of two does.
    nodes
        Actors, events, or both, which gives a two-mode network; None for what the definition says.
    minimum
        Edges below this weight are left out, after all else.
    most
        Events with more actors than this are left out; None for no limit.
    isolates
        Keep nodes without edges.

    References
    ----------
    M. E. J. Newman (2001), Scientific collaboration networks II, Physical Review E 64, 016132, equation (2):
    w_ij = Σ_k δ_ik δ_jk / (n_k − 1), over events k with n_k ≥ 2 actors.
    """

    filters: tuple[tuple[str, frozenset[str]], ...] = ()
    first: date | None = None
    last: date | None = None
    dated: bool = False
    weighting: Weighting = "count"
    nodes: Side | None = None
    minimum: float = 0.0
    most: int | None = None
    isolates: bool = True


def project(
    rows: pl.DataFrame, definition: Definition, choice: Choice, source: Origin | None = None, *, pairs: int = MOST_PAIRS
) -> Network:
    """The network of rows as `kg.analysis.rows` gives them. Its nodes have no attributes yet.

    Raises
    ------
    NetworkError
        Weights are not above 0; a node is both actor and event; the definition has no days and some are asked for.
    NetworkTooLargeError
        It would have more pairs than are allowed; the text tells how many, and what makes it smaller.

    Notes
    -----
    Cost: O(Σ k²) over events with k actors. 933,764 parties of 466,882 contracts: 0.6 CPU s.
    """
    kept = chosen(rows, definition, choice)
    side = choice.nodes or definition.nodes
    source = source or Origin()
    if definition.form == "edges":
        network = _of_edges(kept, definition, source)
    elif side == "both":
        network = _two_mode(kept, source)
    else:
        network = _one_mode(kept, side, choice, replace(source, weighting=choice.weighting, side=side), pairs)
    return _trimmed(network, choice)


def chosen(rows: pl.DataFrame, definition: Definition, choice: Choice) -> pl.DataFrame:
    """The rows that a choice leaves; those of events with too many actors are not among them.

    Raises
    ------
    NetworkError
        Days are asked for, and the definition has none.
    """
    if not definition.dated and (choice.first or choice.last or choice.dated):
        raise NetworkError(f"{definition.name} does not tell when: it has no columns first and last")
    wanted = [pl.col(name).is_in(sorted(values)) for name, values in choice.filters]
    if choice.dated:
        wanted += [pl.col("first").is_not_null(), pl.col("last").is_not_null()]
    if choice.first:
        wanted.append((pl.col("last") >= choice.first).fill_null(value=True))
    if choice.last:
        wanted.append((pl.col("first") <= choice.last).fill_null(value=True))
    kept = rows.filter(wanted) if wanted else rows
    if choice.most is not None and definition.form == "incidence":
        kept = kept.filter(pl.col("actor").n_unique().over("event") <= choice.most)
    return kept


def slices(
    rows: pl.DataFrame, definition: Definition, choice: Choice, *, every: int = 1, window: int = 1
) -> Iterator[tuple[str, Choice]]:
    """Spans of years over the days of the rows, oldest first: a name (``2019``, ``2019/2021``), and the choice for it.

    Parameters
    ----------
    every
        Years from the begin of a span to the begin of the next, 1 or more.
    window
        Years of a span, 1 or more; spans overlap where it is above ``every``.

    Raises
    ------
    NetworkError
        The definition has no days, or a number is below 1.
    """
    if every < 1 or window < 1:
        raise NetworkError(f"slices are of 1 year or more, every 1 year or more, not {window} every {every}")
    kept = chosen(rows, definition, replace(choice, dated=True))
    if not kept.height:
        return
    years = kept.select(pl.col("first").dt.year().min().alias("first"), pl.col("last").dt.year().max().alias("last"))
    begin, end = years.row(0)
    begin = max(begin, choice.first.year) if choice.first else begin
    end = min(end, choice.last.year) if choice.last else end
    for year in range(begin, end + 1, every):
        last = year + window - 1
        first_day, last_day = date(year, 1, 1), date(last, 12, 31)
        name = f"{year:04}" if window == 1 else f"{year:04}/{last:04}"
        yield (
            name,
            replace(
                choice,
                dated=True,
                first=max(first_day, choice.first) if choice.first else first_day,
                last=min(last_day, choice.last) if choice.last else last_day,
            ),
        )


def behind(rows: pl.DataFrame, definition: Definition, choice: Choice, one: str, other: str) -> pl.DataFrame:
    """The records behind one edge of the network that the same choice gives.

    Returns
    -------
    A row for each record, sorted: ``record``, and where they are told ``first`` and ``last``. Of one-mode networks the
    records are what the two share: events of both actors, or actors of both events. Empty if there is no such edge.
    """
    kept = chosen(rows, definition, choice)
    told = [name for name in ("first", "last") if name in kept.columns]
    side = choice.nodes or definition.nodes
    if definition.form == "edges":
        found = _between(kept, "one", "other", one, other, directed=definition.directed)
        record = "record" if "record" in kept.columns else None
    elif side == "both":
        found = _between(kept, "actor", "event", one, other, directed=False)
        record = "record" if "record" in kept.columns else "event"
    else:
        node, record = ("actor", "event") if side == "actors" else ("event", "actor")
        those = kept.filter(pl.col(node).is_in([one, other]))
        found = those.filter(pl.col(node).n_unique().over(record) > 1) if one != other else those.clear()
    if record is None:
        return pl.DataFrame(schema={"record": pl.String})
    spans = [pl.col("first").min(), pl.col("last").max()] if len(told) > 1 else []
    return found.select(pl.col(record).alias("record"), *told).group_by("record").agg(*spans).sort("record")


def _between(rows: pl.DataFrame, left: str, right: str, one: str, other: str, *, directed: bool) -> pl.DataFrame:
    forth = (pl.col(left) == one) & (pl.col(right) == other)
    back = (pl.col(left) == other) & (pl.col(right) == one)
    return rows.filter(forth if directed else forth | back)


def _of_edges(rows: pl.DataFrame, definition: Definition, source: Origin) -> Network:
    edges = rows
    if "record" in rows.columns:
        pair = ["one", "other"]
        if not definition.directed:
            low, high = pl.min_horizontal(pair), pl.max_horizontal(pair)
            edges = edges.with_columns(low.alias("one"), high.alias("other"))
        edges = edges.unique([*pair, "record"], maintain_order=True)
    elif "weight" not in rows.columns and "records" in rows.columns:
        edges = rows.with_columns(pl.col("records").cast(pl.Float64).alias("weight"))
    weighting = "stated" if "weight" in rows.columns or "records" in rows.columns else "count"
    return Network.made(edges, directed=definition.directed, source=replace(source, weighting=weighting))


def _two_mode(rows: pl.DataFrame, source: Origin) -> Network:
    record = "record" if "record" in rows.columns else "event"
    ties = rows.select(pl.col("actor").alias("one"), pl.col("event").alias("other"), pl.col(record).alias("record"))
    counted = ties.unique().group_by("one", "other").agg(pl.len().alias("records")).sort("one", "other")
    edges = counted.with_columns(pl.col("records").cast(pl.Float64).alias("weight"))
    return Network.made(edges, two_mode=True, source=replace(source, weighting="count", side="both"))


def _one_mode(rows: pl.DataFrame, side: Side, choice: Choice, source: Origin, pairs: int) -> Network:
    node, event = ("actor", "event") if side == "actors" else ("event", "actor")
    names = rows[node].unique().sort().alias("iri")
    events = rows[event].unique()
    matrix = _matrix(rows, node, names, event, events)
    sizes = matrix.sum(axis=0)
    _refuse_more(int((sizes * (sizes - 1) // 2).sum()), pairs, int(sizes.max(initial=0)), source)
    nodes = pl.DataFrame([names, pl.Series("label", [None] * names.len(), dtype=pl.String)])
    edges = summed(_shared(matrix[:, sizes > 1], choice.weighting), directed=False)
    return Network(nodes, edges, source=source)


def _matrix(rows: pl.DataFrame, node: str, names: pl.Series, event: str, events: pl.Series) -> sparse.csc_array:
    """Ones where a node is in an event, however often that is told."""
    import numpy as np  # noqa: PLC0415 - with scipy 0.2 s, and a two-mode network needs neither
    from scipy import sparse  # noqa: PLC0415

    codes = rows.select(
        pl.col(node).cast(pl.Enum(names)).to_physical().alias("node"),
        pl.col(event).cast(pl.Enum(events)).to_physical().alias("event"),
    )
    ones = np.ones(codes.height, dtype=np.int64)
    places = (codes["node"].to_numpy(), codes["event"].to_numpy())
    matrix = sparse.csc_array((ones, places), shape=(names.len(), events.len()))
    matrix.data[:] = 1  # what is told twice was summed
    return matrix


def _shared(matrix: sparse.csc_array, weighting: Weighting) -> pl.DataFrame:
    """Edges of nodes that share events: how many, and their weight."""
    from scipy import sparse  # noqa: PLC0415

    counted = sparse.triu(matrix @ matrix.T, k=1).tocoo()
    columns = {"source": counted.row, "target": counted.col, "weight": counted.data, "records": counted.data}
    edges = pl.DataFrame({name: pl.Series(values) for name, values in columns.items()})
    if weighting == "newman":
        sizes = matrix.sum(axis=0)
        weighed = sparse.triu((matrix * (1.0 / (sizes - 1))) @ matrix.T, k=1).tocoo()
        weights = pl.DataFrame({"source": weighed.row, "target": weighed.col, "weight": weighed.data})
        edges = edges.drop("weight").join(weights, on=["source", "target"], how="left")
    return edges.select("source", "target", pl.col("weight").cast(pl.Float64), "records")


def _refuse_more(estimate: int, pairs: int, largest: int, source: Origin) -> None:
    if estimate > pairs:
        raise NetworkTooLargeError(
            f"{source.definition or 'the network'} would have up to {estimate:,} pairs, and {pairs:,} are allowed; its"
            f" largest event has {largest:,} actors: leave such events out (most=100), choose a shorter time or fewer"
            " records, or take the two-mode network (nodes=both), which has one edge for each actor of an event"
        )


def _trimmed(network: Network, choice: Choice) -> Network:
    if choice.minimum > 0:
        edges = network.edges.filter(pl.col("weight") >= choice.minimum)
        source = replace(network.source, minimum=choice.minimum)
        network = replace(network, edges=edges, source=source)
    return network if choice.isolates else network.without_isolates()
