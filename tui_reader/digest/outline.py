"""Lines → the parts of an issue: its stories, and what is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tui_reader.digest.lines import Line
from tui_reader.digest.words import ASIDE, GROUP, NOISE

MOST = 100
"""More stories are no issue that somebody reads one by one."""

_LEAST = {"heading": 2, "mark": 2, "bold": 2, "lead": 3, "link": 3, "rule": 3}
"""How many parts a way of parting must find to be believed; two are enough in a group, which says what it is."""

_WIDE = re.compile(r"[^\W\u0000-\u33ff]")

_SHORT = 160
"""Characters that may stand before the first story of a group."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines `first` to `last` (half-open), of which the first names it."""

    first: int
    last: int
    name: str
    way: str
    marked: bool = False


@dataclass(slots=True)
class Outline:
    stories: list[Part] = field(default_factory=list)
    left_out: int = 0
    """Parts that are furniture, contents or link lists."""
    groups: int = 0
    """Parts that hold several stories, such as "In brief"."""
    contents: bool = False
    """Whether a part lists the titles of the others."""


def outline(lines: Sequence[Line]) -> Outline:
    found = Outline()
    labels = _recurring(lines)
    _collect(lines, 0, _end_of_issue(lines), labels, found, depth=0)
    if len(found.stories) > MOST:
        return Outline()
    names = {_plain(part.name) for part in found.stories}
    contents = [part for part in found.stories if _lists_names(lines, part, names)]
    found.contents = bool(contents)
    found.stories = _distinct([part for part in found.stories if part not in contents])
    return found


def _collect(
    lines: Sequence[Line], first: int, last: int, labels: frozenset[str], found: Outline, *, depth: int
) -> None:
    """Add the stories between two lines, going down into groups."""
    parts = _parts(lines, first, last, labels, weak=depth > 0)
    mostly_marked = sum(part.marked for part in parts) * 5 >= len(parts) * 3
    groups = {part for part in parts if depth < 3 and _is_group(lines, part, labels)}
    if groups:
        groups |= {part for part in parts if _may_be_group(lines, part)}
    for part in parts:
        if part in groups:
            found.groups += 1
            _collect(lines, part.first + 1, part.last, labels, found, depth=depth + 1)
        elif NOISE.match(part.name) or ASIDE.match(part.name) or (mostly_marked and not part.marked):
            found.left_out += 1
        elif _says_something(lines, part):
            found.stories.append(part)


# --- ways of parting


def _parts(lines: Sequence[Line], first: int, last: int, labels: frozenset[str], *, weak: bool) -> list[Part]:
    """By the outermost way that applies, and only one: headings, marks, lines in bold, lead-ins, links, rules."""
    for way, starts in _ways(lines, first, last, labels):
        least = 2 if weak else _LEAST[way]
        if weak and way == "mark" and starts[:1] == [first]:
            least = 1
        if len(starts) >= least and (weak or way != "link" or len(starts) * 2 > last - first):
            return list(_between(lines, starts, last, way))
    return []


def _ways(lines: Sequence[Line], first: int, last: int, labels: frozenset[str]) -> Iterator[tuple[str, list[int]]]:
    names = [n for n in range(first, last) if lines[n].begins and _plain(lines[n].name) not in labels]
    headings = [n for n in names if lines[n].begins == "heading"]
    for level in sorted({lines[n].block.level for n in headings}):
        yield "heading", [n for n in headings if lines[n].block.level == level]
    top = [n for n in range(first, last) if lines[n].block.level <= 1 or lines[n].begins == "heading"]
    marks = Counter(lines[n].mark for n in top if lines[n].mark)
    # The mark that comes at once is the outer one: 1、 before the (1) and (2) within.
    outer = [lines[n].mark for n in top[:1] if lines[n].mark]
    for mark in dict.fromkeys((*outer, *(mark for mark, _ in marks.most_common(2)))):
        yield "mark", [n for n in top if lines[n].mark == mark and (lines[n].block.kind != "item" or lines[n].begins)]
    yield "bold", [n for n in names if lines[n].begins == "bold"]
    yield "lead", [n for n in names if lines[n].begins in ("bold", "lead")]
    yield "link", [n for n in names if lines[n].begins == "link"]
    yield "rule", [n + 1 for n in range(first, last - 1) if lines[n].is_rule and not lines[n + 1].is_rule]


def _between(lines: Sequence[Line], starts: list[int], last: int, way: str) -> Iterator[Part]:
    for start, following in zip(starts, [*starts[1:], last], strict=True):
        line = lines[start]
        yield Part(start, _end(lines, start, following, way), line.name or line.text, way, bool(line.mark))


def _end(lines: Sequence[Line], start: int, following: int, way: str) -> int:
    """Where a part ends: before the next one, or before what cannot belong to it."""
    end = start + 1
    while end < following:
        line = lines[end]
        if line.begins == "heading" and (way != "heading" or line.block.level <= lines[start].block.level):
            break
        if line.begins == "heading" and (NOISE.match(line.name) or ASIDE.match(line.name)):
            break
        if way == "mark" and _heads_marks(lines, end, following):
            break
        if line.is_rule and (way != "heading" or end + 1 >= following or _is_furniture(lines[end + 1])):
            break
        if _is_furniture(line):
            break
        end += 1
    return end


def _heads_marks(lines: Sequence[Line], at: int, following: int) -> bool:
    """Whether a line in bold without a mark stands right before the next marked one: it names a group."""
    return lines[at].begins == "bold" and not lines[at].mark and at + 1 == following


def _end_of_issue(lines: Sequence[Line]) -> int:
    """Without the furniture at its end."""
    last = len(lines)
    while last and (lines[last - 1].is_rule or _is_furniture(lines[last - 1])):
        last -= 1
    return last


# --- what a part is


def _is_group(lines: Sequence[Line], part: Part, labels: frozenset[str]) -> bool:
    """Whether it holds stories, and is none: a general name, or next to nothing before the first of several leads."""
    if part.way not in ("heading", "bold", "mark", "rule") or NOISE.match(part.name) or part.last - part.first < 3:
        return False
    inner = _parts(lines, part.first + 1, part.last, labels, weak=True)
    if len(inner) < 2:
        return False
    if GROUP.fullmatch(_bare(part.name)):
        return True
    before = sum(len(line.text) for line in lines[part.first + 1 : inner[0].first])
    linked = all(lines[each.first].links for each in inner)
    return linked and len(inner) >= 3 and before <= _SHORT and not ASIDE.match(part.name)


def _may_be_group(lines: Sequence[Line], part: Part) -> bool:
    """Among groups: one with a single story, which begins at once with a number and a link."""
    body = lines[part.first + 1 : part.last]
    starts = bool(body and body[0].mark and body[0].begins and body[0].links)
    return starts and part.way == "heading" and not lines[part.first].links


def _says_something(lines: Sequence[Line], part: Part) -> bool:
    """More than a title: a text, or at least a line beside its link."""
    body = lines[part.first + 1 : part.last]
    length = sum(weight(line.text) for line in body if line.block.kind != "rule")
    if part.way not in ("heading", "bold"):
        length += weight(lines[part.first].text) - weight(part.name) * (part.name != lines[part.first].text)
    return length >= 40


def _lists_names(lines: Sequence[Line], part: Part, names: set[str]) -> bool:
    """Whether most of its lines are titles of other parts: the issue's contents."""
    texts = [line.text for line in lines[part.first : part.last] if line.text]
    if len(texts) < 3 or max(map(len, texts)) > 200:
        return False
    others = {name for name in names if len(name) > 5} - {_plain(part.name)}
    listed = [text for text in map(_plain, texts) if any(name in text for name in others)]
    return len(listed) * 2 > len(texts)


def _is_furniture(line: Line) -> bool:
    return bool(NOISE.match(line.name or line.text)) and len(line.text) < 600


def _recurring(lines: Iterable[Line]) -> frozenset[str]:
    """Names that come again and again in one form: labels of the parts of each story, such as "What's new".

    A title that comes twice in two forms stands in the contents, too.
    """
    counts = Counter((line.begins, _plain(line.name)) for line in lines if line.begins)
    return frozenset(name for (_, name), count in counts.items() if count > 1 and len(name) < 40)


def _distinct(parts: list[Part]) -> list[Part]:
    """In order, and none twice."""
    return list({part.first: part for part in sorted(parts, key=lambda part: part.first)}.values())


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _bare(name: str) -> str:
    """Without what numbers and adorns it."""
    return name.strip(" :：.。!！【】[]()（）#*·—-")


def weight(text: str) -> int:
    """Letters; a Chinese character says as much as two and a half."""
    return (2 * sum(map(str.isalnum, text)) + 3 * len(_WIDE.findall(text))) // 2
