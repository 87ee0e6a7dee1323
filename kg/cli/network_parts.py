"""Commands that look into a network: network paths, ego, backbone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from kg.analysis import describing
from kg.analysis.network import Network
from kg.cli import network_printing as printing
from kg.cli.network_options import Distance, Name, Where, Written, expanded, file_format
from kg.cli.options import Json
from kg.cli.printing import note, print_json, print_table, say
from kg.errors import ConfigError
from kg.export.networks import write


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    for command in (paths, ego, backbone):
        app.command()(expanded(command))


def paths(
    name: Name,
    one: Annotated[str, typer.Argument(metavar="FROM", help="IRI of a node, or the last part of it.")],
    other: Annotated[str, typer.Argument(metavar="TO", help="Another one.")],
    where: Where,
    number: Annotated[
        int,
        typer.Option(
            "-n",
            "--number",
            min=0,
            max=1_000,
            help="So many paths, from the shortest on; else all that are shortest, at most 10.",
            show_default=False,
        ),
    ] = 0,
    distance: Distance = "hops",
    json: Json = False,
) -> None:
    """Find the ways from one node to another, the shortest first.

    kg network paths co-authored-reports ncste istic --number 3
    """
    from kg.analysis.paths import nearest_paths, shortest_paths  # noqa: PLC0415 - scipy; other commands need it not

    with where.asking(name) as (asking, step):
        network = asking.network()
        start, end = (describing.node(network, text) for text in (one, other))
        step("searching")
        if number:
            found = nearest_paths(network, start, end, number=number, distance=distance)
        else:
            found = shortest_paths(network, start, end, distance=distance)
    told = describing.summary(network) | {"from": start, "to": end, "distance": distance}
    if json:
        print_json(told | {"paths": [describing.path(network, each) for each in found]})
        return
    printing.say_origin(network)
    say(f"size        {network.order:,} nodes, {network.size:,} edges\n")
    if not found:
        note(f"no path leads from {one} to {other}")
        return
    labels = dict(network.nodes.select("iri", "label").iter_rows())
    rows = [
        (
            f"{each.length:,.6g}",
            " > ".join(printing.shown(iri, labels[iri]) for iri in each.nodes),
            ", ".join(f"{weight:,.6g}" for weight in each.weights),
        )
        for each in found
    ]
    print_table(("length", "path", "weights"), rows)


def ego(
    name: Name,
    nodes: Annotated[list[str], typer.Argument(metavar="NODE", help="IRIs of nodes, or their last parts.")],
    where: Where,
    written: Written,
    radius: Annotated[int, typer.Option(min=0, help="Steps from one of the nodes, directions not minded.")] = 1,
) -> None:
    """Cut a network down to what is around nodes: all within some steps, and the edges among these.

    kg network ego co-authored-reports ncste --radius 2 -o around.graphml
    """
    from kg.analysis.paths import around  # noqa: PLC0415 - scipy; other commands need it not

    def part(network: Network) -> Network:
        return around(network, [describing.node(network, text) for text in nodes], radius=radius)

    _give(name, where, written, part)


def backbone(
    name: Name,
    where: Where,
    written: Written,
    alpha: Annotated[float, typer.Option(min=0, max=1, help="Level: less keeps fewer edges.")] = 0.05,
    isolates: Annotated[bool, typer.Option("--isolates", help="Keep nodes that are left without edges.")] = False,
) -> None:
    """Cut a network down to the edges that are stronger than chance would have them (Serrano et al. 2009).

    kg network backbone co-authored-reports --alpha 0.1 -o backbone.gexf
    """
    from kg.analysis.measures import backbone as kept  # noqa: PLC0415 - scipy; other commands need it not

    def part(network: Network) -> Network:
        return kept(network, alpha=alpha, isolated=isolates)

    _give(name, where, written, part)


def _give(name: str, where: Where, written: Written, part: Callable[[Network], Network]) -> None:
    """Print a part of a network, or write it; where a file is asked for its format is looked at first."""
    chosen = file_format(written.format, written.output) if written.output else None
    if written.format and not chosen:
        raise ConfigError("--format is that of a file; say which with -o, or print with --json")
    with where.asking(name) as (asking, _):
        whole = asking.network()
        network = part(whole)
    if chosen and written.output:
        files = write(network, chosen, written.output)
        printing.say_files([{"file": str(path), **describing.summary(network)} for path in files], written.json)
        return
    printing.show(network, written.json, most=written.top)
    note(f"{network.order:,} of {whole.order:,} nodes and {network.size:,} of {whole.size:,} edges")
