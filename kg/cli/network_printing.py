"""How commands print networks: where they come from, their size and heaviest edges, slices, records, definitions."""

from __future__ import annotations

from typing import Any

from kg.analysis import describing, parameters
from kg.analysis.definitions import Definition
from kg.analysis.network import Network
from kg.analysis.networks import Asking
from kg.cli.printing import note, out, print_json, print_table, say
from kg.queries import Parameter
from kg.vocabulary import shortened


def say_origin(network: Network) -> None:
    """Print what a network was made from, all that a citation needs."""
    source = network.source
    given = ", ".join(f"{name}={value}" for name, value in source.parameters.items()) or "none"
    say(f"definition  {source.definition}, sha256 {source.query_digest}")
    say(f"release     {source.release}, segments sha256 {source.release_digest or 'none'}")
    say(f"parameters  {given}")
    say(f"weighting   {source.weighting}" + (f", nodes {source.side}" if source.side else ""))
    if source.slice:
        say(f"slice       {source.slice}")
    if source.derived:
        say(f"derived     {source.derived}")
    say(f"digest      {source.digest}")


def show(network: Network, json: bool, *, most: int = describing.HEAVIEST) -> None:
    """Print a network: origin, size, heaviest edges, how to cite it."""
    heaviest = describing.heaviest(network, most)
    if json:
        print_json(describing.summary(network) | {"heaviest": heaviest.to_dicts()})
        return
    say_origin(network)
    kind = "directed " if network.directed else "two-mode " if network.two_mode else ""
    left_out = f"; {network.loops:,} self-loops left out" if network.loops else ""
    alone = f"{network.order - network.connected:,} without an edge"
    size = f"{counted(network.order, 'node')} ({alone}) and {counted(network.size, 'edge')}"
    say(f"{kind}network of {size}, weight {network.edges['weight'].sum():,.6g}{left_out}")
    if network.order == 0:
        note("the release has no such records, or the parameters leave none")
    elif network.size == 0:
        note("no two nodes share a record")
    else:
        say("")
        rows = [(shown(a, la), shown(b, lb), f"{w:,.6g}", f"{r:,}") for a, la, b, lb, w, r in heaviest.iter_rows()]
        print_table(("one", "other", "weight", "records"), rows, title="heaviest edges")
        say(f"\ncite: {describing.citation(network)}")


def show_slices(asking: Asking, made: list[Network], json: bool) -> None:
    """Print a row for each slice of time."""
    told = [describing.summary(network) for network in made]
    if json:
        print_json(told)
        return
    rows = [
        (s["slice"], f"{s['nodes']:,}", f"{s['isolates']:,}", f"{s['edges']:,}", f"{s['weight']:,.6g}", s["digest"])
        for s in told
    ]
    print_table(("slice", "nodes", "without an edge", "edges", "weight", "digest"), rows)
    note_slices(asking)


def note_slices(asking: Asking) -> None:
    """Tell what slices were made from, and how much no slice has."""
    note(f"release {asking.place.name}, definition {asking.definition.query.name} {asking.definition.digest}")
    if asking.undated:
        note(f"{asking.undated:,} of {asking.rows.height:,} rows have no day and are in no slice")


def show_records(asking: Asking, between: tuple[str, str], json: bool) -> None:
    """Print the records behind the edge of two nodes."""
    network = asking.network()
    one, other = (describing.node(network, text) for text in between)
    found = asking.behind(one, other)
    if json:
        print_json({**network.source.told(), "one": one, "other": other, "records": found.to_dicts()})
        return
    say_origin(network)
    rows = [tuple("" if cell is None else shortened(str(cell)) for cell in row) for row in found.iter_rows()]
    print_table(found.columns, rows, title=f"{shortened(one)} and {shortened(other)}")
    note(counted(found.height, "record"))


def describe(definition: Definition, json: bool) -> None:
    """Print what a network is made from and takes."""
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


def say_files(written: list[dict[str, Any]], json: bool) -> None:
    """Print which files were written, and what is in each."""
    if json:
        print_json(written)
        return
    for each in written:
        size = f"{counted(each['nodes'], 'node')}, {counted(each['edges'], 'edge')}"
        say(f"{each['file']}: {size}, digest {each['digest']}")


def counted(number: int, what: str) -> str:
    """A number of things in words: 1 node, 2 nodes."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def shown(iri: str, label: str | None) -> str:
    """What a node is called."""
    return label or shortened(iri)
