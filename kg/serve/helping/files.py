"""The documentation as files of a folder, to be read without a service: links are relative, nothing is fetched.

What only a service can do is left out: the search, for which there is the index from A to Z, and links to its pages.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg import help as documentation
from kg.errors import ConfigError
from kg.help import Site, Sources
from kg.queries import NamedQuery
from kg.serve.app import create_app
from kg.serve.helping.made import settings
from kg.serve.languages import Wish
from kg.serve.views import helping as view
from kg.serve.views.environment import environment
from kg.store.layout import Layout
from kg.store.manifest import Manifest
from kg.store.release import Release

_STATIC = Path(__file__).parents[1] / "static"


def site(commands: Any, queries: Mapping[str, NamedQuery]) -> Site:
    """The documentation of a service with these queries, of which none need be running; errors as of `kg.help.make`."""
    nothing = Release(Layout(Path()), Manifest("", "", "", None, {}))
    app = create_app(lambda: nothing, named_queries=queries, eager=False)
    sources = Sources(settings=settings(), commands=commands, interface=app.openapi(), queries=queries)
    return documentation.make(sources)


def write(made: Site, folder: Path, language: str) -> int:
    """Write every page to a folder, which is made if need be; the number of pages.

    Raises
    ------
    ConfigError
        The folder cannot be written to.
    """
    wished, template = Wish(language, language), environment().get_template("help/page.html")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for page in made.pages.values():
            content = view.page(made, page, view.in_files)
            text = template.render(wish=wished, layout="help/file.html", searched=False, **content)
            (folder / view.file_of(page.name)).write_text(text, "utf-8")
        for name in ("kg.css", "icon.svg"):
            shutil.copyfile(_STATIC / name, folder / name)
    except OSError as error:
        raise ConfigError(f"cannot write {error.filename or folder}: {error.strerror}") from error
    return len(made.pages)
