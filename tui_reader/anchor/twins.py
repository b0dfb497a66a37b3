"""Passages of the same words, told apart by what stands around them."""

from __future__ import annotations

from typing import NamedTuple

from .words import common_start

_AROUND = 16, 48
"""Characters that are compared on either side, beyond what both passages have in common there."""
_END = "\0" * 48
_MOST_COMMON = 512
"""With more in common on one side, that side tells nothing."""
_LEAST_APART = 6
"""Characters: what differs by less on one side, tells nothing there either."""
_SURELY = 0.85
"""So much of what stood beside the other passage has to be there."""


class Spot(NamedTuple):
    text: str
    start: int
    end: int


class Sides(NamedTuple):
    """What stands before and after a place, as told by two passages: 1 like the one, -1 like the other, 0 neither."""

    before: int
    after: int
    common: tuple[int, int]
    """So many characters before and after are the same with both passages: they tell nothing."""

    @property
    def are_for_one(self) -> bool:
        return min(self.before, self.after) >= 0 and self.before + self.after > 0


def compared(there: Spot, one: Spot, other: Spot) -> Sides:
    """Which of two passages of the same words, `one` or `other`, stood where `there` is."""
    before, common_before = _leaning(*(_before(spot) for spot in (there, one, other)))
    after, common_after = _leaning(*(_after(spot) for spot in (there, one, other)))
    return Sides(before, after, (common_before, common_after))


def _before(spot: Spot) -> str:
    return spot.text[max(0, spot.start - _MOST_COMMON - _AROUND[-1]) : spot.start][::-1]


def _after(spot: Spot) -> str:
    return spot.text[spot.end : spot.end + _MOST_COMMON + _AROUND[-1]]


def _leaning(there: str, one: str, other: str) -> tuple[int, int]:
    common = common_start(one, other)
    if common > _MOST_COMMON:
        return 0, common
    # The nearest words tell most: those beyond may be of a paragraph that went elsewhere.
    return next((leaning for size in _AROUND if (leaning := _like(there, one, other, common, size))), 0), common


def _like(there: str, one: str, other: str, common: int, beyond: int) -> int:
    from rapidfuzz.distance import LCSseq

    # The end of a text is a neighbour, too.
    there, one, other = (text[: common + beyond] if len(text) > common else text + _END for text in (there, one, other))
    same, like_one, like_other = (LCSseq.similarity(*pair) for pair in ((one, other), (there, one), (there, other)))
    if 2 * (like_one - like_other) >= len(one) - same >= _LEAST_APART:
        return 1
    # Sentences are cast in one mould: where the text ends, any other one is more alike than none.
    is_other = 2 * (like_other - like_one) >= len(other) - same >= _LEAST_APART
    return -1 if is_other and like_other >= _SURELY * len(other) else 0
