"""Strings of foreign files as values of ours: nothing in them can harm a terminal, a file or a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from tui_reader.doc import normal_form, without_controls

_LONGEST = 100_000
_FORMATS = (
    "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y",
    "%B %d, %Y %I:%M %p", "%B %d, %Y %I:%M:%S %p", "%B %d, %Y", "%d %B %Y %H:%M:%S", "%b %d, %Y",
)  # fmt: skip


def line(value: object, *, limit: int = 500) -> str:
    """On one line; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    return normal_form(" ".join(without_controls(value[: limit * 4]).split()))[:limit]


def passage(value: object) -> str:
    """Any number of lines; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    return normal_form(without_controls(value[:_LONGEST])).strip()


def surroundings(value: object) -> str:
    """What stood before or behind a passage, with the white space at its ends."""
    return normal_form(without_controls(value[:1000])) if isinstance(value, str) else ""


def web_address(value: object) -> str:
    """ "" if it is none."""
    url = line(value, limit=4000)
    return url if re.match(r"https?://[^\s/]", url, re.IGNORECASE) and " " not in url else ""


def tags(values: object) -> tuple[str, ...]:
    listed = values if isinstance(values, list | tuple) else ()
    return tuple(dict.fromkeys(filter(None, (line(value, limit=80) for value in listed[:50]))))


def moment(value: object) -> datetime | None:
    """A date as programs write it; without a zone it is taken for UTC. None if it is none, or absurd."""
    text = line(value, limit=60)
    for read in (datetime.fromisoformat, *(_by(form) for form in _FORMATS)):
        try:
            found = read(text)
            found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        return found if 1970 <= found.year <= 2200 else None
    return None


def _by(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)
