"""Networks of a release, for command line and service: defined, projected, described, cut; their slices and records.

The one place that joins definition, rows, projection and attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce

import polars as pl

from kg.analysis import attributes, parameters, projection
from kg.analysis.definitions import Definition
from kg.analysis.network import Network, Origin
from kg.analysis.parameters import Asked
from kg.analysis.projection import MOST_PAIRS, Choice
from kg.analysis.rows import Place, digest_of, rows
from kg.errors import ParameterError
from kg.queries.labels import ENGLISH
from kg.store.release import Release
from kg.vocabulary import shortened

_SHOWN = 12


@dataclass(frozen=True)
class Asking:
    """A definition as it was asked of a place: its rows are read once, and all networks of it made from them.

    Attributes
    ----------
    attributes
        Whether nodes get attributes; without, they have IRIs only, and cannot be cut by what they are.
    """

    place: Place
    definition: Definition
    asked: Asked
    rows: pl.DataFrame
    attributes: bool = True
    language: str = ENGLISH
    pairs: int = MOST_PAIRS

    @classmethod
    def of(
        cls,
        place: Place,
        definition: Definition,
        given: Mapping[str, str] | None = None,
        *,
        attributes: bool = True,
        language: str = ENGLISH,
        pairs: int = MOST_PAIRS,
    ) -> Asking:
        """Ask for a network.

        Parameters
        ----------
        given
            Texts by name of parameter (`kg.analysis.parameters.known`).

        Raises
        ------
        ParameterError, NetworkError, NetworkTooLargeError
            See `kg.analysis.parameters.read` and `kg.analysis.rows.rows`.
        """
        asked = parameters.read(definition, given or {})
        found = rows(place, definition, asked.values)
        _refuse_unknown(found, definition, asked)
        return cls(place, definition, asked, found, attributes, language, pairs)

    @property
    def origin(self) -> Origin:
        """Where its networks come from."""
        return origin(self.place.release, self.definition, self.asked)

    def network(self) -> Network:
        """The network; errors as for `kg.analysis.projection.project`."""
        return self._made(self.asked.choice, self.origin)

    def slices(self, *, every: int = 1, window: int = 1) -> Iterator[Network]:
        """The network of each span of years, oldest first; what is left out for want of a day is `undated`."""
        spans = projection.slices(self.rows, self.definition, self.asked.choice, every=every, window=window)
        for name, choice in spans:
            yield self._made(choice, replace(self.origin, slice=name))

    @property
    def undated(self) -> int:
        """Rows without a day: no slice has them, and no span of time leaves them out."""
        if not self.definition.dated:
            return self.rows.height
        return self.rows.filter(pl.col("first").is_null() | pl.col("last").is_null()).height

    def behind(self, one: str, other: str) -> pl.DataFrame:
        """The records behind the edge of two nodes; see `kg.analysis.projection.behind`."""
        return projection.behind(self.rows, self.definition, self.asked.choice, one, other)

    def _made(self, choice: Choice, origin: Origin) -> Network:
        cut = bool(self.asked.cuts)
        network = projection.project(
            self.rows, self.definition, replace(choice, isolates=choice.isolates or cut), origin, pairs=self.pairs
        )
        if self.attributes or cut:
            network = attributes.described(network, self.place, language=self.language)
        if cut:
            network = _cut(network, self.asked)
        return network if choice.isolates else network.without_isolates()


def origin(release: Release | None, definition: Definition, asked: Asked) -> Origin:
    """Where the networks of a definition come from, as far as it is known before one is made."""
    return Origin(
        definition=definition.query.name,
        query_digest=definition.digest,
        release=release.id if release else "",
        release_digest=digest_of(release),
        parameters=asked.given,
    )


def _refuse_unknown(found: pl.DataFrame, definition: Definition, asked: Asked) -> None:
    """A value that no row has is a mistake or an empty network; saying what there is tells the two apart."""
    if not found.height:
        return
    for name, wanted in asked.choice.filters:
        there = found[name].drop_nulls().unique().sort()
        missing = sorted(wanted - set(there)) if name in asked.given else []
        if missing:
            shown = ", ".join(map(shortened, there.head(_SHOWN).to_list())) or "nothing"
            more = f" and {there.len() - _SHOWN:,} more" if there.len() > _SHOWN else ""
            raise ParameterError(name, f"what the records of {definition.name} have: {shown}{more}; not {missing[0]}")


def _cut(network: Network, asked: Asked) -> Network:
    """Only the nodes that have one of the wanted values in one of the attributes, for each cut."""
    there = [_has(network.nodes, names, values) for names, values in asked.cuts]
    keep = network.nodes.with_row_index("index").filter(reduce(lambda one, other: one & other, there))["index"]
    return network.subnetwork(keep)


def _has(nodes: pl.DataFrame, names: tuple[str, ...], values: frozenset[str]) -> pl.Expr:
    wanted = sorted(values)
    tests = [
        pl.col(name).list.eval(pl.element().is_in(wanted)).list.any()
        if isinstance(nodes.schema[name], pl.List)
        else pl.col(name).is_in(wanted)
        for name in names
        if name in nodes.columns
    ]
    return reduce(lambda one, other: one | other, [test.fill_null(value=False) for test in tests], pl.lit(value=False))
