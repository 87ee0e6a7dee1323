"""/help: every page answers, every link and anchor in it leads somewhere, in the service and in files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import httpx
import pytest
from typer.testing import CliRunner

from kg.cli.helping import command_line
from kg.cli.main import app
from kg.errors import ConfigError
from kg.help.readme import REPEATED
from kg.queries import NamedQuery
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]

REFERENCE = {page for page, _ in REPEATED.values()} | {
    "",
    "commands",
    "service",
    "ontology",
    "glossary",
    "python",
    "names",
}


class Document(HTMLParser):
    """What a document points to, and what can be pointed to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.targets += [given[name] or "" for name in ("href", "src", "action") if name in given]


@pytest.fixture(scope="module")
def client(data_folder: DataFolder, serve: Serve, named_queries: dict[str, NamedQuery]) -> Iterator[httpx.Client]:
    """The service over the bundled sources, with the command line to tell of."""
    with serve(data_folder.current, named_queries=named_queries, workers=1, commands=command_line()) as client:
        client.headers["accept"] = "text/html"
        yield client


@pytest.fixture(scope="module")
def pages(client: httpx.Client) -> dict[str, Document]:
    """All pages that are reached from the first, by path."""
    found: dict[str, Document] = {}
    pending = ["/help"]
    while pending:
        path = pending.pop()
        if path not in found:
            answer = client.get(path)
            assert answer.status_code == 200, path
            found[path] = Document(answer.text)
            targets = (urlsplit(urljoin(path, target)) for target in found[path].targets)
            pending += [to.path for to in targets if to.path.startswith("/help/") and not to.netloc]
    return found


def test_every_page_is_reached_and_has_no_script(pages: dict[str, Document]) -> None:
    names = {path.removeprefix("/help").removeprefix("/") for path in pages}
    assert names >= REFERENCE
    assert all("script" not in document.tags for document in pages.values())
    assert all(len(set(document.ids)) == len(document.ids) for document in pages.values())


def test_every_link_and_anchor_leads_somewhere(client: httpx.Client, pages: dict[str, Document]) -> None:
    seen = dict(pages)
    missing = set()
    for path, document in pages.items():
        for target in document.targets:
            address, anchor = urldefrag(urljoin(path, target))
            if urlsplit(address).netloc:
                continue
            if (place := urlsplit(address)._replace(query="").geturl()) not in seen:
                answer = client.get(place, follow_redirects=True)
                seen[place] = Document(answer.text if answer.headers["content-type"].startswith("text/html") else "")
                if answer.status_code != 200:
                    missing.add((path, target))
            if anchor and unquote(anchor) not in seen[place].ids:
                missing.add((path, target))
    assert missing == set()


def test_pages_keep_the_language_that_was_asked_for(client: httpx.Client) -> None:
    answer = client.get("/help/settings", params={"lang": "zh"})
    assert answer.headers["content-language"] == "zh"
    assert "目录" in answer.text
    assert 'href="/help/commands?lang=zh"' in answer.text
    assert '<div class="help" lang="en">' in answer.text


def test_a_page_that_a_client_has_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/help/settings")
    again = client.get("/help/settings", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/help/settings?lang=zh").headers["etag"] != first.headers["etag"]


def test_the_policy_for_pages_of_help_is_that_of_all_pages(client: httpx.Client) -> None:
    policy = client.get("/help").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


def test_a_search_without_a_script(client: httpx.Client) -> None:
    answer = client.get("/help/search", params={"q": "rolback"})
    assert answer.status_code == 200
    assert 'href="/help/commands#kg-releases-rollback"' in answer.text
    assert "<mark>rollback</mark>" in answer.text


@pytest.mark.parametrize(
    "text", ["", "  ", "\"'*", "<script>alert(1)</script>", "NEAR(a b) AND -x", "x" * 5_000, "绝对没有"]
)
def test_whatever_is_searched_for_is_answered_and_escaped(client: httpx.Client, text: str) -> None:
    answer = client.get("/help/search", params={"q": text})
    assert answer.status_code == 200
    assert "script" not in Document(answer.text).tags


def test_a_page_that_is_not_there_says_where_to_look(client: httpx.Client) -> None:
    answer = client.get("/help/nothing", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"
    assert "/help/search" in answer.json()["detail"]


def test_a_language_that_is_none_is_refused(client: httpx.Client) -> None:
    assert client.get("/help?lang=%3Cb%3E").status_code == 400


# As files

QUERY = """#+ summary: <b>All</b>
#+ question: What is there?
#+ columns:
#+   - {name: s, meaning: a thing}
#+ tags: [x]
#+ source: nobody
SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 1
"""


def written(folder: Path, *options: str) -> dict[str, Document]:
    result = CliRunner().invoke(app, ["help-site", str(folder), *options])
    if result.exception:
        raise result.exception
    return {file.name: Document(file.read_text("utf-8")) for file in folder.glob("*.html")}


def test_files_lead_to_files_beside_them_and_to_anchors_in_them(tmp_path: Path, pages: dict[str, Document]) -> None:
    files = written(tmp_path / "site")
    assert len(files) == len([path for path in pages if path != "/help/search"])
    for name, document in files.items():
        for target in document.targets:
            address, anchor = urldefrag(target)
            if not urlsplit(address).scheme:
                assert (tmp_path / "site" / (address or name)).is_file(), (name, target)
                assert not anchor or unquote(anchor) in files[address or name].ids, (name, target)
        assert "script" not in document.tags
        assert "form" not in document.tags


def test_files_in_another_language_with_queries_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "queries" / "mine"
    own.mkdir(parents=True)
    (own / "all.rq").write_text(QUERY, "utf-8")
    written(tmp_path / "site", "--lang", "zh", "--queries-dir", str(tmp_path / "queries"))
    text = (tmp_path / "site" / "named-queries.html").read_text("utf-8")
    assert '<html lang="zh">' in text
    assert "kg query mine/all" in text
    assert "&lt;b&gt;All&lt;/b&gt;." in text


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ConfigError, match=r"cannot write .*file"):
        written(tmp_path / "file")
