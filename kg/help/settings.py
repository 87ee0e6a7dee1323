"""Settings as a list: name of the variable, option, default, meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.help.markdown import inline
from kg.help.markup import anchor, code, definitions, para
from kg.help.model import Name, Section


@dataclass(frozen=True)
class Setting:
    """A setting as the edges read it; ``default`` is empty where there is none, ``option`` where none sets it."""

    variable: str
    option: str
    default: str
    meaning: str


def sections(settings: Sequence[Setting]) -> tuple[Section, ...]:
    """A section for each."""
    return (Section("all-settings", "All settings", 2), *map(_section, settings))


def _section(setting: Setting) -> Section:
    body = para(inline(setting.meaning)) + definitions(
        (
            ("option", code(setting.option) if setting.option else "none: it would be seen by others"),
            ("default", code(setting.default) if setting.default else "none"),
        )
    )
    name = Name("setting", setting.variable)
    return Section(anchor(setting.variable), setting.variable, 3, body, (name,), typed=True)
