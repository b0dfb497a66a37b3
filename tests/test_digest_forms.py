"""Forms in which issues are written: what a part is told by, one invented issue a rule."""

from __future__ import annotations

from tui_reader.clean import clean_html
from tui_reader.digest import find_stories
from tui_reader.doc import build_doc

NAMES = (
    "Otters lease a weir in Kent",
    "Glass harps return to Trieste",
    "Moss is sold by weight",
    "Bells ring for bees",
)
BODIES = (
    "The Environment Agency counted eleven animals at dusk. Anglers of Maidstone pay them in eels.",
    "Franz Pockrich would weep. A workshop near Miramare tunes goblets, and the opera has ordered forty.",
    "Gardeners in Kyoto dry it on slate. Customs in Rotterdam asked whether a carpet that breathes is cattle.",
    "A sexton at Graz noticed that swarms settle after vespers. Physicists measured the tower.",
)
LINES = (
    "Weavers of Lodz found a knot that unties itself.",
    "Tallinn paints its kerbs for cyclists who cannot see blue.",
    "Nobody in Cadiz knows who winds the clock.",
    "A baker of Bruges sold the last square loaf.",
)
LINES_ZH = (
    "扬州的剪纸师傅开始收徒，第一课是磨刀。",
    "敦煌的驼队换了导航，骆驼还是走老路。",
    "青岛的灯塔招夜班，要求会吹口琴。",
    "景德镇烧坏了一窑，碎片比整的卖得贵。",
)
HELLO = "<p>Good morning, readers of this letter.</p>"


def titles(title: str, html: str, *, feed: str = "") -> list[str]:
    found = find_stories(title, build_doc(clean_html(html, base="https://n.example/1")), feed_title=feed)
    return [story.title for story in found]


def texts(title: str, html: str) -> list[str]:
    doc = build_doc(clean_html(html, base="https://n.example/1"))
    return [doc.text[story.start : story.end] for story in find_stories(title, doc)]


def headed(level: int = 2, *, count: int = 4) -> str:
    return "".join(f"<h{level}>{n}</h{level}><p>{b}</p>" for n, b in zip(NAMES[:count], BODIES[:count], strict=True))


def items(lines: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def test_a_link_over_several_lines_is_a_card_with_a_title() -> None:
    cards = "".join(
        f'<figure><a href="https://c.example/{n}"><img src="https://c.example/{n}.jpg" alt=""><div>{name}</div>'
        f"<div>{body}</div><div>The Weir</div></a></figure>"
        for n, (name, body) in enumerate(zip(NAMES[2:], BODIES[2:], strict=True))
    )
    assert titles("Letter 9", HELLO + headed(count=2) + f"<h2>Worth reading</h2>{cards}") == list(NAMES)


def test_letters_that_go_on_count_as_numbers_do() -> None:
    html = "".join(f"<h2>{'ABCD'[n]}. {name}</h2><p>{BODIES[n]}</p>" for n, name in enumerate(NAMES))
    assert titles("Letter 9", HELLO + html) == list(NAMES)


def test_a_name_in_two_languages_names_a_group_if_one_does() -> None:
    html = f"<h2>Shorts 短讯</h2>{items(LINES[:2])}"
    assert titles("Letter 9", HELLO + headed() + html)[4:] == [line[:-1] for line in LINES[:2]]


def test_a_line_that_is_a_groups_name_needs_no_bold() -> None:
    assert titles("Letter 9", HELLO + headed() + f"<p>🕯 In brief</p>{items(LINES)}")[4:] == [
        each[:-1] for each in LINES
    ]
    html = "".join(f"<p><b>{name}</b></p><p>{body}</p>" for name, body in zip(NAMES, BODIES, strict=True))
    html += f"<p><strong>🕯 一句话</strong></p>{items(LINES_ZH)}"
    assert titles("Letter 9", HELLO + html)[4:] == [line[:-1] for line in LINES_ZH]


def test_colons_after_all_names_of_a_group_make_no_labels() -> None:
    named = tuple(f"<b>{line.split()[0]} of today:</b> {line}" for line in LINES)
    assert len(titles("Letter 9", HELLO + headed() + f"<h2>Side dishes</h2>{items(named)}")) == 8


def test_the_hours_of_a_programme_are_no_stories() -> None:
    hours = "".join(f"<h2>1{n}:30 {name}</h2><p>{BODIES[n]}</p>" for n, name in enumerate(NAMES))
    assert titles("Letter 9", HELLO + hours) == []


def test_terse_titles_of_what_does_not_call_itself_an_issue_are_chapters() -> None:
    html = "".join(f"<h2>{name.split()[0]}</h2><p>{body}</p>" for name, body in zip(NAMES, BODIES, strict=True))
    html += f"<h2>Four results</h2>{items(LINES)}"
    assert titles("What rivers teach", html) == []


def test_an_advertisement_ends_no_group() -> None:
    ad = "<p><b>Oars on credit (Sponsor)</b></p><p>Row now, pay in autumn, at every landing stage of the lake.</p>"
    named = [f"<p><b>{n}</b></p><p>{b}</p>" for n, b in zip(NAMES, BODIES, strict=True)]
    html = f"<h2>Rivers &amp; Ponds</h2>{ad}{''.join(named[:2])}<h2>Crafts &amp; Noise</h2>{''.join(named[2:])}"
    assert titles("Letter 9", HELLO + html) == list(NAMES)
    label = "<p>Advertisement</p><p><b>Oars on credit</b></p><p>Row now, pay in autumn.</p>"
    assert titles("Letter 9", HELLO + "".join(named) + label) == list(NAMES)


def test_where_most_parts_are_groups_a_terse_name_tells_no_story() -> None:
    groups = "".join(f"<h3>{name}</h3>{items(LINES[n : n + 2])}" for n, name in ((0, "News"), (2, "Business")))
    found = titles("Letter 9", HELLO + groups + f"<h3>From you</h3><p>{BODIES[0]}</p>")
    assert found == [line[:-1] for line in LINES]


def test_days_at_the_beginning_of_lines_make_a_calendar() -> None:
    days = tuple(f"{n} March, {line}" for n, line in enumerate(LINES, 3))
    assert titles("Letter 9", HELLO + headed() + f"<h2>Where we go</h2>{items(days)}") == list(NAMES)


def test_numbered_chapters_of_one_story_are_no_stories() -> None:
    chapters = "".join(f"<p><b>{n}. {line[:-1]}</b></p><p>{line}</p>" for n, line in enumerate(LINES[:2], 1))
    parts = [f"<p><b>{n}</b></p><p>{b}</p>" for n, b in zip(NAMES, BODIES, strict=True)]
    assert titles("Letter 9", HELLO + parts[0] + chapters + "".join(parts[1:])) == list(NAMES)


def test_what_stands_in_brackets_after_most_titles_is_no_part_of_them() -> None:
    html = "".join(f"<h2>{name} ({n + 2} minute read)</h2><p>{BODIES[n]}</p>" for n, name in enumerate(NAMES))
    assert titles("Letter 9", HELLO + html) == list(NAMES)
    assert titles("Letter 9", HELLO + headed().replace("weight<", "weight (again)<"))[2] == NAMES[2] + " (again)"


def test_flags_are_marks_as_other_emoji_are() -> None:
    flags = ("🇩🇪", "🌊", "🔔", "🇬🇧")
    html = "".join(f"<h2>{flags[n]} {name}</h2><p>{BODIES[n]}</p>" for n, name in enumerate(NAMES))
    assert titles("Letter 9", HELLO + html) == list(NAMES)


def test_a_last_part_without_a_full_stop_is_none_where_all_others_have_one() -> None:
    html = "<h2>The tea house of a few</h2><p>Get the app, follow the account, find more curious things 🚀</p>"
    assert titles("Letter 9", HELLO + headed().replace(".</p>", ". 来源</p>") + html) == list(NAMES)


def test_marked_lines_that_are_all_there_is_are_stories_whatever_stands_below_the_last() -> None:
    named = "".join(f"<p><b>{n}</b></p><p>{b}</p>" for n, b in zip(NAMES, BODIES, strict=True))
    counted = "".join(f"<p>▪️ {line[:-1]}</p>" for line in LINES)
    html = f"{named}<p><b>The week counted</b></p>{counted}<p>Written by Ada and Bo, drawn by Cy</p>"
    assert titles("Letter 9", HELLO + html)[4:] == [line[:-1] for line in LINES]


def linked(sign: str) -> str:
    pairs = zip(NAMES, LINES, strict=True)
    return "".join(f'<p>{sign} <a href="https://l.example/{len(n)}">{n}</a>. {line}</p>' for n, line in pairs)


def test_arrows_before_links_are_marks() -> None:
    html = HELLO + f"<h4>Rivers</h4>{linked('→')}<h4>Trades</h4>{linked('→').replace('l.example', 'm.example')}"
    assert titles("Friday Pile #77", html)[:4] == list(NAMES)


def test_quick_links_are_news_with_few_words_beside_them_and_other_links_are_not() -> None:
    links = "".join(
        f'<li><a href="https://l.example/{len(line)}">{line.rstrip(".")}</a>: {note}</li>'
        for line, note in zip(
            LINES,
            ("after nine years of lawsuits and a flood.", "at forty lire the yard, before any tax.") * 2,
            strict=True,
        )
    )
    assert len(titles("Letter 9", HELLO + headed() + f"<h3>Quick links</h3><ul>{links}</ul>")) == 8
    assert len(titles("Letter 9", HELLO + headed() + f"<h3>Links</h3><ul>{links}</ul>")) == 4
