"""Files of the network: from named hosts only, with the Link headers that come with them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kg.csvw.conversion import convert
from kg.csvw.fetching import Fetching
from kg.csvw.places import Web
from kg.errors import SourceUnavailableError
from kg.sparql.hosts import Hosts

LINK = '<described.json>; rel="describedby"; type="application/csvm+json"'
METADATA = {
    "@context": "http://www.w3.org/ns/csvw",
    "url": "t.csv",
    "tableSchema": {"columns": [{"titles": "x", "propertyUrl": "http://example.org/x", "datatype": "integer"}]},
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/t.csv":
                self._answer(200, b"x\n7\n", Link=LINK)
            case "/described.json":
                self._answer(200, json.dumps(METADATA).encode())
            case "/long.csv":
                self._answer(200, b"x\n" * 1000)
            case "/away.csv":
                self._answer(302, b"", Location="http://elsewhere.example/t.csv")
            case "/leads.json":
                self._answer(200, json.dumps({**METADATA, "url": "file:///etc/hostname"}).encode())
            case _:
                self._answer(404, b"no such page")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def places(folder: Path, *hosts: str, most_bytes: int = 1 << 20) -> Fetching:
    return Fetching(Hosts.of(hosts), folder, Web(), most_bytes=most_bytes)


def test_metadata_is_found_by_the_header_of_the_table(site: str, tmp_path: Path) -> None:
    converted = convert(f"{site}/t.csv", places(tmp_path, site), minimal=True)
    assert list(converted.lines) == ['_:t1d1 <http://example.org/x> "7"^^<http://www.w3.org/2001/XMLSchema#integer> .']


REFUSED = {
    "/t.csv": ((), "lies on the network, from which nothing is fetched unless its host is allowed"),
    "/none.csv": (("",), "cannot be fetched: HTTP Error 404"),
    "/away.csv": (("",), "it leads to http://elsewhere.example/t.csv, which is not allowed"),
    "/long.csv": (("",), "it is longer than 1,000 bytes"),
}


@pytest.mark.parametrize(
    ("path", "allowed", "message"), [(path, *found) for path, found in REFUSED.items()], ids=REFUSED
)
def test_what_is_not_fetched_is_named(
    path: str, allowed: tuple[str, ...], message: str, site: str, tmp_path: Path
) -> None:
    web = places(tmp_path, *(site for _ in allowed), most_bytes=1000)
    with pytest.raises(SourceUnavailableError, match=message):
        convert(f"{site}{path}", web)


def test_metadata_of_the_network_does_not_reach_the_disk(site: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="leads out of the folder of the table"):
        convert(f"{site}/leads.json", Fetching(Hosts.of([site]), tmp_path, Web(roots=(Path("/"),))))


def test_files_of_the_disk_stay_below_their_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("x\n1\n", "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "m.json").write_text(json.dumps({**METADATA, "url": "../secret.csv"}), "utf-8")
    with pytest.raises(Exception, match="leads out of the folder of the table"):
        convert((folder / "m.json").as_uri(), Web(roots=(folder,)))
