"""`v` in a list: rows are selected, and the keys act on all of them, in one step that `u` takes back."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from driving import QUIET, drawn, entries, ids, keys, lines, pane, reader, screen, settle, status, until
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import Input

from tui_reader.config import Export
from tui_reader.demo import MADE_AT
from tui_reader.model import CleanEntry, Highlight
from tui_reader.store import Store, open_store
from tui_reader.ui.background import Commands
from tui_reader.ui.messages import StoreChanged
from tui_reader.ui.widgets.entry_rows import EntryRows
from tui_reader.ui.widgets.highlight_rows import HighlightRows
from tui_reader.ui.widgets.row_selection import RowSelection
from tui_reader.ui.widgets.virtual_list import VirtualList


def states(store: Store, some: list[int], field: str) -> list[bool]:
    return [getattr(each, field) for each in store.entries.rows(some)]


def selected(pilot: Pilot[str]) -> list[Hashable]:
    return list(entries(pilot).selected())


def add_entry(store: Store, published: datetime) -> int:
    number = len(store.entries.by_guid())
    made = CleanEntry(
        guid=f"came-{number}", url=f"https://wire.example/{number}", title=f"It came as {number}",
        author="", lang="en", published_at=published, html="<p>Text.</p>", text="Text.",
    )  # fmt: skip
    return next(iter(store.arrivals.save(store.feeds.all()[0].id, [made], MADE_AT).new))


async def by_others(pilot: Pilot[str]) -> None:
    pilot.app.screen.post_message(StoreChanged())
    await settle(pilot)
    await settle(pilot)


# --- in the list of entries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "span"),
    [
        (["v"], (0, 0)),
        (["v", "j", "j"], (0, 2)),
        (["j", "j", "j", "v", "k", "k"], (1, 3)),
        (["j", "v", "j", "j", "k"], (1, 2)),
        (["j", "v", "g", "g"], (0, 1)),
        (["j", "j", "v", "home"], (0, 2)),
        (["j", "v", "G"], (1, -1)),
    ],
)
async def test_v_selects_from_the_cursor_as_far_as_it_goes(
    store: Store, pressed: list[str], span: tuple[int, int]
) -> None:
    async with reader(store) as pilot:
        all_ids = ids(pilot)
        shown = await keys(pilot, *pressed)
        first, last = span[0], span[1] % len(all_ids)
        assert selected(pilot) == all_ids[first : last + 1]
        assert f"{last + 1 - first} selected" in shown.splitlines()[-1]


async def test_what_is_selected_shows_without_colour(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "j", "v", "j", "j")
        margin = [line[0] for line in drawn(entries(pilot))[:10]]
        assert margin == [" ", " ", "┃", "┃", "┃", "┃", "▌", "▌", " ", " "]
        await keys(pilot, "k", "k", "k")
        margin = [line[0] for line in drawn(entries(pilot))[:10]]
        assert margin == ["▌", "▌", "┃", "┃", " ", " ", " ", " ", " ", " "]


@pytest.mark.parametrize("key", ["v", "escape", "q"])
async def test_v_escape_and_q_leave_and_change_nothing(store: Store, key: str) -> None:
    async with reader(store) as pilot:
        before = ids(pilot)
        shown = await keys(pilot, "v", "j", key)
        assert selected(pilot) == []
        assert "selected" not in shown
        assert "┃" not in "".join(line[0] for line in drawn(entries(pilot)))
        assert ids(pilot) == before
        assert store.undo(MADE_AT) is None


@pytest.mark.parametrize(
    ("key", "field", "set_", "unset"),
    [
        ("m", "read", "3 entries read", "3 entries unread"),
        ("s", "starred", "starred", "3 entries no longer starred"),
        ("L", "later", "on the read-later list", "3 entries off the read-later list"),
    ],
)
async def test_a_state_is_set_for_all_and_taken_away_where_all_have_it(
    store: Store, key: str, field: str, set_: str, unset: str
) -> None:
    async with reader(store) as pilot:
        some = ids(pilot)[:3]
        for each in some:
            store.entries.mark([each], field, value=False, now=MADE_AT)  # type: ignore[arg-type]
        store.entries.mark(some[1:2], field, value=field != "read", now=MADE_AT)  # type: ignore[arg-type]
        before = states(store, some, field)
        shown = await keys(pilot, "v", "j", "j", key)
        assert states(store, some, field) == [True, True, True]
        assert set_ in shown.splitlines()[-1]
        assert "u undoes" in shown.splitlines()[-1]
        assert selected(pilot) == []
        await keys(pilot, "u")
        assert states(store, some, field) == before
        store.entries.mark(some, field, value=True, now=MADE_AT)  # type: ignore[arg-type]
        await keys(pilot, "g", "v", key)
        assert unset in status(pilot)
        assert states(store, some, field) == [False, False, False]


async def test_tags_are_given_to_all_and_taken_from_all(store: Store) -> None:
    def have(slug: str) -> list[bool]:
        return [any(tag.slug == slug for tag in store.tags.of(each)) for each in some]

    async with reader(store) as pilot:
        some = ids(pilot)[:3]
        store.tags.give([some[1]], "label", "hbm", now=MADE_AT)
        shown = await keys(pilot, "v", "j", "j", "t")
        assert "Tags of 3 entries" in shown
        assert "on 1 already" in shown
        await keys(pilot, ":hbm", "enter")
        assert have("hbm") == [True, True, True]
        assert "tagged 2 entries with hbm" in status(pilot)
        shown = await keys(pilot, "g", "v", "t")
        assert "− hbm" in shown
        await keys(pilot, ":hbm", "enter")
        assert have("hbm") == [False, False, False]
        await keys(pilot, "u")
        assert have("hbm") == [True, True, True]
        await keys(pilot, "u")
        assert have("hbm") == [False, True, False]


async def test_a_tag_dialog_that_is_given_up_leaves_the_selection(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "v", "j", "t", "escape")
        assert selected(pilot) == ids(pilot)[:2]


async def test_addresses_and_links_are_copied_a_line_each(store: Store) -> None:
    async with reader(store) as pilot:
        some = store.entries.rows(ids(pilot)[:2])
        await keys(pilot, "v", "j", "y")
        assert pilot.app.clipboard == "".join(f"{each.url}\n" for each in some)
        assert "copied 2 addresses" in status(pilot)
        await keys(pilot, "g", "v", "Y")
        assert pilot.app.clipboard.splitlines()[0] == f"- [{some[0].title}](<{some[0].url}>)"
        assert len(pilot.app.clipboard.splitlines()) == 2


async def test_more_than_the_clipboard_takes_is_not_cut_off(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.ui.screens.selected_entries.CLIPBOARD", 40)
    async with reader(store) as pilot:
        await keys(pilot, "v", "j", "y")
        assert pilot.app.clipboard == ""
        assert "too much for the clipboard" in status(pilot)
        assert len(selected(pilot)) == 2


async def test_their_highlights_are_exported(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    commands = Commands(["--db", str(store.path)], None)
    config = replace(QUIET, export=Export(folder=str(folder), automatic=False))
    async with reader(store, config=config, commands=commands) as pilot:
        some = [highlight.entry_id for highlight in store.highlights.all()][:2]
        await keys(pilot, "1")
        places = [ids(pilot).index(each) for each in some]
        entries(pilot).move_to(min(places))
        await keys(pilot, "v", *["j"] * (max(places) - min(places)), "e")
        await until(pilot, lambda: "exported" in status(pilot))
        within = ids(pilot)[min(places) : max(places) + 1]
        files = len({each.entry_id for each in store.highlights.all() if each.entry_id in within})
        assert len(list(folder.glob("*.md"))) == files


async def test_what_comes_meanwhile_is_not_selected_and_moves_nothing(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1")
        listed = store.entries.rows(ids(pilot)[:40])
        gap = next(at for at in range(1, 40) if listed[at].published_at > listed[at + 1].published_at)
        later, earlier = listed[gap].published_at, listed[gap + 1].published_at
        entries(pilot).move_to(gap - 1)
        await keys(pilot, "v", "j", "j")
        chosen = selected(pilot)
        assert chosen == [each.id for each in listed[gap - 1 : gap + 2]]
        with open_store(store.path or Path(), create=False) as other:
            add_entry(other, MADE_AT)
            came = add_entry(other, earlier + (later - earlier) / 2)
        await by_others(pilot)
        assert ids(pilot)[gap + 2] == came
        assert selected(pilot) == chosen
        assert "3 selected" in screen(pilot.app)
        await keys(pilot, "s")
        assert states(store, [came], "starred") == [False]
        assert all(states(store, [int(str(each)) for each in chosen], "starred"))
        # Whoever goes over it again has seen it.
        await keys(pilot, "g", "v", "k", "k", "k", "k", "j", "j", "j")
        assert came in selected(pilot)


async def test_another_view_ends_the_selection(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "v", "j", "/", ":is:unread", "enter")
        assert selected(pilot) == []
        assert "selected" not in screen(pilot.app)


async def test_leaving_the_list_ends_the_selection(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "v", "j", "tab", "m")
        assert pane(pilot) == "A"
        assert selected(pilot) == []
        assert states(store, ids(pilot)[:2], "read") == [False, True]


async def test_an_entry_that_has_left_the_store_is_passed_over(store: Store) -> None:
    async with reader(store) as pilot:
        some = ids(pilot)[:3]
        await keys(pilot, "v", "j", "j")
        store.database.run("UPDATE states SET swept = 2 WHERE entry_id = ?", (some[1],))
        await keys(pilot, "s")
        assert "2 entries starred" in status(pilot)


async def test_nothing_is_selected_in_an_empty_list(empty_store: Store) -> None:
    async with reader(empty_store) as pilot:
        shown = await keys(pilot, "v", "m", "g", "v")
        assert "no rows were selected here" in shown


async def test_the_count_and_a_message_stand_side_by_side(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":阿里", "enter")
        await until(pilot, lambda: len(ids(pilot)) > 1)
        await keys(pilot, "v", "j")
        assert status(pilot).startswith("2 selected")


# --- in the highlights -----------------------------------------------------------------------------------------------


def rows(pilot: Pilot[str]) -> VirtualList:
    return pilot.app.screen.query_one("#highlights", VirtualList)


def first(store: Store, pilot: Pilot[str], count: int) -> list[Highlight]:
    shown = rows(pilot).rows
    assert isinstance(shown, HighlightRows)
    return [store.highlights.get(each.id) for each in shown.listed[:count]]


async def test_highlights_are_removed_together_and_come_back_together(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        before = store.highlights.all()
        shown = await keys(pilot, "v", "j")
        assert "2 selected" in shown.splitlines()[-1]
        gone = first(store, pilot, 2)
        await keys(pilot, "x")
        assert "2 highlights removed · u undoes" in status(pilot)
        assert {each.id for each in store.highlights.all()} == {each.id for each in before} - {each.id for each in gone}
        await keys(pilot, "u")
        assert {each.id: each for each in store.highlights.all()} == {each.id: each for each in before}


async def test_tags_of_several_highlights_keep_what_each_has_besides(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        one, other = first(store, pilot, 2)
        store.highlights.change(one, tags=["both", "mine"], now=MADE_AT)
        store.highlights.change(other, tags=["both"], now=MADE_AT)
        shown = await keys(pilot, "v", "j", "t")
        assert "Tags of 2 highlights" in shown
        assert pilot.app.screen.query_one(Input).value == "both"
        pilot.app.screen.query_one(Input).value = "new"
        await keys(pilot, "enter")
        assert [each.tags for each in first(store, pilot, 2)] == [("mine", "new"), ("new",)]
        await keys(pilot, "u")
        assert [each.tags for each in first(store, pilot, 2)] == [("both", "mine"), ("both",)]


async def test_kinds_and_the_day_of_several_highlights(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        kinds = [each.kind for each in first(store, pilot, 3)]
        await keys(pilot, "v", "j", "j", "3")
        assert [each.kind for each in first(store, pilot, 3)] == ["number"] * 3
        assert "each a number" in status(pilot)
        await keys(pilot, "g", "v", "3")
        assert [each.kind for each in first(store, pilot, 3)] == [""] * 3
        shown = await keys(pilot, "g", "v", "2")
        assert "Check by: 3 highlights" in shown
        await keys(pilot, ":2027-03-31", "enter")
        assert [(each.kind, each.check_by) for each in first(store, pilot, 3)] == [("claim", date(2027, 3, 31))] * 3
        await keys(pilot, "u", "u", "u", "u")
        assert [each.kind for each in first(store, pilot, 3)] == kinds


async def test_quotes_are_copied_together(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "v", "j", "Y")
        copied = pilot.app.clipboard
        assert all(each.quote.exact.split("\n")[0][:20] in copied for each in first(store, pilot, 2))
        assert "copied 2 quotes" in status(pilot)


async def test_other_groups_and_filters_end_the_selection_of_highlights(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "v", "j", "c", "k")
        assert rows(pilot).selected_count == 0


async def test_highlights_that_others_make_leave_the_selection_as_it_is(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h", "v", "j")
        chosen = list(rows(pilot).selected())
        article = store.entries.article(ids_of(store)[0])
        with open_store(store.path or Path(), create=False) as other:
            other.highlights.add(article, 0, 4, now=MADE_AT + timedelta(days=1))
        await by_others(pilot)
        assert list(rows(pilot).selected()) == chosen
        assert lines(pilot.app)[-1].lstrip().startswith("2 selected")
        with open_store(store.path or Path(), create=False) as other:
            other.highlights.remove(other.highlights.get(str(chosen[1][1])), now=MADE_AT)  # type: ignore[index]
        await by_others(pilot)
        assert list(rows(pilot).selected()) == chosen[:1]


def ids_of(store: Store) -> list[int]:
    return list(store.entries.ids(store.condition(None)))


# --- the range by itself ---------------------------------------------------------------------------------------------


class Letters:
    def __init__(self, letters: str) -> None:
        self.letters = letters

    def __len__(self) -> int:
        return len(self.letters)

    def key(self, index: int) -> Hashable:
        return self.letters[index]

    def index_of(self, key: Hashable) -> int | None:
        found = self.letters.find(str(key))
        return found if found >= 0 else None


@given(
    st.permutations("abcdefgh").map("".join),
    st.permutations("abcdxyz").map("".join),
    st.integers(0, 7),
    st.integers(0, 7),
)
def test_other_rows_leave_selected_what_was_and_is_still_there(before: str, after: str, at: int, to: int) -> None:
    rows, others = Letters(before), Letters(after)
    selection = RowSelection(rows, at)
    selection.extend(to)
    chosen = set(selection.keys())
    assert chosen == set(before[min(at, to) : max(at, to) + 1])
    assert selection.follow(others, others.index_of) == bool(chosen & set(after))
    if chosen & set(after):
        assert set(selection.keys()) == chosen & set(after)
        assert len(selection) == len(set(selection.keys()))
        assert selection.cursor in selection
        assert {others.key(index) for index in range(len(others)) if index in selection} == set(selection.keys())


def test_a_million_rows_are_selected_at_once() -> None:
    rows = EntryRows(range(1_000_000), lambda _: (), company_name=str, now=lambda: MADE_AT)
    selection = RowSelection(rows, 0)
    began = time.process_time()
    for cursor in (999_999, 10, 999_998, 500_000):
        selection.extend(cursor)
        assert len(selection) == cursor + 1
        assert cursor in selection
        assert cursor + 1 not in selection
    assert time.process_time() - began < 0.01
    assert len(selection.keys()) == 500_001
