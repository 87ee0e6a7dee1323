"""What goes out at once: the head of an answer with the first of its body, everything in its order."""

from __future__ import annotations

import asyncio

import pytest

from kg.serve.connections import Joining

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


class Wire(asyncio.Transport):
    """Remembers what was sent in one piece, and whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))

    def close(self) -> None:
        self.sent.append(b"(closed)")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ((HEAD, b"body"), [HEAD + b"body"]),
        ((HEAD, b"one", b"two"), [HEAD + b"one", b"two"]),
        ((HEAD,), [HEAD]),
        ((HEAD, HEAD), [HEAD + HEAD]),
        ((b"body",), [b"body"]),
    ],
)
def test_a_head_goes_with_what_follows(written: tuple[bytes, ...], sent: list[bytes]) -> None:
    async def write() -> list[bytes]:
        joining = Joining(wire := Wire(), asyncio.get_running_loop())
        for piece in written:
            joining.write(piece)
        await asyncio.sleep(0)
        return wire.sent

    assert asyncio.run(write()) == sent


def test_a_head_that_was_held_back_is_sent_before_the_end() -> None:
    async def write() -> list[bytes]:
        joining = Joining(wire := Wire(), asyncio.get_running_loop())
        joining.write(HEAD)
        joining.close()
        return wire.sent

    assert asyncio.run(write()) == [HEAD, b"(closed)"]
