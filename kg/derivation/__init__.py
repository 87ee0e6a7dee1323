"""Derivation: what tables cannot compute and a release must hold.

Comes in: the staged store, without ``graph/derived``. Goes out: every quad of ``graph/derived`` (days of periods,
cells, bounds, links to data sets, derived observations, derivations, conversions of currency). It never changes what a
source stated, and the same input gives the same quads.

`intervals` computes bounds, `figures` reads observations and builds cell keys, `partitions` reads what adds up,
`quotients` says what is divided by what, `rules` makes new figures within one document, `series` growth across
documents, `records` figures from the records of a register, `conversions` finds rates, `statements` writes quads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pyoxigraph import Quad

from kg import iris
from kg.derivation import conversions, figures, partitions, periods, records, rules, series, statements
from kg.derivation.conversions import Conversion
from kg.derivation.figures import Figure, Key
from kg.derivation.records import Counted
from kg.derivation.rules import Derived
from kg.store.base import Store, text_of
from kg.vocabulary import TT

__all__ = ["derive"]

_ADDITIVE = f"SELECT DISTINCT ?member WHERE {{ ?member <{TT.isAdditive}> true }}"
_MONEY = f"SELECT DISTINCT ?member WHERE {{ ?member a <{TT.Unit}> ; <{TT.unitKind}> <{iris.concept('code/money')}> }}"


def derive(store: Store, *, counted: Iterable[Counted] | None = None) -> Iterable[Quad]:
    """The quads of ``graph/derived`` for what the other graphs of a store hold.

    Parameters
    ----------
    counted
        Figures from records, where it is known what the rules give (`records.known`); else the rules are asked.

    Raises
    ------
    SourceError
        A value, a period or the partitions make no sense; the text names them.

    Notes
    -----
    Cost: one query per property and kind of input; time and memory linear in the number of observations.
    """
    graphs = [graph for graph in store.graphs() if graph not in (iris.GRAPH_DERIVED, iris.GRAPH_META)]
    stated = figures.read(store, graphs)
    operands = figures.current(stated, store, graphs)
    derived = list(_derived(store, graphs, operands))
    made = list(_conversions(store, graphs, operands))
    of_records = list(records.counted(store, graphs) if counted is None else counted)
    counted_in = {item.figure.key.period for item in of_records}
    used = dict(periods.used(store, graphs)) | {period: iris.period_days(period) for period in counted_in}
    everything = [*stated, *(item.figure for item in derived), *(item.figure for item in of_records)]
    return chain(
        chain.from_iterable(statements.period(*period) for period in used.items()),
        chain.from_iterable(statements.cell(key) for key in _keys(everything)),
        chain.from_iterable(statements.completion(figure) for figure in stated),
        statements.dataset(),
        chain.from_iterable(statements.observation(item) for item in derived),
        chain.from_iterable(statements.counted(item) for item in of_records),
        chain.from_iterable(statements.conversion(item) for item in made),
    )


def _derived(store: Store, graphs: Sequence[str], operands: Sequence[Figure]) -> Iterator[Derived]:
    known, additive = partitions.read(store, graphs), _members(store, graphs, _ADDITIVE)
    for context in figures.by_context(operands):
        yield from rules.derive(context, known, additive)
    yield from series.across(operands, series.standings(store, graphs))


def _conversions(store: Store, graphs: Sequence[str], operands: Iterable[Figure]) -> Iterator[Conversion]:
    money = _members(store, graphs, _MONEY)
    for context in figures.by_context(operands):
        yield from conversions.conversions(context, money)


def _members(store: Store, graphs: Sequence[str], query: str) -> frozenset[str]:
    return frozenset(text_of(row["member"]) for row in store.select(query, graphs=graphs))


def _keys(made: Iterable[Figure]) -> list[Key]:
    """The key of every cell, those of the wholes of shares too, once each and in order."""
    keys = {key.text: key for figure in made for key in (figure.key, figure.key.of) if key}
    return [keys[text] for text in sorted(keys)]
