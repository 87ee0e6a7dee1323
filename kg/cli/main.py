"""The command ``kg``: groups the commands, and turns errors into one message and an exit code."""

from __future__ import annotations

import os
import sys

import typer
from typer.exceptions import TyperException

from kg import __version__
from kg.cli import (
    agents,
    backups,
    building,
    checking,
    doctor,
    exporting,
    helping,
    loading,
    measuring,
    network_parts,
    networks,
    pushing,
    reading,
    releases,
    samples,
    searching,
    serving,
    sources,
    tables,
    tokens,
    validating,
)
from kg.cli.printing import note
from kg.errors import KgError

app = typer.Typer(
    name="kg",
    help="Evidence-backed knowledge graphs of technology transfer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 failed; 2 wrong usage; 3 settings; 4 source; 5 mapping; 6 refused by the gate; "
    "7 store; 8 query; 9 not found; 10 format; 11 evidence differs; 12 not allowed; 13 analysis.",
)
_INTERRUPTED = 130
"""What Typer makes of KeyboardInterrupt."""

_GROUPS = (
    building,
    loading,
    sources,
    pushing,
    tables,
    validating,
    serving,
    agents,
    reading,
    searching,
    exporting,
    checking,
    samples,
    backups,
    doctor,
    helping,
)
"""In the order in which help lists their commands."""

for module in _GROUPS:
    module.register(app)
app.add_typer(releases.app, name="releases")
app.add_typer(tokens.app, name="token")
measuring.register(networks.app)
network_parts.register(networks.app)
app.add_typer(networks.app, name="network")


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
        code = _code_of_command()
        sys.stdout.flush()
    except BrokenPipeError:
        code = _reader_left()
    except SystemExit as end:  # Typer and Rich turn a broken pipe into this
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        code = _reader_left()
    sys.exit(code)


def _code_of_command() -> int:
    try:
        code = int(app(standalone_mode=False) or 0)
    except KgError as error:
        note(f"kg: {error}")
        return error.exit_code
    except TyperException as error:
        return _usage(error)
    except typer.Abort:
        note("kg: aborted")
        return 1
    if code == _INTERRUPTED:
        note("kg: interrupted; the live release is as it was")
    return code


def _usage(error: TyperException) -> int:
    """Say what is wrong with the arguments, and how the command is used; of no arguments at all help has told that."""
    context = getattr(error, "ctx", None)
    if context and type(error).__name__ != "NoArgsIsHelpError":
        note(context.get_usage())
        note(f"Try '{context.command_path} --help' for help.")
    if error.message:
        note(f"kg: {error.format_message()}")
    return error.exit_code


def _reader_left() -> int:
    """Whoever read our output wants no more, as in ``kg export | head``: no fault, and nothing to flush at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0
