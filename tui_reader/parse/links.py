"""Addresses inside of feeds → absolute web addresses, or None."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def web_link(link: object, base: str) -> str | None:
    """`link` resolved against `base`; None unless it is http or https, so that nothing else is ever opened."""
    if not isinstance(link, str) or not link.strip():
        return None
    compact = link.strip()
    if not compact.isprintable():
        compact = "".join(filter(str.isprintable, compact))
    compact = compact.replace(" ", "%20")
    try:
        absolute = urljoin(base, compact)
        parts = urlsplit(absolute)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and len(absolute) <= 4000
    except ValueError:
        return None
    return absolute if usable else None
