"""Readwise's CSV, in the layout that it imports and in the one that it exports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from tui_reader.model import Clipping

from .cleaning import line, moment, passage, tags, web_address

_NAMES = {
    "highlight": "quote", "text": "quote",
    "title": "title", "book title": "title", "author": "author", "book author": "author",
    "url": "url", "source url": "url", "highlight url": "url",
    "note": "note", "tags": "tags", "date": "date", "highlighted at": "date",
}  # fmt: skip


def readwise(text: str) -> tuple[list[Clipping], list[str]]:
    """ValueError if it is no such CSV."""
    rows = csv.reader(io.StringIO(text, newline=""))
    found: list[Clipping] = []
    skipped: list[str] = []
    try:
        header = [_NAMES.get(line(cell).lower(), "") for cell in next(rows, [])]
        if "quote" not in header:
            raise ValueError("its first line names no column Highlight")
        for row in rows:
            if not any(row):
                continue
            clipping = _clipping({name: cell for name, cell in zip(header, row, strict=False) if name})
            if clipping is None:
                skipped.append(f"line {rows.line_num}: no highlight")
            else:
                found.append(clipping)
    except csv.Error as error:
        raise ValueError(f"line {rows.line_num}: {error}") from error
    return found, skipped


def _clipping(cells: Mapping[str, str]) -> Clipping | None:
    quote = passage(_plain(cells.get("quote", "")))
    if not quote:
        return None
    words, note = _inline_tags(passage(_plain(cells.get("note", ""))))
    return Clipping(
        "Readwise",
        quote,
        note=note,
        tags=tags([*words, *cells.get("tags", "").split(",")]),
        title=line(_plain(cells.get("title", ""))),
        author=line(_plain(cells.get("author", ""))),
        url=web_address(cells.get("url")),
        made_at=moment(cells.get("date")),
    )


def _inline_tags(note: str) -> tuple[list[str], str]:
    """Readwise's way to tag: `.chips .hbm and then the note`."""
    words: list[str] = []
    while match := re.match(r"\.([\w/-]+)(?:\s+|$)", note):
        words.append(match[1])
        note = note[match.end() :]
    return words, note


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from running a cell."""
    return cell[1:] if re.match(r"'[=+\-@\t\n＝＋－＠]", cell) else cell
