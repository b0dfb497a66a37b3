"""Keys one at a time: each goes to what the one before it has opened.

Textual hands all keys of one read to the widget that has the focus then. Typed ahead, over a slow line or from a paste,
`/Hostile` would press s and o in the list instead of being searched for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App
from textual.widget import Widget

from tui_reader.ui.messages import KeyDone

_ROUNDS = 3
"""How often a key is followed, because what it did may be told in messages too: enter in the prompt is heard by the
prompt, then by the screen, which then moves the focus."""

_LOOK_AGAIN = 0.05
"""Seconds."""


class TypedAhead:
    def __init__(self, app: App[Any], deliver: Callable[[events.Key], Awaitable[None]]) -> None:
        """`deliver` hands a key to the widget that has the focus."""
        self._app = app
        self._deliver = deliver
        self._waiting: deque[events.Key] = deque()
        self._number = 0
        """Of the key that was delivered last."""
        self._target: Widget | None = None
        """Where it went; None once it is answered."""

    @property
    def pending(self) -> bool:
        """Whether a key has not been answered yet."""
        return bool(self._waiting) or self._target is not None

    async def take(self, key: events.Key) -> None:
        if self.pending:
            self._waiting.append(key)
        else:
            await self._pass_on(key)

    def done(self, event: KeyDone) -> None:
        """The key has come to the end of its way, or of a round of it."""
        if event.number != self._number or self._target is None:
            return
        if event.rounds > 1:
            self._follow(rounds=event.rounds - 1)
        else:
            # Focusing is a call for later too, and comes before this one.
            self._app.call_later(self._take_next, event.number)

    async def _pass_on(self, key: events.Key) -> None:
        self._number += 1
        self._target = self._app.focused or self._app.screen
        await self._deliver(key)
        self._follow(rounds=_ROUNDS)
        self._watch(self._number)

    def _follow(self, *, rounds: int) -> None:
        """Behind the key, the way it goes; if it has closed a dialog or opened a screen, on from what is there now."""
        if self._is_gone(self._target):
            self._target = self._app.focused or self._app.screen
        assert self._target is not None
        self._target.post_message(KeyDone(self._number, rounds=rounds))

    def _watch(self, number: int) -> None:
        """Should its widget be gone before it has told, such as a dialog that the key closes, nobody tells."""

        def look() -> None:
            # The key may have ended the application.
            if number != self._number or self._target is None or not self._app.screen_stack:
                return
            if self._is_gone(self._target):
                self._follow(rounds=_ROUNDS)
            self._watch(number)

        self._app.set_timer(_LOOK_AGAIN, look)

    def _is_gone(self, target: Widget | None) -> bool:
        return target is None or not target.is_attached or target.screen is not self._app.screen

    async def _take_next(self, number: int) -> None:
        """After the key of that number; it may be told more than once that it is done."""
        if number != self._number or self._target is None:
            return
        self._target = None
        if self._waiting:
            await self._pass_on(self._waiting.popleft())
