"""What cleaning promises: nothing known to be harmful comes through, nothing worth reading is lost, nothing raises."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui_reader.clean import clean_html, clean_line, clean_text, clean_url

BASE = "https://news.example/2026/07/chips.html"
HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U0001fffe]"
)
TEXTS = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x9d\x00\u202e\u2066\u0301\u1100\u1161 \n\t\r\u2028é智"))
)
FRAGMENTS = (Path(__file__).parent / "data/html/fragments.txt").read_text(encoding="utf-8").splitlines()
MARKUP = st.lists(st.one_of(st.sampled_from(FRAGMENTS), TEXTS), max_size=30).map("".join)


# --- lines and bodies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("  Chip\x1b[31m maker\u00a0 rises\r\n3% ", "Chip[31m maker rises 3%"),
        ("Evil \u202egnp.exe\u2066!", "Evil gnp.exe!"),
        ("NUL\x00 C1\x9d0;x\x9c lone\ud800 non\ufdd0\uffff", "NUL C10;x lone non"),
        ("cafe\u0301", "café"),
        ("北辰　智能\u3000发布", "北辰 智能 发布"),
        (
            "family 👩\u200d👩\u200d👧 flag 🏴\U000e0067\U000e007f ok",
            "family 👩\u200d👩\u200d👧 flag 🏴\U000e0067\U000e007f ok",
        ),
        ("می\u200cخواهم \u200fx", "می\u200cخواهم \u200fx"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("z" + "\u0336" * 40, "z" + "\u0336" * 8),
        ("[red]markup[/red]", "[red]markup[/red]"),
    ],
)
def test_a_line_is_plain(dirty: str, clean: str) -> None:
    assert clean_line(dirty) == clean


def test_a_long_line_is_cut_with_a_mark() -> None:
    assert clean_line("word " * 300, limit=20) == "word word word word…"
    assert clean_line("智" * 501) == "智" * 499 + "…"


def test_a_body_keeps_its_lines() -> None:
    assert clean_text("one\r\n\ttwo\x85three\u2028four\x0b\x07") == "one\n\ttwo\nthree\nfour\n"


@settings(max_examples=100, deadline=None)
@given(TEXTS)
@example("a \u202a b")
@example("A\u030a" + "\u0301" * 12)
def test_cleaned_text_is_harmless_normal_and_final(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert not HARMFUL.search(once)
        assert unicodedata.is_normalized("NFC", once)
        assert clean(once) == once
    assert clean_line(text) == " ".join(clean_line(text).split())


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JaVa\nScRiPt:alert(1)",
        "java\x00script:alert(1)",
        "\x01javascript:alert(1)",
        "JaVaScRiPt&#58;alert(1)",
        "javascript&colon;alert(1)",
        "java&Tab;script:alert(1)",
        "vbscript:x",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "vscode://open",
        "-oX",
        "",
        "   ",
        None,
        "https://",
        "http://[::1",
        "http://host:99999/",
        "https://exa mple.com/",
        "https://example.com/" + "a" * 2000,
        "mailto:a@b.example",
    ],
)
def test_what_is_no_web_address_is_none(url: str | None) -> None:
    assert clean_url(url) is None


def test_a_disguised_scheme_is_not_taken_for_a_relative_address() -> None:
    assert clean_url("JaVaScRiPt&#58;alert(1)", base=BASE) is None
    assert clean_url("ht&#116;p&#58;//evil.example", base=BASE) is None


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("../06/gpu.html#prices", "https://news.example/2026/06/gpu.html#prices"),
        ("//cdn.example/a b.png", "https://cdn.example/a%20b.png"),
        ("https:\\\\news.example\\a", "https://news.example/a"),
        ("HTTPS://News.Example:443/A", "https://news.example/A"),
        ("https://user:secret@news.example:8443/", "https://news.example:8443/"),
        ("https://news.example/\x1b]0;x\x07\u202e", "https://news.example/]0;x"),
        ("https://news.example/%1b", "https://news.example/%1b"),
        ('https://news.example/"><script>', "https://news.example/%22%3E%3Cscript%3E"),
        ("https://例子.example/文章?题=1", "https://xn--fsqu00a.example/%E6%96%87%E7%AB%A0?%E9%A2%98=1"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("https://a.example/?utm_source=rss&id=7&fbclid=z&UTM_Medium=q", "https://a.example/?id=7"),
        ("https://a.example/?id=7&amp;utm_campaign=z#utm_source=x", "https://a.example/?id=7"),
        ("https://a.example/p?spm=1.2.3&igshid=q&mc_cid=1&_hsenc=2&gclid=3&yclid=4&msclkid=5", "https://a.example/p"),
    ],
)
def test_an_address_is_absolute_plain_and_without_trackers(url: str, clean: str) -> None:
    assert clean_url(url, base=BASE) == clean


def test_mail_addresses_only_where_they_are_wanted() -> None:
    assert clean_url("mailto:press@lab.example?subject=x\ny", mail=True) == "mailto:press@lab.example"
    assert clean_url("mailto:nobody", mail=True) is None


@settings(max_examples=100, deadline=None)
@given(st.one_of(TEXTS, TEXTS.map("https://h.example/".__add__), TEXTS.map("https://".__add__)))
def test_cleaned_addresses_are_ascii_and_final(url: str) -> None:
    clean = clean_url(url, base=BASE, mail=True)
    if clean is not None:
        assert re.fullmatch(r"(https?://|mailto:)[!-~]+", clean)
        assert not re.search(r"[\"<>\\^`{|}]", clean)
        assert clean_url(clean, mail=True) == clean


# --- HTML ------------------------------------------------------------------------------------------------------------

KNOWN_TAG = re.compile(
    r"</?(?:a|blockquote|br|caption|code|dd|div|dl|dt|em|figcaption|figure|h[1-6]|hr|img|li|mark|ol|p|pre|q|rp|rt|ruby|s"
    r'|strong|sub|sup|table|td|th|tr|ul)(?: (?:href|src|alt|start|value|class)="[^"<>]*")*>'
)


def is_known(html: str) -> bool:
    return not set("<>") & set(KNOWN_TAG.sub("", html))


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ('<p onclick="x()" style="a" id=b>Hi <b class=c>there</b></p>', "<p>Hi <strong>there</strong></p>"),
        ("a<script>if (a<b) '</p>'</script>b<style>p{}</style>c", "abc"),
        ("a<script>never closed", "a"),
        ("<unknown-tag>kept</unknown-tag> 5 < 6 &amp; 7 > 6", "kept 5 &lt; 6 &amp; 7 &gt; 6"),
        ("&#27;[31m &#x9d;0;title&#7; &#x202e; &lt;b&gt;", "[31m 0;title  &lt;b&gt;"),
        ("<a href='javascript:x'>js</a> <a href=JaVaScRiPt&#58;x>js</a>", "js js"),
        ('<a href="/a?utm_source=x&amp;b=1&c=2">x</a>', '<a href="https://news.example/a?b=1&amp;c=2">x</a>'),
        ("<a href='#top'>top</a>", "top"),
        ("<h2>Prices <a href='#prices'>#</a></h2>", "<h2>Prices </h2>"),
        ("x<sup><a href='#fn1'>1</a></sup> y<a href='/p#note-2'>2</a>", "x<sup>[1]</sup> y<sup>[2]</sup>"),
        ("<form action=/x>text<input name=a><select><option>o</select><button>go</button></form>", "<div>text</div>"),
        ("<svg><path d=''/><text>no</text></svg>a<p/>b<canvas/>c", "a<p></p>bc"),
        ("<!-- a --><p>b<!-- <p>c --></p><!DOCTYPE x><![CDATA[<p>d]]>", "<p>b</p><p>d</p>"),
        ('<span class="katex-html">x</span><math alttext="x^2"><mi>x</mi></math>', "x^2"),
        ('<ol start="3" type=a><li value=7>x</ol>', '<ol start="3"><li value="7">x</li></ol>'),
        ('<pre class="brush: python"><code data-lang="py">x</code></pre>',
         '<pre class="language-python"><code class="language-py">x</code></pre>'),
    ],
)  # fmt: skip
def test_only_known_markup_is_written(dirty: str, clean: str) -> None:
    assert clean_html(dirty, base=BASE) == clean


@pytest.mark.parametrize(
    ("soup", "tree"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("<p>a<div>b</div>c", "<p>a</p><div>b</div>c"),
        ("<p><b>a</p><p>b", "<p><strong>a</strong></p><p>b</p>"),
        ("<a href=/a>x<a href=/b>y", '<a href="https://news.example/a">x</a><a href="https://news.example/b">y</a>'),
        ("<a href=/a>x<a href='#n'>y</a>z", '<a href="https://news.example/a">x</a>yz'),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"),
        ("<table><tr><td><b>1</td></b></div><td>2", "<table><tr><td><strong>1</strong></td><td>2</td></tr></table>"),
        ("</div></p>a", "a"),
        ("<dl><dt>a<dd>b<dt>c", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
    ],
)
def test_tag_soup_is_closed_in_order(soup: str, tree: str) -> None:
    assert clean_html(soup, base=BASE) == tree


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="color:red; DISPLAY : none">x<b>y</b></span>',
        "<p hidden>x",
        '<i aria-hidden="true">x</i>',
        '<div class="subscription-widget-wrap-editor"><div><form>x</form></div></div>',
        '<p class="button-wrapper" data-attrs="{&quot;url&quot;:&quot;/p?action=share&quot;}"><a href=/s>Share</a></p>',
        "<noscript><img src=/x.png></noscript>",
    ],
)
def test_what_is_hidden_or_asks_is_gone_and_what_follows_is_not(hidden: str) -> None:
    assert clean_html(f"<div>{hidden}<p>shown</p></div>", base=BASE) == "<div><p>shown</p></div>"


def test_an_unclosed_hidden_element_ends_with_its_parent() -> None:
    assert clean_html("<div><span hidden>x<b>y</div><p>shown", base=BASE) == "<div></div><p>shown</p>"


def test_images_are_found_where_late_loading_pages_hide_them() -> None:
    html = '<img src="data:image/gif;base64,AA" data-src="//cdn.example/a.png" alt=" Chart \n of prices ">'
    assert clean_html(html, base=BASE) == '<img src="https://cdn.example/a.png" alt="Chart of prices">'


@pytest.mark.parametrize(
    "pixel",
    [
        "<img src=https://t.example/x.gif width=1 height=1>",
        "<img src=https://t.example/x.gif style='width:1px;height:1px'>",
        "<img src=https://feeds.feedburner.com/~r/news/~4/abc>",
        "<img src=https://pixel.wp.com/b.gif?host=x>",
        "<img src=data:image/png;base64,AAAA>",
    ],
)
def test_tracking_pixels_are_gone(pixel: str) -> None:
    assert clean_html(pixel, base=BASE) == ""


def test_emoji_images_become_emoji() -> None:
    assert clean_html('Go <img class="wp-smiley" src=/1f680.png alt="🚀">!', base=BASE) == "Go 🚀!"


@pytest.mark.parametrize(
    ("player", "href", "text"),
    [
        ('<iframe src="//www.youtube.com/embed/dQw4w9WgXcQ?rel=0" />', "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
         "Video: youtube.com/watch?v=dQw4w9WgXcQ"),
        ('<iframe src="https://player.bilibili.com/player.html?aid=1&bvid=BV1xx411c7mD"></iframe>',
         "https://www.bilibili.com/video/BV1xx411c7mD", "Video: bilibili.com/video/BV1xx411c7mD"),
        ("<video controls><source src=talk.mp4><source src=talk.webm>old browser</video>",
         "https://news.example/2026/07/talk.mp4", "Video: news.example/2026/07/talk.mp4"),
        ('<audio src="https://cast.example/7.mp3">', "https://cast.example/7.mp3", "Audio: cast.example/7.mp3"),
        ('<object data="https://charts.example/1"><embed src="https://x.example"></object>', "https://charts.example/1",
         "Embed: charts.example/1"),
    ],
)  # fmt: skip
def test_players_become_links_that_name_them(player: str, href: str, text: str) -> None:
    html = clean_html(f"<p>Before {player}", base=BASE)
    assert html == f'<p>Before </p><p><a href="{href}">{text}</a></p>'


def test_a_frame_without_an_address_or_with_a_button_is_nothing() -> None:
    assert clean_html("a<iframe srcdoc='<script>x</script>'></iframe>b", base=BASE) == "ab"
    assert clean_html("a<iframe src=https://www.facebook.com/plugins/like.php?x></iframe>b", base=BASE) == "ab"


@settings(max_examples=100, deadline=None)
@given(MARKUP)
@example("<p hidden>zz<p>yy</p> tail")
@example("<h2><p><h2>")
@example("<a href=/x><video src=v.mp4></video>y")
def test_cleaned_html_is_known_harmless_and_final(html: str) -> None:
    once = clean_html(html, base=BASE)
    assert is_known(once)
    assert not HARMFUL.search(unescape(once))
    assert clean_html(once, base="https://elsewhere.example/") == once


@pytest.mark.parametrize(
    "bomb",
    [
        "<!--" * 50_000,
        "<p " + " ".join(f"a{number}=1" for number in range(40_000)) + ">x",
        "<div>" * 10_000 + "x" + "</b>" * 10_000,
        "<div>" + "".join(f"<b class=c{number}>" for number in range(5_000)) + "</div>" + "<p>x</p>" * 5_000,
        '<p a="' * 50_000,
        "<a " * 50_000,
        "<ul><li>" * 20_000,
        "<svg>" * 20_000 + "</p>" * 20_000,
        "x" * 1_000_000,
        "<table><tr><td>" * 20_000,
    ],
    ids=["comments", "attributes", "depth", "formats", "quotes", "open tags", "lists", "muted", "line", "tables"],
)
def test_hostile_markup_is_flattened_in_linear_time(bomb: str) -> None:
    # A quadratic reading of any of these takes minutes: the timeout of the test run is the measure.
    html = clean_html(bomb, base=BASE)
    assert len(html) < 1_100_000
    depth = deepest = 0
    for tag in re.findall(r"<(/?)(?!br|hr|img)\w", html):
        depth += -1 if tag else 1
        deepest = max(deepest, depth)
    assert depth == 0
    assert deepest <= 100


def test_what_is_too_long_is_cut_and_says_so() -> None:
    html = clean_html("<p>word</p>" * 300_000, base=BASE)
    assert len(html) < 2_100_000
    assert html.endswith("<p>…</p>")


def test_real_feeds_stay_harmless() -> None:
    feedparser = pytest.importorskip("feedparser")
    feeds = Path(__file__).parents[1] / "../shared/corpus/feeds"
    if not feeds.is_dir():
        pytest.skip("the corpus of real feeds is not here")
    for name in ("ai-substack.xml", "zh-rss.xml", "zh-ml2017-jiqizhixin.xml", "fj-TechCrunch.xml"):
        with (feeds / name).open("rb") as file:
            entries = feedparser.parse(file, sanitize_html=False, resolve_relative_uris=False).entries
        for entry in entries[:5]:
            html = max((each.value for each in entry.get("content", [])), key=len, default=entry.get("summary", ""))
            clean = clean_html(html, base=entry.get("link", ""))
            assert is_known(clean)
            assert not re.search('href="[^"]*utm_', clean)
            assert clean_html(clean, base="") == clean


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><iframe src='/ad/'><p>two</p><iframe><p>three</p>", "<p>one</p><p>two</p><p>three</p>"),
        ("<p>one</p><textarea><p>two</p>", "<p>one</p><p>two</p>"),
        ("<p>one</p><style>p {}<p>two</p>", "<p>one</p>"),
        ("I <!3 it</p>", "I &lt;!3 it"),
        ("a<!- note ->b<!>c", "abc"),
    ],
)
def test_what_is_never_closed_hides_nothing(html: str, text: str) -> None:
    assert clean_html(html, base=BASE) == text


@pytest.mark.parametrize(
    ("url", "behind"),
    [
        ("https://link.zhihu.com/?target=https%3A//arxiv.org/abs/1%3Futm_source%3Dx", "https://arxiv.org/abs/1"),
        ("https://www.google.com/url?rct=j&url=https://a.example/b&ct=ga", "https://a.example/b"),
        ("https://www.google.com/url?q=https://l.facebook.com/l.php?u=https://a.example/", "https://a.example/"),
        ("https://www.google.com/url?q=javascript:x", "https://www.google.com/url?q=javascript:x"),
        ("https://www.google.com/search?q=https://a.example", "https://www.google.com/search?q=https://a.example"),
    ],
)
def test_addresses_behind_those_that_count_clicks(url: str, behind: str) -> None:
    assert clean_url(url) == behind
