"""The rows of the highlights screen: the quote, its note, and where it comes from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime

from tui_reader.model import Highlight
from tui_reader.ui.text import Piece, age, break_lines, fit, safe

SIGNS = {"": "▌", "fact": "✓", "claim": "?", "number": "#", "question": "¿"}
"""In the margin and the list: what kind a highlight is, without colour."""


class HighlightRows:
    height = 5
    """Two lines of the quote, its note, its source, and an empty one that parts it from the next."""

    def __init__(self, highlights: Sequence[Highlight], *, now: datetime) -> None:
        self.highlights = tuple(highlights)
        self._now = now

    def __len__(self) -> int:
        return len(self.highlights)

    def key(self, index: int) -> Hashable:
        return self.highlights[index].id

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        highlight = self.highlights[index]
        sign = SIGNS[highlight.kind]
        quote = safe(highlight.quote.exact)
        spans = list(break_lines(quote, 0, len(quote), width=max(4, width - 3)))
        first = quote[slice(*spans[0])]
        second = fit(quote[spans[1][0] :], max(1, width - 3)) if len(spans) > 1 else ""
        lines: list[tuple[Piece, ...]] = [
            ((f"{sign} ", "star"), (first, "quote")),
            (("  ", "plain"), (second, "quote")),
        ]
        if not second:
            lines.pop()
        if highlight.note:
            lines.append((("  ✎ ", "note"), (fit(safe(highlight.note), max(1, width - 5)), "note")))
        lines.append(self._source(highlight, width))
        return tuple(lines)

    def _source(self, highlight: Highlight, width: int) -> tuple[Piece, ...]:
        state = {"anchored": "", "moved": "moved · ", "orphan": "orphan · "}[highlight.state]
        tags = "".join(f" #{tag}" for tag in highlight.tags)
        title = highlight.source.title or highlight.source.feed_title
        text = f"  {age(highlight.made_at, self._now):<3} {state}{safe(title)}{safe(tags)}"
        return ((fit(text, max(1, width - 1)), "dim"),)
