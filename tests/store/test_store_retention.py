from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from samples import NOW, entry, save, subscribe

from tui_reader.errors import NotFoundError
from tui_reader.model import Tag
from tui_reader.query import parse_query
from tui_reader.store import Rules, Store, open_store

YEAR = Rules(age=timedelta(days=365), unread=False)
OLD = NOW - timedelta(days=400)
AFTER = NOW - timedelta(days=1)


def found(store: Store, query: str = "") -> set[str]:
    guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
    return {guids[each] for each in store.entries.ids(store.condition(parse_query(query, now=NOW).term))}


def due(store: Store, rules: Rules) -> set[str]:
    guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
    return {guids[each] for each in store.retention.due(rules, NOW)}


def remove(store: Store, rules: Rules) -> None:
    store.retention.remove(store.retention.due(rules, NOW))


def old(guid: str, text: str = "Old news of the harbour.", **parts: str) -> object:
    return entry(guid, text=text, published_at=OLD, **parts)


@pytest.fixture
def archive(store: Store) -> dict[str, int]:
    """Old entries that were fetched long ago, and a new one. → ids by guid."""
    save(store, *(old(guid) for guid in ("plain", "starred", "later", "quoted", "tagged", "vetoed", "read")), now=OLD)  # type: ignore[arg-type]
    save(store, entry("new"), now=AFTER)
    ids = store.entries.by_guid()
    store.entries.mark([ids["starred"]], "starred", value=True, now=OLD)
    store.entries.mark([ids["later"]], "later", value=True, now=OLD)
    store.highlights.add(store.entries.article(ids["quoted"]), 0, 8, now=OLD)
    store.tags.give([ids["tagged"]], "label", "follow-up", now=OLD)
    store.tags.take_away([ids["vetoed"]], "topic", "chips", now=OLD)
    store.entries.mark([ids["read"]], "read", value=True, now=OLD)
    return ids


def test_without_rules_nothing_ever_goes(store: Store, archive: dict[str, int]) -> None:
    assert not Rules()
    assert due(store, Rules()) == set()


def test_what_is_old_goes_but_for_what_its_reader_marked(store: Store, archive: dict[str, int]) -> None:
    assert due(store, YEAR) == {"plain", "read"}
    assert due(store, Rules(age=timedelta(days=365))) == {"read"}
    assert store.retention.size([archive["plain"]]) > 40
    remove(store, YEAR)
    assert found(store) == {"starred", "later", "quoted", "tagged", "vetoed", "new"}
    assert due(store, YEAR) == set()
    assert found(store, "harbour") == found(store) - {"new"}
    assert store.check() == ()
    store.repair()
    assert store.check() == ()


def test_old_news_that_came_just_now_stays(store: Store) -> None:
    save(store, old("archive"), entry("new"), now=AFTER)  # type: ignore[arg-type]
    assert due(store, YEAR) == set()


def test_the_newest_of_each_feed_stay(store: Store) -> None:
    one, two = subscribe(store), subscribe(store, "https://b.example/")
    for feed, name in ((one, "a"), (two, "b")):
        entries = [entry(f"{name}{number}", published_at=OLD + timedelta(hours=number)) for number in range(5)]
        save(store, *entries, feed=feed)
    assert due(store, Rules(per_feed=3, unread=False)) == {"a0", "a1", "b0", "b1"}
    assert due(store, Rules(per_feed=5, unread=False)) == set()


def test_what_was_touched_lately_stays_and_undo_finds_it(store: Store, archive: dict[str, int]) -> None:
    store.entries.mark([archive["starred"]], "starred", value=False, now=NOW - timedelta(days=29))
    remove(store, YEAR)
    assert "starred" in found(store)
    assert store.undo(NOW) is not None
    assert "starred" in found(store, "is:starred")
    assert store.redo(NOW) is not None
    assert "starred" not in due(store, YEAR)


def test_a_tag_that_was_taken_away_long_ago_with_other_deeds_can_be_brought_back(
    store: Store, archive: dict[str, int]
) -> None:
    with store.one_step(OLD):
        store.entries.mark([archive["plain"]], "read", value=True, now=OLD)
        store.tags.take_away([archive["tagged"]], "label", "follow-up", now=OLD)
    remove(store, YEAR)
    assert "tagged" in found(store)
    assert store.undo(NOW) is not None
    assert store.tags.labels() == ("follow-up",)


def test_a_highlight_that_was_removed_long_ago_can_still_be_brought_back(store: Store, archive: dict[str, int]) -> None:
    (made,) = store.highlights.all()
    store.highlights.remove(made, now=OLD)
    assert "quoted" not in found(store, "is:highlighted")
    remove(store, YEAR)
    assert store.undo(NOW) is not None
    assert store.highlights.all() == (made,)
    assert "quoted" in found(store)


def test_it_does_not_come_back_as_new_nor_when_it_is_edited_or_renamed(store: Store, archive: dict[str, int]) -> None:
    remove(store, YEAR)
    edited = old("plain", "It says something else now.")
    renamed = entry("new guid", "Quarry Labs opens model read", published_at=OLD, url="https://harbour.example/read")
    saved = store.arrivals.save(1, [edited, renamed], NOW)  # type: ignore[list-item]
    assert (saved.new, saved.updated) == ({}, {})
    assert {"plain", "read", "new guid"} & found(store) == set()
    assert store.check() == ()


def test_its_text_is_gone_and_that_is_said(store: Store, archive: dict[str, int]) -> None:
    remove(store, YEAR)
    assert store.entries.rows([archive["plain"]]) == ()
    for ask in (
        lambda: store.entries.article(archive["plain"]),
        lambda: store.entries.mark([archive["plain"]], "read", value=True, now=NOW),
    ):
        with pytest.raises(NotFoundError, match="removed it"):
            ask()
    assert store.retagging.ids(other_than="v9") == tuple(
        sorted((id for guid, id in archive.items() if guid not in ("plain", "read")), reverse=True)
    )


def test_neither_undo_nor_a_new_subscription_brings_an_empty_entry_back(store: Store, archive: dict[str, int]) -> None:
    (feed,) = store.feeds.all()
    store.feeds.remove(feed, OLD)
    assert due(store, Rules(age=timedelta(days=365))) == {"plain", "read"}
    remove(store, YEAR)
    store.undo(NOW)
    subscribe(store)
    assert {"plain", "read"} & found(store) == set()
    assert "new" in found(store)


def test_the_machines_tags_go_with_the_text(store: Store, archive: dict[str, int]) -> None:
    store.tags.save(archive["plain"], [Tag("topic", "chips", "Chips")], "v1")
    remove(store, YEAR)
    assert store.tags.of(archive["plain"]) == ()


def test_a_clock_that_is_years_ahead_empties_no_archive(store: Store, archive: dict[str, int]) -> None:
    wrong = NOW + timedelta(days=4000)
    assert set(store.retention.due(Rules(age=timedelta(days=500), unread=False), wrong)) == set()
    assert set(store.retention.due(YEAR, wrong)) == {archive["plain"], archive["read"]}


def test_an_index_of_other_rules_is_left_alone(store: Store, archive: dict[str, int]) -> None:
    with store.writing():
        store.database.run("UPDATE meta SET value = 'old' WHERE key = 'fold'")
    assert due(store, YEAR) == set()


def test_its_space_is_given_back_in_small_steps(db: Path) -> None:
    with open_store(db) as store:
        texts = (f"{number} {'harbour wharf quay ' * 800}" for number in range(600))
        save(store, *(old(str(number), text) for number, text in enumerate(texts)), now=OLD)  # type: ignore[arg-type]
        save(store, entry("new"), now=AFTER)
    before = db.stat().st_size
    with open_store(db) as store:
        ids = store.retention.due(YEAR, NOW)
        for start in range(0, len(ids), 100):
            store.retention.remove(ids[start : start + 100])
        steps = 0
        while store.retention.give_back(100):
            steps += 1
        assert 10 < steps < 40
        assert not store.retention.give_back(100)
        assert store.check() == ()
    assert db.stat().st_size < before / 4


def test_a_file_of_another_kind_is_left_as_it_is(store: Store) -> None:
    assert not store.retention.give_back(1)


def test_removal_is_whole_or_not_at_all(store: Store, archive: dict[str, int]) -> None:
    def half() -> None:
        with store.writing():
            remove(store, YEAR)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        half()
    assert due(store, YEAR) == {"plain", "read"}
    assert store.entries.article(archive["plain"]).text
