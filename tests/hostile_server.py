"""A server that answers as no server should: bytes are written as the test says, whatever HTTP says."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Answer = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]
"""Writes to the client, given the head of its request."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


@asynccontextmanager
async def hostile(answer: Answer, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The address of a server on which every connection gets `answer` and is then closed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await answer(writer, await reader.readuntil(b"\r\n\r\n"))
            await writer.drain()
        with suppress(OSError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        host, port = server.sockets[0].getsockname()
        yield f"{'https' if tls else 'http'}://{host}:{port}/feed.xml"
    finally:
        server.close()


def bytes_of(*parts: bytes) -> Answer:
    """Exactly these bytes, then the end of the connection."""

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        writer.write(b"".join(parts))

    return answer


def body_of(body: bytes, *headers: bytes) -> Answer:
    """A correct answer with this body."""
    fields = b"".join(header + b"\r\n" for header in headers)
    return bytes_of(HEAD, fields, b"Content-Length: %d\r\n\r\n" % len(body), body)


def repeating(start: bytes, piece: bytes, *, pause: float = 0.0) -> Answer:
    """`start`, then `piece` over and over, for as long as the client listens."""

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        writer.write(start)
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


def resetting(start: bytes) -> Answer:
    """`start`, then a reset in place of an orderly end."""

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        writer.write(start)
        await writer.drain()
        writer.transport.abort()

    return answer


async def silence(writer: asyncio.StreamWriter, request: bytes) -> None:
    """Nothing, for as long as the client waits."""
    await asyncio.sleep(30)


def gzip_bomb(size: int) -> bytes:
    return gzip.compress(bytes(size))


def raw_deflate(body: bytes) -> bytes:
    """Deflate without its zlib wrapping."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()
