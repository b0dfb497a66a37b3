"""The rows of the entry list: a snapshot of ids; entries come in chunks, and only those that are shown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime

from tui_reader.model import Entry, SearchHit
from tui_reader.ui.text import Piece, age, cells, fit, number, safe

_CHUNK = 64


class EntryRows:
    """`fetch` gives the entries of some ids, as hits where the list answers a search (their snippets are shown)."""

    height = 2

    def __init__(
        self,
        ids: Sequence[int],
        fetch: Callable[[Sequence[int]], Sequence[SearchHit]],
        *,
        company_name: Callable[[str], str],
        now: Callable[[], datetime],
        iso_dates: bool = False,
    ) -> None:
        self.ids = ids
        self._fetch = fetch
        self._company_name = company_name
        self._now = now
        self._iso_dates = iso_dates
        self._hits: dict[int, SearchHit] = {}
        self._index: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def key(self, index: int) -> Hashable:
        return self.ids[index]

    def keys(self, span: range) -> Sequence[Hashable]:
        return self.ids[span.start : span.stop]

    def index_of(self, key: Hashable) -> int | None:
        if not self._index and self.ids:
            self._index = {entry_id: index for index, entry_id in enumerate(self.ids)}
        return self._index.get(key) if isinstance(key, int) else None

    def entry(self, index: int) -> Entry | None:
        """None if it has left the store since the snapshot was taken."""
        hit = self._hit(index)
        return hit.entry if hit else None

    def extend(self, ids: Sequence[int]) -> None:
        """The whole list, of which the first rows were known."""
        known = set(self.ids)
        self.ids = [*self.ids, *(entry_id for entry_id in ids if entry_id not in known)]
        self._index = {}

    def forget(self) -> None:
        """Entries have changed: fetch them again when they are drawn."""
        self._hits.clear()

    @property
    def hits(self) -> Sequence[SearchHit]:
        """Those that are known."""
        return tuple(self._hits.values())

    def take(self, hits: Sequence[SearchHit]) -> None:
        """Entries as they are now; what is not among them is fetched again when it is drawn."""
        self._hits = {hit.entry.id: hit for hit in hits}

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        hit = self._hit(index)
        if hit is None:
            return (((" (no longer in the store)", "dim"),), ())
        entry = hit.entry
        style = "read" if entry.read else "unread"
        style = "unread" if entry.unread_stories else style
        lead = (("●" if not entry.read else " ", "mark"), (_sign(entry), "star"))
        title = entry.title or hit.snippet or "(no title)"
        below = (("└ ", style),) if self._below_its_issue(entry) else ()
        marks = hit.title_marks if entry.title else ()
        first = _pieces(title, marks, max(1, width - 2 - 2 * len(below)), style)
        return ((*lead, *below, *first), self._second_line(hit, width))

    def _second_line(self, hit: SearchHit, width: int) -> tuple[Piece, ...]:
        entry = hit.entry
        when = (
            entry.published_at.astimezone().strftime("%Y-%m-%d")
            if self._iso_dates
            else age(entry.published_at, self._now())
        )
        lead = f"   {when:<{10 if self._iso_dates else 3}} "
        if self._below_its_issue(entry) and not hit.marks:
            # Date and feed are its issue's.
            names = self._companies(entry)
            return ((" " * cells(lead), "dim"), (fit(safe(names), max(0, width - cells(lead))), "company"))
        room = max(0, width - len(lead))
        if hit.marks:
            return ((lead, "dim"), *_marked(hit, room))
        companies = self._companies(entry)
        feed = safe(entry.feed_title)
        if entry.stories:
            # Its stories name the companies.
            unread = f", {entry.unread_stories:,} unread" if entry.unread_stories else ""
            feed, companies = f"{number(entry.stories, 'story', 'stories')}{unread} · {feed}", ""
        if companies and cells(feed) > room // 2:
            feed = fit(feed, max(8, room // 2)).rstrip()
        pieces: list[Piece] = [(lead, "dim"), (fit(feed, room).rstrip(), "dim")]
        left = room - cells(feed) - 3
        if companies and left > 3:
            pieces += [(" · ", "dim"), (fit(safe(companies), left), "company")]
        return tuple(pieces)

    def _companies(self, entry: Entry) -> str:
        """What it is about; in brackets, as above the article, what it only mentions, if it is about none."""
        names = ", ".join(self._company_name(slug) for slug in (entry.primary or entry.companies)[:3])
        return f"({names})" if names and not entry.primary else names

    def _below_its_issue(self, entry: Entry) -> bool:
        return entry.parent_id is not None and self.index_of(entry.parent_id) is not None

    def _hit(self, index: int) -> SearchHit | None:
        entry_id = self.ids[index]
        if entry_id not in self._hits:
            start = index - index % _CHUNK
            if len(self._hits) > 20 * _CHUNK:
                self._hits.clear()
            self._hits |= {hit.entry.id: hit for hit in self._fetch(self.ids[start : start + _CHUNK])}
        return self._hits.get(entry_id)


def _sign(entry: Entry) -> str:
    """One cell for the most telling of starred, highlighted, later, changed."""
    if entry.starred:
        return "★"
    if entry.highlights:
        return "✎"
    if entry.later:
        return "◷"
    return "~" if entry.changed else " "


def _marked(hit: SearchHit, room: int) -> tuple[Piece, ...]:
    """The snippet with its matches; what stands before the first one gives way, so that it can be seen."""
    before = safe(hit.snippet[: hit.marks[0][0]])
    if cells(before) <= room // 3:
        return _pieces(hit.snippet, hit.marks, room, "dim")
    while cells(before) > room // 3:
        before = before[1:]
    start = hit.marks[0][0] - len(before)
    marks = [(first - start + 1, last - start + 1) for first, last in hit.marks]
    return _pieces("…" + before + hit.snippet[hit.marks[0][0] :], marks, room, "dim")


def _pieces(text: str, marks: Sequence[tuple[int, int]], room: int, style: str) -> tuple[Piece, ...]:
    """In exactly `room` cells, with the marked spans in a style of their own."""
    parts: list[Piece] = []
    position = 0
    for start, end in marks:
        parts += [(text[position:start], style), (text[start:end], "match")]
        position = end
    pieces: list[Piece] = []
    for part, look in (*parts, (text[position:], style)):
        shown = safe(part)
        if cells(shown) > room:
            return (*pieces, (fit(shown, room), look))
        if shown:
            pieces.append((shown, look))
            room -= cells(shown)
    return (*pieces, (" " * room, style)) if room else tuple(pieces)
