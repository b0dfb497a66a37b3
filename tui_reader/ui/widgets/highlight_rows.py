"""The rows of the highlights screen: the quote, its note, and where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime

from tui_reader.model import Highlight, Listed
from tui_reader.ui.text import Piece, age, break_lines, fit, safe

SIGNS = {"": "▌", "fact": "✓", "claim": "!", "number": "#", "question": "?"}
"""In the margin and the list: what kind a highlight is, without colour."""


_CHUNK = 64


class HighlightRows:
    """`fetch` gives the highlights of some ids, and is asked only for those that are shown."""

    height = 5
    """Two lines of the quote, its note, its source, and an empty one that parts it from the next. In groups, the first
    of each is headed by the group's name."""

    def __init__(
        self,
        listed: Sequence[Listed],
        fetch: Callable[[Sequence[str]], Sequence[Highlight]],
        *,
        now: datetime,
        grouped: bool = False,
    ) -> None:
        self.listed = listed
        self._fetch = fetch
        self._now = now
        self._sizes = Counter(each.group for each in listed) if grouped else None
        self._index: dict[Hashable, int] = {}
        self._fetched: dict[str, Highlight] = {}

    def __len__(self) -> int:
        return len(self.listed)

    def key(self, index: int) -> Hashable:
        return self.listed[index].group, self.listed[index].id

    def keys(self, span: range) -> Sequence[Hashable]:
        return [(each.group, each.id) for each in self.listed[span.start : span.stop]]

    def index_of(self, key: Hashable) -> int | None:
        if not self._index:
            self._index = {self.key(index): index for index in range(len(self.listed))}
        return self._index.get(key)

    def highlight(self, index: int) -> Highlight | None:
        """None if it has left the store since the list was made."""
        wanted = self.listed[index].id
        if wanted not in self._fetched:
            start = index - index % _CHUNK
            if len(self._fetched) > 20 * _CHUNK:
                self._fetched.clear()
            chunk = [each.id for each in self.listed[start : start + _CHUNK]]
            self._fetched |= {each.id: each for each in self._fetch(chunk)}
        return self._fetched.get(wanted)

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        highlight = self.highlight(index)
        head = self._head(index, width)
        if highlight is None:
            return (*head, (("  (no longer in the store)", "dim"),))
        sign = SIGNS[highlight.kind]
        quote = safe(highlight.quote.exact)
        spans = list(break_lines(quote, 0, len(quote), width=max(4, width - 3)))
        # Beside a heading and a note there is one line for the quote.
        room = 1 if head and highlight.note else 2
        first = quote[slice(*spans[0])] if room > 1 else fit(quote, max(1, width - 3))
        second = fit(quote[spans[1][0] :], max(1, width - 3)) if len(spans) > 1 and room > 1 else ""
        lines: list[tuple[Piece, ...]] = [*head, ((f"{sign} ", "star"), (first, "quote"))]
        if second:
            lines.append((("  ", "plain"), (second, "quote")))
        if highlight.note:
            lines.append((("  ✎ ", "note"), (fit(safe(highlight.note), max(1, width - 5)), "note")))
        lines.append(self._source(highlight, width))
        return tuple(lines)

    def _head(self, index: int, width: int) -> list[tuple[Piece, ...]]:
        here = self.listed[index]
        if self._sizes is None or (index and self.listed[index - 1].group == here.group):
            return []
        text = f"{safe(here.group_name)} · {self._sizes[here.group]:,}"
        return [((fit(text, max(1, width - 1)), "section"),)]

    def _source(self, highlight: Highlight, width: int) -> tuple[Piece, ...]:
        state = {"anchored": "", "moved": "moved · ", "orphan": "orphan · "}[highlight.state]
        day = highlight.check_by
        due = "" if day is None else f"{'DUE' if day <= self._now.date() else 'check by'} {day} · "
        tags = "".join(f" #{tag}" for tag in highlight.tags)
        title = highlight.source.title or highlight.source.feed_title
        text = f"  {age(highlight.made_at, self._now):<3} {state}{due}{safe(title)}{safe(tags)}"
        return ((fit(text, max(1, width - 1)), "dim"),)
