"""The dates that feeds write → aware UTC datetimes, or None; never an exception.

A date is a clock, the zone after it, and a day: in numbers, with Chinese, Japanese or Korean units, or with the name
of a month in some twenty languages. The name of the weekday is ignored, because it is often wrong.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

from .months import MONTHS, plain

CHINA = timezone(timedelta(hours=8))
"""Also the time of Hong Kong, Taiwan and Singapore."""
JAPAN = timezone(timedelta(hours=9))
"""Also the time of Korea."""

Day = tuple[int, int, int]
"""Year, month, day."""


def read_date(text: str, *, zone: timezone = UTC) -> datetime | None:
    """The moment that `text` names; `zone` is for dates that name none, and for CST, which two continents use."""
    text = unicodedata.normalize("NFKC", " ".join(text[:200].split()))[:100]
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1] or epoch[2]), UTC)
    # The "T" between day and clock, and what stands in brackets after a zone, say nothing.
    text = _COMMENT.sub(" ", re.sub(r"(?<=\d)[Tt](?=\d)", " ", text))
    compact = _COMPACT.match(text)
    if compact:
        year, month, day, hour, minute, second = (int(part or 0) for part in compact.groups())
        return _moment((year, month, day), (hour, minute, second), _zone(text[compact.end() :], zone)[0])
    local = _local_zone(text, zone)
    clock = _CLOCK.search(text)
    if clock is None:
        return _moment(_day(text), (0, 0, 0), local)
    named, rest = _zone(text[clock.end() :], local)
    day_text = f"{text[: clock.start()]} {rest}".strip()
    return _moment(_day(day_text, is_american=clock["latin"] is not None), _time(clock), named)


# --- the clock and its zone ------------------------------------------------------------------------------------------

_EPOCH = re.compile(r"(\d{9,10})(?:\.\d*)?|(\d{10})\d{3}")
_COMMENT = re.compile(r"\([^()]*\)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\s?(\d{2})(\d{2})(\d{2})?(?![\d:])")
_CLOCK = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|午前|午後|오전|오후|[AaPp][Mm])?\s*(?<![\d+-])(\d{1,2})"
    r"(?: : (\d{1,2}) (?: :(\d{1,2})(?:[.,]\d+)? )?"
    r"| \s*[时時点點시Hh] \s*(?: (\d{1,2})(?!\d) \s*[分분]? (?:\s*(\d{1,2})\s*[秒초])? )? )"
    r"(?:\s*(?P<latin>[AaPp])\.?[Mm]\b\.?)?",
    re.VERBOSE,
)
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "午後", "오후", "p"})
_BEFORE_NOON = frozenset({"凌晨", "午前", "오전", "a"})
_OFFSET = re.compile(r"\s*(?:GMT|UTC|UT)?\s*([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\s*(?:Etc/)?([A-Za-z]{1,5})\b")
# fmt: off
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2,
    "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "IST": 5.5, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8, "AWST": 8, "PHT": 8,
    "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "ART": -3, "NDT": -2.5, "NST": -3.5,
    "ADT": -3, "AST": -4, "EDT": -4, "EST": -5, "ET": -5, "CDT": -5, "CST": -6, "CT": -6, "MDT": -6, "MST": -7,
    "MT": -7, "PDT": -7, "PST": -8, "PT": -8, "AKDT": -8, "AKST": -9, "HST": -10,
}
# fmt: on


def _time(clock: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = int(clock[2]), int(clock[3] or clock[5] or 0), int(clock[4] or clock[6] or 0)
    half = (clock["latin"] or clock["half"] or "").lower().removesuffix("m")
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in _BEFORE_NOON and hour == 12:
        hour = 0
    return hour, minute, second


def _zone(text: str, otherwise: timezone) -> tuple[timezone, str]:
    """The zone that `text` begins with, and the rest."""
    found = _OFFSET.match(text)
    if found:
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        possible = offset < timedelta(hours=24)
        return timezone(offset if found[1] == "+" else -offset) if possible else UTC, text[found.end() :]
    name = _ZONE_NAME.match(text)
    code = name[1].upper() if name else ""
    if not name or code not in _ZONES:
        return otherwise, text
    is_chinese = code == "CST" and otherwise in (CHINA, JAPAN)
    return CHINA if is_chinese else timezone(timedelta(hours=_ZONES[code])), text[name.end() :]


def _local_zone(text: str, zone: timezone) -> timezone:
    """Dates with units of their own are local, whatever the feed declares."""
    if zone is not UTC:
        return zone
    if re.search("[년월일]|오[전후]", text):
        return JAPAN
    return CHINA if re.search(r"\d\s*[年月]", text) else zone


# --- the day ---------------------------------------------------------------------------------------------------------

_UNITS = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?!\d)")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_OF_YEAR = re.compile(r"(\d{4})-?(\d{3})")
_MONTH = re.compile(r"(\d{4})(?:-(\d{2}))?")
_WORD = re.compile(r"[^\W\d_]+|\d+")


def _day(text: str, *, is_american: bool = False) -> Day | None:
    for pattern in (_UNITS, _YEAR_FIRST):
        found = pattern.search(text)
        if found:
            return int(found[1]), int(found[found.re.groups - 1]), int(found[found.re.groups])
    found = _YEAR_LAST.search(text)
    if found:
        return _year_last(int(found[1]), int(found[3]), found[4], mark=found[2], is_american=is_american)
    return _worded(text) or _undivided(text)


def _year_last(first: int, second: int, third: str, *, mark: str, is_american: bool) -> Day:
    """31.12.2026, 31/12/2026, 12/31/2026; and 26-12-31, as ISO 8601 once had it."""
    if mark == "-" and len(third) == 2:
        return _full_year(f"{first:02}"), second, int(third)
    month_first = second > 12 or (is_american and first <= 12)
    return (_full_year(third), first, second) if month_first else (_full_year(third), second, first)


def _worded(text: str) -> Day | None:
    """3 Aug 2026; Monday, August 3rd, 2026; 3 de agosto de 2026; Ter, 3 Set 26."""
    words = _WORD.findall(text)
    # The last that names a month: "mar" is also Tuesday, in French and Spanish.
    months = [month for word in words if (month := MONTHS.get(plain(word)))]
    numbers = [word for word in words if word.isdigit()]
    years = [number for number in numbers if len(number) == 4]
    others = [number for number in numbers if len(number) <= 2]
    if not months or len(numbers) > 3:
        return None
    if years:
        return int(years[0]), months[-1], int(others[0]) if others else 1
    return (_full_year(others[1]), months[-1], int(others[0])) if len(others) >= 2 else None


def _undivided(text: str) -> Day | None:
    """20260803, 2026-215 and 2026215 (the day of the year), 2026-08, 2026."""
    digits = _DIGITS.fullmatch(text)
    if digits:
        return int(digits[1]), int(digits[2]), int(digits[3])
    ordinal = _OF_YEAR.fullmatch(text)
    if ordinal and 1 <= int(ordinal[1]) < 9999:
        day = date(int(ordinal[1]), 1, 1) + timedelta(days=int(ordinal[2]) - 1)
        return day.year, day.month, day.day
    month = _MONTH.fullmatch(text)
    return (int(month[1]), int(month[2] or 1), 1) if month else None


def _full_year(text: str) -> int:
    """Two digits are a year from 1969 to 2068, as POSIX has it."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year > 68 else 2000)


def _moment(day: Day | None, clock: tuple[int, int, int], zone: timezone) -> datetime | None:
    hour, minute, second = clock
    if day is None or hour > 24 or minute > 59 or second > 60:
        return None
    try:
        # Hour 24 and second 60 are written, and mean the next one.
        start = datetime(*day, tzinfo=zone)
        return (start + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
