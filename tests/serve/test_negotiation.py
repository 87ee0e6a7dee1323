"""Which format is chosen."""

from __future__ import annotations

import pytest

from kg.errors import NotAcceptableError, ParameterError
from kg.serve.negotiation import chosen, preferred

OFFERED = ("application/json", "application/xml", "text/csv", "text/html")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        (BROWSER, "text/html"),
        ("text/csv;q=0.5, application/xml;q=0.6", "application/xml"),
        ("text/csv, application/xml", "application/xml"),
        ("*/*;q=0.1, text/*", "text/csv"),
        ("text/*, text/csv;q=0.1", "text/html"),
        ("*/*, application/json;q=0", "application/xml"),
        ("text/csv ; charset=utf-8 ; q=1.0", "text/csv"),
        ("text/csv;q=wrong, text/html;q=0.1", "text/html"),
        ("text/csv;q=2", None),
        ("text/csv;q=0", None),
        ("text/csv;q=nan", None),
        ("image/png", None),
        (";;,,", None),
    ],
)
def test_the_best_fit_is_preferred(accept: str, media_type: str | None) -> None:
    assert preferred(accept, OFFERED) == media_type


def test_a_name_wins_over_accept() -> None:
    assert chosen({"csv": "text/csv", "json": "application/json"}, accept="application/json", name="csv") == "text/csv"


def test_what_cannot_be_chosen_is_an_error_that_names_what_can() -> None:
    with pytest.raises(ParameterError, match="one of csv, json"):
        chosen({"csv": "text/csv", "json": "application/json"}, accept="", name="pdf")
    with pytest.raises(NotAcceptableError, match="text/csv"):
        chosen({"csv": "text/csv"}, accept="image/png", name=None)
