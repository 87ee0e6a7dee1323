"""What a measure is, and what measuring gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import polars as pl

from kg.errors import ParameterError

if TYPE_CHECKING:
    from kg.analysis.engines import Forms
    from kg.analysis.network import Network, Origin

Value = bool | int | float | str


class Gives(StrEnum):
    """What a measure has values for."""

    nodes = "nodes"
    edges = "edges"
    network = "network"


@dataclass(frozen=True)
class Parameter:
    """A parameter of a measure: its type is that of its default.

    Attributes
    ----------
    choices
        All values that it may have, if they are few.
    minimum, maximum
        Of numbers; both are allowed.
    """

    name: str
    default: Value
    description: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def read(self, given: Value) -> Value:
        """A value of its type, from one or from its text. Raises ParameterError with what is expected."""
        try:
            value = self._typed(given)
        except (TypeError, ValueError, KeyError) as error:
            raise ParameterError(self.name, self.expected) from error
        if isinstance(value, str):
            if self.choices and value not in self.choices:
                raise ParameterError(self.name, self.expected)
            return value
        below = self.minimum is not None and value < self.minimum
        if below or (self.maximum is not None and value > self.maximum) or value != value:  # noqa: PLR0124 - NaN
            raise ParameterError(self.name, self.expected)
        return value

    def _typed(self, given: Value) -> Value:
        if isinstance(self.default, bool):
            if isinstance(given, bool):
                return given
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[str(given).lower()]
        if isinstance(self.default, int):
            if isinstance(given, float) and not given.is_integer():
                raise ValueError(given)
            return int(given)
        return type(self.default)(given)

    @property
    def expected(self) -> str:
        """What its values are, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if isinstance(self.default, bool):
            return "true or false"
        kind = {int: "a whole number", float: "a number"}.get(type(self.default), "a text")
        bounds = [f"from {self.minimum:g}"] if self.minimum is not None else []
        bounds += [f"to {self.maximum:g}"] if self.maximum is not None else []
        return " ".join([kind, *bounds])


@dataclass(frozen=True)
class Work:
    """What a measure is computed from: a network, its forms, the parameters, and who is told how far it is."""

    network: Network
    forms: Forms
    parameters: Mapping[str, Value]
    progress: Callable[[str], None]

    def number(self, name: str) -> float:
        """A parameter that is a number."""
        return float(self.parameters[name])

    def whole(self, name: str) -> int:
        """A parameter that is a whole number."""
        return int(self.parameters[name])

    def text(self, name: str) -> str:
        """A parameter that is a text."""
        return str(self.parameters[name])

    def true(self, name: str) -> bool:
        """A parameter that is true or false."""
        return bool(self.parameters[name])


Columns = Mapping[str, Any]
"""Values by column: arrays with a value a node, frames' columns for edges, single values for a network."""


@dataclass(frozen=True)
class Result:
    """What an engine computed.

    Attributes
    ----------
    columns
        See `Columns`; of edges ``source`` and ``target`` (indices) stand among them.
    notes
        What must be known to read the values: how a sample erred, that something was not unique.
    told
        Single values about the whole: a modularity, a number of communities, a bound.
    """

    columns: Columns
    notes: tuple[str, ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """A measure as it is documented, and as it is offered on the command line, over HTTP and in the README.

    Attributes
    ----------
    name, title
        What it is called where it is asked for, and in a sentence.
    definition
        What its number is, as a formula in words.
    source
        Paper with its equation.
    cost
        As O(...), n nodes and m edges.
    weights
        How weights are understood: as strengths, as distances after 1/w, or not at all.
    misleads
        When the number says something else than one may think.
    undirected, one_mode
        Whether it is defined only for networks without directions, or with one kind of node.
    cheaper
        What to do where it would take too long.
    """

    name: str
    title: str
    definition: str
    source: str
    cost: str
    weights: str
    misleads: str
    gives: Gives = Gives.nodes
    parameters: tuple[Parameter, ...] = ()
    undirected: bool = False
    one_mode: bool = False
    cheaper: str = "take a part of the network: a minimum weight, a shorter period, the backbone"

    def read(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """All its parameters with the values given, and the defaults of the others.

        Raises
        ------
        ParameterError
            One is unknown, of another type or out of its range.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                there = f"one of {', '.join(known)}" if known else "none"
                raise ParameterError(name, f"{there}, which is what {self.name} takes")
        return {name: each.read(given.get(name, each.default)) for name, each in known.items()}


@dataclass(frozen=True)
class Measured:
    """Values of a measure, and all that is needed to get them again.

    Attributes
    ----------
    values : frame
        Of nodes: ``iri``, ``label`` and the columns of the measure, in the order of the network's nodes; of edges:
        ``one`` and ``other`` (IRIs) and the columns; of a network: one row.
    engine, version
        Which library computed it. `kg` itself stands behind ``scipy``.
    parameters
        All of them, those that were not given with their defaults; the seed among them.
    notes, told
        See `Result`.
    origin
        Which network it was: release, definition, parameters of that.
    """

    measure: str
    gives: Gives
    values: pl.DataFrame
    engine: str
    version: str
    parameters: Mapping[str, Value]
    notes: tuple[str, ...]
    told: Mapping[str, Any]
    origin: Origin

    @property
    def columns(self) -> list[str]:
        """The columns that hold values."""
        return [name for name in self.values.columns if name not in {"iri", "label", "one", "other"}]

    def provenance(self) -> dict[str, Any]:
        """Everything but the values, as plain data."""
        return {
            "measure": self.measure,
            "engine": self.engine,
            "version": self.version,
            "parameters": dict(self.parameters),
            "notes": list(self.notes),
            "told": dict(self.told),
            "network": self.origin.told() | {"digest": self.origin.digest},
        }
