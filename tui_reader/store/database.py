"""One connection to the SQLite file: opened, set up and brought up to date; the only door to sqlite3 and its errors."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from tui_reader.errors import StoreCorruptError, StoreError, StoreReadOnlyError, StoreTooNewError
from tui_reader.fold import fold, plain

LATEST = 1
"""The `user_version` that this program makes and understands."""

TOKENS = "porter unicode61 remove_diacritics 2"
"""How the search index parts texts into words; the tables say the same."""

Row = sqlite3.Row

SQLITE_ERRORS = (sqlite3.Error, UnicodeError)
"""The second: SQLite quotes a damaged schema in its message, and Python cannot decode that; nor can it encode halves of
characters, which a command line may hold."""

_NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")

_LOOK_EVERY = 0.002
"""Seconds between looks whether another has let go of the write lock."""

_NO_LOG = ("SQLITE_CANTOPEN", "SQLITE_IOERR_SHM", "SQLITE_PROTOCOL")
"""What SQLite says where a write-ahead log cannot be: it wants memory that processes share, and some network disks and
shared folders have none."""


class Database:
    """A connection, for the thread that opened it. Every sqlite3 error leaves as a `StoreError`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        name: str,
        writable: bool,
        path: Path | None = None,
        busy_seconds: float = 30.0,
    ) -> None:
        """`path`: None for a database in memory. `busy_seconds`: how long to wait for others who write."""
        connection.row_factory = sqlite3.Row
        connection.create_function("fold", 1, lambda text: fold(text or ""), deterministic=True)
        connection.create_function("says", 2, _says, deterministic=True)
        self._connection = connection
        self.name = name
        self._translated = _Translated(name)
        self.writable = writable
        self._path = path
        self._inode = _inode(path)
        self._busy_seconds = busy_seconds

    @property
    def has_log(self) -> bool:
        """Whether others can read while one writes; not so on disks that allow no write-ahead log."""
        return str(self.value("PRAGMA journal_mode")) in ("wal", "memory")

    @property
    def alone(self) -> bool:
        """Whether nobody else can open it meanwhile: on a disk that is full to the last byte."""
        return str(self.value("PRAGMA locking_mode")) == "exclusive"

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        with self._translated:
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        with self._translated:
            found: Row | None = self._connection.execute(sql, parameters).fetchone()
            return found

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """The first column of the first row; None if there is none."""
        found = self.row(sql, parameters)
        return found[0] if found else None

    def column(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with self._translated:
            return [row[0] for row in self._connection.execute(sql, parameters)]

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """One writing statement, within `writing`. → the rowid of the last insert."""
        with self._translated:
            return self._connection.execute(sql, parameters).lastrowid or 0

    def run_many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        with self._translated:
            self._connection.executemany(sql, parameters)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction, or a part of the one that is open: all of it happens, or nothing."""
        if self._connection.in_transaction:
            yield
            return
        self.check_writable()
        with self._translated:
            self._begin()
            try:
                self._check_still_ours()
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # Also when the commit fails: a transaction left open would swallow all that is written after it.
                self._connection.rollback()
                raise

    def check_writable(self) -> None:
        """Raises StoreReadOnlyError: for work that would take its time before it writes."""
        if not self.writable:
            raise StoreReadOnlyError(f"{self.name} is read-only, or its disk full: nothing can be changed")

    def _begin(self) -> None:
        """IMMEDIATE takes the write lock now: one that is taken halfway could not wait for it.

        SQLite's own waiting looks ever more seldom, at last ten times a second. Beside a refresh, which writes feed
        after feed, it missed the gaps between them: a key that marks an entry waited for 640 ms.
        """
        deadline = time.monotonic() + self._busy_seconds
        self._connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    self._connection.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                        raise
                time.sleep(_LOOK_EVERY)
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {round(self._busy_seconds * 1000)}")

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read within is of one moment. Writing in it fails if somebody else has written since."""
        if self._connection.in_transaction:
            yield
            return
        with self._translated:
            self._connection.execute("BEGIN")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def changes_by_others(self) -> int:
        """A number that is another one after each commit of another connection (`PRAGMA data_version`)."""
        if _inode(self._path) != self._inode:
            raise self._replaced()
        return int(self.value("PRAGMA data_version"))

    def interrupt(self) -> None:
        """From any thread: stop the statement that runs."""
        self._connection.interrupt()

    def backup(self, target: Path) -> None:
        """A consistent copy while others write; the file appears whole or not at all."""
        part = target.with_name(target.name + ".part")
        with self._translated, _no_half_file(part):
            # An ordinary open names what is wrong with the place; SQLite only says that it cannot open the file.
            part.open("wb").close()
            copy = sqlite3.connect(part)
            try:
                self._connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()
            part.replace(target)

    def shrink(self, pages: int) -> None:
        """Return free pages to the system, so many at most, in a transaction of its own."""
        with self._translated:
            # Not by `execute`, which takes one step of it: one page.
            self._connection.executescript(f"PRAGMA incremental_vacuum({pages})")

    def close(self) -> None:
        self._connection.close()

    def _check_still_ours(self) -> None:
        """What is written into a file that was moved away is lost, and other tables may want other things."""
        if _inode(self._path) != self._inode:
            raise self._replaced()
        if self._connection.execute("PRAGMA user_version").fetchone()[0] > LATEST:
            raise StoreTooNewError(
                f"a newer tui-reader has brought {self.name} up to date: leave this one and start that one"
            )

    def _replaced(self) -> StoreError:
        return StoreError(f"{self.name} was replaced or removed while it was open: start tui-reader again")


class _Translated:
    """Every sqlite3 error leaves as a `StoreError`. A class of its own, because each statement enters it."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, SQLITE_ERRORS):
            raise _store_error(error, self._name) from error


@lru_cache(1024)
def stem(word: str) -> str:
    """A Latin word as the index of the tables keeps it: SQLite is asked, for nobody else knows for sure."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5(word, tokenize='{TOKENS}')")
        connection.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(words, row)")
        connection.execute("INSERT INTO words VALUES (?)", (word,))
        found = connection.execute("SELECT term FROM stems").fetchone()
    return str(found[0]) if found else word


def _says(text: str | None, pattern: str) -> bool:
    """For what is in no index: `pattern` is over plain text."""
    return re.search(pattern, plain(text or "")) is not None


def open_database(path: Path, *, create: bool = True, busy_seconds: float = 30.0) -> Database:
    """Open, create or migrate the file. A copy is kept beside it before a migration.

    Raises StoreCorruptError, StoreTooNewError, StoreReadOnlyError or StoreError. A read-only file opens for reading.
    """
    name = str(path)
    if not _exists(path):
        if not create:
            raise StoreError(f"no database at {name}")
        _make_folder(path.parent)
    try:
        connection, version, writable = _connect(path, busy_seconds)
    except SQLITE_ERRORS as error:
        raise _store_error(error, name) from error
    try:
        if version < LATEST:
            _bring_up(connection, path, version=version, writable=writable)
    except SQLITE_ERRORS as error:
        connection.close()
        raise _store_error(error, name) from error
    except BaseException:
        connection.close()
        raise
    return Database(connection, name=name, writable=writable, path=path, busy_seconds=busy_seconds)


def open_memory(name: str) -> Database:
    """A database that leaves no trace on disk; it lives as long as a connection of that name is open."""
    # One connection for all threads: SQLite serialises them, and a demo has no load.
    connection = sqlite3.connect(
        f"file:{name}?mode=memory&cache=shared", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    if not connection.execute("PRAGMA user_version").fetchone()[0]:
        _migrate(connection)
    return Database(connection, name="the demo", writable=True)


def _connect(path: Path, busy_seconds: float) -> tuple[sqlite3.Connection, int, bool]:
    """→ the connection, the version of the tables (0: there are none yet), and whether it can write."""
    if os.access(path if path.exists() else path.parent, os.W_OK) and os.access(path.parent, os.W_OK):
        for with_log in (True, False):
            try:
                return *_connect_to_write(path, busy_seconds, with_log=with_log), True
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname in _NO_ROOM:
                    # Not even for the memory that processes share. Alone one can read, and sees all of it.
                    return *_connect_alone(path), False
                if "readonly" in str(error):
                    break
                if not (with_log and error.sqlite_errorname.startswith(_NO_LOG)):
                    raise
    connection = _connect_read_only(path)
    try:
        return connection, _version(connection, str(path)), False
    except BaseException:
        connection.close()
        raise


def _connect_to_write(path: Path, busy_seconds: float, *, with_log: bool) -> tuple[sqlite3.Connection, int]:
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    try:
        if not with_log:
            # Alone it can read what is in the log, and then do without one.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        # Reading comes first: a file that is not ours must be refused before anything is written to it.
        version = _version(connection, str(path))
        _set_up(connection, path, busy_seconds, with_log=with_log)
    except BaseException:
        connection.close()
        raise
    return connection, version


def _connect_alone(path: Path) -> tuple[sqlite3.Connection, int]:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        return connection, _version(connection, str(path))
    except BaseException:
        connection.close()
        raise


def _set_up(connection: sqlite3.Connection, path: Path, busy_seconds: float, *, with_log: bool) -> None:
    if not connection.execute("PRAGMA page_count").fetchone()[0]:
        # Only a new file can have it: what is removed later is given back in small steps.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA foreign_keys = ON")
    if with_log:
        _use_log(connection, path, busy_seconds)
    else:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA locking_mode = NORMAL")
    # Tells whether the log can be had; and lets go of the lock where there is none.
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16000")
    # Four times the usual: a page that many entries touch goes into the file once instead of often.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")


def _use_log(connection: sqlite3.Connection, path: Path, busy_seconds: float) -> None:
    """Write-ahead log mode, if the disk allows it."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        return
    if connection.execute("PRAGMA page_count").fetchone()[0] and not _allows_log(path):
        return
    deadline = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # For this switch SQLite does not wait, and two programs that start on a new file both want it.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _allows_log(path: Path) -> bool:
    """Tried on a file of its own, for others may be at work on the real one."""
    probe = path.with_name(f"{path.name}.probe-{os.getpid()}")
    try:
        with contextlib.closing(sqlite3.connect(probe, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE probe (id)")
            return bool(connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")
    except sqlite3.OperationalError:
        return False
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                probe.with_name(probe.name + ending).unlink(missing_ok=True)


def _connect_read_only(path: Path) -> sqlite3.Connection:
    # A WAL database on a read-only disk opens only as immutable, which is true of such a disk.
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            continue
        except BaseException:
            connection.close()
            raise
        return connection
    raise StoreReadOnlyError(f"cannot read {path}, nor write beside it")


_WHOSE = """
SELECT user_version,
    (SELECT count(*) FROM sqlite_master WHERE name IN ('entries', 'states', 'journal')) = 3,
    (SELECT count(*) FROM sqlite_master WHERE name NOT LIKE '\\_sqlite%' ESCAPE '\\') = 0
FROM pragma_user_version
"""
"""One statement, so that it cannot see the half of what another program commits in between."""


def _version(connection: sqlite3.Connection, name: str) -> int:
    version, ours, empty = connection.execute(_WHOSE).fetchone()
    if not ours and not (empty and version == 0):
        raise StoreError(f"{name} is a database of another program: nothing was changed")
    if version > LATEST:
        raise StoreTooNewError(f"{name} was made by a newer version of tui-reader: update the program to open it")
    return int(version)


def _bring_up(connection: sqlite3.Connection, path: Path, *, version: int, writable: bool) -> None:
    if not writable:
        raise StoreReadOnlyError(f"{path} is read-only, and of an older version that must be brought up to date first")
    if version:
        copy = path.with_name(f"{path.name}.before-v{LATEST}")
        Database(connection, name=str(path), writable=True).backup(copy)
    _migrate(connection)


def _migrate(connection: sqlite3.Connection) -> None:
    # Imported here: sqlite-utils takes 85 ms, and a current database never needs it.
    from .schema import migrate

    # Two programs may start at once: the lock makes one wait, and it then finds nothing left to do.
    connection.execute("BEGIN IMMEDIATE")
    try:
        migrate(connection)
    except BaseException:
        connection.rollback()
        raise
    connection.execute("COMMIT")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise StoreError(f"cannot open {path}: {error.strerror}") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot create {folder}: {error.strerror}") from error


@contextlib.contextmanager
def _no_half_file(part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot write {part}: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _store_error(error: sqlite3.Error | UnicodeError, name: str) -> StoreError:
    text, kind = str(error), getattr(error, "sqlite_errorname", "")
    if isinstance(error, UnicodeEncodeError):
        return StoreError("this text has halves of characters in it, which can be neither stored nor found")
    if "malformed" in text or "not a database" in text or isinstance(error, UnicodeDecodeError):
        return StoreCorruptError(f"{name} is damaged or not a database ({text}); `tui-reader doctor` tells more")
    if "readonly" in text:
        return StoreReadOnlyError(f"{name} is read-only: nothing can be changed")
    if "disk is full" in text:
        return StoreError(f"the disk is full: {name} is as it was before")
    if kind.startswith("SQLITE_IOERR"):
        cause = "a quota, a limit on the size of files, or a failing disk"
        return StoreError(f"the disk refuses {name} ({text}, {kind}): {cause}; it is as it was before")
    if "locked" in text or "busy" in text:
        return StoreError(f"{name} is locked by another program that does not let go")
    if "unable to open" in text:
        return StoreError(f"cannot open {name}")
    return StoreError(f"{name}: {text}")


def _inode(path: Path | None) -> tuple[int, int] | None:
    """Which file lies there; None if there is none."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None
