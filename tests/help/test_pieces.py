"""What pages are made from: Markdown, docstrings, the README's headings; nothing that comes in is passed on as HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from kg.help import docstrings, markdown, markup, readme
from kg.help.model import Name, Page, Section, Site

TAGS = {"a", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
        "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}  # fmt: skip


class Seen(HTMLParser):
    """Tags and addresses of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]


HOSTILE = st.text() | st.lists(
    st.sampled_from(
        [
            "<script>",
            "<img src=x onerror=y>",
            "](javascript:x)",
            "[a",
            "![b](data:x)",
            "`",
            "\n",
            "|",
            "# ",
            "&lt;",
            '"',
            "'",
        ]
    )
).map("".join)


@given(HOSTILE)
def test_no_text_becomes_html_of_its_own(text: str) -> None:
    for made in (
        markdown.block(text),
        markdown.inline(text),
        docstrings.html(text),
        markup.pre(text),
        markup.para(text),
    ):
        seen = Seen(made)
        assert seen.tags <= TAGS
        assert seen.attributes <= {"href", "title", "start", "class", "role", "tabindex", "aria-label", "scope"}
        assert all(target.startswith(("http://", "https://", "/", "help:")) for target in seen.targets)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](kg/cli)", "<p>x</p>\n"),
        ("[x](https://example.org/)", '<p><a href="https://example.org/">x</a></p>\n'),
        ("![what it shows](a.png)", "<p><em>what it shows</em></p>\n"),
        ("```sh\nkg <x>\n```", "<pre>kg &lt;x&gt;</pre>\n"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert markdown.block(text) == expected


def test_only_addresses_of_the_web_become_links() -> None:
    assert markup.outside("javascript:x", "<b>") == "&lt;b&gt;"
    assert markup.outside("https://example.org/", "<b>") == '<a href="https://example.org/">&lt;b&gt;</a>'


def test_sections_of_a_docstring() -> None:
    made = docstrings.html(
        """What it gives.

        Parameters
        ----------
        graph, other
            What is ``read``,

            and more.
        plain

        Raises
        ------
        KgError
            Always.

        Notes
        -----
        O(n).
        """
    )
    assert made == (
        "<p>What it gives.</p>\n"
        "<p><strong>Parameters</strong></p>\n"
        '<dl class="entries">\n'
        "<div><dt><code>graph, other</code></dt>\n"
        "<dd><p>What is <code>read</code>,</p>\n<p>and more.</p>\n</dd></div>\n"
        "<div><dt><code>plain</code></dt>\n<dd>…</dd></div>\n"
        "</dl>\n"
        "<p><strong>Raises</strong></p>\n"
        '<dl class="entries">\n<div><dt><code>KgError</code></dt>\n<dd><p>Always.</p>\n</dd></div>\n</dl>\n'
        "<p><strong>Notes</strong></p>\n<p>O(n).</p>\n"
    )


README = """# Title

About `it`. See [two](#two) and [again](#part-1).

## One

First sentence. Second.

### Part

| variable | option |
| --- | --- |
| `KG_X` | repeated |

| other | table |
| --- | --- |
| kept | here |

## Two

### Part

[a source](kg/sources/ncste), [a file](LICENSE), [nothing](#no-such-place)
"""


def test_each_section_of_a_readme_is_a_page() -> None:
    pages = readme.pages(README)
    assert [(page.name, page.title, page.summary) for page in pages.values()] == [
        ("", "Title", "About it."),
        ("one", "One", "First sentence."),
        ("two", "Two", ""),
    ]
    assert [section.anchor for section in pages["one"].sections] == ["", "part"]
    assert [section.anchor for section in pages["two"].sections] == ["", "part-1"]


def test_links_of_a_readme_lead_to_pages_and_those_that_cannot_are_left_as_text() -> None:
    pages = readme.pages(README, {"kg/sources/ncste": "help:sources#source-ncste"})
    assert Seen(pages[""].sections[0].body).targets == ["help:two", "help:two#part-1"]
    (last,) = pages["two"].sections[1:]
    assert Seen(last.body).targets == ["help:sources#source-ncste"]
    assert last.text == "a source, a file, nothing"


def test_a_table_that_the_code_repeats_is_left_out() -> None:
    part = readme.pages(README)["one"].sections[1]
    assert "repeated" not in part.body
    assert "kept" in part.body
    assert Seen(part.body).targets == ["help:settings#all-settings"]


def site(*bodies: str) -> Site:
    named = Section("run", "kg run", 2, names=(Name("command", "kg run"), Name("error", "store"), Name("query", "a/b")))
    others = [Section(f"s{number}", "", 2, Markup(body)) for number, body in enumerate(bodies)]  # noqa: S704
    return Site({"p": Page("p", "P", sections=(named, *others))})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<code>kg run</code>", '<a href="/h/p#run"><code>kg run</code></a>'),
        ("<code>kg run --x 1</code>", '<a href="/h/p#run"><code>kg run --x 1</code></a>'),
        ("<code>kg run a/b</code>", '<a href="/h/p#run"><code>kg run a/b</code></a>'),
        ("<code>kg runs</code>", "<code>kg runs</code>"),
        ("<code>store</code>", "<code>store</code>"),
        ("<pre>kg run</pre>", "<pre>kg run</pre>"),
        ('<a href="help:p"><code>kg run</code></a>', '<a href="/h/p"><code>kg run</code></a>'),
        ('<a href="/gone" title="t">x <em>y</em></a>', "x <em>y</em>"),
        ('<a href="/there?a=1&amp;b=2">x</a>', '<a href="/s/there?a=1&amp;b=2">x</a>'),
        ('<a href="https://example.org/?a&amp;b">x</a>', '<a href="https://example.org/?a&amp;b">x</a>'),
    ],
)
def test_names_become_links_and_places_addresses(body: str, expected: str) -> None:
    def address(target: str) -> str | None:
        if target.startswith("help:"):
            return f"/h/{target.removeprefix('help:')}"
        return None if target == "/gone" else f"/s{target}"

    made = site(body)
    page = made.pages["p"]
    assert made.body(page, page.sections[1], address) == expected


def test_an_anchor_that_is_taken_gets_a_number() -> None:
    page = Page("p", "P", sections=(Section("a", "A", 2),))
    made = page.extended((Section("a", "A", 2), Section("a", "A", 2), Section("b", "B", 2)))
    assert [section.anchor for section in made.sections] == ["a", "a-1", "a-2", "b"]
