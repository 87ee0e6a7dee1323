"""The README's examples, run from top to bottom in one empty folder, give what the README shows.

An example is a block of ``sh`` with a block of ``text`` after it; blocks without are only parsed (test_docs.py). In a
block of text ``…`` stands for anything, and lines may be left out; how wide columns are and which release is meant do
not count. A path and a colon before a block name a file: one of the project's is quoted, any other is written.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from typer.testing import CliRunner

from kg.cli.main import app
from kg.errors import KgError

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
LINES = r"((?:(?!```).*\n)+)"
FILES = re.compile(rf"^`([\w./-]+)`:\n\n```\w+\n{LINES}```$", re.MULTILINE)
RUNS = re.compile(rf"^```sh\n{LINES}```\n\n```text\n{LINES}```$", re.MULTILINE)
EXIT_CODE = re.compile(r"# exit code (\d+)$")
RELEASE = re.compile(r"\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{8}")
SERVICE = "http://127.0.0.1:8000"
TYPED = {"make build": "kg build"}
"""What `make` runs once it has made the environment."""


@dataclass(frozen=True)
class Run:
    """What came of an example: all that was printed, and the exit code of the line that failed, else 0."""

    printed: str
    exit_code: int


class Session:
    """A folder to work in, as a reader has it: beside a checkout's tests, with the documents at hand or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._service: subprocess.Popen[str] | None = None
        self._address = ""
        self._client = httpx.Client(timeout=600)

    def run(self, block: str) -> Run:
        """Run the lines of a block."""
        results = [self._line(line) for line in block.splitlines()]
        return Run("".join(printed for printed, _ in results), next((code for _, code in results if code), 0))

    def close(self) -> None:
        """Stop the service, if an example needed it."""
        self._client.close()
        if self._service:
            self._service.terminate()
            self._service.communicate()

    def _line(self, line: str) -> tuple[str, int]:
        program, *arguments = shlex.split(TYPED.get(line, line), comments=True)
        if program == "kg":
            return self._kg(arguments)
        if program == "curl":
            return self._curl(arguments), 0
        done = subprocess.run([program, *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout, 0

    def _kg(self, arguments: list[str]) -> tuple[str, int]:
        unset = dict.fromkeys(("KG_DATA_DIR", "KG_SOURCES_DIR", "KG_KEEP"))
        with contextlib.chdir(self.folder):
            result = CliRunner().invoke(app, arguments, env=unset)
        if isinstance(result.exception, KgError):
            return f"{result.output}kg: {result.exception}\n", result.exception.exit_code
        return result.output, result.exit_code

    def _curl(self, arguments: list[str]) -> str:
        """Send what curl would send: its options that the README uses."""
        curl = argparse.ArgumentParser()
        curl.add_argument("url")
        curl.add_argument("-s", action="store_true")
        curl.add_argument("-L", action="store_true")
        curl.add_argument("-o", dest="output")
        curl.add_argument("-w", dest="told", default="")
        curl.add_argument("-G", action="store_true")
        curl.add_argument("-H", dest="headers", action="append", default=[])
        curl.add_argument("-F", dest="parts", action="append", default=[])
        for option in ("-d", "--data-urlencode", "--data-binary"):
            curl.add_argument(option, dest="data", action="append", default=[])
        typed = curl.parse_args(arguments)
        headers = dict(header.split(": ", 1) for header in typed.headers)
        url = typed.url.replace(SERVICE, self._base())
        data = "&".join(map(self._data, typed.data))
        if typed.parts:
            named = [part.split("=@", 1) for part in typed.parts]
            files = [(name, (file, (self.folder / file).read_bytes())) for name, file in named]
            return f"{self._client.post(url, files=files, headers=headers).text}\n"
        if typed.G or not data:
            answer = self._client.get(f"{url}?{data}" if data else url, headers=headers, follow_redirects=typed.L)
        else:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            answer = self._client.post(url, content=data, headers=headers)
        return f"{'' if typed.output else answer.text}{self._told(typed.told, answer)}\n"

    @staticmethod
    def _told(wanted: str, answer: httpx.Response) -> str:
        """What -w asks for; the address is the one that the README shows."""
        location = str(answer.url.join(answer.headers.get("location", "")))
        shown = {"%{http_code}": str(answer.status_code), "%{redirect_url}": location, "\\n": ""}
        for name, value in shown.items():
            wanted = wanted.replace(name, value)
        return re.sub(r"http://127\.0\.0\.1:\d+", SERVICE, wanted)

    def _data(self, given: str) -> str:
        if given.startswith("@"):
            return (self.folder / given[1:]).read_text("utf-8")
        return urlencode([tuple(given.split("=", 1))])

    def _base(self) -> str:
        if self._service is None:
            command = [sys.executable, "-m", "kg.cli", "serve", "--port", "0", "--data-dir", ".kg"]
            patient = os.environ | {"KG_QUERY_TIMEOUT": "600"}  # the machine may be busy with other things
            self._service = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, text=True, env=patient)
            assert self._service.stdout
            self._address = self._service.stdout.readline().split(" on ")[1].split("/ ")[0]
            while self._client.get(f"{self._address}/ready").status_code != httpx.codes.OK:
                time.sleep(0.05)
        return self._address


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Run]]:
    """What came of each example, by its text."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "tests").symlink_to(ROOT / "tests")
    (folder / "articles").symlink_to(ROOT.parent / "shared" / "extraction" / "articles")
    for name, content in FILES.findall(README):
        if not (ROOT / name).exists():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(content, "utf-8")
    session = Session(folder)
    try:
        yield {block: session.run(block) for block, _ in RUNS.findall(README)}
    finally:
        session.close()


@pytest.mark.parametrize(
    ("block", "shown"), [pytest.param(*pair, id=pair[0].splitlines()[-1][:60]) for pair in RUNS.findall(README)]
)
def test_an_example_gives_what_is_shown(
    block: str, shown: str, runs: dict[str, Run], request: pytest.FixtureRequest
) -> None:
    if "articles" in block:
        request.getfixturevalue("shared")
    expected = EXIT_CODE.search(block.rstrip())
    assert runs[block].exit_code == int(expected[1] if expected else 0), runs[block].printed
    if missing := first_missing(shown, runs[block].printed):
        pytest.fail(f"the README shows\n  {missing}\nprinted was\n{runs[block].printed}", pytrace=False)


@pytest.mark.parametrize(("name", "content"), [pair for pair in FILES.findall(README) if (ROOT / pair[0]).exists()])
def test_a_quoted_file_says_so(name: str, content: str) -> None:
    assert not first_missing(content, (ROOT / name).read_text("utf-8"))


def first_missing(shown: str, printed: str) -> str | None:
    """The first line shown that is not printed, in the order shown."""
    lines = iter([RELEASE.sub("ID", " ".join(line.split())) for line in printed.splitlines()])
    for line in shown.splitlines():
        wanted = pattern(line)
        if line.strip(" …") and not any(wanted.fullmatch(candidate) for candidate in lines):
            return line
    return None


def pattern(line: str) -> re.Pattern[str]:
    parts = RELEASE.sub("ID", " ".join(line.split())).split("…")
    return re.compile(".*".join(re.escape(part).replace(r"\ ", r"\s*") for part in parts))
