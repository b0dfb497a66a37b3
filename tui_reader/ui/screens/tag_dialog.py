"""Tags by hand: type a part of a company's, a topic's or a label's name; enter gives it, or takes it away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui_reader.fold import fold
from tui_reader.model import Tag
from tui_reader.ui.text import Piece, safe
from tui_reader.ui.widgets.virtual_list import NoRows, VirtualList

LONGEST = 60
"""Characters of a label."""


@dataclass(frozen=True, slots=True)
class TagName:
    kind: str
    slug: str
    name: str
    words: str = ""
    """Other names by which it is found, folded, one a line."""
    given: bool = False
    some: int = 0
    """How many of the entries in question have it, where they are many."""


class TagDialog(ModalScreen[TagName | None]):
    """Dismisses with the tag to give or, where it is given, to take away; or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", show=False),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
    ]

    def __init__(
        self, title: str, tags: Sequence[Tag | TagName], names: Sequence[TagName], more: Callable[[], Sequence[TagName]]
    ) -> None:
        """`names` are there at once; `more` knows them with all their other names, and takes a while."""
        super().__init__()
        self._title = title
        self._tags = tags
        self._names = names
        self._more = more

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content.styled("Tags of " + safe(self._title), "bold"), classes="dialog-title")
            yield Input(placeholder="company, topic, or a label of your own", id="tag-input", max_length=LONGEST)
            yield VirtualList(id="tags")
            keys = Content.styled("enter give or take away · ↑ ↓ choose · esc close", "$foreground-muted")
            yield Static(keys, classes="dialog-keys")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._show("")
        self.run_worker(self._learn_names(), group="view")

    async def _learn_names(self) -> None:
        self._names = await asyncio.to_thread(self._more)
        if self.is_attached:
            self._show(self.query_one(Input).value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    @on(Input.Submitted)
    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        found = self.query_one(VirtualList)
        if isinstance(found.rows, _NameRows):
            self.dismiss(found.rows.names[found.cursor])

    def action_move(self, by: int) -> None:
        self.query_one(VirtualList).move(by)

    def _show(self, typed: str) -> None:
        names = matching(typed, self._names, self._tags)
        found = self.query_one(VirtualList)
        found.show(_NameRows(names) if names else NoRows("no tags yet: type a name"))
        found.move_to(0)


def matching(typed: str, names: Iterable[TagName], tags: Iterable[Tag | TagName]) -> tuple[TagName, ...]:
    """Those the article has first, then others by how their name begins; at last what was typed, as a label."""
    known = {(name.kind, name.slug): name for name in names}
    given = [
        replace(known.get((tag.kind, tag.slug), TagName(tag.kind, tag.slug, tag.name)), given=True) for tag in tags
    ]
    label = " ".join(typed.split())
    words = fold(label)
    has = {(name.kind, name.slug) for name in given}
    if not words:
        others = sorted(
            (name for key, name in known.items() if name.some and key not in has), key=lambda each: -each.some
        )
        return (*given, *others)
    others = [name for key, name in known.items() if key not in has and _rank(name, words) < 3]
    others.sort(key=lambda name: (_rank(name, words), name.name.lower()))
    found = [*(name for name in given if _rank(name, words) < 3), *others[:40]]
    if not any(name.kind == "label" and fold(name.name) == words for name in found):
        found.append(TagName("label", label, label))
    return tuple(found)


def _rank(name: TagName, words: str) -> int:
    """0 for the whole name, 1 for its beginning, 2 for another part of it or of its other names, 3 for none."""
    own = fold(name.name)
    lines = [own, name.slug, *name.words.split("\n")]
    if words in lines:
        return 0
    if any(line.startswith(words) for line in lines):
        return 1
    return 2 if words in own else 3


class _NameRows:
    height = 1

    def __init__(self, names: Sequence[TagName]) -> None:
        self.names = tuple(names)

    def __len__(self) -> int:
        return len(self.names)

    def key(self, index: int) -> Hashable:
        name = self.names[index]
        return (name.kind, name.slug)

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        name = self.names[index]
        style = {"company": "company", "topic": "topic"}.get(name.kind, "star")
        what = "label of your own" if name.kind == "label" else name.kind
        verb = "  · enter takes it away" if name.given else f"  · on {name.some:,} already" if name.some else ""
        return ((("− " if name.given else "+ ", "mark"), (safe(name.name), style), (f"  {what}{verb}", "dim")),)
