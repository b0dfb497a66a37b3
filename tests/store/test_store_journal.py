from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import NOW, entry, later, save, subscribe

from tui_reader.errors import NotFoundError
from tui_reader.store import Store, open_demo_store, open_store


def read(store: Store) -> list[int]:
    return sorted(each.id for each in store.entries.rows(store.entries.ids(store.condition(None))) if each.read)


def mark(store: Store, *ids: int, value: bool = True) -> None:
    store.entries.mark(ids, "read", value=value, now=NOW)


def test_undo_redo_undo_again(store: Store) -> None:
    a, b = save(store, entry("a"), entry("b"))
    mark(store, a)
    mark(store, b)
    for expected in ([a], []):
        assert store.undo(NOW)
        assert read(store) == expected
    assert store.undo(NOW) is None
    for expected in ([a], [a, b]):
        assert store.redo(NOW)
        assert read(store) == expected
    assert store.redo(NOW) is None
    store.undo(NOW)
    assert read(store) == [a]
    store.redo(NOW)
    assert read(store) == [a, b]


def test_it_works_across_restarts(db: Path) -> None:
    with open_store(db) as store:
        a, b = save(store, entry("a"), entry("b"))
        mark(store, a, b)
    for turn, expected in (("undo", []), ("redo", [a, b]), ("undo", []), ("redo", [a, b])):
        with open_store(db) as store:
            assert getattr(store, turn)(NOW)
            assert read(store) == expected


def test_a_new_deed_clears_redo(store: Store) -> None:
    a, b = save(store, entry("a"), entry("b"))
    mark(store, a)
    store.undo(NOW)
    mark(store, b)
    assert store.redo(NOW) is None
    assert read(store) == [b]
    # And its undo does not bring the cleared one within reach again.
    store.undo(NOW)
    store.redo(NOW)
    assert store.redo(NOW) is None
    assert read(store) == [b]


def test_reading_on_is_no_step(store: Store) -> None:
    a, b = save(store, entry("a"), entry("b"))
    store.entries.mark([a], "starred", value=True, now=NOW)
    store.entries.mark([a], "read", value=True, now=NOW, action="open")
    undone = store.undo(NOW)
    assert undone is not None
    assert undone.description.startswith("starred")
    store.entries.mark([b], "read", value=True, now=NOW, action="open")
    assert store.redo(NOW) is not None
    assert read(store) == [a, b]
    store.undo(NOW)
    assert store.undo(NOW) is None


def test_five_thousand_at_once_are_one_step(store: Store) -> None:
    ids = save(store, *(entry(str(number), text=f"Item {number}.") for number in range(5000)))
    store.entries.mark(ids[:1000], "read", value=True, now=NOW)
    assert store.entries.mark(ids, "read", value=True, now=later(minutes=1)) == 4000
    undone = store.undo(NOW)
    assert undone is not None
    assert (undone.description, len(undone.entry_ids)) == ("marked 4,000 entries read", 4000)
    assert read(store) == sorted(ids[:1000])
    store.redo(NOW)
    assert len(read(store)) == 5000


def test_nothing_changed_is_nothing_to_undo(store: Store) -> None:
    (a,) = save(store, entry("a"))
    mark(store, a, value=False)
    assert store.undo(NOW) is None


def test_several_deeds_in_one_step(store: Store) -> None:
    a, b = save(store, entry("a"), entry("b"))
    with store.one_step(NOW) as step:
        mark(store, a, b)
        store.entries.mark([a], "starred", value=True, now=NOW)
        store.tags.give([a], "label", "hbm", now=NOW)
    assert step.entry_ids == {a, b}
    undone = store.undo(NOW)
    assert undone is not None
    assert undone.description == (
        "marked 2 entries read, starred “Quarry Labs opens model a”, tagged “Quarry Labs opens model a” with hbm"
    )
    assert read(store) == []
    assert (store.tags.labels(), store.undo(NOW)) == ((), None)
    store.redo(NOW)
    assert (read(store), store.tags.labels()) == ([a, b], ("hbm",))


def test_a_step_that_fails_leaves_nothing(store: Store) -> None:
    (a,) = save(store, entry("a"))

    def half() -> None:
        with store.one_step(NOW):
            mark(store, a)
            mark(store, 99)

    with pytest.raises(NotFoundError):
        half()
    assert (read(store), store.undo(NOW)) == ([], None)
    with store.one_step(NOW):
        pass
    mark(store, a)
    assert store.undo(NOW)
    assert store.undo(NOW) is None


def test_what_a_refresh_brings_is_not_undone(store: Store) -> None:
    subscribe(store)
    save(store, entry("a"))
    assert store.undo(NOW) is None
    assert store.entries.by_guid().keys() == {"a"}


def test_events_are_only_ever_added(store: Store, db: Path) -> None:
    (a,) = save(store, entry("a"))
    mark(store, a)
    store.undo(later(seconds=1))
    store.redo(later(seconds=2))
    with sqlite3.connect(db) as raw:
        events = raw.execute("SELECT action, undoes, changes, made_at, device FROM journal ORDER BY id").fetchall()
    assert [(action, undoes) for action, undoes, *_ in events] == [("mark", None), ("undo", 1), ("redo", 2)]
    assert json.loads(events[0][2]) == [{"table": "states", "field": "read", "old": 0, "new": 1, "ids": [a]}]
    assert [each[3] for each in events] == ["2026-11-20T09:30:00Z", "2026-11-20T09:30:01Z", "2026-11-20T09:30:02Z"]
    assert len({each[4] for each in events}) == 1


def test_a_clock_that_goes_back_changes_no_order(store: Store) -> None:
    a, b = save(store, entry("a"), entry("b"))
    store.entries.mark([a], "read", value=True, now=NOW)
    store.entries.mark([b], "read", value=True, now=NOW - timedelta(days=900))
    assert store.undo(NOW - timedelta(days=1800)) is not None
    assert read(store) == [a]
    assert store.redo(NOW - timedelta(days=2000)) is not None
    assert read(store) == [a, b]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(note=st.text(), label=st.text(min_size=1))
def test_any_text_comes_back_to_the_letter(note: str, label: str) -> None:
    with open_demo_store() as store:
        (entry_id,) = save(store, entry("a"))
        made = store.highlights.add(store.entries.article(entry_id), 0, 11, now=NOW, note=note, tags=[label])
        store.highlights.remove(made, now=NOW)
        store.undo(NOW)
        (back,) = store.highlights.all()
        assert (back.note, back.tags) == (note, (label,))


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["read", "starred", "later"]), st.booleans(), st.sets(st.integers(0, 3), min_size=1)),
        st.sampled_from(["undo", "redo"]),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deeds=DEEDS)
def test_it_behaves_as_a_stack_of_snapshots(deeds: list[object]) -> None:
    with open_demo_store() as store:
        ids = save(store, *(entry(str(number)) for number in range(4)))
        past: list[object] = []
        future: list[object] = []

        def snapshot() -> object:
            return [(each.read, each.starred, each.later) for each in store.entries.rows(ids)]

        for at, deed in enumerate(deeds):
            before, now = snapshot(), NOW + timedelta(seconds=at)
            if deed == "undo":
                assert (store.undo(now) is not None) == bool(past)
                if past:
                    future.append(before)
                    assert snapshot() == past.pop()
            elif deed == "redo":
                assert (store.redo(now) is not None) == bool(future)
                if future:
                    past.append(before)
                    assert snapshot() == future.pop()
            else:
                field, value, chosen = deed  # type: ignore[misc]
                if store.entries.mark([ids[i] for i in chosen], field, value=value, now=now):
                    past.append(before)
                    future.clear()


def test_the_journal_changes_nothing_but_what_it_is_for(store: Store) -> None:
    from tui_reader.store.journal import field_changes, row_change

    for change in (
        field_changes("states", "sorted_at", {1: "x"}, new="y"),
        [row_change("feeds", {"id": 1}, old=None, new=None)],
    ):
        with pytest.raises(ValueError, match="the journal does not change"):
            store.journal.do(change, action="mark", description="", now=NOW)
    assert store.undo(NOW) is None


def test_a_long_title_is_cut_with_a_sign_that_it_was(store: Store) -> None:
    subscribe(store)
    long, short = save(store, entry("long", "x" * 80), entry("short", "x" * 61))
    for entry_id, said in ((long, f"“{'x' * 60}…”"), (short, f"“{'x' * 61}”")):
        store.entries.mark([entry_id], "starred", value=True, now=NOW)
        undone = store.undo(NOW)
        assert undone is not None
        assert said in undone.description
