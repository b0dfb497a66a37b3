"""The contract of the command line: keys, exit codes, and errors of one line."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Cli, Ran
from fake_web import FakeWeb
from pytest_httpserver import HTTPServer
from samples import NOW, entry, save, subscribe
from werkzeug import Response

from tui_reader.cli.care import READ_ONLY
from tui_reader.model import Tag
from tui_reader.query import parse_query
from tui_reader.refresh import save_names
from tui_reader.retag import MANY
from tui_reader.store import Store, open_store
from tui_reader.tagging import load_taxonomy

NOTHING_DUE = {"entries": 0, "bytes": 0}
CLOSED_PORT = "http://127.0.0.1:1/feed.xml"
QUOTE = "Two traders hold enough for six weeks"
TEXT = f"The ministry will licence each shipment.\n\n{QUOTE}, said one of them."
HTML = (
    '<p>The ministry will <a href="https://ministry.example/rules">licence</a> each shipment.</p>'
    f"<p>{QUOTE}, said one of them.</p>"
)
OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
<outline text="Chips"><outline text="芯片周报" type="rss" xmlUrl="https://zhoubao.example/feed"/></outline>
<outline text="Harbour Weekly" type="rss" xmlUrl="https://harbour.example/feed.xml"/>
<outline text="No address" type="rss" xmlUrl="javascript:alert(1)"/></body></opml>"""


@pytest.fixture(scope="module")
def archive_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("archive") / "news.db"
    with open_store(made) as store:
        subscribe(store, title="Harbour Weekly", folder="News")
        gallium, report, _ = save(
            store,
            entry("gallium", "Gallium permits", TEXT, html=HTML),
            entry(
                "report",
                "腾讯财报：资本开支翻倍",
                "腾讯控股公布了第三季度业绩。",
                lang="zh",
                published_at=datetime(2026, 11, 12, tzinfo=UTC),
            ),
            entry("untitled", "", "A note without a title.", published_at=None),
        )
        store.tags.save(gallium, [Tag("topic", "export-controls", "Export controls")], "v1")
        store.entries.mark([report], "read", value=True, now=NOW)
    return made


@pytest.fixture
def archive(archive_file: Path, db: Path) -> None:
    """Three entries in one feed: gallium (tagged), 财报 (read), and one without a title."""
    shutil.copyfile(archive_file, db)


@pytest.fixture
def tagged(archive: None, db: Path) -> None:
    """The same, with the names of the taxonomy in the store."""
    with open_store(db) as store:
        save_names(store, load_taxonomy())


def begin(path: Path) -> None:
    """A store with nothing in it."""
    with open_store(path):
        pass


def fails(ran: Ran, code: int, *words: str) -> str:
    """Checks that it failed as everything fails: with one line on the error output, and nothing else. → the line."""
    assert ran.code == code, ran
    assert ran.out == ""
    assert ran.err.startswith("error: ")
    assert ran.err.count("\n") == 1
    assert ran.err.rstrip("\n").isprintable()
    for word in words:
        assert word in ran.err
    return ran.err


# --- errors ----------------------------------------------------------------------------------------------------------


def test_the_list_of_commands_says_each_in_a_line(cli: Cli) -> None:
    commands = cli("--help").out.partition("Commands:")[2]
    assert len(commands.split("\n")) > 20
    assert "..." not in commands


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (["bogus"], 2, "bogus"),
        (["list", "--bogus"], 2, "--bogus"),
        (["list", "is:unread", "--jsno"], 2, "--json"),
        (["list", "-robot", "--limit"], 2, "--limit"),
        (["list", "--limit", "-1"], 2, "--limit"),
        (["list", "--limit", "ten"], 2, "ten"),
        (["search"], 2, "QUERY"),
        (["show"], 2, "ID"),
        (["show", "one"], 2, "one"),
        (["show", "1", "--json", "--markdown"], 2, "choose one"),
        (["show", "1", "--diff", "--markdown"], 2, "choose one"),
        (["show", "99", "--diff"], 1, "no entry 99"),
        (["show", "99"], 1, "no entry 99"),
        (["show", str(10**25)], 1, "no entry"),
        (["mark", "1"], 2, "--read"),
        (["mark", "1", "--tag"], 2, "--tag"),
        (["mark", "1", "--tag", "  "], 2, "no name of a tag"),
        (["mark", "1", "99", "--tag", "x"], 1, "no entry 99"),
        (["mark", "1", "--tag", "company:alibabba"], 2, "company:alibaba?"),
        (["mark", "1", "--untag", "never given"], 1, "no tag 'never given'"),
        (["redo"], 1, "nothing to redo"),
        (["unsubscribe"], 2, "FEED"),
        (["unsubscribe", "1", "no such feed"], 1, "no such feed"),
        (["mark", "--read"], 2, "ID"),
        (["mark", "1", "99", "--read"], 1, "no entry 99"),
        (["highlight", "99", "--quote", "x"], 1, "no entry 99"),
        (["highlight", "1", "--quote", "   "], 2, "empty"),
        (["highlight", "1", "--quote", "what it does not say at all"], 1, "does not say"),
        (["highlight", "1", "--quote", "ministry", "--kind", "rumour"], 2, "rumour"),
        (["highlight", "1"], 2, "--quote"),
        (["list", "(open"], 2, "never closed"),
        (["search", "is:unred"], 2, "is:unread"),
        (["count", '"open'], 2, "never closed"),
        (["highlights", "compny:alibaba"], 2, "company:"),
        (["export", "highlights", "(", "--output", "x"], 2, "never closed"),
        (["export", "highlights"], 2, "--output"),
        (["export", "highlights", "--output", "x", "--format", "docx"], 2, "docx"),
        (["extract"], 2, "--due"),
        (["extract", "1", "--due"], 2, "--due"),
        (["refresh", "no such feed"], 1, "no such feed"),
        (["import", "missing.opml"], 1, "missing.opml"),
        (["tag", "missing.jsonl"], 2, "missing.jsonl"),
        (["demo"], 1, "terminal"),
        ([], 1, "terminal"),
        (["--config", "missing.toml", "refresh"], 1, "missing.toml"),
    ],
)  # fmt: skip
def test_errors_are_one_line_that_names_the_thing(
    archive: None, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    fails(cli(*words), code, named)
    assert not (tmp_path / "x").exists()


def test_show_diff_says_what_changed_since_it_was_read(archive: None, cli: Cli, db: Path) -> None:
    assert "was not edited" in cli("show", "1", "--diff").out
    assert cli("show", "1", "--diff", "--json").line["from"] is None
    with open_store(db) as store:
        store.entries.mark([1], "read", value=True, now=NOW)
        for weeks in ("seven", "eight"):
            save(store, entry("gallium", "Gallium permit", TEXT.replace("six", weeks)))
    shown = cli("show", "1", "--diff").out
    assert "Gallium [-permits-]{+permit+}\n" in shown
    assert "enough for [-six-]{+eight+} weeks" in shown
    line = cli("show", "1", "--diff", "--json").line
    assert (line["id"], line["versions"], line["changed"]) == (1, 3, True)
    assert (line["from"]["read"], line["from"]["origin"], line["to"]["read"]) == (True, "feed", False)
    assert [part["text"] for part in line["changes"] if part["kind"] != "same"] == ["six", "eight"]
    assert (
        "".join(part["text"] for part in line["changes"] if part["kind"] != "removed")
        == cli("show", "1", "--json").line["text"]
    )


READING = (["list"], ["search", "x"], ["count"], ["feeds"], ["highlights"], ["show", "1"], ["mark", "1", "--read"])


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_a_file_that_is_no_database(db: Path, cli: Cli, words: list[str]) -> None:
    db.write_bytes(b"id,title\n1,Not a database\n" * 200)
    before = db.read_bytes()
    fails(cli(*words), 1, "not a database", "doctor")
    assert db.read_bytes() == before


def test_foreign_newer_and_unreachable_databases(db: Path, cli: Cli, tmp_path: Path) -> None:
    with closing(sqlite3.connect(db)) as raw:
        raw.execute("CREATE TABLE bookmarks (url TEXT)")
    fails(cli("list"), 1, "another program")
    newer = tmp_path / "newer.db"
    begin(newer)
    with closing(sqlite3.connect(newer)) as raw:
        raw.execute("PRAGMA user_version = 99")
    fails(cli("list", db=newer), 1, "newer version")
    fails(cli("list", db=db / "below.db"), 1, "below.db")
    fails(cli("list", db=tmp_path), 2)
    fails(cli("list", db=tmp_path / ("n" * 300)), 1)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="needs the user ids of Linux")
def test_a_read_only_database_can_be_read_and_says_why_it_cannot_be_changed(
    archive: None, db: Path, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(OPML, encoding="utf-8")
    # Root passes every file mode, so this asks the question that the store asks, in its place.
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    assert len(cli("list", "--json").lines) == 3
    words = (
        "mark 1 --read", "mark 1 --tag x", "mark 1 --not-later", "undo", "redo", "unsubscribe 1", "refresh", "retag",
        "retag --all", "extract 1", "extract --due", f"add {CLOSED_PORT}", "split 1", "highlight 1 --quote ministry",
        f"import {opml}", f"import-highlights {opml}",
    )  # fmt: skip
    for command in words:
        fails(cli(*command.split()), 1, "" if "import-h" in command else "read-only")
    assert cli("retag", "--dry-run").code == 0
    assert cli("doctor").out == f"note: {READ_ONLY}\nok\n"


def test_control_characters_and_broken_text_in_arguments(archive: None, cli: Cli) -> None:
    assert cli("search", "\x1b[31m\udcff gallium").code == 0
    fails(cli("refresh", "\x1b]0;title\x07\udcff"), 1)
    assert cli("add", CLOSED_PORT, "--folder", "bad\udcff\x1bname").code == 1
    made = cli("highlight", "1", "--quote", QUOTE, "--note", "so\udcff\x1b[2J", "--tag", "a\udcffb", "--json")
    assert made.code == 0
    assert "\x1b" not in made.line["note"]


def test_nothing_prints_a_traceback_in_a_plain_process(archive: None, run_cli: Cli, db: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = run_cli("list", "is:read", env=ascii_only)
    assert (ran.code, ran.err) == (0, "")
    assert "腾讯财报" in ran.out
    fails(run_cli("show", "99", env=ascii_only), 1, "no entry 99")
    db.write_bytes(db.read_bytes()[:5000])
    ran = run_cli("list", "--json")
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert ran.err.startswith("error: ")


def test_a_reader_that_has_enough_is_no_error(db: Path, home: Path) -> None:
    with open_store(db) as store:
        subscribe(store)
        save(store, *(entry(str(number), f"Item {number} " * 20) for number in range(400)))
    for words in ("list --json", "search item", "list"):
        command = f'"{sys.executable}" -m tui_reader --db "{db}" {words} | head -n 1; exit ${{PIPESTATUS[0]}}'
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=30)
        assert done.stdout.count(b"\n") == 1
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the full device of Linux")
@pytest.mark.parametrize(
    ("command", "code", "error"),
    [
        ("list >&-", 0, ""),
        ("mark 1 --star >&- 2>&- <&-", 0, ""),
        ("tag <&-", 0, ""),
        ("refresh no-such-feed <&-", 1, "error: no feed 'no-such-feed': `tui-reader feeds` lists them\n"),
        ("count '(' 2>&-", 2, ""),
        ("show 99 2>/dev/full", 1, ""),
        ("list >/dev/full", 1, "error: cannot write the output: No space left on device\n"),
        ("--help >/dev/full", 1, "error: cannot write the output: No space left on device\n"),
        ("export-opml >/dev/full", 1, "error: cannot write the output: No space left on device\n"),
    ],
)
def test_streams_that_are_closed_or_full(archive: None, db: Path, command: str, code: int, error: str) -> None:
    whole = f'"{sys.executable}" -m tui_reader --db "{db}" {command}'
    done = subprocess.run(["bash", "-c", whole], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stderr) == (code, error)
    with open_store(db) as store:
        assert store.check() == ()


def interrupted(db: Path, *words: str, until: Callable[[subprocess.Popen[bytes]], object]) -> tuple[int, str]:
    """Ctrl-C, as a terminal sends it to all that run in it, once `until` returns. → exit code, error output."""
    command = [sys.executable, "-m", "tui_reader", "--db", str(db), *words]
    pipe = subprocess.PIPE

    def hear() -> None:
        # What runs in the background may have been told to ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, stdin=pipe, start_new_session=True, preexec_fn=hear
    ) as process:
        until(process)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=30)
    return process.returncode, err.decode().strip()


def test_ctrl_c_ends_a_refresh_at_once(db: Path, home: Path, httpserver: HTTPServer) -> None:
    asked, ended = threading.Event(), threading.Event()

    def answer(_: object) -> Response:
        asked.set()
        ended.wait(30)
        return Response("")

    httpserver.expect_request("/slow").respond_with_handler(answer)
    with open_store(db) as store:
        subscribe(store, httpserver.url_for("/slow"))
    try:
        assert interrupted(db, "refresh", until=lambda _: asked.wait(30)) == (130, "error: interrupted")
    finally:
        ended.set()


def test_ctrl_c_ends_the_helpers_of_retag_without_a_word(db: Path, home: Path) -> None:
    with open_store(db) as store:
        subscribe(store)
        save(store, *(entry(str(number), text=f"Nvidia ships item {number}. " * 40) for number in range(2 * MANY)))

    def one_line(process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["of"] == 2 * MANY

    assert interrupted(db, "retag", "--all", "--progress", until=one_line) == (130, "error: interrupted")


COMMANDS = (
    "add", "import", "export-opml", "feeds", "refresh", "list", "search", "show", "mark", "tag", "retag", "highlight",
    "highlights", "export", "extract", "count", "doctor", "backup", "demo",
)  # fmt: skip


def test_help_and_version(cli: Cli) -> None:
    assert cli("--help").code == cli("-h").code == 0
    text = cli("--help").out
    for command in COMMANDS:
        assert f"\n  {command} " in text
        assert cli(command, "--help").code == 0
    ran = cli("--version")
    assert (ran.code, ran.out.split()[0]) == (0, "tui-reader")
    ran = cli("export")
    assert (ran.code, ran.out) == (2, "")


def test_files_are_found_by_option_by_environment_or_where_the_system_has_them(
    cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "subs.opml"
    file.write_text(OPML, encoding="utf-8")
    monkeypatch.setenv("TUI_READER_DB", str(tmp_path / "env.db"))
    cli("import", str(file), db=None)
    assert (tmp_path / "env.db").exists()
    cli("import", str(file), db=tmp_path / "option.db")
    assert (tmp_path / "option.db").exists()
    monkeypatch.delenv("TUI_READER_DB")
    cli("count", db=None)
    assert list(home.rglob("*.db"))
    config = tmp_path / "config.toml"
    config.write_text("[poll]\nevry = '1h'\n")
    monkeypatch.setenv("TUI_READER_CONFIG", str(config))
    fails(cli("refresh", db=tmp_path / "option.db"), 1, "evry", "every")


def test_a_path_with_a_slip_of_the_pen_is_no_empty_store(cli: Cli, tmp_path: Path) -> None:
    for words in (["count"], ["list"], ["search", "x"], ["show", "1"], ["feeds"], ["refresh"], ["highlights"]):
        fails(cli(*words, db=tmp_path / "nowhere" / "x.db"), 1, "no database at", "x.db", "import")
    assert not (tmp_path / "nowhere").exists()


class NoApp:
    """In place of the application: opened and closed at once."""

    return_code = 0

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def run(self) -> None:
        pass


def test_the_first_start_subscribes_though_a_command_came_before(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.cli.opening._need_terminal", lambda: None)
    monkeypatch.setattr("tui_reader.ui.app.ReaderApp", NoApp)
    assert cli("count", db=None).out == "0\n"
    assert cli(db=None).code == 0
    feeds = [each["url"] for each in cli("feeds", "--json", db=None).lines]
    assert len(feeds) == 45
    cli("unsubscribe", *feeds, db=None)
    assert cli(db=None).code == 0
    ran = cli("feeds", "--json", db=None)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("no subscriptions: ")


# --- subscriptions ---------------------------------------------------------------------------------------------------


def test_import_and_export_of_opml(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "subs.opml"
    file.write_text(OPML, encoding="utf-8")
    first = cli("import", str(file), "--json").line
    assert (first["added"], first["known"], len(first["skipped"])) == (2, 0, 1)
    assert set(first["skipped"][0]) == {"reason"}
    assert cli("import", str(file), "--json").line["known"] == 2
    assert "0 added, 2 known already, 1 skipped" in cli("import", str(file)).out
    feeds = cli("feeds", "--json").lines
    assert [(feed["title"], feed["folder"]) for feed in feeds] == [("芯片周报", "Chips"), ("Harbour Weekly", "")]
    out = tmp_path / "out.opml"
    assert cli("export-opml", str(out)).code == 0
    assert "芯片周报" in cli("export-opml").out
    assert cli("import", str(out), "--json", db=tmp_path / "other.db").line["added"] == 2
    assert [feed["folder"] for feed in cli("feeds", "--json", db=tmp_path / "other.db").lines] == ["Chips", ""]


@pytest.mark.parametrize("content", ["<html><body>Not OPML</body></html>", "{}", "", "<opml", "\0\1\2"])
def test_what_is_not_opml(cli: Cli, tmp_path: Path, content: str) -> None:
    file = tmp_path / "subs.opml"
    file.write_text(content)
    fails(cli("import", str(file)), 1, "subs.opml")
    assert cli("feeds", "--json").lines == []


def test_places_that_cannot_be_written(archive: None, cli: Cli, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("mine")
    for words in (
        ["export-opml", str(blocked / "x.opml")],
        ["export-opml", str(tmp_path / "none" / "x.opml")],
        ["backup", str(blocked / "x.db")],
        ["backup", str(tmp_path / "none" / "x.db")],
        ["export", "highlights", "--format", "json", "--output", str(blocked / "x.json")],
        ["export", "highlights", "--format", "csv", "--output", str(tmp_path / "none" / "x.csv")],
        ["export", "highlights", "--output", str(blocked)],
        ["import", str(tmp_path)],
    ):
        fails(cli(*words), 1)
    assert blocked.read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} <= {"file", "home", "news.db", "news.db-wal", "news.db-shm"}


def test_add_takes_feeds_and_the_feeds_of_pages(cli: Cli, web: FakeWeb) -> None:
    feed = web.feed().entry("a", "One")
    page = web.page(
        "blog", f'<html><head><link rel="alternate" type="application/rss+xml" href="{feed.url}"></head></html>'
    )
    assert feed.url in cli("add", page, "--folder", "News").out
    assert [(each["url"], each["folder"]) for each in cli("feeds", "--json").lines] == [(feed.url, "News")]
    again = cli("add", feed.url)
    assert (again.code, "already" in again.out) == (0, True)
    assert len(cli("feeds", "--json").lines) == 1


def test_add_sends_what_the_configuration_has_for_the_feed(cli: Cli, web: FakeWeb, tmp_path: Path) -> None:
    feed = web.feed().entry("a", "One")
    config = tmp_path / "config.toml"
    config.write_text(f'[feeds."{feed.url}"]\nheaders = {{ "X-Token" = "let me in" }}\n')
    assert cli("--config", str(config), "add", feed.url).code == 0
    assert feed.asked[-1]["X-Token"] == "let me in"


def test_add_says_what_is_wrong_and_goes_on(cli: Cli, web: FakeWeb) -> None:
    feed = web.feed().entry("a", "One")
    page = web.page("page", "<!doctype html><title>No feed here</title><p>Hello")
    bad = [page, CLOSED_PORT, "http://no-such-host.invalid/feed", "ftp://files.example/feed", "http://"]
    ran = cli("add", *bad, feed.url)
    assert ran.code == 1
    errors = ran.err.splitlines()
    assert len(errors) == len(bad)
    for url, line in zip(bad, errors, strict=True):
        assert line.startswith(f"error: {url}")
    assert [each["url"] for each in cli("feeds", "--json").lines] == [feed.url]


FEED_KEYS = {"id", "url", "title", "folder", "unread", "checked_at", "next_at", "status", "error"}
OUTCOME_KEYS = {"url", "status", "new", "updated", "error"}


def test_refresh_reports_each_feed_and_fails_only_if_all_do(cli: Cli, web: FakeWeb, tmp_path: Path) -> None:
    feed = web.feed().entry("a", "One").tagged('"v1"')
    with open_store(tmp_path / "news.db") as store:
        subscribe(store, feed.url, title="Good")
        subscribe(store, CLOSED_PORT, title="Bad")
    ran = cli("refresh", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert all(set(line) >= OUTCOME_KEYS for line in ran.lines)
    found = {line["url"]: (line["status"], line["new"], bool(line["error"])) for line in ran.lines}
    assert found == {feed.url: ("ok", 1, False), CLOSED_PORT: ("failed", 0, True)}
    records = cli("feeds", "--json").lines
    assert all(set(record) >= FEED_KEYS for record in records)
    assert [(record["unread"], record["status"]) for record in records] == [(1, "ok"), (0, "failed")]
    assert records[0]["checked_at"].endswith("Z")

    assert cli("refresh", "--due", "--json").lines == []
    assert [line["status"] for line in cli("refresh", "Good", "--json").lines] == ["not-modified"]
    bad = cli("refresh", "--json", "Bad")
    assert (bad.code, len(bad.lines)) == (1, 1)
    assert "Good" in cli("refresh", "Good").out


def test_refresh_of_nothing(cli: Cli, db: Path) -> None:
    begin(db)
    assert (cli("refresh").code, cli("refresh", "--due", "--json").out) == (0, "")


# --- entries ---------------------------------------------------------------------------------------------------------

ENTRY_KEYS = {
    "id", "feed", "feed_url", "title", "url", "author", "published", "read", "starred", "lang", "companies", "topics",
}  # fmt: skip


def test_an_issue_is_split_and_joined(db: Path, cli: Cli) -> None:
    with open_store(db) as store:
        subscribe(store)
        parts = "".join(f"<h2>A mill of kind {n}</h2><p>{TEXT}</p>" for n in range(3))
        issue, article = save(store, entry("n1", "An evening at the mills", html=parts), entry("a"))
    assert cli("split", str(issue)).out == f"{issue}: 3 stories\n"
    listed = {each["title"]: each for each in cli("list", "--json").lines}
    story = listed["A mill of kind 0"]
    assert (story["parent"], story["stories"], listed["An evening at the mills"]["stories"]) == (issue, 0, 3)
    assert (listed["An evening at the mills"]["parent"], cli("show", str(story["id"]), "--json").line["parent"]) == (
        None, issue,
    )  # fmt: skip
    assert cli("count", "is:unread").out == "4\n"
    assert cli("split", str(story["id"]), "--join").out == "1 joined\n"
    fails(cli("split", str(story["id"]), "--join"), 1, "is whole already")
    assert cli("count", "is:unread").out == "2\n"
    fails(cli("split", str(issue), str(article)), 1, "several stories")
    assert cli("undo").out == "undid: joined “An evening at the mills” again\n"
    assert cli("count", "is:unread").out == "4\n"
    fails(cli("split", "999"), 1, "999")


def test_list_is_all_that_fits_newest_first(archive: None, cli: Cli) -> None:
    lines = cli("list", "--json").lines
    assert all(set(line) >= ENTRY_KEYS for line in lines)
    assert [line["title"] for line in lines] == ["", "Gallium permits", "腾讯财报：资本开支翻倍"]
    gallium = lines[1]
    assert (gallium["feed"], gallium["read"], gallium["topics"]) == ("Harbour Weekly", False, ["export-controls"])
    assert gallium["published"] == "2026-11-20T08:30:00Z"
    assert len(cli("list", "--json", "--limit", "2").lines) == 2
    assert cli("list", "--json", "--limit", "0").lines == []
    assert len(cli("list", "--json", "--limit", str(10**25)).lines) == 3
    assert len(cli("search", "gallium", "--json", "--limit", str(10**25)).lines) == 1
    assert [line["read"] for line in cli("list", "--json", "is:read").lines] == [True]
    assert cli("list", "--json", "lang:zh", "资本开支").lines == cli("list", "--json", "is:read").lines
    assert "(no title)" in cli("list").out


@pytest.mark.parametrize(
    "words",
    [
        ["is:unread", "-gallium", "--json"],
        ["--json", "-gallium", "is:unread"],
        ["-gallium", "--limit", "5", "is:unread", "--json"],
        ["--json", "--limit=5", "is:unread", "-gallium"],
        ["--json", "is:unread", "--", "-gallium"],
    ],
)
def test_a_minus_belongs_to_the_query(archive: None, cli: Cli, words: list[str]) -> None:
    assert [line["title"] for line in cli("list", *words).lines] == [""]


def test_every_command_with_a_query_knows_a_minus(archive: None, cli: Cli, tmp_path: Path) -> None:
    assert cli("count", "-gallium").out == "2\n"
    assert cli("count", "-title:gallium", "-lang:zh").out == "1\n"
    assert [line["title"] for line in cli("search", "ministry", "-harbour", "--json").lines] == ["Gallium permits"]
    # `-h` alone is the help; what only begins so is a word.
    assert cli("list", "-harbour", "--json").lines == cli("list", "--json").lines
    assert cli("list", "-h").out.startswith("Usage:")
    highlighted = cli("highlight", "1", "--quote", QUOTE, "--tag", "stocks")
    assert highlighted.code == 0
    assert cli("highlights", "-tag:stocks", "--json").lines == []
    assert (
        cli("export", "highlights", "-tag:stocks", "--output", str(tmp_path / "out.csv"), "--format", "csv").code == 0
    )


def test_search_is_ranked_and_has_a_snippet(archive: None, cli: Cli) -> None:
    (hit,) = cli("search", "騰訊", "業績", "--json").lines
    assert set(hit) >= {*ENTRY_KEYS, "snippet"}
    assert "腾讯" in hit["snippet"]
    assert cli("search", "nothing like it", "--json").lines == []
    assert "腾讯控股公布" in cli("search", "业绩").out


def test_an_entry_that_is_only_a_title_takes_one_line_of_a_search(archive: None, db: Path, cli: Cli) -> None:
    with open_store(db) as store:
        save(store, entry("bare", "Only a title", "", html=""))
    assert len(cli("search", "only").out.splitlines()) == 1


def test_search_says_on_stderr_what_else_it_looked_for(archive: None, db: Path, cli: Cli) -> None:
    with open_store(db) as store:
        save_names(store, load_taxonomy())
        save(store, entry("qwen", "Poems", "Tongyi Qianwen writes poems."))
    ran = cli("search", "千问", "--json")
    assert [hit["title"] for hit in ran.lines] == ["Poems"]
    assert ran.err == 'also 通义千问, Qianwen, Tongyi Qianwen, Qwen · in quotes only the word: "千问"\n'
    quoted = cli("search", '"千问"', "--json")
    assert (quoted.lines, quoted.err) == ([], "")
    assert cli("list", "千问", "--json").line["title"] == "Poems"
    assert cli("count", "千问").out == "1\n"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("腾讯 compny:x", "  腾讯 compny:x\n       ^\n"),
        ("腾讯 company:alibabba", "  腾讯 company:alibabba\n       ^\n"),
        ("x" * 100 + " is:unred", f"  …{'x' * 39} is:unred\n   {' ' * 40}^\n"),
        ("\x1b]0;x\x07 (", "   ]0;x  (\n         ^\n"),
    ],
)
def test_people_see_where_a_query_is_wrong(
    archive: None, cli: Cli, monkeypatch: pytest.MonkeyPatch, query: str, shown: str
) -> None:
    fails(cli("list", query), 2)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    ran = cli("list", query)
    assert ran.err.split("\n", 1)[1] == shown


def test_show(archive: None, cli: Cli) -> None:
    cli("highlight", "1", "--quote", QUOTE)
    record = cli("show", "1", "--json").line
    assert set(record) >= {*ENTRY_KEYS, "text", "html", "links", "tags", "highlights"}
    assert (record["text"], record["html"], record["links"]) == (TEXT, HTML, ["https://ministry.example/rules"])
    assert set(record["tags"][0]) >= {"kind", "slug", "salience", "evidence"}
    assert record["highlights"][0]["quote"] == QUOTE
    assert TEXT in cli("show", "1").out
    markdown = cli("show", "1", "--markdown").out
    assert "[licence](https://ministry.example/rules)" in markdown
    assert markdown.endswith("\n")


def test_code_keeps_its_tabs_wherever_it_is_printed(db: Path, cli: Cli, tmp_path: Path) -> None:
    code = "build: main.c\n\tcc -o main\tmain.c\n  \t# done"
    text = f"A Makefile:\n\n{code}\n\nsize\t12 KB"
    table = "<table><tr><td>size</td><td>12 KB</td></tr><tr></tr></table>"
    with open_store(db) as store:
        save(store, entry("make", "Make", text, html=f"<p>A\tMakefile:</p><pre><code>{code}</code></pre>{table}"))
    assert cli("show", "1").out.endswith(f"\n\n{text}\n")
    assert cli("show", "1", "--json").line["text"] == text
    assert f"\n```\n{code}\n```\n" in cli("show", "1", "--markdown").out
    assert cli("highlight", "1", "--quote", code, "--json").line["quote"] == code
    assert cli("undo").out == "undid: highlighted “build: main.c cc -o main main.c # done”\n"


def test_mark_and_count(archive: None, cli: Cli) -> None:
    assert cli("count").out == "3\n"
    assert cli("count", "is:unread").out == "2\n"
    assert cli("mark", "1", "2", "--read").out == "1 changed\n"
    assert cli("count", "is:unread").out == "1\n"
    assert cli("mark", "1", "2", "3", "--unread").out == "2 changed\n"
    assert cli("mark", "3", "--star").code == 0
    assert [line["id"] for line in cli("list", "is:starred", "--json").lines] == [3]
    assert cli("mark", "3", "--unstar").code == 0
    assert cli("count", "is:starred").out == "0\n"


def test_mark_for_later_and_several_states_in_one_step(archive: None, cli: Cli) -> None:
    assert cli("mark", "1", "3", "--later").out == "2 changed\n"
    assert {line["id"] for line in cli("list", "is:later", "--json").lines} == {1, 3}
    assert cli("mark", "3", "--not-later", "--star", "--read").out == "1 changed\n"
    assert cli("count", "is:later").out == "1\n"
    told = "took an entry off the read-later list, starred an entry, marked an entry read"
    assert cli("undo").out == f"undid: {told}\n"
    assert (cli("count", "is:later").out, cli("count", "is:starred").out) == ("2\n", "0\n")


def test_mark_gives_and_takes_away_tags(tagged: None, cli: Cli) -> None:
    ran = cli("mark", "1", "3", "--tag", "月之暗面", "--tag", "To read", "--untag", "Export controls")
    assert ran.out.split("\n") == [
        "2 changed",
        "tagged with Moonshot AI (a company)",
        "tagged with To read (a new tag of your own)",
        "no longer tagged with Export controls and sanctions (a topic), and it will not come back",
        "",
    ]
    shown = cli("show", "1", "--json").line
    assert [(tag["slug"], tag["by"]) for tag in shown["tags"]] == [("moonshot-ai", "hand"), ("To read", "hand")]
    assert cli("retag", "--all").code == 0
    assert cli("show", "1", "--json").line["tags"] == shown["tags"]
    assert (cli("count", "company:moonshot-ai").out, cli("count", 'tag:"to read"').out) == ("2\n", "2\n")
    assert cli("mark", "1", "--tag", "to READ").out == "0 changed\ntagged with To read (a tag of your own) already\n"
    ran = cli("mark", "1", "--untag", "to read")
    assert ran.out == "1 changed\nno longer tagged with To read (a tag of your own)\n"
    assert cli("undo").out == "undid: took the tag To read from “Gallium permits”\n"
    assert cli("undo").code == 0
    assert [tag["slug"] for tag in cli("show", "1", "--json").line["tags"]] == ["export-controls"]


def test_undo_and_redo(archive: None, cli: Cli, tmp_path: Path) -> None:
    cli("mark", "1", "--star")
    cli("highlight", "1", "--quote", QUOTE)
    assert cli("undo").out == f"undid: highlighted “{QUOTE}”\n"
    assert cli("undo", "--json").line == {"did": "starred “Gallium permits”", "entries": [1]}
    assert cli("count", "is:starred").out == "0\n"
    assert cli("redo").out == "did again: starred “Gallium permits”\n"
    assert cli("redo", "--json").line["entries"] == [1]
    assert cli("count", "is:highlighted").out == "1\n"
    for _ in range(3):
        assert cli("undo").code == 0
    fails(cli("undo"), 1, "nothing to undo")


def test_an_automatic_export_follows_undo(archive: None, cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text(f'[export]\nfolder = "{tmp_path / "vault"}"\nautomatic = true\n')
    cli("--config", str(config), "highlight", "1", "--quote", QUOTE)
    (file,) = (tmp_path / "vault").glob("*.md")
    assert QUOTE in file.read_text(encoding="utf-8")
    cli("--config", str(config), "undo")
    assert QUOTE not in file.read_text(encoding="utf-8")
    cli("--config", str(config), "redo")
    assert QUOTE in file.read_text(encoding="utf-8")


def test_unsubscribe(archive: None, cli: Cli, db: Path) -> None:
    cli("highlight", "1", "--quote", QUOTE)
    ran = cli("unsubscribe", "harbour", "Harbour Weekly", "https://harbour.example/feed.xml", "--json")
    assert ran.line == {
        "id": 1, "url": "https://harbour.example/feed.xml", "title": "Harbour Weekly", "folder": "News", "kept": 1,
    }  # fmt: skip
    assert cli("feeds", "--json").out == ""
    assert [line["id"] for line in cli("list", "--json").lines] == [1]
    assert cli("highlights", "--json").line["quote"] == QUOTE
    assert cli("retag", "--all").out.startswith("tagged 3 of 3, ")
    assert cli("undo").out == "undid: unsubscribed from Harbour Weekly\n"
    assert cli("count").out == "3\n"
    address = "<https://harbour.example/feed.xml>"
    assert cli("unsubscribe", "1").out == (
        f"unsubscribed from Harbour Weekly {address}; 1 entry that you marked stays\n"
    )


def test_extract_reports_each_entry_and_fails_if_all_do(archive: None, cli: Cli, db: Path, web: FakeWeb) -> None:
    body = "".join(f"<p>Paragraph {n} says at some length what the feed has left out of it.</p>" for n in range(9))
    url = web.page("story", f"<html><body><article><h1>Story</h1>{body}</article></body></html>")
    with open_store(db) as store:
        here = subscribe(store, f"{url}.xml")
        (short,) = save(store, entry("short", "Story", "Paragraph 0 says …", url=url), feed=here)
    ran = cli("extract", str(short))
    assert (ran.code, f"entry {short}" in ran.out) == (0, True)
    assert "Paragraph 8" in cli("show", str(short), "--json").line["text"]
    assert cli("extract", "--due").code == 0
    with open_store(db) as store:
        save(store, entry("dead", "Dead", "Cut off …", url=CLOSED_PORT))
    fails(cli("extract", "--due"), 1, "entry 5")


# --- tags ------------------------------------------------------------------------------------------------------------


def test_tag_reads_and_writes_json_lines(cli: Cli) -> None:
    texts: list[dict[str, Any]] = [
        {"id": "a", "title": "阿里巴巴发布Qwen3", "text": "英伟达未予置评。"},
        {
            "id": 7,
            "title": "Nvidia ships a new chip",
            "html": "<p>It goes to <b>Microsoft</b> first.</p>",
            "feed": "Wire",
        },
        {"id": None, "title": None, "text": "Nothing in it.", "url": "https://x.example/"},
        {},
    ]
    ran = cli("tag", "--json", "-", stdin="\n".join(json.dumps(each, ensure_ascii=False) for each in texts) + "\n\n")
    assert (ran.code, ran.err) == (0, "")
    assert [set(line) for line in ran.lines] == [{"id", "companies", "companies_mentioned", "topics", "evidence"}] * 4
    first, second, third, fourth = ran.lines
    assert [line["id"] for line in ran.lines] == ["a", 7, None, None]
    assert first["companies"][0] == "alibaba"
    assert set(first["companies_mentioned"]) <= set(first["companies"])
    assert {"nvidia", "microsoft"} <= set(second["companies"])
    assert third["companies"] == fourth["topics"] == []
    (evidence,) = [each["evidence"] for each in first["evidence"] if each["slug"] == "alibaba"]
    assert set(evidence[0]) == {"alias", "start", "end", "where", "rule"}


@pytest.mark.parametrize("line", ["not json", "[1]", '"text"', "[" * 100_000, "{" + '"id": ' + "9" * 5000 + "}"])
def test_tag_names_the_line_that_is_no_object(cli: Cli, line: str) -> None:
    ran = cli("tag", "--json", "-", stdin='{"id": 1}\n' + line + "\n")
    assert (ran.code, len(ran.lines)) == (1, 1)
    assert ran.err.startswith("error: line 2 is not ")
    assert ran.err.count("\n") == 1


def test_retag(archive: None, cli: Cli) -> None:
    dry = cli("retag", "--dry-run", "--json").line
    assert set(dry) == {"entries", "tagged", "changed", "new", "gone", "dry_run", "changes"}
    assert dry["changed"] == len(dry["changes"]) >= 1
    assert "company:tencent" in {tag for change in dry["changes"] for tag in change["new"]}
    assert cli("list", "company:tencent", "--json").lines == []
    told = cli("retag", "--dry-run").out
    assert told == f"would tag {dry['tagged']} of {dry['entries']}, {dry['new']} new, {dry['gone']} removed\n"
    *progress, done = cli("retag", "--json", "--progress").lines
    assert {**done, "dry_run": True} == dry
    assert progress[-1]["done"] == progress[-1]["of"]
    assert [line["companies"] for line in cli("list", "company:腾讯", "--json").lines] == [["tencent"]]
    assert cli("retag", "--json").line["tagged"] == 0
    everything = cli("retag", "--all", "--json").line
    assert (everything["tagged"], everything["changed"]) == (everything["entries"], 0)


# --- highlights ------------------------------------------------------------------------------------------------------

HIGHLIGHT_KEYS = {
    "id", "entry_id", "quote", "prefix", "suffix", "note", "kind", "tags", "state", "made_at", "title", "url",
}  # fmt: skip


def test_highlight_and_highlights(archive: None, cli: Cli) -> None:
    made = cli(
        "highlight",
        "1",
        "--quote",
        QUOTE,
        "--note",
        "Who?",
        "--kind",
        "claim",
        "--tag",
        "gallium",
        "--tag",
        "贸易",
        "--json",
    ).line
    assert set(made) >= HIGHLIGHT_KEYS
    assert (made["entry_id"], made["quote"], made["kind"], made["tags"]) == (1, QUOTE, "claim", ["gallium", "贸易"])
    assert (made["state"], made["note"], made["title"]) == ("anchored", "Who?", "Gallium permits")
    assert cli("highlights", "--json").line == made
    assert cli("highlights", "kind:claim", "tag:貿易", "--json").line == made
    assert cli("highlights", "kind:fact", "--json").lines == []
    assert QUOTE in cli("highlights").out
    assert made["id"] in cli("highlights").out
    assert cli("highlight", "1", "--quote", "ministry").out.startswith("highlight ")
    assert cli("list", "is:highlighted", "--json").line["highlights"] == 2


def test_a_quote_is_found_across_line_ends_and_spacing(archive: None, cli: Cli) -> None:
    made = cli("highlight", "1", "--quote", "licence each  shipment. Two traders hold", "--json").line
    assert made["quote"] == "licence each shipment.\n\nTwo traders hold"


@pytest.fixture
def highlighted(archive: None, cli: Cli) -> None:
    cli("highlight", "1", "--quote", QUOTE, "--note", "Who are they?\n\n- one\n- two", "--tag", "gallium")
    cli("highlight", "2", "--quote", "公布了第三季度业绩", "--kind", "fact")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_claim_has_a_day_to_check_it_by(archive: None, cli: Cli, tmp_path: Path) -> None:
    made = cli("highlight", "1", "--quote", QUOTE, "--check-by", "2031", "--json").line
    assert (made["kind"], made["check_by"]) == ("claim", "2031-12-31")
    assert [each["id"] for each in cli("highlights", "due:2032", "--json").lines] == [made["id"]]
    cli("export", "highlights", "--output", str(tmp_path / "notes"))
    (file,) = (tmp_path / "notes").glob("*.md")
    assert "claim · check by 2031-12-31 · " in file.read_text(encoding="utf-8")
    assert cli("export", "highlights", "--output", str(tmp_path / "notes"), "--pull").code == 0
    for words in (["--check-by", "soon"], ["--check-by", "2031", "--kind", "fact"]):
        refused = cli("highlight", "1", "--quote", QUOTE, *words)
        assert (refused.code, refused.err.count("\n")) == (2, 1)


def test_markdown_export_twice_gives_the_same_bytes(highlighted: None, cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "notes"
    assert "2 files written" in cli("export", "highlights", "--output", str(out)).out
    first = tree(out)
    assert len(first) == 2
    assert any("腾讯财报" in name and name.startswith("2026-11-12") for name in first)
    assert any(QUOTE.encode() in content for content in first.values())
    assert "2 unchanged" in cli("export", "highlights", "--output", str(out)).out
    assert tree(out) == first
    # A query that finds one highlight does not take the others out of its file.
    cli("highlight", "1", "--quote", "ministry", "--kind", "number")
    cli("export", "highlights", "kind:number", "--output", str(out))
    (changed,) = [content for name, content in tree(out).items() if first[name] != content]
    assert QUOTE.encode() in changed


def test_export_as_annotations_and_csv(highlighted: None, cli: Cli, tmp_path: Path) -> None:
    for form in ("json", "csv"):
        out = tmp_path / f"out.{form}"
        assert cli("export", "highlights", "--format", form, "--output", str(out)).code == 0
        first = out.read_bytes()
        cli("export", "highlights", "--format", form, "--output", str(out))
        assert out.read_bytes() == first
        assert not out.with_name(out.name + ".part").exists()
    notes = [json.loads(line) for line in (tmp_path / "out.json").read_text("utf-8").splitlines()]
    assert [note["type"] for note in notes] == ["Annotation"] * 2
    assert {note["target"]["selector"][0]["exact"] for note in notes} == {QUOTE, "公布了第三季度业绩"}
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["Title"] for row in rows} == {"Gallium permits", "腾讯财报：资本开支翻倍"}
    cli("export", "highlights", "kind:fact", "--format", "json", "--output", str(tmp_path / "one.json"))
    assert len((tmp_path / "one.json").read_text().splitlines()) == 1


def edit(folder: Path, old: str, new: str) -> Path:
    """In the one file that has it, as an editor does."""
    (path,) = [path for path in folder.glob("*.md") if old in path.read_text("utf-8")]
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return path


def test_notes_come_back_from_markdown(highlighted: None, cli: Cli, tmp_path: Path) -> None:
    out = str(tmp_path / "notes")
    cli("export", "highlights", "--output", out)
    assert cli("export", "highlights", "--output", out, "--pull").out == "nothing to read back\n"
    file = edit(tmp_path / "notes", "Who are they?", "They are 商人.")
    exported = cli("export", "highlights", "--output", out, "--json")
    assert exported.code == 1
    assert "edited there" in exported.line["failed"][0]
    pulled = cli("export", "highlights", "--output", out, "--pull", "--json")
    assert pulled.code == 0
    assert set(pulled.line) == {"id", "entry_id", "file", "field", "status", "store", "in_file", "exported"}
    assert (pulled.line["status"], pulled.line["file"], pulled.line["field"]) == ("pulled", file.name, "note")
    assert cli("highlights", "商人", "--json").line["note"] == "They are 商人.\n\n- one\n- two"
    edit(tmp_path / "notes", "#gallium", "#gallium #traders")
    synced = cli("export", "highlights", "--output", out, "--sync")
    assert synced.code == 0
    assert "the tags of 1 highlight read back" in synced.out
    assert cli("highlights", "tag:traders", "--json").line["tags"] == ["gallium", "traders"]


def test_conflicts_are_shown_side_by_side(highlighted: None, cli: Cli, tmp_path: Path) -> None:
    out = str(tmp_path / "notes")
    cli("export", "highlights", "--output", out)
    edit(tmp_path / "notes", "Who are they?", "在文件里写的")
    with open_store(tmp_path / "news.db") as store:
        one = next(each for each in store.highlights.all() if each.note)
        store.highlights.change(one, note="Written in the reader", now=NOW)
    ran = cli("export", "highlights", "--output", out, "--pull")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "--prefer" in ran.err
    (line,) = [line for line in ran.out.splitlines() if "Written in the reader" in line]
    assert line.endswith("| 在文件里写的")
    assert f"the note of {one.id}" in ran.out
    record = cli("export", "highlights", "--output", out, "--pull", "--json").line
    assert (record["status"], record["store"]) == ("conflict", "Written in the reader")
    assert cli("export", "highlights", "--output", out, "--sync", "--prefer", "file").code == 0
    assert cli("highlights", "在文件里", "--json").line["id"] == one.id


@pytest.mark.parametrize(
    "words",
    [
        ["--pull", "--format", "csv"],
        ["--by", "day", "--format", "json"],
        ["--preset", "logseq", "--format", "json"],
        ["--prefer", "file"],
        ["--by", "month"],
        ["--preset", "notion"],
    ],
)
def test_options_of_the_export_that_do_not_go_together(
    archive: None, cli: Cli, tmp_path: Path, words: list[str]
) -> None:
    fails(cli("export", "highlights", "--output", str(tmp_path / "x"), *words), 2)


def test_the_template_is_shown_and_can_be_replaced(highlighted: None, cli: Cli, tmp_path: Path) -> None:
    shown = cli("export", "--show-template")
    assert shown == cli("export", "highlights", "--show-template")
    assert "^hl-{{ highlight.id }}" in shown.out
    assert "uuid" in cli("export", "--show-template", "--preset", "logseq").out
    cli("export", "highlights", "--output", str(tmp_path / "notes"))
    plain = tree(tmp_path / "notes")
    own = tmp_path / "own.md"
    own.write_text(shown.out, "utf-8")
    cli("export", "highlights", "--output", str(tmp_path / "again"), "--template", str(own))
    assert tree(tmp_path / "again") == plain
    config = tmp_path / "config.toml"
    config.write_text('[export]\ntemplate = "own.md"\n', "utf-8")
    own.write_text(shown.out.replace("# {{ title }}", "# {{ title }}!"), "utf-8")
    with_config = ("--config", str(config), "export", "highlights", "--output", str(tmp_path / "notes"))
    assert "2 files written" in cli(*with_config).out
    assert "# Gallium permits!" in b"".join(tree(tmp_path / "notes").values()).decode()
    own.unlink()
    fails(cli(*with_config), 1, "own.md")
    assert cli(*with_config, "--preset", "logseq", "--output", str(tmp_path / "log")).code == 0


def test_a_file_for_all_may_have_any_name(highlighted: None, cli: Cli, tmp_path: Path) -> None:
    for name in ("one.md", "two.md"):
        assert "1 files written" in cli("export", "highlights", "--by", "all", "--output", str(tmp_path / name)).out
    assert (tmp_path / "one.md").read_bytes() == (tmp_path / "two.md").read_bytes()
    assert "1 unchanged" in cli("export", "highlights", "--by", "all", "--output", str(tmp_path / "one.md")).out
    assert "without a company" in cli("export", "highlights", "--by", "company", "--output", str(tmp_path / "c")).out


def test_highlights_that_were_removed_are_listed(highlighted: None, cli: Cli, tmp_path: Path) -> None:
    out = str(tmp_path / "notes")
    cli("export", "highlights", "--output", out)
    with open_store(tmp_path / "news.db") as store:
        one = next(each for each in store.highlights.all() if each.note)
        store.highlights.remove(one, now=NOW)
    ran = cli("export", "highlights", "--output", out, "--json")
    assert ran.line["removed"][0]["id"] == one.id
    assert QUOTE in ran.line["removed"][0]["quote"]
    assert cli("export", "highlights", "--output", out, "--json").line["removed"] == []


def test_highlights_of_other_programs_are_imported(archive: None, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "readwise.csv"
    file.write_text(f"Highlight,Title,URL,Note\n{QUOTE},x,https://harbour.example/gallium,Who?\nUnknown,y,,\n", "utf-8")
    first = cli("import-highlights", str(file), "--json").line
    assert {key: first[key] for key in ("added", "matched", "orphans", "known", "skipped")} == {
        "added": 2, "matched": 1, "orphans": 1, "known": 0, "skipped": [],
    }  # fmt: skip
    assert cli("import-highlights", str(file)).out == "0 added; 2 known already\n"
    states = {
        each["quote"]: (each["state"], each["entry_id"], each["note"]) for each in cli("highlights", "--json").lines
    }
    assert states[QUOTE] == ("anchored", 1, "Who?")
    assert states["Unknown"][0] == "orphan"
    assert len(cli("list", "--json").lines) == 3
    assert cli("doctor").code == 0
    fails(cli("import-highlights", str(tmp_path / "missing.csv")), 1, "missing.csv")
    fails(cli("import-highlights", str(file), "--format", "kindle"), 1, "readwise.csv")


def test_an_automatic_export_follows_each_highlight(archive: None, cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[export]\nfolder = "{tmp_path / "notes"}"\nautomatic = true\n', "utf-8")
    words = ("--config", str(config), "highlight", "1", "--quote")
    assert cli(*words, QUOTE).err == ""
    (file,) = (tmp_path / "notes").glob("*.md")
    assert cli(*words, "ministry").err == ""
    assert file.read_text("utf-8").count("\n^hl-") == 2
    # The highlight counts, whatever becomes of the file.
    file.write_text("mine", "utf-8")
    ran = cli(*words, "shipment")
    assert (ran.code, ran.err.startswith("warning: not exported")) == (0, True)
    assert file.read_text("utf-8") == "mine"
    config.write_text("[export]\nautomatic = 3\n", "utf-8")
    assert cli(*words, "each").code == 0
    assert len(cli("highlights", "--json").lines) == 4


KILLED = """
import os, signal, sys
from tui_reader.cli import run
os.{step} = lambda *words, **more: os.kill(os.getpid(), signal.SIGKILL)
run(sys.argv[1:])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no signals here")
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_killed_in_the_middle_leaves_no_half_file(
    highlighted: None, cli: Cli, db: Path, tmp_path: Path, step: str
) -> None:
    out = tmp_path / "notes"
    cli("export", "highlights", "--output", str(out))
    before = tree(out)
    cli("highlight", "1", "--quote", "ministry")
    words = ["--db", str(db), "export", "highlights", "--output", str(out)]
    killed = subprocess.run([sys.executable, "-c", KILLED.format(step=step), *words], check=False, capture_output=True)
    assert killed.returncode == -9
    after = tree(out)
    assert {name: after[name] for name in before} == before
    (left,) = set(after) - set(before)
    assert left.startswith(".")
    os.utime(out / left, (0, 0))
    assert "1 files written" in cli("export", "highlights", "--output", str(out)).out
    assert set(tree(out)) == set(before)


FULL = """
import resource, sys
from tui_reader.cli import run
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits here")
def test_a_disk_without_room_is_named_and_keeps_what_was_there(
    highlighted: None, cli: Cli, db: Path, tmp_path: Path
) -> None:
    out = tmp_path / "notes"
    cli("export", "highlights", "--output", str(out))
    before = tree(out)
    cli("highlight", "1", "--quote", "ministry", "--note", "long " * 20_000)
    words = ["--db", str(db), "export", "highlights", "--output", str(out)]
    full = subprocess.run([sys.executable, "-c", FULL, *words], check=False, capture_output=True, text=True)
    assert full.returncode == 1
    assert full.stderr.startswith(f"error: cannot export to {out}")
    assert full.stderr.count("\n") == 1
    assert tree(out) == before
    assert "1 files written" in cli("export", "highlights", "--output", str(out)).out


# --- care ------------------------------------------------------------------------------------------------------------


def test_doctor_finds_a_sound_one_sound(archive: None, cli: Cli) -> None:
    assert (cli("doctor").code, cli("doctor").out) == (0, "ok\n")
    assert cli("doctor", "--json").line == {"ok": True, "problems": [], "repaired": [], "due": NOTHING_DUE, "notes": []}


def test_the_keep_rules_remove_after_a_refresh_what_doctor_announced(
    cli: Cli, db: Path, web: FakeWeb, tmp_path: Path
) -> None:
    feed = web.feed()
    for number in range(60):
        feed.entry(str(number), f"Number {number}", "<p>Tides.</p>", at=NOW - timedelta(hours=number))
    with open_store(db) as store:
        subscribe(store, feed.url)
    assert cli("refresh", "--json").line["new"] == 60
    config = tmp_path / "config.toml"
    config.write_text("[keep]\nper_feed = 50\nunread = false\n")
    keep = ("--config", str(config))
    assert cli("count").out == "60\n"
    assert "the [keep] rules remove 10 entries" in cli(*keep, "doctor").out
    assert cli(*keep, "refresh", "--json").line["new"] == 0
    assert cli("count").out == "50\n"
    assert cli("count", "tides").out == "50\n"
    assert cli(*keep, "doctor").out == "ok\n"
    assert cli("refresh", "--json").line["new"] == 0
    assert cli("count").out == "50\n"


def test_doctor_names_what_is_wrong_and_repair_puts_it_right(archive: None, cli: Cli, db: Path) -> None:
    with closing(sqlite3.connect(db)) as raw:
        raw.execute("INSERT INTO search (search) VALUES ('delete-all')")
        raw.commit()
    ran = cli("doctor", "--json")
    assert (ran.code, ran.line["ok"]) == (1, False)
    assert "search index" in ran.line["problems"][0]["what"]
    assert "doctor --repair" in cli("doctor").out
    assert cli("doctor", "--repair").code == 0
    assert cli("count", "gallium").out == "1\n"


def test_doctor_saves_what_a_damaged_file_still_says(archive: None, cli: Cli, db: Path) -> None:
    cli("highlight", "1", "--quote", QUOTE)
    data = bytearray(db.read_bytes())
    with closing(sqlite3.connect(db)) as raw:
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'states_order'").fetchone()
    data[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    db.write_bytes(data)
    ran = cli("doctor", "--json")
    assert (ran.code, ran.line["ok"]) == (1, False)
    assert str(db) in ran.out or "damaged" in ran.out
    assert "can save 1 feeds, 3 entries, 3 versions, 1 highlights" in ran.line["notes"][0]
    assert cli("list").code == 1
    repaired = cli("doctor", "--repair", "--json")
    assert (repaired.code, repaired.line["ok"]) == (0, True)
    assert "1 highlights" in repaired.line["repaired"][0]
    assert len(cli("list", "--json").lines) == 3
    assert cli("highlights", "--json").line["quote"] == QUOTE
    (aside,) = (path for path in db.parent.iterdir() if ".damaged-" in path.name)
    assert aside.read_bytes() == bytes(data)


def test_doctor_touches_nothing_where_nothing_can_be_read(cli: Cli, db: Path) -> None:
    db.write_bytes(b"\x00garbage" * 1000)
    for words in (["doctor"], ["doctor", "--repair"], ["doctor", "--repair", "--json"]):
        ran = cli(*words)
        assert (ran.code, ran.err) == (1, "")
    assert ran.line["ok"] is False
    assert db.read_bytes() == b"\x00garbage" * 1000


def test_doctor_looks_at_the_configuration(cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[poll]\nevry = '1h'\n")
    ran = cli("--config", str(config), "doctor", "--json")
    assert (ran.code, ran.line["ok"]) == (1, False)
    assert "evry" in ran.line["problems"][0]["what"]


def test_doctor_looks_at_keys_and_theme(cli: Cli, db: Path, tmp_path: Path) -> None:
    begin(db)
    config = tmp_path / "config.toml"
    config.write_text('[keys]\nopen-browsr = "B"\nstar = "m"\n[ui]\ntheme = "lampligth"\n')
    problems = [problem["what"] for problem in cli("--config", str(config), "doctor", "--json").line["problems"]]
    assert problems == [
        "config.toml: [keys] open-browsr: no such action; did you mean open-browser?",
        "config.toml: [keys] star: m is the key of read, too",
        "config.toml: [ui] theme: there is no lampligth; did you mean lamplight?",
    ]
    config.write_text('[keys]\nstar = "m"\nread = "s"\nfind = "ctrl+f"\n[ui]\ntheme = "daylight"\n')
    assert cli("--config", str(config), "doctor").out == "ok\n"


def test_backup_replaces_a_backup_and_no_other_file(archive: None, cli: Cli, tmp_path: Path) -> None:
    copy, notes = tmp_path / "copy.db", tmp_path / "notes.md"
    assert [cli("backup", str(copy)).code, cli("backup", str(copy)).code] == [0, 0]
    notes.write_text("mine")
    fails(cli("backup", str(notes)), 1, "notes.md is no database")
    assert notes.read_text() == "mine"
    notes.write_text("")
    assert cli("backup", str(notes)).code == 0


def test_backup(archive: None, cli: Cli, db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert cli("backup", str(copy)).code == 0
    assert cli("list", "--json", db=copy).lines == cli("list", "--json").lines
    fails(cli("backup", str(db)), 1, "the database itself")
    fails(cli("backup", str(tmp_path)), 2)
    assert cli("doctor", db=copy).code == 0


def test_mute_keeps_out_of_the_lists_what_a_query_finds(archive: None, cli: Cli) -> None:
    titles = {line["title"] for line in cli("list", "--json").lines}
    ran = cli("mute", "title:Gallium", "--until", "7d")
    assert (ran.code, ran.out.startswith("muted title:Gallium: ")) == (0, True)
    left = {line["title"] for line in cli("list", "--json").lines}
    assert left == {title for title in titles if "Gallium" not in title} != titles
    assert {line["title"] for line in cli("list", "is:muted", "--json").lines} == titles - left
    assert cli("mute", "--json").line["query"] == "title:Gallium"
    assert "title:Gallium" in cli("mute").out
    fails(cli("unmute", "title:Other"), 1, "title:Other is not muted: title:Gallium is")
    assert cli("unmute", "title:Gallium").code == 0
    assert {line["title"] for line in cli("list", "--json").lines} == titles
    assert cli("mute").out == ""


def test_mute_refuses_what_it_cannot_mean(archive: None, cli: Cli) -> None:
    fails(cli("mute", "--until", "7d"), 2, "say what to mute")
    fails(cli("mute", "chips", "--until", "soon"), 2, "soon is not a day")
    fails(cli("mute", "chips", "--until", "2001"), 2, "2001 is over")
    fails(cli("mute", "is:muted"), 2, "cannot say what is muted")
    fails(cli("mute", "feed:nobody"), 2, "nobody")
    assert cli("mute", "--json").lines == []


def test_undo_in_the_app_takes_back_what_a_script_did(archive: None, cli: Cli, db: Path) -> None:
    cli("mark", "1", "3", "--read")
    with open_store(db) as store:
        assert unread(store) == 0
        undone = store.undo(NOW)
        assert undone is not None
        assert undone.description == "marked 2 entries read"
        assert unread(store) == 2


def unread(store: Store) -> int:
    return store.entries.count(store.condition(parse_query("is:unread", now=NOW).term))
