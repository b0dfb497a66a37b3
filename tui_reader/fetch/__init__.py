"""One URL → a `Page`: conditional, bounded in time and size, polite; the only door to httpx.

Nothing here looks into a page, and nothing is fetched that was not asked for.
"""

from .client import Client, FetchLimits, open_client

__all__ = ["Client", "FetchLimits", "open_client"]
