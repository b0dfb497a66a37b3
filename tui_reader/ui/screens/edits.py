"""What changed in an article: what went struck out, what came underlined; against any of its earlier texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_reader.changes import Part, base_of, compare
from tui_reader.model import Version
from tui_reader.ui.keys import QUIT
from tui_reader.ui.text import local, safe
from tui_reader.ui.widgets.scroller import Scroller

_AROUND = 120
"""Characters of unchanged text that are shown before and after a change."""

_WORD = 20

_STYLES = {"same": "", "removed": "strike $error", "added": "bold underline $success"}


class EditsDialog(ModalScreen[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        QUIT,
        Binding("escape,q,enter,d", "dismiss(None)", show=False),
        Binding("left_square_bracket,fullwidth_left_square_bracket,h,left", "step(-1)", show=False),
        Binding("right_square_bracket,fullwidth_right_square_bracket,l,right", "step(1)", show=False),
    ]

    def __init__(self, versions: Sequence[Version]) -> None:
        """Of one entry, oldest first, at least two."""
        super().__init__()
        self._versions = versions
        base = base_of(versions)
        assert base is not None
        self._from = versions.index(base)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with Scroller(classes="dialog-body"):
                yield Static(id="edits-title", classes="dialog-title")
                yield Static(id="edits")
            keys = "esc close · j k scroll" + (" · [ ] earlier, later text" if len(self._versions) > 2 else "")
            yield Static(Content.styled(keys, "$foreground-muted"), classes="dialog-keys")

    def on_mount(self) -> None:
        self._show()

    def action_step(self, by: int) -> None:
        self._from = min(max(self._from + by, 0), len(self._versions) - 2)
        self._show()

    def _show(self) -> None:
        old, new = self._versions[self._from], self._versions[-1]
        place = f", {self._from + 1} of {len(self._versions)}" if len(self._versions) > 2 else ""
        read = ", which you know" if old.read else ""
        title = f"What changed since {local(old.made_at)} (the {old.origin}'s text{place}{read})"
        self.query_one("#edits-title", Static).update(Content.styled(safe(title), "bold"))
        self.query_one("#edits", Static).update(edits_content(old, new))
        self.query_one(Scroller).action_top()


def edits_content(old: Version, new: Version) -> Content:
    """The changed words with some text around them."""
    title = _content(compare(old.title, new.title)) if old.title != new.title else None
    text = _content(_shortened(compare(old.text, new.text))) if old.text != new.text else None
    return Content("\n\n").join([each for each in (title, text) if each is not None] or [Content("nothing")])


def _shortened(parts: Sequence[Part]) -> list[Part]:
    last = len(parts) - 1
    return [
        Part("same", _middle_out(part.text, first=at == 0, last=at == last)) if part.kind == "same" else part
        for at, part in enumerate(parts)
    ]


def _middle_out(text: str, *, first: bool, last: bool) -> str:
    head = "" if first else text[:_AROUND]
    tail = "" if last else text[-_AROUND:]
    if len(text) <= len(head) + len(tail) + 20:
        return text
    # Not in the middle of a word, where the script parts words.
    head = head[: head.rfind(" ", _AROUND - _WORD)] if " " in head[-_WORD:] else head
    tail = tail[tail.find(" ", 0, _WORD) + 1 :]
    return (f"{head} … " if head else "… ") + tail


def _content(parts: Sequence[Part]) -> Content:
    pieces: list[Content] = []
    for part, before in zip(parts, (None, *parts), strict=False):
        if part.kind == "added" and before is not None and before.kind == "removed" and not before.text.isspace():
            # What went and what came would read as one word where a terminal cannot strike out.
            pieces.append(Content(" "))
        pieces.append(Content.styled(_lines(part.text), _STYLES[part.kind]))
    return Content("").join(pieces)


def _lines(text: str) -> str:
    return "\n".join(map(safe, text.split("\n")))
