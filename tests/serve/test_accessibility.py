"""axe-core finds nothing serious on one page of each class and each page of the service, in every language.

The browser is led from page to page by a proxy before the service, which takes off the policy that keeps scripts out,
adds axe-core, and takes what it found.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from kg.cli.helping import command_line
from kg.queries import NamedQuery
from kg.serve.languages import INTERFACES
from kg.store.releases import DataFolder

from .test_browser import OPTIONS
from .test_signposting import PAGES, THINGS

Serve = Callable[..., AbstractContextManager[httpx.Client]]

VISITED = [
    f"{path}{'&' if '?' in path else '?'}lang={language}"
    for path in (*(f"/page/{path}" for path in THINGS), *PAGES, "/id/org/nobody", "/page/concept/unit/count?in=x:y")
    for language in INTERFACES
    if path != "/shapes"  # thousands of elements, made by the template of /ontology
]
SERIOUS = ("serious", "critical")
PATIENCE = 240.0
SCRIPT = """<script src="/axe.js"></script><script>
axe.run(document, {resultTypes: ["violations"]}).then(async found => {
  const told = found.violations.map(v => [v.id, v.impact, v.help, v.nodes.map(n => n.html.slice(0, 200)).slice(0, 3)]);
  const next = await fetch("/found", {method: "POST", body: JSON.stringify(told)});
  location = await next.text();
});
</script></body>"""


class Walk:
    """What is to be visited, and what was found."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.found: dict[str, list[Any]] = {}
        self.done = threading.Event()

    def told(self, violations: list[Any]) -> str:
        """Keep what was found on the page that was visited; the answer is the next one."""
        self.found[VISITED[len(self.found)]] = violations
        if len(self.found) == len(VISITED):
            self.done.set()
            return "about:blank"
        return VISITED[len(self.found)]


def proxy(walk: Walk) -> type[BaseHTTPRequestHandler]:
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_bytes()

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/axe.js":
                self._send(200, "text/javascript", axe)
                return
            answer = walk.client.get(self.path, headers={"accept": "text/html"}, follow_redirects=True)
            body = answer.content
            if answer.headers["content-type"].startswith("text/html"):
                body = answer.text.replace("</body>", SCRIPT).encode()
            self._send(answer.status_code, answer.headers["content-type"], body)

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            self._send(200, "text/plain", walk.told(json.loads(content)).encode())

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Proxy


@pytest.fixture(scope="module")
def client(data_folder: DataFolder, serve: Serve, named_queries: dict[str, NamedQuery]) -> Iterator[httpx.Client]:
    """The service over the bundled sources."""
    with serve(data_folder.current, named_queries=named_queries, workers=2, commands=command_line()) as client:
        yield client


def test_no_page_has_a_serious_fault(client: httpx.Client, tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("under CI the browser must be there: apt install chromium")
        pytest.skip("needs the browser chromium on the path")
    walk = Walk(client)
    server = ThreadingHTTPServer(("127.0.0.1", 0), proxy(walk))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options = [option for option in OPTIONS if not option.startswith(("--dump-dom", "--virtual-time"))]
    start = f"http://127.0.0.1:{server.server_address[1]}{VISITED[0]}"
    command = [chromium, *options, "--remote-debugging-port=0", f"--user-data-dir={tmp_path}", start]
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert walk.done.wait(PATIENCE), f"the browser stopped at {VISITED[len(walk.found)]}"
    finally:
        browser.terminate()
        browser.wait()
        server.shutdown()
        server.server_close()
    faults = {path: [fault for fault in found if fault[1] in SERIOUS] for path, found in walk.found.items()}
    assert {path: found for path, found in faults.items() if found} == {}
