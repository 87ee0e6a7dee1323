"""How many requests a caller may send: a token bucket for each, in bounded memory.

A bucket holds a minute's worth of requests, fills evenly, and each request takes one out. So a caller that was quiet
may send a whole minute's worth at once, and over time none sends more than its rate. A bucket that nobody has used for
a minute is full, which is what a new one is, so the oldest can be forgotten when there are too many.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW_SECONDS = 60
_MOST_BUCKETS = 10_000


@dataclass(frozen=True)
class Standing:
    """What a caller has left: requests a minute, those it may send at once, seconds until the next one."""

    rate: int
    left: int
    wait: float

    @property
    def exceeded(self) -> bool:
        """Whether the request that was counted is one too many."""
        return self.wait > 0

    @property
    def retry_after(self) -> int:
        """Whole seconds after which a request will be let through."""
        return max(1, math.ceil(self.wait))

    def headers(self) -> dict[str, str]:
        """The two fields of draft-ietf-httpapi-ratelimit-headers-10."""
        return {
            "RateLimit-Policy": f'"caller";q={self.rate};w={_WINDOW_SECONDS}',
            "RateLimit": f'"caller";r={self.left};t={self.retry_after if self.exceeded else _WINDOW_SECONDS}',
        }


class Rates:
    """A bucket for each caller that was seen lately.

    Parameters
    ----------
    clock
        Seconds, from anywhere.
    most
        How many callers are remembered; beyond that the one that has been quiet longest is forgotten.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most: int = _MOST_BUCKETS) -> None:
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def count(self, caller: str, rate: int) -> Standing:
        """Take one request out of a caller's bucket, if there is one in it; a request refused costs nothing."""
        now = self._clock()
        left, since = self._buckets.pop(caller, (float(rate), now))
        left = min(float(rate), left + (now - since) * rate / _WINDOW_SECONDS)
        allowed = left >= 1
        if allowed:
            left -= 1
        self._buckets[caller] = (left, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return Standing(rate, int(left), 0.0 if allowed else (1 - left) * _WINDOW_SECONDS / rate)


def client(address: str) -> str:
    """Whom an address stands for: itself, or, of IPv6, its network of 64 bits, which is what one client is given."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
