"""Whether what an outline has found are stories of their own, or the parts of one article. Precision comes first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from urllib.parse import urlsplit

from tui_reader.digest.lines import Line
from tui_reader.digest.outline import Outline, Part, weight
from tui_reader.digest.words import DATE, ESSAY, ISSUE, NUMBERED, SINGLE, STEP, TELLING

ENOUGH = 4
"""Points that make a digest."""

ENOUGH_UNNAMED = 7
"""Where neither the title nor its labels say that it is one."""

_SHORT = 800
"""Letters below which the usual story is short for a chapter."""

_BARE = 10
"""Letters of a title without a link below which it names a kind of thing ("Advanced", 入门) and no story."""

_LONG = 4000
"""Characters of the usual story above which the issue is rather an essay in chapters."""

_LISTED = re.compile(r"[,;，；、|｜]\s*|\s/\s|：")


def is_digest(title: str, lines: Sequence[Line], found: Outline, *, feed_title: str = "") -> bool:
    """At least three stories, nothing that speaks against it, and points enough from different signs."""
    if len(found.stories) < 3 or vetoes(title, lines, found):
        return False
    points = signals(title, lines, found, feed_title=feed_title)
    named, built = points.keys() & {"title", "labels"}, points.keys() & {"labels", "links", "marked"}
    return bool(built) and sum(points.values()) >= (ENOUGH if named else ENOUGH_UNNAMED)


def signals(title: str, lines: Sequence[Line], found: Outline, *, feed_title: str = "") -> dict[str, int]:
    """What speaks for a digest, and how much."""
    stories = found.stories
    count = len(stories)
    targets = [_targets(lines, part) for part in stories]
    own = _distinct_share(targets)
    linked = sum(lines[part.first].begins == "link" or bool(lines[part.first].links) for part in stories)
    signs = {
        "title": 2 * bool(ISSUE.search(title) or DATE.fullmatch(title)),
        "feed": bool(ISSUE.search(feed_title)),
        "numbered": bool(NUMBERED.search(title)),
        "title lists": len([each for each in _LISTED.split(title) if len(each) > 3]) >= 3,
        "labels": 2 * (_labelled(lines, stories) * 2 >= count),
        "contents": found.contents,
        "links": 2 if own >= 0.6 else own >= 0.3,
        "linked titles": 2 * (linked * 5 >= count * 3),
        "marked": sum(part.marked for part in stories) * 5 >= count * 3,
        "short": median(weight(_words(lines, part)) for part in stories) < _SHORT,
        "groups": bool(found.groups),
        "furniture": bool(found.left_out),
        "many": count >= 6,
    }
    return {name: int(points) for name, points in signs.items() if points}


def vetoes(title: str, lines: Sequence[Line], found: Outline) -> tuple[str, ...]:
    """What no sign outweighs."""
    names = [part.name.strip() for part in found.stories]
    count = len(names)
    lengths = [len(_words(lines, part)) for part in found.stories]
    bare = [part for part in found.stories if weight(part.name) < _BARE and not lines[part.first].links]
    code = sum(any(line.block.kind == "code" for line in lines[part.first : part.last]) for part in found.stories)
    against = {
        "questions": sum(name.endswith(("?", "？")) for name in names) * 2 >= count,
        "chapters": sum(bool(ESSAY.fullmatch(name)) for name in names) >= 2,
        "steps": sum(bool(STEP.match(name)) for name in names) * 2 >= count,
        "one piece": bool(SINGLE.search(title)) and not ISSUE.search(SINGLE.sub("", title)),
        "manual": code * 3 >= count,
        "bare names": len(bare) * 2 > count,
        "long": bool(lengths) and median(lengths) > _LONG,
    }
    return tuple(name for name, holds in against.items() if holds)


def _words(lines: Sequence[Line], part: Part) -> str:
    return "\n".join(line.text for line in lines[part.first : part.last])


def _targets(lines: Sequence[Line], part: Part) -> set[str]:
    return {href for line in lines[part.first : part.last] for href in line.links}


def _distinct_share(targets: Sequence[set[str]]) -> float:
    """The share of stories with a link to a page that no other story links to."""
    seen = Counter(href for some in targets for href in some)
    own = [some for some in targets if any(seen[href] == 1 and urlsplit(href).path.strip("/") for href in some)]
    return len(own) / len(targets)


def _labelled(lines: Sequence[Line], stories: Sequence[Part]) -> int:
    """How many stories have a label that at least every second one has."""
    of_each = [
        {found[0].casefold() for line in lines[part.first : part.last] if (found := TELLING.match(line.text))}
        for part in stories
    ]
    common = Counter(label for labels in of_each for label in labels)
    return sum(any(common[label] * 2 >= len(stories) for label in labels) for labels in of_each)
