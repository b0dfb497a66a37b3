"""How hosts are treated: few connections at a time, requests apart from each other, rest for who asks for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from itertools import pairwise

import hostile_server as hostile
import httpcore
import pytest
from fetching import FEED, PUBLIC, QUICK, failure
from local_proxy import http_proxy

from tui_reader.errors import FetchError
from tui_reader.fetch import Client, FetchLimits, open_client

pytestmark = pytest.mark.usefixtures("home")


class Meeting:
    """Answers nobody until so many ask at a time, and knows the most that did."""

    def __init__(self, expected: int) -> None:
        self.peak = self._running = 0
        self._expected = expected
        self._complete = asyncio.Event()

    async def answer(self, writer: asyncio.StreamWriter, request: bytes) -> None:
        self._running += 1
        self.peak = max(self.peak, self._running)
        if self._running == self._expected:
            self._complete.set()
        await self._complete.wait()
        await hostile.body_of(FEED)(writer, request)
        self._running -= 1


class Timed(httpcore.AnyIOBackend):
    """Notes when each connection is made; all of them are to this machine."""

    def __init__(self) -> None:
        self.starts: list[float] = []

    async def connect_tcp(  # type: ignore[no-untyped-def]
        self, host: str, port: int, *rest, **named
    ) -> httpcore.AsyncNetworkStream:
        self.starts.append(time.monotonic())
        return await super().connect_tcp("127.0.0.1", port, *rest, **named)


async def resolve(host: str, port: int) -> Sequence[str]:
    return [PUBLIC if host.startswith("public") else "127.0.0.1"]


# --- at a time -------------------------------------------------------------------------------------------------------


async def test_a_host_is_asked_by_two_at_a_time() -> None:
    meeting = Meeting(2)
    async with open_client() as client, hostile.hostile(meeting.answer) as url:
        pages = await asyncio.gather(*(client.fetch(f"{url}?{number}") for number in range(6)))
    assert all(pages)
    assert meeting.peak == 2


async def test_a_host_that_redirects_lead_to_is_asked_by_two_at_a_time() -> None:
    """Many feeds of different addresses end on one server: what counts is who is asked, not who was typed."""
    meeting = Meeting(2)
    async with (
        hostile.hostile(meeting.answer) as target,
        hostile.hostile(hostile.leading_to(target.replace("127.0.0.1", "localhost").encode())) as start,
        open_client(resolve=resolve) as client,
    ):
        hosts = [start.replace("127.0.0.1", f"nas{number}.example") for number in range(6)]
        pages = await asyncio.gather(*map(client.fetch, hosts))
    assert all(pages)
    assert meeting.peak == 2


async def test_all_hosts_together_have_a_limit() -> None:
    meeting = Meeting(3)
    async with (
        open_client(limits=FetchLimits(total_connections=3), resolve=resolve) as client,
        hostile.hostile(meeting.answer) as url,
    ):
        hosts = [url.replace("127.0.0.1", f"nas{number}.example") for number in range(9)]
        pages = await asyncio.gather(*map(client.fetch, hosts))
    assert all(pages)
    assert meeting.peak == 3


async def test_a_slow_host_does_not_hold_up_the_others() -> None:
    limits = FetchLimits(total_connections=3, read=5.0)
    async with (
        open_client(limits=limits) as client,
        hostile.hostile(hostile.silence) as slow,
        hostile.hostile(hostile.body_of(FEED)) as quick,
    ):
        waiting = [asyncio.create_task(client.fetch(f"{slow}?{number}")) for number in range(10)]
        await asyncio.sleep(0)
        async with asyncio.timeout(3):
            assert await client.fetch(quick.replace("127.0.0.1", "localhost"))
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_waiting_for_a_turn_is_not_the_servers_time() -> None:
    """Six answers of 0.15 s, one at a time, take longer than one may; each alone does not."""

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        await asyncio.sleep(0.15)
        await hostile.body_of(FEED)(writer, request)

    async with open_client(limits=FetchLimits(per_host=1, total=0.5)) as client, hostile.hostile(answer) as url:
        assert all(await asyncio.gather(*(client.fetch(f"{url}?{number}") for number in range(6))))


async def test_pages_do_not_pile_up_before_whoever_reads_them() -> None:
    limits = FetchLimits(total_connections=2, per_host=2, unread=3)
    answered, held = 0, asyncio.Event()
    release = asyncio.Event()

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        nonlocal answered
        answered += 1
        if answered == 5:
            held.set()
        await hostile.body_of(FEED)(writer, request)

    async def read(client: Client, url: str) -> None:
        async with client.asking(url):
            await release.wait()

    async with open_client(limits=limits) as client, hostile.hostile(answer) as url, asyncio.timeout(5):
        readers = [asyncio.create_task(read(client, f"{url}?{number}")) for number in range(20)]
        await held.wait()
        # Three are being read, two have come and wait: a moment on, nobody else has been asked.
        await asyncio.sleep(0.1)
        assert answered == 5
        release.set()
        await asyncio.gather(*readers)
    assert answered == 20


# --- one after the other ---------------------------------------------------------------------------------------------


async def test_requests_to_a_public_host_begin_apart() -> None:
    network = Timed()
    async with (
        open_client(limits=FetchLimits(spacing=0.1), resolve=resolve, network=network) as client,
        hostile.hostile(hostile.body_of(FEED)) as url,
    ):
        public = url.replace("127.0.0.1", "public.example")
        await asyncio.gather(*(client.fetch(f"{public}?{number}") for number in range(4)))
    assert len(network.starts) == 4
    assert all(later - earlier > 0.09 for earlier, later in pairwise(network.starts))


async def test_public_hosts_do_not_wait_for_each_other() -> None:
    async with (
        open_client(limits=FetchLimits(spacing=5.0), resolve=resolve, network=Timed()) as client,
        hostile.hostile(hostile.body_of(FEED)) as url,
        asyncio.timeout(3),
    ):
        hosts = [url.replace("127.0.0.1", f"public{number}.example") for number in range(5)]
        await asyncio.gather(*map(client.fetch, hosts))


async def test_the_own_network_is_not_slowed_down() -> None:
    async with (
        open_client(limits=FetchLimits(spacing=5.0), resolve=resolve) as client,
        hostile.hostile(hostile.body_of(FEED)) as url,
        asyncio.timeout(3),
    ):
        for host in ("127.0.0.1", "nas.example"):
            for _ in range(3):
                await client.fetch(url.replace("127.0.0.1", host))


async def test_behind_a_proxy_requests_begin_apart_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with hostile.hostile(hostile.body_of(FEED)) as url, http_proxy(int(url.split(":")[2][:-9])) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        began = time.monotonic()
        async with open_client(limits=FetchLimits(spacing=0.1)) as client:
            await asyncio.gather(*(client.fetch(f"http://far.example/{number}") for number in range(3)))
    assert time.monotonic() - began > 0.19


# --- rest ------------------------------------------------------------------------------------------------------------


class Counted:
    """Counts who asks, and answers all of them the same."""

    def __init__(self, answer: hostile.Answer) -> None:
        self.count = 0
        self._answer = answer

    async def answer(self, writer: asyncio.StreamWriter, request: bytes) -> None:
        self.count += 1
        await self._answer(writer, request)


@pytest.mark.parametrize(
    ("answer", "rests", "wait"),
    [
        (hostile.status_of(429, b"Retry-After: 7200"), True, 7200),
        (hostile.status_of(503, b"Retry-After: 7200"), True, 7200),
        (hostile.status_of(429), True, None),
        (hostile.status_of(503), False, None),
        (hostile.status_of(404, b"Retry-After: 7200"), False, 7200),
    ],
    ids=["429", "503", "429 for how long it does not say", "503 for how long it does not say", "404"],
)
async def test_a_server_that_asks_for_rest_is_left_alone(
    answer: hostile.Answer, rests: bool, wait: float | None
) -> None:
    server = Counted(answer)
    async with open_client(limits=QUICK) as client, hostile.hostile(server.answer) as url:
        first = await failure(client, url)
        second = await failure(client, f"{url}?other")
    assert server.count == (1 if rests else 2)
    assert (second.kind, second.status, second.retry_after) == ("http", first.status, wait)
    assert ("127.0.0.1 asked to be left alone" in str(second)) == rests
    assert ("for 2 h" in str(second)) == (rests and wait is not None)


async def test_who_waits_for_a_turn_is_told_too() -> None:
    server = Counted(hostile.status_of(429, b"Retry-After: 60"))
    async with open_client(limits=FetchLimits(per_host=1)) as client, hostile.hostile(server.answer) as url:
        fetches = (client.fetch(f"{url}?{number}") for number in range(8))
        errors = await asyncio.gather(*fetches, return_exceptions=True)
    assert server.count == 1
    assert all(isinstance(error, FetchError) and error.retry_after == 60 for error in errors)


async def test_another_service_of_the_host_is_not_meant() -> None:
    busy = hostile.status_of(429, b"Retry-After: 60")
    async with (
        open_client(limits=QUICK) as client,
        hostile.hostile(busy) as one,
        hostile.hostile(hostile.body_of(FEED)) as other,
    ):
        await failure(client, one)
        assert await client.fetch(other)
