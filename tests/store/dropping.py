"""What an error holds on to, let go of in another thread: what the engine made in ours must be gone by then."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

from kg.errors import KgError


def dropped_elsewhere(act: Callable[[], object], expected: type[Exception] = KgError) -> Exception | None:
    """The class of error that was raised, in an error without frames; the one raised ends in another thread.

    The engine complains of what ends in a thread that did not make it, and warnings are errors.
    """
    held: list[Exception] = []
    try:
        act()
    except expected as error:
        held.append(error)
    bare = type(held[0])(str(held[0])) if held else None

    def let_go() -> None:
        held.clear()
        gc.collect()  # an error and the task that gave it hold each other

    thread = threading.Thread(target=let_go)
    thread.start()
    thread.join()
    return bare
