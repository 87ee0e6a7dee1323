"""Small answers that are complete, kept as bytes: a release never changes, so what it answered it will answer again.

Whoever puts an answer here knows that it depends on nothing but the release, the request, and what its caller may have:
an answer that one caller got is an error for another whose limits are smaller.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from kg.store.base import Published
from kg.store.querying.requests import GraphRequest, Limits, Request

_OVERHEAD = 1024
"""About what an entry takes beside its bytes."""


class Received(Protocol):
    """An answer of which ``received`` says whether ``first`` is all of it."""

    @property
    def release(self) -> Published:
        """What it was answered from."""
        ...

    media_type: str
    first: bytes
    received: bool


@dataclass(frozen=True)
class KeptAnswer:
    """An answer as `kg.store.querying.base.Answer` has it, all of which is there."""

    release: Published
    media_type: str
    first: bytes
    received: bool = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.first


_Key = tuple[str | None, bytes, int, int, tuple[str, ...]]


class Kept:
    """Answers by release, request and limits; those that were not asked for longest make room for new ones.

    Parameters
    ----------
    most
        Bytes that all of them may take.
    largest
        Bytes that one may have; a larger one is not kept, as most of its cost is not in asking again.

    Attributes
    ----------
    size
        Bytes that they take now, about.
    hits, misses
        How often an answer was looked for and was here, or was not.
    """

    def __init__(self, most: int = 64 * 1024**2, *, largest: int = 64 * 1024) -> None:
        self._most = most
        self._largest = largest
        self._answers: OrderedDict[_Key, KeptAnswer] = OrderedDict()
        self.size = self.hits = self.misses = 0

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, release: Published, request: Request | GraphRequest, limits: Limits) -> KeptAnswer | None:
        """The answer of this release to this request of somebody with these limits, if it is here."""
        key = _key(release, request, limits)
        if answer := self._answers.get(key):
            self._answers.move_to_end(key)
            self.hits += 1
        else:
            self.misses += 1
        return answer

    def clear(self) -> None:
        """Forget all answers."""
        self._answers.clear()
        self.size = 0

    def put(self, request: Request | GraphRequest, limits: Limits, answer: Received) -> None:
        """Keep an answer, if it is complete and small."""
        if not answer.received or len(answer.first) > self._largest:
            return
        key = _key(answer.release, request, limits)
        if key in self._answers:
            return
        self._answers[key] = KeptAnswer(answer.release, answer.media_type, answer.first)
        self.size += _size(key, answer.first)
        while self.size > self._most:
            oldest, gone = self._answers.popitem(last=False)
            self.size -= _size(oldest, gone.first)


def _key(release: Published, request: Request | GraphRequest, limits: Limits) -> _Key:
    return release.id, request.packed, limits.rows, limits.result, limits.hosts


def _size(key: _Key, data: bytes) -> int:
    return _OVERHEAD + len(key[1]) + len(data)
