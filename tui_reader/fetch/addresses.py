"""Which network addresses may be asked. Pure: nothing here resolves or connects."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal

from tui_reader.errors import FetchError

Reach = Literal["public", "private", "forbidden"]

# Proxy programs that answer every DNS query with an address of their own (Clash, Surge: "fake IP") take it from the
# benchmarking range. What hides behind it is a public name.
_FAKE_IPS = ip_network("198.18.0.0/15")
_THIS_NETWORK = ip_network("0.0.0.0/8")
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".home", ".corp")
"""Names that never leave a network (RFC 6761, 6762, 8375, and what ICANN has reserved or refuses to delegate)."""
_V4_COMPATIBLE = IPv6Network("::/96")


@dataclass(slots=True)
class Trail:
    """The way of one fetch over its redirects: once it was public, it never becomes private."""

    public: bool = False


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


def as_address(host: str) -> str:
    """The address that a host is, in whatever spelling: 127.1 and 2130706433 are addresses too; "" for a name."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return ""


def check_host(host: str, trail: Trail) -> None:
    """Refuse what can be told from the URL alone: where a proxy does the resolving, nothing else is ever seen."""
    name = host.rstrip(".")
    literal = as_address(name)
    if literal:
        allowed([literal], trail=trail, host=host)
    elif trail.public and ("." not in name or name.endswith(_LOCAL_NAMES)):
        raise _led_inside(host)


def allowed(addresses: Sequence[str], *, trail: Trail, host: str) -> list[str]:
    """Those of a host's addresses that the trail may reach. Raises FetchError if there are none."""
    reaches = {address: reach(address) for address in addresses}
    good = [a for a, far in reaches.items() if far == "public" or (far == "private" and not trail.public)]
    if good:
        return good
    if "private" in reaches.values():
        raise _led_inside(host)
    if not reaches:
        raise FetchError(f"could not find the server {host}", kind="dns")
    raise FetchError(f"{host} is an address that no feed may live at", kind="address")


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


def _led_inside(host: str) -> FetchError:
    return FetchError(f"a public site led to {host}, which lies in a private network", kind="address")
