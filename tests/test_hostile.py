"""The whole recipe against everything at once: the feeds that misbehave say so, the others are read."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpcore
import pytest
from hostile_server import body_of, hostile
from misbehaviours import ALL, FEED, OK, SURVIVED, Misbehaviour

from tui_reader.fetch import FetchLimits, open_client
from tui_reader.ingest import read_page
from tui_reader.model import CleanFeed, OpmlFeed, Outcome, Page
from tui_reader.parse import killable
from tui_reader.refresh import refresh
from tui_reader.store import open_store
from tui_reader.tagging import Tagger, load_taxonomy

resource = pytest.importorskip("resource", reason="needs a system that counts what processes use")

LIMITS = FetchLimits(
    dns=1.0, connect=2.0, read=1.5, total=4.0, max_bytes=4 * 2**20, per_host=8, total_connections=16, spacing=0.01
)
DEADLINE = 4.0
"""Seconds for parsing one feed."""
GOOD = ("good one", "good two")
PUBLIC = "93.184.215.14"


@dataclass(frozen=True)
class Survival:
    outcomes: Mapping[str, Outcome]
    seconds: float
    grown: int
    """Bytes by which this process is larger than it ever was before."""
    database: Path


@pytest.fixture(scope="module")
def survival(tmp_path_factory: pytest.TempPathFactory) -> Survival:
    database = tmp_path_factory.mktemp("hostile") / "news.db"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        return asyncio.run(survive(database, ALL))


async def survive(database: Path, misbehaviours: Mapping[str, Misbehaviour]) -> Survival:
    """One refresh of feeds that each misbehave in their way, and two good ones among them."""
    taxonomy = load_taxonomy()
    good = {name: Misbehaviour(body_of(FEED)) for name in GOOD}
    async with AsyncExitStack() as stack:
        urls = {}
        for name, behaviour in {GOOD[0]: good[GOOD[0]], **misbehaviours, GOOD[1]: good[GOOD[1]]}.items():
            url = await stack.enter_async_context(hostile(behaviour.answer))
            urls[url.replace("127.0.0.1", "public.example") if behaviour.public else url] = name
        store = stack.enter_context(open_store(database))
        store.feeds.add([OpmlFeed(url) for url in urls], datetime.now(UTC))
        client = await stack.enter_async_context(open_client(limits=LIMITS, resolve=resolve, network=Rerouted()))
        run = await stack.enter_async_context(killable(workers=2, deadline=DEADLINE))

        async def read(page: Page) -> CleanFeed:
            found: CleanFeed = await run(partial(read_page, page, now=datetime.now(UTC)))
            return found

        began, peak = time.monotonic(), peak_memory()
        feeds = store.feeds.all()
        done = await refresh(store, client, read, feeds, lambda _: None, tagger=Tagger(taxonomy), taxonomy=taxonomy)
        outcomes = {urls[outcome.url]: outcome for outcome in done}
        return Survival(outcomes, time.monotonic() - began, peak_memory() - peak, database)


async def resolve(host: str, port: int) -> Sequence[str]:
    named = {"public.example": PUBLIC, "inside.example": "192.168.1.1", "link.example": "169.254.1.1"}
    return [named.get(host, host)]


class Rerouted(httpcore.AnyIOBackend):
    """The public network, all of which is on this machine."""

    async def connect_tcp(  # type: ignore[no-untyped-def]
        self, host: str, port: int, *rest, **named
    ) -> httpcore.AsyncNetworkStream:
        return await super().connect_tcp(host.replace(PUBLIC, "127.0.0.1"), port, *rest, **named)


def peak_memory(whose: int = resource.RUSAGE_SELF) -> int:
    peak: int = resource.getrusage(whose).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@pytest.mark.parametrize("name", ALL)
def test_each_misbehaviour_comes_to_what_it_should(survival: Survival, name: str) -> None:
    outcome, expected = survival.outcomes[name], ALL[name].comes_to
    if outcome.status == "ok":
        assert expected in (OK, SURVIVED)
        return
    assert outcome.status == "failed"
    assert expected == SURVIVED or expected in outcome.error
    assert "stumbled" not in outcome.error
    assert outcome.error.isprintable()
    assert 0 < len(outcome.error) <= 300


@pytest.mark.parametrize("name", GOOD)
def test_good_feeds_are_read_all_the_same(survival: Survival, name: str) -> None:
    assert (survival.outcomes[name].status, survival.outcomes[name].new) == ("ok", 1)


def test_there_are_enough_misbehaviours() -> None:
    assert len(ALL) >= 100


def test_it_takes_bounded_time_and_memory(survival: Survival) -> None:
    assert survival.seconds < 60
    assert survival.grown < 200 * 2**20
    assert peak_memory(resource.RUSAGE_CHILDREN) < 2**30


def test_nothing_in_the_store_can_command_a_terminal(survival: Survival) -> None:
    with sqlite3.connect(survival.database) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        texts = [
            value
            for table in tables
            if not table.startswith(("sqlite_", "search"))
            for row in db.execute(f"SELECT * FROM {table}")
            for value in row
            if isinstance(value, str)
        ]
    assert len(texts) > 100
    assert not [text[:80] for text in texts if any(map(is_dangerous, text))]


def is_dangerous(char: str) -> bool:
    kind = unicodedata.category(char)
    return (kind in ("Cc", "Cs") and char not in "\n\t") or "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
