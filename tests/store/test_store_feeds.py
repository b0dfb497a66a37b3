from __future__ import annotations

from datetime import timedelta

import pytest
from samples import FEED_URL, NOW, entry, later, save, subscribe

from tui_reader.errors import NotFoundError
from tui_reader.model import CleanFeed, OpmlFeed, Outcome, Page
from tui_reader.query import parse_query
from tui_reader.store import Store


def found(store: Store, query: str = "") -> set[str]:
    """The guids of the entries in a list."""
    guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
    return {guids[entry_id] for entry_id in store.entries.ids(store.condition(parse_query(query, now=NOW).term))}


def test_a_feed_is_known_by_its_address(store: Store) -> None:
    added, known = store.feeds.add([OpmlFeed(FEED_URL, "Harbour Weekly", "Newsletters"), OpmlFeed(FEED_URL)], NOW)
    again, known_again = store.feeds.add([OpmlFeed(FEED_URL, "Another name")], NOW)
    assert (len(added), len(known), len(again), len(known_again)) == (1, 1, 0, 1)
    (feed,) = store.feeds.all()
    assert (feed.title, feed.folder, feed.unread, feed.checked_at, feed.next_at) == (
        "Harbour Weekly", "Newsletters", 0, None, None,
    )  # fmt: skip


def test_a_title_is_the_readers_own_else_the_feeds_else_the_address(store: Store) -> None:
    own = subscribe(store, "https://a.example/feed", title="My name for it")
    other = subscribe(store, "https://b.example/feed", title="")
    assert other.title == "b.example/feed"
    for feed in (own, other):
        parsed = CleanFeed("芯片周报", None, "zh", ())
        store.feeds.keep_answer(feed.id, Page(feed.url, b"", "", None, None), parsed, now=NOW)
    assert [feed.title for feed in store.feeds.all()] == ["My name for it", "芯片周报"]


def test_feeds_stay_in_the_order_in_which_they_came(store: Store) -> None:
    for name in ("zeta", "alpha", "midway"):
        subscribe(store, f"https://{name}.example/", title=name)
    assert [feed.title for feed in store.feeds.all()] == ["zeta", "alpha", "midway"]


def test_a_feed_is_found_by_id_address_title_or_a_part_that_fits_one(store: Store) -> None:
    harbour = subscribe(store, title="Harbour Weekly")
    subscribe(store, "https://b.example/", title="Chip Weekly")
    for name in (str(harbour.id), harbour.url, "harbour weekly", "Harb"):
        assert store.feeds.find(name) == harbour
    with pytest.raises(NotFoundError, match="fits 2 feeds"):
        store.feeds.find("weekly")
    with pytest.raises(NotFoundError, match="no feed 'gazette'"):
        store.feeds.find("gazette")


def test_unread_and_total_count_what_the_lists_show(store: Store) -> None:
    feed = subscribe(store)
    ids = save(store, entry("a"), entry("b"), entry("c"))
    store.entries.mark(ids[:1], "read", value=True, now=NOW)
    assert [(each.unread, each.total) for each in store.feeds.all()] == [(2, 3)]
    store.feeds.remove(feed, NOW)
    assert store.feeds.all() == ()


def test_outcomes_count_failures_in_a_row_and_name_the_next_poll(store: Store) -> None:
    feed = subscribe(store)
    for hours in (1, 2):
        store.feeds.record(
            Outcome(feed.id, feed.url, feed.title, "failed", error="no answer"),
            next_at=later(hours=9),
            now=later(hours=hours),
        )
    (failing,) = store.feeds.all()
    assert (failing.failures, failing.error, failing.status) == (2, "no answer", "failed")
    assert (failing.checked_at, failing.succeeded_at, failing.next_at) == (later(hours=2), None, later(hours=9))
    store.feeds.record(Outcome(feed.id, feed.url, feed.title, "not-modified"), next_at=None, now=later(hours=3))
    (well,) = store.feeds.all()
    assert (well.failures, well.error, well.succeeded_at) == (0, "", later(hours=3))


def test_due_are_those_whose_time_has_come(store: Store) -> None:
    fresh, waiting = subscribe(store), subscribe(store, "https://b.example/")
    store.feeds.record(Outcome(waiting.id, waiting.url, "", "ok"), next_at=later(hours=1), now=NOW)
    assert [feed.id for feed in store.feeds.due(NOW)] == [fresh.id]
    assert [feed.id for feed in store.feeds.due(later(hours=1))] == [fresh.id, waiting.id]


def test_a_permanent_redirect_is_remembered_but_does_not_change_the_address(store: Store) -> None:
    feed = subscribe(store)
    page = Page(
        "https://new.example/", b"", "", '"v1"', "Mon, 16 Nov 2026 08:00:00 GMT", moved_to="https://new.example/"
    )
    store.feeds.keep_answer(feed.id, page, CleanFeed("", None, "", ()), now=NOW)
    (kept,) = store.feeds.all()
    assert (kept.url, kept.moved_to) == (FEED_URL, "https://new.example/")
    assert (kept.etag, kept.last_modified) == ('"v1"', "Mon, 16 Nov 2026 08:00:00 GMT")


def moved(to: str | None = "https://new.example/feed") -> Page:
    return Page("https://new.example/feed", b"", "", None, None, moved_to=to)


def test_a_permanent_redirect_is_believed_after_a_week(store: Store) -> None:
    feed = subscribe(store)
    nothing = CleanFeed("", None, "", ())
    store.feeds.keep_answer(feed.id, moved(), nothing, now=NOW)
    store.feeds.keep_answer(feed.id, moved(), nothing, now=later(days=6))
    assert store.feeds.all()[0].url == FEED_URL
    store.feeds.keep_answer(feed.id, moved(), nothing, now=later(days=7))
    assert (store.feeds.all()[0].url, store.feeds.all()[0].moved_to) == ("https://new.example/feed", None)


def test_a_redirect_that_stops_or_changes_begins_its_week_anew(store: Store) -> None:
    feed = subscribe(store)
    nothing = CleanFeed("", None, "", ())
    store.feeds.keep_answer(feed.id, moved(), nothing, now=NOW)
    store.feeds.keep_answer(feed.id, moved(None), nothing, now=later(days=3))
    store.feeds.keep_answer(feed.id, moved(), nothing, now=later(days=8))
    assert store.feeds.all()[0].url == FEED_URL
    store.feeds.keep_answer(feed.id, moved("https://hotel.example/login"), nothing, now=later(days=15))
    assert store.feeds.all()[0].url == FEED_URL


def test_a_redirect_never_makes_two_subscriptions_one(store: Store) -> None:
    feed = subscribe(store)
    other = subscribe(store, "https://new.example/feed")
    for days in (0, 7):
        store.feeds.keep_answer(feed.id, moved(), CleanFeed("", None, "", ()), now=later(days=days))
    assert {each.url for each in store.feeds.all()} == {FEED_URL, other.url}


def test_failures_are_counted_from_the_first(store: Store) -> None:
    feed = subscribe(store)
    for hours in (0, 5):
        store.feeds.record(Outcome(feed.id, feed.url, "", "failed", error="404"), next_at=None, now=later(hours=hours))
    (failing,) = store.feeds.all()
    assert (failing.failures, failing.failing_since) == (2, NOW)
    store.feeds.record(Outcome(feed.id, feed.url, "", "not-modified"), next_at=None, now=later(hours=9))
    (sound,) = store.feeds.all()
    assert (sound.failures, sound.failing_since, sound.succeeded_at) == (0, None, later(hours=9))


def test_a_feed_that_is_gone_is_no_longer_due(store: Store) -> None:
    feed = subscribe(store)
    store.feeds.record(Outcome(feed.id, feed.url, "", "gone", error="410"), next_at=NOW, now=NOW)
    assert store.feeds.due(later(days=30)) == ()


def test_a_clock_that_was_years_ahead_does_not_put_feeds_off_for_years(store: Store) -> None:
    feed = subscribe(store)
    ahead = later(days=2000)
    store.feeds.record(Outcome(feed.id, feed.url, "", "ok"), next_at=ahead + timedelta(hours=1), now=ahead)
    store.feeds.keep_answer(feed.id, moved(), CleanFeed("", None, "", ()), now=ahead)
    assert len(store.feeds.due(NOW)) == 1
    store.feeds.record(Outcome(feed.id, feed.url, "", "ok"), next_at=later(hours=1), now=NOW)
    assert store.feeds.due(later(minutes=30)) == ()
    assert store.feeds.due(NOW - timedelta(minutes=5)) == ()
    for days in (0, 7):
        store.feeds.keep_answer(feed.id, moved(), CleanFeed("", None, "", ()), now=later(days=days))
    assert store.feeds.all()[0].url == "https://new.example/feed"


def test_unsubscribing_keeps_what_the_reader_marked_and_undo_brings_all_back(store: Store) -> None:
    feed = subscribe(store)
    plain, starred, kept, quoted, labelled = save(
        store, *(entry(g) for g in ("plain", "starred", "kept", "quoted", "labelled"))
    )
    store.entries.mark([starred], "starred", value=True, now=NOW)
    store.entries.mark([kept], "later", value=True, now=NOW)
    article = store.entries.article(quoted)
    made = store.highlights.add(article, 4, 11, now=NOW)
    store.tags.give([labelled], "label", "follow-up", now=NOW)

    store.feeds.remove(feed, later(minutes=1))
    assert store.feeds.all() == ()
    assert found(store) == {"starred", "kept", "quoted", "labelled"}
    assert found(store, "is:highlighted") == {"quoted"}
    assert [each.id for each in store.highlights.all()] == [made.id]
    assert found(store, "harbour") == set()
    assert found(store, "feed:harbour") == {"starred", "kept", "quoted", "labelled"}

    undone = store.undo(later(minutes=2))
    assert undone is not None
    assert undone.description == "unsubscribed from Harbour Weekly"
    assert [each.url for each in store.feeds.all()] == [FEED_URL]
    assert found(store) == {"plain", "starred", "kept", "quoted", "labelled"}

    store.redo(later(minutes=3))
    assert store.feeds.all() == ()
    assert plain not in store.entries.ids(store.condition(None))


def test_subscribing_again_brings_the_entries_back_as_they_were(store: Store) -> None:
    feed = subscribe(store)
    (entry_id,) = save(store, entry("a"))
    store.entries.mark([entry_id], "read", value=True, now=NOW)
    store.feeds.remove(feed, NOW)
    assert found(store) == set()
    back = subscribe(store)
    assert back.id == feed.id
    assert found(store) == {"a"}
    assert store.entries.rows([entry_id])[0].read


def test_a_swept_entry_is_not_new_when_its_feed_says_it_again(store: Store) -> None:
    feed = subscribe(store)
    save(store, entry("a"))
    store.feeds.remove(feed, NOW)
    saved = store.arrivals.save(feed.id, [entry("a")], later(days=1))
    assert saved.new == {}
    assert found(store) == set()


def test_checked_times_are_utc(store: Store) -> None:
    feed = subscribe(store)
    store.feeds.record(Outcome(feed.id, feed.url, "", "ok"), next_at=None, now=NOW)
    (kept,) = store.feeds.all()
    assert kept.checked_at is not None
    assert kept.checked_at.utcoffset() == timedelta(0)


def test_whoever_left_all_feeds_is_no_beginner(store: Store) -> None:
    assert not store.feeds.had_any()
    store.feeds.remove(subscribe(store), NOW)
    assert store.feeds.had_any()


def test_a_number_is_an_id_and_no_part_of_a_title(store: Store) -> None:
    first = subscribe(store, title="100 points")
    subscribe(store, "https://kr.example/feed", title="36")
    subscribe(store, "https://b.example/feed", title="Version 7")
    assert store.feeds.find(str(first.id)) == first
    assert store.feeds.find("36").title == "36"
    assert store.feeds.find("version").title == "Version 7"
    for name in ("7", "100", "999"):
        with pytest.raises(NotFoundError):
            store.feeds.find(name)
