from __future__ import annotations

import asyncio
import base64
import gzip
import logging
import time
import traceback
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import hostile_server as hostile
import pytest
from fetching import FEED, QUICK, failure
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tui_reader.errors import FetchError
from tui_reader.fetch import Client, FetchLimits, Unchanged, open_client
from tui_reader.fetch.decoding import Decoder, decode
from tui_reader.fetch.freshness import in_words
from tui_reader.model import Page

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with open_client(limits=QUICK) as opened:
        yield opened


async def page_of(client: Client, answer: hostile.Answer) -> Page:
    async with hostile.hostile(answer) as url:
        page = await client.fetch(url)
    assert page is not None
    return page


# --- what a good server sends ----------------------------------------------------------------------------------------


async def test_a_page_has_what_the_next_request_needs(client: Client, httpserver: HTTPServer) -> None:
    headers = {
        "ETag": 'W/"7f"',
        "Last-Modified": "Mon, 03 Aug 2026 06:00:00 GMT",
        "Cache-Control": "public, max-age=600",
    }
    httpserver.expect_request("/feed").respond_with_data(FEED, headers=headers, content_type="text/xml; charset=gbk")
    page = await client.fetch(httpserver.url_for("/feed#latest"))
    assert page is not None
    assert page.body == FEED
    assert page.content_type == "text/xml; charset=gbk"
    assert (page.etag, page.last_modified) == (headers["ETag"], headers["Last-Modified"])
    assert page.url == httpserver.url_for("/feed")
    assert page.max_age == 600
    assert page.moved_to is None


async def test_unchanged_is_none(client: Client, httpserver: HTTPServer) -> None:
    conditions = {"If-None-Match": '"7f"', "If-Modified-Since": "Mon, 03 Aug 2026 06:00:00 GMT"}
    httpserver.expect_request("/feed", headers=conditions).respond_with_data(status=304)
    url = httpserver.url_for("/feed")
    assert await client.fetch(url, etag='"7f"', last_modified="Mon, 03 Aug 2026 06:00:00 GMT") is None


async def test_unchanged_may_say_for_how_long_and_from_where(client: Client, httpserver: HTTPServer) -> None:
    redirect(httpserver, "/old", "/new", 301)
    httpserver.expect_request("/new").respond_with_data(status=304, headers={"Cache-Control": "max-age=900"})
    async with client.asking(httpserver.url_for("/old"), etag='"7f"') as answer:
        assert answer == Unchanged(max_age=900, moved_to=httpserver.url_for("/new"))


@pytest.mark.parametrize("etag", [b'W/"weak"', b"no quotes", b'"caf\xe9"', b'"\xc3\xa9"'])
async def test_a_validator_goes_back_as_it_came(client: Client, etag: bytes) -> None:
    seen: list[bytes] = []

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        seen.append(request)
        await hostile.body_of(FEED, b"ETag: " + etag)(writer, request)

    async with hostile.hostile(answer) as url:
        page = await client.fetch(url)
        assert page is not None
        await client.fetch(url, etag=page.etag)
    assert b"\r\nIf-None-Match: " + etag + b"\r\n" in seen[1]


@pytest.mark.parametrize(
    "headers",
    [[b'ETag: "' + b"e" * 2000 + b'"'], [b"ETag: \x1b[2J"], [b"ETag: \x9b2J"], [b"ETag: "], [b"ETag: a", b"ETag: b"]],
    ids=["huge", "ESC", "C1", "empty", "two"],
)
async def test_a_validator_that_could_do_harm_is_none(client: Client, headers: list[bytes]) -> None:
    assert (await page_of(client, hostile.body_of(FEED, *headers))).etag is None


async def test_unchanged_without_having_asked_is_an_error(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=304)
    assert (await failure(client, httpserver.url_for("/feed"))).status == 304


async def test_name_and_password_of_the_address_are_sent_and_not_shown(client: Client, httpserver: HTTPServer) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers.get("Authorization", ""))
        return Response(FEED)

    httpserver.expect_request("/feed").respond_with_handler(answer)
    page = await client.fetch(httpserver.url_for("/feed").replace("://", "://mei:p%40ss@"))
    assert page is not None
    assert seen == ["Basic " + base64.b64encode(b"mei:p@ss").decode()]
    assert "mei" not in page.url


async def test_what_is_secret_is_in_no_log_and_no_error(
    client: Client, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    httpserver.expect_request("/feed").respond_with_data(status=401)
    url = httpserver.url_for("/feed").replace("://", "://mei:hush@")
    told = []
    for headers in ([("X-Token", "hush")], [("X-Token", "hush\r\nX-Injected: 1")], [("hush: 1", "x")]):
        with pytest.raises(FetchError) as caught:
            await client.fetch(url, headers=headers)
        told += traceback.format_exception(caught.value)
    assert "hush" not in "".join(told) + caplog.text
    assert "/feed" in caplog.text


async def test_headers_of_a_feed_win(client: Client, httpserver: HTTPServer) -> None:
    wanted = {"User-Agent": "Quarry/1", "Accept": "text/xml", "Authorization": "Bearer token"}
    httpserver.expect_request("/feed", headers=wanted).respond_with_data(FEED)
    url = httpserver.url_for("/feed").replace("://", "://mei:hush@")
    assert await client.fetch(url, headers=wanted.items())


@pytest.mark.parametrize("name", ["Host", "connection", "Transfer-Encoding", "Accept-Encoding", "Content-Length"])
async def test_headers_that_carry_the_answer_are_not_a_feeds_to_set(client: Client, name: str) -> None:
    with pytest.raises(FetchError, match=f"{name} cannot be set"):
        await client.fetch("http://127.0.0.1/", headers=[(name, "x")])


async def test_requests_say_who_asks_and_keep_no_cookies(httpserver: HTTPServer) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(FEED, headers={"Set-Cookie": "id=42; Path=/"})

    httpserver.expect_request("/feed").respond_with_handler(answer)
    async with open_client(user_agent="tui-reader/9") as client:
        for _ in range(2):
            await client.fetch(httpserver.url_for("/feed"), headers=[("X-Token", "open sesame")])
    assert [request.headers.get("Cookie") for request in seen] == [None, None]
    assert seen[0].headers["User-Agent"] == "tui-reader/9"
    assert seen[0].headers["Accept-Encoding"] == "gzip, deflate"
    assert seen[0].headers["X-Token"] == "open sesame"


async def test_time_in_caches_counts(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED, headers={"Cache-Control": "max-age=600", "Age": "540"})
    page = await client.fetch(httpserver.url_for("/feed"))
    assert page is not None
    assert page.max_age == 60


SENT = "Mon, 03 Aug 2026 06:00:00 GMT"
LATER = "Mon, 03 Aug 2026 06:30:00 GMT"


@pytest.mark.parametrize(
    ("headers", "max_age"),
    [
        ({"Cache-Control": "max-age=60"}, 60),
        ({"Cache-Control": 'private, MAX-AGE="60", must-revalidate'}, 60),
        ({"Cache-Control": "no-cache, max-age=60"}, None),
        ({"Cache-Control": "max-age=60, no-store"}, None),
        ({"Cache-Control": "max-age=soon"}, None),
        ({"Cache-Control": "s-maxage=9"}, None),
        ({"Cache-Control": "max-age=60", "Age": "99"}, 0),
        ({"Date": SENT, "Expires": LATER}, 1800),
        ({"Date": SENT, "Expires": LATER, "Age": "800"}, 1000),
        ({"Date": SENT, "Expires": LATER, "Cache-Control": "max-age=60"}, 60),
        ({"Date": SENT, "Expires": LATER, "Cache-Control": "no-cache"}, None),
        ({"Date": LATER, "Expires": SENT}, None),
        ({"Expires": "0"}, None),
        ({"Expires": "Mon, 99 Foo 0000"}, None),
        ({}, None),
    ],
)
async def test_max_age(client: Client, headers: dict[str, str], max_age: float | None) -> None:
    fields = [f"{name}: {value}".encode() for name, value in headers.items()]
    assert (await page_of(client, hostile.body_of(FEED, *fields))).max_age == max_age


# --- error statuses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (202, "202: the server has not got the answer ready"),
        (204, "204: the server has nothing to send"),
        (206, "206: the server sent only a part, without having been asked to"),
        (401, "401: the server wants a name and a password"),
        (403, "403: the server refuses to answer"),
        (404, "404: not found"),
        (410, "410: the feed is gone"),
        (418, "418: i'm a teapot"),
        (451, "451: not available for legal reasons"),
        (502, "502: the server could not reach the one behind it"),
        (522, "522: the site behind Cloudflare cannot be connected to"),
        (599, "599: an answer that means nothing"),
    ],
)
async def test_error_statuses_are_said_in_words(
    client: Client, httpserver: HTTPServer, status: int, message: str
) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=status)
    error = await failure(client, httpserver.url_for("/feed"))
    assert (str(error), error.kind, error.status) == (message, "http", status)


async def test_a_reason_phrase_never_reaches_the_terminal(client: Client) -> None:
    async with hostile.hostile(hostile.bytes_of(b"HTTP/1.1 500 \x1b]0;owned\x07\r\nContent-Length: 0\r\n\r\n")) as url:
        error = await failure(client, url)
    assert "owned" not in str(error)


@pytest.mark.parametrize(("status", "name"), [(403, "cf-mitigated"), (202, "x-amzn-waf-action")])
async def test_a_challenge_for_browsers_is_said_so(
    client: Client, httpserver: HTTPServer, status: int, name: str
) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=status, headers={name: "challenge"})
    assert "proof that a person" in str(await failure(client, httpserver.url_for("/feed")))


@pytest.mark.parametrize("status", [403, 429, 503])
@pytest.mark.parametrize("after", ["3600", "Mon, 03 Aug 2026 07:00:00 GMT"])
async def test_retry_after_in_both_forms(client: Client, status: int, after: str) -> None:
    fields = f"Date: Mon, 03 Aug 2026 06:00:00 GMT\r\nRetry-After: {after}\r\nContent-Length: 0\r\n\r\n"
    async with hostile.hostile(hostile.bytes_of(b"HTTP/1.1 %d Slow\r\n" % status, fields.encode())) as url:
        error = await failure(client, url)
    assert (error.status, error.retry_after) == (status, 3600)
    assert str(error).endswith("; asked to wait 60 min")


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (98.2, "99 s"), (7200, "2 h"), (200_000, "3 days"), (1e9, "11575 days")]
)
def test_waits_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


async def test_a_redirect_that_asks_to_wait_is_not_followed_at_once(client: Client, httpserver: HTTPServer) -> None:
    redirect(httpserver, "/a", "/b", 302, Retry_After="7200")
    error = await failure(client, httpserver.url_for("/a"))
    assert (error.kind, error.status, error.retry_after) == ("redirect", 302, 7200)
    assert "wait 2 h" in str(error)


@pytest.mark.parametrize("after", ["soon", "-5", "²", "Mon, 99 Aug 2026", ""])
async def test_a_senseless_retry_after_is_none(client: Client, after: str) -> None:
    fields = f"Retry-After: {after}\r\nContent-Length: 0\r\n\r\n"
    async with hostile.hostile(hostile.bytes_of(b"HTTP/1.1 503 Busy\r\n", fields.encode())) as url:
        assert (await failure(client, url)).retry_after is None


async def test_a_login_page_with_status_200_is_a_page(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data("<html>Please log in", content_type="text/html")
    page = await client.fetch(httpserver.url_for("/feed"))
    assert page is not None
    assert page.content_type.startswith("text/html")


# --- redirects -------------------------------------------------------------------------------------------------------


def redirect(httpserver: HTTPServer, path: str, target: str, status: int, **headers: str) -> None:
    fields = {"Location": target} | {name.replace("_", "-"): value for name, value in headers.items()}
    httpserver.expect_request(path).respond_with_data(status=status, headers=fields)


@pytest.mark.parametrize(("statuses", "moved"), [((301, 308), True), ((301, 302), False), ((303, 301), False)])
async def test_a_move_is_reported_if_all_of_it_is_permanent(
    client: Client, httpserver: HTTPServer, statuses: tuple[int, int], moved: bool
) -> None:
    redirect(httpserver, "/a", "/b", statuses[0])
    redirect(httpserver, "/b", "c?x=1#top", statuses[1])
    httpserver.expect_request("/c").respond_with_data(FEED)
    page = await client.fetch(httpserver.url_for("/a"))
    assert page is not None
    assert page.url == httpserver.url_for("/c?x=1")
    assert page.moved_to == (page.url if moved else None)


async def test_redirect_loops_end(client: Client, httpserver: HTTPServer) -> None:
    redirect(httpserver, "/a", "/b", 302)
    redirect(httpserver, "/b", "/a", 302)
    error = await failure(client, httpserver.url_for("/a"))
    assert (str(error), error.kind) == ("the address leads back to itself", "redirect")


@pytest.mark.parametrize(("count", "works"), [(5, True), (6, False)])
async def test_redirects_are_counted(client: Client, httpserver: HTTPServer, count: int, works: bool) -> None:
    for step in range(count):
        redirect(httpserver, f"/{step}", f"/{step + 1}", 302)
    httpserver.expect_request(f"/{count}").respond_with_data(FEED)
    if works:
        assert await client.fetch(httpserver.url_for("/0"))
    else:
        assert str(await failure(client, httpserver.url_for("/0"))) == "more than 5 redirects"


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://a.example/",
        "http://[::1",
        "http://\xff..\xfe/",
        "http:///x",
        "",
    ],
)
async def test_redirects_lead_to_web_addresses_only(client: Client, target: str) -> None:
    fields = f"Location: {target}\r\nContent-Length: 0\r\n\r\n"
    async with hostile.hostile(hostile.bytes_of(b"HTTP/1.1 301 Moved\r\n", fields.encode("latin-1"))) as url:
        assert (await failure(client, url)).kind == "redirect"


async def test_secrets_stay_with_their_host(httpserver: HTTPServer) -> None:
    """The other host is the same server by another name: a different origin all the same."""
    seen: dict[str, Request] = {}

    def answer(request: Request) -> Response:
        seen[request.path] = request
        return Response(FEED)

    other = f"http://localhost:{httpserver.port}/there"
    redirect(httpserver, "/away", other, 302)
    redirect(httpserver, "/along", "/here", 302)
    httpserver.expect_request("/there").respond_with_handler(answer)
    httpserver.expect_request("/here").respond_with_handler(answer)
    headers = [("X-Token", "open sesame"), ("User-Agent", "Quarry/1")]
    start = f"http://mei:secret@127.0.0.1:{httpserver.port}"
    async with open_client() as client:
        for path in ("/away", "/along"):
            await client.fetch(start + path, etag='"7f"', headers=headers)
    for name in ("Authorization", "X-Token", "If-None-Match"):
        assert name not in seen["/there"].headers
        assert name in seen["/here"].headers
    assert seen["/there"].headers["User-Agent"] == "Quarry/1"


async def test_a_redirect_brings_no_password_of_its_own(client: Client, httpserver: HTTPServer) -> None:
    seen: list[str | None] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers.get("Authorization"))
        return Response(FEED)

    redirect(httpserver, "/a", f"http://eve:x@localhost:{httpserver.port}/b", 301)
    httpserver.expect_request("/b").respond_with_handler(answer)
    page = await client.fetch(httpserver.url_for("/a"))
    assert page is not None
    assert page.moved_to == f"http://localhost:{httpserver.port}/b"
    assert seen == [None]


# --- hostile servers -------------------------------------------------------------------------------------------------


async def test_a_dripping_body_ends_with_the_deadline(client: Client) -> None:
    async with hostile.hostile(hostile.repeating(hostile.HEAD + b"\r\n", b" ", pause=0.05)) as url:
        error = await failure(client, url)
    assert (str(error), error.kind) == ("the server took longer than 0.5 s", "timeout")


async def test_dripping_headers_end_with_the_deadline(client: Client) -> None:
    async with hostile.hostile(hostile.repeating(hostile.HEAD, b"X: y\r\n", pause=0.05)) as url:
        assert (await failure(client, url)).kind == "timeout"


async def test_endless_interim_answers_end_with_the_deadline(client: Client) -> None:
    async with hostile.hostile(hostile.repeating(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.05)) as url:
        assert (await failure(client, url)).kind == "timeout"


async def test_silence_is_not_waited_for(client: Client) -> None:
    async with hostile.hostile(hostile.silence) as url:
        error = await failure(client, url)
    assert (str(error), error.kind) == ("127.0.0.1 sent nothing for 0.25 s", "timeout")


async def test_an_endless_body_ends_at_the_limit(client: Client) -> None:
    async with hostile.hostile(hostile.repeating(hostile.HEAD + b"\r\n", b"x" * 65536)) as url:
        error = await failure(client, url)
    assert (str(error), error.kind) == ("the answer is larger than 100000 bytes", "size")


async def test_a_body_announced_too_large_is_not_read(client: Client) -> None:
    async with hostile.hostile(hostile.bytes_of(hostile.HEAD, b"Content-Length: 999999999999\r\n\r\n")) as url:
        assert (await failure(client, url)).kind == "size"


async def test_a_header_flood_is_cut_off(client: Client) -> None:
    async with hostile.hostile(hostile.repeating(hostile.HEAD, b"X-Fill: " + b"y" * 8000 + b"\r\n")) as url:
        error = await failure(client, url)
    assert error.kind == "protocol"
    assert "too long" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        hostile.bytes_of(hostile.HEAD, b"Content-Length: 500\r\n\r\n", FEED),
        hostile.bytes_of(hostile.HEAD, b"Transfer-Encoding: chunked\r\n\r\n20\r\n", FEED[:32], b"\r\n"),
        hostile.body_of(gzip.compress(FEED)[:-12], b"Content-Encoding: gzip"),
        hostile.body_of(zlib.compress(FEED)[:-6], b"Content-Encoding: deflate"),
        hostile.bytes_of(b"HTTP/1.0 200 OK\r\n\r\n", FEED[:40]),
    ],
    ids=["short of its length", "without last chunk", "gzip", "deflate", "HTTP/1.0"],
)
async def test_half_a_feed_is_no_feed(client: Client, answer: hostile.Answer) -> None:
    async with hostile.hostile(answer) as url:
        error = await failure(client, url)
    assert (str(error), error.kind) == ("the answer broke off before its end", "protocol")


async def test_a_whole_feed_without_length_is_read(client: Client) -> None:
    async with hostile.hostile(hostile.bytes_of(b"HTTP/1.0 200 OK\r\n\r\n", FEED, b"\n<!-- cached -->")) as url:
        assert await client.fetch(url)


async def test_a_reset_is_a_failure(client: Client) -> None:
    async with hostile.hostile(hostile.resetting(hostile.HEAD + b"Content-Length: 500\r\n\r\nhalf")) as url:
        assert (await failure(client, url)).kind in ("connect", "protocol")


async def test_what_is_not_http_is_a_failure(client: Client) -> None:
    async with hostile.hostile(hostile.bytes_of(b"220 mail.example.com ESMTP\r\n\r\n")) as url:
        error = await failure(client, url)
    assert (str(error), error.kind) == ("what 127.0.0.1 sends is not HTTP", "protocol")


async def test_a_closed_port_is_a_failure(client: Client) -> None:
    async with hostile.hostile(hostile.silence) as url:
        pass
    error = await failure(client, url)
    assert (str(error), error.kind) == ("127.0.0.1 refuses connections", "connect")


async def test_cancelling_ends_at_once_and_frees_the_slot() -> None:
    async with open_client(limits=FetchLimits(per_host=1)) as client, hostile.hostile(hostile.silence) as url:
        task = asyncio.create_task(client.fetch(url))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with hostile.hostile(hostile.body_of(FEED)) as good:
            assert await client.fetch(good)


# --- content encodings -----------------------------------------------------------------------------------------------

ENCODED = {
    "gzip": ("gzip", gzip.compress(FEED)),
    "x-gzip": ("X-GZip", gzip.compress(FEED)),
    "two members": ("gzip", gzip.compress(FEED[:20]) + gzip.compress(FEED[20:])),
    "padded": ("gzip", gzip.compress(FEED) + b"\0\0\0"),
    "deflate": ("deflate", zlib.compress(FEED)),
    "bare deflate": ("deflate", hostile.raw_deflate(FEED)),
    "gzip unasked and unnamed": ("", gzip.compress(FEED)),
    "gzip in name only": ("gzip", FEED),
    "deflate in name only": ("deflate", FEED),
    "brotli in name only": ("br", b"\xef\xbb\xbf" + FEED),
    "twice in name only": ("gzip, gzip", gzip.compress(FEED)),
    "identity": ("identity", FEED),
}


@pytest.mark.parametrize(("encoding", "body"), ENCODED.values(), ids=ENCODED)
async def test_content_encodings(client: Client, encoding: str, body: bytes) -> None:
    header = [b"Content-Encoding: " + encoding.encode()] if encoding else []
    async with hostile.hostile(hostile.body_of(body, *header)) as url:
        page = await client.fetch(url)
    assert page is not None
    assert page.body.removeprefix(b"\xef\xbb\xbf") == FEED


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br"])
async def test_other_encodings_are_refused(client: Client, encoding: str) -> None:
    async with hostile.hostile(hostile.body_of(b"\x8b\x02\x80", b"Content-Encoding: " + encoding.encode())) as url:
        assert (await failure(client, url)).kind == "protocol"


async def test_a_gzip_bomb_stops_at_the_limit(client: Client) -> None:
    bomb = hostile.gzip_bomb(50_000_000)
    assert len(bomb) < QUICK.max_bytes
    async with hostile.hostile(hostile.body_of(bomb, b"Content-Encoding: gzip")) as url:
        assert (await failure(client, url)).kind == "size"


@pytest.mark.parametrize(("encoding", "bomb"), [("gzip", hostile.gzip_bomb), ("deflate", hostile.deflate_bomb)])
def test_a_bomb_is_not_even_received(encoding: str, bomb: Callable[[int], bytes]) -> None:
    raw = bomb(110 * 2**20)
    decoder = Decoder(encoding, limit=2**20)
    assert len(raw) > 100_000
    decoder.feed(raw[:512])
    with pytest.raises(FetchError, match="larger than 1 MiB"):
        decoder.feed(raw[512:4096])


def test_a_bomb_goes_off_only_as_far_as_the_limit() -> None:
    raw = hostile.gzip_bomb(64 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than 1 MiB"):
            decode(raw, "gzip", limit=2**20)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_padding_is_not_gathered() -> None:
    """zlib copies all of what follows its end with every further piece."""
    decoder = Decoder("gzip", limit=4 * 2**20)
    decoder.feed(gzip.compress(FEED))
    began = time.process_time()
    for _ in range(7_500):
        decoder.feed(bytes(512))
    assert decoder.finish() == FEED
    assert time.process_time() - began < 0.5


def test_a_bomb_of_empty_members_stops_too() -> None:
    with pytest.raises(FetchError, match="damaged"):
        decode(gzip.compress(b"") * 1000, "gzip", limit=100_000)


def test_a_bomb_in_a_bomb_is_refused() -> None:
    with pytest.raises(FetchError, match="more than once"):
        decode(hostile.nested_gzip(2**20, times=2), "gzip, gzip", limit=100_000)


@pytest.mark.parametrize(("encoding", "body"), ENCODED.values(), ids=ENCODED)
@pytest.mark.parametrize("size", [1, 7, 40])
def test_how_a_body_is_cut_into_pieces_does_not_matter(encoding: str, body: bytes, size: int) -> None:
    decoder = Decoder(encoding, limit=1000)
    for start in range(0, len(body), size):
        decoder.feed(body[start : start + size])
    assert decoder.finish() == decode(body, encoding, limit=1000)


@settings(max_examples=100)
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "gzip", "deflate"]),
    st.sampled_from([b"", b"\x1f\x8b\x08", b"\x78\x9c"]),
)
def test_decoding_gives_a_bounded_body_or_a_plain_failure(raw: bytes, encoding: str, start: bytes) -> None:
    with suppress(FetchError):
        assert len(decode(start + raw, encoding, limit=350)) <= 350


# --- addresses as text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/feed",
        "file:///etc/passwd",
        "example.com/feed",
        "http://",
        "http://[::1",
        "http://exa mple.com/",
        "http://example.com:99999/",
        "http://example.com:25/",
        "http://xn--a.example/\x1b]0;x\x07",
        "http://" + "a" * 70_000 + ".example/",
        "http://" + "a." * 400 + "example/",
    ],
)
async def test_unusable_addresses_are_refused(client: Client, url: str) -> None:
    assert (await failure(client, url)).kind in ("address", "dns")


@pytest.mark.parametrize("value", ["line\r\nX-Injected: yes", "统"])
async def test_headers_cannot_be_smuggled(client: Client, httpserver: HTTPServer, value: str) -> None:
    """A stored validator that is no good makes the request unconditional; it never fails the feed for good."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(FEED)

    httpserver.expect_request("/feed").respond_with_handler(answer)
    assert await client.fetch(httpserver.url_for("/feed"), etag=value)
    assert not {"X-Injected", "If-None-Match"} & set(seen[0].headers.keys())
