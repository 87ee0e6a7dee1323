"""What the home page says: what a release holds, the Chinese series and its disputes, countries side by side.

In come answers of named queries, out goes what the template is filled with. `figures`, `disputes`, `growth` and
`comparison` turn the answers into what is shown; here stands only which are asked for and how they belong together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from kg import iris
from kg.queries import NamedQuery, Table
from kg.serve.languages import Wish
from kg.serve.views import comparison, disputes, figures, growth
from kg.serve.views.disputes import Dispute
from kg.serve.views.figures import Figure, Series
from kg.serve.views.tables import OPERANDS, PLACES, Issue, grid, issues, names, table, texts, units
from kg.store.manifest import Manifest
from kg.store.querying.base import Pool
from kg.vocabulary import TT

CLASSES = "figures/counts-by-class"
FILERS = "ncste-filers"
CHANNELS = {name: iris.concept(f"channel/{name}") for name in ("six-ways", "rights-based")}
"""The totals that the Chinese report gives, the wider first: IRIs by name."""
FIRST_YEAR = 2017
"""The year that the first edition of the report covers."""

EXAMPLE = """PREFIX tt: <https://w3id.org/techtransfer/ontology#>
SELECT ?observation ?indicator ?transformation ?channel ?period ?value ?unit ?status
WHERE {
  ?observation a tt:Observation ; tt:indicator ?indicator ; tt:transformation ?transformation ;
    tt:refPeriod ?period ; tt:value ?value ; tt:unit ?unit ; tt:status ?status .
  OPTIONAL { ?observation tt:channel ?channel }
}
ORDER BY ?indicator ?period ?transformation ?observation"""
"""A query for people to start from."""

Ask = Callable[..., Awaitable[Table]]
"""From the name of a query, and values for its parameters, to its answer."""


@dataclass(frozen=True)
class Answers:
    """What the page rests on; ``values`` has an answer for each of `CHANNELS`, ``operands`` for each derived claim."""

    counts: Table
    conflicts: Table
    judged: Table
    rates: Table
    compared: Table
    values: tuple[Table, ...]
    operands: tuple[Table, ...]
    places: Table

    @property
    def all(self) -> tuple[Table, ...]:
        """All of them."""
        single = (self.counts, self.conflicts, self.judged, self.rates, self.compared)
        return (*single, *self.values, *self.operands)

    @property
    def documents(self) -> set[str]:
        """The documents that the values come from."""
        return set().union(*map(figures.documents, self.values))


async def content(pool: Pool, queries: Mapping[str, NamedQuery], wished: Wish) -> dict[str, Any]:
    """What the template of the home page is filled with."""

    async def ask(name: str, **values: str) -> Table:
        query = queries[name]
        if any(parameter.name == "language" for parameter in query.parameters):
            values["language"] = wished.names
        return await table(pool, query, values)

    answers = await _answers(ask)
    channels = Table(("channel",), tuple((ox.NamedNode(channel),) for channel in CHANNELS.values()))
    named = await names(pool, [*answers.all, channels], wished.names)
    about = await issues(pool, answers.documents)
    measured = await units(pool, disputes.records(answers.judged, answers.conflicts))
    found = disputes.disputes(answers.judged, answers.conflicts, named, measured)
    claims = _claims(answers, named, about, found)
    records = {claim.record for each in claims for claim in each}
    return {
        "release": pool.release.manifest,
        "tiles": _tiles(answers, pool.release.manifest, disputed=len(found)),
        "classes": grid(answers.counts, named, wished.names),
        "series": _series(claims, named),
        "disputes": [dispute for dispute in found if dispute.records & records],
        "growth": growth.growth(answers.rates, tuple(CHANNELS.values()), named),
        "growth_query": f"/queries/{growth.QUERY}?indicator=contract-value&population={FILERS}",
        "comparison": comparison.comparison(answers.compared, named),
        "query": EXAMPLE,
    }


async def _answers(ask: Ask) -> Answers:
    values = [await ask(figures.QUERY, channel=channel, population=FILERS) for channel in CHANNELS]
    derived = [claim for each in values for claim in figures.derived(each)]
    return Answers(
        counts=await ask(CLASSES),
        conflicts=await ask(disputes.CONFLICTS),
        judged=await ask(disputes.QUERY),
        rates=await ask(growth.QUERY, indicator="contract-value", population=FILERS),
        compared=await ask(comparison.QUERY),
        values=tuple(values),
        places=await ask(PLACES),
        operands=tuple([await ask(OPERANDS, record=claim) for claim in derived]),
    )


def _claims(
    answers: Answers, named: Mapping[str, str], about: Mapping[str, Issue], found: Sequence[Dispute]
) -> list[list[Figure]]:
    """The claims on each channel."""
    verdicts, places = disputes.by_record(found), {row["record"] for row in texts(answers.places)}
    return [
        figures.figures(values, answers.operands, named, about, verdicts, places=places) for values in answers.values
    ]


def _series(claims: Sequence[Sequence[Figure]], named: Mapping[str, str]) -> list[Series]:
    """A series for each channel, all over the same years, so that their charts stand side by side."""
    covered = {claim.year for each in claims for claim in each}
    years = range(min(FIRST_YEAR, *covered), max(covered) + 1) if covered else range(0)
    keyed = zip(CHANNELS.items(), claims, strict=True)
    return [figures.series(name, named.get(iri, name), each, years) for (name, iri), each in keyed if each]


def _tiles(answers: Answers, manifest: Manifest, *, disputed: int) -> list[tuple[str, int | None, str]]:
    """Name, number and link of what a visitor wants to know first."""
    numbers = {row["class"]: int(row["number"]) for row in texts(answers.counts)}
    observations = urlencode({"query": EXAMPLE, "format": "html"})
    return [
        ("documents", numbers.get(TT.Document, 0), "/queries/provenance/records-by-document"),
        ("observations", numbers.get(TT.Observation, 0), f"/sparql?{observations}"),
        ("conflicts not judged", len(disputes.unjudged(answers.conflicts)), f"/queries/{disputes.CONFLICTS}"),
        ("disputed readings", disputed, f"/queries/{disputes.QUERY}"),
        ("validation warnings", manifest.validation.get("Warning"), "/validation"),
        ("triples", manifest.quads, "/sparql"),
    ]
