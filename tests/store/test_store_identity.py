"""An entry keeps its identity over changed guids, titles and tracking parameters; two entries never become one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from samples import NOW, entry, later, save, subscribe

from tui_reader.store import Store


def listed(store: Store) -> int:
    return store.entries.count(store.condition(None))


def test_a_feed_that_rewrites_all_its_guids_doubles_nothing(store: Store) -> None:
    old = [entry(str(n), f"Story {n}", published_at=NOW - timedelta(hours=n)) for n in range(20)]
    ids = save(store, *old)
    save(store, *(replace(each, guid=f"https://new.example/?p={each.guid}") for each in old))
    assert listed(store) == 20
    assert sorted(store.entries.by_guid().values()) == sorted(ids)


def test_the_address_tells_an_entry_whose_guid_and_title_change(store: Store) -> None:
    first = entry("a", "Draft rule on memory")
    (known,) = save(store, first)
    changed = replace(first, guid="b", title="Final rule on memory")
    assert save(store, changed) == [known]
    assert store.entries.article(known).entry.title == "Final rule on memory"
    assert store.entries.article(known).versions == 2


def test_title_and_date_tell_an_entry_whose_address_changes_too(store: Store) -> None:
    first = entry("a", "Licence round closes")
    (known,) = save(store, first)
    assert save(store, replace(first, guid="b", url="https://moved.example/licence-round")) == [known]


def test_a_home_page_is_nobodys_address(store: Store) -> None:
    first = entry("a", "Monday", url="https://harbour.example/")
    second = entry("b", "Tuesday", url="https://harbour.example/", published_at=NOW)
    save(store, first)
    save(store, second)
    assert listed(store) == 2


def test_what_fits_two_is_nobody(store: Store) -> None:
    save(store, entry("a", "Daily note", url="https://x.example/p", published_at=None))
    save(store, entry("b", "Daily note", url="https://x.example/p", published_at=None),
         entry("c", "Daily note", url="https://x.example/p", published_at=None))  # fmt: skip
    assert listed(store) == 3


def test_an_entry_that_is_still_listed_is_not_taken_for_another(store: Store) -> None:
    first = entry("a", "Ascend figures", url="https://x.example/live")
    save(store, first)
    save(store, first, entry("b", "Ascend figures, again", url="https://x.example/live"))
    assert listed(store) == 2


def test_the_same_guid_in_two_feeds_is_two_entries(store: Store) -> None:
    one, other = subscribe(store), subscribe(store, "https://other.example/feed")
    store.arrivals.save(one.id, [entry("a")], NOW)
    store.arrivals.save(other.id, [entry("a")], NOW)
    assert listed(store) == 2


def test_a_gap_between_polls_is_noticed(store: Store) -> None:
    feed = subscribe(store)

    def hourly(first: int, count: int) -> list[object]:
        start = datetime(2026, 11, 1, tzinfo=UTC)
        return [
            entry(f"n{h}", f"Hour {h}", published_at=start + timedelta(hours=h)) for h in range(first, first + count)
        ]

    assert store.arrivals.save(feed.id, hourly(0, 10), NOW).missed == 0  # type: ignore[arg-type]
    assert store.arrivals.save(feed.id, hourly(5, 10), NOW).missed == 0  # type: ignore[arg-type]
    saved = store.arrivals.save(feed.id, hourly(40, 10), later(days=1))  # type: ignore[arg-type]
    assert saved.missed == 25
