from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from samples import FEED_URL, NOW, entry, later, save, subscribe

from tui_reader.errors import NotFoundError
from tui_reader.model import Highlight, HighlightCounts, Passage, Tag
from tui_reader.query import parse_query
from tui_reader.store import Grouping, Sorting, Store, open_store

TEXT = (
    "The foundry will double its output of memory stacks by spring. Its chief said that demand has not slowed. "
    "Two buyers have paid for the whole of next year in advance, she added."
)
QUOTE = "demand has not slowed"


def highlight(store: Store, text: str = TEXT, quote: str = QUOTE, **given: object) -> Highlight:
    (entry_id,) = save(store, entry("memory", "Memory is sold out", text))
    article = store.entries.article(entry_id)
    start = article.text.index(quote)
    return store.highlights.add(article, start, start + len(quote), now=NOW, **given)  # type: ignore[arg-type]


def state(store: Store) -> str:
    (each,) = store.highlights.all()
    return each.state


def test_it_is_on_the_disk_once_made(store: Store, db: Path) -> None:
    made = highlight(store, note="Ask who the two are.", kind="claim", tags=["hbm", "存储"])
    with open_store(db) as other:
        assert other.highlights.get(made.id) == made
    assert (made.quote.exact, made.state, made.kind, made.tags) == (QUOTE, "anchored", "claim", ("hbm", "存储"))
    assert TEXT[made.quote.start : made.quote.end] == QUOTE
    assert TEXT[: made.quote.start].endswith(made.quote.prefix)
    assert TEXT[made.quote.end :].startswith(made.quote.suffix)
    assert (made.made_at, made.version_id) == (NOW, store.entries.article(made.entry_id).version_id)


def test_it_keeps_a_copy_of_its_source(store: Store) -> None:
    subscribe(store, title="Harbour Weekly")
    made = highlight(store)
    store.tags.save(made.entry_id, [Tag("company", "sk-hynix", "SK hynix")], "v1")
    (kept,) = store.highlights.all()
    source = kept.source
    assert (source.title, source.feed_title, source.feed_url) == ("Memory is sold out", "Harbour Weekly", FEED_URL)
    assert (source.url, source.author, source.lang) == ("https://harbour.example/memory", "Mara Ellison", "en")
    assert source.companies == ("sk-hynix",)


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        (f"Updated on Friday. {TEXT}", "anchored"),
        (TEXT.replace(QUOTE, "demand has still not slowed"), "moved"),
        ("The company has withdrawn this announcement and apologises to its readers.", "orphan"),
    ],
)
def test_after_an_edit_it_is_found_again_or_lost_but_never_gone(store: Store, edited: str, expected: str) -> None:
    made = highlight(store, note="Keep.")
    save(store, entry("memory", "Memory is sold out", edited))
    (kept,) = store.highlights.all()
    assert (kept.state, kept.id, kept.note, kept.quote) == (expected, made.id, "Keep.", made.quote)
    save(store, entry("memory", "Memory is sold out", TEXT))
    assert state(store) == "anchored"


def test_taking_a_note_back_does_not_take_back_what_became_of_the_article(store: Store) -> None:
    made = highlight(store)
    changed = store.highlights.change(made, now=later(minutes=1), note="Who are the buyers?", kind="question")
    assert (changed.note, changed.kind, changed.changed_at) == ("Who are the buyers?", "question", later(minutes=1))
    save(store, entry("memory", text="All of it is gone."))
    # The screen still holds the highlight as it was before the edit.
    store.highlights.change(changed, now=later(minutes=2), tags=["hbm"])
    assert state(store) == "orphan"
    store.undo(later(minutes=3))
    store.undo(later(minutes=4))
    (kept,) = store.highlights.all()
    assert (kept.note, kept.kind, kept.tags, kept.state) == ("", "", (), "orphan")


def test_a_highlight_that_comes_back_by_undo_is_sought_in_the_text_of_today(store: Store) -> None:
    made = highlight(store)
    store.highlights.remove(made, now=NOW)
    assert store.highlights.all() == ()
    save(store, entry("memory", text="All of it is gone."))
    undone = store.undo(NOW)
    assert undone is not None
    assert (undone.description, undone.entry_ids) == (f"removed the highlight “{QUOTE}”", (made.entry_id,))
    assert state(store) == "orphan"
    store.redo(NOW)
    assert store.highlights.count() == 0


def test_undo_of_making_one(store: Store) -> None:
    made = highlight(store)
    assert store.entries.rows([made.entry_id])[0].highlights == 1
    store.undo(NOW)
    assert store.entries.rows([made.entry_id])[0].highlights == 0
    store.redo(NOW)
    assert store.highlights.get(made.id) == made


def test_highlights_of_an_entry_are_in_order_of_its_text_and_all_newest_first(store: Store) -> None:
    (entry_id,) = save(store, entry("memory", text=TEXT))
    article = store.entries.article(entry_id)
    for minutes, start in enumerate((60, 0, 30)):
        store.highlights.add(article, start, start + 20, now=later(minutes=minutes))
    assert [each.quote.start for each in store.highlights.of_entry(entry_id)] == [0, 30, 60]
    assert [each.quote.start for each in store.highlights.all()] == [30, 0, 60]
    assert len(store.entries.article(entry_id).highlights) == 3


def test_white_space_is_no_highlight(store: Store) -> None:
    (entry_id,) = save(store, entry("memory", text="One. Two."))
    with pytest.raises(ValueError, match="empty"):
        store.highlights.add(store.entries.article(entry_id), 4, 5, now=NOW)
    assert store.highlights.count() == 0


def test_an_unknown_one_is_named(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no highlight abcdefghij"):
        store.highlights.get("abcdefghij")


def test_the_database_itself_refuses_to_lose_what_a_highlight_hangs_on(store: Store, db: Path) -> None:
    made = highlight(store)
    with sqlite3.connect(db) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        for table in ("entries", "versions"):
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute(f"DELETE FROM {table}")
    assert store.highlights.get(made.id)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("", True),
        ("slowed", True),
        ("BUYERS", True),
        ("memory", True),
        ("kind:claim", True),
        ("kind:fact", False),
        ("tag:存儲", True),
        ("tag:hb", False),
        ("feed:harbour", True),
        ("title:sold", True),
        ("author:ellison", True),
        ("company:sk-hynix", True),
        ("company:micron", False),
        ("lang:en", True),
        ("-feed:harbour", False),
        ("is:unread", True),
        ("-slowed", False),
        ("oranges or slowed", True),
        ("near(demand slowed, 4)", True),
        ("on:2026-11-20", True),
        ("before:2026-11-20", False),
    ],
)
def test_queries_over_highlights(store: Store, query: str, *, fits: bool) -> None:
    made = highlight(store, note="Which buyers?", kind="claim", tags=["hbm", "存储"])
    store.tags.save(made.entry_id, [Tag("company", "sk-hynix", "SK hynix")], "v1")
    found = store.highlights.all(store.highlight_condition(parse_query(query, now=NOW).term))
    assert [each.id for each in found] == ([made.id] if fits else [])


def test_highlights_of_a_view(store: Store) -> None:
    made = highlight(store)
    assert store.highlights.of_entries(store.condition(None)) == (made,)
    read = store.condition(parse_query("is:read", now=NOW).term)
    assert store.highlights.of_entries(read) == ()


# --- joining, attaching, days ----------------------------------------------------------------------------------------


def test_one_that_joins_others_keeps_what_was_said_of_them_and_undo_gives_them_back(store: Store) -> None:
    first = highlight(store, quote="demand has not slowed", note="Really?", tags=["hbm"])
    article = store.entries.article(first.entry_id)
    start = article.text.index("Two buyers")
    second = store.highlights.add(
        article, start, start + 10, now=later(minutes=1), note="Who?", kind="question", tags=["hbm", "buyers"]
    )
    start, end = article.text.index("demand"), article.text.index(" have paid")
    joined = store.highlights.add(article, start, end, now=later(minutes=2), joining=[second, first])
    assert store.highlights.all() == (joined,)
    assert joined.quote.exact == "demand has not slowed. Two buyers"
    assert (joined.id, joined.made_at) == (first.id, first.made_at)
    assert (joined.note, joined.kind, joined.tags) == ("Really?\n\nWho?", "question", ("hbm", "buyers"))
    store.undo(later(minutes=3))
    assert store.highlights.all() == (second, first)
    store.redo(later(minutes=4))
    assert store.highlights.all() == (joined,)


def test_an_orphan_is_attached_by_hand(store: Store) -> None:
    made = highlight(store, note="Keep.")
    save(store, entry("memory", text="Its chief thinks that people will go on buying."))
    (orphan,) = store.highlights.all()
    article = store.entries.article(made.entry_id)
    attached = store.highlights.attach(orphan, article, 16, 47, now=later(minutes=1))
    assert (attached.id, attached.note, attached.state) == (made.id, "Keep.", "anchored")
    assert attached.quote.exact == "that people will go on buying."
    assert attached.version_id == article.version_id
    store.undo(later(minutes=2))
    assert store.highlights.all() == (orphan,)


def test_a_claim_has_a_day_and_loses_it_with_its_kind(store: Store) -> None:
    made = highlight(store, kind="claim")
    day = NOW.date()
    dated = store.highlights.set_check_by(made, day, now=later(minutes=1))
    assert store.highlights.get(made.id).check_by == day
    noted = store.highlights.change(dated, note="Check.", now=later(minutes=2))
    assert noted.check_by == day
    assert store.highlights.change(noted, kind="fact", now=later(minutes=3)).check_by is None
    store.undo(later(minutes=4))
    assert store.highlights.get(made.id).check_by == day


@pytest.mark.parametrize(
    ("query", "fits"),
    [("is:due", True), ("due:2026-11-19", False), ("due:1y", True), ("is:orphan", False), ("is:moved", False)],
)
def test_highlights_and_their_entries_are_found_by_day_and_state(store: Store, query: str, *, fits: bool) -> None:
    made = highlight(store, kind="claim")
    store.highlights.set_check_by(made, NOW.date(), now=NOW)
    term = parse_query(query, now=NOW).term
    assert bool(store.highlights.listed(store.highlight_condition(term))) is fits
    assert bool(len(store.entries.ids(store.condition(term)))) is fits


def test_orphans_are_found(store: Store) -> None:
    highlight(store)
    save(store, entry("memory", text="All of it is gone."))
    orphans = store.highlight_condition(parse_query("is:orphan", now=NOW).term)
    assert len(store.highlights.all(orphans)) == 1
    assert store.highlights.counts(NOW.date()) == HighlightCounts(1, 1, 0)


# --- lists -----------------------------------------------------------------------------------------------------------


def three(store: Store) -> list[Highlight]:
    """Two of one article, a day apart; one of another. Oldest first."""
    ids = save(store, entry("memory", "Memory", TEXT), entry("chips", "Chips", TEXT, published_at=later(days=-3)))
    store.tags.save(ids[0], [Tag("company", "micron", "Micron"), Tag("company", "sk-hynix", "SK hynix")], "v1")
    store.tags.save(ids[1], [Tag("company", "micron", "Micron"), Tag("topic", "memory", "Memory chips")], "v1")
    memory, chips = (store.entries.article(each) for each in ids)
    return [
        store.highlights.add(memory, 0, 20, now=later(minutes=0), kind="fact"),
        store.highlights.add(chips, 0, 20, now=later(minutes=1), kind="claim"),
        store.highlights.add(memory, 30, 50, now=later(days=1)),
    ]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("", [("", 2), ("", 1), ("", 0)]),
        ("article", [("Memory", 2), ("Memory", 0), ("Chips", 1)]),
        ("company", [("micron", 2), ("micron", 1), ("micron", 0), ("sk-hynix", 2), ("sk-hynix", 0)]),
        ("topic", [("memory", 1), ("untagged", 2), ("untagged", 0)]),
        ("kind", [("claim", 1), ("fact", 0), ("", 2)]),
        ("day", [("2026-11-21", 2), ("2026-11-20", 1), ("2026-11-20", 0)]),
    ],
)
def test_lists_in_groups(store: Store, group: Grouping, expected: list[tuple[str, int]]) -> None:
    made = three(store)
    listed = [(each.group_name, each.id) for each in store.highlights.listed(group=group)]
    assert listed == [(name, made[index].id) for name, index in expected]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", [2, 1, 0]),
        ("oldest", [0, 1, 2]),
        ("changed", [0, 2, 1]),
        ("published", [0, 2, 1]),
        ("due", [1, 2, 0]),
    ],
)
def test_lists_in_orders(store: Store, order: Sorting, expected: list[int]) -> None:
    made = three(store)
    store.highlights.set_check_by(made[1], NOW.date(), now=later(minutes=5))
    store.highlights.change(made[0], note="Later.", now=later(days=2))
    found = store.highlights.listed(order=order)
    if order == "published":
        assert {found[0].id, found[1].id} == {made[0].id, made[2].id}
    else:
        assert [each.id for each in found] == [made[index].id for index in expected]


def test_a_list_is_filtered_and_read_by_ids(store: Store) -> None:
    made = three(store)
    condition = store.highlight_condition(parse_query("kind:claim or tag:x", now=NOW).term)
    (found,) = store.highlights.listed(condition, group="company")
    assert store.highlights.some([found.id, "unknown"]) == (made[1],)


def test_of_two_passages_that_say_the_same_the_right_one_is_found_in_the_edited_article(store: Store) -> None:
    twice = "In Oslo nobody was told. The price is secret.\n\nIn Lyon all were told. The price is secret."
    article = store.entries.article(save(store, entry("prices", text=twice))[0])
    store.highlights.add(article, twice.rindex("The price"), len(twice), now=later(minutes=1))
    edited = "An update.\n\n" + "\n\n".join(reversed(twice.split("\n\n")))
    save(store, entry("prices", text=edited))
    (kept,) = store.highlights.all()
    assert kept.found == Passage(edited.index("The price"), "The price is secret.")
    assert store.entries.article(kept.entry_id).highlights == (kept,)
