"""Commands on tokens: made, listed, revoked; a running service minds each at once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from kg.cli import opening
from kg.cli.options import DataDir, Json
from kg.cli.printing import note, print_json, print_table, say
from kg.errors import ConfigError
from kg.serve.tokens import SCOPES, Token, TokenFile

app = typer.Typer(help="Tokens for the service: create, list, revoke.", no_args_is_help=True)

_DAYS = re.compile(r"(\d{1,5})d")
_FIELDS = ("name", "scope", "id", "created", "expires", "timeout", "rows", "rate")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who has it.")],
    scope: Annotated[
        str, typer.Option(metavar="read|write|admin", help="What it allows; each includes the one before.")
    ] = "read",
    expires: Annotated[
        str, typer.Option(metavar="DATE", help="The last day that it is valid (UTC), or 90d for 90 days.")
    ] = "",
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds that its queries may take.")] = None,
    rows: Annotated[int | None, typer.Option(min=1, help="Rows that a result may have.")] = None,
    rate: Annotated[int | None, typer.Option(min=0, help="Requests a minute; 0 for any number.")] = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Make a token and print it; nobody can print it again."""
    chosen = next((known for known in SCOPES if known == scope), None)
    if chosen is None:
        raise ConfigError(f"{scope} is no scope; choose one of {', '.join(SCOPES)}")
    end = _end(expires, datetime.now(UTC).date()) if expires else None
    token, text = _file(data_dir).create(name, chosen, expires=end, timeout=timeout, rows=rows, rate=rate)
    if as_json:
        print_json({**_shown(token), "token": text})
        return
    say(text)
    note(f"kg: this is the only time that the token {name} is shown; send it as Authorization: Bearer")


@app.command("list")
def list_tokens(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List the tokens and what they allow; secrets are not kept."""
    tokens = [_shown(token) for token in _file(data_dir).all()]
    if as_json:
        print_json(tokens)
    elif tokens:
        print_table(_FIELDS, [["" if value is None else str(value) for value in token.values()] for token in tokens])
    else:
        note("kg: there are no tokens")


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="Its name or id.")],
    data_dir: DataDir = None,
) -> None:
    """Make a token worthless from the next request on."""
    say(f"revoked {_file(data_dir).revoke(name).name}")


def _file(data_dir: Path | None) -> TokenFile:
    layout = opening.data_folder(data_dir).layout
    return TokenFile(layout.tokens, layout.tokens_lock)


def _shown(token: Token) -> dict[str, Any]:
    return {field: getattr(token, field) for field in _FIELDS}


def _end(text: str, today: date) -> datetime:
    """The moment after the last day."""
    try:
        days = _DAYS.fullmatch(text)
        last = today + timedelta(days=int(days[1])) if days else date.fromisoformat(text)
        end = datetime.combine(last, time.min, UTC) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"--expires {text}: expected a date such as 2027-01-31, or a number of days such as 90d"
        ) from error
    if last < today:
        raise ConfigError(f"--expires {text}: this day is over")
    return end
