"""What leaves the main screen: addresses for the browser, text for the clipboard, feeds for a refresh."""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from tui_reader.store import Store
from tui_reader.ui.messages import LinkOpened
from tui_reader.ui.screens.dialogs import Choice
from tui_reader.ui.screens.entry_list import EntryList
from tui_reader.ui.screens.facts import link_markdown
from tui_reader.ui.screens.link_hints import LinkHints
from tui_reader.ui.screens.reading import Reading
from tui_reader.ui.screens.sidebar import Sidebar

CLIPBOARD = 74_994
"""Bytes that a terminal takes for its clipboard: what is left of 100,000 characters of OSC 52."""


class Outside:
    def __init__(
        self,
        screen: Screen[None],
        sidebar: Sidebar,
        entries: EntryList,
        reading: Reading,
        store: Store,
        *,
        say: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._sidebar = sidebar
        self._list = entries
        self._reading = reading
        self._store = store
        self._say = say

    def open_address(self, *, of_feed: bool) -> None:
        """Of the feed or entry under the cursor of its pane."""
        self._open(self._address(of_feed=of_feed))

    def open_link(self) -> None:
        """Of the paragraph under the reading cursor; asks if it has several."""
        links = self._reading.view.links_at_cursor()
        if not links:
            self._say("no link in this paragraph · o opens the article in the browser")
        elif len(links) == 1:
            self._open(links[0])
        else:
            numbered = dict(zip("123456789", links, strict=False))

            def chosen(key: str | None) -> None:
                if key:
                    self._open(numbered[key])

            self._screen.app.push_screen(Choice("Which link?", list(numbered.items())), chosen)

    def choose_link(self) -> None:
        """Of those on the screen, by letters that stand on them."""
        places = self._reading.view.links_on_screen()

        def chosen(answer: tuple[str, str] | None) -> None:
            if answer is not None:
                verb, href = answer
                self._open(href) if verb == "open" else self._copy(href, "the address of the link")

        if places:
            self._screen.app.push_screen(LinkHints(self._reading.view, places), chosen)
        else:
            self._say("no link on the screen · o opens the article in the browser")

    def copy_address(self, *, of_feed: bool) -> None:
        self._copy(self._address(of_feed=of_feed), "the address")

    def copy_markdown(self, *, of_highlight: bool) -> None:
        """The highlight under the reading cursor, if wanted and there is one; else a link to the entry."""
        mark = self._reading.view.mark_at_cursor() if of_highlight else None
        entry = self._list.entry()
        if mark is not None:
            from tui_reader.export import quote_markdown

            self._copy(quote_markdown(self._store.highlights.get(mark.id)), "the quote, as Markdown")
        elif entry is not None:
            self._copy(link_markdown(entry.title, entry.url), "a link, as Markdown")

    def feed_ids(self, *, of_row: bool) -> tuple[int, ...]:
        """The feeds of the row under the cursor, or of the view; () where that means no feeds in particular."""
        row, query = self._sidebar.row(), self._list.view.query
        if of_row and row is not None and row.kind == "feed":
            return (row.feed_id,)
        if of_row and row is not None and row.kind == "folder":
            return tuple(feed.id for feed in self._sidebar.feeds if feed.folder == row.label)
        feed_id = query.removeprefix("feed:")
        return (int(feed_id),) if not of_row and query.startswith("feed:") and feed_id.isdigit() else ()

    def _address(self, *, of_feed: bool) -> str:
        """Empty if it has none."""
        feed, entry = self._sidebar.feed(), self._list.entry()
        if of_feed:
            return (feed.site_url or feed.url) if feed is not None else ""
        return (entry.url or "") if entry is not None else ""

    def _open(self, url: str) -> None:
        self._screen.app.post_message(LinkOpened(url))

    def _copy(self, text: str, what: str) -> None:
        if text:
            self._screen.app.copy_to_clipboard(text)
        self._say(f"copied {what}" if text else "nothing to copy: no address")
