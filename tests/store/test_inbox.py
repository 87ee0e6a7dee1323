"""What a query process reads: requests in order, in whatever pieces they come, and those that are taken back."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store.querying.inbox import Inbox
from kg.store.querying.requests import GraphRequest, Limits, Request, message, withdrawal

LIMITS = Limits(hosts=("example.org",), rows=7)


@contextmanager
def inbox(*data: bytes) -> Iterator[Inbox]:
    """What reads these pieces, after which the other end is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        with ours:
            for piece in data:
                ours.sendall(piece)
        yield Inbox(theirs)


def asked(number: int) -> Request:
    return Request(query=f"ASK {{}} # {number}", default_graphs=("x:a",), timeout=number + 0.5)


def sent(numbers: Iterable[int]) -> bytes:
    return b"".join(message(asked(number), LIMITS, number) for number in numbers)


def test_requests_come_in_order_with_their_numbers_limits_and_seconds() -> None:
    with inbox(sent(range(3)), message(GraphRequest(graph=None, media_type="text/turtle"), Limits(), 2.5)) as found:
        *requests, (last, graph, limits, seconds) = found
    assert [(number, request.packed, left) for number, request, _, left in requests] == [
        (number + 1, asked(number).packed, number) for number in range(3)
    ]
    assert {limits for _, _, limits, _ in requests} == {LIMITS}
    assert (last, graph, limits, seconds) == (4, GraphRequest(graph=None, media_type="text/turtle"), Limits(), 2.5)


@given(st.lists(st.integers(0, 1200), max_size=6))
def test_pieces_may_be_cut_anywhere(cuts: list[int]) -> None:
    data = sent(range(3))
    places = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    with inbox(*(data[begin:end] for begin, end in pairwise(places))) as found:
        assert [request.packed for _, request, _, _ in found] == [asked(number).packed for number in range(3)]


@pytest.mark.parametrize(("last", "left"), [(0, []), (1, [1]), (2, [1, 2]), (9, [1, 2, 3])])
def test_what_comes_after_a_number_is_taken_back_and_what_is_sent_later_is_not(last: int, left: list[int]) -> None:
    with inbox(sent(range(3)) + withdrawal(last) + sent([3])) as found:
        assert [number for number, *_ in found] == [*left, 4]


def test_what_has_begun_is_not_taken_back() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        found = iter(Inbox(theirs))
        ours.sendall(sent(range(3)))
        assert next(found)[0] == 1
        ours.sendall(withdrawal(1))
        ours.sendall(sent([3]))
        assert next(found)[0] == 4
