"""Commands that measure networks: network measure, communities."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from kg.cli.network_options import By, Distance, Every, Name, Out, Where, Window, expanded, stated, values


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("measure")(expanded(measure_))
    app.command()(expanded(communities))


def measure_(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A network, or a query file of yours (.rq).", show_default=False)
    ] = "",
    measures: Annotated[
        list[str] | None,
        typer.Option("-m", "--measure", help="Measures, parted by commas; degree if left out.", show_default=False),
    ] = None,
    samples: Annotated[
        int | None, typer.Option(min=0, help="Estimate betweenness from so many nodes.", show_default=False)
    ] = None,
    distance: Distance = "",
    by: Annotated[str, typer.Option(help="Attribute of the nodes: modules, or what mixes.", show_default=False)] = "",
    *,
    where: Where,
    how: By,
    out: Out,
) -> None:
    """Measure a network: values by node, edge or for the whole, the highest first; without NAME list the measures.

    kg network measure co-authored-reports -m betweenness,pagerank --top 10
    """
    from kg.cli import measured, value_printing  # noqa: PLC0415 - half a second, and other commands need it not

    if not name:
        value_printing.listed(measures or [], out.form)
        return
    options: dict[str, Any] = {"samples": samples, "seed": how.seed, "distance": distance or None, "by": by or None}
    asked = stated(options) | values(how.setting)
    measured.measured(measured.Asked(name, where, how, out), measures or ["degree"], asked)


def communities(
    name: Name,
    method: Annotated[str, typer.Option(help="leiden or louvain.")] = "leiden",
    resolution: Annotated[float, typer.Option(help="More finds smaller communities.")] = 1.0,
    runs: Annotated[int, typer.Option(min=1, help="Runs with seeds one after another; the best counts.")] = 5,
    every: Every = 0,
    window: Window = 0,
    *,
    where: Where,
    how: By,
    out: Out,
) -> None:
    """Divide a network into communities, and tell how far they depend on the seed; with --every in each slice of time.

    The table has a row for each community, or for each slice; CSV and JSON have one for each node.
    """
    from kg.cli import measured  # noqa: PLC0415 - half a second, and other commands need it not

    options: dict[str, Any] = {"resolution": resolution, "runs": runs, "seed": how.seed}
    asked = stated(options) | values(how.setting)
    whole = measured.Asked(name, where, how, out)
    if every:
        measured.followed(whole, method, asked, every, window)
    else:
        measured.divided(whole, method, asked)
