"""What a reader can do to entries and highlights; each deed returns the sentence that reports it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from tui_reader.model import Article, Entry, Feed, Highlight, HighlightKind, Term
from tui_reader.store import Condition, StateField, Store
from tui_reader.ui.screens.overlaps import Lying, overlap
from tui_reader.ui.text import number

_DONE = {
    ("read", True): "read", ("read", False): "unread",
    ("starred", True): "starred", ("starred", False): "no longer starred",
    ("later", True): "on the read-later list", ("later", False): "off the read-later list",
}  # fmt: skip

_OF_KIND = {"fact": "a fact", "claim": "a claim", "number": "a number", "question": "a question"}


class Deeds:
    """Raises ReaderError where the store or the disk refuses."""

    def __init__(
        self, store: Store, *, now: Callable[[], datetime], export: Callable[[Sequence[int]], None] | None
    ) -> None:
        """`export` begins to write the files of these entries, and tells what came of it; None in the demo."""
        self._store = store
        self._now = now
        self._export = export

    def on(self, store: Store) -> Deeds:
        """The same through another connection, for what takes its time."""
        return Deeds(store, now=self._now, export=self._export)

    def toggle(self, entry: Entry, field: StateField) -> str:
        value = not getattr(entry, field)
        if field == "read" and entry.stories:
            value = entry.unread_stories > 0
        self._store.entries.mark([entry.id], field, value=value, now=self._now())
        return f"{_DONE[field, value]} · u undoes"

    def mark_all(self, ids: Sequence[int], field: StateField) -> str:
        """Those that do not have it get it; where all have it, it is taken away."""
        there = self._store.entries.still_there(ids)
        for value in (True, False):
            count = self._store.entries.mark(there, field, value=value, now=self._now())
            if count:
                return f"{number(count, 'entry', 'entries')} {_DONE[field, value]} · u undoes"
        return "these are no longer in the store"

    def tag_all(self, ids: Sequence[int], kind: str, slug: str, name: str, *, give: bool) -> str:
        """Give the tag to those that do not have it, or take it from those that have."""
        change = self._store.tags.give_all if give else self._store.tags.take_all
        count = change(self._store.entries.still_there(ids), kind, slug, now=self._now())
        entries = number(count, "entry", "entries")
        return f"tagged {entries} with {name} · u undoes" if give else f"{entries} no longer with {name} · u undoes"

    def mark_read(self, ids: Sequence[int]) -> str:
        if not len(ids):
            return "nothing is above"
        there = self._store.entries.still_there(ids)
        count = self._store.entries.mark(there, "read", value=True, now=self._now())
        return f"marked {number(count, 'entry', 'entries')} read · u undoes" if count else "all read already"

    def read_on(self, entry: Entry) -> None:
        """By reading itself: undo passes over it."""
        self._store.entries.mark([entry.id], "read", value=True, now=self._now(), action="open")

    def mark_view_read(self, term: Term | None) -> str:
        count = self._store.entries.mark_view_read(self._store.condition(term), now=self._now())
        return f"marked {number(count, 'entry', 'entries')} read · u undoes" if count else "nothing unread here"

    def undo(self) -> tuple[str, Sequence[int]]:
        """→ also the entries that it was about."""
        done = self._store.undo(self._now())
        return (f"undid: {done.description} · U redoes", done.entry_ids) if done else ("nothing to undo", ())

    def redo(self) -> tuple[str, Sequence[int]]:
        """→ also the entries that it was about."""
        done = self._store.redo(self._now())
        return (f"did again: {done.description}", done.entry_ids) if done else ("nothing to redo", ())

    def save_view(self, name: str, query: str) -> str:
        self._store.views.save(name, query, now=self._now())
        return f"saved the view “{name}” · u undoes"

    def remove_view(self, name: str) -> str:
        self._store.views.remove(name, now=self._now())
        return f"removed the view “{name}” · u undoes"

    def join(self, issue_id: int) -> str:
        self._store.stories.join(issue_id, self._now())
        return "joined: this feed's issues stay whole from now on · u undoes"

    def unsubscribe(self, feed: Feed) -> str:
        self._store.feeds.remove(feed, self._now())
        return f"unsubscribed from {feed.title} · u undoes"

    def highlight(
        self, article: Article, start: int, end: int, *, kind: HighlightKind = "", others: Sequence[Lying] = ()
    ) -> tuple[Highlight, str]:
        """Highlight the passage, with the others of the article in mind (see `overlaps`)."""
        highlights, now = self._store.highlights, self._now()
        found = overlap(start, end, kind, others)
        if found.same:
            same = highlights.get(found.same)
            if kind in ("", same.kind):
                return same, "it is highlighted already"
            return highlights.change(same, kind=kind, now=now), f"{_OF_KIND[kind]} now · u undoes"
        joined = [highlights.get(each) for each in found.joined]
        made = highlights.add(article, found.start, found.end, kind=kind, joining=joined, now=now)
        if joined:
            return made, "joined with the highlight that it meets · u undoes"
        what = f"highlighted as {_OF_KIND[kind]}" if kind else "highlighted · a adds a note"
        return made, f"{what} · u undoes"

    def quoted(self, article: Article, start: int, end: int) -> Highlight:
        """As a highlight of the passage would be; nothing is kept."""
        return self._store.highlights.made(article, start, end, now=self._now())

    def some(self, ids: Sequence[str]) -> tuple[Highlight, ...]:
        """Those of these that there still are, as they are now."""
        return self._store.highlights.some(ids)

    def again(self, highlight: Highlight) -> Highlight:
        """As it is in the store now."""
        return self._store.highlights.get(highlight.id)

    def attach(self, highlight: Highlight, article: Article, start: int, end: int) -> str:
        self._store.highlights.attach(highlight, article, start, end, now=self._now())
        return "attached: this is its passage from now on · u undoes"

    def set_tags(self, highlight: Highlight, tags: Sequence[str]) -> str:
        if tuple(tags) == highlight.tags:
            return "the tags are as they were"
        self._store.highlights.change(highlight, tags=tags, now=self._now())
        return f"tagged {', '.join(tags)} · u undoes" if tags else "no tags any more · u undoes"

    def set_kind(self, highlight: Highlight, kind: HighlightKind) -> str:
        self._store.highlights.change(highlight, kind=kind, now=self._now())
        return f"{_OF_KIND[kind] if kind else f'no longer {_OF_KIND[highlight.kind]}'} · u undoes"

    def set_check_by(self, highlight: Highlight, day: date | None) -> str:
        if (highlight.kind, highlight.check_by) == ("claim", day):
            return f"a claim, to be checked by {day}" if day else "a claim, without a day"
        self._store.highlights.set_check_by(highlight, day, now=self._now())
        return f"to be checked by {day} · gh and /is:due show it then · u undoes" if day else "no day · u undoes"

    def set_note(self, highlight: Highlight, note: str) -> str:
        if note == highlight.note:
            return "the note is as it was"
        self._store.highlights.change(highlight, note=note, now=self._now())
        return "note saved · u undoes" if note else "note removed · u undoes"

    def remove(self, highlight: Highlight) -> str:
        self._store.highlights.remove(highlight, now=self._now())
        return "highlight removed · u undoes"

    def set_tags_of(self, highlights: Sequence[Highlight], come: Sequence[str], gone: Collection[str]) -> str:
        """What each has besides stays."""

        def tagged(highlight: Highlight) -> Highlight:
            tags = dict.fromkeys((*(tag for tag in highlight.tags if tag not in gone), *come))
            return replace(highlight, tags=tuple(tags))

        return self._change_all(highlights, tagged, "tags of {} changed")

    def set_kind_of(self, highlights: Sequence[Highlight], kind: HighlightKind) -> str:
        """If all are of that kind, they no longer are."""
        off = all(each.kind == kind for each in highlights)
        new: HighlightKind = "" if off else kind

        def turned(highlight: Highlight) -> Highlight:
            return replace(highlight, kind=new, check_by=highlight.check_by if new == "claim" else None)

        return self._change_all(highlights, turned, f"{{}}, each {_OF_KIND[kind]}{' no longer' if off else ''}")

    def set_check_by_of(self, highlights: Sequence[Highlight], day: date | None) -> str:
        told = f"{{}} to be checked by {day}" if day else "{}, claims without a day"
        return self._change_all(highlights, lambda each: replace(each, kind="claim", check_by=day), told)

    def remove_all(self, highlights: Sequence[Highlight]) -> str:
        return self._change_all(highlights, lambda _: None, "{} removed")

    def _change_all(
        self, highlights: Sequence[Highlight], change: Callable[[Highlight], Highlight | None], told: str
    ) -> str:
        pairs = [(old, new) for old in highlights if (new := change(old)) != old]
        if not pairs:
            return "they are so already"
        described = told.format(number(len(pairs), "highlight"))
        self._store.highlights.change_all(pairs, described, now=self._now())
        return f"{described} · u undoes"

    def export_of(self, ids: Sequence[int]) -> str:
        """The highlights of these entries."""
        wanted = Condition("entry_id IN (SELECT value FROM json_each(?))", (f"[{','.join(map(str, ids))}]",))
        return self.export(self._store.highlights.of_entries(wanted))

    def export(self, highlights: Sequence[Highlight]) -> str:
        """Write them as Markdown, with all other highlights of the same articles: a file is an article."""
        if not highlights:
            return "no highlights to export here: H makes one"
        if self._export is None:
            return "the demo writes nothing: in the real thing this makes a Markdown file an article"
        self._export(tuple(dict.fromkeys(highlight.entry_id for highlight in highlights)))
        return "exporting …"
