"""Looking up and connecting: the one place that sees a name and its addresses together, and so the one that can judge.

Resolving and connecting are one step, so that a name cannot resolve to one address for the check and to another for
the connection.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from itertools import chain, zip_longest

import httpcore

from tui_reader.errors import FetchError

from .addresses import Trail, allowed, as_address, reach

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → its addresses as text, best first; raises OSError when there are none."""

TRAIL: ContextVar[Trail] = ContextVar("trail")
"""The fetch that a connection is made for: httpcore hands nothing of the kind down to its network backend."""

_HEAD_START = 0.25
"""Seconds that an address has before the next one is tried as well (RFC 8305, 5)."""
_MAX_ATTEMPTS = 8
"""Addresses of one name that are tried."""


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """What the system says, asked in a thread that nothing waits for: neither other names nor the end of the program.

    An executor of the standard library has few threads and joins them all at the end; a dead name server holds each
    for half a minute.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Sequence[str]] = loop.create_future()

    def settle(found: Sequence[str] | None, error: Exception | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(found or ())

    def look_up() -> None:
        outcome: tuple[Sequence[str] | None, Exception | None]
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            outcome = list(dict.fromkeys(str(entry[4][0]) for entry in entries)), None
        except (OSError, UnicodeError) as error:
            outcome = None, error
        with suppress(RuntimeError):  # The loop is closed: nobody wants to know any more.
            loop.call_soon_threadsafe(settle, *outcome)

    threading.Thread(target=look_up, name="tui-reader name look-up", daemon=True).start()
    return await answer


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves names itself, drops the addresses that the trail may not reach, and connects to the first that answers.

    `keep_apart` is awaited before a connection to a public host is made.
    """

    def __init__(
        self,
        resolve: Resolve,
        *,
        patience: float,
        keep_apart: Callable[[str], Awaitable[None]],
        network: httpcore.AsyncNetworkBackend,
    ) -> None:
        self._resolve = resolve
        self._patience = patience
        self._keep_apart = keep_apart
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's interface)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        trail = TRAIL.get()
        addresses = allowed(await self._look_up(host, port), trail=trail, host=host)
        if any(reach(address) == "public" for address in addresses):
            await self._keep_apart(host)

        async def connect(address: str) -> httpcore.AsyncNetworkStream:
            return await self._network.connect_tcp(address, port, None, local_address, socket_options)

        try:
            async with asyncio.timeout(timeout):
                address, stream = await _first(_interleaved(addresses), connect)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        trail.public = trail.public or reach(address) == "public"
        return stream

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _look_up(self, host: str, port: int) -> Sequence[str]:
        literal = as_address(host)
        if literal:
            return [literal]
        try:
            async with asyncio.timeout(self._patience):
                return await self._resolve(host, port)
        except TimeoutError as error:
            raise FetchError(
                f"the name {host} could not be looked up within {self._patience:g} s", kind="dns"
            ) from error
        except (OSError, UnicodeError) as error:
            raise FetchError(f"could not find the server {host}", kind="dns") from error


def _interleaved(addresses: Sequence[str]) -> list[str]:
    """IPv6 and IPv4 by turns, in the resolver's order otherwise (RFC 8305, 4)."""
    first_is_v6 = ":" in addresses[0]
    first = [a for a in addresses if (":" in a) == first_is_v6]
    second = [a for a in addresses if (":" in a) != first_is_v6]
    return [a for a in chain.from_iterable(zip_longest(first, second)) if a is not None][:_MAX_ATTEMPTS]


async def _first(
    addresses: Sequence[str], connect: Callable[[str], Coroutine[None, None, httpcore.AsyncNetworkStream]]
) -> tuple[str, httpcore.AsyncNetworkStream]:
    """The first connection that is made; an address that fails or stalls gives way to the next."""
    attempts: dict[asyncio.Task[httpcore.AsyncNetworkStream], str] = {}
    failure: BaseException | None = None
    waiting = list(addresses)
    running: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
    try:
        while waiting or running:
            if waiting:
                attempt = asyncio.create_task(connect(waiting[0]))
                attempts[attempt] = waiting.pop(0)
                running.add(attempt)
            done, running = await asyncio.wait(
                running, timeout=_HEAD_START if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for attempt in done:
                if attempt.exception() is None:
                    address = attempts.pop(attempt)
                    return address, attempt.result()
                failure = attempt.exception()
        raise failure or OSError("no address")
    finally:
        await _drop(attempts)


async def _drop(attempts: Iterable[asyncio.Task[httpcore.AsyncNetworkStream]]) -> None:
    """Give up the attempts that lost, and close those that connected all the same."""
    for attempt in attempts:
        attempt.cancel()
    for outcome in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(outcome, httpcore.AsyncNetworkStream):
            await outcome.aclose()
