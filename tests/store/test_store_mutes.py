"""What is muted leaves every list and count, comes back when the mute ends, and is never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from samples import NOW, entry, later, save, subscribe

from tui_reader.errors import QueryError
from tui_reader.model import Mute, Tag
from tui_reader.query import parse_query
from tui_reader.store import Rules, Store


def found(store: Store, query: str = "") -> set[str]:
    guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
    return {guids[each] for each in store.entries.ids(store.condition(parse_query(query, now=NOW).term))}


@pytest.fixture
def ids(store: Store) -> dict[str, int]:
    save(store, entry("chips", text="Chips, 芯片 and wafers."), entry("phones", text="A phone, 手机."), entry("tea"))
    return store.entries.by_guid()


def test_what_a_query_finds_leaves_the_lists_and_is_found_as_muted(store: Store, ids: dict[str, int]) -> None:
    assert store.mutes.add("芯片 or phone", until=None, now=NOW) == 2
    assert found(store) == {"tea"}
    assert found(store, "chips") == set()
    assert found(store, "is:muted") == {"chips", "phones"}
    assert found(store, "is:muted chips") == {"chips"}
    assert found(store, "-is:muted") == {"tea"}
    assert [feed.unread for feed in store.feeds.all()] == [1]
    assert store.mutes.all(NOW) == (Mute("芯片 or phone", None),)
    assert store.entries.article(ids["chips"]).text == "Chips, 芯片 and wafers."


def test_undo_redo_and_ending_it_bring_back_what_it_hid(store: Store, ids: dict[str, int]) -> None:
    store.mutes.add("chips", until=None, now=NOW)
    undone = store.undo(NOW)
    assert undone is not None
    assert undone.description == "muted chips"
    assert found(store) == {"chips", "phones", "tea"}
    store.redo(NOW)
    assert found(store) == {"phones", "tea"}
    assert store.mutes.end("chips", now=NOW) == 1
    assert found(store) == {"chips", "phones", "tea"}
    store.undo(NOW)
    assert found(store) == {"phones", "tea"}
    assert store.mutes.end("nothing of the kind", now=NOW) == 0


def test_what_arrives_is_muted_and_comes_back_with_the_rest(store: Store, ids: dict[str, int]) -> None:
    store.mutes.add("chips", until=None, now=NOW)
    (new,) = save(store, entry("more", text="More chips."), now=later(hours=1))
    assert store.mutes.settle_new(new - 1, later(hours=1)) == 1
    assert found(store) == {"phones", "tea"}
    store.undo(later(hours=2))
    assert found(store) == {"chips", "phones", "tea", "more"}


def test_it_ends_when_its_time_has_come(store: Store, ids: dict[str, int]) -> None:
    store.mutes.add("chips", until=NOW + timedelta(days=7), now=NOW)
    assert store.mutes.settle(later(days=6)) == 0
    assert found(store) == {"phones", "tea"}
    assert store.mutes.settle(later(days=7)) == 1
    assert found(store) == {"chips", "phones", "tea"}
    assert store.mutes.all(later(days=7)) == ()


def test_of_two_mutes_the_other_still_holds(store: Store, ids: dict[str, int]) -> None:
    store.mutes.add("chips", until=None, now=NOW)
    store.mutes.add("title:chips or tea", until=None, now=later(hours=1))
    assert found(store) == {"phones"}
    assert [mute.query for mute in store.mutes.all(later(hours=2))] == ["title:chips or tea", "chips"]
    store.mutes.end("chips", now=later(hours=2))
    assert found(store) == {"phones"}


def test_what_the_reader_marked_stays(store: Store, ids: dict[str, int]) -> None:
    save(store, *(entry(guid) for guid in ("starred", "later", "quoted", "tagged")))
    ids = store.entries.by_guid()
    store.entries.mark([ids["starred"]], "starred", value=True, now=NOW)
    store.entries.mark([ids["later"]], "later", value=True, now=NOW)
    store.highlights.add(store.entries.article(ids["quoted"]), 0, 8, now=NOW)
    store.tags.give([ids["tagged"]], "label", "follow-up", now=NOW)
    store.mutes.add("feed:harbour", until=None, now=NOW)
    assert found(store) == {"starred", "later", "quoted", "tagged"}


def test_counts_of_tags_follow(store: Store, ids: dict[str, int]) -> None:
    store.tags.save(ids["chips"], [Tag("topic", "chips", "Chips")], "1")
    assert [each.unread for each in store.tags.counts("topic")] == [1]
    store.mutes.add("topic:chips", until=None, now=NOW)
    assert store.tags.counts("topic") == ()
    store.undo(NOW)
    assert [each.unread for each in store.tags.counts("topic")] == [1]


def test_what_left_the_lists_otherwise_does_not_come_back(store: Store, ids: dict[str, int]) -> None:
    feed = subscribe(store)
    store.mutes.add("chips", until=None, now=NOW)
    store.feeds.remove(feed, NOW)
    store.mutes.end("chips", now=NOW)
    assert found(store) == set()
    assert found(store, "is:muted") == set()


def test_the_rules_of_retention_may_remove_it(store: Store) -> None:
    old = NOW - timedelta(days=400)
    (aged,) = save(store, entry("old", text="Old chips.", published_at=old), now=old)
    save(store, entry("new"))
    store.mutes.add("chips", until=None, now=old)
    assert list(store.retention.due(Rules(age=timedelta(days=365)), NOW)) == [aged]


def test_a_story_is_muted_without_its_issue(store: Store) -> None:
    stories = tuple(entry(guid, text=text) for guid, text in (("a", "On chips."), ("b", "On tea."), ("c", "On silk.")))
    (issue,) = save(store, entry("issue", text="On chips. On tea. On silk."))
    store.stories.split(issue, stories, NOW)
    before = found(store)
    assert store.mutes.add("chips", until=None, now=NOW) == 1
    assert len(before) - len(found(store)) == 1
    assert found(store, "chips") == set(), "nor does the issue stand in for it"
    assert store.mutes.settle(NOW) == 0
    store.stories.join(issue, NOW)
    store.mutes.end("chips", now=NOW)
    assert found(store) == {"issue"}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "needs a query"),
        ("-is:muted", "cannot say"),
        ("company:nobody-knows", "nobody-knows"),
        ("(chips", "never closed"),
    ],
)
def test_what_would_mute_everything_or_nothing_is_refused(store: Store, query: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        store.mutes.add(query, until=None, now=NOW)
    assert store.mutes.all(NOW) == ()
    assert store.undo(NOW) is None


def test_a_mute_of_what_is_known_no_more_hides_nothing_and_hurts_nobody(store: Store, ids: dict[str, int]) -> None:
    store.tags.save(ids["chips"], [Tag("topic", "wafers", "Wafers")], "1")
    store.tags.save_names({("topic", "wafers"): "Wafers"}, "1")
    store.mutes.add("topic:wafers", until=None, now=NOW)
    store.mutes.add("tea", until=None, now=NOW)
    store.tags.save(ids["chips"], [], "2")
    store.tags.save_names({("topic", "chips"): "Chips"}, "2")
    store.mutes.settle(NOW)
    assert found(store) == {"chips", "phones"}
