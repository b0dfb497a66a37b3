"""Bytes → `ParsedFeed`: the only door to the feed parsers.

Pure: nothing is fetched or stored here, and nothing is made safe either; that is `clean`'s work.
"""

from .discovery import find_feeds
from .media import kind_of
from .pool import killable, parsing
from .reading import parse

__all__ = ["find_feeds", "killable", "kind_of", "parse", "parsing"]
