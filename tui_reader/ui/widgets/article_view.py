"""The article: drawn from a `Doc`, with a reading cursor that is an offset in the canonical text.

Highlights, search matches and the cursor are spans of that text; wrapping and width never change them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_reader.doc import Doc, sentences
from tui_reader.ui.keys import own_bindings
from tui_reader.ui.layout import Layout, Line, Run, header_lines, lay_out
from tui_reader.ui.selection import Selection, Unit, drag, reach, select, span_of
from tui_reader.ui.text import Piece, cells, column_of
from tui_reader.ui.widgets.article_painter import MARGIN, STYLES, ArticlePainter, Mark, Overlay
from tui_reader.ui.widgets.link_labels import LinkPlace, labelled, link_places


class ArticleView(ScrollView, can_focus=True, inherit_bindings=False):
    DEFAULT_CSS = """
    ArticleView {
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-color: $panel;
        overflow-x: hidden;
        overflow-y: scroll;
        & > .article--heading { text-style: bold; color: $secondary; }
        & > .article--strong { text-style: bold; }
        & > .article--emphasis { text-style: italic; }
        & > .article--code { color: $success; }
        & > .article--strike { text-style: strike; }
        & > .article--mark { text-style: bold; }
        & > .article--link { text-style: underline; color: $primary-lighten-2; }
        & > .article--link-label { text-style: bold reverse; color: $accent; }
        & > .article--image { color: $foreground-muted; text-style: italic; }
        & > .article--quoted { color: $foreground; text-style: italic; }
        & > .article--quote-bar { color: $secondary; }
        & > .article--marker { color: $accent; }
        & > .article--rule { color: $foreground-muted; }
        & > .article--title { text-style: bold; color: $foreground; }
        & > .article--meta { color: $foreground-muted; }
        & > .article--company { color: $success; }
        & > .article--topic { color: $secondary; }
        & > .article--label { color: $warning; }
        & > .article--highlight { background: $warning-muted; text-style: underline; }
        & > .article--match { background: $primary-muted; text-style: bold; }
        & > .article--current-match { background: $warning; color: $background; text-style: bold; }
        & > .article--evidence { background: $success-muted; text-style: bold underline; }
        & > .article--selection { text-style: reverse; }
        & > .article--bar { color: $foreground-muted; }
        &:focus > .article--bar { color: $accent; text-style: bold; }
        & > .article--margin-mark { color: $warning; text-style: bold; }
        &:focus > .article--cursor { text-style: reverse; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"article--{name}" for name in STYLES}

    # Textual's own lays the whole screen out anew whenever the length of the content changes.
    virtual_size = reactive(Size(0, 0), layout=False)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("A")
    # Textual's own selection by mouse knows nothing of offsets.
    ALLOW_SELECT = False

    class Scrolled(Message):
        """The reader went on by a page or more: past the first screen, the article counts as read."""

    class Selecting(Message):
        """A selection was begun, changed or given up."""

    class MarkReached(Message):
        """The cursor came to a highlight."""

        def __init__(self, mark: Mark) -> None:
            super().__init__()
            self.mark = mark

    class LinkChosen(Message):
        def __init__(self, href: str) -> None:
            super().__init__()
            self.href = href

    def __init__(self, *, id: str, max_width: int = 88) -> None:
        super().__init__(id=id)
        self.max_width = max_width
        self.doc = Doc("", (), ())
        self.cursor = 0
        """The reading cursor: an offset in `doc.text`."""
        self.marks: tuple[Mark, ...] = ()
        self.selection: Selection | None = None
        """While there is one, `Selecting` answers the keys, and only it changes it."""
        self._dragged_from: int | None = None
        self._dragged = False
        """Whether the mouse has moved since it was pressed."""
        self._labels: dict[int, list[tuple[int, str]]] = {}
        """By line of the layout: the cell and the letters of each link that has some."""
        self._header: tuple[tuple[Piece, ...], ...] = ()
        self._evidence: tuple[Overlay, ...] = ()
        self._matches: tuple[Overlay, ...] = ()
        self._match = -1
        self._said_mark, self._said_at = "", 0
        self._layout: Layout = lay_out(self.doc, 40)
        self._header_runs: list[tuple[Run, ...]] = []
        self._width = 0
        self._painter = ArticlePainter(self)
        self._overlays: tuple[Overlay, ...] = ()
        self._base: Style | None = None
        self._strips: dict[int, Strip] = {}

    # --- what is shown

    def show(
        self, doc: Doc, *, header: Sequence[tuple[Piece, ...]] = (), marks: Sequence[Mark] = (), cursor: int = 0
    ) -> None:
        """Another article, from its top, or with the passage at `cursor` in view. `header` stands above the text."""
        self.doc = doc
        self._header = tuple(header)
        self.marks = tuple(marks)
        self._matches, self._match, self._evidence, self._labels = (), -1, (), {}
        self._painter.take(doc)
        self.set_selection(None)
        self.cursor = min(cursor, len(doc.text))
        self._lay_out()
        self.scroll_to(y=0, animate=False, immediate=True, force=True)
        if cursor:
            self.scroll_to_cursor(middle=True)

    def set_header(self, header: Sequence[tuple[Piece, ...]]) -> None:
        if tuple(header) != self._header:
            self._header = tuple(header)
            self._lay_out()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        if tuple(marks) != self.marks:
            self.marks = tuple(marks)
            self._redraw()

    def set_evidence(self, spans: Sequence[tuple[int, int]]) -> None:
        """Mark the passages that speak for a tag; none takes the marks away."""
        self._evidence = tuple(Overlay(start, end, "evidence") for start, end in spans)
        if spans:
            self.go_to(spans[0][0])
        self._redraw()

    # --- where the reader is

    def block_at_cursor(self) -> tuple[int, int] | None:
        """Span of the paragraph under the cursor; None if the article is empty."""
        index = self._layout.block_of(self.cursor)
        if index < 0:
            return None
        block = self.doc.blocks[index]
        return (block.start, block.end) if block.start < block.end else None

    def mark_at_cursor(self) -> Mark | None:
        """The highlight under the cursor, else the first in its paragraph."""
        under = [mark for mark in self.marks if mark.start <= self.cursor < mark.end]
        if under:
            return min(under, key=lambda mark: mark.end - mark.start)
        block = self.block_at_cursor()
        return next((mark for mark in self.marks if block and mark.start < block[1] and block[0] < mark.end), None)

    def mark_over_cursor(self) -> Mark | None:
        """The smallest highlight that lies on the cursor or on all of its paragraph."""
        block = self.block_at_cursor()
        over = [
            mark
            for mark in self.marks
            if mark.start <= self.cursor < mark.end or (block and mark.start <= block[0] and block[1] <= mark.end)
        ]
        return min(over, key=lambda mark: mark.end - mark.start, default=None)

    def links_at_cursor(self) -> tuple[str, ...]:
        """Addresses of the links in the paragraph, from the cursor on; then those before it."""
        found = [
            span
            for span in self._painter.spans_of(self._layout.block_of(self.cursor))
            if span.href and span.kind == "link"
        ]
        after = [span.href for span in found if span.end > self.cursor]
        return tuple(dict.fromkeys((*after, *(span.href for span in found))))

    def links_on_screen(self) -> list[LinkPlace]:
        top = self.scroll_offset.y - len(self._header_runs)
        numbers = range(max(0, top), min(len(self._layout.lines), top + self.size.height))
        return link_places(self._layout.lines, numbers, self._painter.spans_of)

    def set_labels(self, labels: Sequence[tuple[LinkPlace, str]]) -> None:
        """Letters on links; none takes them away."""
        self._labels = {}
        for place, label in labels:
            self._labels.setdefault(place.line, []).append((MARGIN + place.cell, label))
        self._redraw()

    def go_to(self, offset: int, *, until: int = 0) -> None:
        """Put the cursor there and bring it into view, with all that goes on to `until` if there is room for it."""
        self.cursor = max(0, min(offset, len(self.doc.text)))
        self._redraw()
        self.scroll_to_cursor(until=until)

    def scroll_to_cursor(self, *, middle: bool = False, until: int = 0) -> None:
        line = len(self._header_runs) + self._layout.line_of(self.cursor)
        below = max(0, self._layout.line_of(until - 1) - self._layout.line_of(self.cursor)) if until else 0
        top, height = self.scroll_offset.y, self.size.height
        if middle or not top <= line <= line + min(below, height - 1) < top + height:
            above = max(0, min(height // 3, height - 1 - below))
            self.scroll_to(y=max(0, line - above), animate=False, immediate=True, force=True)

    # --- what is selected

    def set_selection(self, selection: Selection | None) -> None:
        """The cursor goes along with the end that moves, and stays there when the selection is given up."""
        if selection == self.selection:
            return
        self.selection = selection
        if selection is not None:
            self.go_to(selection.head)
        self._redraw()
        self.post_message(self.Selecting())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is being selected, the keys mean something else."""
        return self.selection is None

    def action_select(self, unit: Unit) -> None:
        """From the match that was found, else from the unit at the cursor."""
        match = self._matches[self._match] if self.finding else None
        begun = span_of(self.doc, match.start, match.end, unit) if match and match.start == self.cursor else None
        self.set_selection(begun or select(self.doc, self.cursor, unit))

    def select_to_match(self, pattern: re.Pattern[str], fold: Callable[[str], str]) -> bool:
        """With all up to the next match; after the last one nothing changes. → whether there was one."""
        if self.selection is None:
            return False
        self.mark_matches(pattern, fold)
        found = next((each for each in self._matches if each.end > self.selection.end), None)
        if found is not None:
            self.set_selection(reach(self.selection, (found.start, found.end)))
        return found is not None

    # --- keys

    def action_down(self) -> None:
        self._scroll_lines(1)

    def action_up(self) -> None:
        self._scroll_lines(-1)

    def action_half_down(self) -> None:
        self._scroll_lines(max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        self._scroll_lines(-max(1, self.size.height // 2))

    def action_top(self) -> None:
        self.scroll_to(y=0, animate=False, immediate=True, force=True)
        self.cursor = 0
        self._redraw()

    def action_bottom(self) -> None:
        self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True, force=True)
        self.cursor = self.doc.blocks[-1].start if self.doc.blocks else 0
        self._redraw()
        self.post_message(self.Scrolled())

    def page_down(self) -> bool:
        """→ False at the end of the article."""
        if self.scroll_offset.y >= self.max_scroll_y:
            return False
        self._scroll_lines(max(1, self.size.height - 2))
        return True

    def page_up(self) -> None:
        self._scroll_lines(-max(1, self.size.height - 2))

    def action_next_paragraph(self) -> None:
        self._step(self._paragraphs(), forward=True)

    def action_previous_paragraph(self) -> None:
        self._step(self._paragraphs(), forward=False)

    def action_next_sentence(self) -> None:
        self._step(self._sentences(), forward=True)

    def action_previous_sentence(self) -> None:
        self._step(self._sentences(), forward=False)

    def action_next_mark(self) -> None:
        self._step(sorted((mark.start, mark.end) for mark in self.marks), forward=True)

    def action_previous_mark(self) -> None:
        self._step(sorted((mark.start, mark.end) for mark in self.marks), forward=False)

    # --- find in the article

    def mark_matches(self, pattern: re.Pattern[str] | None, fold: Callable[[str], str]) -> int:
        """Mark what a search found, and stay. `fold` must keep the length. → how many matches there are."""
        spans = [match.span() for match in pattern.finditer(fold(self.doc.text))] if pattern else []
        self._matches = tuple(Overlay(start, end, "match") for start, end in spans if start < end)
        self._match = -1
        self._redraw()
        return len(self._matches)

    def find(self, pattern: re.Pattern[str] | None, fold: Callable[[str], str]) -> int:
        """Mark all matches and go to the first at or after the cursor. → how many there are."""
        if self.mark_matches(pattern, fold):
            self._match = bisect_left([each.start for each in self._matches], self.cursor) % len(self._matches)
            self.go_to(self._matches[self._match].start)
        return len(self._matches)

    def next_match(self, by: int) -> tuple[int, int] | None:
        """→ (number of the match from 1, how many); None if nothing is being found."""
        if not self.finding:
            return None
        self._match = (self._match + by) % len(self._matches)
        self.go_to(self._matches[self._match].start)
        return self._match + 1, len(self._matches)

    @property
    def finding(self) -> bool:
        """Whether the reader goes from match to match (and not only sees them)."""
        return self._match >= 0

    def stop_finding(self) -> None:
        self._matches, self._match = (), -1
        self._redraw()

    # --- Textual

    def on_resize(self) -> None:
        if self._text_width() != self._width:
            self._lay_out()
            if self.scroll_offset.y:
                self.scroll_to_cursor()

    def watch_virtual_size(self, size: Size) -> None:
        self._scroll_update(size)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._base = None
        self._painter.forget_styles()
        self._strips.clear()

    def watch_has_focus(self, _has_focus: bool) -> None:
        self._redraw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A drag selects; it is one once the mouse moves."""
        if event.button == 1 and self.can_focus:
            self._dragged_from, self._dragged = self._offset_near(event.x, event.y), False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragged_from is None:
            return
        if not 0 <= event.y < self.size.height:
            self.scroll_to(y=self.scroll_offset.y + (1 if event.y > 0 else -1), animate=False, immediate=True)
        to = self._offset_near(event.x, event.y)
        if to is not None and (to != self._dragged_from or self._dragged):
            self._dragged = True
            self.set_selection(drag(self.doc, self._dragged_from, to))

    def on_mouse_up(self) -> None:
        self._dragged_from = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        if self._dragged:
            return  # the end of a drag is a click too
        self.set_selection(None)
        index = event.y + self.scroll_offset.y - len(self._header_runs)
        if not 0 <= index < len(self._layout.lines):
            return
        offset = _offset_at(self._layout.lines[index], event.x - MARGIN)
        if offset is None:
            return
        self.cursor = offset
        self._redraw()
        link = next(
            (
                span
                for span in self._painter.spans_of(self._layout.block_of(offset))
                if span.start <= offset < span.end and span.href
            ),
            None,
        )
        if link is not None:
            self.post_message(self.LinkChosen(link.href))

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        if number not in self._strips:
            self._strips[number] = self._strip(number).adjust_cell_length(
                self.scrollable_content_region.width, self._base_style
            )
        return self._strips[number]

    # --- drawing

    @property
    def _base_style(self) -> Style:
        """The widget's own style: asked for with every line, and worked out once."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def _text_width(self) -> int:
        return max(8, min(self.max_width, self.scrollable_content_region.width - MARGIN - 1))

    def _lay_out(self) -> None:
        self._width = self._text_width()
        self._layout = lay_out(self.doc, self._width)
        self._header_runs = []
        for pieces in self._header:
            self._header_runs += _wrap_pieces(pieces, self._width)
        if self._header_runs:
            self._header_runs.append(())
        # The screen below the last line lets the end of an article be read at the top.
        height = len(self._header_runs) + len(self._layout.lines) + 1
        self.virtual_size = Size(max(1, self.size.width), height)
        self._redraw()

    def _redraw(self) -> None:
        matches = (
            Overlay(each.start, each.end, "current-match") if number == self._match else each
            for number, each in enumerate(self._matches)
        )
        highlights = (Overlay(mark.start, mark.end, "highlight") for mark in self.marks)
        cursor = (Overlay(self.cursor, self.cursor + 1, "cursor"),) if self.has_focus else ()
        chosen = self.selection
        # The cursor is reversed too: within what is selected it would show as a hole.
        selected = (Overlay(chosen.start, chosen.end, "selection"),) if chosen is not None else cursor
        self._overlays = (*highlights, *self._evidence, *matches, *selected)
        self._strips.clear()
        self.refresh()
        self._say_mark()

    def _say_mark(self) -> None:
        """When the cursor comes to one; not when one is made under it."""
        under = next((mark for mark in self.marks if mark.start <= self.cursor < mark.end), None)
        came = self.cursor != self._said_at and (under.id if under else "") != self._said_mark
        if under is not None and came and self.has_focus:
            self.post_message(self.MarkReached(under))
        self._said_mark, self._said_at = under.id if under else "", self.cursor

    def _strip(self, number: int) -> Strip:
        base = self._base_style
        header = len(self._header_runs)
        if number < header:
            return Strip(self._painter.header(self._header_runs[number])).apply_style(base)
        if number - header >= len(self._layout.lines):
            return Strip.blank(self.size.width, base)
        line = self._layout.lines[number - header]
        here = line.block >= 0 and line.block == self._layout.block_of(self.cursor)
        segments = self._painter.line(
            line, here=here, marks=self.marks, overlays=self._overlays, selection=self.selection
        )
        strip = Strip(segments).apply_style(base)
        labels = self._labels.get(number - header, ())
        return labelled(strip, labels, base + self._painter.style("link-label")) if labels else strip

    def _offset_near(self, x: int, y: int) -> int | None:
        """The offset shown at a cell of the widget, or the one next to it; None if there is no text."""
        lines = self._layout.lines
        index = y + self.scroll_offset.y - len(self._header_runs)
        if not lines or index < 0:
            return 0 if lines else None
        if index >= len(lines):
            return max(0, len(self.doc.text) - 1)
        line = lines[index]
        at = _offset_at(line, x - MARGIN)
        runs = [run for run in line.runs if 0 <= run.start < run.end]
        if at is not None or not runs:
            return line.start if at is None else at
        return runs[0].start if x - MARGIN <= 0 else runs[-1].end - 1

    # --- moving

    def _scroll_lines(self, by: int) -> None:
        """Scroll; where the article does not scroll any further, the cursor goes on by itself."""
        before = self.scroll_offset.y
        self.scroll_to(y=max(0, min(before + by, self.max_scroll_y)), animate=False, immediate=True, force=True)
        moved = self.scroll_offset.y - before
        if moved != by:
            self._move_lines(by - moved)
        self._keep_cursor_in_view()
        if by > 1:
            self.post_message(self.Scrolled())
        self._redraw()

    def _move_lines(self, by: int) -> None:
        lines = self._layout.lines
        if not lines:
            return
        step = 1 if by > 0 else -1
        index = self._layout.line_of(self.cursor)
        wanted = max(0, min(index + by, len(lines) - 1))
        while 0 <= wanted < len(lines) and lines[wanted].block < 0:
            wanted += step
        if 0 <= wanted < len(lines):
            self.cursor = lines[wanted].start

    def _keep_cursor_in_view(self) -> None:
        header, lines = len(self._header_runs), self._layout.lines
        if not lines:
            return
        top = self.scroll_offset.y - header
        bottom = top + self.size.height - 1
        line = self._layout.line_of(self.cursor)
        if top <= line <= bottom:
            return
        # From the edge inwards to a line of text: the line at the edge may be an empty one.
        wanted = max(0, min(top if line < top else bottom, len(lines) - 1))
        step = 1 if line < top else -1
        while 0 < wanted < len(lines) - 1 and lines[wanted].block < 0:
            wanted += step
        self.cursor = lines[wanted].start

    def _step(self, spans: Sequence[tuple[int, int]], *, forward: bool) -> None:
        """To the next span that begins after the cursor, or to the last that begins before it."""
        starts = [start for start, _ in spans]
        index = bisect_right(starts, self.cursor) if forward else bisect_left(starts, self.cursor) - 1
        if 0 <= index < len(spans):
            self.go_to(spans[index][0], until=spans[index][1])
        elif not forward:
            self.action_top()

    def _paragraphs(self) -> list[tuple[int, int]]:
        return [(block.start, block.end) for block in self.doc.blocks if block.start < block.end]

    def _sentences(self) -> list[tuple[int, int]]:
        """Of this block and its neighbours: enough for one step, and no work for the rest of a long article."""
        index = max(0, self._layout.block_of(self.cursor))
        blocks = self.doc.blocks[max(0, index - 2) : index + 3]
        return [span for block in blocks for span in sentences(self.doc.text, block.start, block.end)]


def _offset_at(line: Line, cell: int) -> int | None:
    """The offset that a cell of the line shows; None left or right of the text."""
    used = 0
    for run in line.runs:
        size = cells(run.shown)
        if run.start >= 0 and used <= cell < used + size:
            return run.start + column_of(run.shown, cell - used)
        used += size
    return None


def _wrap_pieces(pieces: tuple[Piece, ...], width: int) -> list[tuple[Run, ...]]:
    """One line of the header; a piece that does not fit begins a new line, and is wrapped there if it must."""
    lines: list[tuple[Run, ...]] = []
    line: list[Run] = []
    used = 0
    for text, style in pieces:
        for number, (run,) in enumerate(header_lines([(text, style)], width)):
            size = cells(run.shown)
            if (number or used + size > width) and line:
                lines.append(tuple(line))
                line, used = [], 0
            if not line and not text.strip():
                continue  # What parts two pieces parts no lines.
            line.append(run)
            used += size
    return [*lines, tuple(line)] if line else lines
