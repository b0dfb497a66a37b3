"""Whether a place has most of a quote, whatever has become of the quote's first and last words.

What stands where they were may be their new wording, or something else that is no part of it. Where nobody can tell,
the place has to be right either way.
"""

from __future__ import annotations

from dataclasses import dataclass

from .alignment import Stretch
from .edit import Edit
from .places import Place, allowed
from .words import weight

_MOST = 0.72
"""So much of what is found, and of what may be the quote, is the same."""
_SAYS = 12
"""Letters that no two texts have in common by chance."""
_SPECK = 4
"""Letters."""
_REWORDED = 60
"""So alike, of 100, words are to those that they stand for."""
_UNLIKE = 48
"""So alike are any two texts of one language at most."""


def is_whole(edit: Edit, span: tuple[int, int], place: Place) -> bool:
    """Whether the place has most of `edit.old[span]`, and little else."""
    found = place.start, place.end
    if edit.old.text[slice(*span)] == edit.new.text[slice(*found)]:
        return True
    parts = [each for each in edit.parts(*span) if each.new_end > place.start and each.new < place.end]
    parts = [each for each in parts if _weight(edit, each) >= _SAYS] or parts
    if not parts:
        return _MOST <= (place.end - place.start) / (span[1] - span[0]) <= 1 / _MOST
    first, last = min(parts, key=lambda each: each.new), max(parts, key=lambda each: each.new_end)
    before = _End((span[0], first.old), first.new, -1)
    after = _End((last.old_end, span[1]), last.new_end, 1)
    return edit.is_free(span, *found) and all(
        _common(found, (first.new - head, last.new_end + tail)) >= _MOST
        for head in _sizes(edit, span, before)
        for tail in _sizes(edit, span, after)
    )


def _common(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, shared) / (max(one[1], other[1]) - min(one[0], other[0]))


@dataclass(frozen=True, slots=True)
class _End:
    missing: tuple[int, int]
    """What is not left of the quote, in `old`."""
    edge: int
    """Where what is left begins or ends, in `new`."""
    step: int
    """-1 if words before the edge are missing, 1 if words after it are."""

    def beside(self, size: int) -> tuple[int, int]:
        """As many characters beside what is left, in `new`."""
        return (self.edge, self.edge + size) if self.step > 0 else (self.edge - size, self.edge)


def _sizes(edit: Edit, span: tuple[int, int], end: _End) -> set[int]:
    """How many characters beside what is left are the quote's: at least and at most."""
    from rapidfuzz.fuzz import ratio

    words = edit.old.text[slice(*end.missing)]
    most = 2 * allowed(len(words))
    gap = _unclaimed(edit, span, end, most + 1)
    if not words or not gap:
        return {0}
    is_filled = gap <= most
    size = gap if is_filled else min(gap, len(words))
    likeness = ratio(words, edit.new.text[slice(*end.beside(size))])
    is_left = _are_words_left(edit, end, gap)
    if likeness >= _REWORDED or (is_left and size <= 2 * len(words) + 3):
        return {size}
    # Sentences are replaced whole; what stands for a part of one is its words, or some of it is.
    if is_filled and not edit.is_between_sentences(end.missing[0 if end.step > 0 else 1]):
        is_all = size < 2 * len(words) and _is_neighbour_next(edit, span, end, size)
        return {size} if is_all else {min(size, len(words) // 2), size}
    return {0, size} if is_left or likeness > _UNLIKE else {0}


def _unclaimed(edit: Edit, span: tuple[int, int], end: _End, most: int) -> int:
    """How many characters there were nowhere else in the old text."""
    start, stop = end.beside(most)
    claimed = [at >= 0 and not span[0] <= at < span[1] for at in edit.origins[max(0, start) : stop]]
    return next((size for size, other in enumerate(claimed[:: end.step]) if other), len(claimed))


def _are_words_left(edit: Edit, end: _End, gap: int) -> bool:
    """Whether a good part of the missing words is there, in pieces."""
    start, stop = end.beside(gap)
    left = [each for each in edit.parts(*end.missing) if start <= each.new and each.new_end <= stop]
    weights = (_weight(edit, each) for each in left)
    return 3 * sum(each for each in weights if each >= _SPECK) >= weight(edit.old.text[slice(*end.missing)])


def _is_neighbour_next(edit: Edit, span: tuple[int, int], end: _End, size: int) -> bool:
    """Whether what stood right beside the quote comes next: then all in between is the quote's."""
    start, stop = end.beside(size)
    at, neighbour = (stop, span[1]) if end.step > 0 else (start - 1, span[0] - 1)
    return 0 <= at < len(edit.origins) and edit.origins[at] == neighbour


def _weight(edit: Edit, part: Stretch) -> int:
    return weight(edit.old.text[part.old : part.old_end])
