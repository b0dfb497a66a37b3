from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tui_reader.demo import fill_demo
from tui_reader.query import parse_query
from tui_reader.store import Store, open_demo_store

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("home")
        patch.setenv("HOME", str(home))
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        patch.chdir(home)
        with open_demo_store() as store:
            fill_demo(store, NOW)
            yield store, home


@pytest.fixture
def store(demo: tuple[Store, Path]) -> Store:
    return demo[0]


def count(store: Store, query: str) -> int:
    return store.entries.count(store.condition(parse_query(query, now=NOW).term))


def test_it_leaves_no_file(demo: tuple[Store, Path]) -> None:
    assert list(demo[1].rglob("*")) == []


def test_its_feeds_are_well(store: Store) -> None:
    assert {(feed.status, feed.succeeded_at) for feed in store.feeds.all()} == {("ok", NOW)}


def test_it_is_fresh_whenever_it_is_opened(store: Store) -> None:
    rows = store.entries.rows(store.entries.ids(store.condition(None)))
    newest = max(row.published_at for row in rows if row.dated)
    assert NOW - timedelta(days=1) < newest <= NOW
    assert any(not row.dated for row in rows)


def test_every_part_of_the_screen_has_something_to_show(store: Store) -> None:
    for query in (
        "is:unread",
        "is:read",
        "is:starred",
        "is:later",
        "is:highlighted",
        "is:changed",
        "lang:zh",
        "lang:en",
        "芯片",
        "chips",
    ):
        assert count(store, query) > 0, query
    assert count(store, "") > 100
    assert len({feed.folder for feed in store.feeds.all()}) >= 4
    assert all(feed.total and feed.title and "://" not in feed.title for feed in store.feeds.all())
    companies = store.tags.counts("company")
    assert len(companies) > 15
    assert all(tag.name != tag.slug or tag.slug.isascii() for tag in companies)
    assert len(store.tags.counts("topic")) > 5


def test_highlights_lie_where_their_quotes_are(store: Store) -> None:
    highlights = store.highlights.all()
    assert len(highlights) >= 10
    assert {each.kind for each in highlights} >= {"fact", "claim", "number"}
    for each in highlights:
        article = store.entries.article(each.entry_id)
        assert each.state == "anchored"
        assert article.text[each.quote.start : each.quote.end] == each.quote.exact
        assert each.made_at <= NOW


def test_what_it_shows_is_sound_and_not_undone_by_accident(store: Store) -> None:
    assert store.check() == ()
    assert store.undo(NOW) is None


def test_publishers_changed_three_articles_and_two_of_them_matter(store: Store) -> None:
    edited = [
        row
        for row in store.entries.rows(store.entries.ids(store.condition(None)))
        if len(store.versions.of(row.id)) > 1
    ]
    assert sorted(row.changed for row in edited) == [False, True, True]
