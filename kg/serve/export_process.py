"""The inside of a process that makes a batch of files of a release, or all, at a low priority, and ends.

It gets what to make as a pickle on its standard input, which is a socket, and answers with another one: nothing, or
what went wrong. `kg.serve.exports` starts it. What a killed process leaves, the next removes.
"""

from __future__ import annotations

import os
import pickle
import socket
from dataclasses import dataclass
from pathlib import Path

from kg import search
from kg.errors import KgError
from kg.export.offers import Offers
from kg.store import release
from kg.store.layout import Layout

ALL, SEARCH = "*", "search"
_NICE = 10


@dataclass(frozen=True)
class Job:
    """Which batch to make of which release in which data folder: `ALL` are all batches, `SEARCH` the search index."""

    root: Path
    release: str
    batch: str


@dataclass(frozen=True)
class Failure:
    """One of our errors."""

    text: str


def main() -> None:
    """The whole life of the process."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    with socket.socket(fileno=os.dup(0)) as connection:
        with connection.makefile("rb") as stream:
            request = stream.read()
        if request:  # else the service has gone
            connection.sendall(pickle.dumps(done(pickle.loads(request))))  # noqa: S301  (our own parent)


def done(job: Job) -> Failure | None:
    """Make a batch, in this process."""
    try:
        found = release.load(Layout(job.root), job.release)
        if job.batch == SEARCH:
            search.prepare(found)
            return None
        offers = Offers(found)
        if job.batch == ALL:
            offers.make_all()
        else:
            offers.shelf.get(offers.batch(job.batch))
    except KgError as error:
        return Failure(str(error))
    return None
