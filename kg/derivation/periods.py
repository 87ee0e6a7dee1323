"""What the names of periods leave unsaid: first and last day, and labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg import iris
from kg.store.base import Store, text_of
from kg.vocabulary import RDFS, TT

_USED = f"""SELECT DISTINCT ?period WHERE {{
  {{ SELECT ?property WHERE {{ ?property <{RDFS.range}> <{TT.Period}> }} }} ?subject ?property ?period
}} ORDER BY ?period"""


def used(store: Store, graphs: Sequence[str]) -> Iterator[tuple[str, iris.Days | None]]:
    """The periods that anything refers to, with their days, sorted by IRI; no days where the name says none.

    A period without days does not pass the gate, which names it and what refers to it.
    """
    for row in store.select(_USED, graphs=graphs):
        period = text_of(row["period"])
        yield period, iris.period_days(period) if iris.is_period(period) else None


def labels(period: str, days: iris.Days) -> dict[str, str]:
    """What a person calls the period, by language tag."""
    name, year = iris.local(period), days.first.year
    if name.startswith("CY"):
        return {"en": f"{year}", "zh": f"{year}年"}
    if name.startswith("FY"):
        end = name.endswith("-end")
        return {"en": f"{'end of ' if end else ''}fiscal year {year}", "zh": f"{year}财政年度{'末' if end else ''}"}
    if days.first == days.last:
        return {"en": f"{days.first}", "zh": f"{year}年{days.first.month}月{days.first.day}日"}
    return {"en": f"{days.first} to {days.last}", "zh": f"{days.first}至{days.last}"}
