"""Commands that measure networks: network measure, communities."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli.networks import Given, Language, values
from kg.cli.options import DataDir, ReleaseName


class Form(StrEnum):
    """How values are printed or written."""

    table = "table"
    csv = "csv"
    json = "json"


Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A network, or a query file of yours (.rq).", show_default=False)
]
Setting = Annotated[
    list[str] | None,
    typer.Option(
        "-s", "--set", metavar="NAME=VALUE", help="A parameter of a measure; as often as needed.", show_default=False
    ),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="What chance begins from.", show_default=False)]
Engine = Annotated[
    str,
    typer.Option("--engine", metavar="NAME", help="Library that computes; else the cheapest.", show_default=False),
]
Undirected = Annotated[bool, typer.Option("--undirected", help="Take edges both ways as one.")]
Top = Annotated[int | None, typer.Option("--top", min=1, help="Rows; 20 on a terminal, else all.", show_default=False)]
Format = Annotated[Form, typer.Option("--format", help="How to print or write.")]
Output = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE", help="File to write, with its provenance beside it."),
]
Limit = Annotated[
    float | None,
    typer.Option(
        "--limit",
        min=0,
        help="CPU seconds that a measure may take; 1800, 0 for any.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("measure")(measure_)
    app.command()(communities)


def measure_(
    name: Name = "",
    measures: Annotated[
        list[str] | None,
        typer.Option("-m", "--measure", help="Measures, parted by commas; degree if left out.", show_default=False),
    ] = None,
    given: Given = None,
    samples: Annotated[
        int | None, typer.Option(min=0, help="Estimate betweenness from so many nodes.", show_default=False)
    ] = None,
    seed: Seed = None,
    distance: Annotated[str, typer.Option(help="Edges are hops, or inverse: 1/weight long.", show_default=False)] = "",
    by: Annotated[str, typer.Option(help="Attribute of the nodes: modules, or what mixes.", show_default=False)] = "",
    setting: Setting = None,
    engine: Engine = "",
    undirected: Undirected = False,
    top: Top = None,
    form: Format = Form.table,
    output: Output = None,
    limit: Limit = None,
    release: ReleaseName = "",
    language: Language = "en",
    data_dir: DataDir = None,
) -> None:
    """Measure a network: values by node, edge or for the whole, the highest first; without NAME list the measures.

    kg network measure co-authored-reports -m betweenness,pagerank --top 10
    """
    from kg.cli import measured  # noqa: PLC0415 - half a second, and other commands need it not

    if not name:
        measured.listed(measures or [], form.value)
        return
    options: dict[str, Any] = {"samples": samples, "seed": seed, "distance": distance or None, "by": by or None}
    measured.measured(
        measured.Where(name, given, undirected, release, language, data_dir),
        measured.How(engine, limit, form.value, output, top),
        measures or ["degree"],
        _stated(options) | values(setting),
    )


def communities(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A network, or a query file of yours (.rq).")],
    method: Annotated[str, typer.Option(help="leiden or louvain.")] = "leiden",
    resolution: Annotated[float, typer.Option(help="More finds smaller communities.")] = 1.0,
    runs: Annotated[int, typer.Option(min=1, help="Runs with seeds one after another; the best counts.")] = 5,
    given: Given = None,
    seed: Seed = None,
    setting: Setting = None,
    engine: Engine = "",
    undirected: Undirected = False,
    top: Top = None,
    form: Format = Form.table,
    output: Output = None,
    limit: Limit = None,
    release: ReleaseName = "",
    language: Language = "en",
    data_dir: DataDir = None,
) -> None:
    """Divide a network into communities, and tell how far they depend on the seed.

    The table has a row for each community; CSV and JSON have one for each node.
    """
    from kg.cli import measured  # noqa: PLC0415 - half a second, and other commands need it not

    options: dict[str, Any] = {"resolution": resolution, "runs": runs, "seed": seed}
    measured.divided(
        measured.Where(name, given, undirected, release, language, data_dir),
        measured.How(engine, limit, form.value, output, top),
        method,
        _stated(options) | values(setting),
    )


def _stated(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}
