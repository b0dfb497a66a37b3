from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui_reader.ingest import read_page
from tui_reader.model import CleanEntry, CleanFeed, Page

NOW = datetime(2026, 11, 20, tzinfo=UTC)
URL = "https://feeds.example/all.xml"
PREFIXES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def read(items: str, *, channel: str = "") -> CleanFeed:
    body = f'<rss version="2.0" {PREFIXES}><channel>{channel}{items}</channel></rss>'
    return read_page(Page(URL, body.encode(), "", None, None), now=NOW)


def only(item: str) -> CleanEntry:
    (entry,) = read(f"<item><guid>1</guid>{item}</item>").entries
    return entry


# --- dates and order -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date",
    ["Wed, 13 Apr 2099 09:07:01 +0100", "Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00", "0001-01-01T00:00:00Z", "soon"],
)
def test_a_date_that_cannot_be_is_none(date: str) -> None:
    assert only(f"<pubDate>{date}</pubDate>").published_at is None


def test_a_sane_date_stands_in_for_an_absurd_one() -> None:
    dates = "<pubDate>Wed, 13 Apr 2099 09:07:01 +0100</pubDate><lastBuildDate>2026-08-03T14:05:00Z</lastBuildDate>"
    assert only(dates).published_at == datetime(2026, 8, 3, 14, 5, tzinfo=UTC)


def order(*dates: str) -> list[str]:
    items = (f"<item><guid>{number}</guid><pubDate>{date}</pubDate></item>" for number, date in enumerate(dates))
    return [entry.guid for entry in read("".join(items)).entries]


def test_the_newest_comes_last_whatever_the_dates_say() -> None:
    assert order("", "", "") == ["2", "1", "0"]
    assert order("2026-08-03", "2026-08-03", "2026-08-02") == ["2", "1", "0"]
    assert order("2026-08-01", "2099-01-01", "2026-08-03") == ["0", "1", "2"]


# --- attached files --------------------------------------------------------------------------------------------------


def test_sound_is_named_with_its_length_and_size() -> None:
    episode = only(
        "<description>Who pays for the chips?</description><itunes:duration>1:02:05</itunes:duration>"
        '<enclosure url="https://cdn.example/ep%2042.mp3?utm_source=rss&amp;t=1" type="audio/mpeg" length="31000000"/>'
    )
    assert episode.text == "Who pays for the chips?\n\nDuration: 1:02:05\n\nAudio: ep 42.mp3 (31 MB)"
    assert '<a href="https://cdn.example/ep%2042.mp3?t=1">' in episode.html


@pytest.mark.parametrize(
    ("written", "read"),
    [("3725", "1:02:05"), ("62:05", "1:02:05"), ("00:42", "0:42"), ("0", ""), ("an hour", ""), ("1:2:3:4", "")],
)
def test_durations(written: str, read: str) -> None:
    sound = '<enclosure url="https://cdn.example/a.mp3" type="audio/mpeg"/>'
    text = only(f"{sound}<itunes:duration>{written}</itunes:duration>").text
    assert text == "\n\n".join(filter(None, [read and f"Duration: {read}", "Audio: a.mp3"]))


def test_of_the_many_forms_of_one_film_one_is_named() -> None:
    forms = "".join(
        f'<media:content url="https://cdn.example/{size}.mp4" type="video/mp4" {default}/>'
        f'<media:content url="https://cdn.example/{size}.torrent" type="application/x-bittorrent"/>'
        for size, default in ((1080, ""), (720, 'isDefault="true"'), (480, ""))
    )
    assert only(f"<media:group>{forms}</media:group>").text == "Video: 720.mp4"


def test_a_picture_is_shown_only_where_there_is_nothing_else() -> None:
    pictures = "".join(
        f'<media:content url="https://cdn.example/{width}.jpg" medium="image" width="{width}"/>' for width in (90, 640)
    )
    assert only(pictures).html == '<p><img src="https://cdn.example/640.jpg" alt=""></p>'
    assert only(f"{pictures}<description>A new fab.</description>").text == "A new fab."


def test_a_file_that_the_text_links_to_is_not_named_again() -> None:
    text = '&lt;a href="https://cdn.example/paper.pdf?a=1&amp;amp;b=2"&gt;The paper&lt;/a&gt;'
    file = '<enclosure url="https://cdn.example/paper.pdf?a=1&amp;b=2" type="application/pdf"/>'
    assert only(f"<description>{text}</description>{file}").text == "The paper"
    assert only(file).text == "File: paper.pdf"


def test_names_of_files_are_as_hostile_as_anything() -> None:
    entry = only('<enclosure url="https://cdn.example/%1b]0;x%07%3Cscript%3E&quot;.mp3" type="audio/mpeg"/>')
    assert entry.text == 'Audio: ]0;x<script>".mp3'
    assert "<script" not in entry.html


# --- links -----------------------------------------------------------------------------------------------------------


def test_links_lead_past_those_who_count_clicks() -> None:
    entry = only(
        "<link>http://feedproxy.google.com/~r/lab/~3/abc/</link>"
        "<feedburner:origLink>https://lab.example/news?utm_medium=feed</feedburner:origLink>"
        "<description>&lt;a href='https://link.zhihu.com/?target=https%3A//arxiv.org/abs/2608.1'&gt;论文&lt;/a&gt;"
        "</description>"
    )
    assert entry.url == "https://lab.example/news"
    assert entry.html == '<a href="https://arxiv.org/abs/2608.1">论文</a>'


@pytest.mark.parametrize("target", ["javascript:x", "file%3A///etc/passwd", "http://[", ""])
def test_what_they_lead_to_must_be_an_address_of_the_web(target: str) -> None:
    url = only(f"<link>https://www.google.com/url?q={target}</link>").url
    assert url is None or url.startswith("https://www.google.com/url?q=")


def test_when_a_feed_does_not_want_to_be_asked_is_handed_on() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in (24, 3, 3, 99, "x"))
    skips = f"<skipHours>{hours}</skipHours><skipDays><day>Sunday</day><day>Monday</day><day>Someday</day></skipDays>"
    feed = read("", channel=f"<title>a</title>{skips}<ttl>90</ttl>")
    assert (feed.skip_hours, feed.skip_days, feed.ttl) == ((0, 3), (0, 6), 5400)
    everything = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    assert read("", channel=f"<skipHours>{everything}</skipHours>").skip_hours == ()
