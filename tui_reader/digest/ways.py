"""The ways in which an issue is parted: by headings, marks, lines in bold, lead-ins, links, rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tui_reader.digest.lines import NUMBERS, Line, is_furniture, is_paid, names_a_group, names_a_section, plain, weight
from tui_reader.digest.words import ASIDE, BRIEF

_LEAST = {"heading": 2, "mark": 2, "bold": 2}
"""How many parts a way of parting must find to be believed, else three; two are enough in a group, which says what it
is."""

_ALL_THERE_IS = ("link", "title", "item")
"""Ways that are only believed where every second line or more begins a part."""

STOP = re.compile(r"[.!?。！？…][\W_]{0,8}$")
_HALF = re.compile(r"[.!。！…:：,，;；、][\W_]{0,8}$")
_LINE = 100
"""Letters of a paragraph below which it is one line, and may be a story of that length."""

_LONGEST_TITLE = 140

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
    until: int = 0
    """Where it ends if it is a group, which advertisements do not end."""


def parts_of(lines: Sequence[Line], first: int, last: int, labels: frozenset[str], *, weak: bool) -> list[Part]:
    """By the outermost way that applies, and only one: headings, marks, lines in bold, lead-ins, links, rules.

    `weak`: within a group, where the way that begins at once comes first, and needs no second part.
    """
    ways: Iterable[tuple[str, list[int]]] = _ways(lines, first, last, labels)
    if weak:
        ways = sorted(ways, key=lambda way: way[1][:1] != [first])
    for way, starts in ways:
        least = 1 if weak and starts[:1] == [first] else 2 if weak else _LEAST.get(way, 3)
        if len(starts) >= least and (weak or way not in _ALL_THERE_IS or len(starts) * 2 >= last - first):
            return list(_between(lines, first, last, starts, labels, way=way))
    return []


def _ways(lines: Sequence[Line], first: int, last: int, labels: frozenset[str]) -> Iterator[tuple[str, list[int]]]:
    names = [n for n in range(first, last) if _is_named(lines[n], labels)]
    headings = [n for n in names if lines[n].begins == "heading"]
    for level in _levels(lines, headings):
        own = [n for n in headings if lines[n].block.level == level]
        yield "heading", sorted(own + _beside(lines, headings, own)) if len(own) > 1 else own
    top = [n for n in range(first, last) if lines[n].block.level <= 1 or lines[n].begins == "heading"]
    bold = [n for n in names if lines[n].begins == "bold"]
    chapters = set[int]()
    for starts in _marked(lines, top):
        if _are_chapters(lines, bold, starts):
            chapters.update(starts)
        elif not _lie_within(lines, bold, starts):
            yield "mark", starts
    yield "bold", [n for n in bold if n not in chapters]
    leads = [n for n in names if lines[n].begins in ("bold", "lead")]
    items = [n for n in top if lines[n].block.kind == "item"]
    yield "lead", _after_rules(lines, first, last, leads) or _with_all(items, leads)
    yield "link", _with_all(items, [n for n in names if lines[n].begins == "link"])
    yield "title", _titles(lines, first, last)
    yield "item", items or _short_lines(lines, first, top)
    yield "rule", [n + 1 for n in range(first, last - 1) if lines[n].is_rule and not lines[n + 1].is_rule]


def _is_named(line: Line, labels: frozenset[str]) -> bool:
    return bool(line.begins) and not line.is_rule and plain(line.name) not in labels


def _marked(lines: Sequence[Line], top: Sequence[int]) -> Iterator[list[int]]:
    """Where the two commonest marks stand, those before names first.

    A number that comes at once is the outer one: 1、 before the (1) and (2) within.
    """
    marks = Counter(lines[n].mark for n in top if lines[n].mark and not lines[n].is_rule)
    named = Counter(lines[n].mark for n in top if lines[n].mark and lines[n].begins)
    outer = [lines[n].mark for n in top[:1] if lines[n].mark in NUMBERS and not lines[n].is_rule]
    common = sorted((mark for mark, _ in marks.most_common(2)), key=lambda mark: named[mark] * 2 <= marks[mark])
    for mark in dict.fromkeys((*outer, *common)):
        starts = [n for n in top if lines[n].mark == mark and (lines[n].block.kind != "item" or lines[n].begins)]
        if starts and not _count_anew(lines, starts[1:]):
            yield starts


def _lie_within(lines: Sequence[Line], bold: Sequence[int], starts: Sequence[int]) -> bool:
    """Whether lines in bold part what the marked ones do: each run of these begins right below one, or is one list."""
    above, marked = {n for n in bold if not is_no_story(lines[n])}, set(starts)
    if len(above) < 2 or above & marked:
        return False
    if starts[-1] - starts[0] < len(starts):
        return True
    order = sorted(above | marked)
    return all(n - 1 in above for before, n in pairwise((-1, *order)) if n in marked and before not in marked)


def _are_chapters(lines: Sequence[Line], bold: Sequence[int], starts: Sequence[int]) -> bool:
    """Whether numbered lines in bold part the text of one that has no number, and as many without one follow."""
    before, after = [n for n in bold if n < starts[0]], [n for n in bold if n > starts[-1]]
    if not before or list(starts) != [n for n in bold if starts[0] <= n <= starts[-1]]:
        return False
    return before[-1] < starts[0] - 1 and len(after) >= len(starts) and lines[starts[0]].mark in NUMBERS


def _after_rules(lines: Sequence[Line], first: int, last: int, leads: Sequence[int]) -> list[int]:
    """The first lead-in and those after rules, if most rules have one after them and the others are labels."""
    after = [n for n in range(first + 1, last) if lines[n - 1].is_rule and not lines[n].is_rule]
    starts = [n for n in leads if n == leads[0] or lines[n - 1].is_rule]
    labels = set(leads) - set(starts)
    held = len(starts) > 2 and len(set(after) & set(starts)) * 3 >= len(after) * 2
    return starts if held and all(_ends_in_a_colon(lines[n]) for n in labels) else []


def _ends_in_a_colon(line: Line) -> bool:
    return line.text.partition(line.name)[2].startswith((":", "：")) or line.name.endswith((":", "："))


def _short_lines(lines: Sequence[Line], first: int, top: Sequence[int]) -> list[int]:
    """Sentences that are paragraphs of their own below a name; below "In brief" they may be long, or two."""
    if not first:
        return []
    if names_a_group(lines[first - 1].name, words=BRIEF):
        return [n for n in top if STOP.search(lines[n].text)]
    short = all(STOP.search(lines[n].text) and weight(lines[n].text) < _LINE for n in top)
    return list(top) if short and len(top) > 2 else []


def _with_all(items: Sequence[int], starts: list[int]) -> list[int]:
    """All items, where most are what begins a part, and nothing else does."""
    return list(items) if len(starts) * 2 > len(items) and set(starts) <= set(items) else starts


def _titles(lines: Sequence[Line], first: int, last: int) -> list[int]:
    """Where short lines without a full stop stand above texts that have one, all the way."""
    starts = list[int]()
    for n in range(first, last):
        line = lines[n]
        if line.block.kind != "paragraph" or line.begins:
            return []
        if _is_title(lines, n, last):
            starts.append(n)
        elif not (starts and STOP.search(line.text)):
            return []
    return starts


def _is_title(lines: Sequence[Line], n: int, last: int) -> bool:
    text = lines[n].text
    if len(text) > _LONGEST_TITLE or _HALF.search(text) or n + 1 >= last:
        return False
    below = lines[n + 1].text
    return len(below) > len(text) and bool(STOP.search(below))


def _group_heads(
    lines: Sequence[Line], first: int, last: int, starts: Sequence[int], labels: frozenset[str], *, parted: bool
) -> set[int]:
    """Short lines in bold that are none of the starts, but name a group: two or more begin alike right below.

    No story follows unless another such line heads it: else it were a list within a story. `parted`: only after rules,
    or where the name says so.
    """
    heads, following, begun = set[int](), last, set(starts)
    for n in range(last - 2, first - 1, -1):
        if n in begun:
            following = n
        elif parted and not (n > first and lines[n - 1].is_rule) and not names_a_group(lines[n].name):
            continue
        elif (following in (last, n + 1) or following in heads) and _heads_a_group(lines, n, last, labels):
            heads.add(n)
            following = n
    return heads


def _heads_a_group(lines: Sequence[Line], n: int, last: int, labels: frozenset[str]) -> bool:
    line = lines[n]
    if line.begins != "bold" or line.links or not _is_named(line, labels) or weight(line.name) >= SECTION:
        return False
    alike = [_form(each) for each in lines[n + 1 : min(n + 3, last)]]
    return len(alike) == 2 and alike[0] == alike[1] not in (_form(line), ("", "", "paragraph"))


def _form(line: Line) -> tuple[str, str, str]:
    return line.begins, line.mark, line.block.kind


def _beside(lines: Sequence[Line], headings: Sequence[int], own: Sequence[int]) -> list[int]:
    """Sections of a level below, or of one above that come last."""
    level = lines[own[0]].block.level
    others = [n for n in headings if lines[n].block.level > level or (n > own[-1] and lines[n].block.level < level)]
    return [n for n in others if names_a_section(lines[n])]


def _levels(lines: Sequence[Line], headings: Sequence[int]) -> list[int]:
    """From the outermost in: by their numbers, but small capitals right above a larger heading are its section's."""
    above = {(lines[n - 1].block.level, lines[n].block.level) for n in headings if _is_heading(lines, n - 1)}
    outer = {over for over, under in above if over > under and (under, over) not in above}
    return sorted({lines[n].block.level for n in headings}, key=lambda level: (level not in outer, level))


def _count_anew(lines: Sequence[Line], starts: Sequence[int]) -> bool:
    """Whether numbers begin again in running text, as the lists of an essay do."""
    first = [n for n in starts if _FIRST.match(lines[n].text)]
    return sum(lines[n - 1].begins not in ("bold", "heading") for n in first) > 1


def _between(
    lines: Sequence[Line], first: int, last: int, starts: Sequence[int], labels: frozenset[str], *, way: str
) -> Iterator[Part]:
    heads = set[int]()
    if way in ("heading", "mark"):
        heads = _group_heads(lines, first, last, starts, labels, parted=way == "heading")
    starts = sorted(heads.union(starts))
    for start, following in zip(starts, [*starts[1:], last], strict=True):
        line, own = lines[start], "bold" if start in heads else way
        last, until = _ends(lines, start, following, own)
        yield Part(start, last, line.name or line.text, own, bool(line.mark), until)


def _ends(lines: Sequence[Line], start: int, following: int, way: str) -> tuple[int, int]:
    """Where a part ends as a story, and as a group: before the next one, or before what cannot belong to it."""
    inside = _is_below_heading if way == "heading" else _is_below
    last = following
    for end in range(start + 1, following):
        if is_paid(lines[end]) and inside(lines, start, end, following):
            last = min(last, end)
        elif _is_no_part(lines[end]) or not inside(lines, start, end, following):
            return min(last, end), end
        if way in ("heading", "mark") and _heads_the_next(lines, end, following):
            return min(last, end), end
    return last, following


def _is_no_part(line: Line) -> bool:
    return is_furniture(line) or (line.begins == "bold" and is_no_story(line))


def _is_below(lines: Sequence[Line], start: int, at: int, _: int) -> bool:
    line = lines[at]
    if line.is_rule or line.begins == "heading":
        return False
    return lines[start].block.kind != "item" or line.block.level > 0


def _is_below_heading(lines: Sequence[Line], start: int, at: int, following: int) -> bool:
    """A rule is, too, unless nothing or no story follows. Small capitals have the larger heading right below."""
    line, level = lines[at], lines[start].block.level
    if line.begins == "heading":
        least = min(level, lines[start + 1].block.level) if _is_heading(lines, start + 1) else level
        return not (line.block.level < least or line.block.level == level or names_a_section(line))
    return not line.is_rule or not (at + 1 >= following or is_no_story(lines[at + 1]))


def _is_heading(lines: Sequence[Line], at: int) -> bool:
    return at >= 0 and lines[at].begins == "heading"


def _heads_the_next(lines: Sequence[Line], at: int, following: int) -> bool:
    """Whether a line in bold without a mark stands right before the next part: it names a group, or its section."""
    line = lines[at]
    return at + 1 == following and line.begins == "bold" and not line.mark and weight(line.name) < SECTION


def is_no_story(line: Line) -> bool:
    """Whether it is furniture, or names an aside such as the contents."""
    return is_furniture(line) or bool(ASIDE.match(line.name))
