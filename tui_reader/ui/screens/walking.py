"""Going on in what there is to read: to the next entry, the next unread one, the next view that has some."""

from __future__ import annotations

from collections.abc import Callable

from tui_reader.ui.screens.entry_list import EntryList
from tui_reader.ui.screens.reading import Reading
from tui_reader.ui.screens.sidebar import Sidebar

NO_UNREAD = "nothing unread here · N goes to the next view that has some"


class Walking:
    def __init__(
        self,
        sidebar: Sidebar,
        entries: EntryList,
        reading: Reading,
        *,
        open_view: Callable[[str, str], None],
        follow: Callable[[], None],
        say: Callable[[str], None],
    ) -> None:
        """`open_view` opens a query by its name; `follow` shows the article of the entry under the cursor."""
        self._sidebar = sidebar
        self._list = entries
        self._reading = reading
        self._open_view = open_view
        self._follow = follow
        self._say = say

    def to_entry(self, by: int) -> None:
        self._list.list.move(by)
        self._follow()

    def to_unread(self, by: int) -> None:
        self._go_to(self._list.next_unread(by))

    def page_down(self) -> None:
        """A page of the article; at its end on to the next unread."""
        if not self._reading.view.page_down():
            self._reading.scrolled()
            self.to_unread(1)

    def to_unread_view(self, by: int) -> None:
        row = self._sidebar.step_to_unread(self._list.view.query, by)
        if row is None:
            self._say("nothing unread anywhere")
            return
        self._open_view(row.query, row.label)
        self._go_to(self._list.first_unread())

    def to_match(self, by: int) -> bool:
        """From match to match, while something is being found in the article. → False if nothing is."""
        at = self._reading.view.next_match(by)
        if at is not None:
            self._say(f"match {at[0]} of {at[1]} · esc ends")
        return at is not None

    def _go_to(self, index: int | None) -> None:
        if index is None:
            self._say(NO_UNREAD)
            return
        self._list.list.move_to(index)
        self._follow()
