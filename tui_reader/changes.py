"""What differs between two texts of an article: words in English, characters in Chinese; and whether it matters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tui_reader.fold import fold
from tui_reader.model import Version


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of both texts, or of one of them."""

    kind: Literal["same", "removed", "added"]
    text: str


def compare(old: str, new: str) -> tuple[Part, ...]:
    """What is same or removed is `old`, what is same or added is `new`, to the letter."""
    return tuple(_joined(_compare_by(_STEPS, old, new)))


def matters(old: str, new: str, names: Collection[str]) -> bool:
    """Whether the texts differ in a number, a date, or one of these names. Slips of the pen do not."""
    pattern = _facts_pattern(names)
    return _facts(old, pattern) != _facts(new, pattern)


def base_of(versions: Sequence[Version]) -> Version | None:
    """Which of these (oldest first) the last one is compared with; None if it is alone.

    The one that was read, else the one before. The text of a web page is compared with such a text, and a feed's with
    a feed's, if there is one: that the page says more than its feed is no edit.
    """
    *earlier, current = versions
    alike = [version for version in earlier if version.origin == current.origin] or earlier
    if current.read or not any(version.read for version in earlier):
        return alike[-1] if alike else None
    known = next(version.id for version in earlier if version.read)
    return next((version for version in reversed(alike) if version.id <= known), alike[0])


# Patterns as text: they are compiled when first used, for every command imports this and few compare anything.
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = rf"(?s)[{_HAN}]|\d+(?:[.,]\d+)*|[^\W\d_{_HAN}]+(?:['’][^\W\d_{_HAN}]+)*|\s+|."

_STEPS = (r"(?s).+?(?:\n\n+|$)|\n+", r"(?s).+?(?:[.!?] |[。！？\n]|$)")
"""Paragraphs first, then sentences, then words: an edit is found where it is, and a large text costs no more."""

_TOO_MANY = 10_000
"""Words without a full stop: such a thing is shown as replaced, for a comparison would take minutes."""
_ISLAND = 2
"""Words in a row that stayed between two changes: fewer are shown as changed too, for they stayed by luck."""
_IN_COMMON = 0.25
"""Share of words; below it a passage was not edited but replaced."""

_Change = tuple[list[str], list[str]]
"""Tokens as they were and as they are; alike where nothing changed."""


def _compare_by(steps: Sequence[str], old: str, new: str) -> list[Part]:
    if not steps:
        return _compare_words(old, new)
    parts: list[Part] = []
    for before, after in _blocks(re.findall(steps[0], old), re.findall(steps[0], new)):
        was, now = "".join(before), "".join(after)
        parts += [Part("same", was)] if was == now else _compare_by(steps[1:], was, now)
    return parts


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[_Change]:
    """What stayed and what changed, by turns."""
    from rapidfuzz.distance import Indel  # only who asks for a comparison pays for it

    before: list[str] = []
    after: list[str] = []
    for step in Indel.opcodes(old, new):
        was, now = list(old[step.src_start : step.src_end]), list(new[step.dest_start : step.dest_end])
        if step.tag != "equal":
            before, after = before + was, after + now
            continue
        if before or after:
            yield before, after
            before, after = [], []
        yield was, now
    if before or after:
        yield before, after


def _compare_words(old: str, new: str) -> list[Part]:
    before, after = re.findall(_TOKEN, old), re.findall(_TOKEN, new)
    many = min(len(before), len(after)) > _TOO_MANY
    changes = [(before, after)] if many else _without_islands(list(_blocks(before, after)))
    kept = sum(_words(was) for was, now in changes if was == now)
    if kept < _IN_COMMON * min(_words(before), _words(after)):
        changes = [(before, after)]
    parts: list[Part] = []
    for was, now in changes:
        if was == now:
            parts.append(Part("same", "".join(was)))
        else:
            parts += [Part("removed", "".join(was)), Part("added", "".join(now))]
    return [part for part in parts if part.text]


def _without_islands(changes: Sequence[_Change]) -> list[_Change]:
    merged: list[_Change] = []
    for index, (was, now) in enumerate(changes):
        within = was == now and 0 < index < len(changes) - 1
        island = within and _words(was) <= _ISLAND and _words(was) < max(1, *map(_words, merged[-1]))
        if merged and (island or (was != now and merged[-1][0] != merged[-1][1])):
            merged[-1] = (merged[-1][0] + was, merged[-1][1] + now)
        else:
            merged.append((was, now))
    return merged


def _words(tokens: Sequence[str]) -> int:
    return sum(token[0].isalnum() for token in tokens)


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    """Without two in a row of one kind."""
    last: Part | None = None
    for part in parts:
        if last is not None and last.kind == part.kind:
            last = Part(part.kind, last.text + part.text)
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last


# --- facts -----------------------------------------------------------------------------------------------------------

_DIGITS = r"[$€£¥]?\d+(?:[.,]\d+)*(?: ?%)?"
_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
# A single numeral alone is mostly no number: 一个, 统一, 十分.
_CHINESE = f"(?:周|星期|礼拜)[一二三四五六日天]|[{_NUMERALS}]{{2,}}|[{_NUMERALS}](?=[成倍年月日天周台家人名点折期])"
_ENGLISH = (
    "(?<![a-z])(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|"
    "half|double|triple|first|second|third|fourth|quarters?|percent|monday|tuesday|wednesday|thursday|friday|saturday|"
    "sunday|january|february|march|april|may|june|july|august|september|october|november|december)(?![a-z])"
)


def _facts_pattern(names: Collection[str]) -> re.Pattern[str]:
    # The longest first: of 通义千问 and 千问 the whole is meant.
    known = sorted({fold(name) for name in names if name.strip()}, key=lambda name: (-len(name), name))
    return re.compile("|".join([*map(_whole, known), _DIGITS, _CHINESE, _ENGLISH]))


def _whole(name: str) -> str:
    """Between ASCII letters it is another word; between Chinese ones it is not."""
    before = "(?<![a-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    after = "(?![a-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + re.escape(name) + after


def _facts(text: str, pattern: re.Pattern[str]) -> list[str]:
    """In order of the text; 5,000 and 5000 are one number."""
    return [found.replace(",", "").replace(" ", "") for found in pattern.findall(fold(text))]
