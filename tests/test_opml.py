"""Lists of feeds from other readers, and ours for them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.errors import OpmlError
from tui_reader.model import OpmlFeed
from tui_reader.opml import read_opml, write_opml

MADE_AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CORPUS = Path(__file__).parents[1] / "../shared/corpus/opml"


def opml(body: str, *, head: str = "<head><title>My feeds</title></head>") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><opml version="2.0">{head}<body>{body}</body></opml>'.encode()


def feed(address: str = "https://example.org/feed.xml", title: str = "Example", **more: str) -> str:
    extra = "".join(f' {key}="{value}"' for key, value in more.items())
    return f'<outline type="rss" text="{title}" xmlUrl="{address}"{extra}/>'


def only(data: bytes) -> OpmlFeed:
    feeds, reasons = read_opml(data)
    assert reasons == ()
    (one,) = feeds
    return one


# --- what is read ----------------------------------------------------------------------------------------------------


def test_a_feed_with_all_that_is_known_of_it():
    assert only(opml(feed(title="机器之心 &amp; friends", htmlUrl="https://example.org/"))) == OpmlFeed(
        url="https://example.org/feed.xml", title="机器之心 & friends", folder="", site_url="https://example.org/"
    )


def test_nested_folders_and_the_order_of_the_file():
    body = (
        feed("https://a.example/", "A")
        + f'<outline text="China"><outline text="芯片 Chips">{feed("https://b.example/", "B")}</outline>'
        + f"{feed('https://c.example/', 'C')}</outline>{feed('https://d.example/', 'D')}"
    )
    feeds, reasons = read_opml(opml(body))
    assert [(one.title, one.folder) for one in feeds] == [
        ("A", ""),
        ("B", "China / 芯片 Chips"),
        ("C", "China"),
        ("D", ""),
    ]
    assert reasons == ()


@pytest.mark.parametrize(
    ("category", "folder"),
    [("Chips,News", "Chips"), ("/Industry/Chips,/News", "Industry / Chips"), ("", ""), (" , x", "")],
)
def test_the_category_is_the_folder_at_the_top(category: str, folder: str):
    assert only(opml(feed(category=category))).folder == folder


def test_inside_of_a_folder_the_category_says_nothing():
    assert only(opml(f'<outline text="Labs">{feed(category="News")}</outline>')).folder == "Labs"


@pytest.mark.parametrize(
    ("attributes", "title"),
    [
        ('text="Text" title="Title"', "Title"),
        ('text="Text"', "Text"),
        ('text="Text" title=""', "Text"),
        ('text="a&#10;  b&#x9;c&#x9b;&#x202e;d"', "a b cd"),
        ('text="https://example.org/feed.xml"', ""),
        ("", ""),
    ],
)
def test_titles(attributes: str, title: str):
    assert only(opml(f'<outline {attributes} xmlUrl="https://example.org/feed.xml"/>')).title == title


@pytest.mark.parametrize("name", ["xmlUrl", "xmlurl", "XMLURL", "xmlURL"])
def test_the_address_in_any_case(name: str):
    assert (
        only(opml(f'<outline text="x" {name}=" https://example.org/feed.xml "/>')).url == "https://example.org/feed.xml"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feed://example.org/rss", "http://example.org/rss"),
        ("feed:https://example.org/rss", "https://example.org/rss"),
        ("feed://https://example.org/rss", "https://example.org/rss"),
        ("HTTPS://example.org/rss", "HTTPS://example.org/rss"),
    ],
)
def test_addresses_in_other_clothes(written: str, meant: str):
    assert only(opml(feed(written))).url == meant


@pytest.mark.parametrize(
    "data",
    [
        b"<opml>" + feed().encode() + b"</opml>",
        b"<opml><head/><body>" + feed().encode() + b"</body></opml>",
        b"<opml><body>" + feed().encode() + b"</body></opml>",
        b"\n\n<!-- made by hand --><OPML><BODY>" + feed().replace("outline", "OUTLINE").encode() + b"</BODY></OPML>",
        b'<!DOCTYPE opml SYSTEM "http://example.org/opml.dtd"><opml><body>' + feed().encode() + b"</body></opml>",
    ],
    ids=["no head, no body", "empty head", "no head", "capitals", "doctype"],
)
def test_loose_structure(data: bytes):
    assert only(data).url == "https://example.org/feed.xml"


@pytest.mark.parametrize("data", [b"<opml version='2.0'><head/></opml>", opml(""), b"<opml/>"])
def test_a_list_without_feeds_is_a_list(data: bytes):
    assert read_opml(data) == ((), ())


def test_bare_ampersands_and_html_entities_are_put_right():
    one = only(opml(feed("https://example.org/?a=1&b=2&amp;c=3&copy=4", "R&D&nbsp;caf&eacute; &hellip; AT&T")))
    assert one.url == "https://example.org/?a=1&b=2&c=3&copy=4"
    assert one.title == "R&D café … AT&T"


# --- encodings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "used"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("windows-1251", "windows-1251"),
        ("koi8-r", "koi8-r"),
        ("punycode", "utf-8"),
        ("no-such-thing", "utf-8"),
    ],
)
def test_encodings(declared: str, used: str):
    text = f'<?xml version="1.0" encoding="{declared}"?><opml><body>{feed(title="Новости о моделях")}</body></opml>'
    assert only(text.encode(used)).title == "Новости о моделях"


@pytest.mark.parametrize(("declared", "used"), [("gb2312", "gb2312"), ("big5", "big5"), ("utf-8", "gb18030")])
def test_chinese_encodings_even_under_a_false_name(declared: str, used: str):
    titles = ["人工智能新聞" if used == "big5" else "人工智能新闻", "模型和芯片的每日摘要", "出口管制的最新消息"]
    body = "".join(feed(f"https://example.org/{number}", title) for number, title in enumerate(titles))
    data = f'<?xml version="1.0" encoding="{declared}"?><opml><body>{body}</body></opml>'.encode(used, "ignore")
    assert [one.title for one in read_opml(data)[0]] == titles


# --- what is left out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "exec:curl https://example.org",
        "filter:~/bin/filter:https://example.org/rss",
        "|~/bin/fetch.sh",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "http://[::1",
        "example.org/feed",
    ],
)
def test_what_is_no_web_address_is_skipped_with_a_reason(address: str):
    feeds, reasons = read_opml(opml(feed(address, "Odd one") + feed()))
    assert [one.title for one in feeds] == ["Example"]
    (reason,) = reasons
    assert "'Odd one'" in reason
    assert "not an http(s) address" in reason


def test_an_outline_without_address_is_skipped_with_its_line():
    feeds, reasons = read_opml(opml(f'\n\n<outline text="Read later"/>\n{feed()}'))
    assert len(feeds) == 1
    assert reasons == ("line 3, outline 'Read later': no address",)


def test_the_same_address_twice():
    feeds, reasons = read_opml(opml(feed(title="First") + feed(title="Second") + feed("https://b.example/")))
    assert [one.title for one in feeds] == ["First", "Example"]
    (reason,) = reasons
    assert "'Second'" in reason
    assert "the same address as 'First'" in reason


def test_a_site_address_that_is_none_is_dropped():
    assert only(opml(feed(htmlUrl="javascript:alert(1)"))).site_url == ""


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"<rss version='2.0'><channel/></rss>", "<rss>"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "<html>"),
        (b"https://example.org/feed.xml\n", "line 1"),
        (opml(feed())[:-30], "not OPML"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not OPML"),
        (bytes(range(256)), "not OPML"),
    ],
)
def test_what_is_not_opml_is_refused_in_words(data: bytes, message: str):
    with pytest.raises(OpmlError, match=r"subscriptions\.opml") as caught:
        read_opml(data, name="subscriptions.opml")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_entity_bombs_and_outside_files_are_refused():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    for subset in (f'<!ENTITY l0 "ha">{laughs}', '<!ENTITY l8 SYSTEM "file:///etc/passwd">', '<!ENTITY % p "x"> %p;'):
        with pytest.raises(OpmlError, match="entities"):
            read_opml(f"<!DOCTYPE opml [{subset}]><opml><body>{feed(title='&l8;')}</body></opml>".encode())


def test_bottomless_nesting_is_refused():
    deep = 100_000
    with pytest.raises(OpmlError, match="deeper"):
        read_opml(opml('<outline text="x">' * deep + "</outline>" * deep))


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: opml(text)))
@settings(max_examples=100, deadline=None)
def test_whatever_comes_the_answer_is_feeds_or_an_opml_error(data: bytes):
    feeds: tuple[OpmlFeed, ...] = ()
    with suppress(OpmlError):
        feeds, _ = read_opml(data)
    assert all(one.url.lower().startswith("http") for one in feeds)


# --- writing ---------------------------------------------------------------------------------------------------------

FEEDS = (
    OpmlFeed("https://a.example/?x=1&y=\"2'", 'A "quoted" <title> & 标题', "", "https://a.example/"),
    OpmlFeed("https://b.example/", "B", "China / Chips"),
    OpmlFeed("https://c.example/", "", "China"),
    OpmlFeed("https://d.example/", "D", "China / Chips"),
)


def test_folders_are_nested():
    root = ET.fromstring(write_opml(FEEDS, title="tui-reader", made_at=MADE_AT))
    assert root.attrib == {"version": "2.0"}
    assert root.findtext("head/dateCreated") == "Mon, 02 Mar 2026 08:30:00 GMT"
    first, china = root.findall("body/outline")
    assert first.attrib["title"] == 'A "quoted" <title> & 标题'
    assert [one.attrib["text"] for one in china] == ["Chips", "https://c.example/"]
    assert [one.attrib["xmlUrl"] for one in china[0]] == ["https://b.example/", "https://d.example/"]


def test_the_same_feeds_give_the_same_bytes():
    assert write_opml(FEEDS, title="x", made_at=MADE_AT) == write_opml(iter(FEEDS), title="x", made_at=MADE_AT)


def test_characters_that_xml_forbids_are_left_out():
    odd = OpmlFeed("https://a.example/", "a\x00\x1b[31mb\ud800\ufffe\nc", "f\x07older")
    feeds, _ = read_opml(write_opml([odd], title="t\x00", made_at=MADE_AT))
    assert feeds == (OpmlFeed("https://a.example/", "a[31mb c", "folder"),)


names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12)
lists = st.lists(
    st.builds(
        OpmlFeed,
        url=names.map(lambda path: f"https://example.org/{path}"),
        title=names | st.just(""),
        folder=st.lists(names, max_size=3).map(" / ".join),
        site_url=st.sampled_from(["", "https://example.org/?a=1&b=<2>"]),
    ),
    max_size=8,
    unique_by=lambda one: one.url,
)


@given(lists, names)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_again(feeds: list[OpmlFeed], title: str):
    data = write_opml(feeds, title=title, made_at=MADE_AT)
    again, reasons = read_opml(data)
    assert reasons == ()
    assert sorted(again, key=lambda one: one.url) == sorted(feeds, key=lambda one: one.url)
    for folder in {one.folder for one in feeds}:
        assert [one for one in again if one.folder == folder] == [one for one in feeds if one.folder == folder]
    assert write_opml(again, title=title, made_at=MADE_AT) == data


# --- files of other readers ------------------------------------------------------------------------------------------

COUNTS = {
    "feeder-Flym_auto_backup.opml": (11, 0),
    "feeder-antennapod-feeds.opml": (8, 0),
    "feeder-rssguard_1.opml": (30, 0),
    "fsm-category.opml": (0, 1),
    "fsm-directory.opml": (0, 6),
    "goread-opml_nested.xml": (11, 0),
    "nb-body-element-missing.opml": (0, 0),
    "nb-category.opml": (1, 0),
    "nb-piped.opml": (1, 1),
    "nnw-Subs.opml": (207, 0),
    "nnw-SubsNoTitleAttributes.opml": (207, 0),
    "no-empty-head.opml": (0, 4),
    "pico-google-reader.opml": (22, 0),
    "pico-tinytinyrss.opml": (2, 0),
    "str-subscriptions.xml": (91, 0),
    "tech-feeds.opml": (141, 0),
    "yarr-sample_win1251.xml": (2, 0),
    "zh-feeds.opml": (59, 0),
    "zh-zhaoolee_github_garss_subscription_list_v2.opml": (235, 3),
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real files is not here")
@pytest.mark.parametrize("name", COUNTS)
def test_files_of_other_readers(name: str):
    feeds, reasons = read_opml((CORPUS / name).read_bytes(), name=name)
    assert (len(feeds), len(reasons)) == COUNTS[name]
    assert not any("\ufffd" in one.title + one.folder for one in feeds)
