from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from samples import NOW, entry, save, subscribe

from tui_reader.errors import StoreCorruptError
from tui_reader.model import Highlight, Tag
from tui_reader.query import parse_query
from tui_reader.store import Store, open_store, salvage

PAGE = 4096


def found(store: Store, query: str) -> int:
    return store.entries.count(store.condition(parse_query(query, now=NOW).term))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Highlight]:
    file = tmp_path_factory.mktemp("made") / "news.db"
    with open_store(file) as store:
        subscribe(store, title="Harbour Weekly")
        texts = (f"Issue {number}: " + f"出口管制 and licences, part {number}. " * 60 for number in range(150))
        ids = save(store, *(entry(str(number), f"Number {number}", text) for number, text in enumerate(texts)))
        for entry_id in ids:
            store.tags.save(entry_id, [Tag("topic", "export-controls", "Export controls")], "v1")
        store.entries.mark(ids[:50], "read", value=True, now=NOW)
        article = store.entries.article(ids[70])
        return file, store.highlights.add(article, 0, 8, now=NOW, note="Keep.")


@pytest.fixture
def archive(made: tuple[Path, Highlight], db: Path) -> Highlight:
    """A closed database of some hundred pages. → the highlight in it."""
    shutil.copyfile(made[0], db)
    return made[1]


def execute(db: Path, *statements: str) -> None:
    with closing(sqlite3.connect(db)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def pages_of(db: Path, table: str) -> list[int]:
    """All pages but the root; skips where this SQLite cannot tell."""
    with closing(sqlite3.connect(db)) as raw:
        try:
            rows = raw.execute("SELECT pageno FROM dbstat WHERE name = ? AND path != '/'", (table,))
            return [pageno for (pageno,) in rows]
        except sqlite3.OperationalError:
            # Without dbstat: leaf pages of tables begin with 13, and the texts are by far the most of them.
            data = db.read_bytes()
            return [
                at // PAGE + 1
                for at in range(PAGE, len(data), PAGE)
                if data[at] == 13 and data.count(b"Issue", at, at + PAGE)
            ]


def overwrite(db: Path, pages: list[int], filling: bytes = b"\xa5") -> None:
    data = bytearray(db.read_bytes())
    for page in pages:
        data[(page - 1) * PAGE : page * PAGE] = filling * PAGE
    db.write_bytes(data)


def test_a_sound_database_has_no_problems(archive: Highlight, db: Path) -> None:
    with open_store(db) as store:
        assert store.check() == ()
        assert store.damage() == ()


@pytest.mark.parametrize(
    ("harm", "named", "repaired"),
    [
        ("DELETE FROM states WHERE entry_id < 4", "3 entries are in no list", True),
        ("INSERT INTO search (search) VALUES ('delete-all')", "the search index has 0 of 150 entries", True),
        ("UPDATE meta SET value = '0' WHERE key = 'fold'", "the search index is not of version", True),
        ("UPDATE states SET feed_id = 77 WHERE entry_id = 1", "1 rows point at rows that are gone", False),
    ],
)
def test_what_is_wrong_is_named_and_made_anew_if_it_can_be(
    archive: Highlight, db: Path, harm: str, named: str, *, repaired: bool
) -> None:
    execute(db, harm)
    with open_store(db) as store:
        assert any(named in problem.what for problem in store.check())
        store.repair()
        assert (store.check() == ()) == repaired
        assert found(store, "出口管制") == 150


def test_an_index_that_lacks_rows_is_damage(archive: Highlight, db: Path) -> None:
    execute(db, "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name = 'states_unread'")
    with open_store(db) as store:
        assert found(store, "is:unread") == 100
        assert store.damage()


# --- salvage ---------------------------------------------------------------------------------------------------------


def salvaged(db: Path) -> Path:
    """Salvage it, check that the damaged file is kept to the byte. → where it is now."""
    before = db.read_bytes()
    done = salvage(db, NOW)
    (aside,) = [path for path in db.parent.iterdir() if ".damaged-" in path.name and str(path) in done[1]]
    assert aside.read_bytes() == before
    with open_store(db) as store:
        store.repair()
        assert store.check() == ()
    assert not [path for path in db.parent.iterdir() if path.name.endswith((".salvaged", "-wal", "-shm"))]
    return aside


def texts_harmed(db: Path) -> None:
    pages = pages_of(db, "versions")
    overwrite(db, pages[len(pages) // 2 : len(pages) // 2 + 2])


def cut_in_half(db: Path) -> None:
    data = db.read_bytes()
    db.write_bytes(data[: len(data) // 2])


def some_zeroed(db: Path) -> None:
    overwrite(db, list(range(20, db.stat().st_size // PAGE, 17)), b"\0")


@pytest.mark.parametrize("harm", [texts_harmed, cut_in_half, some_zeroed])
def test_what_can_be_read_is_saved(archive: Highlight, db: Path, harm: Callable[[Path], None]) -> None:
    harm(db)
    try:
        with open_store(db) as store:
            assert store.damage()
    except StoreCorruptError:
        pass
    salvaged(db)
    with open_store(db) as store:
        ids = store.entries.ids(store.condition(None))
        assert len(ids) > 30
        assert all(store.entries.article(entry_id).entry.title for entry_id in ids)


def test_a_few_harmed_pages_cost_a_few_texts_only(archive: Highlight, db: Path) -> None:
    texts_harmed(db)
    salvaged(db)
    with open_store(db) as store:
        assert store.entries.count(store.condition(None)) == 150
        assert found(store, "is:read") == 50
        assert found(store, "topic:export-controls") == 150
        assert 140 <= found(store, "出口管制") < 150
        assert [each.title for each in store.feeds.all()] == ["Harbour Weekly"]
        assert store.undo(NOW) is not None


def test_a_highlight_outlives_the_loss_of_its_article(archive: Highlight, db: Path) -> None:
    execute(
        db, "PRAGMA foreign_keys = OFF", "DELETE FROM entries", "DELETE FROM versions", "DELETE FROM states"
    )  # as if none of it could be read
    salvaged(db)
    with open_store(db) as store:
        (kept,) = store.highlights.all()
        assert (kept.quote, kept.note, kept.source.title) == (archive.quote, "Keep.", "Number 70")
        article = store.entries.article(kept.entry_id)
        assert archive.quote.exact in article.text
        assert article.entry.feed_title == "Harbour Weekly"


def test_what_lies_in_the_log_of_a_killed_program_is_saved_too(archive: Highlight, db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "killed" / "news.db"
    copy.parent.mkdir()
    with open_store(db) as store:
        (late,) = save(store, entry("late", "Only in the log"))
        for ending in ("", "-wal"):
            copy.with_name(f"news.db{ending}").write_bytes(db.with_name(f"news.db{ending}").read_bytes())
    before = copy.read_bytes(), copy.with_name("news.db-wal").read_bytes()
    salvage(copy, NOW)
    (aside,) = (
        path for path in copy.parent.iterdir() if ".damaged-" in path.name and not path.name.endswith(("-wal", "-shm"))
    )
    assert (aside.read_bytes(), aside.with_name(f"{aside.name}-wal").read_bytes()) == before
    with open_store(copy) as store:
        assert store.entries.article(late).entry.title == "Only in the log"


def test_doing_it_twice_overwrites_nothing(archive: Highlight, db: Path) -> None:
    texts_harmed(db)
    first = salvaged(db)
    kept = first.read_bytes()
    texts_harmed(db)
    assert salvaged(db) != first
    assert first.read_bytes() == kept


@pytest.mark.parametrize("content", [b"not a database at all" * 400, b"SQLite format 3\0" + b"\xff" * 9000])
def test_where_nothing_can_be_read_nothing_is_touched(db: Path, content: bytes) -> None:
    db.write_bytes(content)
    with pytest.raises(StoreCorruptError, match="nothing can be read"):
        salvage(db, NOW)
    assert [(path.name, path.read_bytes()) for path in db.parent.iterdir()] == [("news.db", content)]


def test_every_table_is_salvaged(store: Store) -> None:
    names = store.database.column(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite_%'"
    )
    # Counts are made anew when somebody asks.
    assert set(names) - {"_sqlite_migrations", "tag_counts"} == set(sys.modules["tui_reader.store.salvage"]._TABLES)
