"""Names, addresses and proxies: who is connected to, and who never is."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace

import hostile_server as hostile
import httpcore
import pytest
from fetching import FEED, PUBLIC, QUICK, failure
from local_proxy import http_proxy, socks_proxy
from pytest_httpserver import HTTPServer

from tui_reader.errors import FetchError
from tui_reader.fetch import Client, FetchLimits, open_client
from tui_reader.fetch.addresses import reach

pytestmark = pytest.mark.usefixtures("home")

PUBLIC_V6 = "2606:2800:21f:cb07::1"


class Rerouted(httpcore.AnyIOBackend):
    """The network, in which some addresses never answer, some cannot be reached, and all others are this machine."""

    def __init__(self, *, stalled: Sequence[str] = (), unreachable: Sequence[str] = ()) -> None:
        self._stalled, self._unreachable = stalled, unreachable
        self.tried: list[str] = []
        self.given_up: list[str] = []

    async def connect_tcp(  # type: ignore[no-untyped-def]
        self, host: str, port: int, *rest, **named
    ) -> httpcore.AsyncNetworkStream:
        self.tried.append(host)
        if host in self._unreachable:
            raise httpcore.ConnectError("no route")
        if host in self._stalled:
            try:
                await asyncio.sleep(60)
            finally:
                self.given_up.append(host)
        return await super().connect_tcp("127.0.0.1", port, *rest, **named)


@asynccontextmanager
async def resolving(
    limits: FetchLimits = QUICK, *, network: httpcore.AsyncNetworkBackend | None = None, **names: Sequence[str]
) -> AsyncIterator[Client]:
    """A client that knows these names only, `a_example` standing for a.example."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        try:
            return names[host.replace(".", "_")]
        except KeyError:
            raise OSError("unknown") from None

    async with open_client(limits=limits, resolve=resolve, network=network) as client:
        yield client


def redirect(httpserver: HTTPServer, path: str, target: str) -> None:
    httpserver.expect_request(path).respond_with_data(status=302, headers={"Location": target})


@pytest.fixture
def feed(httpserver: HTTPServer) -> str:
    """The port of a server with a feed at /feed."""
    httpserver.expect_request("/feed").respond_with_data(FEED)
    return str(httpserver.port)


# --- which addresses -------------------------------------------------------------------------------------------------

REACHES = {
    "93.184.215.14": "public",
    "2606:2800:21f:cb07::1": "public",
    "198.18.0.7": "public",
    "127.0.0.1": "private",
    "192.168.1.20": "private",
    "10.0.0.1": "private",
    "100.64.0.1": "private",
    "::1": "private",
    "fd00::1": "private",
    "fec0::1": "private",
    "::ffff:127.0.0.1": "private",
    "64:ff9b::10.0.0.1": "private",
    "2002:c0a8:0101::": "private",
    "0.0.0.0": "forbidden",
    "0.1.2.3": "forbidden",
    "::": "forbidden",
    "169.254.169.254": "forbidden",
    "fe80::1%eth0": "forbidden",
    "224.0.0.1": "forbidden",
    "255.255.255.255": "forbidden",
    "ff02::1": "forbidden",
    "::ffff:169.254.169.254": "forbidden",
    "::169.254.169.254": "forbidden",
    "64:ff9b::169.254.169.254": "forbidden",
    "64:ff9b:1::169.254.169.254": "forbidden",
    "2002:a9fe:a9fe::": "forbidden",
    "not an address": "forbidden",
}


@pytest.mark.parametrize(("address", "expected"), REACHES.items())
def test_how_far_an_address_reaches(address: str, expected: str) -> None:
    assert reach(address) == expected


async def test_a_name_with_only_forbidden_addresses_is_refused() -> None:
    async with resolving(metadata_example=["169.254.169.254", "::"]) as client:
        assert (await failure(client, "http://metadata.example/")).kind == "address"


async def test_forbidden_addresses_beside_good_ones_are_left_out(feed: str) -> None:
    async with resolving(nas_example=["0.0.0.0", "127.0.0.1"]) as client:
        assert await client.fetch(f"http://nas.example:{feed}/feed")


async def test_what_was_typed_may_be_private_and_lead_to_private(httpserver: HTTPServer, feed: str) -> None:
    redirect(httpserver, "/a", f"http://localhost:{feed}/feed")
    async with open_client(limits=QUICK) as client:
        assert await client.fetch(httpserver.url_for("/a"))


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://nas.example/", "http://localhost/", "http://0x7f.1/"])
async def test_what_nobody_typed_may_not_be_private(url: str) -> None:
    async with resolving(nas_example=["192.168.1.20"], localhost=["127.0.0.1"]) as client:
        error = await failure(client, url, public_only=True)
    assert (error.kind, "private network" in str(error)) == ("address", True)


@pytest.mark.parametrize("target", ["127.0.0.1", "127.1", "[::ffff:127.0.0.1]", "localhost", "rebound.example"])
async def test_a_public_site_never_leads_into_the_private_network(
    httpserver: HTTPServer, feed: str, target: str
) -> None:
    """The server stands for a public one by the network it is reached through."""
    redirect(httpserver, "/start", f"http://{target}:{feed}/feed")
    names = {"public_example": [PUBLIC], "rebound_example": ["127.0.0.1"], "localhost": ["127.0.0.1"]}
    network = Rerouted()
    async with resolving(network=network, **names) as client:
        error = await failure(client, f"http://public.example:{feed}/start")
    assert (error.kind, "private network" in str(error)) == ("address", True)
    assert network.tried == [PUBLIC]


async def test_a_name_that_is_public_and_private_by_turns_is_public(feed: str) -> None:
    """Of both addresses only the public one is left once the trail is public."""
    network = Rerouted()
    async with resolving(network=network, both_example=["127.0.0.1", PUBLIC]) as client:
        assert await client.fetch(f"http://both.example:{feed}/feed", public_only=True)
    assert network.tried == [PUBLIC]


# --- looking up ------------------------------------------------------------------------------------------------------


async def test_an_unknown_name_is_said_by_name() -> None:
    async with resolving() as client:
        error = await failure(client, "http://mei:secret@feeds.example/")
    assert (str(error), error.kind) == ("could not find the server feeds.example", "dns")


async def test_a_name_server_that_is_silent_is_not_waited_for() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return ()

    async with open_client(limits=replace(QUICK, dns=0.1), resolve=resolve) as client:
        error = await failure(client, "http://feeds.example/")
    assert (str(error), error.kind) == ("the name feeds.example could not be looked up within 0.1 s", "dns")


def test_a_lookup_that_hangs_holds_up_neither_others_nor_the_end() -> None:
    code = """
import asyncio, socket, time
from tui_reader.fetch.network import resolve_by_system
real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **named: time.sleep(30) if "dead" in host else real(host, *rest, **named)
async def main():
    dead = [asyncio.create_task(resolve_by_system(f"dead{n}.example", 80)) for n in range(50)]
    print(await resolve_by_system("127.0.0.1", 80))
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=15, check=True)
    assert done.stdout.strip() == "['127.0.0.1']"


# --- several addresses -----------------------------------------------------------------------------------------------


async def test_an_address_that_stalls_gives_way_after_a_moment(feed: str) -> None:
    network = Rerouted(stalled=[PUBLIC_V6])
    began = time.monotonic()
    async with resolving(FetchLimits(), network=network, news_example=[PUBLIC_V6, PUBLIC]) as client:
        assert await client.fetch(f"http://news.example:{feed}/feed")
    assert 0.24 < time.monotonic() - began < 2
    assert network.tried == [PUBLIC_V6, PUBLIC]
    assert network.given_up == [PUBLIC_V6]


async def test_an_address_that_fails_gives_way_at_once(feed: str) -> None:
    network = Rerouted(unreachable=[PUBLIC_V6, "2606::2"])
    began = time.monotonic()
    async with resolving(network=network, news_example=[PUBLIC_V6, "2606::2", PUBLIC]) as client:
        assert await client.fetch(f"http://news.example:{feed}/feed")
    assert time.monotonic() - began < 0.24
    assert network.tried == [PUBLIC_V6, PUBLIC]


async def test_addresses_that_all_stall_are_given_up_together() -> None:
    addresses = [f"2606::{n}" for n in range(1, 40)]
    network = Rerouted(stalled=addresses)
    limits = FetchLimits(connect=0.4)
    async with resolving(limits, network=network, news_example=addresses) as client:
        error = await failure(client, "http://news.example/")
    assert (str(error), error.kind) == ("news.example did not answer within 0.4 s", "timeout")
    assert network.given_up == network.tried == addresses[:2]


@contextmanager
def black_hole(address: str, port: int) -> Iterator[None]:
    """A port whose queue is full: the system drops what comes, as a firewall would."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket(family))
        try:
            listener.bind((address, port))
        except OSError:
            pytest.skip(f"needs {address}")
        listener.listen(0)
        for _ in range(4):
            caller = stack.enter_context(socket.socket(family))
            caller.setblocking(False)
            caller.connect_ex((address, port))
        yield


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where Linux drops")
@pytest.mark.parametrize("dead", ["::1", "127.0.0.9"])
async def test_a_real_black_hole_does_not_hold_up_the_next_address(
    httpserver: HTTPServer, feed: str, dead: str
) -> None:
    with black_hole(dead, httpserver.port):
        began = time.monotonic()
        async with resolving(FetchLimits(), nas_example=[dead, "127.0.0.1"]) as client:
            assert await client.fetch(f"http://nas.example:{feed}/feed")
        assert 0.24 < time.monotonic() - began < 2
        async with resolving(FetchLimits(connect=0.3), nas_example=[dead]) as client:
            assert (await failure(client, f"http://nas.example:{feed}/feed")).kind == "timeout"


# --- proxies ---------------------------------------------------------------------------------------------------------


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, feed: str) -> None:
    async with http_proxy(int(feed)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://mei:p%40ss@127.0.0.1:{proxy.port}")
        async with open_client(limits=QUICK) as client:
            assert await client.fetch("http://behind.example/feed")
            assert (await failure(client, "http://169.254.169.254/")).kind == "address"
    assert proxy.asked == ["GET http://behind.example/feed"]
    assert proxy.authorizations == ["Basic bWVpOnBAc3M="]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "all_proxy"])
async def test_secure_connections_go_through_a_tunnel(
    monkeypatch: pytest.MonkeyPatch, feed: str, variable: str
) -> None:
    async with http_proxy(int(feed)) as proxy:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        async with open_client(limits=QUICK) as client:
            error = await failure(client, "https://behind.example/feed")
    assert proxy.asked == ["CONNECT behind.example:443"]
    assert (error.kind, "behind.example" in str(error)) == ("tls", True)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_a_socks_proxy_resolves_the_name(monkeypatch: pytest.MonkeyPatch, feed: str, scheme: str) -> None:
    async with socks_proxy(int(feed)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{proxy.port}")
        async with open_client(limits=QUICK) as client:
            assert await client.fetch("http://behind.example/feed")
    assert proxy.asked == ["behind.example"]


async def test_no_proxy_names_who_is_asked_directly(monkeypatch: pytest.MonkeyPatch, feed: str) -> None:
    async with http_proxy(int(feed)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,.inside.example")
        async with resolving(nas_inside_example=["127.0.0.1"]) as client:
            assert await client.fetch(f"http://127.0.0.1:{feed}/feed")
            assert await client.fetch(f"http://nas.inside.example:{feed}/feed")
    assert proxy.asked == []


@pytest.mark.parametrize(
    "target", ["192.168.1.1", "2130706433", "0x7f.1", "127.0.0.1.", "localhost", "nas.local.", "router", "[::1]"]
)
async def test_behind_a_proxy_a_public_site_never_leads_inside_either(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer, target: str
) -> None:
    redirect(httpserver, "/start", f"http://{target}/admin")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{httpserver.port}")
    async with open_client(limits=QUICK) as client:
        assert "private network" in str(await failure(client, "http://public.example/start"))


async def test_past_a_proxy_a_public_site_never_leads_inside_either(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer, feed: str
) -> None:
    redirect(httpserver, "/start", f"http://nas.example:{feed}/feed")
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{httpserver.port}")
    monkeypatch.setenv("NO_PROXY", "nas.example")
    async with resolving(nas_example=["127.0.0.1"]) as client:
        assert "private network" in str(await failure(client, "http://public.example/start"))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (hostile.status_of(407), "the proxy wants a name and a password"),
        (hostile.status_of(502), "the proxy could not reach behind.example (502)"),
        (hostile.bytes_of(b""), "the answer broke off before its end"),
    ],
    ids=["407", "502", "hangs up"],
)
async def test_a_proxy_that_refuses_is_said_so(
    monkeypatch: pytest.MonkeyPatch, answer: hostile.Answer, message: str
) -> None:
    async with hostile.hostile(answer) as url:
        monkeypatch.setenv("HTTPS_PROXY", url.removesuffix("/feed.xml"))
        async with open_client(limits=QUICK) as client:
            assert str(await failure(client, "https://behind.example/feed")) == message


async def test_a_proxy_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async with hostile.hostile(hostile.silence) as url:
        pass
    monkeypatch.setenv("ALL_PROXY", url.removesuffix("/feed.xml"))
    async with open_client(limits=QUICK) as client:
        error = await failure(client, "http://behind.example/feed")
    assert (str(error), error.kind) == ("the proxy refuses connections", "connect")


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x05\xff", b"\x05\x00\x05\x05\x00\x01"])
async def test_a_socks_proxy_that_is_none_is_a_failure(monkeypatch: pytest.MonkeyPatch, greeting: bytes) -> None:
    async with hostile.hostile(hostile.silence, greeting=greeting) as url:
        monkeypatch.setenv("ALL_PROXY", url.removesuffix("/feed.xml").replace("http:", "socks5:"))
        async with open_client(limits=QUICK) as client:
            assert "proxy" in str(await failure(client, "http://behind.example/feed"))


async def test_a_proxy_that_cannot_be_used_is_said_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://mei:hush@127.0.0.1:70")
    with pytest.raises(FetchError, match="proxy") as caught:
        async with open_client():
            pass
    assert caught.value.__cause__ is None
