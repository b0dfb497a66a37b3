"""Doc → lines for a width: which characters of the canonical text stand where. Pure; colours come later.

Bullets, quote bars, table rules and continuation marks are drawn but are not in the text: they have no offset.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from tui_reader.doc import Block, Doc
from tui_reader.ui.text import break_lines, cells, cut_at, safe


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one line. `start` is -1 for what is only drawn; else it shows `text[start:end]`."""

    shown: str
    start: int = -1
    end: int = -1
    style: str = ""
    """Name of the style of what is only drawn."""


@dataclass(frozen=True, slots=True)
class Line:
    runs: tuple[Run, ...]
    block: int
    """Index in `Doc.blocks`; -1 for lines between blocks."""
    start: int
    """The first offset on this line, or of the next line that has one."""


@dataclass(frozen=True, slots=True)
class Layout:
    doc: Doc
    lines: tuple[Line, ...]
    _starts: tuple[int, ...]

    def line_of(self, offset: int) -> int:
        """Index of the line that shows the offset (or the text next before it)."""
        index = max(0, bisect_right(self._starts, offset) - 1)
        block = self.block_of(offset)
        if block < 0 or self.doc.blocks[block].kind != "table":
            return index
        # The cells of a row share its lines: the line that begins last before the offset need not show it.
        first = bisect_left(self._starts, self.doc.blocks[block].start)
        for candidate in range(first, len(self.lines)):
            if self.lines[candidate].block not in (block, -1):
                break
            if any(run.start <= offset < run.end for run in self.lines[candidate].runs):
                return candidate
        return index

    def block_of(self, offset: int) -> int:
        """Index of the block that holds the offset, or the last one before it; -1 if there is none."""
        return bisect_right(self.doc.blocks, offset, key=lambda block: block.start) - 1


def lay_out(doc: Doc, width: int) -> Layout:
    """Lines of at most `width` cells. Blocks are parted by an empty line, items of a list are not."""
    width = max(4, width)
    lines: list[Line] = []
    before: Block | None = None
    for index, block in enumerate(doc.blocks):
        if before is not None and not _close(before, block):
            lines.append(Line(_bar(before, block, width), -1, block.start))
        lines += [Line(runs, index, start) for runs, start in _block_lines(doc, block, width)]
        before = block
    return Layout(doc, tuple(lines), tuple(line.start for line in lines))


def _close(before: Block, block: Block) -> bool:
    """Two parts of one list stand close together."""
    return before.kind == "item" and block.kind == "item" and before.quoted == block.quoted


def _bar(before: Block, block: Block, width: int) -> tuple[Run, ...]:
    depth = min(_depth(before, width), _depth(block, width))
    return (Run("▎ " * depth, style="quote-bar"),) if depth else ()


def _depth(block: Block, width: int) -> int:
    """Bars of a quote: a narrow pane has no room for many."""
    return min(block.quoted, 4, max(0, (width - 8) // 2))


def _block_lines(doc: Doc, block: Block, width: int) -> list[tuple[tuple[Run, ...], int]]:
    prefix = "▎ " * _depth(block, width)
    room = max(4, width - cells(prefix))
    if block.kind == "rule":
        lines: list[tuple[tuple[Run, ...], int]] = [((Run("─" * min(room, 24), style="rule"),), block.start)]
    elif block.kind == "table":
        lines = _table_lines(doc.text, block, room)
    elif block.kind == "code":
        lines = _code_lines(doc.text, block, room)
    else:
        lines = _flowing_lines(doc.text, block, room)
    return [((Run(prefix, style="quote-bar"), *runs), start) for runs, start in lines] if prefix else lines


def _flowing_lines(text: str, block: Block, width: int) -> list[tuple[tuple[Run, ...], int]]:
    indent = ""
    marker = block.marker
    if block.kind == "item":
        indent = "  " * min(max(block.level - 1, 0), 6)
        marker = f"{indent}{marker} " if marker else indent + "  "
        indent = " " * cells(marker)
        if width - len(indent) < 8:
            indent = marker = ""
    room = width - len(indent)
    lines: list[tuple[tuple[Run, ...], int]] = []
    for number, (start, end) in enumerate(break_lines(text, block.start, block.end, width=room)):
        lead = marker if number == 0 else indent
        runs = (Run(lead, style="marker"),) if lead else ()
        lines.append(((*runs, Run(safe(text[start:end]), start, end)), start))
    return lines


def _code_lines(text: str, block: Block, width: int) -> list[tuple[tuple[Run, ...], int]]:
    """Code keeps its own lines and its spaces; what is too wide goes on behind a mark."""
    lines: list[tuple[tuple[Run, ...], int]] = []
    position = block.start
    for source in text[block.start : block.end].split("\n"):
        blank = source[: len(source) - len(source.lstrip(" \t"))]
        tabs = blank.rfind("\t") + 1
        # A tab is one character of the text; on the screen it goes on to the next fourth cell, if there is room.
        indent = " " * min(len(blank[:tabs].expandtabs(4)), max(0, width - 12))
        room = width - 2 - len(indent)
        end = position + len(source)
        for number, (start, stop) in enumerate(cut_at(text, position + tabs, end, width=room)):
            lead = Run(("  " if number == 0 else "↪ ") + indent, style="marker")
            lines.append(((lead, Run(safe(text[start:stop]), start, stop)), start))
        position = end + 1
    return lines


def _table_lines(text: str, block: Block, width: int) -> list[tuple[tuple[Run, ...], int]]:
    rows = _table_cells(text, block)
    widths = _column_widths(text, rows, width)
    if widths is None:
        return _narrow_table_lines(text, rows, width)
    lines: list[tuple[tuple[Run, ...], int]] = []
    for number, row in enumerate(rows):
        wrapped = [list(break_lines(text, start, end, width=widths[i])) for i, (start, end) in enumerate(row)]
        for height in range(max(map(len, wrapped))):
            runs: list[Run] = []
            for i, spans in enumerate(wrapped):
                if i:
                    runs.append(Run(" │ ", style="rule"))
                start, end = spans[height] if height < len(spans) else (-1, -1)
                shown = safe(text[start:end]) if start >= 0 else ""
                if shown:
                    runs.append(Run(shown, start, end))
                runs.append(Run(" " * (widths[i] - cells(shown))))
            first = next((run.start for run in runs if run.start >= 0), row[0][0])
            lines.append((tuple(runs), first))
        if number == 0 and len(rows) > 1:
            lines.append(((Run("─┼─".join("─" * size for size in widths), style="rule"),), row[0][0]))
    return lines


def _narrow_table_lines(text: str, rows: list[list[tuple[int, int]]], width: int) -> list[tuple[tuple[Run, ...], int]]:
    """A table with no room for its columns: a cell a line, rows parted by a rule."""
    lines: list[tuple[tuple[Run, ...], int]] = []
    for number, row in enumerate(rows):
        if number:
            lines.append(((Run("─" * min(8, width), style="rule"),), row[0][0]))
        for start, end in row:
            lines += [
                ((Run(safe(text[s:e]), s, e),), s) for s, e in break_lines(text, start, end, width=width) if s < e
            ]
    return lines


def _table_cells(text: str, block: Block) -> list[list[tuple[int, int]]]:
    rows, position = [], block.start
    for source in text[block.start : block.end].split("\n"):
        row = []
        for cell in source.split("\t"):
            row.append((position, position + len(cell)))
            position += len(cell) + 1
        rows.append(row)
    return rows


def _column_widths(text: str, rows: list[list[tuple[int, int]]], width: int) -> list[int] | None:
    """Natural widths if they fit, else the widest columns give way; None if even narrow ones do not fit."""
    columns = max(map(len, rows))
    widths = [1] * columns
    for row in rows:
        for i, (start, end) in enumerate(row):
            widths[i] = max(widths[i], cells(safe(text[start:end])))
    room = width - 3 * (columns - 1)
    if room < 6 * columns and sum(widths) > room:
        return None
    while sum(widths) > room:
        widest = max(range(columns), key=lambda i: widths[i])
        others = sorted(widths)[-2] if columns > 1 else 0
        excess = sum(widths) - room
        # Down to the next widest in one step, then one by one: wide tables stay cheap.
        widths[widest] -= min(excess, max(1, widths[widest] - max(others, 6)))
    return widths


def header_lines(pieces: list[tuple[str, str]], width: int) -> list[tuple[Run, ...]]:
    """Lines above the text (title, source, tags): drawn, but no part of it."""
    lines: list[tuple[Run, ...]] = []
    for text, style in pieces:
        shown = safe(text)
        lines += [
            (Run(shown[start:end], style=style),) for start, end in break_lines(shown, 0, len(shown), width=width)
        ]
    return lines
