"""Any query finds what a plain reading of it says: the SQL against a slow evaluator that knows no SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import entry, subscribe

from tui_reader.errors import QueryError
from tui_reader.fold import fold
from tui_reader.model import Alias, And, CleanEntry, Dates, Field, Near, Not, Or, Tag, Term, Words
from tui_reader.query import format_query, parse_query
from tui_reader.store import Store, open_store

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = START + timedelta(days=20)

TITLES = ("芯片与晶圆", "Wafer bulletin", "發布Qwen3", "", "ＧＰＵ waferlike", "AI at noon")
TEXTS = (
    "The aim of the chip ban, said Baidu. 出口管制。",
    "waferscale AI, and a new GPT-5",
    "百度发布 Qwen3：芯片不足",
    "Nothing here. 管出制口",
    "chip near a long wall of words before any ban",
)
AUTHORS = ("Lin Wei", "王芳")
ALIASES = (
    Alias("qwen3", "company", "alibaba", same=("千问",)),
    Alias("千问", "company", "alibaba", same=("Qwen3",)),
    Alias("百度", "company", "baidu", widens=True),
    Alias("baidu", "company", "baidu", widens=True),
    Alias("芯片", "topic", "chips"),
    Alias("chips", "topic", "chips"),
    Alias("alibaba", "company", "alibaba"),
)


@dataclass(frozen=True)
class Kept:
    """An entry and all that was done to it."""

    id: int
    entry: CleanEntry
    feed: int
    tags: frozenset[tuple[str, str]]
    states: frozenset[str]
    said: str
    """Quote and note of its highlight; "" if it has none."""
    kind: str


@pytest.fixture(scope="module", params=[10_000, 3], ids=["few", "many"])
def archive(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, tuple[Kept, ...]]]:
    """With both ways of finding what another table names: entries are few, or more than are gathered."""
    path: Path = tmp_path_factory.mktemp("meaning") / "news.db"
    with open_store(path) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui_reader.store.compile._MANY", request.param)
        store.tags.save_names({}, "v1", ALIASES)
        yield store, tuple(_filled(store))


def _filled(store: Store) -> Iterator[Kept]:
    feeds = [
        subscribe(store, "https://one.example/", title="One Weekly", folder="News / Asia"),
        subscribe(store, "https://two.example/", title="第二", folder="News"),
    ]
    for number, (title, text) in enumerate(product(TITLES, TEXTS)):
        feed = feeds[number % 2]
        made = entry(
            str(number), title, text, author=AUTHORS[number % 2], lang=("en", "zh", "zh-tw")[number % 3],
            published_at=START + timedelta(days=number // 2),
        )  # fmt: skip
        (entry_id,) = store.arrivals.save(feed.id, [made], START).new
        tags = {("company", "baidu")} if number % 4 == 0 else {("topic", "chips")} if number % 4 == 1 else set()
        store.tags.save(entry_id, [Tag(kind, slug, slug) for kind, slug in tags], "v1")  # type: ignore[arg-type]
        if number % 5 == 0:
            store.tags.give([entry_id], "label", "重读", now=START)
            tags.add(("label", fold("重读")))
        states = set()
        for field, every in (("read", 3), ("starred", 7), ("later", 4)):
            if number % every == 0:
                store.entries.mark([entry_id], field, value=True, now=START)  # type: ignore[arg-type]
                states.add(field)
        said = kind = ""
        if number % 6 == 0:
            kind = ("claim", "number")[number % 12 // 6]
            store.highlights.add(store.entries.article(entry_id), 0, 7, now=START, note="ask 華為", kind=kind)  # type: ignore[arg-type]
            said = f"{text[:7]}\n ask 華為"
        yield Kept(entry_id, made, feed.id, frozenset(tags), frozenset(states), said, kind)


# --- the plain reading -----------------------------------------------------------------------------------------------


def fits(term: Term, kept: Kept, *, widen: bool = True) -> bool:
    match term:
        case And(terms):
            return all(fits(each, kept, widen=widen) for each in terms)
        case Or(terms):
            return any(fits(each, kept, widen=widen) for each in terms)
        case Not(inner):
            return not fits(inner, kept, widen=False)
        case Words(text, phrase):
            return says(kept, text, phrase=phrase) or (widen and not phrase and _otherwise(text, kept))
        case Near(words, distance):
            return any(near(tokens(column), words, distance) for column in columns(kept))
        case Dates(since, until):
            at = kept.entry.published_at
            assert at is not None
            return (since is None or at >= since) and (until is None or at < until)
        case Field(name, value):
            return has(kept, name, value)


def _otherwise(text: str, kept: Kept) -> bool:
    alias = next((each for each in ALIASES if each.key == fold(text) and each.kind == "company"), None)
    if alias is None:
        return False
    return any(says(kept, name) for name in alias.same) or (alias.widens and ("company", alias.slug) in kept.tags)


def columns(kept: Kept) -> tuple[str, str, str]:
    return (kept.entry.title, kept.entry.text, kept.entry.author)


def tokens(text: str) -> list[str]:
    """Chinese characters one by one, other words whole."""
    return re.findall(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+", fold(text))


def says(kept: Kept, text: str, *, phrase: bool = False) -> bool:
    return any(
        contains(tokens(column), tokens(text), phrase=phrase) for column in (*columns(kept), *kept.said.split("\n"))
    )


def contains(within: list[str], words: list[str], *, phrase: bool) -> bool:
    return any(True for _ in places(within, words, phrase=phrase))


def places(within: list[str], words: list[str], *, phrase: bool) -> Iterator[int]:
    for at in range(len(within) - len(words) + 1):
        *some, last = within[at : at + len(words)]
        longer = not phrase and words[-1].isascii() and len(words[-1]) >= 4
        if some == words[:-1] and (last == words[-1] or (longer and last.startswith(words[-1]))):
            yield at


def near(within: list[str], words: tuple[str, ...], distance: int) -> bool:
    """At most so many other words lie between any of them and the last."""
    sought = [tokens(word) for word in words]
    for starts in product(*(tuple(places(within, each, phrase=True)) for each in sought)):
        ends = (start + len(each) for start, each in zip(starts, sought, strict=True))
        if all(max(starts) - end <= distance for end in ends):
            return True
    return False


FEEDS = {"1": 1, "one": 1, "第二": 2, "weekly": 1}
SLUGS = {alias.key: alias.slug for alias in ALIASES}


def has(kept: Kept, name: str, value: str) -> bool:
    is_so = {"unread": "read" not in kept.states, "highlighted": bool(kept.said), "changed": False, "new": True}
    answers: dict[str, Callable[[], bool]] = {
        "company": lambda: ("company", SLUGS[fold(value)]) in kept.tags,
        "topic": lambda: ("topic", SLUGS[fold(value)]) in kept.tags,
        "tag": lambda: any(slug == fold(value) for _, slug in kept.tags),
        "feed": lambda: kept.feed == FEEDS[fold(value)],
        "folder": lambda: kept.feed == 1 or fold(value) == "news",
        "title": lambda: contains(tokens(kept.entry.title), tokens(value), phrase=False),
        "author": lambda: contains(tokens(kept.entry.author), tokens(value), phrase=False),
        "lang": lambda: kept.entry.lang == value or kept.entry.lang.startswith(f"{value}-"),
        "kind": lambda: kept.kind == value,
        "is": lambda: is_so.get(value, value in kept.states),
    }
    return answers[name]()


# --- both must agree -------------------------------------------------------------------------------------------------

# None of these has an ending that stemming takes away.
WORDS = st.sampled_from(
    (
        *("chip", "ban", "ai", "aim", "wafer", "wafersc", "gpt", "GPT-5", "gpu", "qwen", "Qwen3", "发布Qwen3", "baidu"),
        *("lin", "new", "ask", "芯", "芯片", "百度", "出口管制", "管制", "制口", "千问", "华为", "發布", "王芳"),
    )
)
PHRASES = WORDS | st.sampled_from(["chip ban", "the chip", "ban the", "new GPT", "at noon", "片 不", "Baidu 出口"])
FIELDS = st.one_of(
    st.sampled_from(["baidu", "百度", "alibaba", "千问"]).map(lambda value: Field("company", value)),
    st.sampled_from(["chips", "芯片"]).map(lambda value: Field("topic", value)),
    st.sampled_from(["baidu", "chips", "重讀", "nothing"]).map(lambda value: Field("tag", value)),
    st.sampled_from(["1", "one", "weekly", "第二"]).map(lambda value: Field("feed", value)),
    st.sampled_from(["news", "news / asia"]).map(lambda value: Field("folder", value)),
    st.sampled_from(["wafer", "芯片", "ai"]).map(lambda value: Field("title", value)),
    st.sampled_from(["wei", "王"]).map(lambda value: Field("author", value)),
    st.sampled_from(["zh", "en", "zh-tw"]).map(lambda value: Field("lang", value)),
    st.sampled_from(["claim", "number", "fact"]).map(lambda value: Field("kind", value)),
    st.sampled_from(["unread", "read", "starred", "later", "highlighted", "changed", "new"]).map(
        lambda value: Field("is", value)
    ),
)
MOMENTS = st.integers(0, 17).map(lambda days: START + timedelta(days=days, hours=-12))
ATOMS = st.one_of(
    WORDS.map(Words),
    PHRASES.map(lambda text: Words(text, phrase=True)),
    FIELDS,
    st.builds(Near, st.lists(WORDS, min_size=2, max_size=3, unique=True).map(tuple), st.integers(0, 6)),
    st.builds(Dates, MOMENTS, st.none()),
    st.builds(Dates, st.none(), MOMENTS),
)


def lists_of(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[tuple[Term, ...]]:
    return st.lists(terms, min_size=2, max_size=3).map(tuple)


TERMS = st.recursive(
    ATOMS, lambda terms: st.one_of(terms.map(Not), lists_of(terms).map(And), lists_of(terms).map(Or)), max_leaves=6
)


@settings(max_examples=200, deadline=None)
@given(term=TERMS)
def test_a_query_finds_what_it_says(archive: tuple[Store, tuple[Kept, ...]], term: Term) -> None:
    store, all_kept = archive
    text = format_query(term)
    parsed = parse_query(text, now=LATER).term
    assert parsed is not None
    condition = store.condition(parsed)
    found = list(store.entries.ids(condition))
    assert set(found) == {kept.id for kept in all_kept if fits(term, kept)}, text
    ranked = store.search.ids(parsed, condition)
    assert sorted(ranked) == sorted(found)
    assert store.entries.count(condition) == len(found)
    assert store.entries.count(store.condition(parsed, whole=True)) == len(found)
    assert len(store.search.hits(ranked, parsed)) == len(found)


PIECES = st.sampled_from(
    (
        *("\"“”「()（-:：,*^';{}+ \x00\ud800éﬁİ🙂\u0301"),
        *(" or ", " AND ", "near(", "NEAR(", "company:", "feed:", "folder:", "tag:", "is:unread", "lang:%", "title:"),
        *("author:*", "kind:fact", "chip", "芯片", "rowid", "search", "' OR 1=1 --", "a" * 300, "0" * 40),
    )
)


@settings(max_examples=200, deadline=None)
@given(text=st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join))
def test_no_text_breaks_the_store_or_means_something_else_to_the_ranking(
    archive: tuple[Store, tuple[Kept, ...]], text: str
) -> None:
    store, _ = archive
    wrong: QueryError | None = None
    try:
        term = parse_query(text, now=LATER).term
        condition, highlights = store.condition(term), store.highlight_condition(term)
    except QueryError as error:
        wrong = error
    if wrong is not None:
        assert 0 <= wrong.offset <= len(text)
        return
    found = store.entries.ids(condition)
    assert sorted(store.search.ids(term, condition)) == sorted(found)
    assert store.entries.count(condition) == len(found)
    store.search.hits(found, term)
    store.highlights.all(highlights)
