"""What the home page is made of: which claim is shown, years without one, growth by basis, disputes, countries."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from kg import iris
from kg.queries import NamedQuery, Table
from kg.serve.views.chart import Point
from kg.serve.views.comparison import comparison
from kg.serve.views.disputes import by_record, disputes, records
from kg.serve.views.figures import Figure, series
from kg.serve.views.growth import growth
from kg.serve.views.tables import Link
from kg.store.release import Release

MakeRelease = Callable[..., Release]
Serve = Callable[..., AbstractContextManager[httpx.Client]]
HTML = {"accept": "text/html"}

BEST = Figure(
    record="a",
    first_day="2020-01-01",
    point=Point("2020", Decimal(100), Decimal(99), Decimal(101), "reported", "exact", ("Gazette",)),
    unit="CNY",
    unit_name="yuan",
    documents=(Link("Gazette", None, "official"),),
    basis=Link("place in the source", None),
    operands=(),
    issued="2021-05",
)


def figure(record: str, quality: str = "official", issued: str = "2021-05", **point: object) -> Figure:
    changed = replace(BEST.point, **point)  # type: ignore[arg-type]
    return replace(BEST, record=record, point=changed, documents=(Link("Gazette", None, quality),), issued=issued)


def rows(*content: dict[str, str]) -> Table:
    """A table of texts; what looks like an address is an IRI."""
    columns = tuple(dict.fromkeys(name for row in content for name in row))
    terms = [[row.get(name, "") for name in columns] for row in content]
    return Table(
        columns,
        tuple(
            tuple(ox.NamedNode(text) if text.startswith("http") else ox.Literal(text) if text else None for text in row)
            for row in terms
        ),
    )


@pytest.mark.parametrize(
    "worse",
    [
        figure("0", status="derived"),
        figure("0", "press"),
        figure("0", "mirror"),
        figure("0", "unheard-of"),
        figure("0", lower=Decimal(90)),
        figure("0", issued="2020-12-31"),
        figure("0", issued=""),
        figure("0", issued="no day"),
        figure("b"),
    ],
)
def test_the_better_claim_is_shown(worse: Figure) -> None:
    for claims in ([BEST, worse], [worse, BEST]):
        made = series("six-ways", "six ways", claims, range(2020, 2021))
        assert made.shown == {"a"}
        assert "best of 2 claims: Gazette" in made.drawn
        assert len(made.claims) == 2


def test_status_goes_before_quality_and_quality_decides_where_claims_disagree() -> None:
    restated = figure("b", "mirror", status="restated", lower=Decimal(1))
    assert series("six-ways", "six ways", [BEST, restated], range(0)).shown == {"b"}
    precise = figure("b", "press", lower=Decimal(100), upper=Decimal(100))
    assert series("six-ways", "six ways", [BEST, precise], range(0)).shown == {"b"}
    elsewhere = figure("b", "press", lower=Decimal(500), upper=Decimal(500))
    assert series("six-ways", "six ways", [BEST, elsewhere], range(0)).shown == {"a"}


def test_a_derived_figure_is_no_better_than_its_worst_document() -> None:
    derived = figure("b", status="derived")
    mixed = replace(derived, record="0", documents=(*derived.documents, Link("Herald", None, "mirror")))
    assert series("six-ways", "six ways", [mixed, derived], range(0)).shown == {"b"}


def test_years_without_a_value_stay_as_gaps_in_their_place() -> None:
    later = replace(figure("b", period="2022"), first_day="2022-01-01")
    drawn = series("six-ways", "six ways", [later, BEST], range(2019, 2024)).drawn
    assert drawn.count('class="gap"') == 3
    assert drawn.count('class="figure"') == 2
    places = [drawn.index(f'class="period">{year}<') for year in range(2019, 2024)]
    assert places == sorted(places)


def test_no_claims_no_chart() -> None:
    assert series("six-ways", "six ways", [], range(2017, 2025)).drawn == ""


def test_disputed_claims_are_counted_by_unit() -> None:
    verdict = (Link("rounding", None),)
    dollars = replace(BEST, record="b", unit="USD", disputes=verdict)
    claims = [BEST, replace(BEST, record="c"), dollars]
    drawn = series("six-ways", "six ways", claims, range(0)).drawn
    assert "best of 2 claims, 1 disputed in USD: Gazette" in drawn
    own = series("six-ways", "six ways", [replace(BEST, disputes=verdict)], range(0)).drawn
    assert ">1 disputed: Gazette<" in own


def test_growth_on_two_bases_never_shares_a_table() -> None:
    wide, narrow = (iris.concept(f"channel/{name}") for name in ("six-ways", "rights-based"))
    reported = {
        "channel": wide,
        "counterpart": "",
        "period": iris.identifier("period/CY2020"),
        "since": iris.identifier("period/CY2019"),
        "reported": "0.126",
        "reportedLower": "0.1255",
        "reportedUpper": "0.1265",
        "reportedBasis": iris.concept("code/matched-filers"),
        "document": iris.identifier("doc/gazette"),
        "computed": "-0.156537",
        "computedLower": "-0.162881",
        "computedUpper": "-0.150259",
        "computedBasis": iris.concept("code/all-filers"),
    }
    again = reported | {"document": iris.identifier("doc/herald")}
    other = {**reported, "channel": iris.concept("channel/all")}
    unknown = reported | {"channel": narrow, "reportedBasis": iris.concept("code/odd"), "computed": ""}
    part = reported | {"counterpart": iris.concept("counterpart/manufacturing"), "reported": "0.9", "computed": "0.9"}
    matched, totals, odd = growth(rows(reported, again, other, unknown, part), [wide, narrow], {})
    assert "matched filers" in matched.title
    (rate,) = matched.rates
    assert (rate.value, rate.lower, rate.upper) == ("+12.6", "+12.55", "+12.65")
    assert [document.text for document in rate.documents] == ["gazette", "herald"]
    (computed,) = totals.rates
    assert "totals" in totals.title
    assert (computed.value, computed.lower, computed.upper) == ("−15.65", "−16.29", "−15.02")
    assert (matched.documents, totals.documents) == (True, False)
    assert odd.title == "Reported, basis: odd"


def test_disputes_lead_to_their_verdict_and_open_conflicts_are_told() -> None:
    first, second, third = (iris.identifier(f"obs/test/{name}") for name in ("a", "b", "c"))
    judged = rows(
        {
            "assessment": iris.identifier("assessment/x"),
            "verdict": iris.concept("code/rounding"),
            "record": first,
            "value": "18640000000",
            "document": iris.identifier("doc/gazette"),
            "comparedWith": second,
            "comparedValue": "18700000000",
            "comparedDocument": "",
            "reason": "Because.",
        }
    )
    pair = {"low": first, "lowValue": "1", "lowDocument": "", "high": third, "highValue": "2", "highDocument": ""}
    conflicts = rows(pair | {"assessed": "false"}, pair | {"high": second, "assessed": "true"})
    assert records(judged, conflicts) == {first, second, third}
    found = disputes(judged, conflicts, {}, {first: "USD"})
    assert [dispute.verdict.text for dispute in found] == ["rounding", "in conflict, not yet judged"]
    assert found[0].verdict.href == "/queries/provenance/disputed-readings?verdict=rounding"
    assert [reading.text for reading in found[0].readings] == ["18.64 billion USD", "18.7 billion"]
    assert [link.text for link in by_record(found)[first]] == ["rounding", "in conflict, not yet judged"]
    assert set(by_record(found)) == {first, second, third}


def test_that_two_figures_are_not_comparable_puts_neither_in_doubt() -> None:
    row = {
        "assessment": iris.identifier("assessment/x"),
        "verdict": iris.concept("code/not-comparable"),
        "record": iris.identifier("obs/test/a"),
        "value": "-0.191",
        "document": "",
        "comparedWith": iris.identifier("obs/test/b"),
        "comparedValue": "1",
        "comparedDocument": "",
        "reason": "Another basis.",
    }
    (found,) = disputes(rows(row), Table((), ()), {}, {row["record"]: "ratio"})
    assert [reading.text for reading in found.readings] == ["−19.1 %", "1"]
    assert by_record([found]) == {}


def test_countries_have_a_row_for_each_figure_and_each_caveat_is_told_once() -> None:
    row = {
        "areaLabel": "Japan",
        "nominal": "false",
        "firstDay": "2021-04-01",
        "lastDay": "2022-03-31",
        "value": "1244",
        "lower": "1244",
        "upper": "1244",
        "population": iris.identifier("population/mext"),
        "quality": iris.concept("code/press"),
        "match": "http://www.w3.org/2004/02/skos/core#closeMatch",
        "caveat": "all kinds",
        "observation": iris.identifier("obs/mext/a"),
    }
    unmapped = row | {"observation": iris.identifier("obs/mext/b"), "match": "", "caveat": "", "quality": ""}
    unmapped |= {"firstDay": "2021-01-01", "lastDay": "2021-12-31", "nominal": "true"}
    made = comparison(rows(row, row | {"match": "http://www.w3.org/2004/02/skos/core#broadMatch"}, unmapped), {})
    assert [(entry.year, entry.mapping, entry.quality) for entry in made.rows] == [
        ("2021-04-01 to 2022-03-31", "close, broad", "press"),
        ("2021 (nominal)", "none: nearest only", "derived"),
    ]
    assert made.rows[0].value.text == "1,244"
    assert made.caveats == (("mext", "all kinds"),)


def test_the_home_page_tells_all_of_it(full: httpx.Client) -> None:
    text = full.get("/", headers=HTML).text
    value, _, rest = text.partition('id="growth"')
    rates, _, countries = rest.partition('id="comparison"')
    assert [chart.count('class="gap"') for chart in value.split("<svg")[1:]] == [
        4,
        5,
    ]  # two more from the first year of the report on
    assert "2 disputed in USD" in value
    assert "/queries/provenance/disputed-readings?verdict=rounding" in value
    assert "18.64 billion USD" in value
    assert "One rounds &lt;more&gt;." in value
    assert "(official)" in value
    tables = rates.split("<table>")[1:]
    assert ["+12.6<" in table for table in tables] == [True, False]
    assert ["+15.65<" in table for table in tables] == [False, True]
    assert "Definitions differ" in countries
    assert "bodies asked" in countries


def test_a_new_release_has_a_new_home_page(
    make_release: MakeRelease, serve: Serve, named_queries: dict[str, NamedQuery], tmp_path: Path
) -> None:
    releases = [make_release(tmp_path / name, f"20251130T101500.000Z-{name}") for name in ("one", "two")]
    current = releases[:1]
    with serve(lambda: current[0], named_queries=named_queries) as client:
        assert [releases[0].manifest.id in client.get("/", headers=HTML).text for _ in range(2)] == [True, True]
        current[0] = releases[1]
        deadline = time.monotonic() + 20
        while releases[1].manifest.id not in client.get("/", headers=HTML).text:
            assert time.monotonic() < deadline
            time.sleep(0.1)
