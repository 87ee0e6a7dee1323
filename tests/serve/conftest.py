"""A small release, and the service over it: a real server on a free port, in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import uvicorn

from kg import assets
from kg.queries import NamedQuery, load
from kg.serve.app import create_app
from kg.store.layout import Layout
from kg.store.manifest import Manifest
from kg.store.querying.workers import Limits
from kg.store.release import Release

MakeRelease = Callable[..., Release]
Serve = Callable[..., AbstractContextManager[httpx.Client]]


def _make_release(folder: Path, name: str = "20251130T101500.000Z-one", quads: tuple[ox.Quad, ...] = ()) -> Release:
    """A release that holds data.trig, and what is given beside it."""
    layout = Layout(folder)
    layout.create()
    release = Release(layout, Manifest(name, "2025-11-30T10:15:00Z", "test", None, {}, validation={"Warning": 3}))
    release.folder.mkdir()
    store = ox.Store(str(release.database))
    store.load(path=str(Path(__file__).parent / "data.trig"))
    store.extend(quads)
    store.flush()
    release.manifest.write(release.folder)
    return release


@contextmanager
def _serve(*args: Any, **options: Any) -> Iterator[httpx.Client]:
    """The service, started with the arguments of `create_app`, and a client of it."""
    app = create_app(*args, **options)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def make_release() -> MakeRelease:
    return _make_release


@pytest.fixture(scope="session")
def serve() -> Serve:
    return _serve


@pytest.fixture(scope="session")
def named_queries() -> dict[str, NamedQuery]:
    return load(assets.folder("queries"))


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return _make_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def client(release: Release, named_queries: dict[str, NamedQuery]) -> Iterator[httpx.Client]:
    with _serve(lambda: release, named_queries=named_queries, limits=Limits(timeout=5.0)) as client:
        yield client


@pytest.fixture(scope="module")
def full(named_queries: dict[str, NamedQuery], tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The service over what data.trig and series.trig hold."""
    quads = tuple(ox.parse(path=str(Path(__file__).parent / "series.trig")))
    release = _make_release(tmp_path_factory.mktemp("series"), quads=quads)
    with _serve(lambda: release, named_queries=named_queries) as client:
        yield client
