"""Two texts side by side, for a terminal that may be narrow and text that may be Chinese."""

from __future__ import annotations

import shutil
import unicodedata
from itertools import zip_longest


def side_by_side(left: tuple[str, str], right: tuple[str, str], *, width: int | None = None) -> str:
    """Each side is a heading and a text. `width`: cells of the whole; as the terminal has, unless given."""
    whole = min(width or shutil.get_terminal_size((80, 24)).columns, 160)
    room = max(10, (whole - 5) // 2)
    columns = [[heading, "-" * _cells(heading), *_wrapped(text, room)] for heading, text in (left, right)]
    rows = [f"  {_padded(one, room)} | {two}".rstrip() for one, two in zip_longest(*columns, fillvalue="")]
    return "\n".join(rows)


def _wrapped(text: str, room: int) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        words, current = _words(line), ""
        for word in words:
            if current and _cells(current + word.rstrip()) > room:
                lines.append(current.rstrip())
                current = ""
            current += word
        lines.append(current.rstrip())
    return lines


def _words(line: str) -> list[str]:
    """Pieces at whose ends a line may end: after white space and after every wide character."""
    pieces: list[str] = [""]
    for char in line.expandtabs(4):
        pieces[-1] += char
        if char.isspace() or _cells(char) == 2 or len(pieces[-1]) >= 20:
            pieces.append("")
    return [piece for piece in pieces if piece]


def _padded(text: str, room: int) -> str:
    return text + " " * max(0, room - _cells(text))


def _cells(text: str) -> int:
    return sum(0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF") for char in text)
