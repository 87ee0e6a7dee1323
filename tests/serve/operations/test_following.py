"""Following the live release: a look that fails is not the last one."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, cast

import pytest

from kg.errors import StoreError
from kg.serve.operations.following import Following
from kg.store.release import Release

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Pool:
    """Takes a release after as many refusals as there are errors."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = [*errors]
        self.taken = asyncio.Event()

    async def switch(self, _: Release) -> None:
        if self.errors:
            raise self.errors.pop()
        self.taken.set()


@pytest.mark.parametrize("error", [StoreError("damaged"), OSError(24, "Too many open files"), RuntimeError("?")])
async def test_whatever_a_look_fails_of_there_is_another(
    bundle_release: Release, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    pool = Pool(error, error)
    following = Following(cast(Any, pool), lambda: bundle_release)
    with caplog.at_level(logging.WARNING):
        async with following.regularly(0.01), asyncio.timeout(10):
            await pool.taken.wait()
    assert following.behind is None
    assert caplog.records
