"""The ways in which an issue is parted: by headings, marks, lines in bold, lead-ins, links, rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tui_reader.digest.lines import Line, bare, is_furniture, names_a_section, plain, weight
from tui_reader.digest.words import ASIDE, BRIEF

_LEAST = {"heading": 2, "mark": 2, "bold": 2, "lead": 3, "link": 3, "item": 3, "rule": 3}
"""How many parts a way of parting must find to be believed; two are enough in a group, which says what it is."""

_FIRST = re.compile(r"[\W_]*(?:1|①|一)[^\w①-⑳]")

SECTION = 40
"""Letters of a name above which it tells a story and names no group."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines `first` to `last` (half-open), of which the first names it."""

    first: int
    last: int
    name: str
    way: str
    marked: bool = False


def parts_of(lines: Sequence[Line], first: int, last: int, labels: frozenset[str], *, weak: bool) -> list[Part]:
    """By the outermost way that applies, and only one: headings, marks, lines in bold, lead-ins, links, rules.

    `weak`: within a group, where the way that begins at once comes first, and needs no second part.
    """
    ways: Iterable[tuple[str, list[int]]] = _ways(lines, first, last, labels)
    if weak:
        ways = sorted(ways, key=lambda way: way[1][:1] != [first])
    for way, starts in ways:
        least = 1 if weak and starts[:1] == [first] else 2 if weak else _LEAST[way]
        if len(starts) >= least and (weak or way != "link" or len(starts) * 2 > last - first):
            return list(_between(lines, starts, last, way))
    return []


def _ways(lines: Sequence[Line], first: int, last: int, labels: frozenset[str]) -> Iterator[tuple[str, list[int]]]:
    names = [
        n for n in range(first, last) if lines[n].begins and not lines[n].is_rule and plain(lines[n].name) not in labels
    ]
    headings = [n for n in names if lines[n].begins == "heading"]
    for level in _levels(lines, headings):
        own = [n for n in headings if lines[n].block.level == level]
        beside = [n for n in headings if lines[n].block.level > level and names_a_section(lines[n])]
        yield "heading", sorted(own + beside) if len(own) > 1 else own
    top = [n for n in range(first, last) if lines[n].block.level <= 1 or lines[n].begins == "heading"]
    marks = Counter(lines[n].mark for n in top if lines[n].mark)
    # The mark that comes at once is the outer one: 1、 before the (1) and (2) within.
    outer = [lines[n].mark for n in top[:1] if lines[n].mark]
    for mark in dict.fromkeys((*outer, *(mark for mark, _ in marks.most_common(2)))):
        starts = [n for n in top if lines[n].mark == mark and (lines[n].block.kind != "item" or lines[n].begins)]
        if not _count_anew(lines, starts[1:]):
            yield "mark", starts
    yield "bold", [n for n in names if lines[n].begins == "bold"]
    yield "lead", [n for n in names if lines[n].begins in ("bold", "lead")]
    yield "link", [n for n in names if lines[n].begins == "link"]
    if BRIEF.fullmatch(bare(lines[first - 1].name if first else "")):
        yield "item", [n for n in top if lines[n].block.kind == "item"]
    yield "rule", [n + 1 for n in range(first, last - 1) if lines[n].is_rule and not lines[n + 1].is_rule]


def _levels(lines: Sequence[Line], headings: Sequence[int]) -> list[int]:
    """From the outermost in: by their numbers, but small capitals right above a larger heading are its section's."""
    above = {(lines[n - 1].block.level, lines[n].block.level) for n in headings if _is_heading(lines, n - 1)}
    outer = {over for over, under in above if over > under and (under, over) not in above}
    return sorted({lines[n].block.level for n in headings}, key=lambda level: (level not in outer, level))


def _count_anew(lines: Sequence[Line], starts: Sequence[int]) -> bool:
    """Whether numbers begin again in running text, as the lists of an essay do."""
    first = [n for n in starts if _FIRST.match(lines[n].text)]
    return sum(lines[n - 1].begins not in ("bold", "heading") for n in first) > 1


def _between(lines: Sequence[Line], starts: list[int], last: int, way: str) -> Iterator[Part]:
    for start, following in zip(starts, [*starts[1:], last], strict=True):
        line = lines[start]
        yield Part(start, _end(lines, start, following, way), line.name or line.text, way, bool(line.mark))


def _end(lines: Sequence[Line], start: int, following: int, way: str) -> int:
    """Where a part ends: before the next one, or before what cannot belong to it."""
    level = lines[start].block.level
    if start + 1 < following and _is_heading(lines, start + 1):
        level = min(level, lines[start + 1].block.level)
    end = start + 1
    while end < following:
        line = lines[end]
        if line.begins == "heading" and (way != "heading" or line.block.level < level or names_a_section(line)):
            break
        if way == "heading" and line.begins == "heading" and line.block.level == lines[start].block.level:
            break
        if way in ("heading", "mark") and _heads_the_next(lines, end, following):
            break
        if line.is_rule and (way != "heading" or end + 1 >= following or is_no_story(lines[end + 1])):
            break
        if is_furniture(line) or (lines[start].block.kind == "item" and not line.block.level):
            break
        end += 1
    return end


def _is_heading(lines: Sequence[Line], at: int) -> bool:
    return at >= 0 and lines[at].begins == "heading"


def _heads_the_next(lines: Sequence[Line], at: int, following: int) -> bool:
    """Whether a line in bold without a mark stands right before the next part: it names a group, or its section."""
    line = lines[at]
    return at + 1 == following and line.begins == "bold" and not line.mark and weight(line.name) < SECTION


def is_no_story(line: Line) -> bool:
    return is_furniture(line) or bool(ASIDE.match(line.name))
