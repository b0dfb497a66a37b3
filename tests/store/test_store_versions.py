from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import NOW, entry, later, save

from tui_reader.errors import NotFoundError
from tui_reader.model import Evidence, Tag
from tui_reader.query import parse_query
from tui_reader.store import Store, open_demo_store, open_store, salvage

LONG = "The weights are free from Monday, 出口管制 or not. " * 60


def texts(store: Store, entry_id: int) -> list[str]:
    return [version.text for version in store.versions.of(entry_id)]


def changed(store: Store, entry_id: int) -> bool:
    mark = store.entries.rows([entry_id])[0].changed
    listed = store.entries.ids(store.condition(parse_query("is:changed", now=NOW).term))
    assert mark == (entry_id in listed)
    return mark


def read(store: Store, entry_id: int) -> None:
    store.entries.mark([entry_id], "read", value=False, now=NOW)
    store.entries.mark([entry_id], "read", value=True, now=NOW)


def edit(store: Store, text: str, *, names: tuple[str, ...] = (), title: str = "Title") -> None:
    """The feed says something else, as a refresh takes it in."""
    for entry_id in store.arrivals.save(1, [entry("a", title, text)], later(hours=1)).updated:
        store.versions.settle(entry_id, names)


def first(store: Store, text: str) -> int:
    (entry_id,) = save(store, entry("a", "Title", text))
    return entry_id


def test_every_text_is_kept_and_only_the_current_one_lies_there_plain(store: Store, db: Path) -> None:
    for number in range(4):
        entry_id = first(store, f"{LONG}{number}")
    assert texts(store, entry_id) == [f"{LONG}{number}" for number in range(4)]
    last = store.versions.last_of_feed(entry_id)
    assert last is not None
    assert (last.title, last.html, last.text) == ("Title", f"<p>{LONG}3</p>", f"{LONG}3")
    with closing(sqlite3.connect(db)) as raw:
        rows = raw.execute("SELECT length(html) + length(text), length(packed) FROM versions ORDER BY id").fetchall()
    assert [plain for plain, _ in rows[:3]] == [0, 0, 0]
    assert rows[0][1] < len(LONG) / 4
    assert all(size < 60 for _, size in rows[1:3])
    assert rows[3][0] > len(LONG)
    assert rows[3][1] is None


def test_a_text_that_comes_back_is_compared_with_what_the_feed_said_last(store: Store) -> None:
    entry_id = first(store, "The first lines …")
    store.arrivals.save_page(entry_id, html="<p>All of it.</p>", text="All of it.", now=NOW)
    assert not store.arrivals.save(1, [entry("a", "Title", "The first lines …")], NOW).updated
    assert texts(store, entry_id) == ["The first lines …", "All of it."]
    assert store.arrivals.save(1, [entry("a", "Title", "Other lines …")], NOW).updated


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(alphabet='ab 出口\0\n"', max_size=50), min_size=1, max_size=6))
def test_every_text_comes_back_to_the_letter(written: list[str]) -> None:
    expected = [text for text, before in zip(written, [None, *written], strict=False) if text != before]
    with open_demo_store() as store:
        for text in written:
            entry_id = first(store, text)
        assert texts(store, entry_id) == expected


def test_an_article_longer_than_zlib_remembers(store: Store) -> None:
    long = "".join(f"出口管制 {number}. " for number in range(9000))
    for number in range(3):
        entry_id = first(store, f"{long}{number}")
    assert texts(store, entry_id) == [f"{long}{number}" for number in range(3)]


def test_an_entry_that_is_not_there_has_no_text(store: Store) -> None:
    assert store.versions.of(7) == ()
    store.versions.settle(7, ())
    with pytest.raises(NotFoundError):
        store.entries.article(7)


# --- what is worth coming back for -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edited", "marks"),
    [
        ("Alibaba cuts the price to 5 cents, says teh memo.", True),
        ("Alibaba cuts the price to 3 cents, says the memo.", False),
        ("Baidu cuts the price to 3 cents, says teh memo.", True),
        ("A company cuts the price to 3 cents, says teh memo.", True),
    ],
)
def test_the_mark_is_for_numbers_and_names(store: Store, edited: str, *, marks: bool) -> None:
    entry_id = first(store, "Alibaba cuts the price to 3 cents, says teh memo.")
    read(store, entry_id)
    edit(store, edited, names=("Alibaba", "Baidu"))
    assert changed(store, entry_id) == marks
    assert len(texts(store, entry_id)) == 2


def test_a_highlighted_passage_that_is_touched_marks(store: Store) -> None:
    entry_id = first(store, "Nobody believes it. Rivals answered.")
    store.highlights.add(store.entries.article(entry_id), 0, 18, now=NOW)
    read(store, entry_id)
    edit(store, "Nobody believes it. Rivals have answered.")
    assert not changed(store, entry_id)
    edit(store, "Few people believe it. Rivals have answered.")
    assert changed(store, entry_id)


def test_edits_are_weighed_against_what_was_read_not_against_each_other(store: Store) -> None:
    entry_id = first(store, "It costs 3 cents.")
    read(store, entry_id)
    edit(store, "It costs 5 cents.")
    edit(store, "It now costs 5 cents.")
    assert changed(store, entry_id)
    edit(store, "It now costs 3 cents.")
    assert not changed(store, entry_id)
    assert [version.read for version in store.versions.of(entry_id)] == [False, False, False, True]


def test_what_is_unread_is_not_marked_and_reading_settles_it(store: Store) -> None:
    entry_id = first(store, "It costs 3 cents.")
    edit(store, "It costs 5 cents.")
    assert not changed(store, entry_id)
    read(store, entry_id)
    edit(store, "It costs 7 cents.")
    assert changed(store, entry_id)
    read(store, entry_id)
    assert not changed(store, entry_id)


def test_fetching_the_page_of_an_article_that_was_read_is_no_edit(store: Store) -> None:
    entry_id = first(store, "The first lines …")
    read(store, entry_id)
    store.arrivals.save_page(entry_id, html="<p>It costs 3 cents.</p>", text="It costs 3 cents.", now=NOW)
    assert not changed(store, entry_id)
    edit(store, "The very first lines …")
    assert not changed(store, entry_id)
    edit(store, "The first 10 lines …")
    assert changed(store, entry_id)


def test_the_names_of_an_entry_are_those_of_its_tags(store: Store) -> None:
    entry_id = first(store, "千问 is free.")
    evidence = Evidence("千问", 0, 2, "text", "name")
    store.tags.save(entry_id, [Tag("company", "alibaba", "Alibaba", evidence=(evidence,))], "v1")
    store.tags.give([entry_id], "label", "free", now=NOW)
    assert store.tags.names_in(entry_id) == {"千问", "alibaba"}


# --- salvage ---------------------------------------------------------------------------------------------------------


def test_an_earlier_text_takes_the_place_of_a_current_one_that_is_lost(db: Path) -> None:
    with open_store(db) as store:
        first(store, "Ebb.")
        entry_id = first(store, "Sea level.")
        edit(store, "High tide.")
    with closing(sqlite3.connect(db)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM versions WHERE text = 'High tide.'")  # as if it could not be read
        raw.commit()
    salvage(db, NOW)
    with open_store(db) as store:
        store.repair()
        article = store.entries.article(entry_id)
        assert (article.text, article.html) == ("Sea level.", "<p>Sea level.</p>")
        assert texts(store, entry_id) == ["Ebb.", "Sea level."]
        assert store.check() == ()


def test_earlier_texts_whose_oldest_is_lost_go_but_not_the_highlights_on_them(db: Path) -> None:
    with open_store(db) as store:
        first(store, f"{LONG} one")
        entry_id = first(store, f"{LONG} two")
        made = store.highlights.add(store.entries.article(entry_id), 4, 11, now=NOW)
        edit(store, f"{LONG} three")
    with closing(sqlite3.connect(db)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("DELETE FROM versions WHERE id = 1")
        raw.commit()
    salvage(db, NOW)
    with open_store(db) as store:
        store.repair()
        assert store.check() == ()
        assert store.entries.article(entry_id).text == f"{LONG} three"
        assert [each.id for each in store.highlights.all()] == [made.id]
        assert len(store.versions.of(entry_id)) == 2
