"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import pipeline
from kg.cli import opening
from kg.store.embedded import EmbeddedStore
from kg.store.releases import DataFolder

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


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder with one release: the bundled sources, built as `kg build` does."""
    folder = DataFolder.open(tmp_path_factory.mktemp("bundle") / "data", create=True)
    pipeline.build(folder, opening.inputs(None), opening.shapes())
    return folder


@pytest.fixture(scope="session")
def bundle(data_folder: DataFolder) -> Iterator[EmbeddedStore]:
    """The store of that release."""
    release = data_folder.current()
    assert release is not None
    with release.open() as store:
        yield store
