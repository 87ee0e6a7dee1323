"""Names: periods and their days, forth and back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import iris


@pytest.mark.parametrize(
    ("name", "first", "last", "nominal"),
    [
        ("CY2020", "2020-01-01", "2020-12-31", False),
        ("2019-08-01_2020-07-31", "2019-08-01", "2020-07-31", False),
        ("2024-12-31", "2024-12-31", "2024-12-31", False),
        ("FY2013", "2013-01-01", "2013-12-31", True),
        ("FY2013-end", "2013-12-31", "2013-12-31", True),
    ],
)
def test_a_period_says_its_days(name: str, first: str, last: str, nominal: bool) -> None:
    days = iris.period_days(iris.identifier(f"period/{name}"))
    assert days == iris.Days(date.fromisoformat(first), date.fromisoformat(last), nominal)


@pytest.mark.parametrize(
    "name", ["2020", "CY20", "2020-02-30", "2020-12-31_2020-01-01", "2020-01-01_2020-12-31", "FY2013-start", "CY2020x"]
)
def test_what_is_no_period_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"period|day|month|before|CY2020|range"):
        iris.period_days(iris.identifier(f"period/{name}"))


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("CY2020", "CY2019"),
        ("FY2013-end", "FY2012-end"),
        ("FY2013", "FY2012"),
        ("2024-12-31", "2023-12-31"),
        ("2024-02-29", "2023-02-28"),
        ("2019-08-01_2020-07-31", "2018-08-01_2019-07-31"),
    ],
)
def test_the_year_before_keeps_the_form(name: str, before: str) -> None:
    assert iris.year_before(iris.identifier(f"period/{name}")) == iris.identifier(f"period/{before}")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("CY2024", "2024-12-31"),
        ("2019-08-01_2020-07-31", "2020-07-31"),
        ("2024-12-31", "2024-12-31"),
        ("FY2013", "FY2013-end"),
        ("FY2013-end", "FY2013-end"),
    ],
)
def test_the_last_day_is_a_period_of_its_own(name: str, day: str) -> None:
    assert iris.last_day(iris.identifier(f"period/{name}")) == iris.identifier(f"period/{day}")


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 1000))
def test_days_written_are_days_read(first: date, length: int) -> None:
    last = date.fromordinal(first.toordinal() + length)
    if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return
    name = f"{first}_{last}" if length else f"{first}"
    assert iris.period_days(iris.identifier(f"period/{name}")) == iris.Days(first, last)


def test_cells_and_derived_things_are_named_by_what_they_are_made_of() -> None:
    assert iris.cell_iri("a|b") == iris.cell_iri("a|b") != iris.cell_iri("a|c")
    assert iris.derived_observation_iri("sum", "x", "y") != iris.derived_observation_iri("sum", "y", "x")
