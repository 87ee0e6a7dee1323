"""What commands about networks take alike: each option is declared once, in groups that a command has as one parameter.

A command says ``where: Where`` and is called with a `Where`; `expanded` makes the options of it for the command line.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from kg.analysis import definitions
from kg.analysis.describing import HEAVIEST
from kg.analysis.network import Network
from kg.analysis.networks import Asking
from kg.analysis.rows import Place
from kg.cli.opening import opened
from kg.cli.options import DataDir, Json, ReleaseName
from kg.cli.printing import Progress, steps
from kg.errors import ConfigError, ParameterError
from kg.export.networks import FORMATS, Format


class Form(StrEnum):
    """How values are printed or written."""

    table = "table"
    csv = "csv"
    json = "json"


Name = Annotated[str, typer.Argument(metavar="NAME", help="A network, or a query file of yours (.rq).")]
Distance = Annotated[str, typer.Option("--distance", help="Edges are hops, or inverse: 1/weight long.")]
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
Target = Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="File to write.")]
FormatName = Annotated[
    str,
    typer.Option("--format", help=f"{', '.join(FORMATS)}; by the ending of the file if left out.", show_default=False),
]


@dataclass(frozen=True)
class Where:
    """Which network of which release: the parameters that it is asked for with, and where the release is."""

    given: Annotated[
        list[str] | None,
        typer.Option(
            "-p", "--parameter", metavar="NAME=VALUE", help="A parameter; as often as needed.", show_default=False
        ),
    ] = None
    release: ReleaseName = ""
    language: Annotated[str, typer.Option("--lang", metavar="TAG", help="Language of labels where there is one.")] = (
        "en"
    )
    data_dir: DataDir = None

    @contextmanager
    def asking(self, name: str) -> Iterator[tuple[Asking, Progress]]:
        """A definition as it was asked of the release, and a place to show what is being done."""
        definition = definitions.find(name)
        with opened(self.data_dir, self.release) as (held, store), steps() as step:
            step(f"reading the records of {definition.name}")
            yield Asking.of(Place(store, held), definition, values(self.given), language=self.language), step


@dataclass(frozen=True)
class By:
    """What computes values, from where chance begins, and how long that may take."""

    seed: Annotated[int | None, typer.Option("--seed", min=0, help="What chance begins from.", show_default=False)] = (
        None
    )
    setting: Annotated[
        list[str] | None,
        typer.Option(
            "-s",
            "--set",
            metavar="NAME=VALUE",
            help="A parameter of a measure; as often as needed.",
            show_default=False,
        ),
    ] = None
    engine: Annotated[
        str,
        typer.Option("--engine", metavar="NAME", help="Library that computes; else the cheapest.", show_default=False),
    ] = ""
    undirected: Annotated[bool, typer.Option("--undirected", help="Take edges both ways as one.")] = False
    limit: Annotated[
        float | None,
        typer.Option(
            "--limit", min=0, help="CPU seconds that a measure may take; 1800, 0 for any.", show_default=False
        ),
    ] = None


@dataclass(frozen=True)
class Out:
    """How values are given: how many of them, in which form, where to."""

    top: Annotated[
        int | None, typer.Option("--top", min=1, help="Rows; 20 on a terminal, else all.", show_default=False)
    ] = None
    form: Annotated[Form, typer.Option("--format", help="How to print or write.")] = Form.table
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="File to write, with its provenance beside it."),
    ] = None


@dataclass(frozen=True)
class Written:
    """How a network is given: printed, or written to a file in a format."""

    output: Target = None
    format: FormatName = ""
    top: Annotated[int, typer.Option("--top", min=1, help="So many of the heaviest edges, where none is written.")] = (
        HEAVIEST
    )
    json: Json = False


def expanded(command: Callable[..., None]) -> Callable[..., None]:
    """A command with an option for each field of a group where it has the group."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if is_dataclass(kind) and isinstance(kind, type)}
    options: list[inspect.Parameter] = []
    for each in inspect.signature(command).parameters.values():
        if each.name in groups:
            options += _options(groups[each.name])
        else:
            options.append(each.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[each.name]))

    @wraps(command)
    def called(**given: Any) -> None:
        for name, kind in groups.items():
            given[name] = kind(**{field.name: given.pop(field.name) for field in fields(kind)})
        command(**given)

    called.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    called.__annotations__ = {each.name: each.annotation for each in options}
    del called.__wrapped__  # whose options are not these  # type: ignore[attr-defined]
    return called


def _options(group: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    kind = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(each.name, kind, default=each.default, annotation=hints[each.name]) for each in fields(group)
    ]


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


def stated(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}


def file_format(name: str, output: Path) -> Format:
    """The format that is named, or else that of the file's ending. Raises ConfigError with those that there are."""
    if name:
        if name in FORMATS:
            return FORMATS[name]
        raise ConfigError(f"there is no format {name}; there is {', '.join(FORMATS)}")
    for each in FORMATS.values():
        if output.suffix.lower() == each.ending:
            return each
    endings = ", ".join(each.ending for each in FORMATS.values())
    raise ConfigError(f"the ending of {output.name} is that of no format ({endings}); say which with --format")


def made(asking: Asking, every: int, window: int) -> Iterator[Network]:
    """The network, or that of each slice of time where slices are asked for."""
    yield from asking.slices(every=every, window=window or every) if every else [asking.network()]
