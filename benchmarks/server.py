"""The feeds of the corpus on loopback addresses, from a process of its own, with validators and latency.

Feeds are spread over 127.0.0.1 … 127.0.0.50, because the reader never asks one host for much at once.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from benchmarks.corpus import feed_body

HOSTS = 50


@contextmanager
def serving(feeds: int, entries: int, *, latency: float = 0.0) -> Iterator[list[str]]:
    """→ the address of each feed. `latency`: seconds before each answer."""
    command = [sys.executable, "-m", "benchmarks.server", str(feeds), str(entries), "--latency", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            yield [f"http://127.0.0.{feed % HOSTS + 1}:{port}/{feed}" for feed in range(feeds)]
        finally:
            process.terminate()


class _Http(asyncio.Protocol):
    """One request a connection, which is what the reader makes."""

    def __init__(self, bodies: list[bytes], latency: float) -> None:
        self._bodies = bodies
        self._latency = latency
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._head += data
        if b"\r\n\r\n" in self._head:
            asyncio.get_running_loop().call_later(self._latency, self._answer)

    def _answer(self) -> None:
        body = self._bodies[int(self._head.split()[1].strip(b"/"))]
        etag = b'"%s"' % sha256(body).hexdigest()[:16].encode()
        if etag in self._head:
            head, body = b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n" % etag, b""
        else:
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: %s\r\nContent-Length: %d\r\n" % (
                etag,
                len(body),
            )
        self._transport.write(head + b"Connection: close\r\n\r\n" + body)
        self._transport.close()


async def _serve(feeds: int, entries: int, latency: float) -> None:
    bodies = [feed_body(feed, entries) for feed in range(feeds)]
    loop, port = asyncio.get_running_loop(), 0
    for host in range(1, HOSTS + 1):
        server = await loop.create_server(lambda: _Http(bodies, latency), f"127.0.0.{host}", port, backlog=512)
        port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", type=int)
    parser.add_argument("entries", type=int)
    parser.add_argument("--latency", type=float, default=0.0)
    options = parser.parse_args()
    asyncio.run(_serve(options.feeds, options.entries, options.latency))
