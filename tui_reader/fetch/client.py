"""The client: one GET with its redirects, its limits and its manners."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from tui_reader.errors import FetchError
from tui_reader.model import Page

from . import decoding, failures
from .addresses import BAD_PORTS, TRAIL, GuardedBackend, Resolve, Trail, check_host, resolve_by_system

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)

Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Seconds, bytes and numbers that no server can make us exceed."""

    connect: float = 10.0
    read: float = 15.0
    """Between two pieces of an answer."""
    total: float = 60.0
    """From connecting to the last byte, redirects included."""
    max_bytes: int = 15 * 2**20
    """Of a body, as sent and again as decoded. Real feeds exceed 10 MB."""
    max_redirects: int = 5
    per_host: int = 2
    total_connections: int = 32


@asynccontextmanager
async def open_client(
    *,
    limits: FetchLimits | None = None,
    user_agent: str | None = None,
    resolve: Resolve = resolve_by_system,
) -> AsyncIterator[Client]:
    """A client for one refresh, or one command. Proxies come from the environment, cookies from nowhere."""
    limits = limits or FetchLimits()
    try:
        http = httpx.AsyncClient(
            headers={"User-Agent": user_agent or "tui-reader"},
            timeout=httpx.Timeout(connect=limits.connect, read=limits.read, write=limits.read, pool=None),
            # Our own semaphores do the limiting; a reused connection may be closed by its server under our hands.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
    except ImportError as error:
        raise FetchError(
            "the proxy that the environment names is a SOCKS one: install socksio", kind="address"
        ) from error
    except (ValueError, httpx.InvalidURL) as error:
        raise FetchError("the proxy that the environment names cannot be used", kind="address") from error
    # httpx has no public way to replace how a transport connects. Only direct connections are guarded: through a
    # proxy it is the proxy that resolves the name.
    http._transport._pool._network_backend = GuardedBackend(resolve)  # type: ignore[attr-defined]
    async with http:
        yield Client(http, limits=limits)


class Client:
    """Fetches pages, so many at once and so many a host."""

    def __init__(self, http: httpx.AsyncClient, *, limits: FetchLimits) -> None:
        self._http = http
        self._limits = limits
        self._everywhere = asyncio.Semaphore(limits.total_connections)
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limits.per_host))

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ACCEPT,
        headers: Headers = (),
    ) -> Page | None:
        """The page at `url`; None if it has not changed since `etag` and `last_modified`. Raises FetchError.

        A name and a password in the URL are sent as Basic authentication. They, `headers` and the two validators go
        to the host of `url` only, wherever it redirects to.
        """
        address = _address(url)
        private = [*headers, *_validators(etag, last_modified)]
        # The host first: a slow one then holds up only itself, not the slots that all share.
        async with self._hosts[address.host], self._everywhere:
            try:
                async with asyncio.timeout(self._limits.total):
                    return await self._follow(address, accept=accept, private=private)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, UnicodeError) as error:
                raise self._failure(error, address.host) from error

    async def _follow(self, start: httpx.URL, *, accept: str, private: Headers) -> Page | None:
        TRAIL.set(trail := Trail())
        address, seen, permanent = start, {_bare(start)}, True
        while True:
            sent_private = _is_same_host(start, address)
            request = self._request(address, accept=accept, private=private if sent_private else ())
            response = await self._send(request, trail)
            try:
                target = _redirect(response)
                if target is None:
                    moved = str(address) if permanent and len(seen) > 1 else None
                    return await self._read(response, moved_to=moved)
            finally:
                await response.aclose()
            permanent = permanent and response.status_code in (301, 308)
            address = _with_userinfo(_address(target, redirected=True), start)
            if _bare(address) in seen:
                raise FetchError("the address leads back to itself", kind="redirect")
            if len(seen) > self._limits.max_redirects:
                raise FetchError(f"more than {self._limits.max_redirects} redirects", kind="redirect")
            seen.add(_bare(address))

    def _request(self, address: httpx.URL, *, accept: str, private: Headers) -> httpx.Request:
        headers = [("Accept", accept), ("Accept-Encoding", decoding.ACCEPT_ENCODING), ("Connection", "close"), *private]
        # A cookie of an earlier answer must not come back, not even within one fetch.
        self._http.cookies.clear()
        try:
            return self._http.build_request("GET", address, headers=headers)
        except (ValueError, TypeError) as error:
            raise FetchError("a header of this request cannot be sent", kind="address") from error

    async def _send(self, request: httpx.Request, trail: Trail) -> httpx.Response:
        check_host(request.url.host, trail)
        trail.connected = False
        try:
            response = await self._http.send(request, stream=True, follow_redirects=False)
        except (httpx.HTTPError, OSError) as error:
            raise self._failure(error, request.url.host) from error
        # Through a proxy the name counts as public.
        trail.public = trail.public or not trail.connected
        return response

    async def _read(self, response: httpx.Response, *, moved_to: str | None) -> Page | None:
        if response.status_code == 304 and _was_conditional(response.request):
            return None
        if response.status_code not in (200, 203, 204, 205):
            raise failures.of_status(response)
        body = decoding.decode(
            await self._body(response), response.headers.get("content-encoding", ""), limit=self._limits.max_bytes
        )
        if _broke_off(response.headers, body):
            raise FetchError("the answer broke off before its end", kind="protocol")
        return Page(
            url=_bare(response.url),
            body=body,
            content_type=response.headers.get("content-type", ""),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            moved_to=moved_to,
            max_age=_max_age(response.headers),
        )

    async def _body(self, response: httpx.Response) -> bytes:
        announced = response.headers.get("content-length", "")
        body = bytearray()
        if announced.isascii() and announced.isdigit() and int(announced[:18]) > self._limits.max_bytes:
            raise decoding.too_large(self._limits.max_bytes)
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._limits.max_bytes:
                raise decoding.too_large(self._limits.max_bytes)
        return bytes(body)

    def _failure(self, error: Exception, host: str) -> FetchError:
        limits = self._limits
        return failures.of_exception(error, host=host, connect=limits.connect, read=limits.read, total=limits.total)


def _address(url: str, *, redirected: bool = False) -> httpx.URL:
    kind = "redirect" if redirected else "address"
    prefix = "the server leads to" if redirected else "this is"
    try:
        address = httpx.URL(url.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError(f"{prefix} no usable web address", kind=kind) from error
    if address.scheme not in ("http", "https") or not 0 < len(address.host) < 254:
        raise FetchError(f"{prefix} no web address (only http and https are read)", kind=kind)
    if address.port in BAD_PORTS:
        raise FetchError(f"port {address.port} is not one for web pages", kind=kind)
    return address


def _validators(etag: str | None, last_modified: str | None) -> list[tuple[str, str]]:
    pairs = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return [(name, value) for name, value in pairs if value]


def _bare(address: httpx.URL) -> str:
    """Without name and password."""
    return str(address.copy_with(userinfo=b""))


def _is_same_host(start: httpx.URL, address: httpx.URL) -> bool:
    """Whether what was meant for `start` may be sent to `address`: the same server, and no less secret."""
    if address.host != start.host:
        return False
    if (start.scheme, address.scheme) == ("http", "https"):
        return start.port == address.port
    return (address.scheme, address.port) == (start.scheme, start.port)


def _with_userinfo(address: httpx.URL, start: httpx.URL) -> httpx.URL:
    """A redirect can neither carry name and password to another host nor bring some of its own."""
    return address.copy_with(userinfo=start.userinfo if _is_same_host(start, address) else b"")


def _redirect(response: httpx.Response) -> str | None:
    """Where an answer leads, None if it leads nowhere else."""
    if response.status_code not in (301, 302, 303, 307, 308):
        return None
    location = response.headers.get("location", "")
    if not location:
        raise FetchError("the server redirects to nowhere", kind="redirect", status=response.status_code)
    try:
        return str(response.url.join(location.strip()))
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise FetchError("the server leads to no usable web address", kind="redirect") from error


def _was_conditional(request: httpx.Request) -> bool:
    return "if-none-match" in request.headers or "if-modified-since" in request.headers


def _broke_off(headers: httpx.Headers, body: bytes) -> bool:
    """Whether a feed ends before its last tag, where the end of the connection is the only end that there is."""
    if "content-length" in headers or "transfer-encoding" in headers or "content-encoding" in headers:
        return False
    root = re.search(rb"<(rss|feed|rdf:RDF)[\s>]", body[:4096])
    return root is not None and b"</" + root[1] not in body[-4096:]


def _max_age(headers: httpx.Headers) -> float | None:
    control = headers.get("cache-control", "").lower()
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", control)
    if not found or "no-cache" in control or "no-store" in control:
        return None
    age = headers.get("age", "")
    return max(float(found[1]) - (float(age[:9]) if age.isascii() and age.isdigit() else 0.0), 0.0)
