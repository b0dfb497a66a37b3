"""Why an article has its tags: the names that matched, their passages, the rules, what was left out; "not this"."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_reader.model import Article, Reason
from tui_reader.ui.keys import QUIT
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList
from tui_reader.ui.widgets.why_rows import WhyRow, WhyRows, why_rows


class WhyDialog(ModalScreen[tuple[str, WhyRow] | None]):
    """Dismisses with ("show", row) to see the passages, ("veto", row) for "not this", or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        QUIT,
        Binding("escape,q,T", "dismiss(None)", show=False),
        Binding("enter", "show", show=False),
        Binding("x", "veto", show=False),
    ]

    def __init__(self, article: Article, explain: Callable[[], tuple[Reason, ...]]) -> None:
        """`explain` takes a while: it runs in a thread, and what it tells is added when it comes."""
        super().__init__()
        self._article = article
        self._explain = explain
        self._reasons: tuple[Reason, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content.styled("Why these tags?", "bold"), classes="dialog-title")
            yield VirtualList(id="why")
            keys = Content.styled("enter show the passages · x not this · esc close", "$foreground-muted")
            yield Static(keys, classes="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(VirtualList).focus()
        self.run_worker(self._add_reasons(), group="view")

    async def _add_reasons(self) -> None:
        self._reasons = await asyncio.to_thread(self._explain)
        if self.is_attached:
            self._show()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        why = self.query_one(VirtualList)
        # A cell for the cursor's bar.
        width = why.scrollable_content_region.width - 1
        rows = WhyRows(self._article, why_rows(self._article, self._reasons), width=width)
        why.show(rows if len(rows) else NoRows("no tags: the taxonomy knows none of the names here"))

    def action_show(self) -> None:
        self._answer("show")

    def action_veto(self) -> None:
        self._answer("veto")

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self._answer("show")

    def _answer(self, verb: str) -> None:
        why = self.query_one(VirtualList)
        if isinstance(why.rows, WhyRows) and len(why.rows):
            self.dismiss((verb, why.rows.rows[why.cursor]))
