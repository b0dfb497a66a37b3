from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from samples import NOW, entry, later, save, subscribe

from tui_reader.errors import NotFoundError
from tui_reader.query import parse_query
from tui_reader.store import Condition, Store

EVERYTHING = Condition("swept = 0")


def view(store: Store, query: str) -> Condition:
    return store.condition(parse_query(query, now=NOW).term)


def test_saving_the_same_feed_twice_makes_nothing(store: Store) -> None:
    feed = subscribe(store)
    first = store.arrivals.save(feed.id, [entry("a"), entry("b")], NOW)
    before = store.changes_by_others(), len(store.entries.ids(EVERYTHING))
    second = store.arrivals.save(feed.id, [entry("a"), entry("b")], later(hours=1))
    assert (len(first.new), first.updated) == (2, {})
    assert (second.new, second.updated) == ({}, {})
    assert (store.changes_by_others(), len(store.entries.ids(EVERYTHING))) == before
    assert store.entries.article(1).versions == 1


def test_a_guid_twice_in_one_feed_is_one_entry(store: Store) -> None:
    saved = store.arrivals.save(subscribe(store).id, [entry("a", "First"), entry("a", "Second")], NOW)
    assert [each.title for each in saved.new.values()] == ["First"]


def test_the_same_guid_in_two_feeds_is_two_entries(store: Store) -> None:
    one, two = subscribe(store), subscribe(store, "https://b.example/")
    for feed in (one, two):
        store.arrivals.save(feed.id, [entry("7")], NOW)
    assert len(store.entries.ids(EVERYTHING)) == 2


@pytest.mark.parametrize("guid", ["00123", "9" * 40, "1e5", "NULL", "标识-7", "'; DROP TABLE entries; --"])
def test_guids_are_text_to_the_letter(store: Store, guid: str) -> None:
    save(store, entry(guid))
    assert guid in store.entries.by_guid()
    assert store.arrivals.save(1, [entry(guid)], NOW).new == {}


def test_lists_are_newest_first_and_undated_entries_stand_where_they_were_first_seen(store: Store) -> None:
    save(store, entry("old", published_at=NOW - timedelta(days=30)), entry("undated", published_at=None))
    save(store, entry("new", published_at=later(hours=1)), now=later(hours=2))
    ids = store.entries.ids(EVERYTHING)
    rows = store.entries.rows(ids)
    guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
    assert [guids[each.id] for each in rows] == ["new", "undated", "old"]
    assert [each.dated for each in rows] == [True, False, True]
    assert rows[1].published_at == NOW
    assert list(store.entries.ids(EVERYTHING, limit=2)) == list(ids[:2])
    assert len(store.entries.ids(EVERYTHING, limit=0)) == 0


def test_rows_come_in_the_order_asked_and_skip_what_is_not_there(store: Store) -> None:
    a, b = save(store, entry("a", "甲"), entry("b", "乙"))
    assert [each.title for each in store.entries.rows([b, 999, a])] == ["乙", "甲"]
    assert store.entries.rows([]) == ()


def test_an_edit_makes_a_version_and_says_so_to_who_has_read_it(store: Store) -> None:
    (entry_id,) = save(store, entry("a", text="The plant opens in March."))
    store.entries.mark([entry_id], "read", value=True, now=NOW)
    assert not store.entries.rows([entry_id])[0].changed
    saved = store.arrivals.save(1, [entry("a", text="The plant opens in May.")], later(hours=1))
    assert list(saved.updated) == [entry_id]
    article = store.entries.article(entry_id)
    assert (article.text, article.versions) == ("The plant opens in May.", 2)
    assert (article.entry.read, article.entry.changed) == (True, True)
    assert list(store.entries.ids(view(store, "is:changed"))) == [entry_id]
    # Marking it read again settles it.
    store.entries.mark([entry_id], "read", value=False, now=NOW)
    store.entries.mark([entry_id], "read", value=True, now=NOW)
    assert not store.entries.rows([entry_id])[0].changed


def test_an_entry_never_opened_is_not_changed(store: Store) -> None:
    (entry_id,) = save(store, entry("a", text="One."))
    save(store, entry("a", text="Two."))
    assert not store.entries.rows([entry_id])[0].changed
    assert store.entries.count(view(store, "is:changed")) == 0


def test_a_new_title_is_an_edit_and_new_markup_is_not(store: Store) -> None:
    (entry_id,) = save(store, entry("a", "Old title"))
    assert store.arrivals.save(1, [entry("a", "New title")], NOW).updated
    same_words = entry("a", "New title", html="<div>again</div>", url="https://harbour.example/moved")
    assert not store.arrivals.save(1, [same_words], NOW).updated
    article = store.entries.article(entry_id)
    assert (article.entry.title, article.html, article.versions) == ("New title", "<div>again</div>", 2)
    assert article.entry.url == "https://harbour.example/moved"


def test_a_version_that_comes_back_is_a_version_again(store: Store) -> None:
    for text in ("One.", "Two.", "One."):
        (entry_id,) = save(store, entry("a", text=text))
    assert store.entries.article(entry_id).versions == 3


def test_the_full_page_stays_while_the_feed_says_what_it_said(store: Store) -> None:
    (entry_id,) = save(store, entry("a", text="The first lines …"))
    assert store.entries.cut_off() == (entry_id,)
    full = "The first lines and the rest of the story."
    assert store.arrivals.save_page(entry_id, html=f"<p>{full}</p>", text=full, now=NOW)
    assert not store.arrivals.save_page(entry_id, html=f"<p>{full}</p>", text=full, now=NOW)
    assert store.entries.cut_off() == ()
    assert not store.arrivals.save(1, [entry("a", text="The first lines …")], later(hours=1)).updated
    assert store.entries.article(entry_id).text == full
    assert list(store.entries.ids(view(store, '"rest of the story"'))) == [entry_id]


def test_marking_is_one_step_and_says_what_it_did(store: Store) -> None:
    a, b = save(store, entry("a", "China's new chip rules"), entry("b"))
    assert store.entries.mark([a, b, a], "read", value=True, now=NOW) == 2
    assert store.entries.mark([a, b], "read", value=True, now=NOW) == 0
    assert store.entries.mark([a], "starred", value=True, now=NOW) == 1
    undone = store.undo(NOW)
    assert undone is not None
    assert undone.description == "starred “China's new chip rules”"
    undone = store.undo(NOW)
    assert undone is not None
    assert (undone.description, set(undone.entry_ids)) == ("marked 2 entries read", {a, b})
    assert store.undo(NOW) is None


@pytest.mark.parametrize("missing", [999, -1, 0, 2**63, 10**30])
def test_an_id_that_is_not_there_is_named(store: Store, missing: int) -> None:
    (entry_id,) = save(store, entry("a"))
    with pytest.raises(NotFoundError, match=f"no entry {missing}"):
        store.entries.article(missing)
    with pytest.raises(NotFoundError):
        store.entries.mark([entry_id, missing], "read", value=True, now=NOW)
    assert not store.entries.rows([entry_id])[0].read


def test_marking_a_whole_view(store: Store) -> None:
    save(store, *(entry(str(number), lang="zh" if number % 3 else "en") for number in range(30)))
    assert store.entries.mark_view_read(view(store, "lang:zh"), now=NOW) == 20
    assert store.entries.count(view(store, "is:unread")) == 10
    store.undo(NOW)
    assert store.entries.count(view(store, "is:unread")) == 30


def test_counting_and_the_first_unread(store: Store) -> None:
    ids = save(store, *(entry(str(number), published_at=NOW - timedelta(hours=number)) for number in range(5)))
    store.entries.mark(ids[:3], "read", value=True, now=NOW)
    store.entries.mark(ids[1:3], "later", value=True, now=NOW)
    assert store.entries.first_unread(ids) == 3
    assert store.entries.first_unread(ids[:3]) is None
    assert (store.entries.count_state("later"), store.entries.count_state("starred")) == (2, 0)


def test_new_is_what_came_after_the_last_session(store: Store) -> None:
    save(store, entry("a"))
    assert store.entries.count(view(store, "is:new")) == 1
    store.end_session(later(hours=1))
    assert store.entries.count(view(store, "is:new")) == 0
    save(store, entry("b", "Quarry Labs closes it again"), now=later(hours=2))
    assert store.entries.count(view(store, "is:new")) == 1


def test_the_rhythm_of_a_feed_is_when_its_newest_were_published(store: Store) -> None:
    moments = [datetime(2026, 11, day, tzinfo=UTC) for day in (3, 9, 1)]
    save(store, *(entry(str(moment), published_at=moment) for moment in moments))
    assert store.entries.published(1, limit=2) == (moments[1], moments[0])


def test_nothing_is_kept_of_a_transaction_that_fails(store: Store) -> None:
    feed = subscribe(store)

    def half() -> None:
        with store.writing():
            store.arrivals.save(feed.id, [entry("a")], NOW)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        half()
    assert len(store.entries.ids(EVERYTHING)) == 0
    assert store.check() == ()


def test_what_the_reader_did_stays_when_a_feed_rewrites_its_guids(store: Store) -> None:
    one, two = entry("tag:old,1", "Issue 1"), entry("tag:old,2", "Issue 2")
    (entry_id, _) = save(store, one, two)
    store.entries.mark([entry_id], "starred", value=True, now=NOW)
    made = store.highlights.add(store.entries.article(entry_id), 4, 11, now=NOW)
    again = [replace(one, guid="https://harbour.example/?p=1"), replace(two, guid="https://harbour.example/?p=2")]
    for hours in (1, 2):
        assert store.arrivals.save(1, again, later(hours=hours)).new == {}
    article = store.entries.article(store.entries.by_guid()["https://harbour.example/?p=1"])
    assert (article.entry.id, article.entry.starred, article.highlights) == (entry_id, True, (made,))
