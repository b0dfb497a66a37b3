"""What the keys of the highlights screen do while rows are selected: to all of them, in one undoable step.

Whatever is done ends the selection; `gv` brings it back.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from textual.screen import Screen

from tui_reader.model import Highlight, HighlightKind
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.editing import day_dialog, day_in, tags_in
from tui_reader.ui.screens.line_dialog import LineDialog
from tui_reader.ui.screens.outside import CLIPBOARD
from tui_reader.ui.text import number
from tui_reader.ui.widgets.virtual_list import VirtualList

Deed = Callable[[Deeds, Sequence[Highlight]], str]


class SelectedHighlights:
    def __init__(
        self,
        screen: Screen[None],
        rows: VirtualList,
        background: BackgroundStore,
        *,
        do_many: Callable[[Callable[[Deeds], str]], Coroutine[Any, Any, None]],
        say: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        """`do_many` runs a deed in the background and reports it."""
        self._screen = screen
        self._rows = rows
        self._background = background
        self._do_many = do_many
        self._say = say
        self._now = now

    def __bool__(self) -> bool:
        return self._rows.selected_count > 0

    async def tags(self) -> None:
        """Those that all have can be edited; what some have besides stays theirs."""
        ids = self._ids()
        found = await self._read(ids)
        shared = [tag for tag in (found[0].tags if found else ()) if all(tag in each.tags for each in found)]

        def save(text: str | None) -> None:
            if text is not None:
                tags = tags_in(text)
                gone = set(shared).difference(tags)
                self._do_later(ids, lambda deeds, highlights: deeds.set_tags_of(highlights, tags, gone))

        title = f"Tags of {number(len(ids), 'highlight')}"
        self._screen.app.push_screen(LineDialog(title, text=", ".join(shared), hint="hbm, supply chain, 存储"), save)

    async def kind(self, kind: HighlightKind) -> None:
        """Of claims, the day is asked for, once."""
        ids = self._ids()
        claims = kind == "claim" and not all(each.kind == kind for each in await self._read(ids))
        await self._do(ids, lambda deeds, highlights: deeds.set_kind_of(highlights, kind))
        if claims:
            self._ask_day(ids)

    def due(self) -> None:
        self._ask_day(self._ids())

    def _ask_day(self, ids: Sequence[str]) -> None:
        def save(text: str | None) -> None:
            if text is not None:
                day = day_in(text, self._now())
                self._do_later(ids, lambda deeds, highlights: deeds.set_check_by_of(highlights, day))

        self._screen.app.push_screen(day_dialog(number(len(ids), "highlight"), "", self._now), save)

    async def remove(self) -> None:
        await self._do(self._ids(), lambda deeds, highlights: deeds.remove_all(highlights))

    async def some(self) -> tuple[Highlight, ...]:
        """As they are in the store, in the order of the list; the selection has served."""
        ids = self._ids()
        self._rows.stop_selecting()
        return await self._read(ids)

    async def copy_addresses(self) -> None:
        await self._copy(lambda each: each.source.url or "", "address", "addresses")

    async def copy_quotes(self) -> None:
        from tui_reader.export import quote_markdown

        await self._copy(lambda each: quote_markdown(each).rstrip("\n") + "\n", "quote", "quotes")

    async def _copy(self, text: Callable[[Highlight], str], noun: str, plural: str) -> None:
        found = await self._read(self._ids())
        # Highlights of one article share its address.
        texts = list(dict.fromkeys(filter(None, map(text, found))))
        if sum(len(each.encode()) + 1 for each in texts) > CLIPBOARD:
            self._say("too much for the clipboard of a terminal: e exports any number")
            return
        self._rows.stop_selecting()
        if texts:
            self._screen.app.copy_to_clipboard("\n".join(texts) + ("" if texts[-1].endswith("\n") else "\n"))
        self._say(f"copied {number(len(texts), noun, plural)}")

    def _ids(self) -> list[str]:
        """Of two companies, one stands in two groups."""
        keys = [key for key in self._rows.selected() if isinstance(key, tuple)]
        return list(dict.fromkeys(str(highlight_id) for _, highlight_id in keys))

    async def _read(self, ids: Sequence[str]) -> tuple[Highlight, ...]:
        found = {each.id: each for each in await self._background.run(lambda store: store.highlights.some(ids))}
        return tuple(found[each] for each in ids if each in found)

    def _do_later(self, ids: Sequence[str], deed: Deed) -> None:
        self._screen.run_worker(self._do(ids, deed), group="deed")

    async def _do(self, ids: Sequence[str], deed: Deed) -> None:
        self._rows.stop_selecting()
        await self._do_many(lambda deeds: deed(deeds, deeds.some(ids)))
