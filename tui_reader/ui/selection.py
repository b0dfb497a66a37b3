"""A passage that is being selected in an article: where it starts, how it grows and shrinks. Pure offsets, no drawing.

What a word is: in scripts with spaces, letters and digits with what joins them (`don't`, `GPT-4`, `3.5%`); in Chinese
and Japanese, where only a dictionary could tell words apart, all characters up to the next punctuation or other script.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rich.cells import split_graphemes

from tui_reader.doc import Block, Doc, sentences

Unit = Literal["sentence", "word", "character", "paragraph"]
Span = tuple[int, int]

_START, _END = 0, 1
"""Which edge of a span is meant."""

_NEXT_UNIT: dict[Unit, Unit] = {
    "sentence": "word", "word": "character", "character": "sentence", "paragraph": "sentence"
}  # fmt: skip
_HAN = "[々〇㐀-䶿一-鿿豈-﫿ぁ-ゖァ-ヺー\U00020000-\U0003ffff]"
# Letters and digits, and the marks that scripts such as Hindi, Arabic and Thai put on theirs.
_LETTER = f"(?:(?!{_HAN})\\w|[\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0900-\u0df3\u0e31-\u0e4e\u200d])"
_WORD = f"{_HAN}+|{_LETTER}(?:{_LETTER}|['’.&-](?={_LETTER})|(?<=\\d),(?=\\d))*[%+]*"
"""Compiled when the first word is selected: that takes as long as to draw a list."""
_NEAR = 128
"""Characters on either side within which the next one is looked for: none is longer, not even a family of emoji."""


@dataclass(frozen=True, slots=True)
class Selection:
    start: int
    end: int
    """Half-open, never empty, with no white space at its ends."""
    unit: Unit
    backward: bool = False
    """Which end the keys move: the start, or (as at first) the end."""
    origin: int | None = None
    """Where it was begun, as long as neither end has been moved."""

    @property
    def head(self) -> int:
        """The character at the end that moves: the reading cursor stands on it."""
        return self.start if self.backward else self.end - 1


def select(doc: Doc, offset: int, unit: Unit) -> Selection | None:
    """The unit at the offset, or the next one, or else the last one; None if the text has none at all."""
    span = _first(doc, unit, _END, offset) or _last(doc, unit, _END, len(doc.text) + 1)
    return Selection(*span, unit, origin=offset) if span else None


def move(doc: Doc, selection: Selection, unit: Unit, *, forward: bool) -> Selection:
    """Its moving end at the next border of a unit. Where nothing would be left, it turns: the other end moves on."""
    start, end = selection.start, selection.end
    if forward:
        inner, outer = _first(doc, unit, _START, start), _first(doc, unit, _END, end)
        if selection.backward and inner and inner[_START] < end:
            return replace(selection, start=inner[_START], origin=None)
        return replace(selection, end=outer[_END], backward=False, origin=None) if outer else selection
    inner, outer = _last(doc, unit, _END, end), _last(doc, unit, _START, start)
    if not selection.backward and inner and inner[_END] > start:
        return replace(selection, end=inner[_END], origin=None)
    return replace(selection, start=outer[_START], backward=True, origin=None) if outer else selection


def swap_ends(selection: Selection) -> Selection:
    return replace(selection, backward=not selection.backward)


def cycle_unit(doc: Doc, selection: Selection) -> Selection:
    """Sentence, word, character. As long as nothing was moved, the smaller unit takes the place of the larger."""
    unit = _NEXT_UNIT[selection.unit]
    anew = select(doc, selection.origin, unit) if selection.origin is not None else None
    return anew or replace(selection, unit=unit)


def widen(doc: Doc, selection: Selection, unit: Unit = "paragraph") -> Selection:
    """All of the units that it touches."""
    first, last = _first(doc, unit, _END, selection.start), _last(doc, unit, _START, selection.end)
    start = min(selection.start, first[_START]) if first else selection.start
    end = max(selection.end, last[_END]) if last else selection.end
    return replace(selection, start=start, end=end, unit=unit, origin=None)


def reach(selection: Selection, span: Span) -> Selection:
    """With the other span and all between them; the end that had to go there is the one that moves."""
    backward = span[0] < selection.start
    return replace(
        selection,
        start=min(span[0], selection.start),
        end=max(span[1], selection.end),
        backward=backward,
        origin=None,
    )


def drag(doc: Doc, first: int, last: int) -> Selection | None:
    """From one character to the other, both included; None if there is only white space."""
    low, high = sorted((first, last))
    begin, stop = _first(doc, "character", _END, low), _last(doc, "character", _START, high + 1)
    if begin is None or stop is None or begin[_START] >= stop[_END]:
        return None
    return Selection(begin[_START], stop[_END], "character", backward=last < first)


def span_of(doc: Doc, start: int, end: int, unit: Unit = "character") -> Selection | None:
    """A selection of just this passage, such as a search match, without the white space at its ends."""
    return next((Selection(*span, unit) for span in _trimmed(doc.text, start, end)), None)


# --- the borders of units --------------------------------------------------------------------------------------------


def _first(doc: Doc, unit: Unit, edge: int, offset: int) -> Span | None:
    """The first unit that starts (`_START`) or ends (`_END`) after the offset."""
    for block in doc.blocks[_block_at(doc, offset) :]:
        for span in _spans(doc, block, unit, near=offset):
            if span[edge] > offset:
                return span
    return None


def _last(doc: Doc, unit: Unit, edge: int, offset: int) -> Span | None:
    """The last unit that starts or ends before the offset."""
    for block in reversed(doc.blocks[: _block_at(doc, offset) + 1]):
        for span in reversed(_spans(doc, block, unit, near=offset)):
            if span[edge] < offset:
                return span
    return None


def _block_at(doc: Doc, offset: int) -> int:
    """Index of the block that holds the offset, or of the last one before it."""
    return max(0, bisect_right(doc.blocks, offset, key=lambda block: block.start) - 1)


def _spans(doc: Doc, block: Block, unit: Unit, *, near: int) -> Sequence[Span]:
    """The units of a block, in order and without overlap. Of characters only those near the offset."""
    match unit:
        case "paragraph":
            return _trimmed(doc.text, block.start, block.end)
        case "sentence" if block.kind == "table":
            return _parts(doc.text, block, r"[^\t\n]+")
        case "sentence" if block.kind == "code":
            return _parts(doc.text, block, r"[^\n]+")
        case "sentence":
            return sentences(doc.text, block.start, block.end)
        case "word":
            return [found.span() for found in re.compile(_WORD).finditer(doc.text, block.start, block.end)]
        case "character":
            return _characters(doc.text, block, near)


def _parts(text: str, block: Block, pattern: str) -> list[Span]:
    """Lines of code and cells of tables: what sentences are to prose."""
    parts = re.compile(pattern).finditer(text, block.start, block.end)
    return [span for part in parts for span in _trimmed(text, *part.span())]


def _characters(text: str, block: Block, near: int) -> list[Span]:
    """As readers see them: with their accents, and an emoji of several as one. White space is passed over."""
    low = max(block.start, min(near, block.end) - _NEAR)
    high = min(block.end, max(near, block.start) + _NEAR)
    graphemes = split_graphemes(text[low:high])[0]
    return [span for start, end, _ in graphemes for span in _trimmed(text, low + start, low + end)]


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    passage = text[start:end]
    length = len(passage.strip())
    first = start + len(passage) - len(passage.lstrip())
    return [(first, first + length)] if length else []
