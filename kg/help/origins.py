"""Sources: what each holds, who publishes it, under which licence."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kg.help.markdown import inline
from kg.help.markup import code, definitions, outside, para
from kg.help.model import Name, Section
from kg.sources.base import Source
from kg.sources.register import discover


def sections() -> tuple[Section, ...]:
    """A section for each source that comes with the package; those that are downloaded by their user last."""
    found = discover()
    groups = (
        ("All sources", [source for source in found if not source.download]),
        ("Registers to be downloaded", [source for source in found if source.download]),
    )
    return tuple(section for heading, group in groups for section in _group(heading, group))


def _group(heading: str, sources: Sequence[Source]) -> list[Section]:
    return [Section(heading.lower().replace(" ", "-"), heading, 2), *map(_section, sources)]


def _section(source: Source) -> Section:
    download = source.download
    told = (
        ("publisher", source.publisher),
        ("licence", source.licence),
        ("homepage", outside(source.homepage, source.homepage)),
        ("graph", code(source.graph)),
        ("rows expected", ", ".join(f"{table} {rows:,}" for table, rows in source.expected)),
        ("published at", outside(download.address, download.address) if download else ""),
        ("files", Markup(", ").join(map(code, download.files)) if download else ""),
        ("files, if there are any", Markup(", ").join(map(code, download.optional)) if download else ""),
    )
    body = para(source.title) + para(inline(source.description)) + definitions(told)
    return Section(f"source-{source.name}", source.name, 3, body, (Name("source", source.name),), typed=True)
