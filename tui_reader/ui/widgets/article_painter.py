"""Lines of a layout → segments: the styles of the text, with highlights, matches and the cursor laid over it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget

from tui_reader.doc import Doc, Span
from tui_reader.ui.layout import Line, Run
from tui_reader.ui.selection import Selection
from tui_reader.ui.widgets.styles import own_style

MARGIN = 3
"""Cells left of the text: the cursor's bar, the mark of a highlight, the bar of what is selected."""

STYLES = (
    "strong", "emphasis", "code", "strike", "mark", "sup", "sub", "link", "link-label", "image",
    "heading", "quoted", "quote-bar", "marker", "rule", "title", "meta", "company", "topic", "label",
    "highlight", "match", "current-match", "evidence", "selection", "cursor", "bar", "margin-mark",
)  # fmt: skip
"""Each is the component class `article--<name>`."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A highlight as it lies in the text that is shown."""

    id: str
    start: int
    end: int
    sign: str
    """One cell in the margin: it tells the highlight without colour."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A stretch of the text with a style on top of its own."""

    start: int
    end: int
    style: str


class ArticlePainter:
    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[str, Style] = {}
        self._doc = Doc("", (), ())
        self._spans: dict[int, list[Span]] = {}

    def take(self, doc: Doc) -> None:
        """The document that the lines from now on belong to."""
        self._doc = doc
        starts = [block.start for block in doc.blocks]
        self._spans = {}
        for span in doc.spans:
            self._spans.setdefault(bisect_right(starts, span.start) - 1, []).append(span)

    def forget_styles(self) -> None:
        """The theme has changed."""
        self._styles.clear()

    def spans_of(self, block: int) -> Sequence[Span]:
        return self._spans.get(block, ())

    def header(self, runs: Iterable[Run]) -> list[Segment]:
        return [Segment(" " * MARGIN), *(Segment(run.shown, self.style(run.style)) for run in runs)]

    def line(
        self,
        line: Line,
        *,
        here: bool,
        marks: Sequence[Mark],
        overlays: Sequence[Overlay],
        selection: Selection | None = None,
    ) -> list[Segment]:
        """`here`: whether the reading cursor is in this paragraph. Later overlays are painted over earlier ones."""
        segments = [*self._margin(line, marks, here=here), self._selected(line, selection)]
        for run in line.runs:
            segments += self._run(run, line.block, overlays)
        return segments

    def _margin(self, line: Line, marks: Sequence[Mark], *, here: bool) -> list[Segment]:
        offsets = [run for run in line.runs if run.start >= 0]
        start, end = (offsets[0].start, offsets[-1].end) if offsets else (0, 0)
        touching = [mark for mark in marks if mark.start < end and start < mark.end]
        begun = [mark.sign for mark in touching if start <= mark.start]
        sign = begun[0] if begun else "┃" if touching else " "
        return [
            Segment("▎" if here else " ", self.style("bar")),
            Segment(sign, self.style("margin-mark")),
        ]

    def _selected(self, line: Line, selection: Selection | None) -> Segment:
        """Beside what is selected, a bar; "▸" where the end is that the keys move."""
        runs = [run for run in line.runs if run.start >= 0] if selection is not None else []
        if selection is None or not any(run.start < selection.end and selection.start < run.end for run in runs):
            return Segment(" ")
        head = any(run.start <= selection.head < run.end for run in runs)
        return Segment("▸" if head else "│", self.style("bar"))

    def _run(self, run: Run, block: int, overlays: Sequence[Overlay]) -> list[Segment]:
        if run.start < 0:
            return [Segment(run.shown, self.style(run.style))]
        spans = (Overlay(span.start, span.end, span.kind) for span in self.spans_of(block))
        touching = [each for each in (*spans, *overlays) if each.start < run.end and run.start < each.end]
        base = self._block_style(block)
        if not touching:
            return [Segment(run.shown, base)]
        edges = {run.start, run.end}
        for each in touching:
            edges |= {max(run.start, each.start), min(run.end, each.end)}
        segments = []
        for start, end in pairwise(sorted(edges)):
            style = base
            for each in touching:
                if each.start < end and start < each.end:
                    style += self.style(each.style)
            segments.append(Segment(run.shown[start - run.start : end - run.start], style))
        return segments

    def _block_style(self, index: int) -> Style:
        block = self._doc.blocks[index]
        if block.kind in ("heading", "code"):
            return self.style(block.kind)
        return self.style("quoted") if block.quoted else Style()

    def style(self, name: str) -> Style:
        if not name:
            return Style()
        if name not in self._styles:
            self._styles[name] = own_style(self._widget, f"article--{name}")
        return self._styles[name]
