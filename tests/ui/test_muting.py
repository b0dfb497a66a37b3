"""The mute key: what it offers, what leaves the lists, and how it comes back."""

from __future__ import annotations

from datetime import timedelta

from driving import ids, keys, reader, screen, status, until

from tui_reader.demo import MADE_AT
from tui_reader.model import Mute
from tui_reader.query import parse_query
from tui_reader.store import Store


def count(store: Store, query: str) -> int:
    return store.entries.count(store.condition(parse_query(query, now=MADE_AT).term))


async def test_a_company_of_the_article_is_muted_for_a_week(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":company:moonshot-ai", "enter")
        before = count(store, "company:moonshot-ai")
        asked = await keys(pilot, "minus")
        assert "1  Moonshot AI" in asked
        assert "the feed " in asked
        assert "Mute Moonshot AI?" in await keys(pilot, "1")
        await keys(pilot, "w")
        await until(pilot, lambda: "muted Moonshot AI: " in status(pilot))
        assert store.mutes.all(MADE_AT) == (Mute("company:moonshot-ai", MADE_AT + timedelta(days=7)),)
        left = count(store, "company:moonshot-ai")
        assert left < before
        await until(pilot, lambda: len(ids(pilot)) == left)
        await keys(pilot, "u")
        await until(pilot, lambda: len(ids(pilot)) == before)
        assert "undid: muted company:moonshot-ai" in status(pilot)


async def test_the_row_of_the_left_pane_and_a_phrase_are_muted_for_ever(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "c", "j")
        await keys(pilot, "minus", "1", "e")
        await until(pilot, lambda: len(store.mutes.all(MADE_AT)) == 1)
        assert store.mutes.all(MADE_AT)[0].query.startswith("company:")
        await keys(pilot, "minus", "p", ":Hunyuan or 液冷", "enter", "e")
        await until(pilot, lambda: len(store.mutes.all(MADE_AT)) == 2)
        assert count(store, "is:muted 液冷") > 0


async def test_a_query_with_a_mistake_is_refused_where_it_is_typed(store: Store) -> None:
    async with reader(store) as pilot:
        assert "did you mean company:moonshot-ai" in await keys(pilot, "minus", "p", ":company:moonshat-ai", "enter")
        await keys(pilot, "escape")
        assert store.mutes.all(MADE_AT) == ()


async def test_a_mute_is_ended_from_the_same_key(store: Store) -> None:
    store.mutes.add("topic:chips", until=None, now=MADE_AT)
    muted = count(store, "is:muted")
    async with reader(store) as pilot:
        assert "end one of the 1 mute in force" in await keys(pilot, "minus")
        assert "topic:chips" in await keys(pilot, "m")
        await keys(pilot, "a")
        await until(pilot, lambda: f"no longer muted topic:chips: {muted} entries came back" in status(pilot))
        assert count(store, "is:muted") == 0
        await keys(pilot, "minus")
        assert "in force" not in screen(pilot.app)


async def test_what_is_muted_can_be_starred_together(store: Store) -> None:
    store.mutes.add("topic:chips", until=None, now=MADE_AT)
    async with reader(store) as pilot:
        await keys(pilot, "S", ":is:muted", "enter")
        some = ids(pilot)[:2]
        await keys(pilot, "v", "j", "s")
        await until(pilot, lambda: "starred" in status(pilot))
        assert all(entry.starred for entry in store.entries.rows(some))
