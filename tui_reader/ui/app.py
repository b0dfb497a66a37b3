"""The application: screens over one store, refreshes in a child process, and a terminal left as it was found."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import shlex
import shutil
import signal
import subprocess
import threading
import webbrowser
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from textual import events, on, work
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.filter import LineFilter
from textual.geometry import Size
from textual.screen import Screen

from tui_reader.config import Config
from tui_reader.errors import ReaderError
from tui_reader.store import Store
from tui_reader.ui.background import BackgroundStore, Commands
from tui_reader.ui.errands import Errands
from tui_reader.ui.exporting import Exporter
from tui_reader.ui.keys import KEYS, shown
from tui_reader.ui.messages import (
    AddWanted,
    EntryWanted,
    ExportEdited,
    FullTextWanted,
    HighlightsWanted,
    KeyDone,
    LinkOpened,
    RefreshWanted,
    SplitWanted,
    StoreChanged,
)
from tui_reader.ui.screens.deeds import Deeds
from tui_reader.ui.screens.dialogs import Choice
from tui_reader.ui.screens.highlights import HighlightsScreen
from tui_reader.ui.screens.main import MainScreen
from tui_reader.ui.screens.taxonomy_watch import TaxonomyWatch
from tui_reader.ui.themes import DARK, LIGHT, WithoutColour
from tui_reader.ui.typed_ahead import TypedAhead
from tui_reader.ui.widgets.status_line import StatusLine

LOOK_EVERY = 0.5
"""Seconds between looks at the store's change counter, and at the size of the window."""

MOST_ENTRIES = 4000
"""How many entries one export is told by their numbers."""

DEMO = "demo"
"""What the application returns when its reader asks for the demo instead."""


class ReaderApp(App[str]):
    CSS_PATH = "app.tcss"
    TITLE = "tui-reader"
    ENABLE_COMMAND_PALETTE = True
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (9, "-short"), (22, "-tall")]  # noqa: RUF012
    """By rows: what dialogs go by."""
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        store: Store,
        config: Config,
        *,
        commands: Commands | None,
        first_start: bool = False,
        taxonomy: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        """`commands` run our own command line; None in the demo, which has no network and writes nothing.

        `taxonomy` is where the reader's own file is, or may come to be. The days of `now` are those of its zone.
        """
        super().__init__()
        self.animation_level = "none"
        self._without_colour = WithoutColour()
        self.store = store
        self.config = config
        self._commands = commands
        self._now = now
        self._looks = 0
        self._typed_ahead = TypedAhead(self, self._deliver)
        self._background = BackgroundStore(store)
        self._piped: list[str] = []
        """Commands that were typed for `|`, on any screen."""
        self._exporter = None if commands is None else Exporter(commands, Path(config.export.folder).expanduser())
        self._exported = store.journal.last()
        self._deeds = Deeds(store, now=now, export=None if commands is None else self._export)
        self._seen = store.changes_by_others()
        self.main = MainScreen(
            store,
            self._background,
            config,
            now=now,
            deeds=self._deeds,
            first_start=first_start,
            taxonomy=taxonomy,
            piped=self._piped,
            exports=self._exporter.folder if self._exporter is not None else None,
        )
        self._errands = Errands(self, self.main, store, self._background, commands, now=now, unreached=self._offer_demo)
        self._taxonomy_watch = (
            TaxonomyWatch(self, taxonomy, commands, status=lambda: self.main.status, done=self.main.update)
            if taxonomy is not None and commands is not None
            else None
        )

    def on_mount(self) -> None:
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        wanted = self.config.ui.theme or DARK.name
        self.theme = wanted if wanted in self.available_themes else DARK.name
        known = {key.id for key in KEYS}
        self.set_keymap({name: keys for name, keys in self.config.keys.items() if name in known})
        self.push_screen(self.main)
        self._leave_on_signals()
        self.set_timer(1.0, calm_the_collector)
        if not (self.is_headless or self.is_web):
            self.set_interval(LOOK_EVERY, self._follow_window)
        if self._commands is not None:
            self.set_interval(LOOK_EVERY, self._look)
            self._poll_regularly()
            if self.config.export.automatic:
                self._run_export("--sync", quiet=True)
                self.set_interval(LOOK_EVERY, self._export_changes)
        self.call_after_refresh(self._say_what_is_off, sorted(set(self.config.keys) - known))

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [self._without_colour] if self.no_color else super().get_line_filters()

    def _say_what_is_off(self, unknown_keys: Sequence[str]) -> None:
        if unknown_keys:
            self.main.status.say(f"config.toml: [keys] {unknown_keys[0]}: there is no such action; ? lists them")
        elif self.config.ui.theme and self.config.ui.theme not in self.available_themes:
            names = ", ".join(sorted(self.available_themes))
            self.main.status.say(f"config.toml: [ui] theme: there is no {self.config.ui.theme}; there are {names}")
        elif not self.store.writable:
            self.main.status.say(f"{self.store.database.name} is read-only: you can read, but nothing is kept")
        elif not self.store.database.has_log:
            self.main.status.say("this disk allows no write-ahead log: the screen may wait while a refresh writes")
        elif self._commands is None:
            self.main.status.say("this is the demo: the news is invented, nothing is written · ? shows keys")

    # --- keys

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._typed_ahead.take(event)
        else:
            await super().on_event(event)

    async def _deliver(self, key: events.Key) -> None:
        self._status().clear()
        await super().on_event(key)

    @property
    def keys_pending(self) -> bool:
        """Whether a key has not been answered yet."""
        return self._typed_ahead.pending

    @on(KeyDone)
    def _key_done(self, event: KeyDone) -> None:
        self._typed_ahead.done(event)

    def _follow_window(self) -> None:
        """A change of the window's size that was not heard of, or heard of before the new size could be read.

        Linux signals a change before it has stored the new size (`pty_resize`); on a busy machine the reader of the
        signal then finds the old one, and no further signal comes.
        """
        size = Size(*shutil.get_terminal_size())
        if size != self.size:
            self.post_message(events.Resize(size, size))

    # --- what our own commands do

    def _poll_regularly(self) -> None:
        if self.config.poll.on_start:
            self._errands.refresh("--due")
        if self.config.poll.every is not None:
            self.set_interval(self.config.poll.every, lambda: self._errands.refresh("--due"))

    @on(RefreshWanted)
    def _refresh_wanted(self, event: RefreshWanted) -> None:
        self._errands.refresh_wanted(*map(str, event.feed_ids))

    @on(AddWanted)
    def _add_wanted(self, event: AddWanted) -> None:
        self._errands.add(event.url)

    @on(FullTextWanted)
    def _full_text_wanted(self, event: FullTextWanted) -> None:
        self._errands.fetch_full_text(event.entry_id)

    @on(SplitWanted)
    def _split_wanted(self, event: SplitWanted) -> None:
        self._errands.split(event.issue_id)

    def _offer_demo(self, error: str) -> None:
        def answered(key: str | None) -> None:
            if key == "r":
                self.post_message(RefreshWanted(()))
            elif key == "d":
                self.exit(DEMO)

        answers = [("r", "try again"), ("d", "look at the demo, which needs no network")]
        self.push_screen(Choice(f"No feed could be reached. Is there a network?\n\n{error}", answers), answered)

    # --- exporting

    def _export(self, entry_ids: Sequence[int]) -> None:
        # A word of a command line has its limits.
        for start in range(0, len(entry_ids), MOST_ENTRIES):
            self._run_export("--entries", ",".join(map(str, entry_ids[start : start + MOST_ENTRIES])))

    @on(ExportEdited)
    def _export_edited(self, event: ExportEdited) -> None:
        if self._exporter is not None:
            self._run_export("--sync", "--entries", str(event.entry_id))

    def _export_changes(self) -> None:
        """Once for all that happened since the last time, whoever did it."""
        last = self.store.journal.last()
        if last != self._exported and self.store.journal.touched_highlights(self._exported):
            self._run_export("--changed", "--sync", quiet=True)
        self._exported = last

    @work(exit_on_error=True)
    async def _run_export(self, *words: str, quiet: bool = False) -> None:
        assert self._exporter is not None
        told = await self._exporter.export(*words, quiet=quiet)
        if told:
            self._status().say(told)

    def _status(self) -> StatusLine:
        return self.screen.status if isinstance(self.screen, MainScreen | HighlightsScreen) else self.main.status

    # --- what others wrote

    def _look(self) -> None:
        try:
            seen = self.store.changes_by_others()
        except ReaderError as error:
            self.main.status.say(str(error))
            return
        if self._taxonomy_watch is not None:
            self._taxonomy_watch.look()
        if seen != self._seen and not self._too_soon():
            self._seen = seen
            for screen in self.screen_stack:
                screen.post_message(StoreChanged())

    def _too_soon(self) -> bool:
        """While our own refresh writes a feed after the other, the screen follows every few seconds."""
        self._looks += 1
        return self._errands.refreshing and self._looks % 5 != 0

    # --- screens and the world outside

    @on(HighlightsWanted)
    def _highlights_wanted(self, event: HighlightsWanted) -> None:
        if isinstance(self.screen, HighlightsScreen):
            self.screen.filter(event.query)
            return
        screen = HighlightsScreen(
            self.store,
            self._background,
            self.config,
            now=self._now,
            deeds=self._deeds,
            query=event.query,
            piped=self._piped,
        )
        self.push_screen(screen, lambda _: self.main.update())

    @on(EntryWanted)
    def _entry_wanted(self, event: EntryWanted) -> None:
        if isinstance(self.screen, HighlightsScreen):
            self.screen.dismiss()
        self.main.show_entry(event.entry_id, event.highlight_id, attach=event.attach)

    @on(LinkOpened)
    def _link_opened(self, event: LinkOpened) -> None:
        status = self._status()
        if not event.url:
            status.say("this has no address")
        elif urlsplit(event.url).scheme not in ("http", "https"):
            status.say(f"not opened, for it is no web address: {event.url[:80]}")
        else:
            status.say(f"opening {event.url}")
            self._open(event.url)

    @work(thread=True, exit_on_error=False)
    def _open(self, url: str) -> None:
        """In a thread, for a browser may take seconds. The address is one word of its own, never one of a shell."""
        command = shlex.split(self.config.open.browser)
        if not command:
            try:
                found = webbrowser.open(url)
            except webbrowser.Error:
                found = False
            if not found:
                told = "no browser was found: name one in config.toml, [open] browser · y copies the address"
                self.call_from_thread(self.main.status.say, told)
            return
        words = [url if word == "%s" else word for word in command]
        try:
            subprocess.run(
                words if url in words else [*words, url],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
        except OSError as error:
            problem = f"cannot run {command[0]}: {error.strerror}"
            self.call_from_thread(self.main.status.say, f"{problem} · see [open] browser in config.toml")

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action of the focused pane, with its key."""
        node = screen.focused
        letters = {
            getattr(ancestor, "letter", "") for ancestor in (node.ancestors_with_self if node is not None else ())
        } - {""}
        if "V" in letters:
            letters = {"V"}
        for key in KEYS:
            if letters & set(key.panes) and key.action != "app.command_palette":
                keys = shown(self.config.keys.get(key.id, key.keys))
                yield SystemCommand(f"{key.text}", f"{keys}   {key.id}", self._runner(key.action))
        yield SystemCommand("change the theme", "colours of the screen", self.action_change_theme)

    def _runner(self, action: str) -> Callable[[], None]:
        def run() -> None:
            node = self.screen.focused or self.screen
            name = f"action_{action.partition('(')[0]}"
            owner = next((each for each in node.ancestors_with_self if hasattr(each, name)), node)
            self.call_later(self.run_action, action, owner)

        return run

    # --- leaving

    def _leave_on_signals(self) -> None:
        """Textual leaves the terminal in disorder on SIGTERM and SIGHUP unless the application ends by itself, and
        passes over an interrupt that comes while it starts."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
                number = getattr(signal, name)
                loop.add_signal_handler(number, self._leave, 128 + number)

    def _leave(self, code: int) -> None:
        """End now. What was done is on the disk already."""
        if self._commands is not None:
            self._commands.stop()
        try:
            os.tcgetpgrp(0)
        except OSError:
            # The window is gone: there is nothing to restore, and Textual's shutdown would wait for ever for its
            # writing thread, which has died of it.
            os._exit(code)
        deadline = threading.Timer(2.0, os._exit, (code,))
        deadline.daemon = True
        deadline.start()
        self.exit(return_code=code)

    async def action_quit(self) -> None:
        self.exit()

    async def on_unmount(self) -> None:
        if self._commands is not None:
            await self._commands.close()
        self._background.close()
        # Whoever started the application may go on after it.
        gc.unfreeze()
        gc.set_threshold(*_COLLECT)


_COLLECT = gc.get_threshold()


def calm_the_collector() -> None:
    """What start-up has made stays: full collections of it took 40 to 170 ms, in the middle of a key.

    Not even one now, as the documentation of `gc.freeze` has it: what little garbage there is stays too.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
