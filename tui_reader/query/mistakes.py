"""What somebody meant who wrote what the language does not know: the nearest right word, and the error that says it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from unicodedata import normalize

from tui_reader.errors import QueryError
from tui_reader.query.dates import DATE_FORMS, DATE_WORDS, DAY_FORMS, DAY_WORDS, parse_dates, parse_day

OTHER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "since": "after", "until": "before", "date": "on", "published": "on", "from": "author", "source": "feed",
        "site": "feed", "language": "lang", "companies": "company", "label": "tag", "labels": "tag", "state": "is",
    }
)  # fmt: skip
"""What other search boxes call our fields."""

_OTHER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "favorite": "starred", "favourite": "starred", "flagged": "starred", "saved": "later", "edited": "changed",
        "updated": "changed", "seen": "read", "unseen": "unread", "未读": "unread", "已读": "read", "星标": "starred",
        "稍后": "later",
    }
)  # fmt: skip

_DATES = {
    "今天": "today", "今日": "today", "now": "today", "昨天": "yesterday", "week": "7d", "month": "1m", "year": "1y",
}  # fmt: skip
_SIGNS = {"||": "or", "&&": "AND", "或": "or", "或者": "or"}
_AGO = re.compile(r"([0-9]{1,4})(小时|[天日]|周|星期|个?月|年|h|d|w|m|y)[a-z]*前?")
_UNITS = {"小": "h", "天": "d", "日": "d", "周": "w", "星": "w", "个": "m", "月": "m", "年": "y"}
_YEAR_FIRST = re.compile(r"((?:19|20)[0-9]{2})[-/.年]?([0-9]{1,2})(?:[-/.月]?([0-9]{1,2}))?[月日]?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


def nearest(word: str, choices: Sequence[str], *, cutoff: float) -> str:
    """ "" if none is like it."""
    import difflib  # only mistakes pay for it

    return next(iter(difflib.get_close_matches(word, choices, 1, cutoff)), "")


def shown(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def no_value(name: str, start: int, rest: str, choices: Sequence[str]) -> QueryError:
    """For a field with nothing behind its colon; `rest` is what follows there."""
    message = f"{name}: at {start} needs a value right after the colon"
    follows = re.match(r"\s+([^\s()（）\"“「『:：]+)(?=\s|$)", rest)
    if rest[:1] in ("(", "（"):
        return QueryError(f"{message}: of several, write ({name}:a or {name}:b)", offset=start)
    if choices:
        return QueryError(f"{message}: {', '.join(choices)}", offset=start)
    if follows:
        hint = f"{name}:{follows[1]}"
        return QueryError(f"{message}: did you mean {shown(hint)}?", offset=start, hint=hint)
    return QueryError(message, offset=start)


def wrong_value(name: str, value: str, start: int, *, choices: Sequence[str], expected: str) -> QueryError:
    several = re.split("[,|/]", value.lower())
    if len(several) > 1 and all(each in choices for each in several):
        return _proposing(name, value, start, " ".join(f"{name}:{each}" for each in several))
    word = _OTHER_WORDS.get(value.lower(), "")
    meant = word if word in choices else nearest(value.lower(), choices, cutoff=0.6)
    if meant:
        return _proposing(name, value, start, f"{name}:{meant}")
    return QueryError(f"{name}:{shown(value)} at {start}: expected {expected}", offset=start)


def wrong_date(name: str, value: str, start: int, *, now: datetime) -> QueryError:
    """For what is no date, or a span that cannot be."""
    for meant in _dates_meant(name, value):
        field, _, word = meant.partition(":")
        try:
            parse_dates(field, word, now=now)
        except (ValueError, OverflowError):
            continue
        return _proposing(name, value, start, meant)
    if re.fullmatch("[0-9]{4}-[0-9]{1,2}(-[0-9]{1,2})?", value):
        return QueryError(f"{name}:{value} at {start}: there is no such day; expected {DATE_FORMS}", offset=start)
    return wrong_value(name, value, start, choices=DATE_WORDS, expected=DATE_FORMS)


def wrong_day(value: str, start: int, *, now: datetime) -> QueryError:
    """For what is no day to check a claim by."""
    meant = _date_meant(value)
    try:
        parse_day(meant, now=now)
    except (ValueError, OverflowError):
        return wrong_value("due", value, start, choices=DAY_WORDS, expected=DAY_FORMS)
    return _proposing("due", value, start, f"due:{meant}")


def wrong_sign(word: str, start: int) -> QueryError | None:
    """For what other search boxes have in place of `or`, `AND` and the minus; None for an ordinary word."""
    meant = _SIGNS.get(word) or (f"-{word[1:]}" if re.match(r"!\w", word) else "")
    if not meant:
        return None
    word_itself = f'; to find the word, write "{shown(word)}"' if word.isalnum() else ""
    return QueryError(
        f"'{shown(word)}' at {start}: did you mean {shown(meant)}?{word_itself}", offset=start, hint=meant
    )


def wrong_near(query: str, start: int) -> QueryError:
    """For near( that its pattern does not take: at the place where it goes wrong."""
    example = "near(word word, 5)"
    inside = re.compile(r"[^()（）]*").match(query, start + len("near("))
    assert inside, "it takes nothing as well"
    comma = re.search(r"[,，]", inside.group())
    if query[inside.end() : inside.end() + 1] in ("(", "（"):
        message, at = f"parentheses within near( at {inside.end()}: expected {example}", inside.end()
    elif comma and inside.group()[comma.end() :].strip():
        at = inside.start() + comma.start()
        message = f"after the comma at {at} near( takes how many words may lie between, up to 999: {example}"
    else:
        message, at = f"near( at {start} is not complete: expected {example}", start
    return QueryError(message, offset=at, hint=example)


def _proposing(name: str, value: str, start: int, hint: str) -> QueryError:
    return QueryError(f"{name}:{shown(value)}: did you mean {hint}?", offset=start, hint=hint)


def _dates_meant(name: str, value: str) -> tuple[str, ...]:
    """Fields with dates, most likely first; they may be none."""
    first, dots, last = value.partition("..")
    if dots and first and last:
        return (f"{name}:{last}..{first}", f"{name}:{_date_meant(first)}..{_date_meant(last)}")
    meant = _date_meant(value)
    # "On the last seven days" can only mean since then.
    return (f"{name}:{meant}", f"after:{meant}") if name == "on" else (f"{name}:{meant}",)


def _date_meant(value: str) -> str:
    text = normalize("NFKC", value).lower()
    if text in _DATES:
        return _DATES[text]
    if re.fullmatch("[0-9]{1,3}", text):
        return f"{text}d"
    if ago := _AGO.fullmatch(text):
        return f"{ago[1]}{_UNITS.get(ago[2][0], ago[2])}"
    if day_first := _DAY_FIRST.fullmatch(text):
        text = "-".join(reversed(day_first.groups()))
    parts = _YEAR_FIRST.fullmatch(text)
    return "-".join(f"{int(part):02}" for part in parts.groups() if part) if parts else text
