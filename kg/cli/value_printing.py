"""How commands give values of measures: as tables, CSV or JSON, printed or written, with where they come from."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.analysis import describing
from kg.analysis.measures import MEASURES, Measure, Measured, engines_of
from kg.analysis.measures.asking import documented, named
from kg.analysis.measures.slices import Division
from kg.analysis.network import Network
from kg.cli.network_options import Form, Out
from kg.cli.network_printing import say_origin
from kg.cli.printing import note, out, print_json, print_table, say
from kg.errors import ConfigError
from kg.export.networks import beside
from kg.export.networks import measured as values
from kg.vocabulary import shortened

_TOP = 20


def listed(names: Sequence[str], form: Form) -> None:
    """Tell what measures there are, or all about those that are named."""
    chosen = named(names) or list(MEASURES.values())
    if form is Form.json:
        print_json([documented(each) for each in chosen])
    elif not names:
        print_table(("measure", "gives", "what it is"), [(each.name, each.gives, each.definition) for each in chosen])
        note("kg network measure -m NAME tells about one; kg network measure NETWORK -m NAME measures")
    else:
        for each in chosen:
            _describe(each)


def _describe(asked: Measure) -> None:
    say(f"{asked.name}: {asked.title}\n  is        {asked.definition}\n  source    {asked.source}")
    say(f"  cost      {asked.cost}\n  weights   {asked.weights}\n  misleads  {asked.misleads}")
    say(f"  engines   {', '.join(engines_of(asked.name))}\n")
    if asked.parameters:
        rows = [(p.name, str(p.default), p.expected, p.description) for p in asked.parameters]
        print_table(("parameter", "default", "values", "meaning"), rows)
        say("")


def check(how: Out, chosen: Sequence[Measure]) -> None:
    """Raise ConfigError, before anything is computed, where the values do not fit into what is asked for."""
    if how.output and how.form is Form.table:
        raise ConfigError("a table is for reading; write a file with --format csv or json")
    if how.form is Form.csv:
        values.check_csv(chosen)


def give(network: Network, found: Sequence[Measured], how: Out) -> None:
    """Print values or write them; a file appears when it is whole."""
    if how.form is Form.table:
        _say_whole(network)
        for frame, kind in values.frames(found):
            shown = _rows(frame.height, how.top)
            print_table(frame.columns, [_texts(row) for row in frame.head(shown).iter_rows()])
            if frame.height > shown:
                leading = values.leading(frame)
                note(f"{shown} of {frame.height:,} {kind}, by {leading}; --top N shows more, -o writes all")
        _say_provenance(network, found)
    elif how.form is Form.json:
        _put(values.as_json(network, found, how.top), how.output)
    else:
        _put(values.as_csv(found, how.top), how.output, values.as_json(network, found, 0))
        if how.output is None:
            _say_provenance(network, found, note)


def print_communities(network: Network, found: Measured, top: int | None) -> None:
    """Print a row for each community."""
    _say_whole(network)
    parts = values.communities(found)
    rows = _rows(parts.height, top)
    print_table(parts.columns, [_texts(row) for row in parts.head(rows).iter_rows()])
    if parts.height > rows:
        note(f"{rows} of {parts.height:,} communities; --top N shows more, -o writes all nodes")
    _say_provenance(network, [found])


def give_slices(found: Sequence[Division], how: Out) -> None:
    """Give divisions of slices: a row for each slice in a table, for each node of each slice in CSV and JSON."""
    by = next((describing.cited(each.found) for each in found if each.found), "")
    if how.form is Form.table:
        rows = [each.told() for each in found]
        columns = list(rows[0]) if rows else ["slice"]
        print_table(columns, [_texts(list(row.values())) for row in rows])
        say(by)
        return
    top = how.top if how.form is Form.json else 0
    told = [each.told() | values.told(each.network, [each.found] if each.found else [], top) for each in found]
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    if how.form is Form.json:
        _put(text, how.output)
    else:
        frames = {each.slice: each.found.values for each in found if each.found}
        _put(values.slices_csv(frames), how.output, text)


def _put(text: str, output: Path | None, provenance: str = "") -> None:
    """Print a text, or write it, with its provenance in a file beside it where it has none of its own."""
    if output is None:
        sys.stdout.write(text)
        return
    files: Mapping[Path, str] = {output: text}
    if provenance:
        files = {output: text, output.with_name(f"{output.name}.json"): provenance}
    with beside(list(files)) as drafts:
        for draft, content in zip(drafts, files.values(), strict=True):
            draft.write_text(content, "utf-8", newline="")
    note(f"written: {', '.join(map(str, files))}")


def _rows(height: int, top: int | None) -> int:
    return top or (_TOP if out.is_terminal else height)


def _texts(row: Sequence[Any]) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in row)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.6g}"
    return shortened(cell) if isinstance(cell, str) else str(cell)


def _say_whole(network: Network) -> None:
    say_origin(network)
    say(f"size        {network.order:,} nodes, {network.size:,} edges\n")


def _say_provenance(network: Network, found: Sequence[Measured], tell: Any = say) -> None:
    for each in found:
        parameters = ", ".join(f"{name} {value}".rstrip() for name, value in each.parameters.items())
        told = ", ".join(f"{name} {_text(value)}" for name, value in each.told.items() if value is not None)
        parts = [f"{each.measure}: {each.engine} {each.version}", parameters, told, *each.notes]
        tell("; ".join(part for part in parts if part))
    tell(f"cite: {describing.citation(network, found)}")
