"""The dates that feeds write → aware UTC datetimes, or None; never an exception."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from time import struct_time

CHINA = timezone(timedelta(hours=8))
"""Also the time of Hong Kong, Taiwan and Singapore."""

_CHINESE = re.compile(
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?"
    r"(?:\s*(?:星期|周|週)[一二三四五六日天])?"
    r"\s*(凌晨|早上|上午|中午|下午|傍晚|晚上|AM|PM)?"
    r"\s*(?:(\d{1,2})\s*[:：时時点點]\s*(\d{1,2})?\s*(?:[:：分]\s*(\d{1,2})?)?)?"
)
_NUMERIC = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) ([A-Z]{2,5}) (\d{4})$")
_EPOCH = re.compile(r"\d{9,10}(?=(?:\d{3})?$)")
_ZONE = re.compile(r"([+-])(\d{2}):?(\d{2})")


def read_date(text: str, *, zone: timezone = UTC, parsed: struct_time | None = None) -> datetime | None:
    """The moment that `text` names; `zone` is for dates that name none, and for CST, which two continents use.

    `parsed` is a library's reading in UTC, for the forms that are not known here.
    """
    text = " ".join(text.split())[:100]
    for read in (_rfc822, _numeric, _epoch, _chinese):
        moment = read(text, zone) if text else None
        if moment is not None:
            return moment
    return _from_struct(parsed)


def _rfc822(text: str, zone: timezone) -> datetime | None:
    java = _JAVA.match(text)
    if java:
        text = f"{java[2]} {java[1]} {java[5]} {java[3]} {java[4]}"
    if text.endswith("CST") and zone is CHINA:
        text = text.removesuffix("CST") + "+0800"
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    # Naive where the text has no zone, or "-0000", which says that it is UTC of unknown origin.
    return _utc(moment if moment.tzinfo or text.endswith("-0000") else moment.replace(tzinfo=zone))


def _numeric(text: str, zone: timezone) -> datetime | None:
    found = _NUMERIC.match(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    return _moment((year, month, day, hour, minute, second), _offset(found[7], zone))


def _epoch(text: str, zone: timezone) -> datetime | None:
    """Seconds since 1970, or thousandths."""
    found = _EPOCH.match(text)
    return datetime.fromtimestamp(int(found[0]), UTC) if found else None


def _chinese(text: str, zone: timezone) -> datetime | None:
    """2026年8月3日 14:05, 2026年08月03日 下午2点05分: always Chinese time."""
    found = _CHINESE.search(text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups()[:3])
    hour, minute, second = (int(part or 0) for part in found.groups()[4:])
    if found[4] in ("下午", "傍晚", "晚上", "PM") and hour < 12:
        hour += 12
    return _moment((year, month, day, hour, minute, second), zone if zone is not UTC else CHINA)


def _offset(text: str | None, zone: timezone) -> timezone:
    found = _ZONE.match(text or "")
    if not found:
        return UTC if text else zone
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(offset if found[1] == "+" else -offset) if offset < timedelta(hours=24) else UTC


def _moment(parts: tuple[int, int, int, int, int, int], zone: timezone) -> datetime | None:
    year, month, day, hour, minute, second = parts
    try:
        # Hour 24 and second 60 are written, and mean the next one.
        start = datetime(year, month, day, tzinfo=zone)
        return _utc(start + timedelta(hours=hour, minutes=minute, seconds=second)) if hour <= 24 else None
    except (ValueError, OverflowError):
        return None


def _utc(moment: datetime) -> datetime | None:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _from_struct(parsed: struct_time | None) -> datetime | None:
    return _moment(tuple(parsed[:6]), UTC) if parsed else None  # type: ignore[arg-type]
