"""YAML front matter edited by lines: our keys are set, and every other line stays as its writer left it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tui_reader.errors import FileError

_KEY = re.compile(r"""["']?([^\s"'#\-\[{&*!|>%@`][^:"']*?)["']?\s*:(?:\s|$)""")


def parted(text: str) -> tuple[str, str]:
    """The front matter with its `---` lines, and the rest; ("", text) if there is none."""
    opening = re.match("\ufeff?---[ \t]*\r?\n", text)
    if not opening:
        return "", text
    closing = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE).search(text, opening.end())
    if not closing:
        raise FileError("its front matter has no closing ---")
    return text[: closing.end()], text[closing.end() :]


def merged(front: str, ours: Mapping[str, str]) -> str:
    """`front` with our keys (each with its line) in their old places, and those it lacks at the end."""
    if not front:
        return f"---\n{''.join(ours.values())}---\n"
    first, *middle, last = front.splitlines(keepends=True)
    left = dict(ours)
    lines = [first]
    for key, group in _groups(middle):
        lines.append(left.pop(key, "") if key in ours else group)
    return "".join([*lines, *left.values(), last])


def listed(front: str, key: str) -> tuple[str, ...]:
    """The strings of a list, or of one plain value, however an editor wrote it: `[a, b]`, `- a` lines, `a`."""
    for name, group in _groups(front.splitlines(keepends=True)[1:-1]):
        if name == key:
            value = re.sub(r"(?m)\s#\s.*$|^\s*-\s+", "", group.partition(":")[2])
            parts = re.split(r"[,\n]", value.strip().removeprefix("[").removesuffix("]"))
            return tuple(filter(None, (_scalar(part) for part in parts)))
    return ()


def _groups(lines: Iterable[str]) -> list[tuple[str, str]]:
    """(key, its lines); comments and blank lines stand alone with the key "" so that they outlive their neighbours."""
    groups: list[tuple[str, str]] = []
    for line in lines:
        match = _KEY.match(line)
        if match:
            groups.append((match[1], line))
        elif not groups or not line.strip() or line.startswith("#"):
            groups.append(("", line))
        else:
            key, text = groups.pop()
            groups.append((key, text + line))
    return groups


def _scalar(text: str) -> str:
    return text.strip().strip("\"'").strip().removeprefix("#")
