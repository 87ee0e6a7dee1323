"""What the commands that measure networks do: measures asked for, values printed and written with where they come from.

It is imported when one of these commands runs, since scipy and networkx take half a second to be there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.analysis import definitions
from kg.analysis.measures import LIMIT, MEASURES, Measure, Measured, engines_of, find, measure, undirected
from kg.analysis.measures.asking import documented, named, shared_out
from kg.analysis.network import Network
from kg.analysis.networks import Asking
from kg.analysis.rows import Place
from kg.cli.networks import values
from kg.cli.opening import opened
from kg.cli.printing import Progress, note, out, print_json, print_table, say, steps
from kg.errors import ConfigError, ParameterError
from kg.export.networks import beside
from kg.export.networks.measured import as_csv, as_json, check_csv, communities, frames, leading
from kg.vocabulary import shortened

_TOP = 20


@dataclass(frozen=True)
class Where:
    """Which network of which release: name, its parameters as given, whether directions are dropped."""

    name: str
    given: Sequence[str] | None
    undirected: bool
    release: str
    language: str
    data_dir: Path | None

    @contextmanager
    def network(self) -> Iterator[tuple[Network, Progress]]:
        """The network, and a place to show what is being done with it."""
        definition = definitions.find(self.name)
        with opened(self.data_dir, self.release) as (held, store), steps() as step:
            step(f"reading the records of {definition.name}")
            place = Place(store, held)
            network = Asking.of(place, definition, values(self.given), language=self.language).network()
            yield (undirected(network) if self.undirected else network), step


@dataclass(frozen=True)
class How:
    """How values are computed and given."""

    engine: str
    limit: float | None
    form: str
    output: Path | None
    top: int | None


def measured(where: Where, how: How, names: Sequence[str], given: Mapping[str, Any]) -> None:
    """Measure a network and give the values."""
    chosen = named(names)
    asked = shared_out(chosen, given)
    _check(how, chosen)
    with where.network() as (network, step):
        found = [_measured(network, each, asked[each.name], how, step) for each in chosen]
    _give(network, found, how)


def divided(where: Where, how: How, method: str, given: Mapping[str, Any]) -> None:
    """Divide a network into communities and give them."""
    if method not in {"leiden", "louvain"}:
        raise ParameterError("method", "leiden or louvain")
    asked = find(method)
    _check(how, [asked])
    with where.network() as (network, step):
        found = _measured(network, asked, shared_out([asked], given)[method], how, step)
    if how.form == "table":
        _say_origin(network)
        _print_communities(found, how.top)
        _say_provenance([found])
    else:
        _give(network, [found], how)


def listed(names: Sequence[str], form: str) -> None:
    """Tell what measures there are, or all about those that are named."""
    chosen = named(names) or list(MEASURES.values())
    if form == "json":
        print_json([documented(each) for each in chosen])
    elif not names:
        print_table(("measure", "gives", "what it is"), [(each.name, each.gives, each.definition) for each in chosen])
        note("kg network measure -m NAME tells about one; kg network measure NETWORK -m NAME measures")
    else:
        for each in chosen:
            _describe(each)


def _measured(network: Network, asked: Measure, parameters: Mapping[str, Any], how: How, step: Progress) -> Measured:
    step(asked.name)
    return measure(
        network,
        asked.name,
        parameters,
        engine=how.engine,
        limit=LIMIT if how.limit is None else how.limit or None,
        progress=lambda text: step(f"{asked.name}: {text}"),
    )


def _describe(asked: Measure) -> None:
    say(f"{asked.name}: {asked.title}\n  is        {asked.definition}\n  source    {asked.source}")
    say(f"  cost      {asked.cost}\n  weights   {asked.weights}\n  misleads  {asked.misleads}")
    say(f"  engines   {', '.join(engines_of(asked.name))}\n")
    if asked.parameters:
        rows = [(p.name, str(p.default), p.expected, p.description) for p in asked.parameters]
        print_table(("parameter", "default", "values", "meaning"), rows)
        say("")


def _check(how: How, chosen: Sequence[Measure]) -> None:
    """Raise ConfigError, before anything is computed, where the values do not fit into what is asked for."""
    if how.output and how.form == "table":
        raise ConfigError("a table is for reading; write a file with --format csv or json")
    if how.form == "csv":
        check_csv(chosen)


def _give(network: Network, found: Sequence[Measured], how: How) -> None:
    """Print values or write them; a file appears when it is whole."""
    top, output = how.top, how.output
    if how.form == "table":
        _say_origin(network)
        for frame, kind in frames(found):
            shown = top or (_TOP if out.is_terminal else frame.height)
            print_table(frame.columns, [_texts(row) for row in frame.head(shown).iter_rows()])
            if frame.height > shown:
                note(f"{shown} of {frame.height:,} {kind}, by {leading(frame)}; --top N shows more, -o writes all")
        _say_provenance(found)
        return
    text = as_csv(found, top) if how.form == "csv" else as_json(network, found, top)
    if output is None:
        sys.stdout.write(text)
        if how.form == "csv":
            _say_provenance(found, note)
        return
    files = {output: text}
    if how.form == "csv":
        files[output.with_name(f"{output.name}.json")] = as_json(network, found, 0)
    with beside(list(files)) as drafts:
        for draft, content in zip(drafts, files.values(), strict=True):
            draft.write_text(content, "utf-8", newline="")
    note(f"written: {', '.join(map(str, files))}")


def _texts(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in row)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.6g}"
    return shortened(cell) if isinstance(cell, str) else str(cell)


def _print_communities(found: Measured, top: int | None) -> None:
    parts = communities(found)
    rows = top or (_TOP if out.is_terminal else parts.height)
    print_table(parts.columns, [_texts(row) for row in parts.head(rows).iter_rows()])
    if parts.height > rows:
        note(f"{rows} of {parts.height:,} communities; --top N shows more, -o writes all nodes")


def _say_origin(network: Network) -> None:
    source = network.source
    given = ", ".join(f"{name}={value}" for name, value in source.parameters.items()) or "none"
    say(f"network     {source.definition}, sha256 {source.query_digest}; parameters {given}")
    say(f"release     {source.release}; digest of the network {source.digest}")
    say(f"size        {network.order:,} nodes, {network.size:,} edges\n")


def _say_provenance(found: Sequence[Measured], tell: Any = say) -> None:
    for each in found:
        parameters = ", ".join(f"{name} {value}".rstrip() for name, value in each.parameters.items())
        told = ", ".join(f"{name} {_text(value)}" for name, value in each.told.items() if value is not None)
        parts = [f"{each.measure}: {each.engine} {each.version}", parameters, told, *each.notes]
        tell("; ".join(part for part in parts if part))
