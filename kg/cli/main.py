"""The command ``kg``: groups the commands, and turns errors into one message and an exit code."""

from __future__ import annotations

import sys

import typer

from kg import __version__
from kg.cli import building, checking, reading, releases, serving
from kg.cli.options import note
from kg.errors import KgError

app = typer.Typer(
    name="kg",
    help="Evidence-backed knowledge graphs of technology transfer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 failed; 2 wrong usage; 3 settings; 4 source; 5 mapping; 6 refused by the gate; "
    "7 store; 8 query; 9 not found; 10 format; 11 evidence differs.",
)
for module in (building, serving, reading, checking):
    module.register(app)
app.add_typer(releases.app, name="releases")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version and stop."),
) -> None:
    """Evidence-backed knowledge graphs of technology transfer."""


def main() -> None:
    """Run a command; end with the exit code of its error class, after one message on standard error."""
    try:
        app()
    except KgError as error:
        note(f"kg: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        note("kg: interrupted; the live release is as it was")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
