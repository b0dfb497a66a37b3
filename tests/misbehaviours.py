"""What servers and feeds do that they should not, each with what a refresh says about it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import hostile_server as hostile
from hostile_server import HEAD, Answer, body_of, bytes_of, leading_to, made_when_asked, repeating, status_of

OK = "ok"
SURVIVED = "ok or failed"
"""What becomes of it is a matter of the parser, or of the machine's speed; all that counts is that it ends."""


@dataclass(frozen=True)
class Misbehaviour:
    answer: Answer
    comes_to: str = SURVIVED
    """A part of the error, or one of the words above."""
    public: bool = False
    """Whether the address counts as one of the public network."""


def rss(items: str, *, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    channel = f"<title>Quarry Notes</title><link>https://quarry.example/</link>{items}"
    return f'{declaration}<rss version="2.0"><channel>{channel}</channel></rss>'.encode()


def item(text: str, *, title: str = "A model for tides") -> str:
    return (
        f"<item><title>{title}</title><link>https://quarry.example/tides</link><description>{text}</description></item>"
    )


FEED = rss(item("It forecasts the tide for every quay of the bay."))
CHINESE = rss(item("模型权重从周一起免费。", title="采石场实验室开源小模型"), declaration="")
HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form><input type=password></form></body></html>"


def xml(doctype: str, text: str) -> Answer:
    return body_of(rss(item(text), declaration=f'<?xml version="1.0"?><!DOCTYPE rss [{doctype}]>'))


def numbered(piece: str, count: int) -> str:
    return " ".join(piece.format(number) for number in range(count))


def _laughs() -> str:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!ENTITY a0 "ha">{levels}'


def _chain() -> bytes:
    links = "".join(f'<!ENTITY e{n} "&e{n - 1};">' for n in range(1, 30_000))
    return rss(item("&e29999;"), declaration=f'<!DOCTYPE rss [<!ENTITY e0 "x">{links}]>')


def _huge_entry() -> Iterator[bytes]:
    yield FEED[: FEED.index(b"It forecasts")]
    for _ in range(1600):
        yield b"tides and quays " * 4096
    yield b"</description></item></channel></rss>"


TRANSPORT = {
    "drips its headers": Misbehaviour(repeating(HEAD, b"X-Drip: 1\r\n", pause=0.1), "took longer than"),
    "drips its body": Misbehaviour(repeating(HEAD + b"\r\n", b" ", pause=0.1), "took longer than"),
    "drips chunks": Misbehaviour(
        repeating(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", pause=0.1), "took longer than"
    ),
    "is silent": Misbehaviour(hostile.silence, "sent nothing for"),
    "never ends its body": Misbehaviour(repeating(HEAD + b"\r\n", b"<item/>" * 4096), "larger than"),
    "never ends its chunks": Misbehaviour(
        repeating(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"y" * 65536 + b"\r\n"), "larger than"
    ),
    "continues for ever": Misbehaviour(repeating(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause=0.05), "took longer"),
    "hints for ever": Misbehaviour(repeating(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", pause=0.05), "took longer"),
    "switches protocols": Misbehaviour(
        bytes_of(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"), "is not HTTP"
    ),
    "resets in its headers": Misbehaviour(hostile.resetting(HEAD), "brok"),
    "resets in its body": Misbehaviour(hostile.resetting(HEAD + b"Content-Length: 900\r\n\r\n<rss>"), "brok"),
    "says nothing and goes": Misbehaviour(bytes_of(b""), "broke off"),
    "ends within its headers": Misbehaviour(bytes_of(HEAD), "broke off"),
    "cuts its chunks": Misbehaviour(
        bytes_of(HEAD, b"Transfer-Encoding: chunked\r\n\r\n40\r\n", FEED[:64], b"\r\n"), "broke off"
    ),
    "lies about the size of a chunk": Misbehaviour(
        bytes_of(HEAD, b"Transfer-Encoding: chunked\r\n\r\n10\r\n", FEED, b"\r\n0\r\n\r\n"), "not HTTP"
    ),
    "has a chunk of senseless size": Misbehaviour(
        bytes_of(HEAD, b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", FEED), "not HTTP"
    ),
    "promises more than it sends": Misbehaviour(bytes_of(HEAD, b"Content-Length: 9000\r\n\r\n", FEED), "broke off"),
    "sends more than it promised": Misbehaviour(
        bytes_of(HEAD, b"Content-Length: %d\r\n\r\n" % len(FEED), FEED, b"HTTP/1.1 200 OK\r\n\r\n<rss>evil"), OK
    ),
    "has a negative length": Misbehaviour(bytes_of(HEAD, b"Content-Length: -1\r\n\r\n", FEED), "not HTTP"),
    "has an astronomic length": Misbehaviour(
        bytes_of(HEAD, b"Content-Length: 99999999999999999999\r\n\r\n", FEED), "larger than"
    ),
    "has two lengths": Misbehaviour(
        bytes_of(HEAD, b"Content-Length: 5\r\nContent-Length: %d\r\n\r\n" % len(FEED), FEED), "not HTTP"
    ),
    "floods with headers": Misbehaviour(repeating(HEAD, b"X-Fill: %s\r\n" % (b"y" * 999)), "too long"),
    "has one endless header": Misbehaviour(repeating(HEAD + b"X-Fill: ", b"y" * 4096), "too long"),
    "speaks another protocol": Misbehaviour(bytes_of(b"220 mail.example ESMTP\r\n\r\n"), "not HTTP"),
    "speaks HTTP/0.9": Misbehaviour(bytes_of(FEED, b"\r\n\r\n"), "not HTTP"),
    "speaks HTTP/7.7": Misbehaviour(bytes_of(b"HTTP/7.7 200 OK\r\nContent-Length: 0\r\n\r\n"), "empty answer"),
    "has a status of four digits": Misbehaviour(bytes_of(b"HTTP/1.1 2000 OK\r\n\r\n", FEED), "not HTTP"),
    "has NUL in a header": Misbehaviour(bytes_of(HEAD, b"X-Zero: \0\r\n\r\n", FEED), "not HTTP"),
    "has ESC in its headers": Misbehaviour(body_of(FEED, b"ETag: \x1b]0;owned\x07", b"Last-Modified: \x9b31m"), OK),
    "has ESC in the name of a header": Misbehaviour(body_of(FEED, b"X-\x1b: 1"), "not HTTP"),
    "has ESC in its reason": Misbehaviour(
        bytes_of(b"HTTP/1.1 500 \x1b]0;owned\x07\r\nContent-Length: 0\r\n\r\n"), "500: the server made an error"
    ),
    "has an ETag of 64 kB": Misbehaviour(body_of(FEED, b'ETag: "' + b"e" * 65_000 + b'"'), OK),
    "folds a second header into its ETag": Misbehaviour(body_of(FEED, b'ETag: "a\r\n X-Injected: 1"'), OK),
    "has two ETags": Misbehaviour(body_of(FEED, b'ETag: "a"', b'ETag: "b"'), OK),
    "says unchanged unasked": Misbehaviour(status_of(304), "304: the server says that nothing changed"),
    "sends a part unasked": Misbehaviour(status_of(206, body=FEED), "206: the server sent only a part"),
    "sends no content": Misbehaviour(status_of(204), "204: the server has nothing"),
    "accepts and waits": Misbehaviour(status_of(202, b"x-amzn-waf-action: challenge"), "proof that a person"),
    "is overloaded": Misbehaviour(status_of(503, b"Retry-After: 99999999999999"), "503: the server is overloaded"),
    "invents a status": Misbehaviour(status_of(799), "799: an answer that means nothing"),
}

ENCODINGS = {
    "bombs in gzip": Misbehaviour(
        made_when_asked(lambda: hostile.gzip_bomb(64 * 2**20), b"Content-Encoding: gzip"), "larger than"
    ),
    "bombs in deflate": Misbehaviour(
        made_when_asked(lambda: hostile.deflate_bomb(64 * 2**20), b"Content-Encoding: deflate"), "larger than"
    ),
    "bombs in brotli": Misbehaviour(body_of(b"\xcb\xff\xff\x7f" * 150, b"Content-Encoding: br"), "nobody asked for"),
    "bombs in zstd": Misbehaviour(body_of(b"\x28\xb5\x2f\xfd" * 150, b"Content-Encoding: zstd"), "nobody asked for"),
    "packs a bomb twice": Misbehaviour(
        made_when_asked(lambda: hostile.nested_gzip(64 * 2**20, times=3), b"Content-Encoding: gzip, gzip, gzip"),
        "more than once",
    ),
    "names sixty encodings": Misbehaviour(body_of(FEED, b"Content-Encoding: " + b", ".join([b"gzip"] * 60)), OK),
    "cuts its gzip": Misbehaviour(body_of(gzip.compress(FEED)[:-9], b"Content-Encoding: gzip"), "broke off"),
    "cuts its deflate": Misbehaviour(body_of(zlib.compress(FEED)[:-5], b"Content-Encoding: deflate"), "broke off"),
    "damages its gzip": Misbehaviour(
        body_of(gzip.compress(FEED)[:20] + b"damage" * 9, b"Content-Encoding: gzip"), "damaged"
    ),
    "names gzip what is none": Misbehaviour(body_of(FEED, b"Content-Encoding: gzip"), OK),
    "names brotli what is none": Misbehaviour(body_of(FEED, b"Content-Encoding: br"), OK),
    "packs without saying so": Misbehaviour(body_of(gzip.compress(FEED)), OK),
}

REDIRECTS = {
    "leads to itself": Misbehaviour(leading_to(b"/feed.xml"), "back to itself"),
    "wants its cookie back": Misbehaviour(leading_to(b"/feed.xml", b"Set-Cookie: seen=1; Path=/"), "back to itself"),
    "leads on and on": Misbehaviour(hostile.endless_chain, "more than 5 redirects"),
    "leads to a file": Misbehaviour(leading_to(b"file:///etc/passwd"), "no web address"),
    "leads to data": Misbehaviour(leading_to(b"data:text/xml,<rss/>"), "web address"),
    "leads to a script": Misbehaviour(leading_to(b"javascript:alert(1)"), "web address"),
    "leads nowhere": Misbehaviour(status_of(301), "redirects to nowhere"),
    "leads to garbage": Misbehaviour(leading_to(b"http://[::1:/\xff\xfe"), "no usable web address"),
    "leads to another protocol's port": Misbehaviour(leading_to(b"http://127.0.0.1:25/"), "port 25"),
    "leads to the cloud's metadata": Misbehaviour(leading_to(b"http://169.254.169.254/"), "no feed may live at"),
    "leads inside by number": Misbehaviour(leading_to(b"http://2130706433/"), "private network", public=True),
    "leads inside by IPv6": Misbehaviour(leading_to(b"http://[::ffff:127.0.0.1]/"), "private network", public=True),
    "leads inside by name": Misbehaviour(leading_to(b"http://inside.example/"), "private network", public=True),
    "leads to link-local by name": Misbehaviour(
        leading_to(b"http://link.example/"), "no feed may live at", public=True
    ),
    "asks to wait before it leads": Misbehaviour(
        leading_to(b"/other", b"Retry-After: 86400"), "asks to wait 24 h before its redirect"
    ),
}

CONTENT = {
    "is empty": Misbehaviour(body_of(b""), "empty answer"),
    "is white space": Misbehaviour(body_of(b" \r\n" * 1000), "empty answer"),
    "is a login page": Misbehaviour(body_of(HTML), "a web page, not a feed"),
    "is a list of feeds": Misbehaviour(body_of(b'<opml version="2.0"><body><outline/></body></opml>'), "OPML"),
    "is a picture": Misbehaviour(body_of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(500)), "not a feed"),
    "is a document": Misbehaviour(body_of(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type /Catalog>>"), "not a feed"),
    "is noise": Misbehaviour(body_of(bytes(range(256)) * 300)),
    "is JSON of another kind": Misbehaviour(body_of(b'{"ok": true, "items": 7}'), "feed"),
    "is JSON without bottom": Misbehaviour(body_of(b"[" * 100_000), "feed"),
    "has a number of 10,000 digits": Misbehaviour(
        body_of(b'{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [%s]}' % (b"9" * 10_000)),
    ),
    "has surrogates in JSON": Misbehaviour(
        body_of(
            b'{"version": "https://jsonfeed.org/version/1.1", "title": "\\ud800", "items": [{"id": "\\udfff", '
            b'"title": "\\u001b]0;owned\\u0007 \\u202eevil", "content_text": "\\u0000 \\u009b31m"}]}'
        ),
        OK,
    ),
    "laughs a billion times": Misbehaviour(xml(_laughs(), "&a9;")),
    "grows quadratically": Misbehaviour(xml(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 50_000)),
    "chains 30,000 entities": Misbehaviour(made_when_asked(_chain)),
    "includes a file": Misbehaviour(xml('<!ENTITY a SYSTEM "file:///etc/passwd">', "[&a;]")),
    "includes a page": Misbehaviour(xml('<!ENTITY a SYSTEM "http://127.0.0.1:1/">', "[&a;]")),
    "takes its DTD from elsewhere": Misbehaviour(
        body_of(rss(item("x"), declaration='<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/rss.dtd">')), OK
    ),
    "nests its elements deep": Misbehaviour(made_when_asked(lambda: rss("<a>" * 100_000 + "</a>" * 100_000))),
    "nests its markup deep": Misbehaviour(
        made_when_asked(lambda: rss(item(f"<![CDATA[{'<div>' * 100_000}]]>"))),
    ),
    "opens 50,000 comments": Misbehaviour(made_when_asked(lambda: rss(item(f"<![CDATA[{'<!--' * 50_000}]]>")))),
    "has 100,000 entries": Misbehaviour(made_when_asked(lambda: rss("<item><title>n</title></item>" * 100_000))),
    "has an entry of 100 MB": Misbehaviour(hostile.streaming(HEAD + b"\r\n", _huge_entry), "larger than"),
    "has 40,000 attributes": Misbehaviour(
        made_when_asked(lambda: rss("<item " + numbered("a{}='1'", 40_000) + "/>")),
    ),
    "has 40,000 attributes in its markup": Misbehaviour(
        made_when_asked(
            lambda: rss(item(f"<![CDATA[<a {numbered('a{}=1', 40_000)}>x</a>]]>")),
        ),
    ),
    "has 20,000 categories": Misbehaviour(
        made_when_asked(lambda: rss(f"<item>{numbered('<category>c{}</category>', 20_000)}</item>")),
    ),
    "has 20,000 namespaces": Misbehaviour(
        made_when_asked(lambda: rss("<item " + numbered("xmlns:n{0}='urn:{0}'", 20_000) + "/>")),
    ),
    "has a line of a megabyte": Misbehaviour(made_when_asked(lambda: rss(item("潮" * 350_000))), OK),
    "has lone surrogates": Misbehaviour(body_of(rss(item("&#xD800; &#xDFFF; &#x110000;", title="&#55296;")))),
    "has surrogates in its bytes": Misbehaviour(body_of(FEED.replace(b"tide", b"\xed\xa0\x80\xed\xbf\xbf"))),
    "has broken UTF-8": Misbehaviour(body_of(FEED.replace(b"tide", b"\xc0\xaf\xf5\x80\xff")), OK),
    "has marks of UTF-16 within": Misbehaviour(body_of(FEED.replace(b"tide", b"\xff\xfe"))),
    "has control characters": Misbehaviour(
        body_of(
            rss(item("&#27;]0;owned&#7; &#x9d;8;;x&#x9c; \x1b[2J \x00 \x9b31m", title="&#27;[31m\u202eevil\u2066"))
        ),
    ),
    "hides control characters in CDATA": Misbehaviour(
        body_of(rss(item("<![CDATA[&#27;]0;owned&#7; <p title='&#x9b;2J'>&#0;&#8;</p>]]>", title="&amp;#27;[31m"))), OK
    ),
    "is UTF-16 with a mark": Misbehaviour(body_of(CHINESE.decode().encode("utf-16")), OK),
    "is UTF-16 without a mark": Misbehaviour(body_of(CHINESE.decode().encode("utf-16-be")), OK),
    "is UTF-32 with a mark": Misbehaviour(body_of(CHINESE.decode().encode("utf-32")), OK),
    "is UTF-32 without a mark": Misbehaviour(body_of(CHINESE.decode().encode("utf-32-le"))),
    "names the wrong charset": Misbehaviour(
        bytes_of(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml; charset=gb18030\r\n\r\n", FEED), OK
    ),
    "names a codec that is no charset": Misbehaviour(
        bytes_of(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml; charset=unicode_escape\r\n\r\n", FEED), OK
    ),
    "names punycode": Misbehaviour(body_of(FEED.replace(b"UTF-8", b"punycode")), OK),
    "has absurd dates": Misbehaviour(
        body_of(
            rss(
                "".join(
                    f"<item><title>{date}</title><pubDate>{date}</pubDate></item>"
                    for date in (
                        "9999-12-31T23:59:59-14:00",
                        "0001-01-01T00:00:00+14:00",
                        "+99999999999",
                        "Mon, 99 Foo 0000 99:99:99",
                    )
                )
            )
        ),
        OK,
    ),
}

ALL = TRANSPORT | ENCODINGS | REDIRECTS | CONTENT
