"""kg token: made, listed, revoked; the secret is shown once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli.main import app
from kg.errors import ConfigError, NotFoundError
from kg.serve.tokens import TokenFile
from kg.store.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout(tmp_path)
    layout.create()
    return layout


def run(layout: Layout, *words: str) -> Result:
    return CliRunner().invoke(app, ["token", *words, "--data-dir", str(layout.root)])


def found(layout: Layout, text: str) -> bool:
    return TokenFile(layout.tokens, layout.tokens_lock).find(text) is not None


def test_a_token_is_made_listed_and_revoked(layout: Layout) -> None:
    made = run(layout, "create", "alice", "--scope", "write", "--timeout", "60", "--rows", "5", "--rate", "7")
    text = made.stdout.strip()
    assert found(layout, text)
    (listed,) = json.loads(run(layout, "list", "--json").stdout)
    assert {name: listed[name] for name in ("name", "scope", "timeout", "rows", "rate", "expires")} == {
        "name": "alice",
        "scope": "write",
        "timeout": 60.0,
        "rows": 5,
        "rate": 7,
        "expires": None,
    }
    shown = run(layout, "list").output
    assert "alice" in shown
    assert text.rpartition("_")[2] not in shown
    assert run(layout, "revoke", "alice").output == "revoked alice\n"
    assert not found(layout, text)
    assert "no tokens" in run(layout, "list").output


def test_for_a_program_the_token_stands_in_json(layout: Layout) -> None:
    made = json.loads(run(layout, "create", "bob", "--json").stdout)
    assert found(layout, made["token"])
    assert made["scope"] == "read"
    assert "digest" not in made


def test_a_token_is_valid_on_its_last_day(layout: Layout) -> None:
    today = datetime.now(UTC).date().isoformat()
    assert found(layout, run(layout, "create", "day", "--expires", today).stdout.strip())
    assert found(layout, run(layout, "create", "days", "--expires", "90d").stdout.strip())


@pytest.mark.parametrize(
    ("words", "error", "text"),
    [
        (("create", "a", "--scope", "all"), ConfigError, "choose one of read, write, admin"),
        (("create", "a", "--expires", "soon"), ConfigError, "such as 2027-01-31"),
        (("create", "a", "--expires", "99999d99"), ConfigError, "such as 2027-01-31"),
        (("create", "a", "--expires", "9999-12-31"), ConfigError, "such as 2027-01-31"),
        (("create", "a", "--expires", "2020-01-01"), ConfigError, "over"),
        (("create", "a b"), ConfigError, "no name"),
        (("revoke", "nobody"), NotFoundError, "kg token list"),
    ],
)
def test_what_is_wrong_is_said(layout: Layout, words: tuple[str, ...], error: type[Exception], text: str) -> None:
    result = run(layout, *words)
    assert isinstance(result.exception, error)
    assert text in str(result.exception)
    assert not layout.tokens.exists()
