"""Addresses as text: which can be asked at all, what is secret in them, and where a redirect leads."""

from __future__ import annotations

import base64

import httpx

from tui_reader.errors import FetchError

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


def read_typed(url: str) -> tuple[httpx.URL, str | None]:
    """The address without name and password, and these as the value of an Authorization header."""
    address = _usable(url, kind="address", prefix="this is")
    if not address.userinfo:
        return address, None
    # Sent as a header of our own making, because httpx logs the addresses it asks.
    return _bare(address), basic(address.username, address.password)


def basic(user: str, password: str) -> str:
    """Basic authentication (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def redirect_target(response: httpx.Response) -> httpx.URL | None:
    """Where an answer leads, None if it leads nowhere else. It brings no name and password of its own."""
    if response.status_code not in (301, 302, 303, 307, 308):
        return None
    location = response.headers.get("location", "").strip()
    if not location:
        raise FetchError("the server redirects to nowhere", kind="redirect", status=response.status_code)
    try:
        target = str(response.url.join(location))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError("the server leads to no usable web address", kind="redirect") from error
    return _bare(_usable(target, kind="redirect", prefix="the server leads to"))


def may_share(start: httpx.URL, address: httpx.URL) -> bool:
    """Whether what was meant for `start` may be sent to `address`: the same server, and no less secret."""
    if address.host != start.host:
        return False
    if (start.scheme, address.scheme) == ("http", "https"):
        return start.port == address.port
    return (address.scheme, address.port) == (start.scheme, start.port)


def _usable(url: str, *, kind: str, prefix: str) -> httpx.URL:
    try:
        address = httpx.URL(url.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(f"{prefix} no usable web address", kind=kind) from error
    if address.scheme not in ("http", "https") or not 0 < len(address.host) < 254:
        raise FetchError(f"{prefix} no web address (only http and https are read)", kind=kind)
    if address.port in BAD_PORTS:
        raise FetchError(f"port {address.port} is not one for web pages", kind=kind)
    return address


def _bare(address: httpx.URL) -> httpx.URL:
    return address.copy_with(userinfo=b"")
