"""The colours: one dark and one light theme of our own, beside those that Textual brings; and none, for NO_COLOR."""

from __future__ import annotations

import difflib
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="lamplight",
    primary="#7aa7f0",
    secondary="#7fcbc4",
    accent="#f0b35f",
    warning="#e8c468",
    success="#9ccf7f",
    error="#ef7f88",
    foreground="#d8dbe3",
    background="#13151a",
    surface="#1b1e25",
    panel="#242831",
    dark=True,
)

LIGHT = Theme(
    name="daylight",
    primary="#2b5fb3",
    secondary="#0f766e",
    accent="#a35c00",
    warning="#8a6a00",
    success="#3f7a1f",
    error="#b3261e",
    foreground="#23262d",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#e6e3da",
    dark=False,
)


class WithoutColour(LineFilter):
    """Bold, dim, underlined and reversed text stay as they are. Textual's own answer to NO_COLOR is shades of grey."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment if segment.style is None else Segment(segment.text, _without_colour(segment.style), segment.control)
            for segment in segments
        ]


@lru_cache(1024)
def _without_colour(style: Style) -> Style:
    return style.without_color


def theme_mistakes(wanted: str) -> list[str]:
    """What is wrong with the theme that the configuration names, if anything."""
    names = (DARK.name, LIGHT.name, *BUILTIN_THEMES)
    if not wanted or wanted in names:
        return []
    near = difflib.get_close_matches(wanted, names, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(names))}"
    return [f"[ui] theme: there is no {wanted}; {hint}"]
