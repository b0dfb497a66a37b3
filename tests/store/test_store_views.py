"""Saved views are kept in order, replaced by name, and undone."""

from __future__ import annotations

from samples import NOW, later

from tui_reader.model import SavedView
from tui_reader.store import Store


def test_views_are_kept_in_the_order_of_making(store: Store) -> None:
    store.views.save("Zinc", "tag:zinc", now=NOW)
    store.views.save("Chips", "topic:chips", now=later(hours=1))
    store.views.save("Zinc", "zinc or 锌", now=later(hours=2))
    assert store.views.all() == (SavedView("Zinc", "zinc or 锌"), SavedView("Chips", "topic:chips"))


def test_saving_and_removing_can_be_undone(store: Store) -> None:
    store.views.save("Chips", "topic:chips", now=NOW)
    store.views.save("Chips", "芯片", now=NOW)
    store.views.remove("Chips", now=NOW)
    assert store.views.all() == ()
    undone = store.undo(NOW)
    assert undone is not None
    assert undone.description == "removed the view “Chips”"
    assert store.views.all() == (SavedView("Chips", "芯片"),)
    store.undo(NOW)
    assert store.views.all() == (SavedView("Chips", "topic:chips"),)
    store.undo(NOW)
    assert store.views.all() == ()
    store.redo(NOW)
    assert store.views.all() == (SavedView("Chips", "topic:chips"),)


def test_what_is_not_there_or_is_so_already_is_no_step(store: Store) -> None:
    store.views.remove("Nothing", now=NOW)
    assert store.undo(NOW) is None
    store.views.save("Chips", "芯片", now=NOW)
    store.views.save("Chips", "芯片", now=later(hours=1))
    store.undo(NOW)
    assert store.undo(NOW) is None
