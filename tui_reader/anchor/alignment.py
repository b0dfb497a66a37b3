"""What became of each character of a text when it was edited: where it lies now, if it is still there.

Paragraphs move, so this is no ordinary diff. Stretches that either text has once are sure; those that lie one after the
other in both texts make a run; what lies between two stretches of a run, or beside one, is compared character by
character.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .words import common_start, weight

_SEED = 8
"""Characters of a stretch that is looked for."""
_SURE = 24
"""Letters that a run must have in common: fewer are a phrase that any two texts share."""
_DRIFT = 40
"""So much more or less may lie between two stretches of a run, and half as much again as there was."""
_LONGEST = 300_000
"""Characters of a text: longer ones have nothing in common here, because finding it would take a second."""
_LONGEST_GAP = 2_000
"""Characters: comparing takes time by the square."""
_EDGE = 64
"""Characters that are compared beside a run."""
_LEAST = 4
"""Letters: what is shorter, any two texts have in common."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The same characters in both texts."""

    old: int
    new: int
    length: int

    @property
    def shift(self) -> int:
        return self.new - self.old

    @property
    def old_end(self) -> int:
        return self.old + self.length

    @property
    def new_end(self) -> int:
        return self.new + self.length

    def within(self, start: int, end: int) -> Stretch:
        """The part of it that lies in `old[start:end]`."""
        low, high = max(self.old, start), min(self.old_end, end)
        return Stretch(low, low + self.shift, high - low)


def align(old: str, new: str) -> tuple[Stretch, ...]:
    """What `old` and `new` have in common, in the order of `old`; no character of either is in two stretches."""
    if max(len(old), len(new)) > _LONGEST:
        return ()
    runs = list(_runs(_sure_stretches(old, new), old))
    found = [stretch for run in runs for stretch in run]
    for run in runs:
        for before, after in pairwise(run):
            found += _compared(old, new, (before.old_end, after.old), (before.new_end, after.new))
    fresh = found
    while fresh:
        fresh = _beside(old, new, found, fresh)
        found = found + fresh
    return tuple(sorted(found, key=lambda stretch: stretch.old))


def _sure_stretches(old: str, new: str) -> list[Stretch]:
    """As long as can be, in the order of `old`."""
    there = _once(new)
    found: list[Stretch] = []
    old_end, shift = 0, 0
    for seed, at in _once(old).items():
        to = there.get(seed, -1)
        if to < 0 or (at < old_end and to - at == shift):
            continue
        shift = to - at
        start = at
        while start > old_end and start + shift > 0 and old[start - 1] == new[start - 1 + shift]:
            start -= 1
        start = max(start, old_end)
        end = at + _SEED
        while end < len(old) and end + shift < len(new) and old[end] == new[end + shift]:
            end += 1
        if start < end:
            found.append(Stretch(start, start + shift, end - start))
        old_end = max(old_end, end)
    return _apart(found)


def _apart(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Without what another one has of the new text already."""
    apart: list[Stretch] = []
    new_end = 0
    for each in sorted(stretches, key=lambda each: each.new):
        overlap = max(0, new_end - each.new)
        if overlap < each.length:
            apart.append(Stretch(each.old + overlap, each.new + overlap, each.length - overlap))
            new_end = each.new_end
    return sorted(apart, key=lambda each: each.old)


def _once(text: str) -> dict[str, int]:
    """What stands in the text once, and where."""
    places: dict[str, int] = {}
    for at in range(len(text) - _SEED + 1):
        seed = text[at : at + _SEED]
        places[seed] = -1 if seed in places else at
    return {seed: at for seed, at in places.items() if at >= 0}


def _runs(stretches: Sequence[Stretch], old: str) -> Iterator[list[Stretch]]:
    run: list[Stretch] = []
    for stretch in stretches:
        if run and not _follows(run[-1], stretch):
            if _is_sure(run, old):
                yield run
            run = []
        run.append(stretch)
    if run and _is_sure(run, old):
        yield run


def _follows(before: Stretch, after: Stretch) -> bool:
    missing, added = after.old - before.old_end, after.new - before.new_end
    return added >= 0 and abs(added - missing) <= _DRIFT + missing // 2


def _is_sure(run: Sequence[Stretch], old: str) -> bool:
    return sum(weight(old[stretch.old : stretch.old_end]) for stretch in run) >= _SURE


def _beside(old: str, new: str, found: Sequence[Stretch], fresh: Sequence[Stretch]) -> list[Stretch]:
    """What lies before and after each `fresh` one, up to what is known already."""
    candidates: list[Stretch] = []
    for here, there in _gaps(len(old), len(new), found, fresh):
        candidates += _compared(old, new, here, there)
    # A gap of one text may lie beside two in the other: the longer stretch has it.
    chosen: list[Stretch] = []
    taken_old, taken_new = set[int](), set[int]()
    for each in sorted(candidates, key=lambda each: each.length, reverse=True):
        old_places, new_places = range(each.old, each.old_end), range(each.new, each.new_end)
        if taken_old.isdisjoint(old_places) and taken_new.isdisjoint(new_places):
            taken_old.update(old_places)
            taken_new.update(new_places)
            chosen.append(each)
    return chosen


def _gaps(
    old_length: int, new_length: int, found: Sequence[Stretch], fresh: Sequence[Stretch]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """What lies right before and right after each fresh stretch, in both texts."""
    by_old = sorted(found, key=lambda each: each.old)
    by_new = sorted(found, key=lambda each: each.new)
    starts_old = [*(each.old for each in by_old), old_length]
    starts_new = [*(each.new for each in by_new), new_length]
    for each in fresh:
        place, rank = bisect_left(starts_old, each.old), bisect_left(starts_new, each.new)
        low = max(by_old[place - 1].old_end if place else 0, each.old - _EDGE)
        new_low = max(by_new[rank - 1].new_end if rank else 0, each.new - _EDGE)
        high = min(starts_old[place + 1], each.old_end + _EDGE)
        new_high = min(starts_new[rank + 1], each.new_end + _EDGE)
        if low < each.old and new_low < each.new:
            yield (low, each.old), (new_low, each.new)
        if each.old_end < high and each.new_end < new_high:
            yield (each.old_end, high), (each.new_end, new_high)


def _compared(old: str, new: str, here: tuple[int, int], there: tuple[int, int]) -> Iterator[Stretch]:
    """What two gaps have in common: their beginnings, their ends, and stretches of some length between."""
    from rapidfuzz.distance import Indel

    (start, end), (new_start, new_end) = here, there
    same_start = common_start(old[start:end], new[new_start:new_end])
    same_end = common_start(old[start:end][::-1], new[new_start:new_end][::-1])
    # Where both overlap, what was put in begins or ends like the gap itself: the longer one is true.
    if same_start >= same_end:
        same_end = min(same_end, end - start - same_start, new_end - new_start - same_start)
    else:
        same_start = min(same_start, end - start - same_end, new_end - new_start - same_end)
    if same_start:
        yield Stretch(start, new_start, same_start)
    if same_end:
        yield Stretch(end - same_end, new_end - same_end, same_end)
    start, new_start, end, new_end = start + same_start, new_start + same_start, end - same_end, new_end - same_end
    if start == end or new_start == new_end or max(end - start, new_end - new_start) > _LONGEST_GAP:
        return
    for edit in Indel.opcodes(old[start:end], new[new_start:new_end]):
        at = start + edit.src_start
        length = edit.src_end - edit.src_start
        if edit.tag == "equal" and weight(old[at : at + length]) >= _LEAST:
            yield Stretch(at, new_start + edit.dest_start, length)
