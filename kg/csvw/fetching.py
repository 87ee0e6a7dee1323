"""Files of the network for a conversion, from hosts that were named: each is fetched once, into a folder.

A redirection is followed to named hosts only, so that a public address cannot lead inside.
"""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import urljoin, urlsplit

from kg.csvw.places import Place, Places
from kg.errors import RefusedError
from kg.sparql.hosts import Hosts

_SECONDS, _MOST_BYTES, _PIECE_BYTES = 30.0, 4 << 30, 1 << 20


@dataclass
class Fetching:
    """Places on named hosts, and those of another kind for all else."""

    hosts: Hosts
    folder: Path
    others: Places
    seconds: float = _SECONDS
    most_bytes: int = _MOST_BYTES
    links: dict[str, str] = field(default_factory=dict)
    _known: dict[str, Place] = field(default_factory=dict)

    def find(self, reference: str, base: str) -> Place:
        """See `Places`; what cannot be fetched is not to be read."""
        address = urljoin(base, reference)
        try:
            self.hosts.place(address)
        except RefusedError:
            return self.others.find(reference, base)
        if address not in self._known:
            self._known[address] = self._fetched(address)
        return self._known[address]

    def link(self, address: str) -> str:
        """The ``Link`` header that came with a file."""
        return self.links.get(address, "")

    def _fetched(self, address: str) -> Place:
        digest = hashlib.sha256(address.encode()).hexdigest()[:16]
        path = self.folder / f"{digest}-{PurePosixPath(urlsplit(address).path).name or 'index'}"
        request = urllib.request.Request(address, headers={"Accept": "*/*"})  # noqa: S310 # its scheme was looked at
        opener = urllib.request.build_opener(_Staying(self.hosts), urllib.request.ProxyHandler())
        try:
            with opener.open(request, timeout=self.seconds) as answer, path.open("wb") as file:
                self.links[address] = ", ".join(answer.headers.get_all("Link") or [])
                self._copy(answer, file)
        except (OSError, HTTPException, ValueError) as error:
            raise ValueError(f" cannot be fetched: {error}") from error
        return Place(address, path, address)

    def _copy(self, answer: IO[bytes], file: IO[bytes]) -> None:
        total = 0
        while piece := answer.read(_PIECE_BYTES):
            total += len(piece)
            if total > self.most_bytes:
                raise ValueError(f"it is longer than {self.most_bytes:,} bytes")
            file.write(piece)


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows a redirection to named hosts only."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def redirect_request(  # noqa: PLR0917 # as the library has it
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """The request to where the answer leads."""
        try:
            self._hosts.place(newurl)
        except RefusedError as error:
            raise urllib.error.URLError(f"it leads to {newurl}, which is not allowed") from error
        return super().redirect_request(req, fp, code, msg, headers, newurl)
