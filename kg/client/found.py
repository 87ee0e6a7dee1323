"""Hits of a search as a frame, from what `kg.search.as_json` and the service alike say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from kg.client.results import Result

_SCHEMA = {
    "iri": pl.String(),
    "label": pl.String(),
    "match": pl.String(),
    "matched": pl.String(),
    "classes": pl.List(pl.String()),
    "countries": pl.List(pl.String()),
    "years": pl.List(pl.Int64()),
    "description": pl.String(),
}
_MEANINGS = {
    "iri": "the thing",
    "label": "what it is called",
    "match": "how it was found, the best first: exact, beginning, all-in-name, all-words, word-beginning, near",
    "matched": "the name by which it was found, where that is another one",
    "classes": "IRIs of its classes",
    "countries": "codes of its countries",
    "years": "years that it has to do with",
    "description": "the beginning of what is said of it",
}


def as_result(told: Mapping[str, Any], release: str) -> Result:
    """The hits as rows, and how many there are in all."""
    rows = [
        {
            **{name: hit.get(name) for name in _SCHEMA},
            "classes": [each["iri"] for each in hit.get("classes", ())],
            "countries": [each["code"] for each in hit.get("countries", ())],
            "years": list(hit.get("years", ())),
        }
        for hit in told["hits"]
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return Result(frame, _MEANINGS, release, told={"total": told["total"]})
