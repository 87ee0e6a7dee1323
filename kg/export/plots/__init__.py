"""Plots of networks as SVG or PNG: data in, a picture and its table out, the same each time.

Each has a title and a description in words for those who do not see it, and says which network it is of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from kg.analysis.measures import Measured, measure
from kg.errors import AnalysisError, ParameterError
from kg.export.networks.measured import table_csv
from kg.export.plots import png, sliced, whole
from kg.export.plots.drawing import Plotted

if TYPE_CHECKING:
    from kg.analysis.network import Network

_WHOLE: Mapping[str, Callable[[Network], Plotted]] = {"degrees": whole.degrees, "brokers": whole.brokers}
COMMUNITIES = "communities"
"""The plot that takes slices of time."""
PLOTS = (*_WHOLE, COMMUNITIES)
"""Plots by name: the distribution of degrees, the nodes of most betweenness, communities in slices of time."""
FORMATS: Mapping[str, str] = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv"}
"""Media types by ending; csv is the table of what a plot shows."""


def leiden(network: Network) -> Measured:
    """Communities by Leiden, with its usual seed."""
    return measure(network, "leiden")


def plot(
    network: Network,
    name: str,
    slices: Iterable[Network] = (),
    divide: Callable[[Network], Measured] = leiden,
) -> Plotted:
    """A plot, and what it shows as a table.

    Parameters
    ----------
    slices
        The network in slices of time, oldest first (`kg.analysis.networks.Asking.slices`); for ``communities`` only.
    divide
        What finds communities; of directed networks, in which edges both ways were taken as one.

    Raises
    ------
    ParameterError
        There is no plot of this name.
    AnalysisError
        The network, or each slice of it, has no edge, so there is nothing to show.
    NetworkError
        As of ``slices``: its records have no days.
    """
    if name not in PLOTS:
        raise ParameterError("plot", f"one of {', '.join(PLOTS)}", tuple(PLOTS))
    if not network.size:
        raise AnalysisError("the network has no edge, so there is nothing to plot: widen the period or drop a filter")
    return _WHOLE[name](network) if name in _WHOLE else sliced.communities(network, slices, divide)


def check(ending: str) -> None:
    """Raise ConfigError, with how to install it, if a format takes an extra that is missing."""
    if ending == "png":
        png.check()


def written(found: Plotted, ending: str) -> bytes:
    """A plot as a file of one of `FORMATS`; errors as of `check`."""
    if ending == "png":
        return png.png(found.svg)
    return (table_csv(found.table) if ending == "csv" else found.svg).encode()
