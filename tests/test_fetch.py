from __future__ import annotations

import asyncio
import base64
import gzip
import ssl
import subprocess
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import hostile_server as hostile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tui_reader.errors import FetchError
from tui_reader.fetch import Client, FetchLimits, open_client
from tui_reader.fetch.addresses import reach
from tui_reader.fetch.decoding import decode

FEED = b'<rss version="2.0"><channel><title>Model weekly</title></channel></rss>'
QUICK = FetchLimits(connect=1.0, read=0.25, total=0.5, max_bytes=100_000)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with open_client(limits=QUICK) as opened:
        yield opened


async def failure(client: Client, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await client.fetch(url)
    message = str(caught.value)
    assert message.isprintable()
    assert 0 < len(message) <= 300
    return caught.value


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


@pytest.mark.parametrize(
    ("control", "max_age"),
    [("max-age=60", 60), ("no-cache, max-age=60", None), ("max-age=soon", None), ("s-maxage=9", None), ("", None)],
)
async def test_max_age(client: Client, httpserver: HTTPServer, control: str, max_age: float | None) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED, headers={"Cache-Control": control})
    page = await client.fetch(httpserver.url_for("/feed"))
    assert page is not None
    assert page.max_age == max_age


# --- error statuses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "404: not found"),
        (410, "410: the feed is gone"),
        (418, "418: i'm a teapot"),
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


async def test_a_challenge_for_browsers_is_said_so(client: Client, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(status=403, headers={"cf-mitigated": "challenge"})
    assert "proof that a person" in str(await failure(client, httpserver.url_for("/feed")))


@pytest.mark.parametrize("after", ["3600", "Mon, 03 Aug 2026 07:00:00 GMT"])
async def test_retry_after_in_both_forms(client: Client, after: str) -> None:
    fields = f"Date: Mon, 03 Aug 2026 06:00:00 GMT\r\nRetry-After: {after}\r\nContent-Length: 0\r\n\r\n"
    async with hostile.hostile(hostile.bytes_of(b"HTTP/1.1 429 Slow\r\n", fields.encode())) as url:
        error = await failure(client, url)
    assert error.retry_after == 3600
    assert str(error) == "429: too many requests; asked to wait 3600 s"


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


def redirect(httpserver: HTTPServer, path: str, target: str, status: int) -> None:
    httpserver.expect_request(path).respond_with_data(status=status, headers={"Location": target})


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
    start = f"http://mei:secret@127.0.0.1:{httpserver.port}"
    async with open_client() as client:
        for path in ("/away", "/along"):
            await client.fetch(start + path, etag='"7f"', headers=[("X-Token", "open sesame")])
    for name in ("Authorization", "X-Token", "If-None-Match"):
        assert name not in seen["/there"].headers
        assert name in seen["/here"].headers


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
    "identity": ("identity", FEED),
}


@pytest.mark.parametrize(("encoding", "body"), ENCODED.values(), ids=ENCODED)
async def test_content_encodings(client: Client, encoding: str, body: bytes) -> None:
    header = [b"Content-Encoding: " + encoding.encode()] if encoding else []
    async with hostile.hostile(hostile.body_of(body, *header)) as url:
        page = await client.fetch(url)
    assert page is not None
    assert page.body == FEED


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br"])
async def test_other_encodings_are_refused(client: Client, encoding: str) -> None:
    async with hostile.hostile(hostile.body_of(b"\x8b\x02\x80", b"Content-Encoding: " + encoding.encode())) as url:
        assert (await failure(client, url)).kind == "protocol"


async def test_a_gzip_bomb_stops_at_the_limit(client: Client) -> None:
    bomb = hostile.gzip_bomb(50_000_000)
    assert len(bomb) < QUICK.max_bytes
    async with hostile.hostile(hostile.body_of(bomb, b"Content-Encoding: gzip")) as url:
        assert (await failure(client, url)).kind == "size"


def test_a_bomb_of_empty_members_stops_too() -> None:
    with pytest.raises(FetchError, match="damaged"):
        decode(gzip.compress(b"") * 1000, "gzip", limit=100)


@settings(max_examples=100)
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "gzip", "deflate"]),
    st.sampled_from([b"", b"\x1f\x8b\x08", b"\x78\x9c"]),
)
def test_decoding_gives_a_bounded_body_or_a_plain_failure(raw: bytes, encoding: str, start: bytes) -> None:
    with suppress(FetchError):
        assert len(decode(start + raw, encoding, limit=350)) <= 350


# --- addresses -------------------------------------------------------------------------------------------------------

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


@asynccontextmanager
async def resolving(**names: Sequence[str]) -> AsyncIterator[Client]:
    """A client that knows these names only, `a_example` standing for a.example."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        try:
            return names[host.replace(".", "_")]
        except KeyError:
            raise OSError("unknown") from None

    async with open_client(limits=QUICK, resolve=resolve) as client:
        yield client


async def test_an_unknown_name_is_said_by_name() -> None:
    async with resolving() as client:
        error = await failure(client, "http://mei:secret@feeds.example/")
    assert (str(error), error.kind) == ("could not find the server feeds.example", "dns")


async def test_a_name_with_only_forbidden_addresses_is_refused() -> None:
    async with resolving(metadata_example=["169.254.169.254", "::"]) as client:
        assert (await failure(client, "http://metadata.example/")).kind == "address"


async def test_forbidden_addresses_beside_good_ones_are_left_out(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED)
    async with resolving(nas_example=["0.0.0.0", "127.0.0.1"]) as client:
        assert await client.fetch(f"http://nas.example:{httpserver.port}/feed")


async def test_an_address_that_does_not_answer_does_not_hold_up_the_next(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED)
    async with resolving(nas_example=["127.9.9.9", "127.0.0.1"]) as client:
        assert await client.fetch(f"http://nas.example:{httpserver.port}/feed")


async def test_what_was_typed_may_be_private_and_lead_to_private(client: Client, httpserver: HTTPServer) -> None:
    redirect(httpserver, "/a", f"http://localhost:{httpserver.port}/b", 302)
    httpserver.expect_request("/b").respond_with_data(FEED)
    assert await client.fetch(httpserver.url_for("/a"))


async def test_a_public_site_never_leads_into_the_private_network(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    """Through a proxy a name counts as public; the way on is direct, so that only the trail can stop it."""
    redirect(httpserver, "/start", f"http://127.0.0.1:{httpserver.port}/admin", 302)
    redirect(httpserver, "/start-by-name", f"http://localhost:{httpserver.port}/admin", 302)
    httpserver.expect_request("/admin").respond_with_data(FEED)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{httpserver.port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    async with open_client(limits=QUICK) as client:
        for path in ("/start", "/start-by-name"):
            error = await failure(client, f"http://public.example{path}")
            assert (error.kind, "private network" in str(error)) == ("address", True)


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data(FEED)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{httpserver.port}")
    async with open_client(limits=QUICK) as client:
        assert await client.fetch("http://behind-the-proxy.example/feed")
        assert (await failure(client, "http://169.254.169.254/")).kind == "address"


@pytest.mark.parametrize("target", ["192.168.1.1", "2130706433", "0x7f.1", "localhost", "nas.local", "[::1]"])
async def test_behind_a_proxy_a_public_site_never_leads_inside_either(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer, target: str
) -> None:
    redirect(httpserver, "/start", f"http://{target}/admin", 302)
    httpserver.expect_request("/admin").respond_with_data(FEED)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{httpserver.port}")
    async with open_client(limits=QUICK) as client:
        assert "private network" in str(await failure(client, "http://public.example/start"))


async def test_an_unusable_proxy_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://127.0.0.1:70")
    with pytest.raises(FetchError, match="proxy"):
        async with open_client():
            pass


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
    httpserver.expect_request("/feed").respond_with_data(FEED)
    with pytest.raises(FetchError):
        await client.fetch(httpserver.url_for("/feed"), etag=value)


# --- secure connections ----------------------------------------------------------------------------------------------


def certificate(folder: Path, *, days: int, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's side with a certificate of its own making; the file doubles as the authority to trust."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(cert), "-subj", f"/CN={name}", "-addext", f"subjectAltName={name}"]
    command += ["-days", str(days)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs the openssl command")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


@pytest.mark.parametrize(
    ("days", "name", "trusted", "message"),
    [
        (2, "IP:127.0.0.1", False, "the certificate of 127.0.0.1 was signed by nobody but itself"),
        (2, "DNS:other.example", True, "the certificate of 127.0.0.1 belongs to another address"),
    ],
)
async def test_certificates_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, name: str, trusted: bool, message: str
) -> None:
    server, authority = certificate(tmp_path, days=days, name=name)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    async with open_client(limits=QUICK) as client, hostile.hostile(hostile.body_of(FEED), tls=server) as url:
        error = await failure(client, url)
    assert (str(error), error.kind) == (message, "tls")


async def test_a_trusted_certificate_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, authority = certificate(tmp_path, days=2, name="IP:127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    async with open_client(limits=QUICK) as client, hostile.hostile(hostile.body_of(FEED), tls=server) as url:
        assert await client.fetch(url)


async def test_a_server_without_tls_is_said_so(client: Client) -> None:
    async with hostile.hostile(hostile.repeating(b"", b"", pause=0.01)) as url:
        error = await failure(client, url.replace("http:", "https:"))
    assert error.kind in ("tls", "timeout", "connect")


# --- politeness ------------------------------------------------------------------------------------------------------


async def test_a_host_is_asked_by_two_at_a_time() -> None:
    running, peak = 0, 0
    release = asyncio.Event()

    async def answer(writer: asyncio.StreamWriter, request: bytes) -> None:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        if running == 2:
            release.set()
        await release.wait()
        writer.write(hostile.HEAD + b"Content-Length: 0\r\n\r\n")
        running -= 1

    async with open_client() as client, hostile.hostile(answer) as url:
        pages = await asyncio.gather(*(client.fetch(f"{url}?{number}") for number in range(6)))
    assert all(pages)
    assert peak == 2


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
