"""The right pane at work: it shows an article, keeps it true, and knows when it has been read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from textual.timer import Timer

from tui_reader.config import Reading as ReadingConfig
from tui_reader.doc import Doc
from tui_reader.errors import NotFoundError
from tui_reader.fold import plain
from tui_reader.model import Article
from tui_reader.store import Store
from tui_reader.ui.screens.article_parts import article_doc, article_header, marks_of
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.panes import ArticlePane, Heading


class Reading:
    def __init__(
        self,
        pane: ArticlePane,
        store: Store,
        config: ReadingConfig,
        *,
        now: Callable[[], datetime],
        read: Callable[[Article], None],
    ) -> None:
        """`read` is called when an unread article has been read by reading it."""
        self.view = pane.query_one(ArticleView)
        self.article: Article | None = None
        self._in_feeds_words = False
        """Its text is shown as the feed gave it, though that of its page is known."""
        self._heading = pane.query_one(Heading)
        self._pane = pane
        self._store = store
        self._config = config
        self._now = now
        self._read = read
        self._timer: Timer | None = None

    def show(self, entry_id: int, *, highlight_id: str = "", words: re.Pattern[str] | None = None) -> None:
        """Another article, at a highlight or at its top, with the words of a search marked."""
        self._in_feeds_words = False
        try:
            article = self._store.entries.article(entry_id)
        except NotFoundError:
            # Removed by the rules of retention while its row was on screen.
            self.clear()
            return
        self._show(article, highlight_id=highlight_id, words=words)

    def _show(self, article: Article, *, highlight_id: str = "", words: re.Pattern[str] | None = None) -> None:
        self.stop()
        self.article = article
        doc = article_doc(article)
        marks = marks_of(doc, article.highlights)
        cursor = next((mark.start for mark in marks if mark.id == highlight_id), 0)
        self.view.show(doc, header=article_header(article, self._now()), marks=marks, cursor=cursor)
        if words is not None:
            self.view.mark_matches(words, plain)
        self._heading.say(article.entry.feed_title, f"{article.entry.published_at.astimezone():%Y-%m-%d}")

    def clear(self) -> None:
        self.stop()
        self.article = None
        self.view.show(Doc("", (), ()))
        self._heading.say("")

    def update(self) -> None:
        """From the store. The place stays, unless the text is another one."""
        if self.article is None:
            return
        before = self.article
        try:
            article = self._store.entries.article(before.entry.id)
        except NotFoundError:
            self.clear()
            return
        self.article = self._by_feed(article) if self._in_feeds_words else article
        if self.article.version_id != before.version_id:
            self._show(self.article)
            return
        self.view.set_marks(marks_of(self.view.doc, self.article.highlights))
        self.view.set_header(article_header(self.article, self._now()))

    def switch_text(self) -> str:
        """From the page's text to the feed's, or back. → what is shown now; "" if the feed's text is all there is."""
        if self.article is None:
            return ""
        article = self._store.entries.article(self.article.entry.id)
        in_feeds_words = self._by_feed(article)
        if in_feeds_words.version_id == article.version_id:
            return ""
        self._in_feeds_words = not self._in_feeds_words
        self._show(in_feeds_words if self._in_feeds_words else article)
        return "the feed's text" if self._in_feeds_words else "the full text"

    def _by_feed(self, article: Article) -> Article:
        """With the text that the feed gave last, which may be the one it has."""
        found = self._store.versions.last_of_feed(article.entry.id)
        if found is None:
            return article
        return replace(article, version_id=found.version_id, html=found.html, text=found.text)

    def as_shown(self) -> Article | None:
        """The article with the text on screen, should today's cleaner make another one than is stored."""
        return replace(self.article, text=self.view.doc.text) if self.article is not None else None

    def begin(self) -> None:
        """From now on the article is being read: after a while it counts as read."""
        self.stop()
        if self._config.mark_read != "open":
            return
        if not self._config.mark_read_after:
            self._finish()
        elif self.article is not None and not self.article.entry.read:
            self._timer = self._pane.set_timer(self._config.mark_read_after, self._finish)

    @property
    def about_to_count(self) -> bool:
        """Whether the article will count as read after a while."""
        return self._timer is not None

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def scrolled(self) -> None:
        """Past the first screen it counts as read; or at its end, if the reader wants it so."""
        at_end = self.view.scroll_offset.y >= self.view.max_scroll_y
        if self._config.mark_read == "open" or (self._config.mark_read == "scroll" and at_end):
            self._finish()

    def _finish(self) -> None:
        if self.article is not None and not self.article.entry.read:
            self._read(self.article)
