"""Where a quote went in an edit: where its characters lie now, or where nothing else can lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from .alignment import Stretch
from .edit import Edit
from .places import (
    CONTEXT,
    MOST_PLACES,
    Place,
    Wanted,
    allowed,
    has_codes,
    is_convincing,
    place_at,
    without_additions,
)
from .twins import Sides, Spot, compared
from .words import Words, occurrences, only_place, weight

_TRACED = 0.5
"""So much of a quote must be left together."""
_PUT_IN = 120
"""Characters of a sentence that was put into a quote."""
_SAYS = 12
"""Letters that no two texts have in common by chance."""
_REPLACED = 24
"""So many characters at an end of a quote may have become others, whatever these are."""
_WORD = 24
"""Characters: whatever it has replaced, it is no more than a word or two."""
_ALIKE = 70
"""So alike, of 100, are longer ends that were edited. Any two texts of one language reach 40 to 50."""
_STILL_ALIKE = 60
"""Where some of the words are known to be left."""
_SUPPORT = 24
"""So many characters from right beside the quote prove that it is the one."""


def traced_place(edit: Edit, span: tuple[int, int], wanted: Wanted) -> Place | None:
    """Where the characters of the quote, which was `edit.old[span]`, went, if enough of them are still together."""
    start, end = span
    old = edit.old.text
    runs = _runs(old, edit.touching(start, end), end - start)
    parts = max(
        ([each.within(start, end) for each in run] for run in runs), key=lambda run: _weight(old, run), default=[]
    )
    if not parts or _weight(old, parts) < _TRACED * weight(old[start:end]):
        return None
    before, after = edit.parts(max(0, start - CONTEXT), start), edit.parts(end, end + CONTEXT)
    parts = _without_specks(edit, parts, span)
    first, last = parts[0].new, parts[-1].new_end
    floor = max((part.new_end for part in before if part.new_end <= first), default=first)
    ceiling = min((part.new for part in after if part.new >= last), default=last)
    place = _with_ends(edit.new, wanted, parts, span, (floor, ceiling))
    support = sum(part.length for part in before if abs(part.new - first) < 2 * CONTEXT)
    support += sum(part.length for part in after if abs(part.new - last) < 2 * CONTEXT)
    return place if _is_sure(edit, span, wanted, place, support) else None


def best_copy(edit: Edit, span: tuple[int, int], wanted: Wanted, place: Place) -> Place | None:
    """Of several places of the same words the one that goes on as the text did; None if none does."""
    own, best = Spot(edit.old.text, *span), Spot(edit.new.text, place.start, place.end)
    if only_place(own.text, own.text[own.start : own.end]) is None:
        return place  # what else stands there are its twins
    for start, end in edit.copies(span, place.start, place.end):
        other = Spot(edit.new.text, start, end)
        if compared(own, other, best).are_for_one:
            best, other = other, best
        sides = compared(own, best, other)
        together = edit.new.are_one_line(best.end, other.start)
        settled = edit.is_settled(span, sides, together=together) or _are_lines_alike(edit, own, best, sides)
        if not sides.are_for_one or not settled:
            return None
    return place if best.start == place.start else place_at(edit.new, wanted, best.start, best.end)


def _are_lines_alike(edit: Edit, own: Spot, there: Spot, sides: Sides) -> bool:
    """Whether lines begin and end where they did, as far as both places agree: in a caption, a bracket comes first."""
    before, after = sides.common
    return all(
        edit.old.next_line_start(range(old, old + step * (common + 1), step))
        == edit.new.next_line_start(range(new, new + step * (common + 1), step))
        for old, new, step, common in ((own.start, there.start, -1, before), (own.end, there.end, 1, after))
    )


def _is_sure(edit: Edit, span: tuple[int, int], wanted: Wanted, place: Place, support: int) -> bool:
    if not has_codes(wanted, edit.new.text[place.start : place.end]):
        return False
    whole = place.words > 90 and wanted.weight >= 16
    if support < _SUPPORT and not whole and not is_convincing(edit.new, wanted, place):
        return False
    return not edit.is_twin(span, place.start, place.end)


def only_one(edit: Edit, span: tuple[int, int], wanted: Wanted) -> Place | None:
    """Where the quote's words are, if they can be nowhere else: between what lay around them, or in the whole text."""
    length = len(wanted.exact)
    starts = list(islice(occurrences(edit.new.text, wanted.exact), MOST_PLACES))
    starts = [start for start in starts if edit.is_free(span, start, start + length)]
    gap = edit.gap_around(span)
    if gap:
        (low, high), (new_low, new_high) = gap
        before = [start for start in occurrences(edit.old.text, wanted.exact) if low <= start <= high - length]
        between = [start for start in starts if new_low <= start <= new_high - length]
        if len(before) == len(between) and span[0] in before:
            start = between[before.index(span[0])]
            if not edit.is_beside(span, start, start + length):
                return None
            return place_at(edit.new, wanted, start, start + length)
    if len(starts) != 1 or only_place(edit.old.text, wanted.exact) is None:
        return None
    start, end = starts[0], starts[0] + length
    if wanted.weight >= 16 or edit.is_near(span, start, end) or edit.are_blocks(span, start, end):
        return place_at(edit.new, wanted, start, end)
    return None


def _runs(old: str, stretches: Sequence[Stretch], length: int) -> Iterator[list[Stretch]]:
    """Stretches that lie one after the other. What says little belongs to others only where it lies close to them."""
    strong = [each for each in stretches if _weight(old, [each]) >= _SAYS] or stretches
    run: list[Stretch] = []
    for each in strong:
        if run and not 0 <= each.new - run[-1].new_end <= max(_PUT_IN, length // 2):
            yield _with_small(old, stretches, run)
            run = []
        run.append(each)
    if run:
        yield _with_small(old, stretches, run)


def _with_small(old: str, stretches: Sequence[Stretch], run: list[Stretch]) -> list[Stretch]:
    first, last = run[0], run[-1]
    for each in reversed([each for each in stretches if each.old < first.old]):
        if 0 <= first.new - each.new_end <= 2 * _weight(old, [each]) + first.old - each.old_end:
            run, first = [each, *run], each
    for each in [each for each in stretches if each.old > last.old]:
        if 0 <= each.new - last.new_end <= 2 * _weight(old, [each]) + each.old - last.old_end:
            run, last = [*run, each], each
    return run


def _weight(old: str, stretches: Sequence[Stretch]) -> int:
    return sum(weight(old[each.old : each.old_end]) for each in stretches)


def _without_specks(edit: Edit, parts: list[Stretch], span: tuple[int, int]) -> list[Stretch]:
    """Without what is left of the quote's first or last words elsewhere, or by chance where others stand for them."""
    strong = [number for number, part in enumerate(parts) if _weight(edit.old.text, [part]) >= _SAYS]
    if not strong:
        return parts
    first, last = strong[0], strong[-1]
    head, tail = parts[: first + 1], parts[last:]
    if not _is_left(edit, head, (span[0], head[-1].old), (head[0].new, head[-1].new)):
        parts, last = parts[first:], last - first
    if not _is_left(edit, tail, (tail[0].old_end, span[1]), (tail[0].new_end, tail[-1].new_end)):
        parts = parts[: last + 1]
    return parts


def _is_left(edit: Edit, parts: Sequence[Stretch], here: tuple[int, int], there: tuple[int, int]) -> bool:
    """Whether `new[there]` is still, by these parts, what `old[here]` was. A word or two may be others."""
    from rapidfuzz.fuzz import ratio

    old = edit.old.text
    if ratio(old[slice(*here)], edit.new.text[slice(*there)]) >= _STILL_ALIKE:
        return True
    for before, after in pairwise(parts):
        too_much = after.new - before.new_end > max(_WORD, allowed(after.old - before.old_end))
        if too_much or not edit.is_free(here, before.new_end, after.new):
            return False
    specks = _weight(old, parts) - max(_weight(old, [part]) for part in parts)
    return here[1] - here[0] <= _REPLACED or 3 * specks >= weight(old[slice(*here)])


def _with_ends(
    words: Words, wanted: Wanted, parts: Sequence[Stretch], span: tuple[int, int], around: tuple[int, int]
) -> Place:
    """What is left of the quote, with what has replaced its own ends.

    `around`: what lay right before the quote ends there, and what lay right after it begins there.
    """
    start, end = parts[0].new, parts[-1].new_end
    only = words.text.find(wanted.exact, *around)
    if only >= 0:
        return place_at(words, wanted, only, only + len(wanted.exact))
    head, tail = parts[0].old - span[0], span[1] - parts[-1].old_end
    start -= _replaced(start - around[0], wanted.exact[:head], words.text[max(0, start - head) : start])
    end += _replaced(around[1] - end, wanted.exact[len(wanted.exact) - tail :], words.text[end : end + tail])
    return without_additions(words, wanted, place_at(words, wanted, start, end))


def _replaced(gap: int, missing: str, there: str) -> int:
    """How many of the characters beside what is left stand for the `missing` ones.

    All of the gap up to the old neighbour, unless it is too much; or as many as are missing, if they are like them.
    """
    from rapidfuzz.fuzz import ratio

    if not missing:
        return 0
    if len(missing) <= _REPLACED and 0 < gap <= max(_WORD, allowed(len(missing))):
        return gap
    return len(there) if ratio(missing, there) >= _ALIKE else 0
