"""A made-up register in the layout of this source, whose totals are those that are published for 2020.

What is published of the 3,554 institutions (and comes out again when the register is counted and added up): 20,977
contracts of transfer, licensing and equity for 20.26 billion yuan, 445,905 of development, consulting and services for
105.35 billion, 261 institutions with more than 100 million yuan together, over 40 with that much in the first group, 12
with more than a billion in the second. Everything else is made up: which institution, client, day and finer channel.

The same seed gives the same register. A smaller one has a share of the contracts, institutions and
money, so its totals are not the published ones.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, repeat
from pathlib import Path

import polars as pl

CONTRACTS = 466_882
FEWEST = 1_000
INSTITUTIONS = 3_554
CLIENTS = 60_000
YEAR = 2020

_RIGHTS, _WORK = 20_977, 445_905
_MILLION = 10**8  # in fen
_ABOVE, _ABOVE_IN_RIGHTS, _BILLIONS = 261, 45, 12
_WITH_RIGHTS = 1_800
_UNIVERSITIES = 0.403
_CHANNELS = {
    "rights": ("assignment", "licence-exclusive", "licence-non-exclusive", "licence-sole", "equity-by-valuation"),
    "work": ("development-commissioned", "services", "development-cooperative", "consulting"),
}
"""Of each group the ways that are not themselves groups, the commonest first."""


@dataclass(frozen=True)
class Register:
    """The tables of a register, by file name without ending."""

    contracts: pl.DataFrame
    organizations: pl.DataFrame

    def write(self, folder: Path) -> None:
        """Write the tables as the files that the source reads; a file of the same name is replaced."""
        folder.mkdir(parents=True, exist_ok=True)
        self.contracts.write_csv(folder / "contracts.csv")
        self.organizations.write_csv(folder / "organizations.csv")


@dataclass(frozen=True)
class _Steps:
    """So many institutions whose amounts fall from ``high`` towards ``low`` and add up to ``total``."""

    number: int
    total: float
    low: float
    high: float

    def amounts(self) -> list[int]:
        """Whole amounts, the largest first, with exactly that total."""
        places = [1 - (rank + 0.5) / self.number for rank in range(self.number)]
        power = _root(lambda power: sum(place**power for place in places) * self._span - self._excess)
        wanted = (self.low + self._span * place**power for place in places)
        return _whole(list(wanted), round(self.total))

    @property
    def _span(self) -> float:
        return self.high - self.low

    @property
    def _excess(self) -> float:
        return self.total - self.number * self.low


def register(contracts: int = CONTRACTS, *, seed: int = YEAR) -> Register:
    """A register of so many contracts.

    Raises
    ------
    ValueError
        The number is out of range.
    """
    if not FEWEST <= contracts <= CONTRACTS:
        raise ValueError(f"{contracts:,} contracts: from {FEWEST:,} to {CONTRACTS:,} are possible")
    share, chance = contracts / CONTRACTS, random.Random(seed)  # noqa: S311, nothing here is secret
    institutions = max(round(INSTITUTIONS * share), 100)
    groups = [
        _group(chance, "rights", _counts(round(_RIGHTS * share), round(_WITH_RIGHTS * share) or 1), _rights(share)),
        _group(chance, "work", _counts(contracts - round(_RIGHTS * share), institutions), _work(share, institutions)),
    ]
    rows = pl.DataFrame(list(chain.from_iterable(groups)), schema=["provider", "channel", "fen"], orient="row")
    order = list(range(rows.height))
    chance.shuffle(order)
    table = _contracts(rows[order], chance, max(round(CLIENTS * share), 50))
    return Register(table, _organizations(institutions, table))


def _rights(share: float) -> list[_Steps]:
    """The money of transfer, licensing and equity in fen: 45 institutions above 100 million, 20.26 billion in all."""
    large, middle = max(round(_ABOVE_IN_RIGHTS * share), 1), max(round((_ABOVE - _ABOVE_IN_RIGHTS) * share), 1)
    rest = max(round(_WITH_RIGHTS * share) - large - middle, 1)
    return [
        _Steps(large, 14.00e11 * share, 100 * _MILLION, 1_500 * _MILLION),
        _Steps(middle, 4.00e11 * share, 2 * _MILLION, 95 * _MILLION),
        _Steps(rest, 2.26e11 * share, 0, 15 * _MILLION),
    ]


def _work(share: float, institutions: int) -> list[_Steps]:
    """The money of development, consulting and services: 12 above a billion, 261 above 100 million, 105.35 billion."""
    largest, large = max(round(_BILLIONS * share), 1), max(round((_ABOVE - _BILLIONS) * share), 1)
    rest = institutions - largest - large
    return [
        _Steps(largest, 24.00e11 * share, 1_000 * _MILLION, 4_000 * _MILLION),
        _Steps(large, 56.35e11 * share, 101 * _MILLION, 990 * _MILLION),
        _Steps(rest, 25.00e11 * share, 0, 80 * _MILLION),
    ]


def _counts(contracts: int, institutions: int) -> list[int]:
    """How many contracts each institution has, at least one and the largest most."""
    high = 60 * contracts / institutions
    return _Steps(institutions, contracts, 1, high).amounts()


def _group(
    chance: random.Random, name: str, counts: Sequence[int], steps: Sequence[_Steps]
) -> Iterator[tuple[str, str, int]]:
    """Provider, channel and amount of each contract of a group."""
    amounts = list(chain.from_iterable(step.amounts() for step in steps))
    channels, weights = _CHANNELS[name], [0.5**place for place in range(len(_CHANNELS[name]))]
    for rank, (number, amount) in enumerate(zip(counts, amounts, strict=False)):
        values = _whole([math.exp(2 * _normal(chance)) for _ in range(number)], amount)
        chosen = chance.choices(channels, weights, k=number)
        yield from zip(repeat(_institution(rank)), chosen, values)


def _whole(wanted: Sequence[float], total: int) -> list[int]:
    """Whole numbers in the proportions wanted, with this total."""
    scale = total / sum(wanted)
    sums = [round(reached * scale) for reached in accumulate(wanted)]
    sums[-1] = total
    return [upper - lower for lower, upper in zip([0, *sums[:-1]], sums, strict=True)]


def _normal(chance: random.Random) -> float:
    """Nearly normal, of mean 0 and deviation 1, and never beyond 3.5: no single contract takes all."""
    return (sum(chance.random() for _ in range(4)) - 2) * math.sqrt(3)


def _root(excess: Callable[[float], float]) -> float:
    """Where a falling function is zero, between 0.01 and 200."""
    low, high = 0.01, 200.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return low


def _contracts(rows: pl.DataFrame, chance: random.Random, clients: int) -> pl.DataFrame:
    number = rows.height
    client = [f"client.{1 + int(clients * chance.random() ** 2)}" for _ in range(number)]
    rows = rows.with_columns(day=pl.Series([int(chance.random() * 366) for _ in range(number)]))
    fen = pl.col("fen").cast(pl.String).str.pad_start(3, "0")
    return rows.select(
        pl.format("{}-{}", pl.lit(YEAR), pl.int_range(1, number + 1).cast(pl.String).str.pad_start(6, "0")).alias("id"),
        "provider",
        pl.Series("client", client),
        "channel",
        pl.concat_str(fen.str.head(-2), pl.lit("."), fen.str.tail(2)).alias("value"),
        pl.lit("CNY").alias("currency"),
        (pl.date(YEAR, 1, 1) + pl.duration(days="day")).alias("date"),
        pl.lit("").alias("asset"),
    )


def _institution(rank: int) -> str:
    return f"institution.{rank + 1}"


def _organizations(institutions: int, contracts: pl.DataFrame) -> pl.DataFrame:
    """Who provides, and every client that has a contract."""
    universities = (rank * _UNIVERSITIES % 1 < _UNIVERSITIES for rank in range(institutions))
    kinds = ["university" if is_university else "research-institute" for is_university in universities]
    providers = pl.DataFrame({"key": [_institution(rank) for rank in range(institutions)], "type": kinds})
    providers = providers.with_columns(population=pl.lit("ncste-filers"))
    clients = contracts.select(pl.col("client").alias("key")).unique().sort("key")
    clients = clients.with_columns(type=pl.lit("company"), population=pl.lit(""))
    return pl.concat([providers, clients.select(providers.columns)]).select(
        "key",
        pl.col("key").str.replace(".", " ", literal=True).alias("name"),
        "type",
        pl.lit("CN").alias("area"),
        "population",
        pl.lit("").alias("same_as"),
    )
