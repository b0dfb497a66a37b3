"""An issue and its stories: in lists, counts and searches, through edits, undo and unsubscribing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import NOW, entry, later, save, subscribe

from tui_reader.model import CleanEntry, Tag
from tui_reader.query import parse_query
from tui_reader.store import Saved, Store, open_demo_store

MILL = entry("story:mill", "A river turns a mill", "The wheel was built in spring.")
FERRY = entry("story:ferry", "Ferries without captains", "Two boats cross by themselves.")
LOOM = entry("story:loom", "The loom that counts", "It knows how many threads are left.")
ISSUE = entry("n1", "Letter No. 1", f"{MILL.text}\n\n{FERRY.text}\n\n{LOOM.text}\n\nTell your friends.")


def keep(store: Store, *stories: CleanEntry, issue: CleanEntry = ISSUE) -> tuple[int, Saved]:
    (issue_id,) = save(store, issue)
    return issue_id, store.stories.keep(issue_id, stories, NOW)


def listed(store: Store, query: str = "") -> list[str]:
    return [each.title for each in store.entries.rows(store.entries.ids(store.condition(parse(query))))]


def searched(store: Store, query: str) -> list[str]:
    return [each.title for each in store.entries.rows(store.search.ids(parse(query), store.condition(parse(query))))]


def parse(query: str) -> object:
    return parse_query(query, now=NOW).term


def of(store: Store, title: str) -> int:
    (found,) = [each.id for each in store.entries.rows(store.entries.ids(store.condition(None))) if each.title == title]
    return found


def unread(store: Store) -> int:
    return store.entries.count(store.condition(parse("is:unread")))


# --- lists and counts


def test_an_issue_is_followed_by_its_stories_in_order(store: Store) -> None:
    same = [entry("a", "Before", published_at=ISSUE.published_at), entry("z", "After", published_at=ISSUE.published_at)]
    save(store, same[0])
    keep(store, MILL, FERRY, LOOM)
    save(store, same[1])
    titles = listed(store)
    at = titles.index(ISSUE.title)
    assert titles[at : at + 4] == [ISSUE.title, MILL.title, FERRY.title, LOOM.title]
    assert sorted(titles[:at] + titles[at + 4 :]) == ["After", "Before"]


def test_a_story_knows_its_issue_and_is_published_as_it_was(store: Store) -> None:
    issue_id, saved = keep(store, MILL, FERRY)
    first = store.entries.rows([min(saved.new)])[0]
    issue = store.entries.rows([issue_id])[0]
    assert (first.parent_id, first.parent_title) == (issue_id, ISSUE.title)
    assert first.published_at == issue.published_at == ISSUE.published_at
    assert (issue.parent_id, issue.stories, issue.unread_stories) == (None, 2, 2)


def test_the_stories_count_and_not_the_issue(store: Store) -> None:
    keep(store, MILL, FERRY, LOOM)
    assert unread(store) == 3
    assert store.feeds.all()[0].unread == 3
    assert listed(store, "is:unread") == [MILL.title, FERRY.title, LOOM.title]


def test_marking_an_issue_marks_its_stories(store: Store) -> None:
    issue_id, saved = keep(store, MILL, FERRY, LOOM)
    store.entries.mark([min(saved.new)], "read", value=True, now=NOW)
    assert store.entries.mark([issue_id], "read", value=True, now=NOW) == 2
    assert unread(store) == 0
    store.undo(NOW)
    assert unread(store) == 2
    store.entries.mark([issue_id], "read", value=False, now=NOW)
    assert unread(store) == 3
    assert store.entries.rows([issue_id])[0].unread_stories == 3


def test_a_star_is_of_one_entry(store: Store) -> None:
    issue_id, saved = keep(store, MILL, FERRY)
    store.entries.mark([max(saved.new)], "starred", value=True, now=NOW)
    assert listed(store, "is:starred") == [FERRY.title]
    assert not store.entries.rows([issue_id])[0].starred


def test_pace_and_gaps_are_told_from_issues(store: Store) -> None:
    keep(store, MILL, FERRY, LOOM)
    feed = store.feeds.all()[0]
    assert store.feeds.rates(later(hours=1)) == {feed.id: 0.25}
    assert len(store.entries.published(feed.id)) == 1


# --- searches


def test_a_search_finds_the_story_and_not_the_issue(store: Store) -> None:
    keep(store, MILL, FERRY, LOOM)
    assert listed(store, "boats") == searched(store, "boats") == [FERRY.title]


def test_what_only_the_issue_says_or_says_together_finds_the_issue(store: Store) -> None:
    keep(store, MILL, FERRY, LOOM)
    assert searched(store, "friends") == [ISSUE.title]
    assert searched(store, "wheel boats") == [ISSUE.title]
    assert searched(store, "boats or friends") == [FERRY.title]


def test_companies_are_those_of_the_stories(store: Store) -> None:
    issue_id, saved = keep(store, MILL, FERRY)
    for entry_id in (issue_id, min(saved.new)):
        store.tags.save(entry_id, [Tag("company", "quarry", "Quarry")], "1")
    assert listed(store, "company:quarry") == [MILL.title]
    assert [(each.unread, each.total) for each in store.tags.counts("company")] == [(1, 1)]
    store.stories.join(issue_id, NOW)
    assert listed(store, "company:quarry") == [ISSUE.title]
    assert [(each.unread, each.total) for each in store.tags.counts("company")] == [(1, 1)]


# --- splitting and joining


def test_joining_and_splitting_is_undone_and_done_again(store: Store) -> None:
    issue_id, _ = keep(store, MILL, FERRY, LOOM)
    split = [ISSUE.title, MILL.title, FERRY.title, LOOM.title]
    store.stories.join(issue_id, NOW)
    assert (listed(store), unread(store)) == ([ISSUE.title], 1)
    assert store.undo(NOW).description == f"joined “{ISSUE.title}” again"  # type: ignore[union-attr]
    assert (listed(store), unread(store)) == (split, 3)
    store.redo(NOW)
    assert listed(store) == [ISSUE.title]
    store.stories.split(issue_id, [MILL, FERRY, LOOM], NOW)
    assert (listed(store), unread(store)) == (split, 3)
    assert len(store.stories.every(issue_id)) == 3
    store.undo(NOW)
    assert (listed(store), unread(store)) == ([ISSUE.title], 1)


def test_the_wish_is_the_feeds_and_is_undone_too(store: Store) -> None:
    (issue_id,) = save(store, ISSUE)
    wishes = []
    for deed in (
        lambda: store.stories.split(issue_id, [MILL, FERRY], NOW),
        lambda: store.stories.join(issue_id, NOW),
        lambda: store.undo(NOW),
        lambda: store.undo(NOW),
    ):
        deed()
        wishes.append(store.feeds.all()[0].digest)
    assert wishes == ["split", "whole", "split", "auto"]


def test_joining_what_is_whole_is_only_a_wish(store: Store) -> None:
    (issue_id,) = save(store, ISSUE)
    store.stories.join(issue_id, NOW)
    assert unread(store) == 1
    assert store.feeds.all()[0].digest == "whole"


def test_whoever_has_read_the_issue_has_read_its_stories(store: Store) -> None:
    (issue_id,) = save(store, ISSUE)
    store.entries.mark([issue_id], "read", value=True, now=NOW)
    store.stories.split(issue_id, [MILL, FERRY], NOW)
    assert unread(store) == 0
    store.stories.join(issue_id, NOW)
    assert store.entries.rows([issue_id])[0].read


def test_what_the_reader_marked_outlives_the_join(store: Store) -> None:
    issue_id, saved = keep(store, MILL, FERRY)
    ferry = max(saved.new)
    store.entries.mark([ferry], "starred", value=True, now=NOW)
    article = store.entries.article(ferry)
    store.highlights.add(article, 0, 9, now=NOW)
    store.stories.join(issue_id, NOW)
    assert listed(store) == [ISSUE.title, FERRY.title]
    assert store.highlights.all()[0].entry_id == ferry
    assert store.stories.of(issue_id) == ()


def test_highlights_of_the_issue_stay_there(store: Store) -> None:
    (issue_id,) = save(store, ISSUE)
    store.highlights.add(store.entries.article(issue_id), 0, 9, now=NOW)
    store.stories.split(issue_id, [MILL, FERRY], NOW)
    assert [each.entry_id for each in store.highlights.all()] == [issue_id]
    assert store.highlights.all()[0].state == "anchored"


# --- edits


def test_an_edited_story_is_the_same_with_another_version(store: Store) -> None:
    issue_id, before = keep(store, MILL, FERRY)
    edited = replace(MILL, text="The wheel was built in autumn.", html="<p>The wheel was built in autumn.</p>")
    saved = store.stories.keep(issue_id, [edited, FERRY], NOW)
    assert (list(saved.new), list(saved.updated)) == ([], [min(before.new)])
    assert store.entries.article(min(before.new)).versions == 2


@pytest.mark.parametrize(
    "renamed",
    [
        replace(MILL, guid="story:other", title="A river turns two mills"),
        replace(MILL, guid="story:other", url=None, text="Another text."),
        replace(MILL, guid="story:other", url="https://harbour.example/other", title="A river turns two mills"),
    ],
    ids=["same address", "same title", "same text"],
)
def test_a_story_is_known_by_what_it_kept(store: Store, renamed: CleanEntry) -> None:
    issue_id, before = keep(store, MILL, FERRY)
    saved = store.stories.keep(issue_id, [FERRY, renamed], NOW)
    assert not saved.new
    assert listed(store) == [ISSUE.title, FERRY.title, renamed.title]
    assert set(store.stories.of(issue_id)) == set(before.new)


def test_a_story_that_is_no_longer_told_leaves_the_lists_unless_it_was_marked(store: Store) -> None:
    issue_id, saved = keep(store, MILL, FERRY, LOOM)
    mill, ferry, _ = saved.new
    store.entries.mark([mill], "later", value=True, now=NOW)
    store.stories.keep(issue_id, [LOOM], NOW)
    assert sorted(listed(store)) == sorted([ISSUE.title, MILL.title, LOOM.title])
    assert ferry in store.stories.every(issue_id)


def test_an_edit_that_tells_no_stories_changes_nothing(store: Store) -> None:
    issue_id, _ = keep(store, MILL, FERRY)
    store.stories.keep(issue_id, [], NOW)
    assert listed(store) == [ISSUE.title, MILL.title, FERRY.title]


def test_a_poll_does_not_take_stories_for_entries_of_the_feed(store: Store) -> None:
    issue_id, saved = keep(store, MILL, FERRY)
    own = entry("post", "Ferries, at length", url=FERRY.url)
    feed = store.feeds.all()[0]
    result = store.arrivals.save(feed.id, [ISSUE, own], NOW)
    assert len(result.new) == 1
    assert set(store.stories.of(issue_id)) == set(saved.new)


def test_a_feed_cannot_take_or_forge_the_guid_of_a_story(store: Store) -> None:
    issue_id, _ = keep(store, MILL, FERRY)
    feed = store.feeds.all()[0]
    assert store.arrivals.save(feed.id, [ISSUE, replace(MILL, title="Forged")], NOW).new == {}
    store.arrivals.save(feed.id, [entry(LOOM.guid, "Taken before")], NOW)
    assert not store.stories.keep(issue_id, [MILL, FERRY, LOOM], NOW).new
    assert "Forged" not in listed(store)
    assert store.check() == ()


# --- unsubscribing


def test_unsubscribing_and_coming_back(store: Store) -> None:
    feed = subscribe(store)
    whole, split = entry("n0", "Letter No. 0"), ISSUE
    whole_id, split_id = save(store, whole, split)
    store.stories.keep(whole_id, [LOOM], NOW)
    store.stories.join(whole_id, NOW)
    store.stories.keep(split_id, [MILL, FERRY], NOW)
    before = sorted(listed(store))
    store.feeds.remove(feed, NOW)
    assert listed(store) == []
    subscribe(store)
    assert sorted(listed(store)) == before


# --- any order of deeds


DEEDS: dict[str, Callable[[Store, int, datetime], object]] = {
    "split": lambda store, issue, now: store.stories.split(issue, [MILL, FERRY, LOOM], now),
    "join": lambda store, issue, now: store.stories.join(issue, now),
    "read": lambda store, issue, now: store.entries.mark([issue], "read", value=True, now=now),
    "unread": lambda store, issue, now: store.entries.mark([issue], "read", value=False, now=now),
    "read one": lambda store, issue, now: store.entries.mark(store.stories.of(issue)[:1], "read", value=True, now=now),
    "undo": lambda store, issue, now: store.undo(now),
    "redo": lambda store, issue, now: store.redo(now),
}


@given(deeds=st.lists(st.sampled_from(sorted(DEEDS)), max_size=14))
@settings(max_examples=60, deadline=None)
def test_whatever_is_done_nothing_counts_twice_and_nothing_is_lost(deeds: list[str]) -> None:
    with open_demo_store() as store:
        (issue,) = save(store, ISSUE)
        for number, deed in enumerate(deeds):
            DEEDS[deed](store, issue, NOW + timedelta(minutes=number))
            if store.stories.is_split(issue):
                assert listed(store) == [ISSUE.title, MILL.title, FERRY.title, LOOM.title]
                assert unread(store) == store.entries.rows([issue])[0].unread_stories
            else:
                assert listed(store) == [ISSUE.title]
                assert unread(store) == (not store.entries.rows([issue])[0].read)
        while store.undo(NOW):
            pass
        assert (listed(store), unread(store)) == ([ISSUE.title], 1)
        assert store.check() == ()
