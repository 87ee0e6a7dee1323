"""What servers make of the suites: tests missed, those known to be missed and why, the table for the README."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from .manifests import SUITES, entries
from .runner import in_turn, missed
from .servers import Server

_MISSES = Path(__file__).with_name("misses.yaml")

Misses = Mapping[str, str]
"""By the name of a test what went wrong, or the reason why it does."""


def run(server: Server, suite: str) -> dict[str, str]:
    """What a server does otherwise than a suite says, by the name of the test."""
    found = {entry.name: missed(entry, server) for entry in in_turn(entries(suite))}
    return {name: text for name, text in found.items() if text}


@cache
def known(server: str, suite: str) -> dict[str, str]:
    """The tests that a server is known to miss, with the reason."""
    groups = yaml.safe_load(_MISSES.read_text("utf-8"))
    return {
        name: group["reason"]
        for group in groups
        if group["suite"] == suite and server in group["servers"]
        for name in group["tests"]
    }


def table(misses: Mapping[str, Mapping[str, Collection[str]]], suites: Collection[str] = tuple(SUITES)) -> str:
    """How many tests of each suite each server passes, from those it misses by server and suite, as Markdown."""
    lines = [["suite", "tests", *misses], ["---", *(["--:"] * (1 + len(misses)))]]
    for suite in suites:
        tests = len(entries(suite))
        passed = [tests - len(of_server[suite]) for of_server in misses.values()]
        lines.append([SUITES[suite][0], *map(str, (tests, *passed))])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def listed(misses: Iterable[Misses]) -> str:
    """The tests that a server misses, grouped by the reason, as Markdown."""
    grouped: dict[str, list[str]] = {}
    for of_suite in misses:
        for name, reason in of_suite.items():
            grouped.setdefault(reason, []).append(name)
    return "\n".join(_item(f"{', '.join(f'`{name}`' for name in names)}: {text}") for text, names in grouped.items())


def _item(text: str) -> str:
    return textwrap.fill(text, 122, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)
