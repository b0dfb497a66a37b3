from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from samples import NOW, entry, later, save, subscribe

from tui_reader.model import Clipping
from tui_reader.query import parse_query
from tui_reader.store import Imported, Store

TEXT = "The foundry doubles its output.\n\nDemand has not slowed, its chief said.\n\nTwo buyers paid in advance."


def clip(quote: str = "Demand has not slowed", **more: object) -> Clipping:
    return Clipping("Readwise", quote, **more)  # type: ignore[arg-type]


def imported(store: Store, *clippings: Clipping) -> Imported:
    return store.imports.add(clippings, now=NOW)


@pytest.fixture
def memory(store: Store) -> int:
    subscribe(store)
    entry_id, _ = save(
        store,
        entry("memory", "Memory is sold out", TEXT, url="https://www.harbour.example/memory/?utm_source=rss&id=7"),
        entry("other", "Memory is sold out", "Another article of the same title."),
    )
    return entry_id


@pytest.mark.parametrize(
    "url",
    [
        "https://www.harbour.example/memory/?utm_source=rss&id=7",
        "http://harbour.example/memory?id=7#section",
        "https://harbour.example/memory/?id=7&fbclid=x#:~:text=Demand",
    ],
)
def test_it_is_tied_to_its_article_by_the_address(store: Store, memory: int, url: str) -> None:
    (made,) = imported(store, clip(url=url, note="why?", tags=("hbm",), title="Whatever")).added
    assert (made.entry_id, made.state, made.note, made.tags) == (memory, "anchored", "why?", ("hbm",))
    assert TEXT[made.quote.start : made.quote.end] == made.quote.exact == "Demand has not slowed"
    assert made.source.title == "Memory is sold out"
    assert store.entries.article(memory).highlights == (made,)


def test_it_is_tied_to_its_article_by_title_and_quote(store: Store, memory: int) -> None:
    (made,) = imported(store, clip("Demand  has not\nslowed, its chief", title="MEMORY IS SOLD OUT")).added
    assert (made.entry_id, made.state) == (memory, "anchored")
    assert made.quote.exact == "Demand has not slowed, its chief"
    (elsewhere,) = imported(store, clip("Words that it does not have.", title="Memory is sold out")).added
    assert elsewhere.entry_id not in store.entries.by_guid().values() or elsewhere.state == "orphan"
    assert elsewhere.entry_id != memory


def test_words_that_were_edited_since_are_found_too(store: Store, memory: int) -> None:
    quote = "Demand has not really slowed, its chief said"
    (made,) = imported(store, clip(quote, url="https://harbour.example/memory?id=7", prefix="its output.\n\n")).added
    assert (made.entry_id, made.state, made.quote.exact) == (memory, "moved", quote)


def test_an_address_that_is_known_is_enough(store: Store, memory: int) -> None:
    """The feed may have only the beginning of the text; the page has the rest."""
    (made,) = imported(store, clip("A sentence of the page alone.", url="https://harbour.example/memory?id=7")).added
    assert (made.entry_id, made.state) == (memory, "orphan")
    store.arrivals.save_page(memory, html="", text=f"{TEXT}\n\nA sentence of the page alone.", now=NOW)
    assert store.highlights.get(made.id).state == "anchored"


def test_one_whose_article_is_not_here_keeps_its_own_source(store: Store, memory: int) -> None:
    listed = store.entries.ids(store.condition(None))
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    book = {"title": "The Chip War", "author": "Jane Doe"}
    one, two, other = imported(
        store,
        Clipping("Kindle", "Memory is the bottleneck.", made_at=moment, **book),
        Clipping("Kindle", "And so is power.", made_at=NOW + timedelta(days=9), **book),
        clip("A page.", url="https://elsewhere.example/x", title="Elsewhere"),
    ).added
    assert one.entry_id == two.entry_id != other.entry_id
    assert {one.state, two.state, other.state} == {"orphan"}
    assert (one.source.title, one.source.author, one.source.feed_title) == ("The Chip War", "Jane Doe", "Kindle")
    assert (other.source.url, other.source.feed_title) == ("https://elsewhere.example/x", "Readwise")
    assert (one.made_at, two.made_at) == (moment, NOW)
    # Nothing of it is news.
    assert store.entries.ids(store.condition(None)) == listed
    assert all(feed.title not in ("Kindle", "Readwise") for feed in store.feeds.all())
    assert store.check() == ()
    found = store.highlights.all(store.highlight_condition(parse_query("feed:kindle", now=NOW).term))
    assert {each.id for each in found} == {one.id, two.id}


def test_the_same_again_adds_nothing(store: Store, memory: int) -> None:
    given = [clip(title="Memory is sold out"), clip("Unknown.", title="Unknown"), clip("Unknown.", title="Unknown")]
    first = imported(store, *given)
    assert (len(first.added), first.known) == (2, 1)
    again = imported(store, *given, Clipping("Kindle", "unknown.", title="UNKNOWN"))
    assert (again.added, again.known) == ((), 4)
    assert store.highlights.count() == 2


def test_two_programs_that_tell_of_one_page_make_one_of_it(store: Store, memory: int) -> None:
    page = {"url": "https://elsewhere.example/x", "title": "Elsewhere"}
    (one,) = imported(store, Clipping("Hypothesis", "A page.", id="abcd234567", **page)).added
    again = imported(store, clip("A page.", **page), clip("More of it.", **page))
    assert (again.known, [each.entry_id for each in again.added]) == (1, [one.entry_id])


def test_what_was_highlighted_here_is_not_imported_twice(store: Store, memory: int) -> None:
    article = store.entries.article(memory)
    start = TEXT.index("Demand has not slowed")
    store.highlights.add(article, start, start + len("Demand has not slowed"), now=NOW)
    assert imported(store, clip(url="https://harbour.example/memory?id=7")).known == 1


def test_an_import_is_one_step_to_undo(store: Store, memory: int) -> None:
    given = [clip(title="Memory is sold out"), clip("Unknown.", title="Unknown")]
    imported(store, *given)
    done = store.undo(later(hours=1))
    assert done is not None
    assert done.description == "imported 2 highlights"
    assert store.highlights.count() == 0
    store.redo(later(hours=1))
    assert {each.state for each in store.highlights.all()} == {"anchored", "orphan"}
    store.undo(later(hours=1))
    assert len(imported(store, *given).added) == 2
    assert store.check() == ()


def test_what_the_reader_has_removed_stays_away(store: Store, memory: int) -> None:
    (made,) = imported(store, clip(title="Memory is sold out")).added
    store.highlights.remove(made, now=NOW)
    again = imported(store, clip(title="Memory is sold out"))
    assert (again.added, again.removed) == ((), 1)
    store.undo(NOW)
    assert imported(store, clip(title="Memory is sold out")).known == 1


def test_one_of_our_own_keeps_its_id(store: Store, memory: int) -> None:
    given = clip(url="https://harbour.example/memory?id=7", id="abcd234567", kind="claim")
    assert [(each.id, each.kind) for each in imported(store, given).added] == [("abcd234567", "claim")]
    assert imported(store, given).known == 1


def test_a_quote_that_occurs_twice_is_no_guess(store: Store) -> None:
    subscribe(store)
    (entry_id,) = save(
        store, entry("twice", "Twice", "Today: It rains. It pours. It rains. It ends.", url="https://a.example/")
    )
    (made,) = imported(store, clip("It rains.", url="https://a.example/")).added
    assert (made.entry_id, made.state) == (entry_id, "orphan")
    (sure,) = imported(store, clip("It rains", url="https://a.example", prefix="It pours. ", suffix=". It ends.")).added
    assert sure.state in ("anchored", "moved")
    assert sure.quote.start == 27
