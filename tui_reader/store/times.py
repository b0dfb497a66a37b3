"""Aware UTC datetimes ↔ the ISO 8601 text that the tables hold, which sorts as the times do."""

from __future__ import annotations

from datetime import UTC, datetime


def to_text(moment: datetime) -> str:
    """`2026-11-20T08:40:00Z`, whole seconds."""
    return moment.astimezone(UTC).isoformat()[:19] + "Z"


def to_text_or_none(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None


def from_text(text: str) -> datetime:
    """Also of a place in the lists, which begins with a time."""
    return datetime.fromisoformat(text.partition("~")[0])


def from_text_or_none(text: str | None) -> datetime | None:
    return from_text(text) if text else None
