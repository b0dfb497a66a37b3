"""A server that answers as no server should: bytes are written as the test says, whatever HTTP says."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

Answer = Callable[[asyncio.StreamWriter, bytes], Awaitable[None]]
"""Writes to the client, given the head of its request."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"


@asynccontextmanager
async def hostile(
    answer: Answer, *, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1", greeting: bytes = b""
) -> AsyncIterator[str]:
    """The address of a server on which every connection gets `answer` and is then closed.

    `greeting` is sent before anything was asked.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            writer.write(greeting)
            await answer(writer, await reader.readuntil(b"\r\n\r\n"))
            await writer.drain()
        with suppress(OSError):
            writer.close()

    server = await asyncio.start_server(serve, address, 0, ssl=tls)
    try:
        host, port = server.sockets[0].getsockname()[:2]
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


def status_of(status: int, *headers: bytes, body: bytes = b"") -> Answer:
    """A correct answer with this status."""
    fields = b"".join(header + b"\r\n" for header in headers)
    return bytes_of(b"HTTP/1.1 %d Whatever\r\n" % status, fields, b"Content-Length: %d\r\n\r\n" % len(body), body)


def leading_to(location: bytes, *headers: bytes, status: int = 302) -> Answer:
    return status_of(status, b"Location: " + location, *headers)


def made_when_asked(body: Callable[[], bytes], *headers: bytes) -> Answer:
    """A correct answer with a body too large to keep around."""

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        # In a thread: this server shares its loop with the client, whose time is running.
        await body_of(await asyncio.to_thread(body), *headers)(writer, request)

    return answer


def streaming(start: bytes, pieces: Callable[[], Iterable[bytes]]) -> Answer:
    """`start`, then the pieces one after the other, none of them before the client has taken the last."""

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        writer.write(start)
        for piece in pieces():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    return answer


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


async def endless_chain(writer: asyncio.StreamWriter, request: bytes) -> None:
    """A redirect to an address one longer, for ever."""
    path = request.split(b" ", 2)[1]
    await leading_to(path + b"x")(writer, request)


def gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    return _packed(packer, size)


def deflate_bomb(size: int) -> bytes:
    return _packed(zlib.compressobj(9), size)


def nested_gzip(size: int, *, times: int) -> bytes:
    packed = gzip_bomb(size)
    for _ in range(times - 1):
        packed = gzip.compress(packed)
    return packed


def raw_deflate(body: bytes) -> bytes:
    """Deflate without its zlib wrapping."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _packed(packer: zlib._Compress, size: int) -> bytes:
    """Zeros. After a full flush a block packs as the one before it did: 64 MiB of them are made in no time, which is
    the client's time. Only the sum at the end is wrong, and nobody may get that far."""
    block = bytes(2**20)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * (size // len(block) - 1) + packer.flush()
