"""Queries in the prompt: what tab offers for them, from what the store has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tui_reader.query import complete, word_at
from tui_reader.store import Store
from tui_reader.ui.text import cells
from tui_reader.ui.widgets.prompt import Complete

SEARCH_HINT = 'words, "a phrase", company:alibaba, topic:chips, is:unread, after:7d, -not, or · tab completes'


def completer(store: Store, used: Mapping[str, Sequence[str]] = MappingProxyType({})) -> Complete:
    """The values are looked up at the first tab, and once. `used`: slugs to offer first, by field."""
    values: dict[str, Sequence[str]] = {}

    def found(text: str, cursor: int) -> tuple[str, tuple[str, ...]]:
        if not values:
            for field, some in query_values(store).items():
                values[field] = tuple(dict.fromkeys((*used.get(field, ()), *some)))
        return word_at(text, cursor), complete(text, cursor, values=values)

    return found


def query_values(store: Store) -> dict[str, Sequence[str]]:
    """What can stand behind the colon of a field."""
    feeds = store.feeds.titles()
    return {
        "company": store.aliases.names("company"),
        "topic": store.aliases.names("topic"),
        "tag": store.tags.labels(),
        "feed": tuple(dict.fromkeys(title for title, _ in feeds)),
        "folder": tuple(dict.fromkeys(folder for _, folder in feeds if folder)),
        "lang": ("zh", "en", "ja", "ko"),
    }


def offers(options: Sequence[str], width: int) -> str:
    """As many as the status line has room for."""
    if not options:
        return "nothing begins like that"
    if len(options) == 1:
        return ""
    shown: list[str] = []
    for option in options:
        if cells("  ".join([*shown, option])) > width - 12:
            return f"{'  '.join(shown)}  … {len(options) - len(shown)} more"
        shown.append(option)
    return "  ".join(shown)
