"""Seconds, bytes and numbers that no server can make us exceed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchLimits:
    dns: float = 8.0
    """More than 5, after which the system's resolver turns to its second server."""
    connect: float = 10.0
    read: float = 15.0
    """Between two pieces of an answer."""
    total: float = 60.0
    """From looking up the name to the last byte, redirects included. Waiting for a turn does not count."""
    max_bytes: int = 15 * 2**20
    """Of a body, as sent and again as decoded. Real feeds exceed 10 MB."""
    max_redirects: int = 5
    per_host: int = 2
    total_connections: int = 32
    unread: int = 8
    """Pages that may wait for whoever asked for them, beside those on their way."""
    spacing: float = 0.2
    """Between the beginnings of two requests to one public host."""
