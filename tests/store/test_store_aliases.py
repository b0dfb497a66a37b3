"""A search for a name finds what goes by another name, says so, and leaves it when told to."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import NOW, entry, save

from tui_reader.errors import QueryError
from tui_reader.model import Evidence, Expansion, Tag
from tui_reader.query import parse_query
from tui_reader.refresh import save_names
from tui_reader.store import Store
from tui_reader.tagging import load_taxonomy

ENTRIES = (
    entry("pinyin", "A quiet release", "Tongyi Qianwen writes poems now."),
    entry("hanzi", "千问更新", "新的版本可以写诗。", lang="zh"),
    entry("cloud", "Parcels by drone", "The Hangzhou group wants to deliver parcels within the hour."),
    entry("other", "Kimi K2", "Moonshot AI opens its weights."),
)


@pytest.fixture
def archive(store: Store) -> Store:
    save_names(store, load_taxonomy())
    ids = save(store, *ENTRIES)
    for entry_id in ids[:3]:
        store.tags.save(entry_id, [Tag("company", "alibaba", "Alibaba")], "v1")
    store.tags.save(ids[3], [Tag("company", "moonshot-ai", "Moonshot AI")], "v1")
    return store


def found(store: Store, query: str) -> list[str]:
    """Best first; lists and counts hold the same."""
    term = parse_query(query, now=NOW).term
    condition = store.condition(term)
    ids = store.search.ids(term, condition)
    assert set(ids) == set(store.entries.ids(condition))
    assert store.entries.count(condition) == len(ids)
    guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
    return [guids[each] for each in ids]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # A product is also what it is called elsewhere, and nothing else of its company
        ("千问", {"hanzi", "pinyin"}),
        ("通義千問", {"hanzi", "pinyin"}),
        ("Qwen", {"hanzi", "pinyin"}),
        ("tongyi qianwen", {"hanzi", "pinyin"}),
        ("千问 poems", {"pinyin"}),
        ("poems tongyi qianwen now", {"pinyin"}),
        ("千问 or kimi", {"hanzi", "pinyin", "other"}),
        # A company is all that is tagged so
        ("阿里", {"hanzi", "pinyin", "cloud"}),
        ("Alibaba", {"hanzi", "pinyin", "cloud"}),
        ("Moonshot AI", {"other"}),
        ("company:阿里巴巴", {"hanzi", "pinyin", "cloud"}),
        ("company:千问", {"hanzi", "pinyin", "cloud"}),
        # In quotes a word is that word; a minus takes away no more than it says
        ('"千问"', {"hanzi"}),
        ('"Alibaba"', set()),
        ("-千问", {"pinyin", "cloud", "other"}),
        ("title:千问", {"hanzi"}),
    ],
)
def test_names_stand_for_each_other(archive: Store, query: str, expected: set[str]) -> None:
    assert set(found(archive, query)) == expected


def test_what_says_the_word_itself_comes_first(archive: Store) -> None:
    save(
        archive,
        entry("named", "Weekly", "Alibaba was named once in a long issue. " * 3, published_at=NOW.replace(year=2020)),
    )
    assert found(archive, "alibaba")[0] == "named"


@pytest.mark.parametrize(
    ("query", "used"),
    [
        ("千问 诗", (Expansion("千问", ("通义千问", "Qianwen", "Tongyi Qianwen", "Qwen")),)),
        ("moonshot ai", (Expansion("moonshot ai", (), "moonshot-ai"),)),
        ("阿里 or 阿里", (Expansion("阿里", (), "alibaba"),)),
        ("Kimi", ()),
        ("芯片", ()),
        ('"千问" -阿里 company:阿里', ()),
        ("", ()),
    ],
)
def test_it_is_told_what_was_looked_for_beyond_the_words(
    archive: Store, query: str, used: tuple[Expansion, ...]
) -> None:
    assert archive.expansions(parse_query(query, now=NOW).term) == used


def test_the_other_name_is_what_the_snippet_marks(archive: Store) -> None:
    term = parse_query("千问", now=NOW).term
    hits = archive.search.hits(archive.search.ids(term, archive.condition(term)), term)
    shown = {hit.snippet[start:end] for hit in hits for start, end in hit.marks}
    assert shown == {"Tongyi Qianwen"}


def test_what_a_tag_stands_on_is_what_the_snippet_marks(archive: Store) -> None:
    text = "A quiet week. " * 20 + "Then Taobao opened a shop."
    (entry_id,) = save(archive, entry("shop", "Weekly", text))
    at = text.index("Taobao")
    evidence = (Evidence("Taobao", at, at + 6, "text", "platform"),)
    archive.tags.save(entry_id, [Tag("company", "alibaba", "Alibaba", evidence=evidence)], "v1")
    (hit,) = archive.search.hits([entry_id], parse_query("阿里", now=NOW).term)
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["Taobao"]


def test_names_of_the_readers_own_taxonomy_are_known(store: Store, tmp_path: Path) -> None:
    own = tmp_path / "taxonomy.toml"
    own.write_text(
        '[companies.acme]\nname = "Acme"\nnames = "Acme, 艾克美"\nsame = "Roadrunner = 走鹃"\n', encoding="utf-8"
    )
    save_names(store, load_taxonomy(own))
    (entry_id,) = save(store, entry("a", "走鹃来了", "新机器。"))
    store.tags.save(entry_id, [Tag("company", "acme", "Acme")], "v1")
    assert found(store, "roadrunner") == found(store, "company:艾克美") == found(store, "acme") == ["a"]


def test_no_search_loads_the_taxonomy(archive: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the taxonomy was loaded")

    monkeypatch.setattr("tui_reader.tagging.load_taxonomy", refuse)
    found(archive, "千问 or company:月之暗面 or plain words")


@pytest.mark.parametrize(
    ("said", "kind", "slug"),
    [
        ("alibaba", "company", "alibaba"),
        ("Moonshot AI", "company", "moonshot-ai"),
        ("月之暗面", "company", "moonshot-ai"),
        ("Qwen", "company", "alibaba"),
        ("company:千问", "company", "alibaba"),
        ("Export controls", "topic", "export-controls"),
        ("topic:芯片", "topic", "chips"),
        ("Reread", "label", "reread"),
        ("kimi", "label", "Kimi"),
        ("company:kimi", "company", "moonshot-ai"),
        ("chips", "topic", "chips"),
        ("tag:chips", "label", "Chips"),
        ("tag: qwen ", "label", "qwen"),
        (" to  do: call", "label", "to do: call"),
    ],
)
def test_a_tag_is_what_a_person_means_by_its_name(archive: Store, said: str, kind: str, slug: str) -> None:
    first = archive.entries.ids(archive.condition(None))[0]
    for label in ("reread", "Kimi", "Chips"):
        archive.tags.give([first], "label", label, now=NOW)
    assert archive.aliases.tag(said) == (kind, slug)


@pytest.mark.parametrize("said", ["", "  ", "tag:", "company:", "topic: "])
def test_a_tag_needs_a_name(archive: Store, said: str) -> None:
    with pytest.raises(QueryError, match="no name of a tag"):
        archive.aliases.tag(said)


def test_a_company_that_nobody_knows_is_no_tag(archive: Store) -> None:
    with pytest.raises(QueryError, match="did you mean company:alibaba"):
        archive.aliases.tag("company:alibabba")
