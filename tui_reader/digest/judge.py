"""Whether what an outline has found are stories of their own, or the parts of one article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from urllib.parse import urlsplit

from tui_reader.digest.lines import Line, bare, is_furniture, plain, unlinked, weight
from tui_reader.digest.outline import MOST, Outline
from tui_reader.digest.subjects import names, sameness, spread, words
from tui_reader.digest.ways import Part
from tui_reader.digest.words import DATE, ESSAY, GREETING, ISSUE, LETTER, NUMBERED, RELEASE, SINGLE, STEP, TELLING

ENOUGH = 6
"""Points that make a digest."""

_SHORT = 800
"""Letters below which the usual story is short for a chapter."""

_THIN = 80
"""Letters beside its links below which the usual part is a note, and no story."""

_BARE = 10
"""Letters of a title without a link below which it names a kind of thing ("Advanced", 入门) and no story."""

_BARE_LEAD = 5
"""The same of a lead-in, which may be the name of a company."""

_TERSE = 16
"""Letters of the usual title below which they are rather of chapters."""

_LONG = 4000
"""Characters of the usual story above which the issue is rather an essay in chapters."""

_NUMBER = re.compile(r"[\W_]{0,4}(?:no|nr|vol|issue|第)?[\W_]{0,4}\d", re.IGNORECASE)

_CLOCK = re.compile(r"\W*[012]?\d[:：.][0-5]\d\b")
"""When a part of an event begins."""

_COUNT = re.compile(r"(?<![\w.])\d+(?=\s+[^\W\d]|\s*[个個款条條种種件位家本部])")

_LISTED = re.compile(r"[,;，；、|｜]\s*|\s/\s|：")

_PARTED = re.compile(r"[;；|｜]")
"""What stands between the subjects of a title, and in no other."""

_FULL_STOP = re.compile(r"[.!。！…][\W_]{0,8}(?:[㐀-鿿]{1,4}\W{0,3})?$", re.MULTILINE)
"""At the end of a line, but for the name of its source."""


def is_digest(title: str, lines: Sequence[Line], found: Outline, *, feed_title: str = "") -> bool:
    """At least three stories, nothing that speaks against it, and points enough from different signs."""
    if len(found.stories) < 3 or vetoes(title, lines, found):
        return False
    return sum(signals(title, lines, found, feed_title=feed_title).values()) >= ENOUGH


def signals(title: str, lines: Sequence[Line], found: Outline, *, feed_title: str = "") -> dict[str, int]:
    """What speaks for a digest or, below zero, against it, and how much."""
    stories = found.stories
    texts = [_text(lines, part) for part in stories]
    points = _named(title, feed_title, found.stories) | _built(title, lines, found, texts)
    # A few words have little in common, whatever they are about.
    points |= {"notes": -2} if _are_notes(lines, stories, texts) else _apart(title, feed_title, texts)
    if any(points[sign] for sign in ("title", "feed", "numbered", "greeting", "named")):
        points["nameless"] = points["terse"] = 0
    return {name: int(value) for name, value in points.items() if value}


def _named(title: str, feed_title: str, stories: Sequence[Part]) -> dict[str, int]:
    """Whether it calls itself an issue of something, or one piece, which the feed's own name does not say."""
    told = title.replace(feed_title, "") if feed_title else title
    single = bool(SINGLE.search(told)) or _counts(told, stories)
    several = len(_PARTED.findall(title)) > 1 or bool(ISSUE.search(SINGLE.sub("", title)))
    return {
        "title": 2 * bool(ISSUE.search(title) or DATE.fullmatch(title)),
        "feed": bool(LETTER.search(feed_title)),
        "numbered": bool(NUMBERED.search(title)) or _numbers_its_feed(title, feed_title),
        "one piece": -4 * (single and not several),
        "title lists": len([each for each in _LISTED.split(title) if len(each) > 3]) >= 3,
    }


def _built(title: str, lines: Sequence[Line], found: Outline, texts: Sequence[str]) -> dict[str, int]:
    """Whether it is made as issues are."""
    stories = found.stories
    count = len(stories)
    own = _distinct_share([_targets(lines, part) for part in stories])
    whole = _longer(stories)
    linked = sum(lines[part.first].begins == "link" or bool(lines[part.first].links) for part in stories)
    return {
        "labels": 3 * (_labelled(lines, whole) * 2 >= len(whole)),
        "contents": found.contents or _announced(lines, stories),
        "named": _names_stories(title, stories),
        "greeting": bool(GREETING.search(" ".join(line.text for line in lines[: stories[0].first])[:2000])),
        "links": 2 if own >= 0.6 else own >= 0.3,
        "linked titles": 2 * (linked * 5 >= count * 3),
        "marked": sum(part.marked for part in stories) * 5 >= count * 3,
        "short": median(map(weight, texts)) < _SHORT,
        "groups": bool(found.groups),
        "furniture": bool(found.left_out) or any(map(is_furniture, lines[stories[0].last : stories[-1].first])),
        "many": count >= 6,
        "terse": -2 * _are_terse(lines, stories),
        "nameless": -3 * (not found.groups and all(part.way == "item" for part in stories)),
        "rest": -2 * (sum(map(len, texts)) * 3 < sum(len(line.text) for line in lines) * 2),
    }


def _apart(title: str, feed_title: str, texts: Sequence[str]) -> dict[str, int]:
    """Whether each is about something else. The parts of an essay come back to its subject, which its title names."""
    of_each = [names(text) for text in texts]
    enough = sum(map(len, of_each)) >= len(texts) * 2
    vocabulary = [words(text) for text in texts]
    return {
        "names": enough * _grade(sameness(of_each), ((0.03, 2), (0.06, 1), (0.14, 0))),
        "words": _grade(sameness(vocabulary), ((0.02, 3), (0.03, 2), (0.06, 1), (0.1, 0))),
        "subject": _grade(spread(words(title) - words(feed_title), vocabulary), ((0, 0), (0.4, 1), (0.7, 0))),
    }


def _counts(title: str, stories: Sequence[Part]) -> bool:
    """Whether the title says how many parts there are, as that of a list does."""
    return any(int(each) == len(stories) for each in _COUNT.findall(NUMBERED.sub("", title)))


def _grade(share: float, steps: Sequence[tuple[float, int]]) -> int:
    """The points of the first step that the share does not go beyond; beyond all, two against it."""
    return next((points for limit, points in steps if share <= limit), -2)


def _numbers_its_feed(title: str, feed_title: str) -> bool:
    """Whether it begins with the name of the feed, and then a number."""
    shared = next((n for n, (one, other) in enumerate(zip(title, feed_title, strict=False)) if one != other), 0)
    shared = shared or min(len(title), len(feed_title))
    return weight(title[:shared]) >= _BARE and bool(_NUMBER.match(title, shared))


def vetoes(title: str, lines: Sequence[Line], found: Outline) -> tuple[str, ...]:
    """What no sign outweighs."""
    names = [part.name.strip() for part in found.stories]
    count = len(names)
    questions = sum(name.endswith(("?", "？")) for name in names)
    lengths = [len(_text(lines, part)) for part in found.stories]
    short = [part for part in found.stories if _is_bare(lines[part.first], part.name)]
    code = sum(any(line.block.kind == "code" for line in lines[part.first : part.last]) for part in found.stories)
    against = {
        "questions": questions > 2 and questions * 5 > count * 2,
        "chapters": sum(bool(ESSAY.fullmatch(name)) for name in names) >= 2,
        "steps": sum(bool(STEP.match(name)) for name in names) * 2 >= count,
        "release": len({name for line in lines if RELEASE.fullmatch(name := bare(line.name).casefold())}) > 1,
        "programme": sum(bool(_CLOCK.match(name)) for name in names) * 2 > count,
        "manual": code * 3 >= count,
        "bare names": len(short) * 2 > count,
        "long": bool(lengths) and median(lengths) > _LONG,
    }
    return tuple(name for name, holds in against.items() if holds)


def _is_bare(line: Line, name: str) -> bool:
    return weight(name) < (_BARE_LEAD if line.begins == "lead" else _BARE) and not line.links


def _are_terse(lines: Sequence[Line], stories: Sequence[Part]) -> bool:
    """Whether titles, which lines alone are not, are as short as those of chapters."""
    titles = [weight(part.name) for part in stories if lines[part.first].begins]
    return bool(titles) and median(titles) < _TERSE


def _are_notes(lines: Sequence[Line], stories: Sequence[Part], texts: Sequence[str]) -> bool:
    """Whether most are next to nothing but links, or end without a full stop."""
    beside = [sum(map(unlinked, lines[part.first : part.last])) for part in stories]
    notes = [said < _THIN and bool(_targets(lines, part)) for part, said in zip(stories, beside, strict=True)]
    return sum(notes) * 2 > len(notes) or sum(bool(_FULL_STOP.search(text)) for text in texts) * 2 < len(texts)


def _longer(stories: Sequence[Part]) -> list[Part]:
    """Those of more than a line, which have room for labels, if there are some."""
    return longer if len(longer := [part for part in stories if part.last - part.first > 1]) > 2 else list(stories)


def _text(lines: Sequence[Line], part: Part) -> str:
    """Without the labels that all stories have."""
    return "\n".join(TELLING.sub("", line.text, count=1) for line in lines[part.first : part.last])


def _targets(lines: Sequence[Line], part: Part) -> set[str]:
    return {href for line in lines[part.first : part.last] for href in line.links}


def _distinct_share(targets: Sequence[set[str]]) -> float:
    """The share of stories with a link to a page that no other story links to."""
    seen = Counter(href for some in targets for href in some)
    own = [some for some in targets if any(seen[href] == 1 and urlsplit(href).path.strip("/") for href in some)]
    return len(own) / len(targets)


def _names_stories(title: str, stories: Sequence[Part]) -> int:
    """Whether the title names two stories as they name themselves, or even most of them."""
    listed = {plain(each) for each in _LISTED.split(title) if weight(each) >= _BARE}
    named = sum(plain(part.name) in listed for part in stories)
    return 5 * (named > 2 and named * 2 >= len(stories)) or 3 * (named > 1)


def _announced(lines: Sequence[Line], stories: Sequence[Part]) -> bool:
    """Whether items or a list in one line before the first story name two or more."""
    names = [plain(part.name) for part in stories]
    listed = list[str]()
    for line in lines[: stories[0].first]:
        some = _LISTED.split(line.text)
        listed += map(plain, some if line.block.kind == "item" or len(some) > 2 else [])
    return sum(any(weight(each) >= _BARE and each in name for name in names) for each in listed[:MOST]) > 1


def _labelled(lines: Sequence[Line], stories: Sequence[Part]) -> int:
    """How many stories have a label that at least every second one has."""
    of_each = [
        {found[0].casefold() for line in lines[part.first : part.last] if (found := TELLING.match(line.text))}
        for part in stories
    ]
    common = Counter(label for labels in of_each for label in labels)
    return sum(any(common[label] * 2 >= len(stories) for label in labels) for labels in of_each)
