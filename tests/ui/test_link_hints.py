"""`;` in the article: letters on the links of the screen."""

from __future__ import annotations

import pytest
from driving import article, drawn, keys, pane, reader, screen, settle, status
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui_reader.demo import MADE_AT
from tui_reader.doc import build_doc
from tui_reader.model import CleanEntry
from tui_reader.store import Store
from tui_reader.ui.layout import lay_out
from tui_reader.ui.screens.link_hints import LinkHints
from tui_reader.ui.screens.main import MainScreen
from tui_reader.ui.widgets.article_view import ArticleView
from tui_reader.ui.widgets.link_labels import LETTERS, labels, link_places

HTML = (
    "<p>The <a href='https://a.example/one'>first notice</a> and <a href='https://a.example/two'>阿里巴巴的公告</a>, "
    "then <a href='javascript:alert(1)'>a trap</a>.</p>"
    + "<p>Filler.</p>" * 60
    + "<p><a href='https://a.example/low'>far below</a></p>"
)


class ManyLinks(App[None]):
    """Thirty links."""

    def compose(self) -> ComposeResult:
        yield ArticleView(id="article")

    def on_mount(self) -> None:
        links = " ".join(f"<a href='https://a.example/{number}'>n{number}</a>" for number in range(30))
        self.query_one(ArticleView).show(build_doc(f"<p>{links}</p>"))


@pytest.fixture
def linked(store: Store) -> Store:
    doc = build_doc(HTML)
    made = CleanEntry(
        guid="links", url="https://a.example/", title="Links", author="", lang="en", published_at=MADE_AT,
        html=HTML, text=doc.text,
    )  # fmt: skip
    store.arrivals.save(store.feeds.all()[0].id, [made], MADE_AT)
    return store


async def opened(pilot: Pilot[str], *more: str) -> str:
    """The article with the links, and its letters."""
    return await keys(pilot, "1", "g", "g", "enter", *more, "semicolon")


async def test_letters_on_the_links_of_the_screen_open_them(linked: Store) -> None:
    async with reader(linked) as pilot:
        await opened(pilot, "escape")
        await keys(pilot, "escape")
        before = drawn(article(pilot))
        shown = await keys(pilot, "semicolon")
        assert isinstance(pilot.app.screen, LinkHints)
        assert "The airst notice and s 里巴巴" in shown
        assert "letters open a link" in shown
        assert "far below" not in shown
        await keys(pilot, "s")
        assert "opening https://a.example/two" in status(pilot)
        assert drawn(article(pilot)) == before


async def test_y_before_the_letters_copies_the_address(linked: Store) -> None:
    async with reader(linked) as pilot:
        await opened(pilot)
        assert "letters copy a link" in await keys(pilot, "y")
        await keys(pilot, "a")
        assert pilot.app.clipboard == "https://a.example/one"
        assert "copied the address of the link" in status(pilot)


@pytest.mark.parametrize("key", ["escape", "z", "q", "J"])
async def test_any_other_key_gives_up_and_does_nothing_else(linked: Store, key: str) -> None:
    async with reader(linked) as pilot:
        await opened(pilot)
        shown = await keys(pilot, key)
        assert isinstance(pilot.app.screen, MainScreen)
        assert "The first notice" in shown
        assert pane(pilot) == "A"


async def test_another_size_of_the_window_gives_up(linked: Store) -> None:
    async with reader(linked) as pilot:
        await opened(pilot)
        await pilot.resize_terminal(90, 30)
        await settle(pilot)
        assert isinstance(pilot.app.screen, MainScreen)
        assert "first notice" in screen(pilot.app)


async def test_without_links_it_says_so(linked: Store) -> None:
    async with reader(linked) as pilot:
        shown = await opened(pilot, "ctrl+d", "ctrl+d")
        assert "no link on the screen" in shown


async def test_many_links_have_two_letters() -> None:
    app = ManyLinks()
    async with app.run_test(size=(60, 20)) as pilot:
        view = app.query_one(ArticleView)
        places = view.links_on_screen()
        assert len(places) == 30
        answers: list[object] = []
        app.push_screen(LinkHints(view, places), answers.append)
        await keys(pilot, "a", "backspace", "s", "d")
        assert answers == [("open", "https://a.example/27")]


def test_labels_are_of_one_length_and_none_begins_with_y() -> None:
    assert labels(3) == ["a", "s", "d"]
    assert "y" not in LETTERS
    for count in (1, 25, 26, 625):
        some = labels(count)
        assert len(set(some)) == count
        assert len({len(label) for label in some}) == 1


def test_a_link_on_two_lines_has_one_label_where_it_begins() -> None:
    doc = build_doc("<p>See <a href='https://a.example/'>the very long notice of the company</a></p>")
    layout = lay_out(doc, 20)
    assert len(layout.lines) > 2
    found = link_places(layout.lines, range(len(layout.lines)), lambda _: doc.spans)
    assert [(each.line, each.cell, each.href) for each in found] == [(0, 4, "https://a.example/")]
    # Where it began is above the screen: it goes on at the beginning of the line.
    found = link_places(layout.lines, range(1, len(layout.lines)), lambda _: doc.spans)
    assert [(each.line, each.cell) for each in found] == [(1, 0)]
