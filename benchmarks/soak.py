"""One store and everybody at once, for as long as one likes: `python -m benchmarks.soak --minutes 60`.

The app is open and its keys are pressed, while cron's `refresh`, a status bar's `count`, scripts that list, search,
mark, highlight, export and back up all run beside it. Feeds publish and edit all the while. At the end every entry that
was published must be there once, every star and highlight too, and the database must be sound.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.archive import subscribe
from benchmarks.figures import percentile
from benchmarks.processes import environment, program
from benchmarks.terminal import Terminal
from tui_reader.store import open_store

FEEDS = 12
WINDOW = 30
"""Entries that a feed shows at a time: less than are published between two polls would be lost."""
PUBLISH_EVERY = 4.0
"""Seconds between two entries of a feed; every tenth entry is edited once it is a minute old."""


class Press:
    """The feeds, as they are at a moment: nothing is kept but when they began and ended."""

    def __init__(self) -> None:
        # With a past: a list that is shorter than the screen has nothing to draw for some keys.
        self._begin = time.monotonic() - (WINDOW - 1) * PUBLISH_EVERY
        self.ended: float | None = None

    def published(self) -> int:
        """Entries of each feed until now."""
        return int(((self.ended or time.monotonic()) - self._begin) / PUBLISH_EVERY) + 1

    def body(self, feed: int) -> bytes:
        last = self.published()
        items = "".join(self._item(feed, number, last) for number in range(max(0, last - WINDOW), last))
        return f"<rss version='2.0'><channel><title>Soak {feed}</title>{items}</channel></rss>".encode()

    @staticmethod
    def _item(feed: int, number: int, last: int) -> str:
        edited = number % 10 == 0 and last - number > 15
        price = "5 美元" if edited else "3 美元"
        when = format_datetime(datetime.fromtimestamp(1_760_000_000 + number * 60, UTC))
        text = f"Alibaba 发布 Qwen3，第 {number} 条。It costs {price} a million tokens, says feed {feed}."
        return (
            f"<item><guid>{feed}-{number}</guid><title>Qwen3 {feed}/{number}</title><pubDate>{when}</pubDate>"
            f"<link>http://127.0.0.{feed + 1}/{number}</link><description>{text}</description></item>"
        )


class Soak:
    def __init__(self, database: Path, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._ended = threading.Event()
        self.runs: Counter[str] = Counter()
        self.problems: list[str] = []
        self.starred: set[int] = set()
        self.highlighted: set[str] = set()

    def everybody(self) -> list[threading.Thread]:
        copies = itertools.count()
        jobs: list[tuple[float, Callable[[], object]]] = [
            (15, lambda: self.command("refresh", "--json")),
            (2, lambda: self.command("count", "is:unread")),
            (5, lambda: self.command("list", "--json", "--limit", "20", "company:alibaba")),
            (7, lambda: self.command("search", "千问", "--json", "--limit", "5")),
            (11, self.mark),
            (13, self.highlight),
            (31, lambda: self.command("export", "highlights", "--output", str(self._folder / "notes"))),
            (60, lambda: self.back_up(next(copies))),
            (90, lambda: self.command("doctor")),
        ]
        threads = [threading.Thread(target=self._again, args=job, daemon=True) for job in jobs]
        for thread in threads:
            thread.start()
        return threads

    def end(self, threads: list[threading.Thread]) -> None:
        self._ended.set()
        for thread in threads:
            thread.join(120)

    def command(self, *words: str) -> str:
        """→ its output. Whatever it complains about is a problem."""
        ran = subprocess.run(
            program(self._database, *words), env=environment(), capture_output=True, text=True, check=False
        )
        self.runs[words[0]] += 1
        # Another refresh that is under way is no fault: the app has one.
        failed = ran.returncode != 0 or "Traceback" in ran.stderr or "locked" in ran.stderr
        if failed and "another refresh" not in ran.stderr:
            self.problems.append(f"{' '.join(words)} → {ran.returncode}: {ran.stderr.strip()[-300:]}")
        return ran.stdout

    def back_up(self, number: int) -> None:
        copy = self._folder / f"copy-{number}.db"
        self.command("backup", str(copy))
        copy.unlink(missing_ok=True)

    def newest(self) -> int | None:
        lines = self.command("list", "--json", "--limit", "1").splitlines()
        return json.loads(lines[0])["id"] if lines else None

    def mark(self) -> None:
        entry_id = self.newest()
        if entry_id is not None:
            self.command("mark", str(entry_id), "--star", "--read")
            self.starred.add(entry_id)

    def highlight(self) -> None:
        entry_id = self.newest()
        if entry_id is not None:
            out = self.command("highlight", str(entry_id), "--quote", "a million tokens", "--note", "价格", "--json")
            if out:
                self.highlighted.add(json.loads(out)["id"])

    def _again(self, every: float, job: Callable[[], object]) -> None:
        while not self._ended.wait(every):
            job()


def check(soak: Soak, database: Path, press: Press) -> None:
    """What must be true of the store at the end."""
    while not soak.command("refresh", "--json"):
        # The one of the app has not ended yet.
        time.sleep(0.5)
    soak.command("doctor")
    with open_store(database, create=False) as store:
        stored = sum(feed.total for feed in store.feeds.all())
        if stored != FEEDS * press.published():
            soak.problems.append(f"{stored} entries are stored, {FEEDS * press.published()} were published")
        lost = [each for each in soak.starred if not store.entries.article(each).entry.starred]
        kept = {json.loads(line)["id"] for line in soak.command("highlights", "--json").splitlines()}
        if lost or soak.highlighted - kept:
            soak.problems.append(f"lost: {len(lost)} stars, {len(soak.highlighted - kept)} highlights")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    minutes = parser.parse_args().minutes
    press = Press()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = press.body(int(self.path.strip("/")))
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    port = 0
    for feed in range(FEEDS):
        server = ThreadingHTTPServer((f"127.0.0.{feed + 1}", port), Handler)
        port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database, config = folder / "reader.db", folder / "config.toml"
        # The app polls too, and exports by itself: into the same store at the same time.
        config.write_text('[poll]\non_start = true\nevery = "1m"\n', encoding="utf-8")
        with open_store(database) as store:
            subscribe(
                store,
                [f"http://127.0.0.{feed + 1}:{port}/{feed}" for feed in range(FEEDS)],
                now=datetime.now(UTC),
            )
        soak = Soak(database, folder)
        soak.command("refresh", "--json")
        terminal = Terminal(program(database, config=config))
        terminal.wait_for("Qwen3")
        terminal.rest(1)
        threads = soak.everybody()
        deadline, pressed = time.monotonic() + minutes * 60, itertools.cycle("jjmkk")
        waits: list[float] = []
        while time.monotonic() < deadline and terminal.is_running:
            waits.append(terminal.press(next(pressed), any_frame=True) or 10.0)
            terminal.rest(0.7)
        if not terminal.is_running:
            soak.problems.append("the app has ended")
        soak.end(threads)
        press.ended = time.monotonic()
        terminal.rest(2)
        seconds = terminal.close()
        check(soak, database, press)
    for command, runs in soak.runs.most_common():
        print(f"{runs:6} × {command}")
    shares = ", ".join(f"p{share * 100:g} {percentile(waits, share) * 1000:.0f}" for share in (0.5, 0.95, 0.99, 1))
    print(f"{len(waits)} keys: {shares} ms; quitting {seconds * 1000:.0f} ms")
    print("\n".join(soak.problems) or f"no problem in {minutes:g} minutes: {press.published() * FEEDS:,} entries")
    return 1 if soak.problems else 0


if __name__ == "__main__":
    sys.exit(main())
