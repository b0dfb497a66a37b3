"""What config.toml may say, and what a person is told who mistyped it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_reader.config import Config, check_config, default_paths, load_config, sample_config
from tui_reader.errors import ConfigError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


# --- what it says ----------------------------------------------------------------------------------------------------


def test_no_file_means_the_defaults(path: Path) -> None:
    assert load_config(None) == load_config(path) == Config()
    assert check_config(path) == ()


def test_defaults_are_in_seconds_bytes_and_columns() -> None:
    config = Config()
    assert (config.poll.every, config.poll.on_start, config.poll.per_host, config.poll.at_once) == (3600, True, 2, 32)
    assert (config.poll.timeout, config.poll.max_size, config.poll.user_agent) == (60, 15 * 1024**2, "")
    assert (config.reading.mark_read, config.reading.mark_read_after, config.reading.width) == ("open", 2, 88)
    assert (config.export.folder, config.open.browser) == ("~/Documents/tui-reader", "")
    assert (config.ui.theme, config.ui.dates, dict(config.keys)) == ("", "relative", {})


def test_every_key_can_be_set(path: Path) -> None:
    text = """
        [poll]
        every = "30m"
        on_start = false
        per_host = 1
        at_once = 8
        timeout = "1.5m"
        max_size = "500kB"
        user_agent = "reading-room/1 (+https://example.org)"
        [reading]
        mark_read = "scroll"
        mark_read_after = "0s"
        width = 72
        [export]
        folder = "~/笔记/高亮"
        preset = "logseq"
        template = "notes.md.jinja"
        automatic = true
        [open]
        browser = "firefox --new-window"
        [ui]
        theme = "paper"
        dates = "iso"
        [keys]
        open-browser = "o,ctrl+o"
        """
    config = load_config(written(path, text))
    assert (config.poll.every, config.poll.timeout, config.poll.max_size) == (1800, 90, 500_000)
    defaults = Config()
    for table in ("poll", "reading", "export", "open", "ui"):
        for key in dataclasses.fields(getattr(defaults, table)):
            now, before = getattr(getattr(config, table), key.name), getattr(getattr(defaults, table), key.name)
            assert now != before, f"[{table}] {key.name}"
    assert config.keys == {"open-browser": "o,ctrl+o"}
    assert config.export.folder == "~/笔记/高亮"


def test_polling_can_be_switched_off(path: Path) -> None:
    assert load_config(written(path, 'poll.every = "never"')).poll.every is None


@pytest.mark.parametrize(
    ("size", "count"), [("1MB", 10**6), ("1 mib", 2**20), ("0.5GiB", 2**29), ("70000B", 70000), ("64KiB", 2**16)]
)
def test_sizes_are_bytes(path: Path, size: str, count: int) -> None:
    assert load_config(written(path, f'[poll]\nmax_size = "{size}"')).poll.max_size == count


def test_binding_ids_may_have_dots_with_or_without_quotes(path: Path) -> None:
    text = '[keys]\nlist.open = "o"\n"list.star" = "s"\nlist.more.all = "A"\npreset = ""\nquit = "q"\n'
    keys = load_config(written(path, text)).keys
    assert keys == {"list.open": "o", "list.more.all": "A", "list.star": "s", "quit": "q"}


def test_a_byte_order_mark_and_windows_line_ends_are_read(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbf[ui]\r\ntheme = "paper"\r\n')
    assert load_config(path).ui.theme == "paper"


def test_the_sample_has_every_key_and_means_the_defaults(path: Path) -> None:
    sample = sample_config()
    assert load_config(written(path, sample)) == Config()
    for table in dataclasses.fields(Config):
        assert f"\n[{table.name}]\n" in sample or table.name == "feeds"
    for table in (Config().poll, Config().reading, Config().export, Config().open, Config().ui):
        for key in dataclasses.fields(table):
            before, _, _ = sample.partition(f"\n{key.name} = ")
            assert before != sample
            assert before.splitlines()[-1].startswith("# ")


# --- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('[poll]\nevry = "1h"', "[poll] evry: no such key; did you mean every?"),
        ("[ui]\nwidth = 80", "[ui] width: no such key; did you mean width in [reading]?"),
        ("[ui]\nzzz = 80", "[ui] zzz: no such key"),
        ('[pol]\nevery = "1h"', "[pol]: no such table; did you mean [poll]?"),
        ("[zzz]", "[zzz]: no such table"),
        ('theme = "paper"', "theme: no such key outside of a table; did you mean theme in [ui]?"),
        ("poll = 3", "[poll]: expected a table, not 3"),
        ("[[poll]]", "[poll]: expected a table, not a list"),
        (
            '[poll]\nevery = "hourly"',
            '[poll] every: expected "never" or a duration such as "30m", from 1m to 30d, not "hourly"',
        ),
        ("[poll]\non_start = 1", "[poll] on_start: expected true or false, not 1"),
        ("[poll]\nper_host = true", "[poll] per_host: expected a whole number from 1 to 16, not true"),
        ("[poll]\nat_once = 2.5", "[poll] at_once: expected a whole number from 1 to 64, not 2.5"),
        ("[reading]\nwidth = 5", "[reading] width: expected a whole number from 20 to 400, not 5"),
        (
            '[reading]\nmark_read = "opne"',
            '[reading] mark_read: expected "open" or "scroll" or "manual", not "opne"; did you mean "open"?',
        ),
        ("[ui]\ndates = []", '[ui] dates: expected "relative" or "iso", not a list'),
        ("[ui]\ndates = {}", '[ui] dates: expected "relative" or "iso", not a table'),
        ('[export]\nfolder = "a\\nb"', '[export] folder: expected text on one line in quotes, not "a�b"'),
        (
            '[poll]\nuser_agent = "阅读"',
            '[poll] user_agent: expected ASCII text: it goes into a header of HTTP, not "阅读"',
        ),
        ("[keys]\nopen = 3", '[keys] open: expected a key or keys such as "o" or "o,ctrl+o", not 3'),
        ('[keys]\nopen = ""', '[keys] open: expected a key or keys such as "o" or "o,ctrl+o", not ""'),
        ('[keys]\npreset = "vim"', '[keys] preset: reserved; expected "", not "vim"'),
        ('[poll]\n"\\u001b[31m" = 1', "[poll] �[31m: no such key"),
    ],
)
def test_a_mistake_names_file_table_key_and_what_is_right(path: Path, text: str, mistake: str) -> None:
    assert check_config(written(path, text)) == (f"config.toml: {mistake}",)
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert str(caught.value) == f"config.toml: {mistake}"


@pytest.mark.parametrize("text", ["", "5", "s", "1y", "-1s", "1e9s", "nan", "٣s", "1 h 30 m", "0.9s", "11m", "9" * 99])
def test_what_is_no_duration_in_bounds_is_refused(path: Path, text: str) -> None:
    expected = f'config.toml: [poll] timeout: expected a duration such as "90s" or "1.5h", from 1s to 10m, not "{text}"'
    assert check_config(written(path, f'[poll]\ntimeout = "{text}"'))[0][: len(expected) - 50] == expected[:-50]


@pytest.mark.parametrize(
    ("text", "line"),
    [("[poll\n", 1), ("[poll]\nevery = 1h", 2), ('[ui]\n\ntheme = """x', 3), ('[ui]\ntheme = ""\ntheme = ""', 3)],
)
def test_errors_of_syntax_are_placed(path: Path, text: str, line: int) -> None:
    with pytest.raises(ConfigError, match=rf"^config\.toml: .* \(at line {line}, column \d+\)$"):
        load_config(written(path, text))


def test_brackets_beyond_number_are_a_mistake(path: Path) -> None:
    assert len(check_config(written(path, "a = " + "[" * 5000))) == 1
    assert len(check_config(written(path, "[keys]\n" + "a." * 5000 + "a = 1"))) == 1


def test_all_mistakes_are_found_and_the_first_is_told_with_their_number(path: Path) -> None:
    mistakes = check_config(written(path, '[poll]\nevry = "1h"\nper_host = 0\n[ui]\ndates = "ISO"\n[keys]\na = 1\n'))
    assert [mistake.split(":")[1] for mistake in mistakes] == [
        " [poll] evry",
        " [poll] per_host",
        " [ui] dates",
        " [keys] a",
    ]
    with pytest.raises(ConfigError, match=r"^config.toml: \[poll\] evry: .*every\? \(and 3 more\)$"):
        load_config(path)


def test_numbers_too_long_to_print_are_mistakes_like_others(path: Path) -> None:
    (decimal,) = check_config(written(path, "[ui]\ntheme = " + "9" * 5000))
    assert decimal.startswith("config.toml: ")
    (hexadecimal,) = check_config(written(path, "[ui]\ntheme = 0x" + "f" * 5000))
    assert hexadecimal == "config.toml: [ui] theme: expected text on one line in quotes, not a huge number"


def test_what_cannot_be_read_is_named_with_its_path(tmp_path: Path) -> None:
    assert check_config(tmp_path) == (f"{tmp_path}: cannot be read: Is a directory",)
    below_a_file = written(tmp_path / "file", "") / "config.toml"
    with pytest.raises(ConfigError, match="cannot be read: Not a directory"):
        load_config(below_a_file)


def test_bytes_that_are_not_utf_8_are_placed(path: Path) -> None:
    path.write_bytes("[ui]\ntheme = '阅读'\n".encode("gb18030"))
    assert check_config(path) == ("config.toml: line 2: not UTF-8",)


VALUES = st.sampled_from(
    ['"1h"', '"never"', "true", "0", "-1", "1e400", "nan", "1979-05-27", "[1]", "{a=1}", '"\\u001b"', "x"]
)
NAMES = st.sampled_from(
    ["every", "timeout", "max_size", "width", "mark_read", "theme", "dates", "folder", "a.b", "preset"]
)
LINES = st.one_of(
    st.sampled_from(
        ["[poll]", "[reading]", "[ui]", "[keys]", "[export]", "[[keys]]", "[other.deep]", "keys = 1", "\x00"]
    ),
    st.builds("{} = {}".format, NAMES, VALUES),
    st.text(max_size=5),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, max_size=8).map("\n".join))
def test_any_file_is_a_config_or_a_list_of_printable_lines(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", "replace"))
    for mistake in check_config(path):
        assert mistake.isprintable()


# --- where the files lie ---------------------------------------------------------------------------------------------


def test_the_files_lie_where_the_system_has_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    paths = default_paths({})
    assert paths.config.parts[-2:] == ("tui-reader", "config.toml")
    assert paths.database.parts[-2:] == ("tui-reader", "reader.db")
    assert paths.log.name == "reader.log"
    assert len({paths.config.parent, paths.database.parent, paths.log.parent}) >= 2


def test_the_environment_has_the_last_word_unless_empty() -> None:
    paths = default_paths({"TUI_READER_DB": "/data/news.db", "TUI_READER_CONFIG": "/data/news.toml"})
    assert (paths.database, paths.config) == (Path("/data/news.db"), Path("/data/news.toml"))
    assert default_paths({"TUI_READER_DB": "", "TUI_READER_CONFIG": ""}) == default_paths({})


def test_a_feed_may_have_headers_and_a_password_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[feeds."https://x.example/feed"]\nuser = "ada"\npassword = "env:X"\nheaders = { "X-Token" = "env:Y" }\n'
    )
    access = load_config(path).feeds["https://x.example/feed"]
    assert (access.user, access.password, access.headers) == ("ada", "env:X", (("X-Token", "env:Y"),))
    assert "env:X" not in repr(access)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('passwort = "geheim"', "did you mean password?"),
        ("password = 7", "password: expected text"),
        ('headers = "geheim"', "headers: expected text"),
    ],
)
def test_a_mistake_in_a_feeds_access_is_told_without_its_secret(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[feeds."https://x.example/feed"]\n{line}\n')
    with pytest.raises(ConfigError, match=re.escape(told)) as caught:
        load_config(path)
    assert "geheim" not in str(caught.value)
