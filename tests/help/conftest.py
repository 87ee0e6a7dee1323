"""The site of the whole project, made once."""

from __future__ import annotations

import pytest

from kg import assets, queries
from kg.cli.helping import command_line
from kg.help import Finder, Site
from kg.serve.helping import files


@pytest.fixture(scope="session")
def site() -> Site:
    return files.site(command_line(), queries.load(assets.folder("queries")))


@pytest.fixture(scope="session")
def finder(site: Site) -> Finder:
    return Finder(site)
