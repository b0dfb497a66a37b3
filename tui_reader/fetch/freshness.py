"""What a server says about time: how long an answer stays fresh, and how long to wait before asking again. Seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx


def max_age(headers: httpx.Headers) -> float | None:
    """How long the answer stays fresh from now on, None if nothing is said (RFC 9111, 4.2).

    `must-revalidate` changes nothing here: it says what to do once the time is over.
    """
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", control)
    lifetime = float(found[1]) if found else _until_expires(headers)
    if lifetime is None:
        return None
    return max(lifetime - (_digits(headers.get("age", "")) or 0.0), 0.0)


def retry_after(headers: httpx.Headers) -> float | None:
    """From either form of the header (RFC 9110, 10.2.3); None if there is none, or none that makes sense."""
    value = headers.get("retry-after", "").strip()
    seconds = _digits(value)
    if seconds is not None:
        return seconds
    until = _date(value)
    return max((until - _sent(headers)).total_seconds(), 0.0) if until else None


def in_words(seconds: float) -> str:
    """`45 s`, `12 min`, `3 h`, `2 days`: as a person would say it, rounded up."""
    for size, unit, most in ((1, "s", 100), (60, "min", 100), (3600, "h", 48)):
        count = -int(-seconds // size)
        if count < most:
            return f"{count} {unit}"
    return f"{-int(-seconds // 86400)} days"


def _until_expires(headers: httpx.Headers) -> float | None:
    # Servers send "0" and "-1" for what is stale at once. That is no wish for any rhythm: many send it with all pages.
    until = _date(headers.get("expires", ""))
    if until is None:
        return None
    left = (until - _sent(headers)).total_seconds()
    return left if left > 0 else None


def _sent(headers: httpx.Headers) -> datetime:
    """When the answer was sent, by the clock that its other dates go by."""
    return _date(headers.get("date", "")) or datetime.now(UTC)


def _digits(value: str) -> float | None:
    return float(value[:9]) if value.isascii() and value.isdigit() else None


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
