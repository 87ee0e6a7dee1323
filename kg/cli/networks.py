"""Commands about networks: network list, show, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kg.analysis import definitions, describing, parameters
from kg.analysis.definitions import Definition
from kg.cli import network_printing as printing
from kg.cli.network_options import Every, FormatName, Name, Where, Window, expanded, file_format, made
from kg.cli.options import Json
from kg.cli.printing import note, print_json, print_table, say
from kg.errors import ConfigError
from kg.export.networks import beside, write

app = typer.Typer(help="Collaboration networks of a release: projected, told of, written.", no_args_is_help=True)


@app.command("list")
def list_(json: Json = False) -> None:
    """List the networks that are defined; kg network show NAME --about tells what one takes."""
    known = definitions.load()
    if json:
        print_json([describing.told(definition) for definition in known.values()])
        return
    rows = [(name, describing.form(each), ", ".join(_own(each)), each.query.summary) for name, each in known.items()]
    print_table(("network", "form", "own parameters", "made from"), rows)
    common = ", ".join(each.name for each in parameters.COMMON)
    note(f"all take, where it makes sense: {common}")


@app.command()
@expanded
def show(
    name: Name,
    where: Where,
    every: Every = 0,
    window: Window = 0,
    between: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="ONE OTHER", help="The records behind the edge of two nodes.", show_default=False),
    ] = None,
    about: Annotated[
        bool, typer.Option("--about", help="What the network is and takes; nothing is projected.")
    ] = False,
    json: Json = False,
) -> None:
    """Project a network and tell its origin, its size and its heaviest edges; or its slices; or the records of an edge.

    Nodes are named by IRIs, or by the last part of one: kg network show co-participation --between ncste istic
    """
    if about:
        printing.describe(definitions.find(name), json)
        return
    with where.asking(name) as (asking, _):
        if between:
            printing.show_records(asking, between, json)
        elif every:
            printing.show_slices(asking, list(made(asking, every, window)), json)
        else:
            printing.show(asking.network(), json)


@app.command()
@expanded
def export(
    name: Name,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="File to write.")],
    where: Where,
    format: FormatName = "",
    every: Every = 0,
    window: Window = 0,
    json: Json = False,
) -> None:
    """Write a network to a file that other programs open; with --every a file for each slice of time.

    A file appears when it is whole. CSV becomes two, of edges and of nodes.
    """
    chosen = file_format(format, output)
    written: list[dict[str, Any]] = []
    with where.asking(name) as (asking, _):
        for network in made(asking, every, window):
            paths = write(network, chosen, _sliced(output, network.source.slice))
            written += [{"file": str(path), **describing.summary(network)} for path in paths]
    printing.say_files(written, json)
    if not written:
        note("no slice: no record has a day")


@app.command("plot")
@expanded
def plot_(
    name: Name,
    plot: Annotated[str, typer.Argument(metavar="PLOT", help="degrees, brokers or communities.")],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", metavar="FILE", help="File to write: .svg, .png (an extra), or .csv for its table."
        ),
    ],
    where: Where,
    every: Annotated[
        int, typer.Option("--every", metavar="YEARS", min=0, help="Slices of communities; 1.", show_default=False)
    ] = 0,
) -> None:
    """Plot how many neighbours nodes have, which are between most others, or communities over time.

    kg network plot co-authored-reports communities --every 1 -o communities.svg
    """
    from kg.export import plots  # noqa: PLC0415 - scipy takes a while, and other commands need it not

    ending = output.suffix.lower().removeprefix(".")
    if ending not in plots.FORMATS:
        raise ConfigError(f"{output.name}: plots are written as .{', .'.join(plots.FORMATS)}")
    if every and plot != plots.COMMUNITIES:
        raise ConfigError(f"--every is for slices of {plots.COMMUNITIES}; {plot} is of the whole network")
    plots.check(ending)
    with where.asking(name) as (asking, step):
        network = asking.network()
        step("plotting")
        found = plots.plot(network, plot, asking.slices(every=every or 1, window=every or 1))
        content = plots.written(found, ending)
        with beside([output]) as (draft,):
            draft.write_bytes(content)
    say(f"{output}: {plot} of {network.order:,} nodes, digest {network.source.digest}")


@app.command("layout")
@expanded
def layout_(
    name: Name,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="File to write, .json or .gexf.")],
    where: Where,
    algorithm: Annotated[
        str, typer.Option(help="forceatlas2, pivotmds or drl; by the size if left out.", show_default=False)
    ] = "",
    seed: Annotated[int, typer.Option(min=0, help="What it begins from.")] = 1,
) -> None:
    """Place the nodes of a network in the plane, and write it with their places; they are kept with the release."""
    from kg.analysis import layouts  # noqa: PLC0415 - scipy takes a while, and other commands need it not

    chosen = file_format("", output)
    if chosen.name not in {"json", "gexf"}:
        raise ConfigError(f"{output.name} has no room for places; write .json or .gexf")
    with where.asking(name) as (asking, step):
        network = asking.network()
        step("placing nodes")
        found = layouts.kept(asking.place.release, network, algorithm, seed=seed)
        write(layouts.placed(network, found), chosen, output)
    say(f"{output}: {network.order:,} nodes placed by {found.made_by}")


def _sliced(output: Path, name: str) -> Path:
    part = name.replace("/", "-")
    return output.with_name(f"{output.stem}.{part}{output.suffix}") if part else output


def _own(definition: Definition) -> list[str]:
    return [each.name for each in (*definition.query.parameters, *definition.filters)]
