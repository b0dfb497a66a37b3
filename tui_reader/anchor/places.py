"""Where a quote may lie in a text, by its words and what stands around it; the thresholds are measured.

A quote is looked for in steps, from the sure and cheap to the fuzzy: the same words but for white space, case and
script, and similar words in similar surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from tui_reader.model import Quote

from .words import Words, alike, occurrences, only_place, weight

Fits = Callable[[int, int], bool]

CONTEXT = 32
# The weights that Hypothesis gives to what speaks for a place.
_QUOTE, _PREFIX, _SUFFIX, _POSITION = 50, 20, 20, 2
# Two places whose scores are closer than this are equally good.
_MARGIN = 3
# More places than this say nothing: the quote is a letter or two.
MOST_PLACES = 500
# In longer texts only the same words are looked for: similar ones would take seconds.
_LONGEST_FUZZY = 300_000
# Longer quotes are found by pieces, because comparing takes time by the square, and an inserted paragraph tears them.
_LONGEST_WHOLE = 600
_PIECE = 200
_TORN = 40


def find_place(words: Words, wanted: Wanted, fits: Fits = lambda _, __: True) -> Place | None:
    """By words and surroundings, among the passages that `fits` lets pass."""
    place = _same_words(words, wanted, fits)
    if not place and len(words.text) <= _LONGEST_FUZZY:
        if len(wanted.exact) <= _LONGEST_WHOLE:
            place = _similar_words(words, wanted, fits)
        else:
            place = _by_pieces(words, wanted, fits)
        place = without_additions(words, wanted, place) if place else None
    return place


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quote in the same form, but for its position, which counts in the original."""

    exact: str
    prefix: str
    suffix: str
    start: int
    twinned: bool = False
    """Whether its words stood in the text more than once."""
    codes: tuple[str, ...] = ()
    """Addresses and the like in it: where those differ, it is another one, however much else they share."""

    @classmethod
    def of(cls, quote: Quote) -> Wanted:
        exact, prefix, suffix = ("".join(alike(part).split()) for part in (quote.exact, quote.prefix, quote.suffix))
        codes = tuple(word for word in alike(quote.exact).split() if len(word) >= 20 and word.isascii())
        twinned = max(len(quote.prefix), len(quote.suffix)) > CONTEXT
        return cls(exact, prefix, suffix, quote.start, twinned, codes)

    @property
    def weight(self) -> int:
        """Its length in letters. A Chinese character says as much as three."""
        return weight(self.exact)


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that may be the one, in characters of `Words.text`; likenesses from 0 to 100."""

    start: int
    end: int
    words: float
    prefix: float
    suffix: float
    score: float


def place_at(words: Words, wanted: Wanted, start: int, end: int) -> Place:
    from rapidfuzz.fuzz import ratio  # imported late: it takes 30 ms, and most quotes are found without it

    before, after = words.text[max(0, start - len(wanted.prefix)) : start], words.text[end : end + len(wanted.suffix)]
    alike = ratio(wanted.exact, words.text[start:end])
    prefix = ratio(wanted.prefix, before) if wanted.prefix else 100.0 * (start == 0)
    suffix = ratio(wanted.suffix, after) if wanted.suffix else 100.0 * (end == len(words.text))
    moved = abs(words.offsets[start] - wanted.start) / (words.offsets[-1] + 1)
    position = 100 * max(0.0, 1 - moved)
    total = _QUOTE * alike + _PREFIX * prefix + _SUFFIX * suffix + _POSITION * position
    return Place(start, end, alike, prefix, suffix, total / (_QUOTE + _PREFIX + _SUFFIX + _POSITION))


def _best(places: Iterable[Place]) -> Place | None:
    ranked = sorted(places, key=lambda place: place.score, reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0].score - ranked[1].score < _MARGIN):
        return None
    return ranked[0]


# --- the same words --------------------------------------------------------------------------------------------------


def _same_words(words: Words, wanted: Wanted, fits: Fits) -> Place | None:
    starts = list(islice(occurrences(words.text, wanted.exact), MOST_PLACES))
    if len(starts) == MOST_PLACES:
        return None
    starts = [start for start in starts if fits(start, start + len(wanted.exact))]
    places = [place_at(words, wanted, start, start + len(wanted.exact)) for start in starts]
    # Shorter ones are common words: without their surroundings, one that is left says nothing.
    if len(places) == 1 and wanted.weight >= 16 and not wanted.twinned:
        return places[0]
    needed = 0
    if len(places) == 1 and wanted.twinned:
        needed = 75  # the one that is left of two may be the other one
    elif len(places) > 1 and (wanted.twinned or wanted.weight < 16):
        needed = 58  # half its surroundings are easily found again, beside the other one too
    best = _best(place for place in places if max(place.prefix, place.suffix) >= 75 and low(place) >= needed)
    if best is None or low(best) >= 90:
        return best
    # Half its surroundings are gone: another place that has half of them may as well be the one.
    rivals = (place for place in places if place is not best)
    return None if any(max(place.prefix, place.suffix) >= 90 for place in rivals) else best


def low(place: Place) -> float:
    """How well its surroundings are kept on the worse side."""
    return min(place.prefix, place.suffix)


# --- similar words ---------------------------------------------------------------------------------------------------


def _similar_words(words: Words, wanted: Wanted, fits: Fits) -> Place | None:
    found: list[Place] = []
    searched = words.text
    for _ in range(2):
        best = max(_fuzzy(words, wanted, searched, fits), key=lambda place: place.score, default=None)
        if not best:
            break
        found.append(best)
        # Once more without it: a second place as good makes the first one a guess.
        searched = searched[: best.start] + "\0" * (best.end - best.start) + searched[best.end :]
    places = [place for place in found if is_convincing(words, wanted, place)]
    if wanted.twinned and len(places) == 2 and abs(_around(places[0]) - _around(places[1])) < 20:
        return None
    place = _best(places)
    if not place or only_place(words.text, words.text[max(0, place.start - CONTEXT) : place.end + CONTEXT]) is None:
        return None
    return place


def _around(place: Place) -> float:
    return (place.prefix + place.suffix) / 2


def _fuzzy(words: Words, wanted: Wanted, searched: str, fits: Fits) -> Iterator[Place]:
    from rapidfuzz.fuzz import partial_ratio_alignment

    for pattern in (wanted.exact, wanted.prefix + wanted.exact + wanted.suffix):
        hit = partial_ratio_alignment(pattern, searched, score_cutoff=55)
        if hit:
            starts, ends = _ends(wanted, searched, hit.dest_start, hit.dest_end)
            for start, end in product(starts, ends):
                if 0 <= start < end <= len(searched) and "\0" not in searched[start:end] and fits(start, end):
                    yield place_at(words, wanted, start, end)


def _ends(wanted: Wanted, searched: str, start: int, end: int) -> tuple[set[int], set[int]]:
    """Where the passage of a rough hit may start and where it may end.

    At the hit's own ends, where the surroundings stop and begin, or by the first and the last stretch of the quote
    that was kept.
    """
    from rapidfuzz.distance import Indel
    from rapidfuzz.fuzz import partial_ratio_alignment

    slack = len(wanted.exact) // 2 + len(wanted.prefix)
    low, middle, high = max(0, start - slack), (start + end) // 2, end + slack
    starts, ends = {start}, {end}
    before = partial_ratio_alignment(wanted.prefix, searched[low:middle], score_cutoff=75)
    after = partial_ratio_alignment(wanted.suffix, searched[middle:high], score_cutoff=75)
    if wanted.prefix and before:
        starts.add(low + before.dest_end)
    if wanted.suffix and after:
        ends.add(middle + after.dest_start)
    edits = Indel.opcodes(wanted.exact, searched[low:high])
    kept = [edit for edit in edits if edit.tag == "equal" and weight(wanted.exact[edit.src_start : edit.src_end]) >= 6]
    if kept:
        starts |= {low + kept[0].dest_start, low + kept[0].dest_start - kept[0].src_start}
        ends |= {low + kept[-1].dest_end, low + kept[-1].dest_end + len(wanted.exact) - kept[-1].src_end}
    return starts, ends


def without_additions(words: Words, wanted: Wanted, place: Place) -> Place:
    """The passage without what was put in right before or right after it, which is no part of the quote.

    What replaced the quote's own first or last words stays.
    """
    from rapidfuzz.distance import Indel

    edits = Indel.opcodes(wanted.exact, words.text[place.start : place.end])
    kept = [edit for edit in edits if edit.tag == "equal" and weight(wanted.exact[edit.src_start : edit.src_end]) >= 4]
    if not kept:
        return place
    first, last = kept[0], kept[-1]
    start = place.start + max(0, first.dest_start - allowed(first.src_start))
    end = place.start + last.dest_end + allowed(len(wanted.exact) - last.src_end)
    return replace(place, start=start, end=min(place.end, end))


def allowed(missing: int) -> int:
    """How many other characters may stand for so many of the quote's."""
    return missing + missing // 2 + 2 if missing else 0


def is_convincing(words: Words, wanted: Wanted, place: Place) -> bool:
    """The thresholds are measured, on edited articles and on quotes that were taken out of theirs."""
    passage = words.text[place.start : place.end]
    low, high = sorted((place.prefix, place.suffix))
    if _is_neighbour(wanted, passage) or (wanted.twinned and (low < 58 or high < 75)):
        return False
    if _kept(wanted, passage) < 0.5 or (low < 90 and not has_codes(wanted, passage)):
        return False
    if wanted.weight < 30:
        return low >= 75 and place.words >= 62
    if low >= 58:
        return place.words >= 62
    # Sentences cast in one mould differ in their numbers; without all its surroundings a passage must have the same.
    if re.findall(r"\d+", wanted.exact) != re.findall(r"\d+", passage):
        return False
    needed = 72 if high >= 80 else 80 if high >= 60 else 85 if wanted.weight >= 100 else 90
    return place.words >= needed


def has_codes(wanted: Wanted, passage: str) -> bool:
    from rapidfuzz.fuzz import partial_ratio

    return all(len(passage) >= 0.9 * len(code) and partial_ratio(code, passage) >= 90 for code in wanted.codes)


def _kept(wanted: Wanted, passage: str) -> float:
    """Which part of the quote is there in stretches: single letters in common are there in any two texts."""
    from rapidfuzz.distance import Indel

    kept = [
        wanted.exact[edit.src_start : edit.src_end]
        for edit in Indel.opcodes(wanted.exact, passage)
        if edit.tag == "equal"
    ]
    return sum(weight(stretch) for stretch in kept if weight(stretch) >= 4) / wanted.weight


def _is_neighbour(wanted: Wanted, passage: str) -> bool:
    """True if the passage is what stood beside the quote: the next item of a list often reads much like it."""
    from rapidfuzz.fuzz import partial_ratio

    return any(
        len(side) >= 12 and partial_ratio(side, passage) > max(85, partial_ratio(side, wanted.exact) + 5)
        for side in (wanted.prefix, wanted.suffix)
    )


# --- long quotes -----------------------------------------------------------------------------------------------------


def _by_pieces(words: Words, wanted: Wanted, fits: Fits) -> Place | None:
    """From the first piece that is found to the last one, if that is like the whole."""
    step = max(_PIECE, len(wanted.exact) // 40)
    heads = range(0, len(wanted.exact) - _PIECE + 1, step)
    tails = range(len(wanted.exact) - _PIECE, -1, -step)
    first = _first_piece(words, wanted, heads, fits)
    last = _first_piece(words, wanted, tails, fits) if first else None
    if not first or not last or not first.start < last.end <= first.start + 2 * len(wanted.exact):
        return None
    # An end that was torn off by what was put in may be near, in its own words.
    head, tail = wanted.exact[:_TORN], wanted.exact[-_TORN:]
    begin = words.text.rfind(head, max(0, last.end - 2 * len(wanted.exact)), first.start + _TORN)
    stop = words.text.find(tail, max(0, last.end - _TORN), first.start + 2 * len(wanted.exact))
    start, end = first.start if begin < 0 else begin, last.end if stop < 0 else stop + _TORN
    place = place_at(words, wanted, start, end)
    return place if place.words >= 72 else None


def _first_piece(words: Words, wanted: Wanted, starts: Sequence[int], fits: Fits) -> Place | None:
    whole = wanted.prefix + wanted.exact + wanted.suffix
    # With more than a third of the pieces gone, too little of the quote is left.
    for start in starts[: len(starts) // 3 + 1]:
        at = start + len(wanted.prefix)
        end = at + _PIECE
        piece = Wanted(whole[at:end], whole[max(0, at - CONTEXT) : at], whole[end : end + CONTEXT], wanted.start)
        place = _same_words(words, piece, fits) or _similar_words(words, piece, fits)
        if place:
            return place
    return None
