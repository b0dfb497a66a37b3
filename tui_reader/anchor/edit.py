"""An edit of a text: what it was, what it is, and which characters are the same. Aligned when it is first asked."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import islice

from tui_reader.model import Quote

from .alignment import Stretch, align
from .words import Words, alike, occurrences, only_place

_CLAIMED = 0.3
"""A passage of which more than that was elsewhere before is not what is looked for."""
_AROUND = 64
"""Characters on either side that tell twins apart."""
_MARGIN = 30
"""By so much of 200 the surroundings of one must be more alike."""
_MOST_TWINS = 50
_ADDED = 600
"""Characters of a paragraph or two that were put in."""
_NEAR = 100
"""Characters."""


class Edit:
    def __init__(self, before: str, after: str) -> None:
        self.before = before
        self.after = after

    @cached_property
    def old(self) -> Words:
        return Words.of(self.before)

    @cached_property
    def new(self) -> Words:
        return Words.of(self.after)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        return align(self.old.text, self.new.text)

    @cached_property
    def origins(self) -> list[int]:
        """Of each character of `new`: where it was in `old`; -1 if it was not there."""
        origins = [-1] * len(self.new.text)
        for each in self.stretches:
            origins[each.new : each.new_end] = range(each.old, each.old_end)
        return origins

    def span_of(self, quote: Quote) -> tuple[int, int] | None:
        """Where the quote is in `old`; None if it was not made on this text."""
        start, end = quote.start, quote.end
        if not self._is_made_here(quote):
            at = only_place(self.before, quote.prefix + quote.exact + quote.suffix)
            if at is None:
                return None
            start = at + len(quote.prefix)
            end = start + len(quote.exact)
        return bisect_left(self.old.offsets, start), bisect_left(self.old.offsets, end)

    def _is_made_here(self, quote: Quote) -> bool:
        """By its words, or by what is around it: what comes from other programs may have words of its own."""
        start, end = quote.start, quote.end
        around = self.before[max(0, start - len(quote.prefix)) : start], self.before[end : end + len(quote.suffix)]
        if (quote.prefix or quote.suffix) and around == (quote.prefix, quote.suffix):
            return True
        return alike(self.before[start:end]).split() == alike(quote.exact).split()

    def touching(self, start: int, end: int) -> list[Stretch]:
        """Stretches that `old[start:end]` has a part in."""
        return [each for each in self.stretches if each.old < end and each.old_end > start]

    def parts(self, start: int, end: int) -> list[Stretch]:
        """What is left of `old[start:end]`."""
        return [each.within(start, end) for each in self.touching(start, end)]

    def gap_around(self, span: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """What lies, in `old` and in `new`, between the last stretch before and the first one after `old[span]`.

        None if these do not follow each other in `new`, with little more between them than there was.
        """
        before = max(
            (each for each in self.stretches if each.old_end <= span[0]), key=lambda each: each.old, default=None
        )
        after = min((each for each in self.stretches if each.old >= span[1]), key=lambda each: each.old, default=None)
        here = before.old_end if before else 0, after.old if after else len(self.old.text)
        there = before.new_end if before else 0, after.new if after else len(self.new.text)
        added = there[1] - there[0] - (here[1] - here[0])
        return (here, there) if there[0] <= there[1] and added <= _ADDED else None

    def is_free(self, span: tuple[int, int], start: int, end: int) -> bool:
        """False if `new[start:end]` is known to have been elsewhere than in `old[span]`."""
        claimed = sum(at >= 0 and not span[0] <= at < span[1] for at in self.origins[start:end])
        return claimed <= _CLAIMED * (end - start)

    def is_twin(self, span: tuple[int, int], start: int, end: int) -> bool:
        """By what is around it, `new[start:end]` may as well be another passage of the same words as `old[span]`."""
        others = [at for at in self._places(span) if at != span[0]]
        mine = self._alike_around(span, start, end) if others else 0
        length = span[1] - span[0]
        return any(mine < self._alike_around((at, at + length), start, end) + _MARGIN for at in others)

    def is_repeated(self, span: tuple[int, int]) -> bool:
        """Whether the same words stand right beside `old[span]` once more."""
        return any(0 < abs(at - span[0]) <= span[1] - span[0] + _AROUND for at in self._places(span))

    def _places(self, span: tuple[int, int]) -> list[int]:
        return list(islice(occurrences(self.old.text, self.old.text[slice(*span)]), _MOST_TWINS))

    def _alike_around(self, span: tuple[int, int], start: int, end: int) -> float:
        """From 0 to 200."""
        from rapidfuzz.fuzz import ratio

        old, new = self.old.text, self.new.text
        return ratio(old[max(0, span[0] - _AROUND) : span[0]], new[max(0, start - _AROUND) : start]) + ratio(
            old[span[1] : span[1] + _AROUND], new[end : end + _AROUND]
        )

    def is_near(self, span: tuple[int, int], start: int, end: int) -> bool:
        """Whether `new[start:end]` lies among what lay around `old[span]`."""
        around = [at for at in self.origins[max(0, start - _NEAR) : end + _NEAR] if at >= 0]
        near = sum(span[0] - 2 * _NEAR <= at < span[1] + 2 * _NEAR for at in around)
        return near >= _NEAR // 4 and near >= len(around) // 2

    def are_blocks(self, span: tuple[int, int], start: int, end: int) -> bool:
        """Whether both are lines of their own, or several."""
        return _is_block(self.before, self.old, *span) and _is_block(self.after, self.new, start, end)


def _is_block(text: str, words: Words, start: int, end: int) -> bool:
    first, last = words.offsets[start], words.offsets[end - 1] + 1
    before = text[words.offsets[start - 1] : first] if start else "\n"
    after = text[last : words.offsets[end]] if end < len(words.offsets) else "\n"
    return "\n" in before and "\n" in after
