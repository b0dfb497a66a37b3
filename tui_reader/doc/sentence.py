"""Where the sentences of a text begin and end, in English and Chinese."""

from __future__ import annotations

import re

from tui_reader.doc.characters import is_cjk


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The half-open spans of the sentences in `text[start:end]`, without the white space around them.

    A line end always ends one. Full stops of abbreviations, initials, decimals and addresses do not; quotes and
    brackets that close after the stop belong to the sentence before it.
    """
    spans = list[tuple[int, int]]()
    for stop in _STOP.finditer(text, start, end):
        if _ends_sentence(text, start, stop, end):
            _add_sentence(spans, text, start, stop.end())
            start = stop.end()
    _add_sentence(spans, text, start, end)
    return spans


_STOP = re.compile(r"""\n+|[.!?。！？；｡…][.!?。！？；｡…"'”’」』）)\]】》]*""")
_ALWAYS_ENDS = re.compile(r"[\n。！？；｡]|……")
_NEVER_ENDS = re.compile(
    "mr|mrs|ms|dr|prof|gen|sen|rep|gov|st|mt|ft|rev|hon|capt|lt|col|sgt|vs|cf|e\\.g|i\\.e|al|approx|[b-z]"
)
_BEFORE_NUMBERS = re.compile("nos?|figs?|eq|sec|vol|ch|art|pp?|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec")
_MAY_END = re.compile("inc|corp|cos?|ltd|llc|plc|bros|jr|sr|etc|est|dept|(?:[a-z]\\.)+[a-z]{1,2}")
_STARTER = re.compile(
    "the|an?|its?|he|she|they|we|i|you|his|her|their|our|in|on|at|as|by|for|from|with|but|and|or|so|if|when|while|after|"
    "before|this|that|these|those|there|what|how|why|who|however|meanwhile|both|some|many|most|all"
)
_NEXT_WORD = re.compile(r"""\s*["'“‘(\[]*(\w?['’\w]*)""")


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    if _ALWAYS_ENDS.search(stop[0]) or stop.end() >= end:
        return True
    following = text[stop.end()]
    if not following.isspace():
        # "真的吗?是的" ends, "?q=1" and "3.5" do not.
        return is_cjk(following) and (stop[0][0] != "." or is_cjk(text[stop.start() - 1]))
    match = _NEXT_WORD.match(text, stop.end(), end)
    word = match[1] if match else ""
    if stop[0][0] in "!?":
        return stop[0][-1] in "!?" or not word[:1].islower()
    return not word[:1].islower() and (stop[0][0] != "." or not _is_abbreviation(text, start, stop.start(), word))


def _is_abbreviation(text: str, start: int, stop: int, following: str) -> bool:
    """Whether the full stop at `stop` belongs to the word before it, given the word that follows."""
    words = text[max(start, stop - 24) : stop].split()
    word = words[-1].lstrip("\"'“‘([").lower() if words else ""
    if word.isdigit():  # "1. " begins a line of a list.
        return not text[start : stop - len(word)].strip()
    if _BEFORE_NUMBERS.fullmatch(word):
        return following[:1].isdigit()
    if _NEVER_ENDS.fullmatch(word):
        return True
    return bool(_MAY_END.fullmatch(word)) and not _STARTER.fullmatch(following.lower())


def _add_sentence(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    sentence = text[start:end]
    length = len(sentence.strip())
    if length:
        first = start + len(sentence) - len(sentence.lstrip())
        spans.append((first, first + length))
