"""An edit of a text: what it was, what it is, and which characters are the same. Aligned when it is first asked."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from itertools import islice

from tui_reader.model import Quote

from .alignment import Stretch, align
from .twins import Sides, Spot, compared
from .words import Words, alike, occurrences, only_place, weight

_CLAIMED = 0.3
"""A passage of which more than that was elsewhere before is not what is looked for."""
_MOST_TWINS = 200
_AS_GOOD = 5
"""Of 100: a passage that is so little less alike may be the one as well."""
_ATTACHED = 8
"""Characters of the same sentence beside a passage."""
_SENTENCE_END = re.compile(r"[.!?…。！？\n]")
_LINE_END = re.compile(r"\n")
_HAIR = 2
"""Characters that two sentences may begin or end with alike."""
_TELLING = 16
"""Letters that say where they are from."""
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
        before = max(self._telling(0, span[0]), key=lambda each: each.old, default=None)
        after = min(self._telling(span[1], len(self.old.text)), key=lambda each: each.old, default=None)
        here = before.old_end if before else 0, after.old if after else len(self.old.text)
        there = before.new_end if before else 0, after.new if after else len(self.new.text)
        added = there[1] - there[0] - (here[1] - here[0])
        return (here, there) if there[0] <= there[1] and added <= _ADDED else None

    def _telling(self, start: int, end: int) -> list[Stretch]:
        """What is left of `old[start:end]` and says where it is from."""
        parts = ((each, self.old.text[each.old : each.old_end]) for each in self.parts(start, end))
        return [
            each for each, words in parts if weight(words) >= _TELLING and only_place(self.old.text, words) is not None
        ]

    def is_free(self, span: tuple[int, int], start: int, end: int) -> bool:
        """False if `new[start:end]` is known to have been elsewhere than in `old[span]`."""
        claimed = sum(at >= 0 and not span[0] <= at < span[1] for at in self.origins[start:end])
        return claimed <= _CLAIMED * (end - start)

    def is_twin(self, span: tuple[int, int], start: int, end: int) -> bool:
        """By what is around it, `new[start:end]` may as well be another passage of the same words as `old[span]`."""
        there, own = Spot(self.new.text, start, end), Spot(self.old.text, *span)
        twins = self._twins(span, self.old.text[slice(*span)]) + self._twins(span, self.new.text[start:end])
        return len(twins) >= _MOST_TWINS or any(not self._is_told_from(there, own, twin) for twin in twins)

    def is_beside(self, span: tuple[int, int], start: int, end: int) -> bool:
        """Whether at least one neighbour of `new[start:end]` is that of `old[span]`, and of none of its twins."""
        there, own = Spot(self.new.text, start, end), Spot(self.old.text, *span)
        twins = self._twins(span, self.old.text[slice(*span)])
        return all(compared(there, own, twin).are_for_one for twin in twins)

    def _twins(self, span: tuple[int, int], words: str) -> list[Spot]:
        places = islice(occurrences(self.old.text, words), _MOST_TWINS + 1)
        return [Spot(self.old.text, at, at + len(words)) for at in places if not span[0] <= at < span[1]]

    def copies(self, span: tuple[int, int], start: int, end: int) -> list[tuple[int, int]]:
        """Where else in `new` the words of `old[span]`, or those of `new[start:end]`, are and may be it."""
        wanted = {self.old.text[slice(*span)], self.new.text[start:end]}
        text = self.new.text
        found = [(at, at + len(words)) for words in wanted for at in islice(occurrences(text, words), _MOST_TWINS)]
        return [each for each in found if (each[1] <= start or each[0] >= end) and self.is_free(span, *each)]

    def leads_back(self, span: tuple[int, int], start: int, end: int) -> bool:
        """Whether `new[start:end]`, looked for in `old`, is `old[span]` and nothing else."""
        from rapidfuzz.fuzz import partial_ratio_alignment, ratio

        if self.is_twin(span, start, end):
            return False
        old, passage = self.old.text, self.new.text[start:end]
        own = ratio(old[slice(*span)], passage)
        rest = old[: span[0]] + "\0" * (span[1] - span[0]) + old[span[1] :]
        hit = partial_ratio_alignment(passage, rest, score_cutoff=own - _AS_GOOD)
        if not hit:
            return True
        there, other = Spot(self.new.text, start, end), Spot(old, hit.dest_start, hit.dest_end)
        return self._is_told_from(there, Spot(old, *span), other)

    def _is_told_from(self, there: Spot, own: Spot, other: Spot) -> bool:
        sides = compared(there, own, other)
        return sides.are_for_one and self.is_settled(
            (own.start, own.end), sides, together=self.old.are_one_line(own.end, other.start)
        )

    def is_settled(self, span: tuple[int, int], sides: Sides, *, together: bool) -> bool:
        """Paragraphs come and go: one neighbour is enough only if it is of the same one.

        `together`: the other passage is in the same paragraph, too. Then it has to be of the same sentence.
        """
        if sides.before and sides.after:
            return True
        start, end = span
        end_of_one = _SENTENCE_END if together else _LINE_END
        if sides.before:
            between = self.original(start - sides.common[0] - _ATTACHED, start)
        else:
            between = self.original(end, end + sides.common[1] + _ATTACHED)
        return between is not None and end_of_one.search(between) is None

    def is_between_sentences(self, at: int) -> bool:
        """Whether a sentence or a line ends right before `old[at]`, or a letter or two before or after it."""
        between = self.original(max(0, at - _HAIR), min(len(self.old.text), at + _HAIR))
        return between is None or _SENTENCE_END.search(between) is not None

    def original(self, start: int, end: int) -> str | None:
        """`old[start:end]` as it was, with the white space on both sides; None if that is not all in the text."""
        if start < 0 or end > len(self.old.text):
            return None
        first = self.old.offsets[start - 1] + 1 if start else 0
        last = self.old.offsets[end] if end < len(self.old.text) else len(self.before)
        return self.before[first:last]

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
