"""A release copied to a SPARQL server: readers there see the old one or the new one, whatever goes wrong on the way.

Graphs that the server has not, or has otherwise, are sent into graphs of their own by updates that add some thousand
triples each; sent twice they add nothing, so each may be tried again. What has arrived is counted, or read back and
compared by digest. Then one update moves all of it into place, together with the graph that says which release this is
(`kg.store.remote.release`). A request of several operations is one transaction (SPARQL 1.1 Update, section 2.2: "SHOULD
be treated atomically"; Fuseki and Oxigraph do), and since it fails where a graph to be moved is not there, it can
neither happen twice nor with half of what was sent. Each move is written as the three operations that MOVE stands for
(section 3.2.4): MOVE itself loses triples in Jena 5.6 on TDB2, 80 of 4,000 where the target was not empty.

Two that push at once do not mix: whoever begins lays down the graph that says which release it is, then removes what
others have left lying, so that their last update fails, and only then looks what the server holds and plans by that.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from kg import iris
from kg.errors import KgError, QueryTimeoutError, StoreError, StoreUnavailableError
from kg.store.release import Release
from kg.store.remote.comparing import compare, counted, some
from kg.store.remote.release import Holding
from kg.store.remote.server import Connection
from kg.store.remote.staged import Plan, Progress, Staged


@dataclass(frozen=True)
class Pushed:
    """What a push came to.

    Parameters
    ----------
    before
        The id of the release that the server held; None if none was pushed there before.
    graphs, quads
        How many were sent.
    dropped
        How many graphs went.
    """

    release_id: str
    before: str | None
    graphs: int = 0
    quads: int = 0
    dropped: int = 0


def push(
    release: Release, connection: Connection, *, digests: bool = False, progress: Progress = lambda _: None
) -> Pushed:
    """Have a server hold a release of a data folder.

    Parameters
    ----------
    digests
        Read back what was sent and compare digests, instead of counting it.

    Raises
    ------
    StoreError
        The server does not take it, or has not got what was sent; it holds what it held. StoreUnavailableError and
        QueryTimeoutError as well, and then the text says what it holds, if it can still be asked.
    """
    if release.manifest.plain:
        raise StoreError(f"{release.id} is a release of a plain folder: it has no segments that could be sent")
    holding = Holding(connection)
    with release.hold() as held:
        progress(f"asking {connection.server.called}")
        before = holding.pushed()
        if before and before.id == held.id:
            return Pushed(held.id, before.id)
        staged = Staged(connection, holding.store)
        try:
            return _pushed(held, holding, staged, digests=digests, progress=progress)
        except (QueryTimeoutError, StoreUnavailableError):
            raise  # what is left lying goes with the next push
        except BaseException:
            with suppress(KgError):
                staged.withdraw()
            raise


def _pushed(held: Release, holding: Holding, staged: Staged, *, digests: bool, progress: Progress) -> Pushed:
    """Do it. The order of the first three steps is what keeps two pushes from mixing.

    Of two, one clears after the other has described: then that one's last update fails, or was done before, and is seen
    by the look at what the server holds.
    """
    staged.describe(held)
    staged.clear()
    before = holding.pushed()
    plan = Plan.between(before.manifest if before else None, held.manifest)
    sent = staged.fill(held, plan, progress)
    progress("comparing what has arrived")
    staged.check(held, plan, sent, digests=digests)
    progress("moving it into place")
    _publish(holding, staged.update(plan.drop), held.id, before.id if before else None)
    _check_moved(holding, held.id, sent)
    return Pushed(held.id, before.id if before else None, len(sent), sent.total(), len(plan.drop))


def verify(release: Release, connection: Connection, *, progress: Progress = lambda _: None) -> None:
    """Read back every graph of a release that a server holds, and compare digests.

    Raises
    ------
    StoreError
        It holds another release, or a graph is not what it was.
    """
    holding = Holding(connection)
    found = holding.pushed()
    if found is None or found.id != release.id:
        raise StoreError(f"{connection.server.called} holds {found.id if found else 'no release'}, not {release.id}")
    for name, segment in sorted(release.manifest.segments.items()):
        progress(f"reading back {name}")
        compare(holding.store, name, segment, {graph: graph for graph in segment.graphs})


def _publish(holding: Holding, update: str, new: str, old: str | None) -> None:
    """Move all into place, and if no answer comes find out whether that has happened."""
    try:
        holding.connection.update(update, once=True)
    except KgError as failure:
        _settle(holding, failure, new, old)


def _check_moved(holding: Holding, new: str, sent: Mapping[str, int]) -> None:
    """See that what was moved is all there; if it isn't, the server no longer says that it holds the release."""
    found = holding.pushed()
    if found is None or found.id != new:
        raise StoreError(f"{holding.store.called} holds {found.id if found else 'no release'}: another push took over")
    for graphs in some(sorted(sent)):
        there = counted(holding.store, graphs)
        for graph in graphs:
            if there.get(graph, 0) != sent[graph]:
                holding.connection.update(f"DROP SILENT GRAPH <{iris.GRAPH_RELEASE}>")
                raise StoreError(
                    f"{holding.store.called} lost triples while it moved the graph {graph} into place: it has"
                    f" {there.get(graph, 0)} of {sent[graph]}; push again, or another release"
                )


def _settle(holding: Holding, failure: KgError, new: str, old: str | None) -> None:
    """Find out which release a server holds after an update that failed, or whose answer did not come."""
    url = holding.connection.server.called
    try:
        found = holding.pushed()
    except KgError:
        raise StoreUnavailableError(
            f"{failure}; {url} cannot be asked whether the release is in place: it holds {new}, or"
            f" {old or 'what it held'} as before, and no mixture; push again when it answers"
        ) from failure
    if found is None or found.id != new:
        late = ", and may still be at work" * isinstance(failure, QueryTimeoutError)
        held = found.id if found else "what it held"
        raise type(failure)(f"{failure}; {url} holds {held} as before{late}") from failure
