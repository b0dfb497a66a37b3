"""One URL → a `Page`: conditional, bounded in time and size, polite; the only door to httpx.

Nothing here looks into a page, and nothing is fetched that was not asked for.
"""

from .access import Access, resolve_access
from .client import Client, Unchanged, open_client
from .limits import FetchLimits

__all__ = ["Access", "Client", "FetchLimits", "Unchanged", "open_client", "resolve_access"]
