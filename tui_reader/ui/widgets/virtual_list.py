"""A list of any length that draws only the rows on screen (100,000 rows cost what 40 do)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_reader.ui.keys import own_bindings
from tui_reader.ui.text import Piece, break_lines, cells, fit, safe
from tui_reader.ui.widgets.row_selection import RowSelection
from tui_reader.ui.widgets.styles import own_style


class Rows(Protocol):
    """What a list shows. A row is `height` lines of pieces; the list cuts them to its width."""

    @property
    def height(self) -> int: ...

    def __len__(self) -> int: ...

    def key(self, index: int) -> Hashable:
        """What the cursor stays on when rows come and go."""
        ...

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]: ...


class NoRows:
    """An empty list, with a sentence that says why it is empty and what to do."""

    height = 1

    def __init__(self, reason: str = "") -> None:
        self.reason = reason

    def __len__(self) -> int:
        return 0

    def key(self, index: int) -> Hashable:
        return index

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        return ()


STYLES = (
    "plain", "dim", "bold", "unread", "read", "mark", "star", "section", "error", "count", "company", "topic", "match",
    "note", "quote",
)  # fmt: skip
"""What pieces may name as their style; each is the component class `list--<name>`."""


class VirtualList(ScrollView, can_focus=True, inherit_bindings=False):
    """Posts `Moved` when the cursor comes to another row, `Chosen` on enter or a second click, and `Selecting` when
    other rows are selected than before."""

    DEFAULT_CSS = """
    VirtualList {
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-color: $panel;
        overflow-x: hidden;
        overflow-y: scroll;
        & > .list--cursor { background: $panel; }
        &:focus > .list--cursor { background: $primary-muted; }
        & > .list--selected { background: $panel; }
        & > .list--bar { color: $foreground-muted; }
        &:focus > .list--bar { color: $accent; text-style: bold; }
        & > .list--dim { color: $foreground-muted; }
        & > .list--bold { text-style: bold; }
        & > .list--unread { text-style: bold; }
        & > .list--read { color: $foreground-muted; }
        & > .list--mark { color: $accent; text-style: bold; }
        & > .list--star { color: $warning; text-style: bold; }
        & > .list--section { color: $secondary; text-style: bold; }
        & > .list--error { color: $error; }
        & > .list--count { color: $accent; }
        & > .list--company { color: $success; }
        & > .list--topic { color: $secondary; }
        & > .list--match { text-style: bold underline; color: $warning; }
        & > .list--note { color: $warning; text-style: italic; }
        & > .list--quote { color: $foreground; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--cursor",
        "list--selected",
        "list--bar",
        *(f"list--{name}" for name in STYLES),
    }

    # Textual's own lays the whole screen out anew whenever the length of the content changes.
    virtual_size = reactive(Size(0, 0), layout=False)
    BINDINGS: ClassVar[list[BindingType]] = own_bindings("L")

    cursor: reactive[int] = reactive(0, repaint=False, init=False)

    class Moved(Message):
        def __init__(self, source: VirtualList, index: int) -> None:
            super().__init__()
            self.source = source
            self.index = index

        @property
        def control(self) -> VirtualList:
            return self.source

    class Chosen(Moved):
        pass

    class Selecting(Moved):
        pass

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.rows: Rows = NoRows()
        self._selection: RowSelection | None = None
        self._selected_before: RowSelection | None = None
        self._base: Style | None = None
        self._styles: dict[str, Style] = {}
        self._lines: dict[int, tuple[tuple[Piece, ...], ...]] = {}
        """By index of the row: what `rows` said."""
        self._strips: dict[tuple[object, ...], Strip] = {}
        """By what they show: they last as long as the width and the theme do."""
        self._painted: dict[int, Strip] = {}
        """By line of the screen: what was drawn there last."""

    # --- rows

    def show(self, rows: Rows, *, cursor: int | None = None) -> None:
        """Show other rows. The cursor stays on the row of the same key, on the same line of the screen if it can;
        else it goes to `cursor`, or stays at its index. What is selected stays so, unless the list begins anew at a
        `cursor`."""
        key = self.rows.key(self.cursor) if cursor is None and self.cursor < len(self.rows) else None
        above = self.cursor * self.rows.height - self.scroll_offset.y
        self.rows = rows
        self._lines.clear()
        self._resize()
        index = self._index_of(key) if key is not None else None
        if self._selection is not None:
            index = self._follow_selection(anew=cursor is not None) or index
        if index is not None and index != self.cursor:
            self.set_reactive(VirtualList.cursor, index)
            self.scroll_to(y=max(0, index * rows.height - above), animate=False, immediate=True)
        else:
            self.set_reactive(VirtualList.cursor, max(0, min(self.cursor if cursor is None else cursor, len(rows) - 1)))
            self._scroll_to_cursor()
        self._repaint_changes()

    def redraw(self) -> None:
        """The rows are the same, what they show may not be."""
        self._lines.clear()
        self._resize()
        self._repaint_changes()

    def _repaint_changes(self) -> None:
        """Only the lines that look different now: most often none do, and a repaint of all takes longer than a key."""
        top = self.scroll_offset.y
        for y in range(self.size.height):
            if self._line(y) != self._painted.get(y):
                self.refresh_lines(top + y)

    def move(self, by: int) -> None:
        self.move_to(self.cursor + by)

    def move_to(self, index: int) -> None:
        self.cursor = max(0, min(index, len(self.rows) - 1))

    @property
    def _width(self) -> int:
        """Cells for rows, the scroll bar not counted."""
        return self.scrollable_content_region.width

    @property
    def page(self) -> int:
        """Rows on a screen."""
        return max(1, self.size.height // self.rows.height)

    @property
    def on_screen(self) -> range:
        """Indexes of the rows that are seen, wholly or in part."""
        top, height = self.scroll_offset.y, self.rows.height
        return range(top // height, min(len(self.rows), -(-(top + self.size.height) // height)))

    # --- selecting

    def select_rows(self) -> None:
        """Begin at the cursor, from which every move of it selects more; or give up what is selected."""
        if self._selection is not None:
            self.stop_selecting()
        elif len(self.rows):
            self._select(RowSelection(self.rows, self.cursor))

    def stop_selecting(self) -> None:
        if self._selection is not None:
            self._selected_before = self._selection
            self._select(None)

    def select_again(self) -> bool:
        """What was selected last, as far as it is still listed. → whether anything is."""
        before = self._selection or self._selected_before
        if before is None or not before.follow(self.rows, self._index_of):
            return False
        # Not through the watcher: it would take what has come in between for passed over.
        self.set_reactive(VirtualList.cursor, before.cursor)
        self._scroll_to_cursor()
        self._select(before)
        self.post_message(self.Moved(self, before.cursor))
        return True

    def selected(self) -> Sequence[Hashable]:
        """The keys of the selected rows, in their order; () while none is being selected."""
        return self._selection.keys() if self._selection is not None else ()

    @property
    def selected_count(self) -> int:
        return len(self._selection) if self._selection is not None else 0

    def _select(self, selection: RowSelection | None) -> None:
        self._selection = selection
        self._repaint_changes()
        self.post_message(self.Selecting(self, self.cursor))

    def _follow_selection(self, *, anew: bool) -> int | None:
        """→ where the cursor is to be, if anything of what was selected is still there."""
        selection = self._selection
        if anew or selection is None or not selection.follow(self.rows, self._index_of):
            self.stop_selecting()
            return None
        self._select(selection)
        return selection.cursor

    # --- keys

    def action_down(self) -> None:
        self.move(1)

    def action_up(self) -> None:
        self.move(-1)

    def action_half_down(self) -> None:
        self.move(max(1, self.page // 2))

    def action_half_up(self) -> None:
        self.move(-max(1, self.page // 2))

    def action_top(self) -> None:
        self.move_to(0)

    def action_bottom(self) -> None:
        self.move_to(len(self.rows) - 1)

    # --- Textual

    def watch_cursor(self, old: int, new: int) -> None:
        for index in (old, new):
            self.refresh_lines(index * self.rows.height, self.rows.height)
        if self._selection is not None:
            self._selection.extend(new)
            self._select(self._selection)
        self._scroll_to_cursor()
        self.post_message(self.Moved(self, new))

    def watch_has_focus(self, _has_focus: bool) -> None:
        self.refresh_lines(self.cursor * self.rows.height, self.rows.height)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        # In place of Textual's, which repaints everything even where rows have come above and none has moved.
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self._repaint_changes()

    def on_resize(self) -> None:
        self._strips.clear()
        self._lines.clear()
        self._resize()
        self._scroll_to_cursor()

    def watch_virtual_size(self, size: Size) -> None:
        self._scroll_update(size)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._base = None
        self._styles.clear()
        self._strips.clear()

    def on_click(self, event: events.Click) -> None:
        index = (event.y + self.scroll_offset.y) // self.rows.height
        if 0 <= index < len(self.rows):
            again = index == self.cursor
            self.move_to(index)
            if again or event.chain > 1:
                self.post_message(self.Chosen(self, index))

    def render_line(self, y: int) -> Strip:
        strip = self._painted[y] = self._line(y)
        return strip

    def _line(self, y: int) -> Strip:
        """What belongs on that line of the screen."""
        if not len(self.rows):
            return self._reason_line(y)
        index, line = divmod(y + self.scroll_offset.y, self.rows.height)
        if index >= len(self.rows):
            return Strip.blank(self._width, self._base_style)
        if index not in self._lines:
            if len(self._lines) > 200:
                self._lines.clear()
            self._lines[index] = self.rows.lines(index, self._width - 1)
        lines = self._lines[index]
        pieces = lines[line] if line < len(lines) else ()
        on_cursor = index == self.cursor
        selected = self._selection is not None and index in self._selection
        key = (pieces, on_cursor, on_cursor and self.has_focus, selected, self._width)
        if key not in self._strips:
            if len(self._strips) > 500:
                self._strips.clear()
            self._strips[key] = self._strip(pieces, on_cursor=on_cursor, selected=selected)
        return self._strips[key]

    def _strip(self, pieces: tuple[Piece, ...], *, on_cursor: bool, selected: bool) -> Strip:
        width = self._width
        base = self._base_style
        # The bar tells the cursor's row, and those that are selected, without colour.
        segments = [Segment("▌" if on_cursor else "┃" if selected else " ", self._style("bar"))]
        room = width - 1
        for text, style in pieces:
            shown = safe(text)
            if cells(shown) > room:
                shown = fit(shown, room)
            room -= cells(shown)
            segments.append(Segment(shown, self._style(style)))
            if room <= 0:
                break
        segments.append(Segment(" " * max(0, room), Style()))
        below = base + self._style("cursor") if on_cursor else base + self._style("selected") if selected else base
        strip = Strip(segments).apply_style(below)
        return strip.adjust_cell_length(width, base)

    @property
    def _base_style(self) -> Style:
        """The widget's own style: asked for with every line, and worked out once."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = own_style(self, f"list--{name}")
        return self._styles[name]

    def _reason_line(self, y: int) -> Strip:
        """An empty list says why it is empty, wrapped to its width."""
        reason = self.rows.reason if isinstance(self.rows, NoRows) else ""
        lines = [reason[start:end] for start, end in break_lines(reason, 0, len(reason), width=max(4, self._width - 2))]
        text = lines[y - 1] if 0 < y <= len(lines) else ""
        return Strip([Segment(fit(" " + safe(text), self._width), self._base_style + self._style("dim"))])

    def _resize(self) -> None:
        self.virtual_size = Size(max(1, self._width), len(self.rows) * self.rows.height)

    def _scroll_to_cursor(self) -> None:
        if not self.size.height:
            return  # Not laid out yet: `on_resize` comes here again.
        top, height = self.cursor * self.rows.height, self.rows.height
        if top < self.scroll_offset.y or height > self.size.height:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif top + height > self.scroll_offset.y + self.size.height:
            self.scroll_to(y=top + height - self.size.height, animate=False, immediate=True)

    def _index_of(self, key: Hashable) -> int | None:
        find = getattr(self.rows, "index_of", None)
        if find is not None:
            found: int | None = find(key)
            return found
        return next((index for index in range(len(self.rows)) if self.rows.key(index) == key), None)
