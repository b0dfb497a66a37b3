"""How a host is treated: few connections at a time, requests apart from each other, and rest for who asks for it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tui_reader.errors import FetchError

from .freshness import in_words
from .limits import FetchLimits

_Server = tuple[str, int | None]
"""Host and port."""


class Hosts:
    """What is known of all hosts during one refresh."""

    def __init__(self, limits: FetchLimits) -> None:
        self._spacing = limits.spacing
        self._everywhere = asyncio.Semaphore(limits.total_connections)
        self._turns: defaultdict[_Server, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limits.per_host))
        self._next_start: dict[str, float] = {}
        self._resting: dict[_Server, FetchError] = {}

    @asynccontextmanager
    async def turn(self, address: httpx.URL) -> AsyncIterator[None]:
        """Wait for a connection to be free. Raises FetchError if the host wants to be left alone by then."""
        # The host first: a slow one then holds up only itself, not the connections that all share.
        async with self._turns[_server(address)], self._everywhere:
            refusal = self._resting.get(_server(address))
            if refusal is not None:
                raise _left_alone(address.host, refusal)
            yield

    async def keep_apart(self, host: str) -> None:
        """Wait until the last request to this host is long enough ago."""
        now = asyncio.get_running_loop().time()
        start = max(now, self._next_start.get(host, now))
        self._next_start[host] = start + self._spacing
        await asyncio.sleep(start - now)

    def learn(self, address: httpx.URL, failure: FetchError) -> None:
        """Leave a server alone from now on that says it is asked too often, or when to come again."""
        if failure.status == 429 or (failure.status == 503 and failure.retry_after):
            self._resting[_server(address)] = failure


def _server(address: httpx.URL) -> _Server:
    """http and https are one server; other ports of a host are others: think of the services of a NAS."""
    return address.host, address.port


def _left_alone(host: str, refusal: FetchError) -> FetchError:
    wait = f" for {in_words(refusal.retry_after)}" if refusal.retry_after else ""
    return FetchError(
        f"{host} asked to be left alone{wait} when another of its feeds was fetched",
        kind="http",
        status=refusal.status,
        retry_after=refusal.retry_after,
    )
