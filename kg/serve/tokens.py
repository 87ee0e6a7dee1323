"""Tokens: what lets a caller do more, or for longer, than a stranger.

A token is ``kg_<id>_<secret>``. The id is public and finds the entry; the secret is 256 random bits, shown once when
the token is made, and only its SHA-256 is kept. A slow hash protects secrets that people choose, which can be guessed;
nobody tries 2²⁵⁶ values, however fast the hash, and a slow one would cost every request what it costs an attacker.

The entries stand in one file of the data folder that only its owner may read, replaced as a whole under a lock. Whoever
has it open looks at the file's date with each token, so what is revoked is refused from the next request on.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from kg.errors import ConfigError, NotFoundError, StoreError
from kg.store import durable, locks

Scope = Literal["read", "write", "admin"]
"""What a caller may do; each includes the one before."""
SCOPES: tuple[Scope, ...] = ("read", "write", "admin")

_SECRET_BYTES = 32
_ID_BYTES = 6
_NAME = re.compile(r"[\w.@-]{1,64}", re.ASCII)
_NOBODY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, kw_only=True)
class Token:
    """What is kept of a token: who has it, what it allows, until when, and its limits (the service's own where None).

    Parameters
    ----------
    digest
        SHA-256 of the secret, in hexadecimal.
    created, expires
        ISO 8601 in UTC; without end if None.
    timeout, rows, rate
        Seconds that a query may take, rows that it may give, requests a minute.
    """

    id: str
    name: str
    scope: Scope
    digest: str
    created: str
    expires: str | None = None
    timeout: float | None = None
    rows: int | None = None
    rate: int | None = None

    def ended(self, now: datetime | None = None) -> bool:
        """Whether its time is over."""
        return bool(self.expires and self.expires <= _text(now or datetime.now(UTC)))


class TokenFile:
    """The tokens of a data folder. Reading needs no lock, since the file is replaced and never changed.

    Parameters
    ----------
    clock
        The time in UTC, by which tokens are made and end.
    """

    def __init__(self, path: Path, lock: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._lock = lock
        self._clock = clock
        self._seen: tuple[int, int, int] | None = None
        self._tokens: Mapping[str, Token] = {}

    def all(self) -> list[Token]:
        """All tokens, by name.

        Raises
        ------
        StoreError
            The file cannot be read.
        """
        return sorted(self._read().values(), key=lambda token: token.name)

    def create(
        self,
        name: str,
        scope: Scope,
        *,
        expires: datetime | None = None,
        timeout: float | None = None,
        rows: int | None = None,
        rate: int | None = None,
    ) -> tuple[Token, str]:
        """A new token, and its text, which is nowhere kept.

        Raises
        ------
        ConfigError
            The name is taken, or is none.
        StoreError
            The file cannot be read or written.
        """
        if not _NAME.fullmatch(name):
            raise ConfigError(f"{name!r} is no name for a token: up to 64 letters, digits, and . _ @ -")
        identifier, secret = secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
        token = Token(
            id=identifier,
            name=name,
            scope=scope,
            digest=_digest(secret),
            created=_text(self._clock()),
            expires=_text(expires) if expires else None,
            timeout=timeout,
            rows=rows,
            rate=rate,
        )
        with locks.briefly(self._lock):
            tokens = self.all()
            if any(other.name == name for other in tokens):
                raise ConfigError(f"there is a token {name}; revoke it first, or choose another name")
            self._write([*tokens, token])
        return token, f"kg_{identifier}_{secret}"

    def revoke(self, name: str) -> Token:
        """Forget a token, by name or id.

        Raises
        ------
        NotFoundError
            There is none.
        StoreError
            The file cannot be read or written.
        """
        with locks.briefly(self._lock):
            tokens = self.all()
            for token in tokens:
                if name in (token.name, token.id):
                    self._write([other for other in tokens if other != token])
                    return token
        raise NotFoundError(f"there is no token {name}; kg token list shows all")

    def find(self, text: str) -> Token | None:
        """The token that somebody shows, if it is one and is still valid; one ``stat`` of the file.

        Raises
        ------
        StoreError
            The file cannot be read: nobody is let in by mistake.
        """
        prefix, _, rest = text.partition("_")
        identifier, _, secret = rest.partition("_")
        token = self._read().get(identifier)
        right = hmac.compare_digest(_digest(secret), token.digest if token else _NOBODY)
        if token is None or not right or prefix != "kg":
            return None
        return None if token.ended(self._clock()) else token

    def _read(self) -> Mapping[str, Token]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._seen, self._tokens = None, {}
            return self._tokens
        seen = (found.st_ino, found.st_mtime_ns, found.st_size)
        if seen != self._seen:
            self._tokens = _parsed(self._path)
            self._seen = seen
        return self._tokens

    def _write(self, tokens: list[Token]) -> None:
        text = json.dumps({"tokens": [asdict(token) for token in tokens]}, indent=1) + "\n"
        with durable.explained(f"cannot write {self._path}"):
            durable.write_text(self._path, text, private=True)


def _parsed(path: Path) -> dict[str, Token]:
    with durable.explained(f"cannot read {path}"):
        text = path.read_text("utf-8")
    try:
        return {entry["id"]: Token(**entry) for entry in json.loads(text)["tokens"]}
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} is no file of tokens; restore it, or remove it to revoke all") from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _text(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
