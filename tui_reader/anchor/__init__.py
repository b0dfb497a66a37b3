"""Where a highlight lies in a text, and where it lies after the text was edited. No place is better than a wrong one.

Whoever has the text from before the edit knows most: both are aligned, and a passage lies where its characters went.
Without it, or where its characters are gone, the quote is looked for by its words and their surroundings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui_reader.model import Quote

from .edit import Edit
from .ends import is_whole
from .places import CONTEXT, Place, Wanted, find_place
from .tracing import best_copy, only_one, traced_place
from .words import Words, alike, only_place

__all__ = ["Edit", "Found", "find_quote", "make_quote"]

_MOST_CONTEXT = 512
_TELLING = 32
"""Characters: as many that stand in both texts once are the same ones."""


@dataclass(frozen=True, slots=True)
class Found:
    start: int
    end: int
    """Half-open, in characters of the text that was searched."""
    exact: bool
    """True if the words are there as they were, letter for letter."""
    score: float
    """From 0 to 100: quote, surroundings and position together."""


def make_quote(text: str, start: int, end: int) -> Quote:
    """The passage without white space at its ends, with as much around it as tells it from others like it.

    More than usual is kept of one whose words stand in the text twice: `find_quote` knows by it that the words alone
    are not enough. ValueError if nothing but white space is between `start` and `end`.
    """
    raw = text[start:end]
    exact = raw.strip()
    if not exact:
        raise ValueError("an empty passage cannot be quoted")
    start += len(raw) - len(raw.lstrip())
    end = start + len(exact)
    size = CONTEXT * 2 if _is_twinned(text, exact) else CONTEXT
    while True:
        prefix, suffix = text[max(0, start - size) : start], text[end : end + size]
        if size >= _MOST_CONTEXT or only_place(text, prefix + exact + suffix) is not None:
            return Quote(exact, prefix, suffix, start, end)
        size *= 2


def _is_twinned(text: str, exact: str) -> bool:
    words, wanted = "".join(alike(text).split()), "".join(alike(exact).split())
    return only_place(words, wanted) is None


def find_quote(text: str, quote: Quote, edit: Edit | None = None) -> Found | None:
    """Where `quote` is in `text` now; None if it is gone, too much changed, or in two places equally well.

    `edit`: from the text that the quote was made on to this one.
    """
    if not quote.exact:
        return None
    at = _unchanged(text, quote, edit)
    if at is not None:
        return Found(at, at + len(quote.exact), exact=True, score=100.0)
    words, wanted = edit.new if edit else Words.of(text), Wanted.of(quote)
    if not words.text or not wanted.exact:
        return None
    span = edit.span_of(quote) if edit else None
    place = _by_edit(edit, span, wanted) if edit and span else find_place(words, wanted)
    return _found(text, quote, words, place) if place else None


def _by_edit(edit: Edit, span: tuple[int, int], wanted: Wanted) -> Place | None:
    # What comes from other programs may have words of its own: followed are those that the text had.
    wanted = replace(wanted, exact=edit.old.text[slice(*span)])

    def fits(start: int, end: int) -> bool:
        return edit.is_free(span, start, end)

    place = traced_place(edit, span, wanted) or only_one(edit, span, wanted)
    if not place:
        place = find_place(edit.new, wanted, fits)
        if place and not edit.leads_back(span, place.start, place.end):
            return None
    place = best_copy(edit, span, wanted, place) if place else None
    return place if place and is_whole(edit, span, place) else None


def _found(text: str, quote: Quote, words: Words, place: Place) -> Found:
    start, end = words.offsets[place.start], words.offsets[place.end - 1] + 1
    return Found(start, end, exact=text[start:end] == quote.exact, score=round(place.score, 1))


def _unchanged(text: str, quote: Quote, edit: Edit | None) -> int | None:
    """Where the quote starts if it is still there, letter for letter: at the old place, or only once.

    Without the old text, its surroundings have to be there, too.
    """
    whole = quote.prefix + quote.exact + quote.suffix
    at = quote.start - len(quote.prefix)
    if at >= 0 and text.startswith(whole, at) and (edit is None or edit.before == text):
        return quote.start
    for words, start in ((whole, len(quote.prefix)), (quote.exact, 0)):
        # One that is left of two may be the other one, also among neighbours; and a few words may be anybody's.
        if edit and (len(words) < _TELLING or only_place(edit.before, quote.exact) is None):
            continue
        if (only := only_place(text, words)) is not None and (edit or words is whole):
            return only + start
    return None
