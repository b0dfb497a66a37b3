"""docs/schema.md says what the database is."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from samples import NOW, entry, save

from tui_reader.demo import MADE_AT, fill_demo
from tui_reader.store import Store, open_store
from tui_reader.store.journal import _FIELDS, _TABLES

DOCUMENT = (Path(__file__).parents[1] / "docs" / "schema.md").read_text(encoding="utf-8")


def told() -> dict[str, list[str]]:
    """Table or view → its columns, by the document."""
    parts = re.split(r"^### `(\w+)`$", DOCUMENT, flags=re.MULTILINE)[1:]
    return {
        name: re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def made(db: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(db)) as raw:
        names = raw.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '%sqlite%' "
            "AND name NOT LIKE 'search!_%' ESCAPE '!'"
        ).fetchall()
        return {name: [row[1] for row in raw.execute(f"PRAGMA table_info({name})")] for (name,) in names}


def test_every_table_and_column_is_told_of_and_no_other(store: Store, db: Path) -> None:
    expected = made(db)
    assert told().keys() == expected.keys()
    for name, columns in told().items():
        assert columns == expected[name], f"docs/schema.md: {name}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "reader.db"
    with open_store(path) as store:
        fill_demo(store, MADE_AT)
    return path


@pytest.mark.parametrize("query", re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL))
def test_the_questions_can_be_asked(demo: Path, query: str) -> None:
    with closing(sqlite3.connect(f"{demo.as_uri()}?mode=ro", uri=True)) as raw:
        assert raw.execute(query).fetchall()


def test_the_views_show_what_the_lists_show(store: Store, db: Path) -> None:
    kept, other = save(store, entry("a", "甲"), entry("b"))
    made = store.highlights.add(store.entries.article(kept), 4, 11, now=NOW, note="Keep.")
    store.tags.give([kept], "label", "follow-up", now=NOW)
    store.tags.take_away([kept], "topic", "chips", now=NOW)
    (feed,) = store.feeds.all()
    store.feeds.remove(feed, NOW)
    with closing(sqlite3.connect(db)) as raw:
        entries = raw.execute("SELECT id, title, feed, text FROM reader_entries").fetchall()
        assert entries == [(kept, "甲", "Harbour Weekly", store.entries.article(kept).text)]
        assert raw.execute("SELECT entry_id, slug FROM reader_tags").fetchall() == [(kept, "follow-up")]
        assert raw.execute("SELECT id, quote, note FROM reader_highlights").fetchall() == [
            (made.id, made.quote.exact, "Keep.")
        ]
        assert raw.execute("SELECT count(*) FROM reader_feeds").fetchone() == (0,)
        store.undo(NOW)
        assert raw.execute("SELECT title, unread, total FROM reader_feeds").fetchall() == [("Harbour Weekly", 2, 2)]
    assert other


def test_what_the_journal_may_change_is_told(store: Store) -> None:
    journal = DOCUMENT.partition("## The journal")[2]
    for name, fields in _FIELDS.items():
        assert f"`{name}`" in journal
        assert all(f"`{field}`" in journal for field in fields)
    assert all(f"`{name}`" in journal for name in _TABLES)
