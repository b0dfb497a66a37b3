"""What the keys of the list do while rows are selected there: to all of them, in the background, in one undoable step.

Whatever is done ends the selection; `gv` brings it back.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from textual.screen import Screen

from tui_reader.model import Entry
from tui_reader.store import StateField, Store
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.screens.article_parts import article_doc, article_markdown
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.entry_list import EntryList
from tui_reader.ui.screens.facts import link_markdown
from tui_reader.ui.screens.outside import CLIPBOARD
from tui_reader.ui.screens.tag_dialog import TagName
from tui_reader.ui.screens.tagging import Tagging
from tui_reader.ui.text import number

MOST_PIPED = 200
"""Articles that go through one command."""

_AT_ONCE = 500


class SelectedEntries:
    def __init__(
        self,
        screen: Screen[None],
        entries: EntryList,
        background: BackgroundStore,
        tagging: Tagging,
        *,
        do_many: Callable[[Callable[[Deeds], str]], Coroutine[Any, Any, None]],
        say: Callable[[str], None],
    ) -> None:
        """`do_many` runs a deed in the background and reports it."""
        self._screen = screen
        self._list = entries
        self._background = background
        self._tagging = tagging
        self._do_many = do_many
        self._say = say

    async def mark(self, field: StateField) -> None:
        ids = self._taken()
        await self._do_many(lambda deeds: deeds.mark_all(ids, field))

    async def tags(self) -> None:
        """Those that all have are taken away, others are given to all."""
        ids = self._list.selected()
        shared = await self._background.run(lambda store: store.tags.shared(ids))

        def change(name: TagName) -> None:
            self._list.list.stop_selecting()
            give = not name.given
            deed = self._do_many(lambda deeds: deeds.tag_all(ids, name.kind, name.slug, name.name, give=give))
            self._screen.run_worker(deed, group="deed")

        self._tagging.edit_all(len(ids), shared, change)

    def export(self, export: Callable[[Sequence[int]], None]) -> None:
        export(self._taken())

    async def copy_addresses(self) -> None:
        await self._copy(lambda entry: entry.url or "", "address", "addresses")

    async def copy_markdown(self) -> None:
        await self._copy(lambda entry: f"- {link_markdown(entry.title, entry.url)}", "link", "links")

    async def _copy(self, line: Callable[[Entry], str], noun: str, plural: str) -> None:
        ids = self._list.selected()
        lines = await self._background.run(lambda store: _lines(store, ids, line))
        if lines is None:
            self._say("too much for the clipboard of a terminal: `tui-reader list --json` prints any number")
            return
        self._list.list.stop_selecting()
        if lines:
            self._screen.app.copy_to_clipboard("\n".join(lines) + "\n")
        without = f" · {len(ids) - len(lines):,} have none" if len(lines) < len(ids) else ""
        self._say(f"copied {number(len(lines), noun, plural)}{without}")

    async def markdown(self) -> str:
        """Their articles, one after the other; "" if they are too many, which is told."""
        ids = self._list.selected()
        if len(ids) > MOST_PIPED:
            self._say(f"at most {MOST_PIPED} articles go through one command")
            return ""
        return await self._background.run(lambda store: _articles(store, ids))

    def _taken(self) -> Sequence[int]:
        """The selected ids; the selection has served."""
        ids = self._list.selected()
        self._list.list.stop_selecting()
        return ids


def _articles(store: Store, ids: Sequence[int]) -> str:
    there = [entry.id for entry in store.entries.rows(ids)]
    return "\n---\n\n".join(
        article_markdown(article, article_doc(article)) for article in map(store.entries.article, there)
    )


def _lines(store: Store, ids: Sequence[int], line: Callable[[Entry], str]) -> list[str] | None:
    """A line an entry, without empty ones; None if they are more than the clipboard takes."""
    lines: list[str] = []
    size = 0
    for start in range(0, len(ids), _AT_ONCE):
        some = [line(entry) for entry in store.entries.rows(ids[start : start + _AT_ONCE])]
        lines += filter(None, some)
        size += sum(len(each.encode()) + 1 for each in some)
        if size > CLIPBOARD:
            return None
    return lines
