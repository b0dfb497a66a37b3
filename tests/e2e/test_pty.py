"""The program as people have it: in a terminal, over HTTP, on a disk; and the terminal is left as it was found."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from pytest_httpserver import HTTPServer
from terminal import Terminal, terminal

RESTORED = b"\x1b[?1049l"
"""The alternate screen is left."""

WIRE = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Pier Wire</title><link>https://pier.example/</link>
<item><title>Alibaba halves the price of Qwen3-Max</title><guid>pier-1</guid><link>https://pier.example/1</link>
<pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>
<description>&lt;p&gt;The new price is $0.60 for a million tokens.&lt;/p&gt;
&lt;p&gt;Rivals answered within the hour, and
nobody believes that it ends there.&lt;/p&gt;</description></item>
<item><title>Hostile \u009b31m\u202egnp &amp;#27;]0;owned&amp;#7; title</title><guid>pier-2</guid>
<link>https://pier.example/2</link><pubDate>Wed, 18 Nov 2026 08:00:00 GMT</pubDate>
<description>&lt;p&gt;Body &amp;#27;]52;c;aGVsbG8=&amp;#7; &amp;#27;[2J &amp;#x9b;31m end&lt;/p&gt;</description></item>
</channel></rss>"""

KUAIXUN = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>码头快讯</title><id>urn:kuaixun</id>
<updated>2026-11-19T09:00:00Z</updated>
<entry><title>智谱发布新一代开源模型</title><id>urn:kuaixun:1</id><link href="https://kuaixun.example/1"/>
<updated>2026-11-19T09:00:00Z</updated>
<content type="html">&lt;p&gt;智谱周四开放了权重。&lt;/p&gt;
&lt;p&gt;开发者说，显存够用就行。&lt;/p&gt;</content></entry></feed>"""


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    # What says how large another terminal is would count for more than ours.
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return {**inherited, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "HOME": str(home)}


@pytest.fixture
def options(httpserver: HTTPServer, environment: dict[str, str], tmp_path: Path) -> list[str]:
    """Two feeds on a server of our own, subscribed to by OPML and by address; nothing fetched but the second."""
    httpserver.expect_request("/wire.xml").respond_with_data(WIRE, content_type="application/rss+xml")
    httpserver.expect_request("/kuaixun.xml").respond_with_data(KUAIXUN, content_type="application/atom+xml")
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline text="News"><outline type="rss" text="" '
        f'xmlUrl="{httpserver.url_for("/wire.xml")}"/></outline></body></opml>'
    )
    config = tmp_path / "config.toml"
    config.write_text(f'[export]\nfolder = "{tmp_path / "notes"}"\n[reading]\nmark_read_after = "0s"\n')
    options = ["--db", str(tmp_path / "reader.db"), "--config", str(config)]
    command(options, environment, tmp_path, "import", str(opml))
    command(options, environment, tmp_path, "add", httpserver.url_for("/kuaixun.xml"))
    return options


def command(options: list[str], environment: dict[str, str], cwd: Path, *words: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "tui_reader", *options, *words],
        env=environment, cwd=cwd, capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip


def highlight(app: Terminal) -> None:
    """The first paragraph, in an article that has the focus."""
    app.press("}")
    app.press("H")
    app.wait_for("highlighted")


def quit_app(app: Terminal) -> None:
    app.press("Q")
    assert app.wait_for_end() == 0
    assert RESTORED in app.bytes


def test_news_is_fetched_read_highlighted_exported_and_all_is_still_there_the_next_time(
    options: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    with terminal(*options, env=environment, cwd=tmp_path) as app:
        app.wait_for("智谱发布新一代开源模型")
        app.wait_for("Alibaba halves the price")
        app.press("R")
        app.wait_for("0 new from 2 feeds")
        app.press("\r")
        app.wait_for("▸码头快讯")
        app.wait_for("2 unread")
        highlight(app)
        app.press("a")
        app.wait_for("ctrl+s save")
        app.press("显存先算清楚, then buy")
        app.wait_for("then buy")
        app.press("\x13")
        app.wait_for("note saved")
        app.press("e")
        app.wait_for("exported 1 highlight")
        quit_app(app)

    (file,) = (tmp_path / "notes").glob("*.md")
    written = file.read_text(encoding="utf-8")
    assert "开发者说，显存够用就行。" in written
    assert "显存先算清楚, then buy" in written
    (line,) = command(options, environment, tmp_path, "highlights", "--json").splitlines()
    assert json.loads(line)["note"] == "显存先算清楚, then buy"

    with terminal(*options, env=environment, cwd=tmp_path, columns=80, rows=24) as app:
        app.wait_for("Alibaba halves the price")
        app.press("g")
        app.wait_for("gh highlights")
        app.press("h")
        app.wait_for("▸Highlights")
        app.wait_for("开发者说，显存够用就行。")
        app.wait_for("显存先算清楚, then buy")
        app.press("q")
        app.wait_for("1/2")
        app.press("1")
        app.wait_for("1/3")
        quit_app(app)


def test_a_note_is_written_in_the_editor_and_the_screen_comes_back(
    options: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\necho editing now\nread line\nprintf \'%s\' "$line" > "$2"\n')
    editor.chmod(0o755)
    environment = {**environment, "EDITOR": f"{shlex.quote(str(editor))} --wait"}
    with terminal(*options, env=environment, cwd=tmp_path) as app:
        app.wait_for("Alibaba halves the price")
        app.press("\r")
        app.wait_for("▸码头快讯")
        highlight(app)
        app.press("E")
        app.wait_for("editing now")
        app.press("from outside\n")
        app.wait_for("note saved")
        app.wait_for("▸码头快讯")
        quit_app(app)
    (line,) = command(options, environment, tmp_path, "highlights", "--json").splitlines()
    assert json.loads(line)["note"] == "from outside"


def test_an_article_is_opened_in_the_editor_and_its_exported_file_is_the_readers(
    options: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho editing "$(basename "$1")"\nhead -n 1 "$1"\nread line\neval "$line"\n')
    editor.chmod(0o755)
    with terminal(*options, env={**environment, "EDITOR": str(editor)}, cwd=tmp_path) as app:
        app.wait_for("Alibaba halves the price")
        app.press("E")
        app.wait_for("editing article.md")
        app.wait_for("# 智谱发布新一代开源模型")
        app.press('chmod u+w "$1"; echo mine >> "$1"\n')
        told = app.wait_for("what you wrote is in")
        app.press("\r")
        app.wait_for("▸码头快讯")
        highlight(app)
        app.press("e")
        app.wait_for("1 file written")
        app.press("h")
        app.wait_for("▸All")
        app.press("E")
        app.wait_for("editing 2026-11-19 智谱发布新一代开源模型 (e")
        app.press("sed -i '/^.hl-/a from the file' \"$1\"\n")
        app.wait_for("read back from Markdown")
        quit_app(app)
    kept = Path(re.search(r"what you wrote is in (\S+)", told)[1])  # type: ignore[index]
    assert kept.read_text().endswith("mine\n")
    shutil.rmtree(kept.parent)
    (line,) = command(options, environment, tmp_path, "highlights", "--json").splitlines()
    assert json.loads(line)["note"] == "from the file"


def test_what_feeds_say_never_commands_the_terminal(
    options: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    with terminal(*options, env=environment, cwd=tmp_path) as app:
        app.wait_for("Hostile")
        app.press("/")
        app.wait_for("All, only")
        app.press("Hostile\r")
        app.wait_for("1/1")
        app.press("\r")
        app.wait_for("▸Pier Wire")
        highlight(app)
        app.press("g")
        app.wait_for("gh highlights")
        app.press("h")
        app.wait_for("▸Highlights")
        quit_app(app)
    # The words are there, so they were drawn; what made them commands is not.
    assert b"]0;owned" in app.bytes
    assert b"]52;c;aGVsbG8=" in app.bytes
    for bad in (b"\x1b]0;", b"\x1b]52;", b"owned\x07", "\u009b".encode(), "\u202e".encode()):
        assert bad not in app.bytes


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_leaves_the_terminal_as_it_was(name: str, environment: dict[str, str], tmp_path: Path) -> None:
    with terminal("demo", env=environment, cwd=tmp_path) as app:
        app.wait_for("Highlights")
        os.kill(app.pid, getattr(signal, name))
        app.wait_for_end()
        assert RESTORED in app.bytes
        assert b"\x1b[?25h" in app.bytes.rpartition(b"\x1b[?25l")[2]
        assert b"Traceback" not in app.bytes


def test_a_closed_window_ends_the_program(environment: dict[str, str], tmp_path: Path) -> None:
    with terminal("demo", env=environment, cwd=tmp_path) as app:
        app.wait_for("Highlights")
        app.hang_up()
        assert app.ended()


def test_the_demo_leaves_no_file(environment: dict[str, str], home: Path, tmp_path: Path) -> None:
    cwd = tmp_path / "elsewhere"
    cwd.mkdir()
    with terminal("demo", env=environment, cwd=cwd) as app:
        app.wait_for("this is the demo")
        app.press("\r")
        app.wait_for(lambda text: "▸Unread" not in text)
        highlight(app)
        app.press("e")
        app.wait_for("the demo writes nothing")
        app.press("S")
        app.wait_for("Search")
        app.press("Qwen\r")
        app.wait_for("“Qwen”")
        quit_app(app)
    assert list(home.rglob("*")) == []
    assert list(cwd.rglob("*")) == []


COLOURLESS = {"", "0", "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29"}
"""Parameters of SGR: bold, dim, italic, underlined, reversed, struck out, and their ends."""


def test_without_colour_every_state_has_a_sign_or_an_attribute(environment: dict[str, str], tmp_path: Path) -> None:
    with terminal("demo", env={**environment, "NO_COLOR": "1"}, cwd=tmp_path) as app:
        app.wait_for("this is the demo")
        app.press("v")
        app.press("j")
        app.wait_for("2 selected")
        assert ("┃" in app.text, "▌" in app.text) == (True, True)
        app.press("v")
        app.press("\r")
        app.wait_for(lambda text: "▸Unread" not in text)
        highlight(app)
        marked = app.attributes_of(lambda line: "▌" in line[40:])
        assert {"bold", "underscore"} <= marked
        app.press("/")
        app.wait_for("Find in this article")
        app.press("the")
        app.press("\r")
        app.wait_for("matches")
        app.press("?")
        app.wait_for("esc close")
        app.press("q")
        app.wait_for(lambda text: "esc close" not in text)
        app.press(":")
        app.wait_for("Search for commands")
        assert "reverse" in app.attributes_of(lambda line: "Search for commands" in line)
        app.press("later")
        app.wait_for("read later")
        app.press("\x1b")
        app.wait_for(lambda text: "read later" not in text)
        quit_app(app)
    sequences = re.findall(rb"\x1b\[([0-9;:]*)m", app.bytes)
    assert sequences
    assert {part for each in sequences for part in re.split("[;:]", each.decode())} <= COLOURLESS


def test_a_tiny_terminal_can_be_used_and_made_larger(environment: dict[str, str], tmp_path: Path) -> None:
    with terminal("demo", env=environment, cwd=tmp_path, columns=20, rows=5) as app:
        app.wait_for("▸Unread")
        app.press("j")
        app.wait_for("2/178")
        app.press("\r")
        app.wait_for(lambda text: "▸Unread" not in text)
        highlight(app)
        app.resize(1, 1)
        for key in "jk":
            app.press(key)
        app.resize(120, 36)
        app.wait_for(lambda text: "Companies" in text and "Highlights         13" in text)
        quit_app(app)


def test_a_change_of_size_that_nobody_told_of_is_noticed(environment: dict[str, str], tmp_path: Path) -> None:
    silent = frozenset({signal.SIGWINCH})
    with terminal("demo", env=environment, cwd=tmp_path, columns=20, rows=5, blocked=silent) as app:
        app.wait_for("▸Unread")
        app.resize(120, 36)
        app.wait_for("Companies")
        quit_app(app)


def test_keys_that_come_all_at_once_reach_what_the_first_one_opened(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with terminal("demo", env=environment, cwd=tmp_path) as app:
        app.wait_for("▸Unread")
        app.press("SMoonshot\r")
        app.wait_for("▸“Moonshot”")
        app.press("\r}H")
        app.wait_for("highlighted")
        app.press("gh")
        app.wait_for("▸Highlights                                       13")
        quit_app(app)


def test_without_a_terminal_it_says_so(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui_reader", "demo"], env=environment, cwd=tmp_path, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_an_app_that_cannot_be_seen_does_not_start(environment: dict[str, str], tmp_path: Path) -> None:
    told = tmp_path / "told"
    command = f"{shlex.quote(sys.executable)} -m tui_reader demo 2>{shlex.quote(str(told))}"
    child = pexpect.spawn("/bin/sh", ["-c", command], env=environment, cwd=str(tmp_path), timeout=30)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert told.read_text().startswith("error: the app needs a terminal")
