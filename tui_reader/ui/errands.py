"""What the app has done by our own command line in a child process: refreshing, adding feeds, fetching, splitting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from textual.app import App

from tui_reader.errors import ReaderError
from tui_reader.model import Outcome
from tui_reader.store import Store
from tui_reader.ui.background import BackgroundStore, Commands
from tui_reader.ui.messages import FeedRefreshed, RefreshEnded, RefreshStarted
from tui_reader.ui.screens.main import MainScreen
from tui_reader.ui.screens.splitting import split_here
from tui_reader.ui.text import number


class Errands:
    """One refresh at a time; each reports on the main screen."""

    def __init__(
        self,
        app: App[str],
        main: MainScreen,
        store: Store,
        background: BackgroundStore,
        commands: Commands | None,
        *,
        now: Callable[[], datetime],
        unreached: Callable[[str], None],
    ) -> None:
        """`commands`: None in the demo. `unreached` is told the error if no feed could be reached and there is no news
        at all."""
        self._app = app
        self._main = main
        self._store = store
        self._background = background
        self._commands = commands
        self._now = now
        self._unreached = unreached
        self.refreshing = False

    def refresh_wanted(self, *words: str) -> None:
        """By the reader, who is told why not."""
        if self._commands is None:
            self._say("the demo has no network: there is nothing to refresh")
        elif self.refreshing:
            self._say("a refresh is running already")
        else:
            self.refresh(*words)

    def refresh(self, *words: str) -> None:
        if self._commands is not None and not self.refreshing:
            self.refreshing = True
            self._app.run_worker(self._refresh(self._commands, words))

    def add(self, url: str) -> None:
        if self._commands is None:
            self._say("the demo has no network: it cannot add a feed")
        else:
            self._app.run_worker(self._add(self._commands, url))

    def fetch_full_text(self, entry_id: int) -> None:
        if self._commands is None:
            self._say("the demo has no network: it cannot fetch a full text")
        else:
            self._app.run_worker(self._fetch_full_text(self._commands, entry_id))

    def split(self, issue_id: int) -> None:
        self._app.run_worker(self._split(issue_id))

    async def _refresh(self, commands: Commands, words: tuple[str, ...]) -> None:
        outcomes: list[Outcome] = []
        feeds = 0

        def on_line(line: dict[str, Any]) -> None:
            nonlocal feeds
            if "feeds" in line:
                feeds = line["feeds"]
                self._main.post_message(RefreshStarted(feeds))
            elif "status" in line:
                outcome = _outcome(line)
                outcomes.append(outcome)
                self._main.post_message(FeedRefreshed(outcome, done=len(outcomes), feeds=feeds))

        try:
            _, error = await commands.lines("refresh", "--json", "--child", *words, on_line=on_line)
        finally:
            self.refreshing = False
        all_failed = bool(outcomes) and all(outcome.status in ("failed", "gone") for outcome in outcomes)
        self._main.post_message(RefreshEnded(tuple(outcomes), "" if outcomes else error))
        if all_failed and not sum(feed.total for feed in self._store.feeds.all()):
            self._unreached(outcomes[0].error)

    async def _add(self, commands: Commands, url: str) -> None:
        code, out, err = await self._run(commands, "adding …", "add", "--", url)
        self._say((out if code == 0 else err).strip().replace("\n", " · "))
        if code == 0:
            self._main.update()
            self.refresh("--due")

    async def _fetch_full_text(self, commands: Commands, entry_id: int) -> None:
        code, _, err = await self._run(commands, "fetching the full text …", "extract", str(entry_id))
        reason = err.removeprefix(f"entry {entry_id}: ")
        self._say(f"no full text: {reason}" if code else "the full text · f shows the feed's")
        self._main.update()

    async def _split(self, issue_id: int) -> None:
        try:
            stories = await self._split_by(issue_id)
        except ReaderError as error:
            self._say(str(error))
            return
        if not stories:
            self._say("this does not tell several stories")
            return
        self._main.issue_split(issue_id)
        self._say(f"split into {number(stories, 'story', 'stories')}, as this feed's coming issues · u undoes")

    async def _split_by(self, issue_id: int) -> int:
        """Our own command, where there is one. → how many stories."""
        if self._commands is None:
            return await self._background.run(lambda store: split_here(store, issue_id, self._now()))
        code, _, err = await self._run(self._commands, "splitting …", "split", str(issue_id))
        if code:
            raise ReaderError(err)
        return len(self._store.stories.of(issue_id))

    async def _run(self, commands: Commands, progress: str, *words: str) -> tuple[int, str, str]:
        """→ the exit code, the output and the error in words."""
        self._main.status.show_progress(progress)
        code, out, err = await commands.run(*words)
        self._main.status.show_progress("")
        return code, out, err.removeprefix("error: ").strip()

    def _say(self, text: str) -> None:
        self._main.status.say(text)


def _outcome(line: dict[str, Any]) -> Outcome:
    return Outcome(
        feed_id=int(line.get("id") or 0),
        url=str(line.get("url", "")),
        title=str(line.get("title", "")),
        status=line["status"],
        new=int(line.get("new") or 0),
        updated=int(line.get("updated") or 0),
        error=str(line.get("error") or ""),
    )
