"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from kg import assets, pipeline, queries
from kg.cli import opening
from kg.serve.app import create_app
from kg.store.embedded import EmbeddedStore
from kg.store.release import Release
from kg.store.releases import DataFolder

from .servers import JENA_FUSEKI, OTHERS, OXIGRAPH, Other, Started, UnavailableError, started

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with articles, bulk data and conformance suites, which is not part of the project.

    Tests that need it are skipped where it is not beside the checkout; under CI it must be there.
    """
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"under CI the folder {folder.name}/ must stand beside the checkout")
        pytest.skip("needs the folder shared/ (articles, data, suites) beside the checkout")
    return folder


def or_skip(kind: Other, folder: Path) -> Iterator[Started]:
    """A server of others, or the reason to skip; under CI it must be there."""
    try:
        with started(kind, folder) as server:
            yield server
    except UnavailableError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{kind.name}: {error}")
        pytest.skip(f"{kind.name}: {error}")


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """`oxigraph serve`, in memory; tests that use it leave nothing behind."""
    yield from or_skip(OXIGRAPH, tmp_path_factory.mktemp("oxigraph"))


@pytest.fixture(scope="session")
def fuseki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Apache Jena Fuseki, in memory; tests that use it leave nothing behind."""
    yield from or_skip(JENA_FUSEKI, tmp_path_factory.mktemp("fuseki"))


@pytest.fixture(params=OTHERS)
def other(request: pytest.FixtureRequest) -> Started:
    """Each server of others, empty."""
    server: Started = request.getfixturevalue(request.param)
    server.empty()
    return server


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with one release: the bundled sources, built as `kg build` does."""
    folder = DataFolder.open(tmp_path_factory.mktemp("bundle") / "data", create=True)
    pipeline.build(folder, opening.inputs(None), opening.shapes())
    return folder


@pytest.fixture(scope="session")
def bundle_release(data_folder: DataFolder) -> Release:
    """That release."""
    release = data_folder.current()
    assert release is not None
    return release


@pytest.fixture(scope="session")
def bundle(data_folder: DataFolder) -> Iterator[EmbeddedStore]:
    """The store of that release."""
    release = data_folder.current()
    assert release is not None
    with release.open() as store:
        yield store


@pytest.fixture(scope="session")
def bundle_service(data_folder: DataFolder) -> Iterator[str]:
    """The address of a service of that release: a real server on a free port, in a thread."""
    app = create_app(data_folder.current, named_queries=queries.load(assets.folder("queries")))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
