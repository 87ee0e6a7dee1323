"""Token buckets: how many requests pass, and how much is remembered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.serve.rates import Rates, client


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_passes_at_once_and_no_more() -> None:
    rates = Rates(clock=Clock())
    passed = [rates.count("a", 5) for _ in range(7)]
    assert [standing.exceeded for standing in passed] == [False] * 5 + [True] * 2
    assert [standing.left for standing in passed] == [4, 3, 2, 1, 0, 0, 0]
    assert passed[-1].retry_after == 12


def test_who_waits_as_told_is_let_through() -> None:
    clock = Clock()
    rates = Rates(clock=clock)
    for _ in range(7):
        last = rates.count("a", 7)
    clock.now += rates.count("a", 7).retry_after
    assert not last.exceeded
    assert not rates.count("a", 7).exceeded


def test_callers_do_not_share() -> None:
    rates = Rates(clock=Clock())
    assert not rates.count("a", 1).exceeded
    assert not rates.count("b", 1).exceeded
    assert rates.count("a", 1).exceeded


def test_the_fields_say_what_is_left() -> None:
    rates = Rates(clock=Clock())
    assert rates.count("a", 2).headers() == {
        "RateLimit-Policy": '"caller";q=2;w=60',
        "RateLimit": '"caller";r=1;t=60',
    }
    rates.count("a", 2)
    assert rates.count("a", 2).headers()["RateLimit"] == '"caller";r=0;t=30'


def test_only_so_many_callers_are_remembered() -> None:
    rates = Rates(clock=Clock(), most=3)
    for number in range(1000):
        rates.count(str(number), 1)
    assert len(rates) == 3
    assert rates.count("999", 1).exceeded
    assert not rates.count("0", 1).exceeded


@given(rate=st.integers(1, 100), pauses=st.lists(st.floats(0, 30), max_size=200))
def test_over_any_time_no_more_pass_than_the_rate_and_one_minutes_worth(rate: int, pauses: list[float]) -> None:
    clock = Clock()
    rates = Rates(clock=clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        passed += not rates.count("a", rate).exceeded
    assert passed <= rate + clock.now * rate / 60 + 1e-6


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_whom_an_address_stands_for(address: str, stands_for: str) -> None:
    assert client(address) == stands_for
