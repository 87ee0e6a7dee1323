"""Commands about networks: network list, show, export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.analysis import definitions, describing, parameters
from kg.analysis.definitions import Definition
from kg.analysis.network import Network
from kg.analysis.networks import Asking
from kg.analysis.rows import Place
from kg.cli.opening import opened
from kg.cli.options import DataDir, Json, ReleaseName
from kg.cli.printing import note, out, print_json, print_table, say, steps
from kg.errors import ConfigError, ParameterError
from kg.export import networks as files
from kg.queries import Parameter
from kg.vocabulary import shortened

app = typer.Typer(help="Collaboration networks of a release: projected, told of, written.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A network, or a query file of yours (.rq).")]
Given = Annotated[
    list[str] | None,
    typer.Option(
        "-p", "--parameter", metavar="NAME=VALUE", help="A parameter; as often as needed.", show_default=False
    ),
]
Every = Annotated[
    int,
    typer.Option(
        "--every", metavar="YEARS", min=0, help="Slices of time: years from one to the next.", show_default=False
    ),
]
Window = Annotated[
    int,
    typer.Option(
        "--window", metavar="YEARS", min=0, help="Years that a slice is long; else as --every.", show_default=False
    ),
]
Language = Annotated[str, typer.Option("--lang", metavar="TAG", help="Language of labels where there is one.")]


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
def show(
    name: Name,
    given: Given = None,
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
    release: ReleaseName = "",
    language: Language = "en",
    data_dir: DataDir = None,
) -> None:
    """Project a network and tell its origin, its size and its heaviest edges; or its slices; or the records of an edge.

    Nodes are named by IRIs, or by the last part of one: kg network show co-participation --between ncste istic
    """
    definition = definitions.find(name)
    if about:
        _describe(definition, json)
        return
    with _asked(definition, given, data_dir, release, language) as asking:
        if between:
            _show_records(asking, between, json)
        elif every:
            _show_slices(asking, every, window, json)
        else:
            _show(asking.network(), json)


@app.command()
def export(
    name: Name,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="File to write.")],
    format: Annotated[
        str,
        typer.Option(help=f"{', '.join(files.FORMATS)}; by the ending of the file if left out.", show_default=False),
    ] = "",
    given: Given = None,
    every: Every = 0,
    window: Window = 0,
    json: Json = False,
    release: ReleaseName = "",
    language: Language = "en",
    data_dir: DataDir = None,
) -> None:
    """Write a network to a file that other programs open; with --every a file for each slice of time.

    A file appears when it is whole. CSV becomes two, of edges and of nodes.
    """
    chosen = _format(format, output)
    definition = definitions.find(name)
    written: list[dict[str, Any]] = []
    with _asked(definition, given, data_dir, release, language) as asking:
        made = asking.slices(every=every, window=window or every) if every else iter([asking.network()])
        for network in made:
            paths = files.write(network, chosen, _sliced(output, network.source.slice))
            written += [{"file": str(path), **describing.summary(network)} for path in paths]
    if json:
        print_json(written)
        return
    for each in written:
        size = f"{_counted(each['nodes'], 'node')}, {_counted(each['edges'], 'edge')}"
        say(f"{each['file']}: {size}, digest {each['digest']}")
    if not written:
        note("no slice: no record has a day")


@contextmanager
def _asked(
    definition: Definition, given: Sequence[str] | None, data_dir: Path | None, release: str, language: str
) -> Iterator[Asking]:
    with opened(data_dir, release) as (held, store), steps() as step:
        step(f"reading the records of {definition.name}")
        yield Asking.of(Place(store, held), definition, values(given), language=language)


def values(given: Sequence[str] | None) -> dict[str, str]:
    """``name=value`` texts as a mapping; hyphens and underscores in names are one. Raises ParameterError."""
    found: dict[str, str] = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise ParameterError(name or text, "NAME=VALUE, as in -p from=2019-01-01")
        if (key := name.replace("-", "_")) in found:
            raise ParameterError(name, "one value; several of a filter are parted by commas, as in role=partner,host")
        found[key] = value
    return found


def _format(name: str, output: Path) -> files.Format:
    if name:
        if name in files.FORMATS:
            return files.FORMATS[name]
        raise ConfigError(f"there is no format {name}; there is {', '.join(files.FORMATS)}")
    for each in files.FORMATS.values():
        if output.suffix.lower() == each.ending:
            return each
    endings = ", ".join(each.ending for each in files.FORMATS.values())
    raise ConfigError(f"the ending of {output.name} is that of no format ({endings}); say which with --format")


def _sliced(output: Path, name: str) -> Path:
    part = name.replace("/", "-")
    return output.with_name(f"{output.stem}.{part}{output.suffix}") if part else output


def _show(network: Network, json: bool) -> None:
    heaviest = describing.heaviest(network)
    if json:
        print_json(describing.summary(network) | {"heaviest": heaviest.to_dicts()})
        return
    _say_origin(network)
    kind = "directed " if network.directed else "two-mode " if network.two_mode else ""
    left_out = f"; {network.loops:,} self-loops left out" if network.loops else ""
    alone = f"{network.order - network.connected:,} without an edge"
    size = f"{_counted(network.order, 'node')} ({alone}) and {_counted(network.size, 'edge')}"
    say(f"{kind}network of {size}, weight {network.edges['weight'].sum():,.6g}{left_out}")
    if network.order == 0:
        note("the release has no such records, or the parameters leave none")
        return
    if network.size == 0:
        note("no two nodes share a record")
        return
    say("")
    rows = [(_shown(a, la), _shown(b, lb), f"{w:,.6g}", f"{r:,}") for a, la, b, lb, w, r in heaviest.iter_rows()]
    print_table(("one", "other", "weight", "records"), rows, title="heaviest edges")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"


def _shown(iri: str, label: str | None) -> str:
    return label or shortened(iri)


def _say_origin(network: Network) -> None:
    source = network.source
    given = ", ".join(f"{name}={value}" for name, value in source.parameters.items()) or "none"
    say(f"definition  {source.definition}, sha256 {source.query_digest}")
    say(f"release     {source.release}, segments sha256 {source.release_digest or 'none'}")
    say(f"parameters  {given}")
    say(f"weighting   {source.weighting}" + (f", nodes {source.side}" if source.side else ""))
    if source.slice:
        say(f"slice       {source.slice}")
    say(f"digest      {source.digest}")


def _show_slices(asking: Asking, every: int, window: int, json: bool) -> None:
    made = [
        (network.source.slice, describing.summary(network))
        for network in asking.slices(every=every, window=window or every)
    ]
    if json:
        print_json([summary for _, summary in made])
        return
    rows = [
        (name, f"{s['nodes']:,}", f"{s['isolates']:,}", f"{s['edges']:,}", f"{s['weight']:,.6g}", s["digest"])
        for name, s in made
    ]
    print_table(("slice", "nodes", "without an edge", "edges", "weight", "digest"), rows)
    note(f"release {asking.place.name}, definition {asking.definition.query.name} {asking.definition.digest}")
    if asking.undated:
        note(f"{asking.undated:,} of {asking.rows.height:,} rows have no day and are in no slice")


def _show_records(asking: Asking, between: tuple[str, str], json: bool) -> None:
    network = asking.network()
    one, other = (describing.node(network, text) for text in between)
    found = asking.behind(one, other)
    if json:
        print_json({**network.source.told(), "one": one, "other": other, "records": found.to_dicts()})
        return
    _say_origin(network)
    rows = [tuple("" if cell is None else shortened(str(cell)) for cell in row) for row in found.iter_rows()]
    print_table(found.columns, rows, title=f"{shortened(one)} and {shortened(other)}")
    note(_counted(found.height, "record"))


def _own(definition: Definition) -> list[str]:
    return [each.name for each in (*definition.query.parameters, *definition.filters)]


def _describe(definition: Definition, json: bool) -> None:
    if json:
        print_json(describing.told(definition))
        return
    query = definition.query
    say(
        f"{definition.name}: {query.summary}\n{query.question}\n{describing.form(definition)}; source: {query.source}\n"
    )
    print_table(("parameter", "type", "default", "meaning"), [_row(each) for each in parameters.known(definition)])
    out.print()
    print_table(("column", "meaning"), [(column.name, column.meaning) for column in query.columns])


def _row(of: Parameter) -> tuple[str, str, str, str]:
    default = of.default or ("required" if of.required and not of.example else "")
    example = f"; as in {of.example}" if of.example else ""
    return (of.name, of.type, default, f"{of.description}{example}")
