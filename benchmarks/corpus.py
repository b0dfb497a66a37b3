"""Invented news that is the same on every machine: feeds for the server, entries for the store."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from itertools import accumulate

from tui_reader.model import CleanEntry

NEWEST = datetime(2025, 6, 1, 12, tzinfo=UTC)
RARE_EN, RARE_ZH = "wolframite", "钨锰铁矿"
"""One entry in a thousand has one of them."""

# Words in a line, parted by spaces.
_COMPANIES_EN = (
    "OpenAI Anthropic Nvidia Microsoft Alibaba Tencent Baidu ByteDance Huawei DeepSeek Mistral Samsung TSMC AMD Intel "
    "Xiaomi Tesla Databricks Cohere Oracle"
)
_COMPANIES_ZH = (
    "阿里巴巴 腾讯 百度 字节跳动 华为 英伟达 微软 台积电 小米 商汤 科大讯飞 寒武纪 中芯国际 美团 京东 月之暗面"
)
_PLAIN_EN = "the of to and a in is for that on with as by new says at from its was has this will than more"
_PLAIN_ZH = "的 了 在 是 和 将 对 与 也 为 有 这 不 中 上 一 我们 他们 可以 已经 表示 认为"
_TOPICAL_EN = (
    "model data chips training export research users cost open weights benchmark agents tokens inference memory "
    "cluster power prices funding regulators court policy market revenue quarter paper robots video speech search "
    "code license safety tests customers cloud supply talent"
)
_TOPICAL_ZH = (
    "模型 芯片 数据 训练 推理 开源 发布 融资 监管 出口管制 算力 用户 成本 价格 市场 研究 论文 机器人 视频 语音 搜索 "
    "代码 安全 测试 客户 云计算 供应链 人才 报告 政策 公司 团队 产品 能力 大模型 智能体 参数 显存 集群 电力 季度 营收"
)
_SYLLABLES = "ba ren ti mo lu ske dor fin qua pel vi xan tro je hal cum or nis gre ta"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as its publisher wrote it."""

    guid: str
    url: str
    title: str
    author: str
    published_at: datetime
    paragraphs: tuple[str, ...]


def items(feed: int, count: int) -> list[Item]:
    """The newest entries of a feed, newest first. Every second feed is Chinese."""
    return [_item(feed, number) for number in range(count)]


def feed_title(feed: int) -> str:
    return f"每日智能 {feed:04d}" if _is_chinese(feed) else f"Machine Daily {feed:04d}"


def feed_body(feed: int, count: int) -> bytes:
    """The feed as a server sends it: RSS and Atom in turns of two, so that both languages have both."""
    return (_atom if feed % 4 > 1 else _rss)(feed, items(feed, count)).encode()


def clean_entries(feed: int, count: int) -> list[CleanEntry]:
    """The same entries as they are once parsed and cleaned."""
    return [
        CleanEntry(
            guid=item.guid,
            url=item.url,
            title=item.title,
            author=item.author,
            lang="zh" if _is_chinese(feed) else "en",
            published_at=item.published_at,
            html=_html(item),
            text="\n\n".join(item.paragraphs),
        )
        for item in items(feed, count)
    ]


def _item(feed: int, number: int) -> Item:
    # A seed of its own for each: an entry is the same however many are made.
    rng = random.Random(f"{feed}:{number}")
    chinese = _is_chinese(feed)
    pool = _sentences(chinese=chinese)
    size, paragraphs = rng.randint(1_000, 3_000), []
    if (feed + number * 7) % 1000 == 0:
        paragraphs.append(RARE_ZH + "。" if chinese else f"A mine of {RARE_EN} opens. ")
    while size > 0:
        paragraphs.append("".join(rng.choices(pool, k=rng.randint(2, 5))).strip())
        size -= len(paragraphs[-1].encode())
    title = rng.choice(pool).strip(" 。.")[: 30 if chinese else 80]
    if rng.random() < 0.4:
        title = f"{rng.choice(_companies(chinese=chinese))}{'：' if chinese else ': '}{title}"
    address = f"https://news{feed:04d}.example/{number}"
    published = NEWEST - timedelta(minutes=173 * number + feed)
    return Item(address, address, title, rng.choice(("Lin Wei", "Ada Brandt", "王芳")), published, tuple(paragraphs))


def _is_chinese(feed: int) -> bool:
    return feed % 2 == 1


@cache
def _sentences(*, chinese: bool) -> tuple[str, ...]:
    """Common words are common and rare ones rare, as in a language: an index behaves as it would."""
    rng = random.Random(chinese)
    companies = _companies(chinese=chinese)
    words = _vocabulary(rng, chinese=chinese)
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    glue, comma, stop = ("", "，", "。") if chinese else (" ", ", ", ". ")
    sentences = []
    for _ in range(6_000):
        chosen = rng.choices(words, cum_weights=weights, k=rng.randint(6, 20))
        if rng.random() < 0.15:
            chosen[rng.randrange(len(chosen))] = rng.choice(companies)
        half = len(chosen) // 2
        text = glue.join(chosen[:half]) + comma + glue.join(chosen[half:]) + stop
        sentences.append(text[0].upper() + text[1:])
    return tuple(sentences)


def _companies(*, chinese: bool) -> list[str]:
    return (_COMPANIES_ZH if chinese else _COMPANIES_EN).split()


def _vocabulary(rng: random.Random, *, chinese: bool) -> list[str]:
    """The most common first: plain words, then one topical word for twelve made ones."""
    plain, topical = (_PLAIN_ZH, _TOPICAL_ZH) if chinese else (_PLAIN_EN, _TOPICAL_EN)
    parts = sorted(set((plain + topical).replace(" ", ""))) if chinese else _SYLLABLES.split()
    words = ["".join(rng.choices(parts, k=rng.randint(2, 3 if chinese else 4))) for _ in range(12_000)]
    for rank, word in enumerate(topical.split()):
        words.insert(rank * 12, word)
    return list(dict.fromkeys((*plain.split(), *words)))


def _html(item: Item) -> str:
    linked = f'<p><a href="{item.url}/source">{escape(item.author)}</a></p>'
    return "".join(f"<p>{escape(each, quote=False)}</p>" for each in item.paragraphs) + linked


def _rss(feed: int, entries: list[Item]) -> str:
    rows = "".join(
        f"<item><title>{escape(each.title)}</title><link>{each.url}</link><guid>{each.guid}</guid>"
        f"<author>{escape(each.author)}</author><pubDate>{format_datetime(each.published_at)}</pubDate>"
        f"<description>{escape(_html(each))}</description></item>\n"
        for each in entries
    )
    head = f"<title>{feed_title(feed)}</title><link>https://news{feed:04d}.example/</link>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>{head}\n{rows}</channel></rss>'


def _atom(feed: int, entries: list[Item]) -> str:
    rows = "".join(
        f'<entry><title>{escape(each.title)}</title><link href="{each.url}"/><id>{each.guid}</id>'
        f"<author><name>{escape(each.author)}</name></author><updated>{each.published_at.isoformat()}</updated>"
        f'<content type="html">{escape(_html(each))}</content></entry>\n'
        for each in entries
    )
    head = f"<title>{feed_title(feed)}</title><id>https://news{feed:04d}.example/</id>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">{head}\n{rows}</feed>'
