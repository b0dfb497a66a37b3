"""Where the disk takes no more: a clear error, nothing half-written, and all that was there before."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Cli, Ran
from fake_web import FakeWeb
from samples import NOW, entry, save, subscribe

from tui_reader.store import open_store
from tui_reader.ui.background import BackgroundStore

TEXT = "The weights of the small model are free to use from Monday. " * 200

Full = Callable[..., Ran]


@pytest.fixture
def limited(db: Path, home: Path) -> Full:
    """The command line, where no file may grow beyond a size: what a quota or a file system's limit does."""

    def ran(*words: str, limit: int) -> Ran:
        def narrow() -> None:
            # The signal would end the process; without it the write itself fails.
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = subprocess.run(
            [sys.executable, "-B", "-m", "tui_reader", "--db", str(db), *words],
            preexec_fn=narrow, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return ran


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a megabyte; only root can have one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", place], capture_output=True)
    if not made or made.returncode:
        pytest.skip("needs the right to mount a disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def failed(ran: Ran, *words: str) -> None:
    assert ran.code == 1, ran
    assert ran.err.startswith("error: ")
    assert ran.err.count("\n") == 1
    for word in words:
        assert word in ran.err


def entries(db: Path) -> int:
    with open_store(db) as store:
        assert store.check() == ()
        return store.entries.count(store.condition(None))


def test_a_refresh_that_meets_a_limit_keeps_each_feed_whole(db: Path, limited: Full, web: FakeWeb, cli: Cli) -> None:
    feed = web.feed()
    for number in range(60):
        feed.entry(str(number), f"Number {number}", f"<p>{number} {TEXT}</p>")
    with open_store(db) as store:
        subscribe(store, feed.url)
    failed(limited("refresh", "--json", limit=300_000), "refuses", "quota")
    assert entries(db) == 0
    assert cli("refresh", "--json").line["new"] == 60
    assert entries(db) == 60


@pytest.mark.parametrize("words", [["mark", "1", "--read"], ["highlight", "1", "--quote", "small model"]])
def test_a_deed_that_cannot_be_written_is_not_confirmed(db: Path, limited: Full, words: list[str]) -> None:
    with open_store(db) as store:
        save(store, entry("a", text=TEXT))
    failed(limited(*words, limit=20_000), "nothing can be changed")
    with open_store(db) as store:
        assert store.check() == ()
        assert not store.entries.rows([1])[0].read
        assert store.highlights.count() == 0
        assert store.undo(NOW) is None


def test_a_backup_or_an_export_that_finds_no_room_leaves_no_half_of_a_file(
    db: Path, limited: Full, tmp_path: Path
) -> None:
    with open_store(db) as store:
        ids = save(store, *(entry(str(number), text=f"{number} {TEXT}") for number in range(20)))
        store.highlights.add(store.entries.article(ids[0]), 0, 9000, now=NOW)
    target = tmp_path / "out" / "file"
    target.parent.mkdir()
    target.write_text("as it was")
    failed(limited("backup", str(target), limit=100_000))
    failed(limited("export-opml", str(target), limit=100))
    failed(limited("export", "highlights", "--format", "json", "--output", str(target), limit=100))
    assert [(path.name, path.read_text()) for path in target.parent.iterdir()] == [("file", "as it was")]
    notes = limited("export", "highlights", "--output", str(tmp_path / "notes"), limit=100)
    assert notes.code == 1
    assert not list((tmp_path / "notes").glob("*"))


def test_a_disk_that_fills_in_the_middle_of_a_refresh(small_disk: Path, web: FakeWeb, cli: Cli) -> None:
    db = small_disk / "news.db"
    feed = web.feed()
    for number in range(400):
        feed.entry(str(number), f"Number {number}", f"<p>{number} {os.urandom(3000).hex()}</p>")
    with open_store(db) as store:
        subscribe(store, feed.url)
        save(store, entry("a"))
    failed(cli("--db", str(db), "refresh", db=None), "the disk is full", "as it was before")
    assert entries(db) == 1


def test_on_a_full_disk_all_can_still_be_read(small_disk: Path, cli: Cli) -> None:
    db = small_disk / "news.db"
    with open_store(db) as store:
        save(store, entry("a"))
    fill(small_disk)
    for words in (["mark", "1", "--read"], ["highlight", "1", "--quote", "small model"], ["refresh"]):
        failed(cli("--db", str(db), *words, db=None), "full")
    failed(cli("--db", str(db), "backup", str(small_disk / "copy.db"), db=None), "full")
    for _ in range(2):
        assert cli("--db", str(db), "count", db=None).out == "1\n"
        assert "Quarry Labs" in cli("--db", str(db), "show", "1", db=None).out
    with open_store(db) as store:
        assert store.database.alone
        assert asyncio.run(BackgroundStore(store).run(lambda same: same.highlights.count())) == 0
    (small_disk / "filling").unlink()
    assert cli("--db", str(db), "mark", "1", "--read", db=None).out == "1 changed\n"
    assert entries(db) == 1
    assert [path.name for path in small_disk.iterdir()] == ["news.db"]


def fill(disk: Path) -> None:
    """To the last byte."""
    with (disk / "filling").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
