"""Answers that are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kg.store.layout import Layout
from kg.store.manifest import Manifest
from kg.store.querying.kept import Kept
from kg.store.querying.workers import Limits, Request
from kg.store.release import Release

ASK = Request(query="ASK {}")
LIMITS = Limits()


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """One that nobody opens."""
    return Release(Layout(tmp_path), Manifest("one", "2025-11-30T10:15:00Z", "test", None, {}))


@dataclass(frozen=True)
class Whole:
    """What `Kept` looks at of an answer."""

    release: Release
    first: bytes = b"yes"
    media_type: str = "text/plain"
    received: bool = True


def test_an_answer_is_kept_for_its_release_and_request(release: Release) -> None:
    kept = Kept()
    kept.put(ASK, LIMITS, Whole(release))
    found = kept.find(release, Request(query="ASK {}"), LIMITS)
    assert found
    assert (found.first, found.media_type, found.received, found.release) == (b"yes", "text/plain", True, release)
    assert kept.find(release, replace(ASK, results_format="text/csv"), LIMITS) is None
    for smaller in (Limits(rows=1), Limits(result=1), Limits(hosts=("a.example",))):
        assert kept.find(release, ASK, smaller) is None
    later = Release(release.layout, replace(release.manifest, id="later"))
    assert kept.find(later, ASK, LIMITS) is None


@pytest.mark.parametrize("change", [{"received": False}, {"first": b"x" * 11}])
def test_what_is_large_or_not_complete_is_not_kept(release: Release, change: dict[str, object]) -> None:
    kept = Kept(largest=10)
    kept.put(ASK, LIMITS, replace(Whole(release), **change))
    assert len(kept) == 0


def test_what_was_not_asked_for_longest_makes_room(release: Release) -> None:
    requests = [Request(query=f"ASK {{}} #{n}") for n in range(10)]
    kept = Kept(most=10_000)
    for request in requests:
        kept.put(request, LIMITS, Whole(release, b"x" * 1000))
        kept.find(release, requests[0], LIMITS)
    assert 1 < len(kept) < 10
    assert kept.find(release, requests[0], LIMITS)
    assert kept.find(release, requests[-1], LIMITS)
    assert kept.find(release, requests[1], LIMITS) is None
