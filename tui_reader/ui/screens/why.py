"""Why an article has its tags: the name that matched, the passage, the rule; and "not this"."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_reader.model import Article, Evidence, Tag
from tui_reader.ui.text import Piece, fit, safe
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList

_AROUND = 30
"""Characters of the passage on either side of the name."""


class WhyDialog(ModalScreen[tuple[str, Tag] | None]):
    """Dismisses with ("show", tag) to see the passages, ("veto", tag) for "not this", or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,T", "dismiss(None)", show=False),
        Binding("enter", "show", show=False),
        Binding("x", "veto", show=False),
    ]

    def __init__(self, article: Article) -> None:
        super().__init__()
        self._article = article

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content.styled("Why these tags?", "bold"), classes="dialog-title")
            yield VirtualList(id="why")
            yield Static(Content.styled("enter show the passages · x not this · esc close", "$foreground-muted"))

    def on_mount(self) -> None:
        rows = _TagRows(self._article)
        why = self.query_one(VirtualList)
        why.show(rows if len(rows) else NoRows("no tags: the taxonomy knows none of the names here"))
        why.focus()

    def action_show(self) -> None:
        self._answer("show")

    def action_veto(self) -> None:
        self._answer("veto")

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self._answer("show")

    def _answer(self, verb: str) -> None:
        tags = self._article.tags
        if tags:
            self.dismiss((verb, tags[self.query_one(VirtualList).cursor]))


class _TagRows:
    height = 3

    def __init__(self, article: Article) -> None:
        self._article = article

    def __len__(self) -> int:
        return len(self._article.tags)

    def key(self, index: int) -> Hashable:
        tag = self._article.tags[index]
        return (tag.kind, tag.slug)

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        tag = self._article.tags[index]
        by = "by hand" if tag.by == "hand" else f"{len(tag.evidence)} × evidence"
        first: tuple[Piece, ...] = (
            (safe(tag.name), tag.kind if tag.kind != "label" else "star"),
            (f"  {tag.kind} · {tag.salience} · {by}", "dim"),
        )
        return (first, *self._passages(tag.evidence, width))

    def _passages(self, evidence: Sequence[Evidence], width: int) -> list[tuple[Piece, ...]]:
        lines = []
        for each in evidence[:2]:
            source = self._article.entry.title if each.where == "title" else self._article.text
            before = source[max(0, each.start - _AROUND) : each.start]
            after = source[each.end : each.end + _AROUND]
            rule = f"  {each.rule}: "
            pieces: list[Piece] = [
                (rule, "dim"),
                (safe(before), "plain"),
                (safe(source[each.start : each.end]), "match"),
            ]
            pieces.append((fit(safe(after), max(0, width)).rstrip(), "plain"))
            lines.append(tuple(pieces))
        return lines
