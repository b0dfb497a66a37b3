"""Letters that stand on the links of the screen, so that typing them opens one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_reader.doc import Span
from tui_reader.ui.layout import Line
from tui_reader.ui.text import cells

LETTERS = "asdfghjklqwertuiopzxcvbnm"
"""The nearest first. Without `y`, which copies."""


@dataclass(frozen=True, slots=True)
class LinkPlace:
    line: int
    """Of the layout."""
    cell: int
    """In that line."""
    href: str


def labels(count: int) -> list[str]:
    """All of one length, so that none begins another; there are 625."""
    return list(LETTERS[:count] if count <= len(LETTERS) else map("".join, islice(product(LETTERS, repeat=2), count)))


def link_places(
    lines: Sequence[Line], numbers: Iterable[int], spans_of: Callable[[int], Sequence[Span]]
) -> list[LinkPlace]:
    """Where links begin on these lines, or go on from above the first; each once."""
    found: dict[tuple[int, int], LinkPlace] = {}
    for number in numbers:
        line, used = lines[number], 0
        spans = [span for span in spans_of(line.block) if span.kind == "link" and span.href] if line.block >= 0 else []
        for run in line.runs:
            for span in spans:
                if run.start >= 0 and span.start < run.end and run.start < span.end:
                    before = run.shown[: max(0, span.start - run.start)]
                    place = LinkPlace(number, used + cells(before), span.href)
                    found.setdefault((span.start, span.end), place)
            used += cells(run.shown)
    return list(found.values())


def labelled(strip: Strip, labels: Iterable[tuple[int, str]], style: Style) -> Strip:
    """With each label in place of the cells at which it stands: nothing moves."""
    for cell, label in labels:
        end = cell + cells(label)
        parts = [strip.crop(0, cell), Strip([Segment(label, style)]), strip.crop(end, strip.cell_length)]
        strip = Strip.join(parts)
    return strip
