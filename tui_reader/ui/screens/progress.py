"""How far a refresh is, in the line at the bottom, and what came of it."""

from __future__ import annotations

from textual.screen import Screen
from textual.timer import Timer

from tui_reader.ui.messages import RefreshEnded
from tui_reader.ui.text import number
from tui_reader.ui.widgets.status_line import StatusLine

EVERY = 0.3
"""Seconds between looks: not each feed at once, for a key that comes just behind a frame waits for the next one."""


class Progress:
    def __init__(self, screen: Screen[None], status: StatusLine) -> None:
        self._screen = screen
        self._status = status
        self._timer: Timer | None = None
        self._done = self._feeds = 0
        self.refreshing = False

    def begin(self, feeds: int) -> None:
        self.refreshing = True
        self._status.show_progress(f"refreshing 0/{feeds}")

    def tell(self, done: int, feeds: int) -> None:
        self._done, self._feeds = done, feeds
        if self._timer is None:
            self._timer = self._screen.set_timer(EVERY, self._show)

    def end(self, event: RefreshEnded) -> None:
        self.refreshing = False
        self._status.show_progress("")
        failed = [outcome for outcome in event.outcomes if outcome.status in ("failed", "gone")]
        new = sum(outcome.new for outcome in event.outcomes)
        if event.error:
            self._status.say(event.error)
        elif event.outcomes:
            told = f"{new:,} new from {number(len(event.outcomes), 'feed')}"
            self._status.say(told + (f" · {len(failed)} failed (i on a feed says why)" if failed else ""))

    def _show(self) -> None:
        self._timer = None
        if self.refreshing:
            self._status.show_progress(f"refreshing {self._done}/{self._feeds}")
