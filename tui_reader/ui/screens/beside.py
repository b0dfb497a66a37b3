"""What lies beside the list of highlights: the article of the one under the cursor, at its passage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.timer import Timer

from tui_reader.doc import text_doc
from tui_reader.model import Article, Highlight
from tui_reader.store import Store
from tui_reader.ui.screens.article_parts import FOLLOW_AFTER, article_doc, article_header, marks_of
from tui_reader.ui.widgets.article_painter import Mark
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.panes import Heading


class Beside:
    def __init__(self, view: ArticleView, heading: Heading, store: Store, now: Callable[[], datetime]) -> None:
        self.view = view
        self._heading = heading
        self._store = store
        self._now = now
        self._article: Article | None = None
        self._timer: Timer | None = None

    def follow(self, show: Callable[[], None]) -> None:
        """Call `show` once the cursor of the list has come to rest: keys down the list wait for no article."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.view.set_timer(FOLLOW_AFTER, show)

    def clear(self) -> None:
        self._article = None
        self._heading.say("")
        self.view.show(text_doc(""))

    def show(self, highlight: Highlight) -> None:
        article = self._store.entries.article(highlight.entry_id)
        before, self._article = self._article, article
        header = article_header(article, self._now())
        if before and (before.version_id, before.html) == (article.version_id, article.html):
            # To build and to lay out the same text again takes longer than all the rest.
            marks = marks_of(self.view.doc, article.highlights)
            self.view.set_header(header)
            self.view.set_marks(marks)
            self.view.go_to(_start(marks, highlight))
            self.view.scroll_to_cursor(middle=True)
            return
        doc = article_doc(article)
        marks = marks_of(doc, article.highlights)
        self._heading.say(highlight.source.feed_title, f"{article.entry.published_at.astimezone():%Y-%m-%d}")
        self.view.show(doc, header=header, marks=marks, cursor=_start(marks, highlight))


def _start(marks: tuple[Mark, ...], highlight: Highlight) -> int:
    return next((mark.start for mark in marks if mark.id == highlight.id), 0)
