"""The site has everything that there is, each thing once, and every example of its own runs."""

from __future__ import annotations

import ast
import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg import assets, errors, queries
from kg.analysis.measures import MEASURES
from kg.cli.helping import command_line
from kg.cli.main import app
from kg.config import Settings
from kg.help import Site
from kg.help.commands import leaves
from kg.help.faults import ours
from kg.serve.app import create_app
from kg.sources.register import discover
from kg.store.releases import DataFolder

NAMED = queries.load(assets.folder("queries"))
ROOT = Path(__file__).resolve().parents[2]


def described(site: Site, kind: str) -> Counter[str]:
    return Counter(name.text for _, section in site.sections() for name in section.names if name.kind == kind)


THERE = {
    "command": {words for words, _ in leaves(command_line())},
    "setting": {f"KG_{name.upper()}" for name in Settings.model_fields},
    "query": set(NAMED),
    "error": {error.code for error in ours(errors.KgError)},
    "measure": set(MEASURES),
    "network": {name.removeprefix("networks/") for name, query in NAMED.items() if query.network},
    "shapes": {file.name for file in assets.turtle_files("shapes")},
    "source": {source.name for source in discover()},
}


@pytest.mark.parametrize("kind", THERE)
def test_everything_is_described_once(site: Site, kind: str) -> None:
    assert described(site, kind) == Counter(THERE[kind])


def test_every_request_is_described_once(site: Site, data_folder: DataFolder) -> None:
    paths = create_app(data_folder.current, named_queries=NAMED).openapi()["paths"]
    assert described(site, "endpoint") == Counter(
        f"{method.upper()} {path}" for path, by in paths.items() for method in by
    )


def test_every_term_of_the_ontology_is_described_once(site: Site) -> None:
    text = (assets.folder("ontology") / "techtransfer.ttl").read_text("utf-8")
    kinds = r"owl:(?:Class|ObjectProperty|DatatypeProperty|AnnotationProperty)|rdfs:Class"
    stated = re.findall(rf"^(tt:\w+) a [^;.]*?(?:{kinds})\b", text, re.MULTILINE)
    assert described(site, "term") == Counter(set(stated))


def test_every_concept_scheme_is_in_the_glossary_in_both_languages(site: Site) -> None:
    files = (assets.folder("ontology") / "schemes").glob("*.ttl")
    schemes = {
        name for file in files for name in re.findall(r"^(\S+) a skos:ConceptScheme", file.read_text("utf-8"), re.M)
    }
    assert len(described(site, "scheme")) == len(schemes)
    (channels,) = (section for section in site.pages["glossary"].sections if section.title.startswith("channels of"))
    assert "licensing" in channels.text
    assert "许可" in channels.text


def test_what_packages_list_is_in_the_python_interface(site: Site) -> None:
    listed = ast.literal_eval(
        re.findall(r"__all__ = (\[.*?\])", (ROOT / "kg/queries/__init__.py").read_text("utf-8"), re.DOTALL)[0]
    )
    shown = described(site, "python")
    assert max(shown.values()) == 1
    callables = {f"kg.queries.{name}" for name in listed if name not in {"Row"}}
    assert {name for name in callables if name not in shown} <= {
        f"kg.queries.{name}" for name in listed if name.isupper()
    }


def test_a_page_with_an_anchor_for_each_heading(site: Site) -> None:
    for page in site.pages.values():
        anchors = [section.anchor for section in page.sections]
        assert len(anchors) == len(set(anchors)), page.name
        assert page.title, page.name


def test_the_index_leads_to_all_of_it(site: Site) -> None:
    names = sum(len(section.names) for _, section in site.sections())
    assert sum(section.body.count("<dt>") for section in site.pages["names"].sections) == names


EXAMPLES = re.compile(r"<pre>(kg query [^<]*)</pre>")


def test_the_example_of_each_query_runs(site: Site, data_folder: DataFolder) -> None:
    sections = [section for section in site.pages["named-queries"].sections if section.names]
    assert len(sections) == len(NAMED)
    for section in sections:
        (typed,) = EXAMPLES.findall(section.body)
        words = shlex.split(typed.replace("&#39;", "'"))[1:]
        result = CliRunner().invoke(app, [*words, "--data-dir", str(data_folder.layout.root), "--limit", "1"])
        assert result.exit_code == 0, f"{typed}\n{result.output}"
