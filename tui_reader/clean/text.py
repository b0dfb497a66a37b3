"""Plain text without controls, in normal form."""

from __future__ import annotations

from tui_reader.doc import normal_form, without_controls


def clean_line(text: str, *, limit: int = 500) -> str:
    """A title, a name: no controls, white space folded to single spaces, NFC, at most `limit` characters."""
    line = normal_form(" ".join(without_controls(text).split()))
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_text(text: str) -> str:
    """A body: as `clean_line`, but line ends, tabs and spaces stay, and any length."""
    return normal_form(without_controls(text))
