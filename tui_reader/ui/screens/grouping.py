"""In what groups and order the highlights screen lists them, and how its reader chooses that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from textual.app import App

from tui_reader.model import Listed
from tui_reader.store import Grouping, Sorting
from tui_reader.ui.screens.dialogs import Choice

_GROUPS: dict[str, tuple[Grouping, str]] = {
    "a": ("article", "article"),
    "c": ("company", "company"),
    "t": ("topic", "topic"),
    "k": ("kind", "kind"),
    "d": ("day", "day on which they were made"),
    "n": ("", "nothing: one list"),
}
_ORDERS: dict[str, tuple[Sorting, str]] = {
    "n": ("newest", "newest first"),
    "o": ("oldest", "oldest first"),
    "c": ("changed", "changed last, first"),
    "p": ("published", "by the date of the article"),
    "d": ("due", "by the day to check them"),
}
"""By the letter that chooses them."""

_NAMES: dict[tuple[Grouping, str], str] = {
    ("company", ""): "no company",
    ("topic", ""): "no topic",
    ("kind", ""): "no kind",
    ("kind", "fact"): "facts",
    ("kind", "claim"): "claims",
    ("kind", "number"): "numbers",
    ("kind", "question"): "questions",
}


def named(listed: Iterable[Listed], group: Grouping) -> tuple[Listed, ...]:
    """With the names of their groups as a reader is to see them."""
    if not group:
        return tuple(listed)
    return tuple(replace(each, group_name=_NAMES.get((group, each.group), each.group_name)) for each in listed)


def ask_group(app: App[Any], chosen: Callable[[Grouping], None]) -> None:
    answers = [(key, text) for key, (_, text) in _GROUPS.items()]
    app.push_screen(
        Choice("Group the highlights by", answers), lambda letter: chosen(_GROUPS[letter][0]) if letter else None
    )


def ask_order(app: App[Any], chosen: Callable[[Sorting], None]) -> None:
    answers = [(key, text) for key, (_, text) in _ORDERS.items()]
    app.push_screen(
        Choice("Sort the highlights", answers), lambda letter: chosen(_ORDERS[letter][0]) if letter else None
    )
