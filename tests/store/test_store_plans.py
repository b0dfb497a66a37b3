"""Behind every view lies an index: no list scans a table, and none sorts more than it gathered by an index."""

from __future__ import annotations

import pytest
from samples import NOW, entry, save, subscribe

from tui_reader.model import Tag
from tui_reader.query import parse_query
from tui_reader.store import Store
from tui_reader.store.feeds import _FEEDS

BY_DATE = (
    "", "is:unread", "is:read", "is:starred", "is:later", "is:new", "feed:1", "feed:1 is:unread", "feed:1 is:read",
    "after:7d", "on:today", "-company:baidu is:unread", "company:baidu", "topic:chips is:unread", "lang:zh", "-lang:zh",
    "is:new is:unread", "company:baidu or is:starred",
)  # fmt: skip
"""Views that read an index in the order of the list, and stop at the first page."""

GATHERED = (
    "company:baidu", "topic:chips is:unread", "tag:own", "lang:zh", "is:new", "is:highlighted", "is:changed",
    "kind:claim", "folder:News", "chip", "芯片 is:unread", "near(a b)", "title:chip", "author:lin",
)  # fmt: skip
"""Views of entries that another table names: they are looked up one by one, and what was found is sorted."""


@pytest.fixture
def archive(store: Store) -> Store:
    feeds = [subscribe(store, f"https://{name}.example/", folder="News") for name in ("a", "b")]
    for feed in feeds:
        for entry_id in save(store, *(entry(f"{feed.id}-{number}", lang="zh") for number in range(20)), feed=feed):
            tags = [Tag("company", "baidu", "Baidu"), Tag("topic", "chips", "Chips")]
            store.tags.save(entry_id, tags, "v1")
    return store


def plan(store: Store, query: str) -> tuple[str, ...]:
    return store.entries.plan(store.condition(parse_query(query, now=NOW).term))


def scans(steps: tuple[str, ...]) -> list[str]:
    """Steps that read a table from end to end, but for JSON, the full-text index and highlights, which are few."""
    harmless = ("json_each", "search VIRTUAL TABLE", "highlights")
    return [
        step
        for step in steps
        if step.startswith("SCAN")
        and " USING " not in step.replace("VIRTUAL TABLE", "")
        and not any(name in step for name in harmless)
    ]


@pytest.mark.parametrize("query", dict.fromkeys((*BY_DATE, *GATHERED)))
def test_no_view_scans_a_table(archive: Store, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    assert scans(plan(archive, query)) == []
    monkeypatch.setattr("tui_reader.store.compile._MANY", 5)
    assert scans(plan(archive, query)) == []


@pytest.mark.parametrize("query", BY_DATE)
def test_what_many_entries_fit_is_read_in_order_and_never_sorted(
    archive: Store, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr("tui_reader.store.compile._MANY", 5)
    steps = plan(archive, query)
    assert any("USING INDEX states_" in step or "USING COVERING INDEX states_" in step for step in steps), steps
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps), steps


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "order"), ("is:unread", "unread"), ("is:read", "read"), ("is:starred", "starred"), ("is:later", "later"),
        ("feed:1", "feed"), ("feed:1 is:unread", "unread_feed"), ("folder:News", "feed"), ("after:7d", "order"),
        ("folder:News is:unread", "unread_feed"),
    ],
)  # fmt: skip
def test_an_index_answers_without_its_table(archive: Store, query: str, index: str) -> None:
    assert f"COVERING INDEX states_{index} " in f"{plan(archive, query)[0]} "


@pytest.mark.parametrize("query", ["folder:News", "folder:News is:unread"])
def test_a_large_folder_is_read_in_order_of_date(archive: Store, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    gathered = list(archive.entries.ids(archive.condition(parse_query(query, now=NOW).term)))
    monkeypatch.setattr("tui_reader.store.compile._MANY", 5)
    (step,) = plan(archive, query)
    assert "COVERING INDEX states_" in step
    assert list(archive.entries.ids(archive.condition(parse_query(query, now=NOW).term))) == gathered
    assert len(gathered) == 40


def test_edited_entries_are_found_among_the_edited_only(archive: Store) -> None:
    steps = plan(archive, "is:changed")
    assert any("INDEX versions_earlier" in step for step in steps), steps


def test_the_numbers_of_the_left_pane_come_from_small_indexes(archive: Store) -> None:
    archive.tags.counts("company")
    for sql in (_FEEDS, "SELECT count(*) FROM states INDEXED BY states_starred WHERE starred = 1 AND swept = 0"):
        steps = [row["detail"] for row in archive.database.rows(f"EXPLAIN QUERY PLAN {sql}")]
        assert any("INDEX states_" in step for step in steps)
        assert not any("states" in step and "INDEX states_" not in step for step in steps)
    assert archive.database.value("SELECT count(*) FROM tag_counts") == 2


def test_all_that_a_saved_view_has_is_counted_among_what_fits(archive: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.store.compile._MANY", 5)
    for query in ("company:baidu", "company:baidu or is:starred", "is:later or topic:chips", "chip company:baidu"):
        condition = archive.condition(parse_query(query, now=NOW).term, whole=True)
        steps = archive.database.rows(
            f"EXPLAIN QUERY PLAN SELECT count(*) FROM states WHERE {condition.sql}", condition.parameters
        )
        walks = [row["detail"] for row in steps if row["detail"].startswith("SCAN states ")]
        assert [walk for walk in walks if "states_starred" not in walk and "states_later" not in walk] == []
        listed = archive.entries.ids(archive.condition(parse_query(query, now=NOW).term))
        assert archive.entries.count(condition) == len(listed)
