from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.schedule import CEILING, FLOOR, WEEK, next_poll

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)


def wait(**given_values: object) -> timedelta:
    values: dict[str, object] = {
        "now": NOW,
        "outcome_ok": True,
        "failures": 0,
        "max_age": None,
        "ttl": None,
        "retry_after": None,
        "recent": (),
        "jitter": 0.0,
    }
    return next_poll(**{**values, **given_values}) - NOW  # type: ignore[arg-type]


def every(gap: timedelta, *, count: int = 10, last: datetime = NOW) -> tuple[datetime, ...]:
    return tuple(last - gap * index for index in range(count))


def test_a_feed_is_asked_twice_in_the_time_between_its_entries() -> None:
    assert wait(recent=every(timedelta(hours=4))) == timedelta(hours=2)


def test_one_burst_does_not_set_the_pace() -> None:
    burst = tuple(NOW - timedelta(days=1, seconds=second) for second in range(3))
    assert wait(recent=(*every(timedelta(hours=6)), *burst)) == timedelta(hours=3)


def test_a_busy_feed_is_not_asked_more_often_than_the_floor() -> None:
    assert wait(recent=every(timedelta(minutes=2))) == FLOOR


def test_a_feed_that_fell_silent_is_asked_more_and_more_rarely() -> None:
    gap = timedelta(hours=1)
    after_days = [wait(recent=every(gap, last=NOW - timedelta(days=days))) for days in (1, 4, 10)]
    assert after_days == [timedelta(hours=1), timedelta(hours=4), timedelta(hours=10)]


def test_a_feed_that_ended_is_still_asked_daily() -> None:
    assert wait(recent=every(timedelta(days=2), last=NOW - timedelta(days=900))) == CEILING


def test_entries_from_the_future_are_not_believed() -> None:
    recent = (NOW + timedelta(days=400), *every(timedelta(hours=4)))
    assert wait(recent=recent) == timedelta(hours=2)


def test_a_feed_without_dates_is_asked_hourly() -> None:
    assert wait() == timedelta(hours=1)


@pytest.mark.parametrize("name", ["max_age", "ttl"])
def test_what_the_publisher_asks_for_is_respected_up_to_the_ceiling(name: str) -> None:
    recent = every(timedelta(minutes=10))
    assert wait(recent=recent, **{name: 7200.0}) == timedelta(hours=2)
    assert wait(recent=recent, **{name: 30 * 86400.0}) == CEILING


def test_the_publisher_cannot_ask_to_be_polled_more_often_than_needed() -> None:
    assert wait(recent=every(timedelta(hours=8)), max_age=5.0, ttl=60.0) == timedelta(hours=4)


def test_failures_back_off_up_to_the_ceiling() -> None:
    waits = [wait(outcome_ok=False, failures=failures) for failures in (1, 2, 3, 4)]
    assert waits == [FLOOR, FLOOR * 2, FLOOR * 4, FLOOR * 8]
    assert wait(outcome_ok=False, failures=10_000) == CEILING


def test_retry_after_is_obeyed_beyond_the_ceiling_but_not_beyond_a_week() -> None:
    assert wait(outcome_ok=False, failures=1, retry_after=2 * 86400.0) == timedelta(days=2)
    assert wait(outcome_ok=False, failures=1, retry_after=1e12) == WEEK
    assert wait(outcome_ok=False, failures=1, retry_after=5.0) == FLOOR


seconds = st.one_of(st.none(), st.floats())


@settings(max_examples=100)
@given(
    ok=st.booleans(),
    failures=st.integers(-1, 10**9),
    max_age=seconds,
    ttl=seconds,
    retry_after=seconds,
    recent=st.lists(st.datetimes(timezones=st.just(UTC)), max_size=30),
    jitter=st.floats(0, 1),
)
def test_any_input_gives_a_moment_within_bounds(
    ok: bool,
    failures: int,
    max_age: float | None,
    ttl: float | None,
    retry_after: float | None,
    recent: list[datetime],
    jitter: float,
) -> None:
    waited = wait(
        outcome_ok=ok,
        failures=failures,
        max_age=max_age,
        ttl=ttl,
        retry_after=retry_after,
        recent=recent,
        jitter=jitter,
    )
    assert FLOOR <= waited <= WEEK * 1.1


def test_jitter_spreads_feeds_that_were_added_together() -> None:
    early, late = wait(jitter=0.0), wait(jitter=1.0)
    assert early < wait(jitter=0.5) < late <= early * 1.1
