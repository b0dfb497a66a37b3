"""What a reader can do to entries and highlights; each deed returns the sentence that reports it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tui_reader.model import Article, Entry, Feed, Highlight, Tag, Term
from tui_reader.store import StateField, Store
from tui_reader.ui.text import number
from tui_reader.ui.widgets.article_painter import Mark

_DONE = {
    ("read", True): "read", ("read", False): "unread",
    ("starred", True): "starred", ("starred", False): "no longer starred",
    ("later", True): "on the read-later list", ("later", False): "off the read-later list",
}  # fmt: skip


class Deeds:
    """Raises ReaderError where the store or the disk refuses."""

    def __init__(
        self, store: Store, *, now: Callable[[], datetime], export: Callable[[Sequence[int]], None] | None
    ) -> None:
        """`export` begins to write the files of these entries, and tells what came of it; None in the demo."""
        self._store = store
        self._now = now
        self._export = export

    def toggle(self, entry: Entry, field: StateField) -> str:
        value = not getattr(entry, field)
        self._store.entries.mark([entry.id], field, value=value, now=self._now())
        return f"{_DONE[field, value]} · u undoes"

    def mark_read(self, ids: Sequence[int]) -> str:
        count = self._store.entries.mark(ids, "read", value=True, now=self._now())
        return f"marked {number(count, 'entry', 'entries')} read · u undoes" if count else "all read already"

    def read_on(self, entry: Entry) -> None:
        """By reading itself: undo passes over it."""
        self._store.entries.mark([entry.id], "read", value=True, now=self._now(), action="open")

    def mark_view_read(self, term: Term | None) -> str:
        count = self._store.entries.mark_view_read(self._store.condition(term), now=self._now())
        return f"marked {number(count, 'entry', 'entries')} read · u undoes" if count else "nothing unread here"

    def undo(self) -> str:
        done = self._store.undo(self._now())
        return f"undid: {done.description} · U redoes" if done else "nothing to undo"

    def redo(self) -> str:
        done = self._store.redo(self._now())
        return f"did again: {done.description}" if done else "nothing to redo"

    def veto(self, entry: Entry, tag: Tag) -> str:
        self._store.tags.veto(entry.id, tag.kind, tag.slug, now=self._now())
        return f"not {tag.name}: the tag will not come back here · u undoes"

    def unsubscribe(self, feed: Feed) -> str:
        self._store.feeds.remove(feed, self._now())
        return f"unsubscribed from {feed.title} · u undoes"

    def toggle_highlight(self, article: Article, span: tuple[int, int], mark: Mark | None) -> str:
        """Highlight the span; if it holds a highlight already, take that away."""
        if mark is not None:
            return self.remove(self._store.highlights.get(mark.id))
        self._store.highlights.add(article, *span, now=self._now())
        return "highlighted · a adds a note · u undoes"

    def highlight_for_note(self, article: Article, span: tuple[int, int], mark: Mark | None) -> Highlight:
        """The highlight that a note here is about: the one at the cursor, else a new one of the paragraph."""
        if mark is not None:
            return self._store.highlights.get(mark.id)
        return self._store.highlights.add(article, *span, now=self._now())

    def set_note(self, highlight: Highlight, note: str) -> str:
        if note == highlight.note:
            return "the note is as it was"
        self._store.highlights.change(highlight, note=note, now=self._now())
        return "note saved · u undoes" if note else "note removed · u undoes"

    def remove(self, highlight: Highlight) -> str:
        self._store.highlights.remove(highlight, now=self._now())
        return "highlight removed · u undoes"

    def export(self, highlights: Sequence[Highlight]) -> str:
        """Write them as Markdown, with all other highlights of the same articles: a file is an article."""
        if not highlights:
            return "no highlights to export here: H makes one"
        if self._export is None:
            return "the demo writes nothing: in the real thing this makes a Markdown file an article"
        self._export(tuple(dict.fromkeys(highlight.entry_id for highlight in highlights)))
        return "exporting …"
