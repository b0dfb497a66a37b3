"""What the tests of fetching share: a feed, limits that end quickly, and a failure looked at as a person would."""

from __future__ import annotations

import pytest

from tui_reader.errors import FetchError
from tui_reader.fetch import Client, FetchLimits

FEED = b'<rss version="2.0"><channel><title>Model weekly</title></channel></rss>'
QUICK = FetchLimits(dns=0.5, connect=1.0, read=0.25, total=0.5, max_bytes=100_000)
PUBLIC = "93.184.215.14"
"""An address of the public network; nothing here ever connects to it."""


async def failure(client: Client, url: str, **how: bool) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await client.fetch(url, **how)
    message = str(caught.value)
    assert message.isprintable()
    assert 0 < len(message) <= 300
    return caught.value
