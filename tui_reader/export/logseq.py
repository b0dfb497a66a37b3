"""The properties of a page in Logseq's way: `key:: value` lines at its top. As `front_matter`, line by line.

After Logseq's own pages (github.com/logseq/docs): "Properties" (names in small letters, `-` for `_`, no line ends in
values, none without a value; `tags` parted by commas), "Built-in Properties" (`title` renames the page, `id` is a
block's; ours are not among the reserved ones) and "Filename format". All of it is of its Markdown graphs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_LINE = re.compile(r"([^\s:`\-#>\[][^:\s]*):: ?(.*)")


def parted(text: str) -> tuple[str, str]:
    """The lines of properties, and the rest; ("", text) if there are none."""
    top = re.match(r"\ufeff?(?:[^\s:`\-#>\[][^:\s]*::(?: .*)?\r?\n)+", text)
    return (top[0], text[top.end() :]) if top else ("", text)


def merged(front: str, ours: Mapping[str, str]) -> str:
    """`front` with our keys (each with its line) in their old places, and those it lacks at the end."""
    left = dict(ours)
    lines = [
        left.pop(match[1], "") if (match := _LINE.match(line.removeprefix("\ufeff"))) and match[1] in ours else line
        for line in front.splitlines(keepends=True)
    ]
    return "".join([*lines, *left.values()])


def listed(front: str, key: str) -> tuple[str, ...]:
    """The values of one property, parted by commas."""
    for line in front.splitlines():
        match = _LINE.match(line.removeprefix("\ufeff"))
        if match and match[1] == key:
            values = (re.sub(r"^\[\[|\]\]$", "", part.strip()).removeprefix("#") for part in match[2].split(","))
            return tuple(filter(None, values))
    return ()
