"""Measures as they are asked for by name, with parameters of all of them in one mapping, and told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.analysis.measures.model import Measure
from kg.analysis.measures.running import find
from kg.analysis.measures.ways import engines_of
from kg.errors import ParameterError


def named(names: Sequence[str]) -> list[Measure]:
    """The measures that texts name, several in one parted by commas, each once; ParameterError for an unknown one."""
    return list({each.name: each for text in names for each in map(find, text.split(","))}.values())


def shared_out(chosen: Sequence[Measure], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The parameters of each measure: those of its own name (``pagerank.damping``), and those that it knows.

    Raises
    ------
    ParameterError
        None of the measures takes one.
    """
    shared: dict[str, dict[str, Any]] = {each.name: {} for each in chosen}
    known = {each.name: {parameter.name for parameter in each.parameters} for each in chosen}
    for name, value in given.items():
        of, dot, own = name.partition(".")
        takers = [of] if dot and of in shared else [each for each in shared if name in known[each]]
        if not takers:
            there = sorted(set().union(*known.values()))
            raise ParameterError(name, f"one of {', '.join(there) or 'none'}, which is what {', '.join(shared)} takes")
        for each in takers:
            shared[each][own if dot else name] = value
    return shared


def documented(asked: Measure) -> dict[str, Any]:
    """All about a measure, as plain data: definition, source, cost, parameters, engines that are there."""
    fields = ("name", "title", "gives", "definition", "source", "cost", "weights", "misleads")
    parameters = [
        {"name": p.name, "default": p.default, "expected": p.expected, "description": p.description}
        for p in asked.parameters
    ]
    return {name: getattr(asked, name) for name in fields} | {
        "parameters": parameters,
        "engines": engines_of(asked.name),
    }
