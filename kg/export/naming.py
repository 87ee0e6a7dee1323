"""What a data set is called, wherever it is described: its IRIs, its titles, its licence, how to cite it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyoxigraph as ox

from kg import iris
from kg.export.triples import Values, iri, text, typed, words
from kg.store.manifest import Manifest
from kg.vocabulary import DCTERMS

CATALOG = f"{iris.BASE}catalog"
SERIES = f"{CATALOG}#releases"
PUBLISHER = iris.identifier("agent/ontology-editors")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"

PUBLISHER_NAME = "Editors of the Technology Transfer Ontology"
TITLE = {"en": "Technology transfer graph", "zh": "科技成果转化知识图谱"}
DESCRIPTION = {
    "en": "Figures, findings, recommendations, policies and collaborations in technology transfer: every figure a claim"
    " with its source, its interval and, where the text was captured, its place in it.",
    "zh": "科技成果转化领域的数据、调查结论、政策建议、政策与合作："
    "每个数据都是一条陈述，注明来源、取值区间及其在原文中的位置。",
}
RIGHTS = {
    "en": "The licence is that of the collection. Each named graph states the terms of what it was made from.",
    "zh": "许可适用于本汇编；各命名图另行注明其来源材料的使用条件。",
}
LANGUAGES = ("ENG", "ZHO")
"""Codes of the EU authority table of languages; labels are in both."""
KEYWORDS = {
    "en": ("technology transfer", "knowledge transfer", "research policy", "statistics"),
    "zh": ("科技成果转化",),
}
THEMES = ("TECH", "EDUC", "ECON")
"""Codes of the EU authority table of data themes."""


@dataclass(frozen=True)
class Place:
    """Where a service is reached, with a slash at the end: ``https://data.example.org/``."""

    root: str

    def of(self, path: str) -> ox.NamedNode:
        """The address of something that it serves. Raises ValueError if the service is reached by what is no IRI."""
        return ox.NamedNode(f"{self.root}{path}")


def dataset(release: str) -> str:
    """The IRI of a release as a data set: the same wherever it is served."""
    return f"{CATALOG}#{release}"


def titles(manifest: Manifest) -> list[ox.Literal]:
    """Its titles, with the day."""
    day = manifest.created[:10]
    return words(en=f"{TITLE['en']}, release of {day}", zh=f"{TITLE['zh']}，{day} 版")


def told(manifest: Manifest) -> dict[str, Values]:
    """What every description of a release says of it: what it is called, who made it and when, on what terms."""
    return {
        DCTERMS.title: titles(manifest),
        DCTERMS.description: words(**DESCRIPTION),
        DCTERMS.identifier: text(manifest.id),
        DCTERMS.issued: typed(manifest.created),
        DCTERMS.publisher: iri(PUBLISHER),
        DCTERMS.license: iri(LICENCE),
        DCTERMS.rights: words(**RIGHTS),
        DCTERMS.bibliographicCitation: text(citation(manifest)),
        DCTERMS.conformsTo: iri(iris.ONTOLOGY.removesuffix("#")),
    }


def citation(manifest: Manifest) -> str:
    """How to cite a release, in one line."""
    year = datetime.fromisoformat(manifest.created).year
    return f"{PUBLISHER_NAME}: {TITLE['en']}, release {manifest.id} ({year}). {dataset(manifest.id)}. CC BY 4.0."


def citation_file(manifest: Manifest) -> str:
    """The same for programs: a file in the Citation File Format 1.2.0 (https://citation-file-format.github.io/)."""
    lines = [
        "cff-version: 1.2.0",
        "message: Please cite the release that you used.",
        "type: dataset",
        f"title: {TITLE['en']}",
        f"abstract: >-\n  {DESCRIPTION['en']}",
        f"authors:\n  - name: {PUBLISHER_NAME}",
        f'version: "{manifest.id}"',
        f'date-released: "{manifest.created[:10]}"',
        "license: CC-BY-4.0",
        f"url: {dataset(manifest.id)}",
        "keywords:",
        *(f"  - {word}" for word in KEYWORDS["en"]),
    ]
    return "\n".join(lines) + "\n"
