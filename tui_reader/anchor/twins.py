"""Passages of the same words, told apart by what stands around them."""

from __future__ import annotations

from typing import NamedTuple

from .words import common_start

_AROUND = 48
"""Characters that are compared on either side, beyond what both passages have in common there."""
_MOST_COMMON = 512
"""With more in common on one side, that side tells nothing."""
_LEAST_APART = 6
"""Characters: what differs by less on one side, tells nothing there either."""


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
    return spot.text[max(0, spot.start - _MOST_COMMON - _AROUND) : spot.start][::-1]


def _after(spot: Spot) -> str:
    return spot.text[spot.end : spot.end + _MOST_COMMON + _AROUND]


def _leaning(there: str, one: str, other: str) -> tuple[int, int]:
    from rapidfuzz.distance import LCSseq

    common = common_start(one, other)
    if common > _MOST_COMMON:
        return 0, common
    # The end of a text is a neighbour, too.
    there, one, other = (
        text[: common + _AROUND] + "\0" * _AROUND * (len(text) <= common) for text in (there, one, other)
    )
    same = LCSseq.similarity(one, other)
    more = LCSseq.similarity(there, one) - LCSseq.similarity(there, other)
    apart = (len(one) if more > 0 else len(other)) - same
    if apart < _LEAST_APART or 2 * abs(more) < apart:
        return 0, common
    return 1 if more > 0 else -1, common
