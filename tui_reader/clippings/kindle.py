"""A Kindle's `My Clippings.txt`, in the languages that Kindles speak."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from tui_reader.model import Clipping

from .cleaning import line, moment, passage

# Notes and bookmarks; all else with a text is a highlight.
_NOTE = re.compile(r"\b(?:note|notiz|nota|notitie|заметка)\b|笔记|筆記|メモ|메모", re.IGNORECASE)
_BOOKMARK = re.compile(
    r"\b(?:bookmark|lesezeichen|signet|marcador|segnalibro|bladwijzer|закладка)\b|书签|書籤|ブックマーク|책갈피",
    re.IGNORECASE,
)
_PLACES = re.compile(r"(\d+)(?:\s*[-–—]\s*(\d+))?")
_CHINESE = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日\S*\s*(上午|下午|晚上|凌晨|中午)?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?"
)
_LIMIT = re.compile(r"<(?:You have reached the clipping limit|您已达到|.*クリップの上限)[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    title: str
    author: str
    meta: str
    text: str

    @property
    def what(self) -> str:
        """What the clipping calls itself, without its date."""
        return self.meta.partition("|")[0]

    @property
    def is_note(self) -> bool:
        return bool(self.text and _NOTE.search(self.what))

    @property
    def quote(self) -> str:
        return "" if self.is_note or _BOOKMARK.search(self.what) or _LIMIT.match(self.text) else self.text

    @property
    def span(self) -> tuple[int, int]:
        """The first and last location; pages where there are no locations."""
        found = _PLACES.findall(self.meta.rpartition("|")[0])
        start, end = found[-1] if found else ("0", "")
        return int(start[:12]), int((end or start)[:12])


def kindle(text: str) -> tuple[list[Clipping], list[str]]:
    """ValueError if nothing in it is a clipping."""
    pieces, skipped = _pieces(text)
    if not pieces:
        raise ValueError("nothing in it is a clipping of a Kindle")
    notes: dict[str, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.is_note:
            notes[piece.title].append(piece)
    found: list[Clipping] = []
    for piece in pieces:
        if piece.quote:
            found.append(replace(_clipping(piece), note=_note_on(piece, notes[piece.title])))
        elif not piece.is_note:
            skipped.append(f"{piece.title[:60]}: a bookmark, or without text")
    return found, skipped


def _pieces(text: str) -> tuple[list[_Piece], list[str]]:
    pieces: list[_Piece] = []
    skipped: list[str] = []
    for number, raw in enumerate(re.split(r"(?m)^==========[ \t]*\r?$", text), 1):
        piece = _piece(raw)
        if piece:
            pieces.append(piece)
        elif raw.strip("\ufeff \t\r\n"):
            skipped.append(f"clipping {number}: not in the form of a Kindle")
    return pieces, skipped


def _piece(raw: str) -> _Piece | None:
    title, _, rest = raw.strip("\ufeff \t\r\n").partition("\n")
    meta, _, text = rest.partition("\n")
    meta = line(meta)
    if not meta.startswith("-"):
        return None
    name, author = _by_author(line(title.strip("\ufeff")))
    return _Piece(name, author, meta, passage(text))


def _by_author(title: str) -> tuple[str, str]:
    """`The Book (Doe, Jane)`, where the title may have brackets of its own."""
    match = re.fullmatch(r"(.*\S)\s*[(（]([^()（）]*)[)）]", title)
    return (match[1], match[2].strip()) if match else (title, "")


def _clipping(piece: _Piece) -> Clipping:
    return Clipping("Kindle", piece.quote, title=piece.title, author=piece.author, made_at=_added(piece.meta))


def _note_on(piece: _Piece, notes: Iterable[_Piece]) -> str:
    """A Kindle puts a note at the end of the highlight that it is about."""
    start, end = piece.span
    mine = [each.text for each in notes if start <= each.span[1] <= end]
    return "\n\n".join(dict.fromkeys(mine))


def _added(meta: str) -> datetime | None:
    last = meta.rpartition("|")[2].strip()
    chinese = _CHINESE.search(last)
    if chinese:
        year, month, day, half, hour, minute, second = chinese.groups()
        late = 12 if half in ("下午", "晚上") and int(hour) < 12 else 0
        try:
            return datetime(
                int(year), int(month), int(day), int(hour) + late, int(minute), int(second or 0), tzinfo=UTC
            )
        except ValueError:
            return None
    # "Added on Sunday, 1 March 2026 10:12:13", and as Americans write it.
    date = re.sub(r"^\D*?,\s*", "", last, count=1)
    return moment(date)
