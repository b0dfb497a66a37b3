"""Lines → the parts of an issue: its stories, and what is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from tui_reader.digest.lines import Line
from tui_reader.digest.words import ASIDE, BRIEF, GROUP, LINKS, NOISE, PLEA

MOST = 100
"""More stories are no issue that somebody reads one by one."""

_LEAST = {"heading": 2, "mark": 2, "bold": 2, "lead": 3, "link": 3, "item": 3, "rule": 3}
"""How many parts a way of parting must find to be believed; two are enough in a group, which says what it is."""

_HOLDING = frozenset({"heading", "bold", "mark", "rule"})
"""Ways in which groups begin."""

_NUMBERS = frozenset({"number", "closed number", "circled", "hanzi", "counted"})

_FIRST = re.compile(r"[\W_]*(?:1|①|一)[^\w①-⑳]")

_WIDE = re.compile(r"[^\W\u0000-\u33ff]")

_SHORT = 160
"""Characters that may stand before the first story of a group."""

_SECTION = 40
"""Letters of a name above which it tells a story and names no group."""

_TELLING = 30
"""Letters beside its title that a story has."""

_PROSE = 80
"""Letters beside its links that the usual story has where nothing but the look of a part says that it holds some."""

_MANY = 4
"""Stories in a part that is a group although neither its name nor another tells so."""

_PLEA = 240
"""Characters below which a line that asks for something says nothing else."""

_DEEPEST = 3
"""Groups within groups that are looked into."""


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
    lines = _without_sponsors(lines)
    labels = _recurring(lines)
    _collect(lines, 0, _end_of_issue(lines), labels, found, depth=0)
    if len(found.stories) > MOST:
        return Outline()
    names = Counter(plain(part.name) for part in found.stories)
    contents = [part for part in found.stories if _lists_names(lines, part, names)]
    found.contents = bool(contents)
    found.stories = _distinct([part for part in found.stories if part not in contents])
    return found


def _without_sponsors(lines: Sequence[Line]) -> Sequence[Line]:
    """Items of a list that furniture announces ("Sponsored by:") begin nothing."""
    heard, announced = list[Line](), False
    for line in lines:
        item = line.block.kind == "item"
        announced = (announced and item) or (line.text.endswith((":", "：")) and is_furniture(line))
        heard.append(replace(line, mark="", name="", begins="") if announced and item else line)
    return heard


def _collect(
    lines: Sequence[Line], first: int, last: int, labels: frozenset[str], found: Outline, *, depth: int
) -> None:
    """Add the stories between two lines, going down into groups."""
    parts = _parts(lines, first, last, labels, weak=depth > 0)
    mostly_marked = sum(part.marked for part in parts) * 5 >= len(parts) * 3
    groups = _groups(lines, parts, labels) if depth < _DEEPEST else set()
    for part in parts:
        stray = mostly_marked and not part.marked
        if NOISE.match(part.name) or (part not in groups and ASIDE.match(part.name)) or _is_plea(lines, part):
            found.left_out += 1
        elif part in groups and (not stray or _names_a_section(lines[part.first])):
            found.groups += 1
            _collect(lines, part.first + 1, part.last, labels, found, depth=depth + 1)
        elif not stray and _says_something(lines, part):
            found.stories.append(part)


# --- ways of parting


def _parts(lines: Sequence[Line], first: int, last: int, labels: frozenset[str], *, weak: bool) -> list[Part]:
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
        beside = [n for n in headings if lines[n].block.level > level and _names_a_section(lines[n])]
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
    if BRIEF.fullmatch(_bare(lines[first - 1].name if first else "")):
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
        if line.begins == "heading" and (way != "heading" or line.block.level < level or _names_a_section(line)):
            break
        if way == "heading" and line.begins == "heading" and line.block.level == lines[start].block.level:
            break
        if way in ("heading", "mark") and _heads_the_next(lines, end, following):
            break
        if line.is_rule and (way != "heading" or end + 1 >= following or _is_no_story(lines[end + 1])):
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
    return at + 1 == following and line.begins == "bold" and not line.mark and weight(line.name) < _SECTION


def _end_of_issue(lines: Sequence[Line]) -> int:
    """Without the furniture at its end."""
    last = len(lines)
    while last and (lines[last - 1].is_rule or is_furniture(lines[last - 1])):
        last -= 1
    return last


# --- what a part is


def _groups(lines: Sequence[Line], parts: Sequence[Part], labels: frozenset[str]) -> set[Part]:
    """Those that hold stories, and are none. One that no name tells has many, or another begins as it does."""
    inner = {part: within for part in parts if (within := _inner(lines, part, labels))}
    named = {part for part, within in inner.items() if _is_group(lines, part, within)}
    filled = {part for part, within in inner.items() if _is_filled(lines, part, within)}
    begun = {_look(lines, part) for part in named | filled} - {None}
    alike = {part for part in parts if _look(lines, part) in begun and weight(part.name) < _SECTION}
    groups = named | filled | alike
    if len(groups) < 2 and not any(len(inner[part]) >= _MANY for part in filled):
        groups = named
    # Of numbered parts, most are groups, or none is that might be a chapter.
    numbered = {part for part in parts if lines[part.first].mark in _NUMBERS}
    if len(numbered & groups) * 2 < len(numbered):
        groups -= {part for part in numbered if not BRIEF.fullmatch(_bare(part.name))}
    return groups


def _is_group(lines: Sequence[Line], part: Part, inner: Sequence[Part]) -> bool:
    """Whether its name is general, or three links or more follow it nearly at once."""
    linked = all(lines[each.first].links for each in inner)
    if ASIDE.match(part.name):
        return linked and len(inner) > 1 and bool(LINKS.search(part.name)) and _is_prose(lines, inner)
    if GROUP.fullmatch(_bare(part.name)):
        return len(inner) > 1 or inner[0].way == "heading"
    return linked and len(inner) > 2 and _before(lines, part, inner) <= _SHORT


def _is_filled(lines: Sequence[Line], part: Part, inner: Sequence[Part]) -> bool:
    """Whether stories begin at once below a short name, and are all there is."""
    before = _SHORT if inner[0].way == "heading" else 0
    if _before(lines, part, inner) > before or weight(part.name) >= _SECTION or ASIDE.match(part.name):
        return False
    if not _is_prose(lines, inner):
        return False
    first = lines[inner[0].first]
    if first.begins == "heading" and first.block.level < lines[part.first].block.level:
        return True
    titled = inner[0].way in ("heading", "bold") or all(lines[each.first].links for each in inner)
    return len(inner) > 1 and (titled or len(inner) * 3 >= (part.last - part.first - 1) * 2)


def _inner(lines: Sequence[Line], part: Part, labels: frozenset[str]) -> list[Part]:
    """The parts in it, if most could be stories."""
    if part.last - part.first < 3 or part.way not in _HOLDING or lines[part.first].links:
        return []
    if part.name.endswith(("?", "？")):
        return []
    inner = _parts(lines, part.first + 1, part.last, labels, weak=True)
    telling = [each for each in inner if _says_something(lines, each) and not each.name.endswith((":", "："))]
    return inner if len(telling) * 2 > len(inner) else []


def _is_prose(lines: Sequence[Line], parts: Sequence[Part]) -> bool:
    return median(sum(map(unlinked, lines[part.first : part.last])) for part in parts) > _PROSE


def _before(lines: Sequence[Line], part: Part, inner: Sequence[Part]) -> int:
    return sum(len(line.text) for line in lines[part.first + 1 : inner[0].first])


def _look(lines: Sequence[Line], part: Part) -> tuple[str, str, str] | None:
    """How a group begins, below its name; None if as any text might."""
    if part.last - part.first < 2 or part.way not in ("heading", "bold") or lines[part.first].links:
        return None
    line = lines[part.first + 1]
    if line.begins == "lead" and not line.mark and not line.links:
        return None
    return (line.begins, line.mark, line.block.kind) if line.begins else None


def _is_plea(lines: Sequence[Line], part: Part) -> bool:
    """Whether it is short and wants something of the reader."""
    text = " ".join(line.text for line in lines[part.first : min(part.last, part.first + 5)])
    return len(text) < _PLEA and bool(PLEA.search(text))


def _says_something(lines: Sequence[Line], part: Part) -> bool:
    """More than a title and links: a text, or at least a line beside its link."""
    line, length = lines[part.first], 0
    if part.way not in ("heading", "bold"):
        length = unlinked(line) if line.begins == "link" else weight(line.text) - weight(line.name)
    for line in lines[part.first + 1 : part.last]:
        if length >= _TELLING:
            break
        length += unlinked(line)
    return length >= _TELLING


def _lists_names(lines: Sequence[Line], part: Part, names: Counter[str]) -> bool:
    """Whether most of its lines are titles of other parts: the issue's contents."""
    body = part.first + (part.way != "item")
    texts = [line.text for line in lines[body : part.last] if line.text]
    if not texts or max(map(len, texts)) > 200:
        return False
    own = plain(part.name)
    others = {name for name, count in names.items() if len(name) > 5 and count > (name == own)}
    listed = [text for text in map(plain, texts) if any(name in text for name in others)]
    return len(listed) * 2 > len(texts)


def _is_no_story(line: Line) -> bool:
    return is_furniture(line) or bool(ASIDE.match(line.name))


def _names_a_section(line: Line) -> bool:
    """Whether a heading, whatever its level, stands beside the stories and not within one."""
    name = line.name
    return bool(NOISE.match(name) or ASIDE.match(name) or GROUP.fullmatch(_bare(name)))


def _recurring(lines: Iterable[Line]) -> frozenset[str]:
    """Names that come again and again in one form: labels of the parts of each story, such as "What's new".

    A title that comes twice in two forms stands in the contents, too.
    """
    counts = Counter((line.begins, plain(line.name)) for line in lines if line.begins)
    return frozenset(name for (_, name), count in counts.items() if count > 1 and len(name) < 40)


def _distinct(parts: list[Part]) -> list[Part]:
    """In order, and none twice."""
    return list({part.first: part for part in sorted(parts, key=lambda part: part.first)}.values())


def _bare(name: str) -> str:
    """Without what numbers and adorns it."""
    return name.strip(" :：.。!！【】[]()（）#*·—-")


def weight(text: str) -> int:
    """Letters; a Chinese character says as much as two and a half."""
    letters = sum(map(str.isalnum, text))
    return letters if text.isascii() else (2 * letters + 3 * len(_WIDE.findall(text))) // 2


def plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def unlinked(line: Line) -> int:
    return weight(line.text) - weight(line.linked)


def is_furniture(line: Line) -> bool:
    if NOISE.match(line.name or line.text):
        return len(line.text) < 600
    return len(line.text) < _PLEA and bool(PLEA.search(line.text))
