from __future__ import annotations

import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from samples import NOW, entry, save

from tui_reader.errors import StoreCorruptError, StoreError, StoreReadOnlyError, StoreTooNewError
from tui_reader.store import LeaseHeld, Store, open_demo_store, open_store, refresh_lease
from tui_reader.store.database import LATEST

fork = multiprocessing.get_context("fork")


def test_a_new_file_is_set_up_for_several_programs(db: Path) -> None:
    with open_store(db) as store:
        value = store.database.value
        assert value("PRAGMA user_version") == LATEST
        assert (value("PRAGMA journal_mode"), value("PRAGMA synchronous"), value("PRAGMA foreign_keys")) == (
            "wal",
            2,
            1,
        )
        assert value("PRAGMA busy_timeout") == 30_000
        assert store.check() == ()
        assert store.writable
    with closing(sqlite3.connect(db)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_folder_is_made_and_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    with open_store(tmp_path / "new" / "folder" / "news.db") as store:
        assert store.feeds.all() == ()
    empty = tmp_path / "empty.db"
    empty.touch()
    with open_store(empty) as store:
        assert store.feeds.all() == ()


def test_what_is_not_there_is_made_only_when_wanted(db: Path) -> None:
    with pytest.raises(StoreError, match="no database at"), open_store(db, create=False):
        pass
    assert not db.exists()


def test_the_demo_leaves_no_file_and_begins_empty_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        with open_demo_store() as store:
            assert store.entries.by_guid() == {}
            save(store, entry("a"))
    assert list(tmp_path.iterdir()) == []


# --- files that are not ours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, 1, LATEST, 77])
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_database_of_another_program_is_left_alone(db: Path, version: int, mode: str) -> None:
    with closing(sqlite3.connect(db)) as raw:
        raw.execute(f"PRAGMA journal_mode = {mode}")
        raw.execute("CREATE TABLE bookmarks (url TEXT)")
        raw.execute(f"PRAGMA user_version = {version}")
        raw.commit()
    before = db.read_bytes()
    with pytest.raises(StoreError, match="another program"), open_store(db):
        pass
    assert db.read_bytes() == before
    assert [path.name for path in db.parent.iterdir()] == ["news.db"]


@pytest.mark.parametrize(
    "content",
    [b"title,url\nHarbour Weekly,https://harbour.example/\n" * 50, b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["text", "zeros", "damaged header"],
)
def test_a_file_that_is_no_database_is_left_alone(db: Path, content: bytes) -> None:
    db.write_bytes(content)
    with pytest.raises(StoreCorruptError, match="damaged or not a database"), open_store(db):
        pass
    assert db.read_bytes() == content


def test_a_database_of_a_newer_version_is_left_alone(db: Path) -> None:
    with open_store(db) as store:
        save(store, entry("a"))
    with closing(sqlite3.connect(db)) as raw:
        raw.execute(f"PRAGMA user_version = {LATEST + 1}")
    before = db.read_bytes()
    with pytest.raises(StoreTooNewError, match="newer version"), open_store(db):
        pass
    assert db.read_bytes() == before


@pytest.mark.parametrize("path", ["folder", "file/news.db", "n" * 300 + ".db"])
def test_places_where_no_database_can_be(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught, open_store(tmp_path / path):
        pass
    assert path.split("/")[0] in str(caught.value)
    assert "\n" not in str(caught.value)


# --- disks without a write-ahead log ---------------------------------------------------------------------------------


def forbid_log(db: Path) -> None:
    """The memory that processes share cannot be had, as on some network disks: its file cannot be opened."""
    for name in (db.name, f"{db.name}.probe-{os.getpid()}"):
        db.with_name(f"{name}-shm").symlink_to(db.parent / "nowhere" / "at all")


@pytest.mark.parametrize("before", ["new", "with a log", "restored from a backup"])
def test_where_no_log_can_be_it_works_without_one(db: Path, before: str) -> None:
    if before != "new":
        with open_store(db) as store:
            save(store, entry("a"))
            store.database.backup(db.with_name("copy.db"))
    if before == "restored from a backup":
        db.with_name("copy.db").replace(db)
    forbid_log(db)
    for _ in range(2):
        with open_store(db) as store, open_store(db, busy_seconds=0.1) as other:
            assert not store.database.has_log
            (entry_id,) = save(store, entry("a"))
            seen = other.changes_by_others()
            assert store.entries.mark([entry_id], "starred", value=True, now=NOW)
            assert other.changes_by_others() != seen
            assert other.entries.rows([entry_id])[0].starred
            assert other.entries.mark([entry_id], "starred", value=False, now=NOW)
            assert store.check() == ()
    assert {path.name for path in db.parent.iterdir()} <= {db.name, "copy.db", *map(str, shm_names(db))}


def shm_names(db: Path) -> list[str]:
    return [f"{db.name}-shm", f"{db.name}.probe-{os.getpid()}-shm"]


def test_a_backup_that_is_restored_has_a_log_again(db: Path, tmp_path: Path) -> None:
    with open_store(db) as store:
        assert store.database.has_log
        store.database.backup(tmp_path / "copy.db")
    with open_store(tmp_path / "copy.db") as store:
        assert store.database.has_log
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "news.db"]


# --- two programs at once, and files that are moved ------------------------------------------------------------------


def test_after_a_newer_program_has_been_at_it_an_older_one_writes_no_more(db: Path) -> None:
    with open_store(db) as store:
        (entry_id,) = save(store, entry("a"))
        with closing(sqlite3.connect(db)) as raw:
            raw.execute(f"PRAGMA user_version = {LATEST + 1}")
        with pytest.raises(StoreTooNewError, match="newer tui-reader"):
            store.entries.mark([entry_id], "read", value=True, now=NOW)
        assert not store.entries.rows([entry_id])[0].read


@pytest.mark.parametrize("put_back", [True, False])
def test_nothing_is_written_into_a_file_that_was_moved_away(db: Path, *, put_back: bool) -> None:
    with open_store(db) as store:
        (entry_id,) = save(store, entry("a"))
        store.database.backup(db.with_name("copy.db"))
        db.rename(db.with_name("old.db"))
        if put_back:
            db.with_name("copy.db").rename(db)
        with pytest.raises(StoreError, match="replaced or removed"):
            store.entries.mark([entry_id], "read", value=True, now=NOW)
        with pytest.raises(StoreError, match="replaced or removed"):
            store.changes_by_others()


def test_halves_of_characters_are_refused_in_words(store: Store) -> None:
    (entry_id,) = save(store, entry("a"))
    article = store.entries.article(entry_id)
    with pytest.raises(StoreError, match="halves of characters"):
        store.highlights.add(article, 0, 5, note="\udcff", now=NOW)
    with pytest.raises(StoreError, match="halves of characters"):
        store.tags.give([entry_id], "label", "\ud800", now=NOW)
    assert store.highlights.count() == 0
    assert store.undo(NOW) is None


# --- read-only -------------------------------------------------------------------------------------------------------


@contextmanager
def nobody() -> Iterator[None]:
    """Without the powers of root, whom no file mode stops."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may enter; pytest's own is closed to them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="needs the user ids of Linux")
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o777), (0o666, 0o555), (0o444, 0o555)])
def test_a_read_only_file_or_folder_opens_for_reading(open_folder: Path, file_mode: int, folder_mode: int) -> None:
    db = open_folder / "news.db"
    with open_store(db) as store:
        (entry_id,) = save(store, entry("a", "只读"))
    db.chmod(file_mode)
    open_folder.chmod(folder_mode)
    with nobody(), open_store(db) as store:
        assert not store.writable
        assert store.entries.article(entry_id).entry.title == "只读"
        with pytest.raises(StoreReadOnlyError, match="read-only"):
            store.entries.mark([entry_id], "read", value=True, now=NOW)
        with pytest.raises(StoreReadOnlyError):
            store.undo(NOW)
        assert store.check() == ()
    assert db.stat().st_size


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="needs the user ids of Linux")
def test_nothing_can_be_made_in_a_read_only_folder(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with nobody(), pytest.raises(StoreError), open_store(open_folder / "news.db"):
        pass
    with nobody(), pytest.raises(StoreError, match="cannot create"), open_store(open_folder / "sub" / "news.db"):
        pass


# --- several at once -------------------------------------------------------------------------------------------------


def _open_at_once(db: Path, barrier: object, answers: object) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    try:
        with open_store(db) as store:
            answers.put(f"{len(store.feeds.all())} feeds")  # type: ignore[attr-defined]
    except BaseException as error:
        answers.put(repr(error))  # type: ignore[attr-defined]


def test_programs_that_start_at_once_on_a_new_file_all_get_it(tmp_path: Path) -> None:
    import tui_reader.store.schema  # noqa: F401  (the processes then race for the file, not for the import)

    for turn in range(8):
        barrier, answers = fork.Barrier(4), fork.Queue()
        args = (tmp_path / f"{turn}.db", barrier, answers)
        processes = [fork.Process(target=_open_at_once, args=args) for _ in range(4)]
        for process in processes:
            process.start()
        assert [answers.get(timeout=30) for _ in processes] == ["0 feeds"] * 4
        for process in processes:
            process.join()


def test_a_second_connection_sees_what_the_first_wrote(db: Path) -> None:
    with open_store(db) as one, open_store(db) as two:
        before = one.changes_by_others()
        (entry_id,) = save(two, entry("a"))
        assert one.changes_by_others() != before
        assert one.entries.article(entry_id)
        seen = one.changes_by_others()
        one.entries.mark([entry_id], "read", value=True, now=NOW)
        assert one.changes_by_others() == seen


def test_who_does_not_let_go_is_named_after_the_wait(db: Path) -> None:
    with open_store(db) as one, open_store(db, busy_seconds=0.05) as two:
        (entry_id,) = save(one, entry("a"))
        with one.writing():
            one.entries.mark([entry_id], "read", value=True, now=NOW)
            assert not two.entries.rows([entry_id])[0].read
            with pytest.raises(StoreError, match="locked by another program"):
                two.entries.mark([entry_id], "starred", value=True, now=NOW)
        assert two.entries.mark([entry_id], "starred", value=True, now=NOW) == 1


def test_one_refresh_at_a_time_and_the_lease_ends_with_its_holder(db: Path) -> None:
    code = (
        "import sys, pathlib; from tui_reader.store import refresh_lease\n"
        "with refresh_lease(pathlib.Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(db)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LeaseHeld, match="another refresh"), refresh_lease(db):
            pass
        holder.kill()
    with refresh_lease(db):
        pass


# --- whole or not at all ---------------------------------------------------------------------------------------------


def test_a_commit_that_fails_leaves_no_open_transaction(db: Path) -> None:
    with open_store(db) as store:
        (entry_id,) = save(store, entry("a"))

        def fail_at_the_end() -> None:
            with store.writing():
                store.database.run("PRAGMA defer_foreign_keys = ON")
                store.database.run("UPDATE entries SET feed_id = 99")

        with pytest.raises(StoreError, match="FOREIGN KEY"):
            fail_at_the_end()
        store.entries.mark([entry_id], "read", value=True, now=NOW)
    with open_store(db) as store:
        assert store.entries.rows([entry_id])[0].read
        assert store.check() == ()


def test_a_backup_is_whole_while_another_writes(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with open_store(db) as store, open_store(db) as other:
        save(other, entry("before"))
        with other.writing():
            save(other, entry("after"))
            store.database.backup(copy)
    with open_store(copy) as restored:
        assert set(restored.entries.by_guid()) == {"before"}
        assert restored.check() == ()
    assert not copy.with_name("copy.db.part").exists()


def test_a_backup_replaces_an_older_one_and_what_a_killed_one_left(db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"an older copy")
    copy.with_name("copy.db.part").write_bytes(b"half of one" * 1000)
    with open_store(db) as store:
        save(store, entry("a"))
        store.database.backup(copy)
        for place in (tmp_path / "none" / "copy.db", copy / "copy.db"):
            with pytest.raises(StoreError, match="cannot write"):
                store.database.backup(place)
    with open_store(copy) as restored:
        assert set(restored.entries.by_guid()) == {"a"}
