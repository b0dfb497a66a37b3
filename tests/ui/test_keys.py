"""Every key does something, nothing twice; help, palette and the user's own keys follow from one table."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from driving import QUIET, entries, keys, lines, reader, screen
from textual.binding import Binding
from textual.keys import _character_to_key

from tui_reader.store import Store
from tui_reader.ui.app import ReaderApp
from tui_reader.ui.keys import GO_TO, KEYS, PANES, Key, hints, own_bindings, pane_bindings, shown
from tui_reader.ui.screens.dialogs import help_text
from tui_reader.ui.screens.highlights import HighlightsScreen
from tui_reader.ui.screens.main import MainScreen
from tui_reader.ui.text import cells
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.selecting import Selecting
from tui_reader.ui.widgets.virtual_list import VirtualList

SCREENS: dict[str, type] = {p: MainScreen for p in "FLAV"} | {"H": HighlightsScreen}
WIDGETS: dict[str, type] = {p: VirtualList for p in "FLH"} | {"A": ArticleView, "V": Selecting}


def target(action: str, pane: str) -> tuple[type, str]:
    """The class that answers an action in a pane, and the name of its method."""
    space, _, name = action.partition("(")[0].rpartition(".")
    return {"screen": SCREENS[pane], "app": ReaderApp, "": WIDGETS[pane]}[space], f"action_{name}"


@pytest.mark.parametrize(
    ("key", "pane"), [(key, pane) for key in KEYS for pane in key.panes], ids=lambda x: getattr(x, "id", x)
)
def test_every_key_has_an_action_where_it_is_bound(key: Key, pane: str) -> None:
    owner, method = target(key.action, pane)
    assert callable(getattr(owner, method, None)), f"{owner.__name__} has no {method}"


@pytest.mark.parametrize("pane", "FLAH")
@pytest.mark.parametrize("place", GO_TO, ids=lambda place: place[0])
def test_every_place_after_g_can_be_gone_to(place: tuple[str, str, str], pane: str) -> None:
    # From the highlights one returns to the main screen, which then goes there.
    owner, method = target(place[1], "L" if pane == "H" and place[1].startswith("screen.") else pane)
    assert callable(getattr(owner, method, None)), f"{owner.__name__} has no {method}"


@pytest.mark.parametrize("pane", PANES)
def test_no_key_has_two_meanings_in_a_pane(pane: str) -> None:
    bindings = [binding for binding in (*pane_bindings(pane), *own_bindings(pane)) if isinstance(binding, Binding)]
    pressed = Counter(key for binding in bindings for key in binding.key.split(","))
    assert [key for key, count in pressed.items() if count > 1] == []


def test_ids_are_unique_and_fit_for_toml() -> None:
    ids = [key.id for key in KEYS]
    assert len(ids) == len(set(ids))
    assert all(name.replace("-", "").isalpha() and name.islower() for name in ids)


def test_the_letters_after_g_are_unique() -> None:
    assert len({letter for letter, _, _ in GO_TO}) == len(GO_TO)


def test_keys_are_shown_as_people_write_them() -> None:
    assert shown("j,down") == "j ↓"
    assert shown("right_curly_bracket") == "}"


def test_hints_show_the_key_that_is_bound_now() -> None:
    assert ("s", "star") in hints("L", {})
    assert ("x", "star") in hints("L", {"star": "x,ctrl+x"})


@pytest.mark.parametrize("pane", PANES)
def test_help_lists_every_key_once_and_those_of_the_pane_first(pane: str) -> None:
    told = help_text({}, pane, width=120).plain.splitlines()
    names = [line.split()[-1] for line in told if line.startswith("  ")]
    assert sorted(names) == sorted(key.id for key in KEYS)
    own = [key.id for key in KEYS if pane in key.panes]
    assert names[: len(own)] == own


@pytest.mark.parametrize("width", [80, 120])
def test_help_fits_the_screen(width: int) -> None:
    # The dialog has 72 and 94 columns there, fourteen and sixteen of them for its frame and bar.
    assert max(map(cells, help_text({}, "L", width=width).plain.splitlines())) <= {80: 66, 120: 88}[width]


def test_help_shows_remapped_keys() -> None:
    line = next(
        line for line in help_text({"star": "ctrl+x"}, "L", width=120).plain.splitlines() if line.endswith("star")
    )
    assert line.split()[0] == "ctrl+x"


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_help_is_shown_for_the_pane_and_closes(store: Store, size: tuple[int, int]) -> None:
    async with reader(store, size=size) as pilot:
        told = await keys(pilot, "?")
        assert "esc close" in told
        assert "Keys" in told
        assert told.index("List of entries") < told.index("open the article")
        assert "next unread" in told or size[1] < 36
        assert "Keys" not in await keys(pilot, "escape")
        assert isinstance(pilot.app.screen, MainScreen)


@pytest.mark.parametrize(
    ("pressed", "letter"), [([], "L"), (["enter"], "A"), (["enter", "v"], "V"), (["h"], "F"), (["g", "h"], "H")]
)
async def test_the_palette_offers_every_action_of_the_pane_with_its_key(
    store: Store, pressed: list[str], letter: str
) -> None:
    async with reader(store) as pilot:
        await keys(pilot, *pressed)
        offered = {command.title: command.help for command in pilot.app.get_system_commands(pilot.app.screen)}
        expected = [key for key in KEYS if letter in key.panes and key.id != "palette"]
        assert {key.text for key in expected} <= set(offered)
        for key in expected:
            assert offered[key.text].startswith(shown(key.keys))


async def test_the_palette_runs_an_action_in_the_pane_it_was_called_from(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, ":")
        assert pilot.app.screen.__class__.__name__ == "CommandPalette"
        await keys(pilot, ":next row")
        await pilot.pause(0.3)
        await keys(pilot, "enter")
        await pilot.pause(0.1)
        await keys(pilot, *(["enter"] if not isinstance(pilot.app.screen, MainScreen) else []))
        assert isinstance(pilot.app.screen, MainScreen)
        assert entries(pilot).cursor == 1


async def test_the_users_own_keys_replace_the_default_ones(store: Store) -> None:
    config = replace(QUIET, keys={"star": "ctrl+x", "down": "e", "export": "f9", "highlight": "f8"})
    async with reader(store, config=config) as pilot:
        assert isinstance(pilot.app.screen, MainScreen)
        await keys(pilot, "e", "j")
        assert entries(pilot).cursor == 1
        starred = store.entries.count_state("starred")
        await keys(pilot, "s")
        assert store.entries.count_state("starred") == starred
        await keys(pilot, "ctrl+x")
        assert store.entries.count_state("starred") == starred + 1
        await keys(pilot, "enter", "}", "H")
        assert store.highlights.count() == 12
        await keys(pilot, "f8")
        assert store.highlights.count() == 13
        assert "f8 highlight" in lines(pilot.app)[-1] or "highlighted" in lines(pilot.app)[-1]


async def test_an_unknown_id_among_the_users_keys_is_named(store: Store) -> None:
    async with reader(store, config=replace(QUIET, keys={"starr": "x"})) as pilot:
        assert "starr" in lines(pilot.app)[-1]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("【", "["), ("】", "]"), ("「", "{"), ("」", "}"), ("《", "<"), ("》", ">"), ("／", "/"), ("、", "/")],
)
def test_what_chinese_input_methods_send_for_a_key_is_that_key(typed: str, meant: str) -> None:
    name, wanted = _character_to_key(typed), _character_to_key(meant)
    found = [binding for binding in pane_bindings("A") + own_bindings("A") if isinstance(binding, Binding)]
    assert [each.id for each in found if name in each.key.split(",")] == [
        each.id for each in found if wanted in each.key.split(",")
    ]
    assert any(name in each.key.split(",") for each in found)


async def test_full_width_punctuation_is_its_ascii_key(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "enter", "fullwidth_right_curly_bracket", "H", "escape")
        assert store.highlights.count() == 13
        await keys(pilot, "fullwidth_question_mark")
        assert "Keys" in screen(pilot.app)
        await keys(pilot, "fullwidth_question_mark")
        assert "Keys" not in screen(pilot.app)
