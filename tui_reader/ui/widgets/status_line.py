"""The last line of a screen: what just happened, or what goes on; else the keys that are of use here."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from tui_reader.ui.text import cells, fit, safe


class StatusLine(Static):
    def __init__(self) -> None:
        super().__init__()
        self._message = ""
        self._kept = ""
        self._progress = ""
        self._mode = ""
        self._hints: Sequence[tuple[str, str]] = ()

    def say(self, message: str) -> None:
        """Stays until the next key."""
        self._message = safe(message)
        self._draw()

    def keep(self, message: str) -> None:
        """Said now, and again whenever nothing else is to be said; "" when that is over."""
        if message or self._kept:
            self._kept = safe(message)
            self.say(message)

    def clear(self) -> None:
        if self._message != self._kept:
            self.say(self._kept)

    def show_progress(self, text: str) -> None:
        """At the right, beside whatever else is shown; "" when it is over."""
        self._progress = safe(text)
        self._draw()

    def show_mode(self, text: str) -> None:
        """Before all else, as long as the keys mean something else than usual; "" when that is over."""
        self._mode = safe(text)
        self._draw()

    def show_hints(self, hints: Sequence[tuple[str, str]]) -> None:
        """As many as there is room for; the last, which is the help, before all others."""
        self._hints = hints
        self._draw()

    @property
    def message(self) -> str:
        return self._message

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = max(1, self.size.width)
        progress = Content.styled(f" {self._progress} ", "$accent") if self._progress else Content("")
        mode = Content.styled(f" {self._mode} ", "reverse bold") if self._mode else Content("")
        room = max(0, width - cells(progress.plain) - cells(mode.plain) - 1)
        said = Content.styled(fit(f" {self._message}", room), "bold")
        left = said if self._message else self._hint_content(room)
        # layout=False: the default lays out the whole screen anew for every key.
        self.update(Content.assemble(mode, left, progress), layout=False)

    def _hint_content(self, room: int) -> Content:
        parts: list[Content] = []
        for key, word in _fitting(self._hints, room):
            parts += [Content.styled(f" {key}", "bold $accent"), Content.styled(f" {word} ", "$foreground-muted")]
            room -= _size(key, word)
        return Content.assemble(*parts, Content(" " * max(0, room)))


def _fitting(hints: Sequence[tuple[str, str]], room: int) -> list[tuple[str, str]]:
    last = [hint for hint in hints[-1:] if _size(*hint) <= room]
    room -= sum(_size(*hint) for hint in last)
    first = list[tuple[str, str]]()
    for hint in hints[:-1]:
        room -= _size(*hint)
        if room < 0:
            break
        first.append(hint)
    return [*first, *last]


def _size(key: str, word: str) -> int:
    return cells(key) + cells(word) + 3
