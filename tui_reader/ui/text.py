"""Text for the screen: safe to print, measured in cells, broken into lines by the rules of English and Chinese.

Nothing here knows Textual. The last guard against control characters lies here: every string that a widget of ours
draws has passed `safe`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache

from rich.cells import cell_len, get_character_cell_size, split_graphemes

Piece = tuple[str, str]
"""(text, name of a style). A line on screen is a tuple of these."""


def safe(text: str) -> str:
    """`text` without anything a terminal would obey: C0, DEL, C1, bidi overrides and isolates, lone surrogates.

    Tabs and line ends become spaces: they are layout, and layout is done by then.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_controls())


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells: cut with "…", or filled with spaces."""
    length = cell_len(text)
    if length <= width:
        return text + " " * (width - length)
    if width <= 1:
        return "…"[:width]
    used = end = 0
    for end, size in enumerate(_sizes(text)):  # noqa: B007
        if used + size > width - 1:
            break
        used += size
    shown = text[:end] + "…"
    return shown + " " * (width - cell_len(shown))


def break_lines(text: str, start: int, end: int, *, width: int, first: int | None = None) -> Iterator[tuple[int, int]]:
    """Half-open spans of the lines of `text[start:end]`, each at most `width` cells wide (`first`: the first one).

    Lines break at spaces, between Chinese characters, and after hyphens and slashes; closing punctuation never begins
    a line and opening punctuation never ends one. Spaces at a break belong to no line, "\\n" always breaks.
    A word wider than the line is cut.
    """
    line, room = start, width if first is None else first
    position, used = start, 0
    last_break = -1
    sizes = _sizes(text[start:end])
    while position < end:
        char = text[position]
        if char == "\n":
            yield line, position
            line = position = position + 1
            used, last_break, room = 0, -1, width
            continue
        size = sizes[position - start]
        if position > line and _may_break(text[position - 1], char):
            last_break = position
        if used + size > room and char != " " and position > line:
            cut = last_break if last_break > line else position
            stop = cut
            while stop > line and text[stop - 1] == " ":
                stop -= 1
            yield line, stop
            while cut < end and text[cut] == " ":
                cut += 1
            line = position = cut
            used, last_break, room = 0, -1, width
            continue
        used += size
        position += 1
    if line < end or start == end:
        yield line, end


def cells(text: str) -> int:
    """How many cells `text` takes on screen."""
    return cell_len(text)


def column_of(text: str, cell: int) -> int:
    """Which character of a line lies at a cell; the length of the text if it is right of it."""
    used = 0
    for index, size in enumerate(_sizes(text)):
        used += size
        if cell < used:
            return index
    return len(text)


def cut_at(text: str, start: int, end: int, *, width: int) -> Iterator[tuple[int, int]]:
    """Spans of `text[start:end]` of at most `width` cells, cut wherever that is: for code, which keeps its spaces."""
    line, used = start, 0
    for position, size in enumerate(_sizes(text[start:end]), start):
        if used + size > width and position > line:
            yield line, position
            line, used = position, 0
        used += size
    yield line, end


def age(moment: datetime, now: datetime) -> str:
    """At most four cells: `5m`, `3h`, `2d`, `6w`, `1y`; `now` for the last minute and for the future."""
    seconds = (now - moment).total_seconds()
    for unit, size, below in (("m", 60, 3600), ("h", 3600, 86400), ("d", 86400, 14 * 86400), ("w", 604800, _YEAR)):
        if seconds < below:
            return f"{int(seconds // size)}{unit}" if seconds >= size else "now"
    return f"{int(seconds // _YEAR)}y"


def local(moment: datetime) -> str:
    """To the minute, in the zone of the machine."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def number(count: int, noun: str, plural: str = "") -> str:
    """`1 entry`, `1,204 entries`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


_YEAR = 31557600
"""Seconds."""

# Closing and opening marks in both scripts (after JLREQ 3.1.7 and GB/T 15834: no line starts with one that closes).
_CLOSING = frozenset("，。、；：？！…—·）】》〉」』〗〕”’％%,.;:?!)]}»›~～℃°′″")
_OPENING = frozenset("（【《〈「『〖〔“‘([{«‹$￥¥#＃")


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return after != " "
    if after in _CLOSING or before in _OPENING or after in " \u200d\ufe0f":
        return False
    if before in "-–/—…”" and after.isalnum():
        return True
    return _wide(before) or _wide(after)


def _sizes(text: str) -> list[int]:
    """Cells of each character; what belongs to the one before it (VS16, joined emoji) is counted there."""
    if text.isascii():
        return [1] * len(text)
    sizes = [1 if " " <= char <= "~" else get_character_cell_size(char) for char in text]
    if "\ufe0f" in text or "\u200d" in text or max(text) >= "\U0001f1e6":
        for start, end, size in split_graphemes(text)[0]:
            if end - start > 1:
                sizes[start:end] = [size, *[0] * (end - start - 1)]
    return sizes


def _wide(char: str) -> bool:
    """Scripts written without spaces: a line may break on either side of such a character."""
    return "⺀" <= char <= "퟿" or "豈" <= char <= "﫿" or "＀" <= char <= "￠" or char >= "\U00020000"


@cache
def _controls() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
    table |= dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFFF9, 0xFFFC)))
    table |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    return table | {ord("\t"): " ", ord("\n"): " ", 0x2028: " ", 0x2029: " "}


_BARS = "·▁▂▃▄▅▆▇█"


def sparkline(days: Sequence[int], usual: float) -> str:
    """A bar a day; the usual level is half a bar, but two entries are never more than that.

    Where nothing is usual, the largest day is a whole bar.
    """
    full = max(2 * usual, 4) if usual else max(days, default=0) or 1
    return "".join(_BARS[min(8, math.ceil(8 * day / full))] for day in days)
