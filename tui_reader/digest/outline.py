"""Lines → the parts of an issue: its stories, and what is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from tui_reader.digest.lines import (
    NUMBERS,
    Line,
    is_furniture,
    is_noise,
    is_paid,
    is_plea,
    names_a_group,
    plain,
    unlinked,
    weight,
)
from tui_reader.digest.subjects import spread, words
from tui_reader.digest.ways import SECTION, STOP, Part, parts_of
from tui_reader.digest.words import ASIDE, BRIEF, DATED, LINKS

MOST = 100
"""More stories are no issue that somebody reads one by one."""

_SHORT = 160
"""Characters that may stand before the first story of a group."""

_TELLING = 20
"""Letters beside its title that a story has."""

_TERSE = 20
"""Letters of a name that tells no story where most parts are groups."""

_PROSE = 80
"""Letters beside its links that the usual story has where nothing but the look of a part says that it holds some."""

_REMARK = 50
"""The same in a list of links, without which it only says where they lead; half of it below "Quick links"."""

_MANY = (4, 3)
"""Stories, or lines alone, in a part that is a group although neither its name nor another tells so."""

_DEEPEST = 3
"""Groups within groups that are looked into."""

_HOLDING = frozenset({"heading", "bold", "mark", "rule"})
"""Ways in which groups begin."""


_SENTENCE = re.compile(r"[.!?](?:\W|$)|[。！？…]")
"""A full stop, which the name of a source may follow."""


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
    ended = [_ends_a_sentence(lines, part) for part in found.stories]
    if len(ended) > 3 and all(ended[:-1]) and not ended[-1]:
        found.stories.pop()
    return found


def _without_sponsors(lines: Sequence[Line]) -> Sequence[Line]:
    """Items of a list that furniture announces ("Sponsored by:") begin nothing, nor does a title right below it."""
    heard, announced, above = list[Line](), False, False
    for line in lines:
        item = line.block.kind == "item"
        announced = (announced and item) or (line.text.endswith((":", "：")) and is_furniture(line))
        mute = (announced and item) or (above and line.begins in ("bold", "lead"))
        above = not line.begins and len(line.text) < SECTION and is_paid(line)
        heard.append(replace(line, mark="", name="", begins="") if mute else line)
    return heard


def _collect(
    lines: Sequence[Line], first: int, last: int, labels: frozenset[str], found: Outline, *, depth: int
) -> None:
    """Add the stories between two lines, going down into groups."""
    parts = parts_of(lines, first, last, labels, weak=depth > 0)
    if parts and parts[0].way == "heading":
        parts = [*_before_headings(lines, first, parts[0].first, labels), *parts]
    mostly_marked = sum(part.marked for part in parts) * 5 >= len(parts) * 3
    groups = _groups(lines, parts, labels) if depth < _DEEPEST else set()
    corners = _corners(parts, groups)
    for part in parts:
        stray = mostly_marked and not part.marked
        if part in corners or _is_left_out(lines, part, groups):
            found.left_out += 1
        elif part in groups:
            found.groups += 1
            _collect(lines, part.first + 1, part.until, labels, found, depth=depth + 1)
        elif not stray and _says_something(lines, part):
            found.stories.append(part)


def _before_headings(lines: Sequence[Line], first: int, last: int, labels: frozenset[str]) -> list[Part]:
    """Stories that begin in another way than the groups after them; lines alone are contents."""
    parts = parts_of(lines, first, last, labels, weak=False)
    return parts if all(part.last - part.first > 1 and _says_something(lines, part) for part in parts) else []


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
    alike = {part for part in parts if _look(lines, part) in begun and weight(part.name) < SECTION}
    # Whole lists are the groups of an issue, or the texts of its stories if most have one, or they are about its title.
    listed = {part for part in filled - named if inner[part][0].way == "item"}
    filled -= {part for part in listed if len(listed) * 2 > len(parts) or _are_about(lines, part, inner[part])}
    groups = named | filled | alike
    if len(groups) < 2 and not any(len(inner[part]) >= _MANY[inner[part][0].way == "item"] for part in filled):
        groups = named
    if len(groups) * 2 > sum(not is_noise(part.name) and not ASIDE.match(part.name) for part in parts):
        groups |= {part for part in inner if _is_headed(lines, part, inner[part])}
    # Of numbered parts, most are groups, or none is that might be a chapter.
    numbered = {part for part in parts if lines[part.first].mark in NUMBERS}
    if len(numbered & groups) * 2 < len(numbered):
        groups -= {part for part in numbered if not names_a_group(part.name, words=BRIEF)}
    return groups


def _is_left_out(lines: Sequence[Line], part: Part, groups: set[Part]) -> bool:
    """Whether it is furniture, an aside or a calendar."""
    aside = part not in groups and bool(ASIDE.match(part.name))
    return aside or is_noise(part.name) or is_plea(_beginning(lines, part)) or _is_calendar(lines, part)


def _corners(parts: Sequence[Part], groups: set[Part]) -> set[Part]:
    """Where most parts are groups: others with a terse name, after the first of them, such as letters or a word."""
    if len(groups) * 2 <= len(parts):
        return set()
    first = min(part.first for part in groups)
    return {part for part in parts if part.first > first and part not in groups and weight(part.name) < _TERSE}


def _is_calendar(lines: Sequence[Line], part: Part) -> bool:
    """Whether most of the lines below its name begin with a day or an hour."""
    body = lines[part.first + 1 : part.last]
    return len(body) > 1 and sum(bool(DATED.match(line.text)) for line in body) * 2 > len(body)


def _is_group(lines: Sequence[Line], part: Part, inner: Sequence[Part]) -> bool:
    """Whether its name is general, or three links or more follow it nearly at once."""
    linked = all(lines[each.first].links for each in inner)
    if ASIDE.match(part.name):
        least = _REMARK / 2 if names_a_group(part.name) else _REMARK
        return len(inner) > 1 and bool(LINKS.search(part.name)) and _usual(lines, inner) > least
    if part.name.endswith((":", "：")) and all(lines[each.first].begins for each in inner):
        return len(inner) > 1 and _is_headed(lines, part, inner) and _is_prose(lines, inner)
    if names_a_group(part.name):
        return len(inner) > 1 or inner[0].way == "heading" or _is_headed(lines, part, inner)
    return linked and len(inner) > 2 and _before(lines, part, inner) <= _SHORT


def _is_filled(lines: Sequence[Line], part: Part, inner: Sequence[Part]) -> bool:
    """Whether stories begin at once below a short name, and are all there is."""
    first = lines[inner[0].first]
    named_item = first.block.kind == "item" and first.begins
    before = _SHORT if inner[0].way == "heading" or named_item else 0
    if not _is_headed(lines, part, inner, before=before) or not _is_prose(lines, inner):
        return False
    if first.begins == "heading" and first.block.level < lines[part.first].block.level:
        return True
    firsts = [lines[each.first] for each in inner]
    titled = inner[0].way == "title" or all(line.begins in ("heading", "bold") or line.links for line in firsts)
    return len(inner) > 1 and (titled or _are_all_there_is(lines, part, inner))


def _are_all_there_is(lines: Sequence[Line], part: Part, inner: Sequence[Part]) -> bool:
    """Whether most of a part are stories of a line or two, and less comes after them."""
    begin, end = part.first + 1, inner[-1].last
    return len(inner) * 3 >= (end - begin) * 2 and _said(lines, end, part.until) <= _said(lines, begin, end)


def _are_about(lines: Sequence[Line], part: Part, inner: Sequence[Part]) -> bool:
    """Whether every second line or more has a word of the name above: it is one story, told in points."""
    return spread(words(part.name), [words(lines[each.first].text) for each in inner]) >= 0.5


def _is_headed(lines: Sequence[Line], part: Part, inner: Sequence[Part], *, before: int = 0) -> bool:
    """Whether stories begin at once, or nearly, below a short name."""
    name = part.name
    return _before(lines, part, inner) <= before and weight(name) < SECTION and not ASIDE.match(name)


def _inner(lines: Sequence[Line], part: Part, labels: frozenset[str]) -> list[Part]:
    """The parts in it, if most could be stories."""
    if part.until - part.first < 2 or part.way not in _HOLDING or lines[part.first].links:
        return []
    if part.name.endswith(("?", "？")) or is_noise(part.name):
        return []
    inner = parts_of(lines, part.first + 1, part.until, labels, weak=True)
    # A colon is how all of them end, or they are labels.
    colons = sum(each.name.endswith((":", "：")) for each in inner) * 2 > len(inner)
    telling = [each for each in inner if _says_something(lines, each) and colons == each.name.endswith((":", "："))]
    return inner if len(telling) * 2 > len(inner) else []


def _is_prose(lines: Sequence[Line], parts: Sequence[Part]) -> bool:
    """Or one line each, which says something: a sentence, or an item that is no name of a thing.

    Below the last one that a mark begins, the foot of the issue may stand.
    """
    marked = parts[0].way == "mark"
    whole = all(part.last - part.first == 1 for part in (parts[:-1] if marked else parts))
    said = whole and all(part.way in ("item", "mark") or STOP.search(lines[part.first].text) for part in parts)
    return _usual(lines, parts) > (_TELLING if said else _PROSE)


def _usual(lines: Sequence[Line], parts: Sequence[Part]) -> float:
    """Letters beside its links that the usual part has."""
    return median(sum(map(unlinked, lines[part.first : part.last])) for part in parts)


def _before(lines: Sequence[Line], part: Part, inner: Sequence[Part]) -> int:
    return _said(lines, part.first + 1, inner[0].first)


def _said(lines: Sequence[Line], first: int, last: int) -> int:
    return sum(len(line.text) for line in lines[first:last])


def _look(lines: Sequence[Line], part: Part) -> tuple[str, str, str] | None:
    """How a group begins, below its name; None if as any text might."""
    if part.last - part.first < 2 or part.way not in ("heading", "bold") or lines[part.first].links:
        return None
    line = lines[part.first + 1]
    if line.begins == "lead" and not line.mark and not line.links:
        return None
    return (line.begins, line.mark, line.block.kind) if line.begins else None


def _beginning(lines: Sequence[Line], part: Part) -> str:
    """With the line after it, if it ends in a question: that may have the answers to choose from."""
    asks = lines[part.last - 1].text.endswith(("?", "？"))
    return " ".join(line.text for line in lines[part.first : min(part.last + asks, part.first + 5)])


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


def _ends_a_sentence(lines: Sequence[Line], part: Part) -> bool:
    return any(_SENTENCE.search(line.text) for line in lines[part.first : part.last])


def _lists_names(lines: Sequence[Line], part: Part, names: Counter[str]) -> bool:
    """Whether most of its lines are titles of other parts: the issue's contents."""
    body = part.first + (part.way != "item")
    texts = [line.text for line in lines[body : part.last] if line.text]
    if not texts or max(map(len, texts)) > 200:
        return False
    own = plain(part.name)
    others = {name for name, count in names.items() if len(name) > 5 and count > (name == own)}
    listed = [text for text in map(plain, texts) if any(name in text or _shortens(text, name) for name in others)]
    return len(listed) * 2 > len(texts)


def _shortens(text: str, name: str) -> bool:
    return len(text) > 5 and text in name


def _recurring(lines: Iterable[Line]) -> frozenset[str]:
    """Names that come again and again in one form: labels of the parts of each story, such as "What's new".

    A title that comes twice in two forms stands in the contents, too.
    """
    counts = Counter((line.begins, plain(line.name)) for line in lines if line.begins)
    return frozenset(name for (_, name), count in counts.items() if count > 1 and len(name) < 40)


def _distinct(parts: list[Part]) -> list[Part]:
    """In order, and none twice."""
    return list({part.first: part for part in sorted(parts, key=lambda part: part.first)}.values())
