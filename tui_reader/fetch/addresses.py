"""Which network addresses may be asked, decided on what a name resolves to at the moment of connecting."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import chain, zip_longest
from typing import Literal

import httpcore

from tui_reader.errors import FetchError

Reach = Literal["public", "private", "forbidden"]
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → its addresses as text, best first; raises OSError when there are none."""


# fmt: off
BAD_PORTS = frozenset((
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
    531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
    5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
))
# fmt: on
"""Where other protocols listen, some of which a request can be made to speak: the list that browsers follow (Fetch
standard, port blocking)."""

# Proxy programs that answer every DNS query with an address of their own (Clash, Surge: "fake IP") take it from the
# benchmarking range. What hides behind it is a public name.
_FAKE_IPS = ip_network("198.18.0.0/15")
_THIS_NETWORK = ip_network("0.0.0.0/8")
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa")
"""Names that never leave a network (RFC 6761, 6762, 8375, and ICANN's reservation)."""
_MAX_ATTEMPTS = 8
"""Addresses of one name that are tried."""
_V4_COMPATIBLE = IPv6Network("::/96")


@dataclass(slots=True)
class Trail:
    """The way of one fetch over its redirects: once it was public, it never becomes private."""

    public: bool = False
    connected: bool = False
    """Set when a direct connection was made, unset by the client before each request."""


TRAIL: ContextVar[Trail] = ContextVar("trail")
"""The fetch that a connection is made for: httpcore hands nothing of the kind down to its network backend."""


def reach(address: str) -> Reach:
    """How far an address reaches; what is no address is forbidden."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return "forbidden"
    inner = _embedded(ip)
    if inner is not None:
        return reach(str(inner))
    if _is_forbidden(ip):
        return "forbidden"
    if ip in _FAKE_IPS:
        return "public"
    is_site_local = isinstance(ip, IPv6Address) and ip.is_site_local
    return "public" if ip.is_global and not is_site_local else "private"


def check_host(host: str, trail: Trail) -> None:
    """Refuse what can be told from the URL alone: where a proxy does the resolving, nothing else is ever seen."""
    literal = _literal(host)
    if literal:
        _allowed([literal], trail=trail, host=host)
    elif trail.public and (host == "localhost" or host.endswith(_LOCAL_NAMES)):
        raise _led_inside(host)


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves names itself, drops the addresses that the trail may not reach, and connects to the rest.

    Resolving and connecting are one step, so that a name cannot resolve to one address for the check and to another
    for the connection.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's interface)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        trail = TRAIL.get()
        try:
            async with asyncio.timeout(timeout):
                found = await self._resolve(host, port)
        except TimeoutError as error:
            raise FetchError(f"the name {host} could not be looked up within {timeout:g} s", kind="dns") from error
        except (OSError, UnicodeError) as error:
            raise FetchError(f"could not find the server {host}", kind="dns") from error
        addresses = _allowed(found, trail=trail, host=host)

        async def connect(address: str) -> httpcore.AsyncNetworkStream:
            return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)

        address, stream = await _first(_interleaved(addresses), connect)
        trail.connected = True
        trail.public = trail.public or reach(address) == "public"
        return stream

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _literal(host: str) -> str:
    """The address that a host is, in whatever spelling: 127.1 and 2130706433 are addresses too; "" for a name."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return ""


def _is_forbidden(ip: IPv4Address | IPv6Address) -> bool:
    return (
        ip.is_unspecified
        or ip.is_link_local
        or ip.is_multicast
        or ip in _THIS_NETWORK
        or (ip.is_reserved and not ip.is_loopback)
    )


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a transition form of IPv6 really leads to."""
    if isinstance(ip, IPv4Address):
        return None
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour
    is_compatible = ip in _V4_COMPATIBLE and int(ip) > 1
    return IPv4Address(int(ip) & 0xFFFFFFFF) if is_compatible or any(ip in net for net in _NAT64) else None


def _allowed(addresses: Sequence[str], *, trail: Trail, host: str) -> list[str]:
    reaches = {address: reach(address) for address in addresses}
    allowed = [a for a, far in reaches.items() if far == "public" or (far == "private" and not trail.public)]
    if allowed:
        return allowed
    if "private" in reaches.values():
        raise _led_inside(host)
    if not reaches:
        raise FetchError(f"could not find the server {host}", kind="dns")
    raise FetchError(f"{host} is an address that no feed may live at", kind="address")


def _led_inside(host: str) -> FetchError:
    return FetchError(f"a public site led to {host}, which lies in a private network", kind="address")


def _interleaved(addresses: Sequence[str]) -> list[str]:
    """IPv6 and IPv4 by turns, in the resolver's order otherwise (RFC 8305, 4)."""
    first_is_v6 = ":" in addresses[0]
    first = [a for a in addresses if (":" in a) == first_is_v6]
    second = [a for a in addresses if (":" in a) != first_is_v6]
    return [a for a in chain.from_iterable(zip_longest(first, second)) if a is not None][:_MAX_ATTEMPTS]


async def _first(
    addresses: Sequence[str], connect: Callable[[str], Coroutine[None, None, httpcore.AsyncNetworkStream]]
) -> tuple[str, httpcore.AsyncNetworkStream]:
    """The first connection that is made; each address has a head start of 250 ms on the next (RFC 8305, 5)."""
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
                running, timeout=0.25 if waiting else None, return_when=asyncio.FIRST_COMPLETED
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
