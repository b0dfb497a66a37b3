"""A proxy of both kinds on this machine: it leads every name to one port, and remembers who it was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class LocalProxy:
    """`asked` holds the targets as named to the proxy, `authorizations` what HTTP clients identified themselves by."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)


@asynccontextmanager
async def http_proxy(target_port: int) -> AsyncIterator[LocalProxy]:
    """Forwards requests in absolute form, and tunnels by CONNECT."""
    proxy = LocalProxy()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, *_ = head.decode().split(" ")
        proxy.asked.append(f"{method} {target}")
        lines = head.decode().split("\r\n")
        proxy.authorizations += [line.split(": ", 1)[1] for line in lines if line.lower().startswith("proxy-auth")]
        upstream = await asyncio.open_connection("127.0.0.1", target_port)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            path = "/" + target.split("/", 3)[3]
            upstream[1].write(head.replace(target.encode(), path.encode(), 1))
        await _joined(reader, writer, *upstream)

    async with _listening(serve, proxy):
        yield proxy


@asynccontextmanager
async def socks_proxy(target_port: int) -> AsyncIterator[LocalProxy]:
    """SOCKS 5 without authentication, names only (RFC 1928)."""
    proxy = LocalProxy()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        *_, kind, length = await reader.readexactly(5)
        assert kind == 3
        proxy.asked.append((await reader.readexactly(length + 2))[:-2].decode())
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await _joined(reader, writer, *await asyncio.open_connection("127.0.0.1", target_port))

    async with _listening(serve, proxy):
        yield proxy


@asynccontextmanager
async def _listening(serve, proxy: LocalProxy) -> AsyncIterator[None]:  # type: ignore[no-untyped-def]
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        server.close()


async def _joined(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    """Copy both ways until the far side ends."""
    up = asyncio.create_task(_copy(reader, far_writer))
    await _copy(far_reader, writer)
    up.cancel()
    for each in (writer, far_writer):
        each.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
