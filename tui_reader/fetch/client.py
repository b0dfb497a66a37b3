"""The client: one GET with its redirects, its limits and its manners."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpcore
import httpx

from tui_reader.errors import FetchError
from tui_reader.model import Page

from . import decoding, failures, urls
from .access import check_header, is_sendable
from .addresses import Trail, check_host
from .freshness import in_words, max_age, retry_after
from .limits import FetchLimits
from .manners import Hosts
from .network import TRAIL, GuardedBackend, Resolve, resolve_by_system

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
)

Headers = Iterable[tuple[str, str]]

_PATIENCE = 5.0
"""Seconds that a redirect may ask us to wait before it is followed."""
_MAX_VALIDATOR = 1024
"""Characters. Real ones have some dozens, and servers refuse requests with long headers."""
_FOLLOWING = frozenset((b"user-agent", b"accept", b"accept-language"))
"""Headers that are no secret: a redirect may take them to another host."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that what it sent last is what there is."""

    max_age: float | None = None
    """As in `Page`."""
    moved_to: str | None = None
    """As in `Page`."""


@asynccontextmanager
async def open_client(
    *,
    limits: FetchLimits | None = None,
    user_agent: str | None = None,
    resolve: Resolve = resolve_by_system,
    network: httpcore.AsyncNetworkBackend | None = None,
) -> AsyncIterator[Client]:
    """A client for one refresh, or one command. Proxies come from the environment, cookies from nowhere.

    `resolve` and `network` take the place of the system's resolver and sockets.
    """
    limits = limits or FetchLimits()
    hosts = Hosts(limits)
    try:
        http = httpx.AsyncClient(
            headers={"User-Agent": user_agent or "tui-reader"},
            timeout=httpx.Timeout(connect=limits.connect, read=limits.read, write=limits.read, pool=None),
            # `Hosts` does the limiting; a reused connection may be closed by its server under our hands.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )
    except ImportError as error:
        raise FetchError(
            "the proxy that the environment names is a SOCKS one: install socksio", kind="address"
        ) from error
    except (ValueError, httpx.InvalidURL):
        # Without its cause: that quotes the proxy's address, in which a password may be.
        raise FetchError("the proxy that the environment names cannot be used", kind="address") from None
    # httpx has no public way to replace how a transport connects. Only direct connections are guarded: through a
    # proxy it is the proxy that resolves the name.
    http._transport._pool._network_backend = GuardedBackend(  # type: ignore[attr-defined]
        resolve, patience=limits.dns, keep_apart=hosts.keep_apart, network=network or httpcore.AnyIOBackend()
    )
    async with http:
        yield Client(http, hosts, limits=limits)


class Client:
    """Fetches pages, so many at once and so many a host."""

    def __init__(self, http: httpx.AsyncClient, hosts: Hosts, *, limits: FetchLimits) -> None:
        self._http = http
        self._hosts = hosts
        self._limits = limits
        self._unread = asyncio.Semaphore(limits.unread)

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ACCEPT,
        headers: Headers = (),
        public_only: bool = False,
    ) -> Page | None:
        """`asking`, with None for what has not changed."""
        async with self.asking(
            url, etag=etag, last_modified=last_modified, accept=accept, headers=headers, public_only=public_only
        ) as answer:
            return answer if isinstance(answer, Page) else None

    @asynccontextmanager
    async def asking(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ACCEPT,
        headers: Headers = (),
        public_only: bool = False,
    ) -> AsyncIterator[Page | Unchanged]:
        """The page at `url`, or Unchanged since `etag` and `last_modified`. Raises FetchError.

        A page counts as unread until the block is left, and while there are many of them nothing else is fetched: a
        thousand pages must not wait in memory for a parser.

        A name and a password in the URL are sent as Basic authentication. They, `headers` and the two validators go
        to the host of `url` only, wherever it redirects to (User-Agent and Accept-Language go along). `public_only`
        is for addresses that come from a page, which nobody typed: they may not be private.
        """
        address, authorization = urls.read_typed(url)
        fields = _fields(headers, accept=accept, etag=etag, last_modified=last_modified, authorization=authorization)
        answer = await self._follow(address, fields, Trail(public=public_only))
        try:
            yield answer
        finally:
            self._unread.release()

    async def _follow(self, start: httpx.URL, fields: _Fields, trail: Trail) -> Page | Unchanged:
        """The last answer of the way, which takes its place among the unread before others get its turn."""
        TRAIL.set(trail)
        way, permanent, seconds = [start], True, self._limits.total
        while True:
            address = way[-1]
            async with self._hosts.turn(address):
                began = time.monotonic()
                answer = await self._get(address, _for(address, start, fields), trail, seconds=seconds)
                seconds -= time.monotonic() - began
                if not isinstance(answer, _Redirect):
                    await self._unread.acquire()
                    return replace(answer, moved_to=str(address) if permanent and len(way) > 1 else None)
            permanent = permanent and answer.permanent
            if answer.target in way:
                raise FetchError("the address leads back to itself", kind="redirect")
            if len(way) > self._limits.max_redirects:
                raise FetchError(f"more than {self._limits.max_redirects} redirects", kind="redirect")
            way.append(answer.target)
            await asyncio.sleep(answer.wait)

    async def _get(self, address: httpx.URL, fields: _Fields, trail: Trail, *, seconds: float) -> _Answer:
        """One request and its answer. All that httpx, ssl or the system raise becomes a FetchError here."""
        check_host(address.host, trail)
        proxied = self._http._transport_for_url(address) is not self._http._transport
        # A cookie of an earlier answer must not come back, not even within one fetch.
        self._http.cookies.clear()
        request = self._http.build_request("GET", address, headers=fields)
        try:
            async with asyncio.timeout(seconds):
                if proxied:
                    await self._hosts.keep_apart(address.host)
                response = await self._http.send(request, stream=True, follow_redirects=False)
                # Through a proxy the name counts as public.
                trail.public = trail.public or proxied
                try:
                    return await self._read(response)
                finally:
                    await response.aclose()
        except FetchError as error:
            self._hosts.learn(address, error)
            raise
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError, UnicodeError) as error:
            raise failures.of_exception(error, host=address.host, limits=self._limits, proxied=proxied) from error
        except Exception as error:
            # What speaks SOCKS for httpx asserts that the proxy does, too, and has errors of its own.
            if proxied:
                raise FetchError("what the proxy sends makes no sense", kind="protocol") from error
            raise

    async def _read(self, response: httpx.Response) -> _Answer:
        target = urls.redirect_target(response)
        if target is not None:
            return _Redirect(target, permanent=response.status_code in (301, 308), wait=_wait(response))
        if response.status_code == 304 and _was_conditional(response.request):
            return Unchanged(max_age=max_age(response.headers))
        if response.status_code not in (200, 203):
            raise failures.of_status(response)
        body = await self._body(response)
        if _broke_off(response.headers, body):
            raise FetchError("the answer broke off before its end", kind="protocol")
        return Page(
            url=str(response.url),
            body=body,
            content_type=response.headers.get("content-type", ""),
            etag=_validator(response.headers, b"etag"),
            last_modified=_validator(response.headers, b"last-modified"),
            max_age=max_age(response.headers),
        )

    async def _body(self, response: httpx.Response) -> bytes:
        limit = self._limits.max_bytes
        announced = response.headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced[:18]) > limit:
            raise decoding.too_large(limit)
        decoder = decoding.Decoder(response.headers.get("content-encoding", ""), limit=limit)
        async for piece in response.aiter_raw():
            decoder.feed(piece)
        return decoder.finish()


_Fields = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: httpx.URL
    permanent: bool
    wait: float


_Answer = Page | Unchanged | _Redirect


def _fields(
    headers: Headers, *, accept: str, etag: str | None, last_modified: str | None, authorization: str | None
) -> _Fields:
    """All headers that are ours to choose, as bytes: validators may hold more than ASCII."""
    chosen = list(headers)
    named = {name.lower() for name, _ in chosen}
    for name, value in chosen:
        check_header(name, value)
    # A validator that cannot be sent only makes the request an unconditional one.
    validators = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    ours = [("Accept", accept), ("Authorization", authorization or ""), *validators]
    chosen += [(name, value) for name, value in ours if value and is_sendable(value) and name.lower() not in named]
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in chosen]


def _for(address: httpx.URL, start: httpx.URL, fields: _Fields) -> _Fields:
    """What of the headers may be sent to `address`, which `start` led to."""
    private = urls.may_share(start, address)
    sent = [(name, value) for name, value in fields if private or name.lower() in _FOLLOWING]
    return [*sent, (b"Accept-Encoding", decoding.ACCEPT_ENCODING.encode()), (b"Connection", b"close")]


def _wait(response: httpx.Response) -> float:
    """Seconds that a redirect asks for before it is followed (RFC 9110, 10.2.3)."""
    wait = retry_after(response.headers) or 0.0
    if wait > _PATIENCE:
        raise FetchError(
            f"the server asks to wait {in_words(wait)} before its redirect is followed",
            kind="redirect",
            status=response.status_code,
            retry_after=wait,
        )
    return wait


def _was_conditional(request: httpx.Request) -> bool:
    return "if-none-match" in request.headers or "if-modified-since" in request.headers


def _broke_off(headers: httpx.Headers, body: bytes) -> bool:
    """Whether a feed ends before its last tag, where the end of the connection is the only end that there is."""
    if "content-length" in headers or "transfer-encoding" in headers or "content-encoding" in headers:
        return False
    root = re.search(rb"<(rss|feed|rdf:RDF)[\s>]", body[:4096])
    return root is not None and b"</" + root[1] not in body[-4096:]


def _validator(headers: httpx.Headers, name: bytes) -> str | None:
    """The header as it came, byte for byte; None if it could not be sent back so, or might spoil what shows it."""
    values = [value for key, value in headers.raw if key.lower() == name]
    if len(values) != 1 or not 0 < len(values[0]) <= _MAX_VALIDATOR:
        return None
    value = values[0].decode("latin-1")
    return value if is_sendable(value) else None
