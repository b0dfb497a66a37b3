"""What `after:`, `before:` and `on:` say → Dates, and back.

Every form names a span: a year, a month and a day their whole length, `7d` and a timestamp an empty one.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from tui_reader.model import Dates

DATE_WORDS = ("today", "yesterday")
DAY_WORDS = ("today", "tomorrow")
DAY_FORMS = "a day (2027, 2027-03, 2027-03-31: the last one is meant), or how long until then (30d, 6w, 3m, 1y)"
DATE_FORMS = "a date (2026, 2026-08, 2026-08-03), a span (12h, 7d, 2w, 3m, 1y), today or yesterday"

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_AGO = re.compile(r"([0-9]{1,5})([hdwmy])")
# Written by format_dates; only this much of what datetime.fromisoformat would take.
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]+)?")


def parse_dates(name: str, value: str, *, now: datetime) -> Dates:
    """Raise ValueError or OverflowError if `value` is no date, or a span without length for `on`."""
    if name == "after":
        return Dates(_span(value, now)[0], None)
    if name == "before":
        return Dates(None, _span(value, now)[0])
    first, dots, last = value.partition("..")
    since = _span(first, now)[0] if first else None
    until = _span(last if dots else first, now)[1] if last or not dots else None
    if since and until and since >= until:
        raise ValueError("it ends before it begins")
    return Dates(since, until)


def parse_day(value: str, *, now: datetime) -> date:
    """A day to come: of a year or a month the last, of a span the one on which it ends. Raises like `parse_dates`."""
    word = value.strip().lower()
    if word in DAY_WORDS:
        return now.date() + timedelta(days=DAY_WORDS.index(word))
    if ahead := _AGO.fullmatch(word.removeprefix("+")):
        return _ago(-int(ahead[1]), ahead[2], now).astimezone(now.tzinfo).date()
    if day_month_year := _DAY.fullmatch(word):
        return _days(*(int(part) if part else 0 for part in day_month_year.groups()))[1] - timedelta(days=1)
    raise ValueError("no day")


def format_dates(dates: Dates, zone: tzinfo) -> str:
    """The shortest of the forms, with days of `zone` where the span begins or ends with one."""
    since, until = dates.since, dates.until
    if since and not until:
        return f"after:{_first_day(since, zone) or _timestamp(since)}"
    if until and not since:
        return f"before:{_first_day(until, zone) or _timestamp(until)}"
    first = (_first_day(since, zone) or _timestamp(since)) if since else ""
    last = (_last_day(until, zone) or _timestamp(until)) if until else ""
    return f"on:{first}" if first and first == last else f"on:{first}..{last}"


def _span(value: str, now: datetime) -> tuple[datetime, datetime]:
    """Half-open, in UTC."""
    word = value.lower()
    if word in DATE_WORDS:
        day = now.date() - timedelta(days=DATE_WORDS.index(word))
        start, end = _midnight(day, now.tzinfo), _midnight(day + timedelta(days=1), now.tzinfo)
    elif ago := _AGO.fullmatch(word):
        start = end = _ago(int(ago[1]), ago[2], now)
    elif day_month_year := _DAY.fullmatch(word):
        first, last = _days(*(int(part) if part else 0 for part in day_month_year.groups()))
        start, end = _midnight(first, now.tzinfo), _midnight(last, now.tzinfo)
    elif _TIMESTAMP.fullmatch(value):
        moment = datetime.fromisoformat(value)
        start = end = (moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)).astimezone(UTC)
    else:
        raise ValueError("no date")
    # So that whoever moves it to another zone need not fear for the year 0 or 10000.
    if not 1 < start.year <= end.year < 9999:
        raise ValueError("too far away")
    return start, end


def _ago(count: int, unit: str, now: datetime) -> datetime:
    hours = {"h": 1, "d": 24, "w": 24 * 7}
    if unit in hours:
        return now.astimezone(UTC) - timedelta(hours=count * hours[unit])
    months = now.year * 12 + now.month - 1 - count * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    # A month before 31 March is the last of February.
    last = _days(year, month, 0)[1] - timedelta(days=1)
    return now.replace(year=year, month=month, day=min(now.day, last.day)).astimezone(UTC)


def _days(year: int, month: int, day: int) -> tuple[date, date]:
    """The first day of a year, month or day, and the first day after it; 0 stands for a part that is not given."""
    first = date(year, month or 1, day or 1)
    if day:
        return first, first + timedelta(days=1)
    if month:
        return first, date(year + month // 12, month % 12 + 1, 1)
    return first, date(year + 1, 1, 1)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _first_day(moment: datetime, zone: tzinfo) -> str:
    """The day that begins at that moment, or ""."""
    day = moment.astimezone(zone).date()
    return day.isoformat() if _midnight(day, zone) == moment else ""


def _last_day(moment: datetime, zone: tzinfo) -> str:
    """The day that ends at that moment, or ""."""
    day = moment.astimezone(zone).date()
    return (day - timedelta(days=1)).isoformat() if _midnight(day, zone) == moment else ""


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
