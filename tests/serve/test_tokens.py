"""The file of tokens: what is kept, what is not, who may read it, and that what is revoked is worthless."""

from __future__ import annotations

import json
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kg.errors import ConfigError, NotFoundError, StoreError
from kg.serve.tokens import TokenFile

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


@pytest.fixture
def tokens(path: Path, clock: Clock) -> TokenFile:
    return TokenFile(path, path.with_name("lock"), clock=clock)


def test_a_token_is_found_by_its_text(tokens: TokenFile) -> None:
    made, text = tokens.create("alice", "write", timeout=60.0, rows=10, rate=5)
    assert tokens.find(text) == made
    assert (made.name, made.scope, made.timeout, made.rows, made.rate) == ("alice", "write", 60.0, 10, 5)
    assert made.created == "2026-01-01T12:00:00Z"


def test_a_text_begins_with_its_public_part_and_has_256_bits_more(tokens: TokenFile) -> None:
    made, text = tokens.create("alice", "read")
    assert text.startswith(f"kg_{made.id}_")
    assert len(text.removeprefix(f"kg_{made.id}_")) == 43  # characters of base64 that hold 32 bytes


def test_what_is_kept_does_not_hold_the_secret(tokens: TokenFile, path: Path) -> None:
    made, text = tokens.create("alice", "read")
    assert text.removeprefix(f"kg_{made.id}_") not in path.read_text("utf-8")
    assert set(json.loads(path.read_text("utf-8"))["tokens"][0]) == set(vars(made))


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text[:-1],
        lambda text: text + "x",
        lambda text: text.replace("kg_", "KG_"),
        lambda text: text.swapcase(),
        lambda text: text.split("_", 2)[0] + "_" + text.split("_", 2)[1],
        lambda text: text.split("_", 2)[0] + "_" + text.split("_", 2)[1] + "_",
        lambda text: "kg__" + text.split("_", 2)[2],
        lambda _: "",
        lambda _: "kg_\udcff_\udcff",
    ],
)
def test_another_text_is_nobodys(tokens: TokenFile, spoilt: object) -> None:
    _, text = tokens.create("alice", "read")
    assert callable(spoilt)
    assert tokens.find(spoilt(text)) is None


def test_the_secret_of_one_is_not_that_of_another(tokens: TokenFile) -> None:
    (alice, mine), (bob, his) = tokens.create("alice", "read"), tokens.create("bob", "admin")
    assert tokens.find(his.replace(bob.id, alice.id)) is None
    assert tokens.find(mine.replace(alice.id, bob.id)) is None


def test_a_token_that_has_expired_is_worthless(tokens: TokenFile, clock: Clock) -> None:
    made, text = tokens.create("alice", "read", expires=NOON + timedelta(hours=1))
    assert tokens.find(text) == made
    clock.now += timedelta(hours=1)
    assert tokens.find(text) is None


def test_what_one_process_revokes_another_minds_at_once(tokens: TokenFile, path: Path) -> None:
    other = TokenFile(path, path.with_name("lock"))
    _, text = other.create("alice", "read")
    assert tokens.find(text)
    assert other.revoke("alice").name == "alice"
    assert tokens.find(text) is None
    assert tokens.all() == []


def test_a_token_is_revoked_by_its_id_too(tokens: TokenFile) -> None:
    made, _ = tokens.create("alice", "read")
    tokens.create("bob", "read")
    assert tokens.revoke(made.id) == made
    assert [token.name for token in tokens.all()] == ["bob"]


def test_without_a_file_there_are_no_tokens(tokens: TokenFile) -> None:
    assert tokens.all() == []
    assert tokens.find("kg_a_b") is None
    with pytest.raises(NotFoundError, match="kg token list"):
        tokens.revoke("alice")


def test_a_file_that_was_removed_revokes_all(tokens: TokenFile, path: Path) -> None:
    _, text = tokens.create("alice", "read")
    assert tokens.find(text)
    path.unlink()
    assert tokens.find(text) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"tokens": [{"id": "a"}]}', '{"tokens": 1}'])
def test_a_file_that_is_none_lets_nobody_in(tokens: TokenFile, path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(StoreError, match="no file of tokens"):
        tokens.find("kg_a_b")


def test_a_name_is_given_once(tokens: TokenFile) -> None:
    tokens.create("alice", "read")
    with pytest.raises(ConfigError, match="revoke it first"):
        tokens.create("alice", "admin")


@pytest.mark.parametrize("name", ["", "a b", "a\n", "x" * 65, "é", "<b>"])
def test_some_names_are_none(tokens: TokenFile, name: str) -> None:
    with pytest.raises(ConfigError, match="no name for a token"):
        tokens.create(name, "read")


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX systems")
def test_only_its_owner_may_read_the_file(tokens: TokenFile, path: Path) -> None:
    path.with_name("tokens.json.tmp").touch(0o666)  # left by somebody else
    previous = os.umask(0)
    try:
        tokens.create("alice", "read")
        tokens.create("bob", "read")
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_tokens_that_are_made_at_once_are_all_there(path: Path) -> None:
    def create(number: int) -> None:
        TokenFile(path, path.with_name("lock")).create(f"n{number}", "read")

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(TokenFile(path, path.with_name("lock")).all()) == 8
