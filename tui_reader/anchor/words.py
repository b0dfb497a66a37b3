"""Texts as they are compared: folded and without white space."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tui_reader.fold import fold, is_ideograph


@dataclass(frozen=True, slots=True)
class Words:
    """A text without all that layouts and editors change and readers do not see."""

    text: str
    offsets: Sequence[int]
    """Where each character stands in the original."""

    original: str

    @classmethod
    def of(cls, text: str) -> Words:
        folded = alike(text)
        offsets = [offset for offset, char in enumerate(folded) if not char.isspace()]
        return cls("".join(folded.split()), offsets, text)

    def are_one_line(self, one: int, other: int) -> bool:
        """Whether no line ends between these places."""
        first, last = sorted((one, other))
        return "\n" not in self.original[self.offsets[max(0, first - 1)] : self.offsets[min(last, len(self.text) - 1)]]

    def next_line_start(self, places: Iterable[int]) -> int | None:
        """How many of these places come before one where a line starts; the text's own end is one, too."""
        return next((number for number, at in enumerate(places) if self._is_line_start(at)), None)

    def _is_line_start(self, at: int) -> bool:
        return not 0 < at < len(self.text) or "\n" in self.original[self.offsets[at - 1] + 1 : self.offsets[at]]


_SIGNS = {ord(sign): plain for signs, plain in (("“”„«»", '"'), ("‘’‚‛", "'"), ("–—‐‑−", "-")) for sign in signs}


def alike(text: str) -> str:
    """Folded, with a typewriter's quotation marks and dashes, which cleaners change; as many characters as before."""
    return fold(text).translate(_SIGNS)


def weight(text: str) -> int:
    """Its length in letters. A Chinese character says as much as three."""
    return sum(3 if is_ideograph(char) else 1 for char in text)


def only_place(text: str, words: str) -> int | None:
    """Where they stand, if they stand there once."""
    first = text.find(words)
    return first if first >= 0 and text.find(words, first + 1) < 0 else None


def common_start(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)
