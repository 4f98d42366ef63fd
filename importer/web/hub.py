"""Who is connected to the page, and what is told to all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import orjson

HELD = 64
"""Messages that wait for a slow browser; of more, the oldest go: each tells the whole, so nothing is lost."""


class Hub:
    """The streams of the page's events. Lives on the server's loop alone."""

    def __init__(self) -> None:
        self._streams: set[asyncio.Queue[bytes | None]] = set()
        self._closed = False

    @property
    def connected(self) -> int:
        """Return how many pages are connected."""
        return len(self._streams)

    def tell(self, name: str, value: object) -> None:
        """Send an event to every page."""
        message = b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(value))
        for stream in self._streams:
            _put(stream, message)

    def close(self) -> None:
        """End every stream: a server that shuts down waits for them."""
        self._closed = True
        for stream in self._streams:
            _put(stream, None)

    def end_all(self) -> None:
        """End the streams that there are: who opened them is signed out."""
        for stream in self._streams:
            _put(stream, None)

    @contextmanager
    def stream(self) -> Iterator[AsyncIterator[bytes]]:
        """Connect a page as long as the block lasts."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(HELD)
        if self._closed:
            queue.put_nowait(None)
        self._streams.add(queue)
        try:
            yield _messages(queue)
        finally:
            self._streams.discard(queue)


HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it is alive: tunnels end what is silent, and a page that is gone is
noticed by writing to it."""


async def _messages(queue: asyncio.Queue[bytes | None]) -> AsyncIterator[bytes]:
    while True:
        try:
            message = await asyncio.wait_for(queue.get(), HEARTBEAT)
        except TimeoutError:
            message = b": alive\n\n"
        if message is None:
            return
        yield message


def _put(queue: asyncio.Queue[bytes | None], message: bytes | None) -> None:
    while queue.full():
        queue.get_nowait()
    queue.put_nowait(message)
