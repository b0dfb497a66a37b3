"""Issues that hold several stories are told from articles with sections, and split story by story."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui_reader.clean import clean_html
from tui_reader.demo import MADE_AT
from tui_reader.digest import find_stories, story_entries
from tui_reader.digest.subjects import names, sameness, spread, words
from tui_reader.doc import build_doc, doc_html, excerpt
from tui_reader.ingest import read_page
from tui_reader.model import CleanEntry, CleanFeed, Page

BODY_EN = (
    "The plant will run two shifts from March. Its owner says that orders for the cheaper board have doubled since the "
    "summer, and that the line can be moved if they do not last."
)
BODY_ZH = "工厂三月起两班生产。负责人说，便宜那一款的订单从夏天起翻了一倍，如果卖不动，生产线也可以搬走。"
BODIES_EN = (
    BODY_EN,
    "Passengers on the lower Elbe hardly noticed. A computer by Kongsberg steered, a captain in Hamburg watched, and "
    "the only complaint concerned the coffee, which nobody had thought of automating.",
    "Jacquard would have understood it at once: a card with holes, read by a lamp. The weavers of Lyon sell every "
    "pattern as a file, and keep the tapestry as a backup that moths can read.",
    "Nettles grow for nothing along the railway at Zabok. Boiled for a night with Croatian alum they give a green that "
    "Milan has asked for, though it fades on anyone who goes outdoors.",
    "A museum in Porto lends needles to surgeons. They are from 1890, finer than what Braun delivers, and come back "
    "clean, counted and with a letter of thanks.",
    "Oslo rents out rowing boats by the minute. Vipps takes the money, a lock on the oar gives them back, and the "
    "swans have learnt to wait where beginners drop their sandwiches.",
)
BODIES_ZH = (
    BODY_ZH,
    "鹿特丹的乘客几乎没有察觉。掌舵的是康士伯的电脑，船长坐在岸上喝咖啡，只有一位老太太问他为什么不鞠躬。",
    "里昂的师傅看一眼就懂了：一张打孔的卡片，一盏灯。花样如今存成文件出售，挂毯留作备份，连蛀虫都读得懂。",
    "水质报告晚了两个礼拜。染缸空着，学徒被派去山上采荨麻，回来时手肿得握不住笔，颜色倒是绿得很准。",
)
CHAPTER = " ".join([BODY_EN] * 4)


def p(text: str) -> str:
    return f"<p>{text}</p>"


def titles(title: str, html: str, *, feed: str = "", wished: bool = False) -> list[str]:
    found = find_stories(title, build_doc(clean_html(html, base="https://n.example/1")), feed_title=feed, wished=wished)
    return [story.title for story in found]


def texts(title: str, html: str) -> list[str]:
    doc = build_doc(clean_html(html, base="https://n.example/1"))
    return [doc.text[story.start : story.end] for story in find_stories(title, doc)]


# --- issues


LABELLED = "".join(
    f"<h2>{name}</h2><p><strong>What's new:</strong> {body}</p><p><strong>Why it matters:</strong> {name}.</p>"
    for name, body in zip(
        ("A river turns a mill", "Ferries without captains", "The loom that counts"), BODIES_EN, strict=False
    )
)
"""One story a heading; the labels within begin none."""

LABELLED_HEADINGS = "".join(
    f"<h2>{name}</h2><h3>What's new</h3><p>{body}</p><h3>Why it matters</h3><p>{name}.</p>"
    for name, body in zip(
        ("A river turns a mill", "Ferries without captains", "The loom that counts"), BODIES_EN, strict=False
    )
)

BOLD_LEADS = (
    p("Welcome back. Three papers and a mistake of ours.")
    + "".join(
        f"<p><strong>{name}</strong><br><em>A subtitle that says a little more</em><br>{body}</p>"
        f"<p><strong>Why this matters:</strong> {name}</p>"
        f'<p><strong>Read more:</strong> <a href="https://papers.example/{n}">the paper</a>.</p><p>##########</p>'
        for n, (name, body) in enumerate(
            zip(
                ["Bees that vote on routes:", "A dictionary for tides:", "Nine ways to fold a solar sail:"],
                BODIES_EN,
                strict=False,
            )
        )
    )
    + p("Thanks for reading!")
)
"""A lead-in in bold and a line of signs between stories."""

LINK_LIST = (
    "<ul>"
    + "".join(
        f'<li><a href="https://site{n}.example/post">{name}</a>. {body}</li>'
        for n, (name, body) in enumerate(
            zip(
                ["Bridges that sing", "How kites are taxed", "A map of wells", "Ink from soot"], BODIES_EN, strict=False
            )
        )
    )
    + "</ul>"
)

IN_BRIEF = (
    LABELLED
    + "<h2>In brief</h2><ul>"
    + f"<li><strong>Quarry Labs</strong> opened a second kiln. {BODY_EN[:80]}</li>"
    + f"<li><strong>Tallow &amp; Sons</strong> closed a third one. {BODY_EN[:80]}</li></ul>"
    + "<h2>Links we liked</h2><ul><li><a href='https://a.example/x'>A walk</a></li></ul>"
    + "<hr><p><strong>A word from our sponsor.</strong> Buy a ladder, says the ladder shop, and mention us.</p>"
    + "<hr><p>You receive this letter because you asked for it. <a href='https://n.example/unsubscribe'>Stop</a></p>"
)

NUMBERED_ZH = (
    p("早上好，本周三件事。")
    + "".join(
        f"<h3>{n}. {name}</h3>{p(BODIES_ZH[n - 1])}"
        for n, name in enumerate(["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数"], 1)
    )
    + "<h4>本周链接</h4><ul><li><a href='https://a.example/1'>一段散步</a></li></ul><p>退订请回复“退订”。</p>"
)
EMOJI_ZH = "".join(
    f"<p><strong>{sign} {name}</strong></p>{p(body)}"
    for sign, name, body in zip(
        "🌊⛴🧵", ["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数"], BODIES_ZH, strict=False
    )
)
INLINE_ZH = "".join(
    f"<p>{n}、<strong>{name}</strong>。{BODIES_ZH[n - 1]}</p>"
    for n, name in enumerate(["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数"], 1)
)
BRACKETS_ZH = "".join(
    f"<p>【{name}】{body}</p>"
    for name, body in zip(["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数"], BODIES_ZH, strict=False)
)
BARS_ZH = "".join(
    f"<p>▎{name}</p>{p(body)}"
    for name, body in zip(["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数"], BODIES_ZH, strict=False)
)
HANZI_ZH = "".join(
    f"<h2>{n}、{name}</h2>{p(body)}"
    for n, name, body in zip("一二三", ["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数"], BODIES_ZH, strict=False)
)
GROUPS_ZH = (
    "<h2>封面图</h2><p>一座桥。</p>"
    + "".join(
        f"<h2>{group}</h2>"
        + "".join(
            f'<p>{n}、<a href="https://{group_id}{n}.example/a">{name}</a>（英文）</p>{p(BODY_ZH)}'
            for n, name in enumerate(names, 1)
        )
        for group_id, group, names in [
            ("t", "工具", ["量水尺", "记账本"]),
            ("w", "文章", ["谁发明了闸门", "渡口的一百年"]),
        ]
    )
    + "<h2>订阅</h2><p>每周五发布，欢迎投稿。</p>"
)
CONTENTS_ZH = (
    "<h2>概览</h2><ul><li>磨坊换了新闸门 ↗ #1</li><li>渡轮不再要船长 ↗ #2</li><li>织布机学会数数 ↗ #3</li></ul><hr>"
    + "<hr>".join(
        f'<h2><a href="https://s{n}.example/a">{name}</a> #{n}</h2>{p(BODY_ZH)}'
        for n, name in enumerate(["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数"], 1)
    )
)
LINKED_HEADINGS = "".join(
    f"<h2>{group}</h2>"
    + "".join(f'<h3><a href="https://{n}.example/a">{name}</a></h3>{p(BODY_EN)}' for n, name in enumerate(names, start))
    for start, group, names in [
        (0, "Water & Wood", ["A river turns a mill (3 minute read)", "Ferries without captains", "Oars for hire"]),
        (9, "Thread", ["The loom that counts (website)", "Dye from nettles", "A needle with an eye on you"]),
    ]
)  # fmt: skip
NESTED_ZH = (
    f"<h2>资讯</h2><p>1、<a href='https://w.example/b'>磨坊换了新闸门</a></p>{p(BODY_ZH)}"
    f"<p>2、<a href='https://w.example/c'>渡轮不再要船长</a></p>{p(BODY_ZH)}"
    f"<h2>文摘</h2><p>1、<a href='https://w.example/a'>谁发明了闸门</a></p>{p(BODY_ZH)}"
    f"<p>（1）先有了水，才有了闸门。</p>{p(BODY_ZH)}<p>（2）先有了账，才有了磨坊。</p>{p(BODY_ZH)}"
)
PROJECTS_ZH = "".join(
    f"<h3>{group}</h3>"
    + "".join(
        f'<p>{n}、<a href="https://p{n}.example/a">{name}</a>：{BODY_ZH}</p>' for n, name in enumerate(names, start)
    )
    for start, group, names in [
        (1, "C 项目", ["shuiche"]),
        (2, "Go 项目", ["duchuan", "jiang"]),
        (4, "书籍", ["zhibu"]),
    ]
)
WIRES_ZH = "".join(
    f"<p><strong>{group}</strong></p>"
    + "".join(f"<p>{n}、{name}。{BODIES_ZH[at + n]}</p>" for n, name in enumerate(names, 1))
    for at, group, names in [
        (-1, "水上", ["磨坊换了新闸门", "渡轮不再要船长"]),
        (1, "岸上", ["织布机学会数数", "染坊停工三天"]),
    ]
)
CONTENTS_EN = (
    "<ul>" + "".join(f'<li><a href="#{n}">{name}</a></li>' for n, name in enumerate(["Mills", "Ferries", "Looms"]))
    + "</ul>" + LABELLED + "<h2>The last word</h2><ul>"
    + "".join(f'<li><a href="https://n.example/1?{n}">{name}</a></li>' for n, name in enumerate(
        ["A river turns a mill", "Ferries without captains", "The loom that counts"])) + "</ul>"
)  # fmt: skip
FIVE_EN = [
    "Kongsberg steers the ferry",
    "Cards with holes",
    "Green from a railway line",
    "Needles on loan",
    "Oars by the minute",
]
PLAIN = "".join(f"<h2>{name}</h2>{p(body)}" for name, body in zip(FIVE_EN, BODIES_EN[1:], strict=True))
"""Neither marks nor labels nor links: nothing but that each is about something else."""

KICKERS = (
    p("Good morning, oarsmen.")
    + f"<h4>🔥 THE LONG ONE</h4><h2>🚢 The captain stays ashore</h2>{p(BODIES_EN[1])}<h2>🧵 A tapestry for moths</h2>"
    + p(BODIES_EN[2]) + "<h4>⚡ SHORT STROKES</h4>"
    + f"<p>🌱 <b>Green at a price</b> — {BODIES_EN[3]}</p><p>🪡 <b>Needles on loan</b> — {BODIES_EN[4]}</p>"
    + "<h4>🗳️ THE OAR ASKS</h4><p>Would you lend a needle? Yes / Only a blunt one / No</p>"
    + "<h4>💼 RIVER JOBS</h4><p>• Lock keeper, Lyon (nights) • Dyer, Zabok</p>"
    + "<h4>💌 PASS IT ON</h4><p>Send this on.</p>"
)  # fmt: skip
"""Small capitals above larger headings, and lead-ins that begin with emoji."""

ESSAYS_AND_LINKS = (
    f"<h1>Who steers</h1>{p(BODIES_EN[1])}<h3>The coffee</h3>{p(BODIES_EN[1])}<h3>The captain</h3>{p(BODIES_EN[1])}"
    + f"<h1>Who weaves</h1>{p(BODIES_EN[2])}<h3>The card</h3>{p(BODIES_EN[2])}<h2>Links, in passing</h2><ul>"
    + "".join(
        f'<li><a href="https://l{n}.example/a">{name}</a>: {body}</li>'
        for n, (name, body) in enumerate([("Nettles at Zabok", BODIES_EN[3]), ("Old needles", BODIES_EN[4])])
    )
    + "</ul>"
)
SECTIONS_OF_LINKS = (
    "".join(
        f"<h3>{group}</h3><ul>"
        + "".join(f'<li><a href="https://{at}.example/a">{name}</a> — {BODIES_EN[at]}</li>' for at, name in some)
        + "</ul>"
        for group, some in [
            ("Water", [(1, "Ashore for good"), (5, "Oars by the minute")]),
            ("Thread", [(2, "Cards with holes")]),
            ("Metal", [(4, "Needles on loan")]),
        ]
    )
    + "<hr><p><b>Events.</b> The weavers meet on Friday, bring your own thread and your own chair.</p>"
)
COUNTED = "".join(
    f"<h3>{n} {name}</h3>{p(BODIES_EN[n])}"
    for n, name in enumerate(["Ferries ashore", "Cards with holes", "Nettles"], 1)
)
LONE_NUMBERS_ZH = (
    "".join(
        f"<p><b>0{n}</b></p><p><b>{name}</b></p>{p(BODIES_ZH[n])}"
        for n, name in enumerate(["渡轮不再要船长", "织布机学会数数", "染坊停工三天"], 1)
    )
    + f"<p><b>合作推广</b></p>{p(BODY_ZH)}<p><b>往期精选</b></p><p>一个船工的下午</p>"
)
FURNITURE_ZH = (
    f"<h2>頭條</h2><h3>渡輪不再要船長</h3>{p(BODIES_ZH[1])}<h3>織布機學會數數</h3>{p(BODIES_ZH[2])}"
    f"<h2>快訊</h2><h3>染坊停工三天</h3>{p(BODIES_ZH[3])}"
    "<h2>讀者問卷</h2><p>您坐過沒有船長的渡輪嗎？坐過｜沒坐過｜不敢坐</p>"
    "<h2>職缺</h2><p>渡口 售票員（夜班）、染坊 學徒（包吃）、磨坊 會計（要會算水）</p>"
)
CATEGORIES_ZH = "".join(
    f"<p>【{kind}】{body}</p>" for kind, body in zip(["河运", "染织", "水质"], BODIES_ZH[1:], strict=True)
)
KEYCAPS_ZH = "".join(
    f"<p>{n}\ufe0f\u20e3 <b>{name}</b></p>{p(BODIES_ZH[n])}"
    for n, name in enumerate(["渡轮不再要船长", "织布机学会数数", "染坊停工三天"], 1)
)
PLAIN_ITEMS = (
    f"<h2>Who steers</h2>{p(BODIES_EN[1])}<h2>Quick hits</h2><ul>"
    + "".join(f"<li>{body}</li>" for body in BODIES_EN[2:5])
    + "</ul>"
)
CRUMBS = f"<h2>Who steers</h2>{p(BODIES_EN[1])}<h2>Crumbs</h2>" + "".join(
    f"<p><b>{name}.</b> {body}</p>"
    for name, body in zip(
        ["Cards with holes", "Green nettles at last", "Needles on loan", "Oars by the minute"],
        BODIES_EN[2:],
        strict=True,
    )
)
SPONSORED = (
    PLAIN
    + "<p>Sponsored by:</p><ul>"
    + "".join(
        f'<li><a href="https://shop{n}.example/a">Ladder shop {n}</a> sells ladders to whoever listens to us.</li>'
        for n in range(3)
    )
    + "</ul>"
)
LINES_EN = [
    "Tallow & Sons closed a third kiln, after a winter without orders.",
    "Vipps lends oars in Bergen now, too.",
    "A lock keeper in Lyon counted 4,000 swans in one night.",
    "The nettles of Zabok go to Milan by barge.",
]
LINES_ZH = ["贝加莫的染坊停工三天。", "里昂的船闸换了新锁。", "奥斯陆的桨可以按分钟租。", "扎博克的荨麻卖到了米兰。"]
CRUMBS_OF_ONE_LINE = (
    f"<h3>🍞 Loaves</h3><p>🚢 <b>The captain stays ashore.</b> {BODIES_EN[1]}</p>"
    f"<p>🧵 <b>A tapestry for moths.</b> {BODIES_EN[2]}</p><h3>🧹 Under the table</h3><ul>"
    + "".join(f"<li>{line}</li>" for line in LINES_EN)
    + f"</ul><h3>🌙 Last</h3><p><b>Needles are lent to surgeons.</b> {BODIES_EN[4]}</p>"
)
"""A group whose stories are a line each, and one that has a single story."""

LINES_AFTER_MARKS_ZH = (
    p("早安。")
    + "".join(f"<p><b>◆ {name}</b></p>{p(body)}" for name, body in zip(
        ["渡轮不再要船长", "织布机学会数数"], BODIES_ZH[1:], strict=False))
    + "<p><b>岸上</b></p>"
    + "".join(f"<p>▸ <b>{name}</b> {body}</p>" for name, body in [
        ("博洛尼亚的针借给医生 只借三天", "还回来的时候要洗净，附一封感谢信，少一根就不再借。"),
        ("一根针最多用 9%", "其余的钢送去奥斯陆做成锁，锁在桨上，天鹅看不懂。")])
    + "<p><b>别处的人在做什么</b></p><ul>" + "".join(f"<li>{line}</li>" for line in LINES_ZH)
    + "</ul><p><b>今日日程</b></p><p>十点：船闸检修<br>三点：染坊开门</p>"
)  # fmt: skip
"""Marked stories, and after them groups whose names are in bold."""

BOLD_BEFORE_HEADINGS = (
    p("Good morning.") + "".join(f"<p><b>{name}</b></p>{p(BODIES_EN[n])}" for n, name in enumerate(FIVE_EN[:2], 1))
    + "<h4>On the quay</h4>" + "".join(f"<p>- {line}</p>" for line in LINES_EN[:2])
    + "<h4>Under the bridge</h4>" + "".join(map(p, LINES_EN[1:]))
)  # fmt: skip
"""Stories in bold before headings that name groups, whose stories are paragraphs with a dash, or with nothing."""

LISTED_BEFORE_BOLD = "".join(f"<p>• {name}</p>" for name in FIVE_EN) + "".join(
    f"<p><b>{name}</b></p>{p(BODIES_EN[n])}" for n, name in enumerate(FIVE_EN, 1)
)
THREE_ZH = ["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数"]
ALSO = PLAIN.replace("<h2>Needles on loan</h2>", "<h2>Also on the quay</h2>").replace(
    p(BODIES_EN[4]), "<ul>" + "".join(f"<li>{line}</li>" for line in LINES_EN[1:]) + "</ul>"
)
"""One group among stories, of three lines."""

NUMBERED_WITHIN_ZH = (
    "<h2>河上的事</h2>"
    + "".join(f"<p><b>{n}. {name}</b></p>{p(BODIES_ZH[n])}" for n, name in enumerate(THREE_ZH, 1))
    + "<h2>快讯</h2><ul>" + "".join(f"<li>{line}</li>" for line in LINES_ZH[:2]) + "</ul>"
)  # fmt: skip
NUMBERS_OVER_EMOJI_ZH = "".join(
    f"<p><b>{n}、{name}</b></p>{p(body)}<p>【提要】</p><p>⚙️ {line}</p><p>📈 {name}。</p>"
    for n, (name, body, line) in enumerate(zip(THREE_ZH, BODIES_ZH, LINES_ZH, strict=False), 1)
)
"""A mark before the names, and others more often within the stories."""

ITEMS_OF_THE_DAY = (
    "<p><b>What floats today:</b></p>"
    + "".join(f"<p>{n}. <b>{name}</b> - {BODIES_EN[n]}</p>" for n, name in enumerate(FIVE_EN[:2], 1))
    + "".join(f"<p><b>{name}</b></p>{p(BODIES_EN[n])}" for n, name in enumerate(FIVE_EN[2:], 3))
)
SECTION_ABOVE = LABELLED.replace("h2>", "h4>") + "<h2>Quick hits</h2>" + "".join(
    f"<p><b>{name}</b> {line}</p>" for name, line in zip(["Tallow", "Vipps", "Lyon", "Zabok"], LINES_EN, strict=True)
)  # fmt: skip
LINKS_ABOVE = "".join(
    f'<p><a href="https://l{n}.example/a">0{n} | {name}</a></p><blockquote>{p(BODIES_EN[n])}</blockquote>'
    for n, name in enumerate(FIVE_EN, 1)
)
LINES_ALONE = p("Good morning.") + "<ul>" + "".join(f"<li>{body}</li>" for body in BODIES_EN) + "</ul>"
TITLES_EN = "<p><b>Today:</b></p>" + "".join(
    f"<p>{n}. <b>{name}</b> - {BODIES_EN[n]}</p>" for n, name in enumerate(["Ashore for good", "Cards with holes"], 1)
) + "".join(
    f"<p><b>{group}</b></p>" + "".join(p(name) + p(BODIES_EN[n]) for n, name in some)
    for group, some in [
        ("River and sea", [(5, "Where do the oars go? - Bergen Times"), (3, "Green from a railway line - Zabok Post")]),
        ("Hospitals", [(4, "Needles on loan - Porto Daily")]),
    ]
)  # fmt: skip
"""Titles that are paragraphs like others, but for the full stop."""

LEADS_BETWEEN_RULES = "<p>***</p>".join(
    f"<p><b>{name}:</b><br>{BODIES_EN[n]}</p><p><b>What they did {n}:</b> {BODIES_EN[n]}</p>"
    f"<p><b>Why this matters – {name.split()[0]}:</b> It does.</p>"
    for n, name in enumerate(["A river turns a mill", "Ferries without captains", "The loom that counts"])
)
PAID_FOR = (
    "<h2>A MESSAGE FROM LADDERCO</h2>" + p(BODIES_EN[5]) + PLAIN
    + f'<h2><a href="https://ladder.example/b">A ladder for every mill (Sponsor)</a></h2>{p(BODIES_EN[5])}'
)  # fmt: skip
ABRIDGED_ZH = "<h2>昨天的河</h2>" + "".join(
    map(p, ["渡轮不再要船长", "织布机数数", "染坊停工三天"])
) + "".join(
    f"<h2>{name}</h2>{p(BODIES_ZH[n])}"
    for n, name in enumerate(["渡轮不再要船长", "里昂的织布机数数又快了", "染坊停工三天", "磨坊换了新闸门"])
)  # fmt: skip
"""Contents that are shorter than the titles."""

READINGS = ESSAYS_AND_LINKS.replace("Links, in passing", "Reading list").replace(
    "</ul>", f"<li>The swans of Oslo, a love story — {BODIES_EN[5]}</li></ul>"
)
ESSAYS = "".join(
    f"<h4>{name}</h4>" + p(BODIES_EN[n]) * 2 + p(f"Captains and captains alike wonder about this {name.lower()}.")
    for n, name in enumerate(["Kongsberg steers the ferry", "Cards with holes", "Green from a railway line"], 1)
)
THREE_EN = ["A river turns a mill", "Ferries without captains", "The loom that counts"]


@pytest.mark.parametrize(
    ("title", "html", "expected"),
    [
        pytest.param("Weekly digest", LABELLED, THREE_EN, id="labels"),
        pytest.param("Weekly digest", CONTENTS_EN, THREE_EN, id="contents that are links"),
        pytest.param("Mills, Ferries, Looms", LABELLED_HEADINGS, THREE_EN, id="labels that are headings"),
        pytest.param(
            "Letter 9: Bees; tides; solar sails",
            BOLD_LEADS,
            ["Bees that vote on routes", "A dictionary for tides", "Nine ways to fold a solar sail"],
            id="bold lead-ins",
        ),
        pytest.param(
            "Friday links: a newsletter",
            LINK_LIST,
            ["Bridges that sing", "How kites are taxed", "A map of wells", "Ink from soot"],
            id="links",
        ),
        pytest.param(
            "No. 12: Mills and more",
            IN_BRIEF,
            [*THREE_EN, "Quarry Labs opened a second kiln", "Tallow & Sons closed a third one"],
            id="in brief, sponsor and footer",
        ),
        pytest.param("工坊周报第9期", NUMBERED_ZH, THREE_ZH, id="numbered headings"),
        pytest.param("工坊早报", EMOJI_ZH, THREE_ZH, id="emoji"),
        pytest.param("工坊日报 11-20", INLINE_ZH, THREE_ZH, id="numbers in the line"),
        pytest.param("今日要闻", BRACKETS_ZH, THREE_ZH, id="brackets"),
        pytest.param("工坊简报", BARS_ZH, THREE_ZH, id="bars"),
        pytest.param("一周工坊", HANZI_ZH, THREE_ZH, id="Chinese numbers"),
        pytest.param(
            "工坊周刊（第 3 期）", GROUPS_ZH, ["量水尺", "记账本", "谁发明了闸门", "渡口的一百年"], id="groups"
        ),
        pytest.param(
            "A mill ⚙️, ferries ⛴️, looms 🧵",
            LINKED_HEADINGS,
            [
                "A river turns a mill (3 minute read)",
                "Ferries without captains",
                "Oars for hire",
                "The loom that counts (website)",
                "Dye from nettles",
                "A needle with an eye on you",
            ],
            id="headings that are links, in groups",
        ),
        pytest.param("《工坊》第 100 期", PROJECTS_ZH, ["shuiche", "duchuan", "jiang", "zhibu"], id="groups of one"),
        pytest.param(
            "工坊早报",
            WIRES_ZH,
            ["磨坊换了新闸门", "渡轮不再要船长", "织布机学会数数", "染坊停工三天"],
            id="groups in bold, numbers that begin again",
        ),
        pytest.param("工坊周刊", NESTED_ZH, ["磨坊换了新闸门", "渡轮不再要船长", "谁发明了闸门"], id="numbers within"),
        pytest.param("2026-05-23", CONTENTS_ZH, THREE_ZH, id="a date, and contents"),
        pytest.param(
            "Needles for surgeons",
            p("Good morning. Five things that float or do not.") + PLAIN,
            FIVE_EN,
            id="stories that have nothing in common",
        ),
        pytest.param(
            "🚣 The captain stays ashore",
            KICKERS,
            ["The captain stays ashore", "A tapestry for moths", "Green at a price", "Needles on loan"],
            id="small capitals above headings",
        ),
        pytest.param(
            "The Oar 41: who steers",
            ESSAYS_AND_LINKS,
            ["Who steers", "Who weaves", "Nettles at Zabok", "Old needles"],
            id="two essays, then links",
        ),
        pytest.param(
            "Oar links for Friday",
            SECTIONS_OF_LINKS,
            ["Ashore for good", "Oars by the minute", "Cards with holes", "Needles on loan"],
            id="sections of links, some with one",
        ),
        pytest.param(
            "The Oar, week 23",
            COUNTED,
            ["Ferries ashore", "Cards with holes", "Nettles"],
            id="numbers without a sign",
        ),
        pytest.param(
            "船长上岸，染坊停工，还有一台会数数的织布机",
            LONE_NUMBERS_ZH,
            ["渡轮不再要船长", "织布机学会数数", "染坊停工三天"],
            id="numbers on lines of their own",
        ),
        pytest.param(
            "渡口早读",
            CATEGORIES_ZH,
            ["鹿特丹的乘客几乎没有察觉", "里昂的师傅看一眼就懂了：一张打孔的卡片，一盏灯", "水质报告晚了两个礼拜"],
            id="brackets that name a kind of news",
        ),
        pytest.param(
            "渡口 6月17日", KEYCAPS_ZH, ["渡轮不再要船长", "织布机学会数数", "染坊停工三天"], id="keycaps and a date"
        ),
        pytest.param(
            "The Oar, No. 8",
            PLAIN_ITEMS,
            [
                "Who steers",
                "Jacquard would have understood it at once: a card with holes, read by a lamp",
                "Nettles grow for nothing along the railway at Zabok",
                "A museum in Porto lends needles to surgeons",
            ],
            id="items without a name, in brief",
        ),
        pytest.param(
            "The Oar, No. 9",
            CRUMBS,
            ["Who steers", "Cards with holes", "Green nettles at last", "Needles on loan", "Oars by the minute"],
            id="many below a name that says nothing",
        ),
        pytest.param("Oar bulletin", SPONSORED, FIVE_EN, id="a list of sponsors"),
        pytest.param(
            "【渡口早餐】船長上岸",
            FURNITURE_ZH,
            ["渡輪不再要船長", "織布機學會數數", "染坊停工三天"],
            id="polls and jobs",
        ),
        pytest.param(
            "The Oar Daily",
            CRUMBS_OF_ONE_LINE,
            [
                "The captain stays ashore",
                "A tapestry for moths",
                *(line.removesuffix(".") for line in LINES_EN),
                "Needles are lent to surgeons",
            ],
            id="stories of one line",
        ),
        pytest.param(
            "渡口晨讯 2026-06-11",
            LINES_AFTER_MARKS_ZH,
            [
                *["渡轮不再要船长", "织布机学会数数", "博洛尼亚的针借给医生 只借三天", "一根针最多用 9%"],
                *(line.removesuffix("。") for line in LINES_ZH),
            ],
            id="groups after marked stories",
        ),
        pytest.param(
            "The Oar, March 18: ferries; cards; oars",
            TITLES_EN,
            [
                "Ashore for good",
                "Cards with holes",
                "Where do the oars go? - Bergen Times",
                "Green from a railway line - Zabok Post",
                "Needles on loan - Porto Daily",
            ],
            id="titles like other paragraphs",
        ),
        pytest.param(
            "Oar newsletter 388: mills; ferries; and how to price a loom",
            p("Welcome to the Oar.") + LEADS_BETWEEN_RULES,
            THREE_EN,
            id="lead-ins after rules, and others within",
        ),
        pytest.param(
            "The Oar Daily",
            BOLD_BEFORE_HEADINGS.replace(LINES_EN[1], "A bridge was painted green in Porto.", 1),
            [
                *FIVE_EN[:2],
                LINES_EN[0].removesuffix("."),
                "A bridge was painted green in Porto",
                *(line.removesuffix(".") for line in LINES_EN[1:]),
            ],
            id="groups after stories in bold",
        ),
        pytest.param("The Oar Daily", LISTED_BEFORE_BOLD, FIVE_EN, id="contents before bold titles"),
        pytest.param(
            "The Oar, No. 10",
            p("Good morning.") + ALSO,
            [*FIVE_EN[:3], *(line.removesuffix(".") for line in LINES_EN[1:]), FIVE_EN[4]],
            id="three lines among stories",
        ),
        pytest.param(
            "渡口周报",
            NUMBERED_WITHIN_ZH,
            [*THREE_ZH, *(line.removesuffix("。") for line in LINES_ZH[:2])],
            id="numbers in bold below headings",
        ),
        pytest.param(
            "The Oar, 14 May",
            LINES_ALONE,
            [
                "The plant will run two shifts from March",
                "Passengers on the lower Elbe hardly noticed",
                "Jacquard would have understood it at once: a card with holes, read by a lamp",
                "Nettles grow for nothing along the railway at Zabok",
                "A museum in Porto lends needles to surgeons",
                "Oslo rents out rowing boats by the minute",
            ],
            id="nothing but lines",
        ),
        pytest.param("渡口日报", NUMBERS_OVER_EMOJI_ZH, THREE_ZH, id="emoji within"),
        pytest.param(
            "The Oar: what floats", p("Happy Thursday,") + ITEMS_OF_THE_DAY, FIVE_EN, id="a name with a colon"
        ),
        pytest.param(
            "What floats",
            p("Good morning.") + SECTION_ABOVE,
            [
                *THREE_EN,
                *(
                    f"{n} {line.removesuffix('.')}"
                    for n, line in zip(["Tallow", "Vipps", "Lyon", "Zabok"], LINES_EN, strict=True)
                ),
            ],
            id="a section above the level of the stories",
        ),
        pytest.param("Oar links, 14 May", LINKS_ABOVE, FIVE_EN, id="links above texts"),
        pytest.param("Oar bulletin", PAID_FOR, FIVE_EN, id="paid for"),
        pytest.param(
            "渡口日报",
            ABRIDGED_ZH,
            ["渡轮不再要船长", "里昂的织布机数数又快了", "染坊停工三天", "磨坊换了新闸门"],
            id="contents in short",
        ),
        pytest.param(
            "The Oar 42: who steers",
            READINGS,
            ["Who steers", "Who weaves", "Nettles at Zabok", "Old needles", "The swans of Oslo, a love story"],
            id="a reading list that says something",
        ),
        pytest.param(
            "Kongsberg steers the ferry; Cards with holes; Green from a railway line",
            p("Good morning,") + ESSAYS,
            ["Kongsberg steers the ferry", "Cards with holes", "Green from a railway line"],
            id="a title that names the stories",
        ),
    ],
)
def test_an_issue_is_split(title: str, html: str, expected: list[str]) -> None:
    assert titles(title, html) == expected


# --- articles


SECTIONS = "".join(
    f"<h2>{name}</h2><p>{CHAPTER}</p><p>{CHAPTER} <a href='https://x.example/{n}'>source</a></p>"
    for n, name in enumerate(
        ["The old dam", "Who pays for water", "Fish ladders", "What the valley wants", "A way out"]
    )
)
PAPER = "".join(
    f"<h2>{n}. {name}</h2><p>{CHAPTER}</p>"
    for n, name in enumerate(["Introduction", "Method", "Results", "Conclusion"], 1)
)
MANUAL = "".join(
    f"<h2>{name}</h2><p>{BODY_EN}</p><pre><code>make {name.split()[0]}</code></pre>"
    for name in ["Set up the mill", "Open the gate", "Count the sacks"]
)
QUESTIONS = "".join(
    f"<p><strong>{n}、{name}</strong></p><p>老周：{BODY_ZH}</p>"
    for n, name in zip("一二三四", ["水从哪里来？", "谁来看闸门？", "坏了怎么办？", "要多少钱？"], strict=True)
)
TIPS = "".join(
    f"<h3>{n}. {name}</h3><p>{BODY_EN} <a href='https://x.example/{n}'>more</a></p>"
    for n, name in enumerate(
        ["Measure the water twice", "Keep the gate dry", "Ask the miller first", "Write it all down"], 1
    )
)
CHANGES = "".join(
    f"<h2>{name}</h2><ul><li><a href='https://code.example/{n}'>A change</a>. {BODY_EN[:80]}</li></ul>"
    for n, name in enumerate(["Gates and sluices", "Counting of sacks", "Repairs everywhere"])
)
SHOW_NOTES = (
    p("Three friends talk.")
    + "<ul>"
    + "".join(
        f'<li><a href="https://s{n}.example/a">{name}</a> that Ada mentioned in passing, half an hour in</li>'
        for n, name in enumerate(["A talk", "The film", "A keyboard", "The letter"])
    )
    + "</ul>"
)
HANDBOOK = (
    "<h2>Contents</h2><ul>" + "".join(f"<li>{name}</li>" for name in THREE_EN) + "</ul>"
    + "".join(f"<h2>{n}. {name}</h2><p>More of this in spring. {BODY_EN}</p>" for n, name in enumerate(THREE_EN, 1))
)  # fmt: skip
LISTS_ZH = "".join(
    p(f"{topic}有三步。")
    + "".join(f"<p>{n}、{step}。{BODY_ZH}</p>" for n, step in enumerate(["先量水", "再开闸", "后记账"], 1))
    for topic in ["磨坊开工", "闸门保养", "账本交接"]
)
"""An essay whose lists begin to count again."""

SAME_NAMES = "".join(
    f"<h2>{name}</h2><p>When Kongsberg came to Hamburg, the pilots laughed. {body} Pilots asked Kongsberg.</p>"
    for name, body in zip(
        ["The first trip", "A captain ashore", "What the pilots fear", "Fog at Cuxhaven", "After the strike"],
        [
            "Nobody sat at the wheel.",
            "He had steered for forty years.",
            "They fear it.",
            "A swan.",
            "It is in a museum.",
        ],
        strict=True,
    )
)
RELEASE = "".join(
    f"<h2>{name}</h2><ul>" + "".join(f"<li>{line}</li>" for line in some) + "</ul>"
    for name, some in [("✨ New", LINES_EN), ("🔧 Improved", BODIES_EN[1:]), ("Fixed", LINES_EN[::-1])]
)
COUNTED_ZH = "".join(
    f"<h2>{n}. {name}</h2>{p(BODIES_ZH[n - 1])}"
    for n, name in enumerate(["渡口的钟：叫船用", "里昂的卡片：数线用", "荨麻：染布用", "一根旧针：缝补用"], 1)
)
LISTS_IN_STORIES = "".join(
    f"<h2>{name}</h2><ul>" + "".join(f"<li>{line}</li>" for line in BODIES_EN[n].split(". ")) + "</ul>"
    for n, name in enumerate(FIVE_EN, 1)
)
MODELS_ZH = "".join(
    f"<h2>{name}</h2><ul><li><a href='https://x.example/{n}'>一个项目</a>：{BODY_ZH}</li></ul>"
    for n, name in enumerate(["入门", "进阶", "作业"])
)


@pytest.mark.parametrize(
    ("title", "html"),
    [
        pytest.param("The dam that nobody wanted", SECTIONS, id="sections with links"),
        pytest.param("Weekly essay: the dam", PAPER, id="a paper"),
        pytest.param("Weekly: running a mill", MANUAL, id="a manual"),
        pytest.param("工坊周报特刊：四个问题", QUESTIONS, id="questions and answers"),
        pytest.param("Weekend special: five tips for the quay", PLAIN, id="a list that a letter makes for once"),
        pytest.param("4 tips for better mills", TIPS, id="a list of tips"),
        pytest.param("Changelog 12: gates, sacks, repairs", CHANGES, id="a change log"),
        pytest.param("How we learnt to mill: a year of mornings", LISTS_ZH, id="lists within an essay"),
        pytest.param("The pilots of Hamburg", SAME_NAMES, id="parts that name the same"),
        pytest.param("Three machines, one valley, no plan", HANDBOOK, id="a table of contents"),
        pytest.param("212: Half an hour in", SHOW_NOTES, id="show notes"),
        pytest.param("Millkit 2.14: what's new in June", RELEASE, id="a release"),
        pytest.param("Letter 9: to a friend", p("Dear Ada,") + "".join(map(p, LINES_EN)), id="a letter in short lines"),
        pytest.param("2026 年，留在渡口的 4 件东西", COUNTED_ZH, id="as many as its title says"),
        pytest.param("社区日报 11-02：项目汇总", MODELS_ZH, id="names of kinds"),
        pytest.param("Weekly digest", p(CHAPTER) * 6, id="no parts at all"),
        pytest.param("Weekly digest", "", id="nothing"),
    ],
)
def test_an_article_stays_whole(title: str, html: str) -> None:
    assert titles(title, html, feed="Valley Newsletter") == []


def test_whoever_wishes_it_gets_sections_apart() -> None:
    assert titles("The dam that nobody wanted", SECTIONS, wished=True)[:2] == ["The old dam", "Who pays for water"]
    assert titles("A walk", p(CHAPTER), wished=True) == []


def test_what_parts_are_about() -> None:
    assert names("Nobody asked. Then Kongsberg and, on Monday, Braun-Melsungen said no.") == {
        "kongsberg",
        "braun-melsungen",
    }
    assert names("掌舵的是Kongsberg，书名叫《无人渡口》") == {"kongsberg", "无人渡口"}
    assert words("The ferry 渡轮靠岸") == {"ferry", "渡轮", "轮靠", "靠岸"}
    assert sameness([frozenset("ab"), frozenset("ab")]) == 1
    assert sameness([frozenset("ab"), frozenset("cd"), frozenset()]) == 0
    assert sameness([frozenset()]) == 0
    assert spread(frozenset(["ferry", "swan"]), [frozenset(["ferry"]), frozenset()]) == 0.5
    assert spread(frozenset(), [frozenset()]) == 0


# --- what belongs to a story


def test_lines_alone_are_stories_of_what_calls_itself_an_issue() -> None:
    assert titles("What I saw on the quay", LINES_ALONE.replace("Good morning.", "In the end:")) == []


def test_a_list_about_the_title_above_is_its_story() -> None:
    points = "".join(f"<li>Tallow says: {line}</li>" for line in LINES_EN[1:])
    html = PLAIN.replace(p(BODIES_EN[4]), f"<ul>{points}</ul>").replace("Needles on loan", "Tallow makes needles")
    assert titles("The Oar newsletter, No. 12, 14 May", p("Good morning.") + html)[3] == "Tallow makes needles"


def test_where_most_lines_have_a_dash_the_title_stands_before_it() -> None:
    names = ["Oar", "Nettle", "A tapestry for moths"]
    tools = "".join(f"<li>{name} - {body}</li>" for name, body in zip(names, BODIES_EN[1:], strict=False))
    assert titles("The Oar, No. 11", p("Good morning.") + f"<h2>Tools</h2><ul>{tools}</ul>" + ALSO)[:3] == names


def test_lists_of_which_every_story_has_one_hold_none() -> None:
    assert titles("Weekly digest", p("Good morning.") + LISTS_IN_STORIES) == FIVE_EN


def test_a_title_like_other_paragraphs_is_not_in_the_text() -> None:
    assert texts("The Oar, March 18: ferries; cards; oars", TITLES_EN)[-1] == BODIES_EN[4]


def test_a_story_ends_before_the_next_one_and_before_furniture() -> None:
    story = texts("No. 12: Mills and more", IN_BRIEF)
    assert story[0] == f"What's new: {BODY_EN}\n\nWhy it matters: A river turns a mill."
    assert story[-1].startswith("Tallow & Sons closed")
    assert all("sponsor" not in text and "receive" not in text and "A walk" not in text for text in story)


def test_a_story_has_the_address_that_its_title_or_its_last_line_names() -> None:
    found = find_stories("Letter 9: Bees; tides; sails", build_doc(BOLD_LEADS))
    assert [story.url for story in found] == [f"https://papers.example/{n}" for n in range(3)]


def issue(html: str, title: str = "Weekly digest") -> CleanEntry:
    return CleanEntry("n-1", "https://n.example/1", title, "Ada", "en", None, html, build_doc(html).text)


def test_stories_are_entries_with_the_issues_author_and_date() -> None:
    made = datetime(2026, 11, 20, tzinfo=UTC)
    letter = CleanEntry("n-1", "https://n.example/1", "Weekly digest", "Ada", "en", made, LABELLED, "")
    stories = story_entries(letter, build_doc(LABELLED))
    assert [story.title for story in stories] == THREE_EN
    assert {(story.author, story.published_at, story.lang) for story in stories} == {("Ada", made, "en")}
    assert stories[0].url == "https://n.example/1#:~:text=A%20river%20turns%20a%20mill"
    assert all(story.text == build_doc(story.html).text for story in stories)
    assert len({story.guid for story in stories}) == 3


def test_guids_do_not_change_with_the_text() -> None:
    before = story_entries(issue(LABELLED), build_doc(LABELLED))
    edited = LABELLED.replace("two shifts", "three shifts")
    after = story_entries(issue(edited), build_doc(edited))
    assert [story.guid for story in before] == [story.guid for story in after]
    assert [story.text for story in before] != [story.text for story in after]


def test_two_stories_with_one_address_are_two() -> None:
    html = "".join(
        f'<h2><a href="https://same.example/a">{name}</a></h2><p><strong>What\'s new:</strong> {BODY_EN}</p>'
        for name in THREE_EN
    )
    assert len(story_entries(issue(html), build_doc(html))) == 3


# --- the demo


def demo(name: str) -> CleanFeed:
    from importlib.resources import files

    body = files("tui_reader.demo").joinpath(f"{name}.xml").read_bytes()
    return read_page(Page(f"https://{name}.example/feed.xml", body, "application/xml", None, None), now=MADE_AT)


def test_the_newsletters_of_the_demo_are_split_and_their_specials_are_not() -> None:
    letters = {entry.title[:7]: len(entry.stories) for entry in demo("en-harbour-weekly").entries}
    assert letters == {"No. 216": 8, "No. 215": 9, "No. 214": 5, "No. 213": 0, "No. 212": 11, "No. 211": 10}
    reports = {entry.guid: len(entry.stories) for entry in demo("zh-zhoubao").entries}
    assert reports == {
        "zhoubao-089": 9, "zhoubao-088": 8, "zhoubao-087": 7, "zhoubao-086": 6, "zhoubao-special-memory": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["en-chip-desk", "en-culture", "en-lab-notes", "en-policy", "en-rewrites", "en-wire", "zh-gang",
             "zh-kaiyuan", "zh-kuaixun", "zh-shendu"]
)  # fmt: skip
def test_no_other_article_of_the_demo_is_split(name: str) -> None:
    assert [entry.title for entry in demo(name).entries if entry.stories] == []


# --- any input


MARKUP = st.lists(
    st.sampled_from(
        ["<h2>", "</h2>", "<h3>1. ", "</h3>", "<p>", "</p>", "<ul><li>", "</li></ul>", "<ol><li>", "</li></ol>", "<b>",
         "</b>", "<hr>", "<br>", "1、", "【", "】", "🔥 ", "▎", "①", "——", "A mill", "磨坊", "Why it matters:", "?",
         '<a href="https://a.example/1">', "</a>", "<pre>", "</pre>", "<blockquote>", "</blockquote>", "Subscribe",
         "<table><tr><td>a</td><td>b</td></tr><tr><td>", "</td></tr></table>", "&lt;b&gt;", "<img alt='x'>", "  "]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@given(MARKUP)
@settings(max_examples=300)
def test_stories_are_whole_blocks_in_order_and_apart(html: str) -> None:
    doc = build_doc(html)
    blocks = {block.start for block in doc.blocks}, {block.end for block in doc.blocks}
    found = find_stories("Weekly digest", doc, wished=True)
    for story in found:
        assert story.start in blocks[0]
        assert story.end in blocks[1]
        assert story.start < story.end
        assert story.title == " ".join(story.title.split()) != ""
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(MARKUP)
@example("<ul><li><h3>1. </li></ul><ul><li><ul><li><h3>1. ")
@settings(max_examples=300)
def test_a_doc_written_as_html_says_the_same(html: str) -> None:
    doc = build_doc(clean_html(html, base="https://n.example/"))
    written = doc_html(doc)
    again = build_doc(written).text
    assert again.split() == doc.text.split()
    assert again == doc.text or "<blockquote>" in html
    assert build_doc(clean_html(written, base="https://other.example/")).text == again


def test_an_excerpt_keeps_mark_up_and_nothing_else() -> None:
    doc = build_doc(
        "<p>before</p><ol><li>one <b>two</b></li><li><a href='https://a.example/'>three</a> &lt;i&gt;</li></ol>"
    )
    start = doc.text.index("one")
    assert doc_html(excerpt(doc, start, len(doc.text))) == (
        '<ol><li value="1"><p>one <strong>two</strong></p></li>'
        '<li value="2"><p><a href="https://a.example/">three</a> &lt;i&gt;</p></li></ol>'
    )


def test_a_thousand_parts_are_looked_at_in_no_time_and_split_into_nothing() -> None:
    html = "".join(f"<h2>Mill {n} of the valley</h2><p><b>What's new:</b> {BODY_EN}</p>" for n in range(1000))
    assert titles("Weekly digest", html) == []
