"""The command that writes made-up data to try things with: sample-contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.printing import note
from kg.sources.contracts import sample


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(sample_contracts)


def sample_contracts(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it is not there.")],
    contracts: Annotated[
        int, typer.Option(min=sample.FEWEST, max=sample.CONTRACTS, help="How many; all for the published totals.")
    ] = sample.CONTRACTS,
    seed: Annotated[int, typer.Option(help="Another number gives another register of the same totals.")] = sample.YEAR,
) -> None:
    """Write a made-up register of contracts, whose totals are those that are published for 2020.

    Build it with kg build --source contracts --files DIR.
    """
    made = sample.register(contracts, seed=seed)
    made.write(folder)
    note(f"{contracts:,} contracts of {made.organizations.height:,} organizations in {folder}")
