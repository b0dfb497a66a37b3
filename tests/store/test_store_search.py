from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import NOW, entry, later, save, subscribe

from tui_reader.errors import QueryError
from tui_reader.fold import fold, indexed, plain, spaced
from tui_reader.model import Tag
from tui_reader.query import parse_query
from tui_reader.store import Store, open_demo_store, words_pattern
from tui_reader.store.search import snippet

ENTRIES = (
    entry("qwen", "阿里巴巴发布Qwen3", "通义千问团队在杭州开源了新一代模型，百度与腾讯尚未回应。", lang="zh"),
    entry("taipei", "臺積電擴產", "先進製程的產能將在明年倍增，輝達是最大客戶。", lang="zh-tw", author="林佳穎"),
    entry("chips", "Export controls tighten", "Officials are exporting fewer licences for GPT-5 class chips to China."),
    entry(
        "cafe", "Café culture among coders", "They said the aim of the naïve plan was a good aim.", author="Zoë Ruiz"
    ),
    entry("wide", "ＧＰＵ价格回落", "二手Ｈ１００的报价跌了三成。", lang="zh"),
)


@pytest.fixture
def archive(store: Store) -> Store:
    subscribe(store, title="Harbour Weekly", folder="News / Asia")
    ids = save(store, *ENTRIES)
    store.tags.save(ids[0], [Tag("company", "alibaba", "Alibaba"), Tag("topic", "model-release", "Releases")], "v1")
    store.entries.mark(ids[:1], "read", value=True, now=NOW)
    store.entries.mark(ids[1:2], "starred", value=True, now=NOW)
    article = store.entries.article(ids[2])
    store.highlights.add(article, 0, 9, now=NOW, note="比较二月的草案 with the February draft, résumé", kind="fact")
    return store


def find(store: Store, query: str) -> set[str]:
    """What both the list and the search find."""
    term = parse_query(query, now=NOW).term
    condition = store.condition(term)
    guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
    listed, ranked = store.entries.ids(condition), store.search.ids(term, condition)
    assert len(ranked) == len(set(ranked))
    assert set(listed) == set(ranked)
    assert store.entries.count(condition) == len(listed)
    return {guids[each] for each in listed}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # One, two, many characters
        ("问", "qwen"),
        ("百度", "qwen"),
        ("千问", "qwen"),
        ("通义千问团队", "qwen"),
        ("问千", ""),
        ("百腾", ""),
        # Traditional finds simplified, and the other way round
        ("百度與騰訊", "qwen"),
        ("台积电", "taipei"),
        ("先进制程", "taipei"),
        ("臺積電", "taipei"),
        # Latin within Chinese, full-width
        ("Qwen3", "qwen"),
        ("qwen", "qwen"),
        ("发布Qwen3", "qwen"),
        ("ｑｗｅｎ３", "qwen"),
        ("GPU", "wide"),
        ("h100", "wide"),
        ("Ｈ１００的报价", "wide"),
        # English: stems, prefixes, accents, capitals
        ("export", "chips"),
        ("exported", "chips"),
        ("offices", ""),
        ("licence", "chips"),
        ("offic", "chips"),
        ("CAFE", "cafe"),
        ("naive", "cafe"),
        # Short words are whole words
        ("ai", ""),
        ("aim", "cafe"),
        ("gpt", "chips"),
        ("GPT-5", "chips"),
        ("gpt5", ""),
        # Phrases
        ('"fewer licences"', "chips"),
        ('"licences fewer"', ""),
        ('"offic"', ""),
        ("「新一代模型」", "qwen"),
        # Together, without, either
        ("百度 腾讯", "qwen"),
        ("百度 china", ""),
        ("-china", "qwen taipei cafe wide"),
        ("lang:zh -百度", "taipei wide"),
        ("百度 or 輝達 or aim", "qwen taipei cafe"),
        ("(百度 or 輝達) is:unread", "taipei"),
        ("near(fewer chips, 6)", "chips"),
        ("near(fewer chips, 2)", ""),
        ("near(百度 腾讯, 2)", "qwen"),
        # A note is text of the entry
        ("草案", "chips"),
        ("February", "chips"),
        ("drafts", "chips"),
        ("raft", ""),
        ("resume", "chips"),
        # Fields
        ("company:alibaba", "qwen"),
        ("company:阿里巴巴", "qwen"),
        ("topic:model-release", "qwen"),
        ("-company:alibaba lang:zh", "taipei wide"),
        ("feed:harbour 百度", "qwen"),
        ('folder:"news / asia" aim', "cafe"),
        ("folder:news aim", "cafe"),
        ("lang:zh", "qwen taipei wide"),
        ("lang:zh-TW", "taipei"),
        ("is:read", "qwen"),
        ("is:starred", "taipei"),
        ("is:later", ""),
        ("is:highlighted", "chips"),
        ("kind:fact", "chips"),
        ("kind:claim", ""),
        ("title:百度", ""),
        ("title:发布", "qwen"),
        ("title:controls", "chips"),
        ("author:林佳颖", "taipei"),
        ("author:ruiz", "cafe"),
        ("author:Zoe", "cafe"),
        ("在杭州 or title:gpu", "qwen wide"),
    ],
)
def test_what_a_query_finds(archive: Store, query: str, expected: str) -> None:
    assert find(archive, query) == set(expected.split())


def test_dates(store: Store) -> None:
    for day in (1, 2, 3):
        save(store, entry(str(day), published_at=datetime(2026, 11, day, 12, tzinfo=UTC)))
    assert find(store, "on:2026-11-02") == {"2"}
    assert find(store, "after:2026-11-02") == {"2", "3"}
    assert find(store, "before:2026-11-02") == {"1"}
    assert find(store, "on:2026-11-01..2026-11-02") == {"1", "2"}
    assert find(store, "after:17d") == {"3"}
    assert find(store, "after:2027") == set()


def test_a_feed_by_its_id_is_that_feed_only(store: Store) -> None:
    one, two = subscribe(store, title="Week 2"), subscribe(store, "https://b.example/", title="Other")
    save(store, entry("one"), feed=one)
    save(store, entry("two"), feed=two)
    assert find(store, f"feed:{two.id}") == {"two"}
    assert find(store, "feed:https://b.example/") == {"two"}


@pytest.mark.parametrize(
    "query",
    ["%", "_", "'", "100%", "a' OR 1=1 --", "NEAR/3", "AND", "NOT", "*", "^", "{}", "x:y:z", "\x00", "C++", "🙂"],
)
def test_no_query_breaks_the_sql(archive: Store, query: str) -> None:
    try:
        term = parse_query(query, now=NOW).term
    except QueryError:
        return
    archive.search.ids(term, archive.condition(term))
    archive.highlights.all(archive.highlight_condition(term))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text("ab 中国國Ａ１1-.,'\"*:()^é", max_size=12), data=st.data())
def test_any_piece_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    with open_demo_store() as store:
        (entry_id,) = save(store, entry("a", "", text))
        han = [char for char in text if char in "中国國"]
        for char in han[:3]:
            term = parse_query(char, now=NOW).term
            assert list(store.search.ids(term, store.condition(term))) == [entry_id]
        words = [word for word in fold(text).split() if any(char.isalnum() for char in word)]
        if words:
            quoted = data.draw(st.sampled_from(words)).replace('"', " ")
            if any(char.isalnum() for char in quoted):
                term = parse_query(f'"{quoted}"', now=NOW).term
                assert list(store.search.ids(term, store.condition(term))) == [entry_id]


def test_titles_come_before_texts_and_newer_before_older(store: Store) -> None:
    filler = "Nothing else in this issue is about it, and there are many more words that say other things. " * 3
    save(
        store,
        entry("text", "Weekly notes", f"Ascend came up. {filler}", published_at=later(hours=2)),
        entry("title", "Ascend roadmap", filler, published_at=NOW),
        entry("older", "Weekly notes", f"Ascend came up. {filler}", published_at=NOW - timedelta(days=2)),
        *(entry(str(number), f"Issue {number}", filler) for number in range(9)),
    )
    term = parse_query("ascend", now=NOW).term
    guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
    ids = store.search.ids(term, store.condition(term))
    assert [guids[each] for each in ids] == ["title", "text", "older"]
    assert list(store.search.ids(term, store.condition(term), limit=1)) == list(ids[:1])
    assert len(store.search.ids(term, store.condition(term), limit=0)) == 0


def test_a_limit_also_holds_for_what_only_a_note_says(archive: Store) -> None:
    save(archive, entry("draft", "A February draft", "It is long."))
    term = parse_query("February", now=NOW).term
    condition = archive.condition(term)
    assert len(archive.search.ids(term, condition)) == 2
    assert list(archive.search.ids(term, condition, limit=1)) == list(archive.search.ids(term, condition)[:1])


def test_edits_are_found_and_what_they_took_out_is_not(store: Store) -> None:
    save(store, entry("a", "旧题", "The plant opens in Wuhan."))
    save(store, entry("a", "新題", "The plant opens in Hefei."))
    assert (find(store, "wuhan"), find(store, "旧"), find(store, "hefei"), find(store, "新题")) == (
        set(), set(), {"a"}, {"a"},
    )  # fmt: skip
    assert store.check() == ()
    assert store.repair() == ("indexed 1 entry anew",)
    assert (find(store, "wuhan"), find(store, "hefei")) == (set(), {"a"})


def test_snippets_show_the_first_match_on_one_line(archive: Store) -> None:
    term = parse_query("licence", now=NOW).term
    (hit,) = archive.search.hits(archive.search.ids(term, archive.condition(term)), term)
    assert "\n" not in hit.snippet
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["licences"]


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("騰訊", ["腾讯"]),
        ("ｑｗｅｎ", ["Qwen"]),
        ("gpt-5", ["GPT-5"]),
        ('"fewer licences"', ["fewer\nlicences"]),
        ("aim", []),
        ("-licences", []),
    ],
)
def test_marks_lie_on_the_matches(query: str, marked: list[str]) -> None:
    text = "Said 腾讯 of Qwen3 and GPT-5: fewer\nlicences, mainly claimed."
    line, spans = snippet(text, words_pattern(parse_query(query, now=NOW).term))
    assert [line[start:end] for start, end in spans] == [each.replace("\n", " ") for each in marked]


def test_a_long_text_is_cut_around_the_match() -> None:
    text = "前言。" * 200 + "关键的一句在这里。" + "后记。" * 200
    line, ((start, end),) = snippet(text, words_pattern(parse_query("关键", now=NOW).term))
    assert line[start:end] == "关键"
    assert line.startswith("…")
    assert line.endswith("…")
    assert len(line) < 130


def test_a_quote_is_found_when_its_article_says_something_else_by_now(store: Store) -> None:
    (entry_id,) = save(store, entry("a", text="Yields reached sixty percent in March, said the foundry."))
    store.highlights.add(store.entries.article(entry_id), 0, 28, now=NOW)
    save(store, entry("a", text="The foundry has nothing to say."))
    assert find(store, "sixty") == {"a"}
    term = parse_query("sixty", now=NOW).term
    (hit,) = store.search.hits([entry_id], term)
    assert hit.snippet.startswith("✎ Yields reached")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["sixty"]


def test_a_snippet_shows_the_note_where_that_is_what_fits(archive: Store) -> None:
    term = parse_query("草案", now=NOW).term
    (hit,) = archive.search.hits(archive.search.ids(term, archive.condition(term)), term)
    assert hit.snippet == "✎ 比较二月的草案 with the February draft, résumé"
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["草案"]


def test_matches_in_the_title_are_marked(archive: Store) -> None:
    term = parse_query("发布Qwen3", now=NOW).term
    (hit,) = archive.search.hits(archive.search.ids(term, archive.condition(term)), term)
    assert [hit.entry.title[start:end] for start, end in hit.title_marks] == ["发布Qwen3"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("exported", "They export it."),
        ("running", "It runs."),
        ("policies", "The policy."),
        ("licence", "Many licences."),
        ("gpu", "New GPUs."),
        ('"chip makers"', "A chip maker."),
        ("CAFE", "In a Café."),
        ("façade", "A facade."),
    ],
)
def test_what_the_index_finds_by_its_stem_is_marked(store: Store, query: str, text: str) -> None:
    save(store, entry("a", "Weekly", text))
    term = parse_query(query, now=NOW).term
    (hit,) = store.search.hits(store.search.ids(term, store.condition(term)), term)
    assert hit.marks


SOME = "moonshot-ai, alibaba, baidu, tencent, bytedance …"


@pytest.mark.parametrize(
    ("query", "message", "hint"),
    [
        ("芯片 company:alibabba", "company:alibabba: did you mean company:alibaba?", "company:alibaba"),
        ("芯片 topic:chps", "topic:chps: did you mean topic:chips?", "topic:chips"),
        ("芯片 company:nobody-knows-it", "company:nobody-knows-it at 3: no such company; there are " + SOME, ""),
        ("芯片 feed:harbor", 'feed:harbor: did you mean feed:"Harbour Weekly"?', 'feed:"Harbour Weekly"'),
        ("芯片 feed:elsewhere", "feed:elsewhere at 3: no such feed; there are Harbour Weekly", ""),
        ("芯片 -folder:x", "folder:x at 4: no such folder; there are News / Asia", ""),
        ("芯片 topic:芯", "topic:芯: did you mean topic:chips?", "topic:chips"),
        ("芯片 topic:出口", "topic:出口: did you mean topic:export-controls?", "topic:export-controls"),
        ("芯片 company:阿里吧吧", "company:阿里吧吧: did you mean company:alibaba?", "company:alibaba"),
        (
            "芯片 company:alibaba,百度",
            "company: at 3 takes one value: did you mean (company:alibaba or company:百度)?",
            "(company:alibaba or company:百度)",
        ),
        ("芯片 lang:klingon", "lang:klingon at 3: no such language; there are en, zh, zh-tw, ja, ko …", ""),
        ("芯片 lang:xx", "lang:xx at 3: no such language; there are en, zh, zh-tw, ja, ko …", ""),
        ("芯片 lang:englsh", "lang:englsh: did you mean lang:en?", "lang:en"),
        ("芯片 lang:中文", "lang:中文: did you mean lang:zh?", "lang:zh"),
        ("芯片 -lang:zh_CN", "lang:zh_CN: did you mean lang:zh?", "lang:zh"),
        ("芯片 folder:new", 'folder:new: did you mean folder:"News / Asia"?', 'folder:"News / Asia"'),
        ("芯片 folder:news/asi", 'folder:news/asi: did you mean folder:"News / Asia"?', 'folder:"News / Asia"'),
    ],
)
def test_a_name_that_nobody_has_is_a_mistake_and_not_an_empty_list(
    archive: Store, query: str, message: str, hint: str
) -> None:
    term = parse_query(query, now=NOW).term
    with pytest.raises(QueryError) as caught:
        archive.condition(term)
    assert (str(caught.value), caught.value.hint) == (message, hint)
    assert caught.value.offset == query.index(query.split()[1].lstrip("-"))


def test_a_language_that_could_be_there_is_no_mistake(archive: Store) -> None:
    save(archive, entry("fi", "Sirut", lang="fi"))
    for lang, count in (("ja", 0), ("fi", 1), ("FI", 1)):
        assert archive.entries.count(archive.condition(parse_query(f"lang:{lang}", now=NOW).term)) == count


@given(st.text(max_size=60))
def test_offsets_stay_true_without_accents(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(("query", "other"), [("apple", "Apply for an application"), ("policy", "The police")])
def test_a_whole_word_is_no_beginning_of_others(store: Store, query: str, other: str) -> None:
    save(store, entry("it", "Weekly", f"About {query}s and more"), entry("other", "Weekly", other))
    assert find(store, query) == {"it"}


@given(st.text(max_size=60) | st.text("aΣςσİ中國Ａ１ é-", max_size=20))
def test_the_index_is_written_as_queries_are_read(text: str) -> None:
    assert indexed(text) == spaced(fold(text))
