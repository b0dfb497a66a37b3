"""What happened, for whoever on the screen cares. Past participles; values only."""

from __future__ import annotations

from textual.message import Message

from tui_reader.model import Outcome


class RefreshStarted(Message):
    def __init__(self, feeds: int) -> None:
        super().__init__()
        self.feeds = feeds


class FeedRefreshed(Message):
    def __init__(self, outcome: Outcome, *, done: int, feeds: int) -> None:
        super().__init__()
        self.outcome = outcome
        self.done = done
        self.feeds = feeds


class RefreshEnded(Message):
    """`error` is one line, "" if the refresh itself went well (single feeds may still have failed)."""

    def __init__(self, outcomes: tuple[Outcome, ...], error: str) -> None:
        super().__init__()
        self.outcomes = outcomes
        self.error = error


class StoreChanged(Message):
    """Another process wrote to the store."""


class RefreshWanted(Message):
    """`feed_ids` are all feeds if empty."""

    def __init__(self, feed_ids: tuple[int, ...]) -> None:
        super().__init__()
        self.feed_ids = feed_ids


class AddWanted(Message):
    """An address was typed: of a feed, or of a page that has one."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


class SplitWanted(Message):
    """An issue is to be split into its stories."""

    def __init__(self, issue_id: int) -> None:
        super().__init__()
        self.issue_id = issue_id


class ExportEdited(Message):
    """The reader has edited the exported file of this entry."""

    def __init__(self, entry_id: int) -> None:
        super().__init__()
        self.entry_id = entry_id


class LinkOpened(Message):
    """Somebody asked for this address in the browser; "" if there was none."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url


class FullTextWanted(Message):
    """The text that the entry's web page has, in place of what the feed gives of it."""

    def __init__(self, entry_id: int) -> None:
        super().__init__()
        self.entry_id = entry_id


class HighlightsWanted(Message):
    """The highlights screen was asked for, perhaps with a filter."""

    def __init__(self, query: str = "") -> None:
        super().__init__()
        self.query = query


class EntryWanted(Message):
    """An entry was asked for on the main screen, at one of its highlights, perhaps to `attach` that one anew."""

    def __init__(self, entry_id: int, highlight_id: str, *, attach: bool = False) -> None:
        super().__init__()
        self.attach = attach
        self.entry_id = entry_id
        self.highlight_id = highlight_id


class KeyDone(Message):
    """The key of this number has been answered by whatever had the focus; `rounds` are left to follow it."""

    def __init__(self, number: int, *, rounds: int) -> None:
        super().__init__()
        self.number = number
        self.rounds = rounds
