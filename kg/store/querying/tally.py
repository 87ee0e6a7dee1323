"""What has happened to the processes of a pool since it was made, in numbers that only grow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts of query processes.

    Parameters
    ----------
    started
        How many were started.
    ended
        How many have ended, by why: the code of the error that their query ended with (``query-timeout``,
        ``result-too-large``, ``stopping``, ``store``), ``abandoned`` (its client went away, or a limit was reached in
        the middle), ``outlived`` (its query was long and had no place for that), ``spent`` (it ran a long query, so it
        has a low priority), ``retired`` (another release is served, or the service ends).
    """

    started: int = 0
    ended: Counter[str] = field(default_factory=Counter)
