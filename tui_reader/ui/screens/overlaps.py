"""What becomes of a new highlight where others lie already: it joins them, or lies over them. Pure.

- The same passage: there is one already, and it stays one.
- Across an edge of another, or around it from a common edge: the two become one. That is how one extends a highlight.
- Within another, or around it on both sides: both stay. A number in a marked paragraph is a mark of its own.
- Two of different kinds never become one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui_reader.model import HighlightKind


@dataclass(frozen=True, slots=True)
class Lying:
    """A highlight as it lies in the text."""

    id: str
    start: int
    end: int
    kind: HighlightKind


@dataclass(frozen=True, slots=True)
class Overlap:
    start: int
    end: int
    """What the new highlight covers, with all that it joins."""
    same: str = ""
    """Id of the one that covers just this passage already."""
    joined: tuple[str, ...] = ()


def overlap(start: int, end: int, kind: HighlightKind, others: Sequence[Lying]) -> Overlap:
    same = next((each.id for each in others if (each.start, each.end) == (start, end)), "")
    if same:
        return Overlap(start, end, same=same)
    found = Overlap(start, end)
    while True:
        # What was joined may reach others, and has a kind.
        kind = kind or next((each.kind for each in others if each.id in found.joined and each.kind), "")
        left = (each for each in others if each.id not in found.joined)
        other = next((each for each in left if _joins(found, kind, each)), None)
        if other is None:
            return found
        found = replace(
            found,
            start=min(found.start, other.start),
            end=max(found.end, other.end),
            joined=(*found.joined, other.id),
        )


def _joins(new: Overlap, kind: HighlightKind, other: Lying) -> bool:
    if kind and other.kind and kind != other.kind:
        return False
    within = other.start <= new.start and new.end <= other.end
    around = new.start < other.start and other.end < new.end
    return new.start < other.end and other.start < new.end and not within and not around
