"""When a feed wants to be asked: `ttl`, the syndication module of RSS 1.0, and the hours and days to skip."""

from __future__ import annotations

from typing import Any

from .plain import line

_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def ttl(feed: Any) -> float | None:
    """Seconds between polls. `ttl` is in minutes; the syndication module has a period and how often in it."""
    minutes = _number(feed.get("ttl"))
    if minutes:
        return minutes * 60
    period = _PERIODS.get(line(feed.get("sy_updateperiod")).lower())
    return period / (_number(feed.get("sy_updatefrequency")) or 1) if period else None


def skip_hours(feed: Any) -> tuple[int, ...]:
    """Hours of the day in UTC, ascending. None are skipped where all would be."""
    texts = [str(text).strip() for text in feed.get("skip_hours", ())]
    hours = {int(text) % 24 for text in texts if text.isascii() and text.isdigit() and int(text[:9]) <= 24}
    return tuple(sorted(hours)) if len(hours) < 24 else ()


def skip_days(feed: Any) -> tuple[int, ...]:
    """Days of the week in UTC, 0 is Monday, ascending. None are skipped where all would be."""
    names = {str(text).strip().lower() for text in feed.get("skip_days", ())}
    days = [number for number, name in enumerate(_DAYS) if name in names]
    return tuple(days) if len(days) < 7 else ()


def _number(text: object) -> float:
    digits = str(text or "").strip()
    return float(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0.0
