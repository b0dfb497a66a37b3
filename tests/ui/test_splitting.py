"""D in the list and in the article: an issue into its stories, or together again."""

from __future__ import annotations

import pytest
from driving import article, drawn, entries, entry, ids, keys, reader, screen, status, until
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tui_reader.demo import MADE_AT
from tui_reader.query import parse_query
from tui_reader.store import Store
from tui_reader.ui.background import Commands
from tui_reader.ui.screens.splitting import in_order

LETTER = "No. 215"


def unread(store: Store) -> int:
    return store.entries.count(store.condition(parse_query("is:unread", now=MADE_AT).term))


def titles(pilot: Pilot[str], store: Store, count: int = 4) -> list[str]:
    return [each.title for each in store.entries.rows(ids(pilot)[:count])]


def article_text(pilot: Pilot[str]) -> str:
    return " ".join(" ".join(drawn(article(pilot))).split())


async def test_an_issue_is_listed_above_its_stories_and_says_how_many(store: Store) -> None:
    async with reader(store) as pilot:
        shown = await keys(pilot, "1", "j")
        assert "8 stories · Harbour Letter" in shown
        assert "└ Alibaba gives Qwen a voice" in shown
        assert "split into 8 stories (D joins)" in article_text(pilot)
        await keys(pilot, "j")
        assert "in “No. 216: Ears, eyes and Apache" in article_text(pilot)


async def test_d_joins_and_u_splits_again(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1", "j")
        before = ids(pilot)
        shown = await keys(pilot, "D")
        assert "joined: this feed's issues stay whole from now on" in shown
        assert len(ids(pilot)) == len(before) - 8
        assert "└ Alibaba gives" not in shown
        assert entry(pilot, store).title.startswith("No. 216")
        shown = await keys(pilot, "u")
        assert "undid: joined “No. 216" in shown
        assert ids(pilot) == before
        await keys(pilot, "U")
        assert len(ids(pilot)) == len(before) - 8


async def test_d_on_a_story_joins_its_issue(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1", "j", "j", "j", "D")
        assert entry(pilot, store).title.startswith("No. 216")
        await keys(pilot, "D")
        assert "split into 8 stories" in status(pilot)
        assert entry(pilot, store).title.startswith("No. 216")
        assert titles(pilot, store)[2] == "Alibaba gives Qwen a voice"


async def test_joined_in_the_unread_view_the_issue_takes_the_place_of_its_stories(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "/", ":feed:harbour", "enter")
        count = unread(store)
        await keys(pilot, "j", "D")
        assert entry(pilot, store).title.startswith(LETTER)
        assert entries(pilot).cursor == 0
        assert unread(store) == count - 8


async def test_d_splits_what_looked_like_one_article_and_remembers_it(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "S", ":title:humanoid title:winter", "enter")
        await keys(pilot, "D")
        await until(pilot, lambda: "split into 10 stories, as this feed's coming issues" in screen(pilot.app))
        assert titles(pilot, store)[1:3] == ["Who buys them?", "What do they do all day?"]
        assert store.feeds.find("Harbour Letter").digest == "split"
        assert "split into their stories, as you wish" in await keys(pilot, "h", "/", ":harbour", "enter", "i")


async def test_what_tells_one_story_is_not_split(store: Store) -> None:
    async with reader(store) as pilot:
        assert "this does not tell several stories" in await keys(pilot, "D")


async def test_the_real_application_has_its_command_split(store: Store) -> None:
    async with reader(store, commands=Commands(["--db", str(store.path)], None)) as pilot:
        await keys(pilot, "1", "j", "D", "D")
        await until(pilot, lambda: "split into 8 stories" in screen(pilot.app))
        issue = entry(pilot, store)
        assert ids(pilot)[2:10] == list(store.stories.of(issue.id))
        await keys(pilot, "k", "D")
        await until(pilot, lambda: "does not tell several stories" in screen(pilot.app))


async def test_m_on_an_issue_is_about_its_stories(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1", "j")
        count = unread(store)
        assert "8 stories, 8 unread" in await keys(pilot, "m")
        assert unread(store) == count + 8
        assert "8 stories, 8 unread" not in await keys(pilot, "m")
        assert unread(store) == count


async def test_a_highlight_made_in_a_story_is_the_storys(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "1", "j", "j", "enter", "H")
        assert store.highlights.all()[0].source.title == "Alibaba gives Qwen a voice"


@pytest.mark.parametrize(
    ("listed", "told", "expected"),
    [
        ([1, 2, 3], [2, 21, 22], [1, 2, 21, 22, 3]),
        ([1, 2, 21, 22, 3], [2], [1, 2, 3]),
        ([1, 21, 22, 3], [2], [1, 2, 3]),
        ([22, 1, 2, 21, 3], [2, 21, 22], [2, 21, 22, 1, 3]),
        ([1, 3], [2, 21], [2, 21, 1, 3]),
    ],
    ids=["split", "joined", "joined without the issue", "out of order", "not listed"],
)
def test_stories_stand_below_their_issue(listed: list[int], told: list[int], expected: list[int]) -> None:
    assert in_order(listed, 2, told, known=[21, 22, 23]) == expected


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(5, 9), unique=True))
def test_arranging_loses_and_doubles_nothing(listed: list[int], told: list[int]) -> None:
    arranged = in_order(listed, 4, told, known=[5, 6, 7, 8, 9])
    assert sorted(arranged) == sorted({each for each in listed if each < 4} | set(told))
    assert [each for each in arranged if each < 4] == [each for each in listed if each < 4]
