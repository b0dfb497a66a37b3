"""A killed program leaves a sound database with all that it confirmed; the next run ends where one run would have."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fake_web import FakeFeed, FakeWeb
from killing import killed_everywhere, killed_while
from samples import NOW, entry, save, subscribe

from tui_reader.errors import StoreCorruptError, StoreError
from tui_reader.export import Known, Press, Style, sheets_of, write_sheets
from tui_reader.fetch import FetchLimits, open_client
from tui_reader.ingest import read_page
from tui_reader.model import CleanFeed, OpmlFeed, Page, Tag
from tui_reader.query import parse_query
from tui_reader.refresh import refresh
from tui_reader.store import Rules, Store, open_store, salvage
from tui_reader.store import database as database_module
from tui_reader.store.database import LATEST
from tui_reader.tagging import Tagger, load_taxonomy

Restore = Callable[[], None]


def state(db: Path) -> list[object]:
    """All that a reader can see of a database, which must be sound."""
    with open_store(db) as store:
        assert store.check() == ()
        guids = {entry_id: guid for guid, entry_id in store.entries.by_guid().items()}
        listed = store.entries.ids(store.condition(None))
        found = store.entries.ids(store.condition(parse_query("traders", now=NOW).term))
        rows = []
        for row in store.entries.rows(listed):
            article = store.entries.article(row.id)
            tags = sorted((tag.kind, tag.slug, tag.by) for tag in article.tags)
            texts = [version.text for version in store.versions.of(row.id)]
            state = (row.read, row.starred, row.later, row.changed)
            rows.append((guids[row.id], row.title, texts, state, tags, len(article.highlights), row.id in found))
        return [[(feed.url, feed.title, feed.status, feed.error) for feed in store.feeds.all()], sorted(rows)]


@pytest.fixture
def back(db: Path) -> Callable[[], Restore]:
    """Takes a copy of the database; what it returns makes the database that copy again."""

    def remember() -> Restore:
        kept = db.with_name("kept.db")
        shutil.copyfile(db, kept)

        def restore() -> None:
            for ending in ("-wal", "-shm", "-journal"):
                db.with_name(db.name + ending).unlink(missing_ok=True)
            shutil.copyfile(kept, db)

        return restore

    return remember


def publish(feeds: Sequence[FakeFeed], number: int, text: str) -> None:
    for feed in feeds:
        at = datetime(2026, 11, 20, tzinfo=UTC) - timedelta(hours=number)
        feed.entry(f"{feed.url}#{number}", f"Nvidia, part {number}", f"<p>{text}</p>", at=at)


def polling(db: Path) -> Callable[[], None]:
    taxonomy = load_taxonomy()
    tagger = Tagger(taxonomy)

    async def read(page: Page) -> CleanFeed:
        return read_page(page, now=datetime.now(UTC))

    async def poll() -> None:
        with open_store(db) as store:
            async with open_client(limits=FetchLimits(connect=20, read=20, total=60)) as client:
                await refresh(
                    store, client, read, store.feeds.all(), lambda outcome: None, tagger=tagger, taxonomy=taxonomy
                )

    return lambda: asyncio.run(poll())


def test_a_refresh(db: Path, web: FakeWeb, home: Path, back: Callable[[], Restore]) -> None:
    feeds = [web.feed(name).titled(name) for name in ("one", "two", "three")]
    poll = polling(db)
    for number in range(8):
        publish(feeds, number, f"Two traders in Rotterdam hold enough for {number} weeks.")
    with open_store(db) as store:
        store.feeds.add([OpmlFeed(feed.url) for feed in feeds], NOW)
    poll()
    with open_store(db) as store:
        for entry_id in store.entries.ids(store.condition(None)):
            store.entries.mark([entry_id], "read", value=True, now=NOW)
    restore = back()
    for number in range(4, 12):
        publish(feeds, number, f"Three traders in Rotterdam hold enough for {number} months, says 英伟达.")
    poll()
    undisturbed = state(db)
    assert sum(row[3][3] for row in undisturbed[1]) == 12  # type: ignore[index, attr-defined]
    restore()
    for _ in killed_everywhere(poll):
        state(db)
        poll()
        assert state(db) == undisturbed
        restore()


def test_every_highlight_that_was_confirmed_is_there(db: Path) -> None:
    with open_store(db) as store:
        (entry_id,) = save(store, entry("a", text="Two traders hold enough for six weeks."))
    kept = 0

    def highlight(tell: Callable[[object], None]) -> None:
        with open_store(db) as store:
            while True:
                made = store.highlights.add(store.entries.article(entry_id), 0, 11, now=NOW, note="两个")
                tell(made.id)

    for after in (1, 3, 10, 20):
        told = killed_while(highlight, after=after)
        with open_store(db) as store:
            assert store.check() == ()
            assert {each.id for each in store.highlights.all()} >= set(told)
            # At most the one that was under way came on top; each can be undone.
            assert len(told) <= store.highlights.count() - kept <= len(told) + 1
            kept = store.highlights.count()
            events = store.database.value("SELECT count(*) FROM journal")
            assert events == kept
    with open_store(db) as store:
        while store.undo(NOW):
            pass
        assert store.highlights.count() == 0


def deeds(db: Path) -> Callable[[], None]:
    def do() -> None:
        with open_store(db) as store:
            ids = list(store.entries.ids(store.condition(None)))
            store.entries.mark(ids, "read", value=True, now=NOW)
            store.tags.give([ids[0]], "label", "traders", now=NOW)
            store.tags.take_away([ids[1]], "topic", "chips", now=NOW)
            store.entries.mark(ids[:3], "starred", value=True, now=NOW)
            store.undo(NOW)
            store.feeds.remove(store.feeds.all()[0], NOW)

    return do


def test_what_a_reader_does_is_done_with_its_inverse_or_not_at_all(db: Path, back: Callable[[], Restore]) -> None:
    with open_store(db) as store:
        for entry_id in save(store, *(entry(str(number)) for number in range(40))):
            store.tags.save(entry_id, [Tag("topic", "chips", "Chips")], "v1")
    before = state(db)
    restore = back()
    for _ in killed_everywhere(deeds(db)):
        with open_store(db) as store:
            while store.undo(NOW):
                pass
        assert state(db) == before
        restore()


def test_retention(db: Path, back: Callable[[], Restore]) -> None:
    old = NOW - timedelta(days=500)
    with open_store(db) as store:
        entries = (entry(str(number), text=f"{number} traders. " * 300, published_at=old) for number in range(60))
        save(store, *entries, now=old)
        save(store, entry("new"), now=NOW)
    restore = back()

    def remove() -> None:
        with open_store(db) as store:
            due = store.retention.due(Rules(age=timedelta(days=365), unread=False), NOW)
            for start in range(0, len(due), 10):
                store.retention.remove(due[start : start + 10])
            while store.retention.give_back(20):
                pass

    remove()
    undisturbed = state(db)
    assert len(undisturbed[1]) == 1  # type: ignore[arg-type]
    restore()
    for _ in killed_everywhere(remove):
        state(db)
        remove()
        assert state(db) == undisturbed
        restore()


def test_making_a_new_database(tmp_path: Path) -> None:
    import tui_reader.store.schema  # noqa: F401  (so that the moments fall into the work, not into the import)

    paths = iter(tmp_path / f"{number}.db" for number in range(100))
    path = next(paths)

    def make() -> None:
        with open_store(path) as store:
            save(store, entry("a"))

    for _ in killed_everywhere(make):
        with suppress(StopIteration), open_store(path) as store:
            assert store.check() == ()
            assert store.entries.by_guid().keys() <= {"a"}
        path = next(paths)


# --- migrations ------------------------------------------------------------------------------------------------------


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the program one that wants another migration."""
    from tui_reader.store import schema

    def want(*statements: str) -> None:
        def migrate(connection: sqlite3.Connection) -> None:
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {LATEST + 1}")

        monkeypatch.setattr(database_module, "LATEST", LATEST + 1)
        monkeypatch.setattr(schema, "migrate", migrate)

    return want


def test_a_failed_migration_leaves_the_old_database_and_a_copy(
    db: Path, next_version: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(db) as store:
        save(store, entry("a"))
    before = state(db)
    next_version("ALTER TABLE feeds ADD COLUMN mood TEXT", "UPDATE feeds SET nonsense = 1")
    with pytest.raises(StoreError, match="nonsense"), open_store(db):
        pass
    monkeypatch.undo()
    assert state(db) == before
    assert state(db.with_name(f"{db.name}.before-v{LATEST + 1}")) == before


def test_a_killed_migration(db: Path, next_version: Callable[..., None], back: Callable[[], Restore]) -> None:
    with open_store(db) as store:
        save(store, entry("a"), entry("b"))
    before = state(db)
    restore = back()
    next_version("ALTER TABLE feeds ADD COLUMN mood TEXT", *["UPDATE feeds SET mood = coalesce(mood, '') || 'x'"] * 50)

    def migrate() -> None:
        with open_store(db):
            pass

    for _ in killed_everywhere(migrate):
        assert state(db) == before
        with closing(sqlite3.connect(db)) as raw:
            assert raw.execute("SELECT mood FROM feeds").fetchall() == [("x" * 50,)]
        restore()


def test_saving_a_damaged_database(db: Path, back: Callable[[], Restore]) -> None:
    with open_store(db) as store:
        save(store, *(entry(str(number), text=f"{number} traders. " * 200) for number in range(20)))
    data = bytearray(db.read_bytes())
    with closing(sqlite3.connect(db)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'states_order'").fetchone()
    data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    db.write_bytes(data)
    restore = back()

    def repair() -> None:
        try:
            with open_store(db) as store:
                damaged = bool(store.damage())
        except StoreCorruptError:
            damaged = True
        if damaged:
            salvage(db, NOW)
        with open_store(db) as store:
            store.repair()

    for _ in killed_everywhere(repair):
        assert any(path.read_bytes() == data for path in (db, *db.parent.glob("*.damaged-*")))
        repair()
        assert len(state(db)[1]) == 20  # type: ignore[arg-type]
        restore()


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_backup(db: Path, tmp_path: Path) -> None:
    with open_store(db) as store:
        save(store, *(entry(str(number), text=f"{number} traders. " * 300) for number in range(30)))
    whole, copy = state(db), tmp_path / "copy.db"

    def backup() -> None:
        with open_store(db) as store:
            store.database.backup(copy)

    for number in killed_everywhere(backup):
        if copy.exists():
            assert state(copy) == whole
        if number % 2:
            backup()
            assert state(copy) == whole
            copy.write_bytes(copy.read_bytes())
        else:
            copy.unlink(missing_ok=True)
    assert state(db) == whole


def test_an_export(db: Path, tmp_path: Path) -> None:
    with open_store(db) as store:
        for entry_id in save(store, *(entry(str(number)) for number in range(12))):
            store.highlights.add(store.entries.article(entry_id), 0, 11, now=NOW, note="Keep.")
        highlights = store.highlights.all()

    def files(folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".md"}

    def write(folder: Path) -> None:
        sheets = sheets_of(list(highlights), "article", {})
        write_sheets(sheets, folder, Press(Style(names={})), Known({}, {one.id for one in highlights}))

    write(tmp_path / "undisturbed")
    whole = files(tmp_path / "undisturbed")
    assert len(whole) == 12
    folder = tmp_path / "notes"
    for _ in killed_everywhere(lambda: write(folder)):
        folder.mkdir(exist_ok=True)
        assert files(folder).items() <= whole.items()
        write(folder)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole
        shutil.rmtree(folder)


def test_stores_are_compared_by_what_they_hold(store: Store, db: Path) -> None:
    subscribe(store)
    before = state(db)
    save(store, entry("a"))
    assert state(db) != before
