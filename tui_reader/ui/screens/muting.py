"""What the mute key does: asks what to mute and for how long, and what is to be heard of again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from textual.screen import Screen

from tui_reader.errors import QueryError
from tui_reader.model import Article, Field
from tui_reader.query import format_query, parse_query
from tui_reader.store import Store
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.screens.dialogs import Choice
from tui_reader.ui.screens.line_dialog import LineDialog
from tui_reader.ui.text import number

_SPANS = {"d": ("a day", 1), "w": ("a week", 7), "m": ("a month", 30), "e": ("ever, or until it is taken back", None)}
_TAGS = 7
_PLACES = "abcdefghijklmnoprstuvwxyz"


class Subject(NamedTuple):
    """What can be muted: a name for people, and the query that finds it."""

    name: str
    query: str


class Muting:
    def __init__(
        self,
        screen: Screen[None],
        store: Store,
        background: BackgroundStore,
        *,
        now: Callable[[], datetime],
        do_later: Callable[[Callable[[], Awaitable[str]]], None],
    ) -> None:
        """`do_later` runs a deed that may take a while, and reports it."""
        self._screen = screen
        self._store = store
        self._background = background
        self._now = now
        self._do_later = do_later

    def ask(self, subjects: Sequence[Subject]) -> None:
        """What to mute: one of these, or what the reader types."""
        by_key = {str(place): subject for place, subject in enumerate(subjects, 1)}
        answers = [(key, subject.name) for key, subject in by_key.items()]
        answers.append(("p", "a phrase, or any query …"))
        mutes = self._store.mutes.all(self._now())
        if mutes:
            answers.append(("m", f"end one of the {number(len(mutes), 'mute', 'mutes')} in force …"))

        def answered(key: str | None) -> None:
            if key == "p":
                self._ask_for_query()
            elif key == "m":
                self._ask_which_to_end()
            elif key:
                self._ask_how_long(by_key[key])

        question = "Mute what? It leaves every list, but for what you starred, highlighted or tagged."
        self._screen.app.push_screen(Choice(question, answers), answered)

    def _ask_for_query(self) -> None:
        def answered(query: str | None) -> None:
            if query:
                self._ask_how_long(Subject(query, query))

        dialog = LineDialog("Mute what fits this query", hint='"stock tip" or title:podcast', refuses=self._refuse)
        self._screen.app.push_screen(dialog, answered)

    def _refuse(self, query: str) -> str:
        try:
            self._store.condition(parse_query(query, now=self._now()).term)
        except QueryError as error:
            return str(error)
        return ""

    def _ask_how_long(self, subject: Subject) -> None:
        def answered(key: str | None) -> None:
            if key:
                days = _SPANS[key][1]
                until = self._now() + timedelta(days=days) if days else None
                self._do_later(lambda: self._mute(subject, until))

        answers = [(key, f"for {words}") for key, (words, _) in _SPANS.items()]
        self._screen.app.push_screen(Choice(f"Mute {subject.name}?", answers), answered)

    async def _mute(self, subject: Subject, until: datetime | None) -> str:
        now = self._now()
        count = await self._background.run(lambda store: store.mutes.add(subject.query, until=until, now=now))
        left = f"{number(count, 'entry', 'entries')} left the lists"
        return f"muted {subject.name}: {left} · /is:muted shows what is muted · u undoes"

    def _ask_which_to_end(self) -> None:
        mutes = dict(zip(_PLACES, self._store.mutes.all(self._now()), strict=False))

        def answered(key: str | None) -> None:
            if key:
                query = mutes[key].query
                self._do_later(lambda: self._end(query))

        answers = [
            (key, each.query + (f"  until {each.until.astimezone():%Y-%m-%d}" if each.until else ""))
            for key, each in mutes.items()
        ]
        self._screen.app.push_screen(Choice("End which mute? What it kept out comes back.", answers), answered)

    async def _end(self, query: str) -> str:
        now = self._now()
        count = await self._background.run(lambda store: store.mutes.end(query, now=now))
        return f"no longer muted {query}: {number(count, 'entry', 'entries')} came back · u undoes"


def subjects_of(article: Article) -> list[Subject]:
    """The companies and topics of an article, primary ones first, and its feed."""
    tags = [tag for tag in article.tags if tag.kind != "label"][:_TAGS]
    subjects = [Subject(tag.name, format_query(Field(tag.kind, tag.slug))) for tag in tags]
    entry = article.entry
    return [*subjects, Subject(f"the feed {entry.feed_title}", format_query(Field("feed", entry.feed_url)))]
