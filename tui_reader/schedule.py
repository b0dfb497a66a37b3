"""When a feed is due again. Pure: the caller passes in the time and the chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

FLOOR = timedelta(minutes=15)
CEILING = timedelta(hours=24)
WEEK = timedelta(days=7)


def next_poll(
    *,
    now: datetime,
    outcome_ok: bool,
    failures: int,
    max_age: float | None,
    ttl: float | None,
    retry_after: float | None,
    recent: Sequence[datetime],
    jitter: float,
    skip_hours: Sequence[int] = (),
    skip_days: Sequence[int] = (),
    floor: timedelta = FLOOR,
    ceiling: timedelta = CEILING,
) -> datetime:
    """The moment of the next poll, after an outcome at `now`.

    A failure waits `floor` doubled with every further one in a row (`failures` counts this one), up to the ceiling.
    A success waits half the usual distance between the feed's `recent` entries, and no less than the feed (`ttl`) or
    its server (`max_age`) asks for; all within floor and ceiling. A server's Retry-After is obeyed before anything
    else, up to a week. Durations that others send are seconds; `jitter`, from 0 to 1, adds up to a tenth, so that
    feeds that were added together do not stay together. Hours (0 to 23, UTC) and days (0 is Monday) that the feed
    wants to be left alone in are passed over, unless they are all there are.
    """
    wait = _rhythm(now, recent, floor, ceiling) if outcome_ok else _backoff(failures, floor)
    if outcome_ok:
        wait = max(wait, _asked(max_age), _asked(ttl))
    wait = min(max(wait, floor), ceiling)
    wait = max(wait, min(_asked(retry_after), WEEK))
    return _outside(now + wait * (1 + 0.1 * min(max(jitter, 0.0), 1.0)), skip_hours, skip_days)


def _outside(moment: datetime, skip_hours: Sequence[int], skip_days: Sequence[int]) -> datetime:
    """The same minute of the first hour from then on that a feed does not want to be left alone in (RSS 2.0)."""
    if not skip_hours and not skip_days:
        return moment
    for hours in range(24 * 7):
        later = moment + timedelta(hours=hours)
        if later.hour not in skip_hours and later.weekday() not in skip_days:
            return later
    return moment


def _backoff(failures: int, floor: timedelta) -> timedelta:
    doublings = min(max(failures - 1, 0), 16)
    return floor * (1 << doublings)


def _rhythm(now: datetime, recent: Sequence[datetime], floor: timedelta, ceiling: timedelta) -> timedelta:
    """Half the median distance between entries; longer once the feed has been silent for longer than that.

    The median, because one burst or one holiday should not set the pace. Without two dated entries nothing is known:
    an hour then.
    """
    times = sorted({moment for moment in recent if moment <= now}, reverse=True)[:20]
    if len(times) < 2:
        return max(floor, min(timedelta(hours=1), ceiling))
    gap = timedelta(seconds=median((later - earlier).total_seconds() for later, earlier in pairwise(times)))
    silence = now - times[0]
    return max(gap / 2, silence / 24)


def _asked(seconds: float | None) -> timedelta:
    """What others ask for, tamed: NaN, infinity and negative numbers come from headers too."""
    if seconds is None or not seconds > 0:
        return timedelta(0)
    return timedelta(seconds=min(seconds, WEEK.total_seconds()))
