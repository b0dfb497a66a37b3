"""config.toml → frozen dataclasses. Names every mistake and the nearest right key; never writes the file."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from tui_reader.errors import ConfigError

T = TypeVar("T")

# --- what a key may hold ---------------------------------------------------------------------------------------------
# Each makes of a TOML value what the program uses, or raises ValueError(what is expected, *choices).

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "kib": 1024, "mib": 1024**2, "gib": 1024**3}


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("text on one line in quotes")
    return value


def _ascii(value: object) -> str:
    if not _text(value).isascii():
        raise ValueError("ASCII text: it goes into a header of HTTP")
    return _text(value)


def _one_of(*choices: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(" or ".join(map(_toml, choices)), *choices)
        return value

    return read


def _whole(lowest: int, highest: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise ValueError(f"a whole number from {lowest} to {highest}")
        return value

    return read


def _duration(lowest: str, highest: str) -> Callable[[object], float]:
    """In seconds."""
    return _quantity(_SECONDS, f'a duration such as "90s" or "1.5h", from {lowest} to {highest}', lowest, highest)


def _duration_or(word: str, example: str, lowest: str, highest: str) -> Callable[[object], float | None]:
    """None for the word."""
    expected = f'"{word}" or a duration such as "{example}", from {lowest} to {highest}'
    read = _quantity(_SECONDS, expected, lowest, highest)
    return lambda value: None if value == word else read(value)


def _whole_or(word: str, lowest: int, highest: int) -> Callable[[object], int | None]:
    """None for the word."""
    number = _whole(lowest, highest)

    def read(value: object) -> int | None:
        try:
            return None if value == word else number(value)
        except ValueError as error:
            raise ValueError(f'"{word}" or {error}') from error

    return read


def _size(lowest: str, highest: str) -> Callable[[object], int]:
    """In bytes."""
    read = _quantity(_BYTES, f'a size such as "15MiB" or "500kB", from {lowest} to {highest}', lowest, highest)
    return lambda value: int(read(value))


def _quantity(units: Mapping[str, int], expected: str, lowest: str, highest: str) -> Callable[[object], float]:
    def amount(value: object) -> float:
        text = value.lower() if isinstance(value, str) else ""
        parts = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?([a-z]{1,3})", text)
        if not parts or parts[2] not in units:
            raise ValueError(expected)
        return float(parts[1]) * units[parts[2]]

    def read(value: object) -> float:
        if not amount(lowest) <= amount(value) <= amount(highest):
            raise ValueError(expected)
        return amount(value)

    return read


def _key(written: object, read: Callable[[object], T], about: str) -> T:
    """A key of a table: its default as the file would write it, how it is read, and what it is for."""
    return dataclasses.field(default=read(written), metadata={"written": written, "read": read, "about": about})


# --- the tables ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Poll:
    """How feeds are asked for news. Durations are seconds, sizes bytes."""

    every: float | None = _key(
        "1h",
        _duration_or("never", "30m", "1m", "30d"),
        'How often the open app asks the feeds that are due; "never" for by hand.',
    )
    on_start: bool = _key(True, _switch, "Whether the app asks the feeds that are due when it opens.")
    per_host: int = _key(2, _whole(1, 16), "How many requests one host gets at once.")
    at_once: int = _key(32, _whole(1, 64), "How many requests run at once in all.")
    timeout: float = _key("60s", _duration("1s", "10m"), "How long one feed may take, from first to last byte.")
    max_size: int = _key("15MiB", _size("64KiB", "1GiB"), "How large one feed may be, unpacked.")
    user_agent: str = _key("", _ascii, "What the reader calls itself to servers; empty for its own name and version.")


@dataclass(frozen=True, slots=True)
class Reading:
    """What happens while articles are read."""

    mark_read: str = _key(
        "open",
        _one_of("open", "scroll", "manual"),
        'What marks an article as read: "open" it, "scroll" to its end, or "manual" for your key alone.',
    )
    mark_read_after: float = _key("2s", _duration("0s", "1h"), 'How long an article must be open before "open" counts.')
    width: int = _key(88, _whole(20, 400), "The most columns a line of text takes.")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long entries stay. What is starred, put by, highlighted or tagged by hand stays for ever."""

    age: float | None = _key(
        "forever",
        _duration_or("forever", "365d", "7d", "36500d"),
        'How long an entry stays after it was published; "forever" unless you say "365d".',
    )
    per_feed: int | None = _key(
        "all",
        _whole_or("all", 50, 1_000_000),
        'How many entries of a feed stay, the newest; "all" of them or a number.',
    )
    unread: bool = _key(True, _switch, "Whether unread entries stay all the same.")


@dataclass(frozen=True, slots=True)
class Export:
    """Where highlights go."""

    folder: str = _key("~/Documents/tui-reader", _text, "The folder of the Markdown export; ~ is your home.")
    """As written: whoever uses it expands the ~."""
    preset: str = _key("obsidian", _one_of("obsidian", "logseq"), 'How its files look: "obsidian" or "logseq".')
    template: str = _key(
        "",
        _text,
        "A template of your own for them, beside this file or anywhere; `tui-reader export --show-template` prints the "
        "one to begin with.",
    )
    """Where it was written relative to the configuration, `load_config` has made it absolute."""
    automatic: bool = _key(
        False, _switch, "Whether notes edited in the files are read back, and the files written, after every change."
    )


@dataclass(frozen=True, slots=True)
class Open:
    """How links are opened."""

    browser: str = _key("", _text, "The command that opens web pages; empty for the system's own.")


@dataclass(frozen=True, slots=True)
class Ui:
    """How the screen looks."""

    theme: str = _key("", _text, "The name of a theme; empty for the default.")
    dates: str = _key("relative", _one_of("relative", "iso"), 'Dates in lists: "relative" (3h) or "iso" (2026-08-03).')


@dataclass(frozen=True, slots=True)
class FeedAccess:
    """How one feed wants to be asked: a table `[feeds."https://…"]`.

    Secrets are named (`env:NAME`, `keyring:service/name`), not written down.
    """

    user_agent: str = ""
    user: str = ""
    password: str = dataclasses.field(default="", repr=False)
    headers: tuple[tuple[str, str], ...] = dataclasses.field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Config:
    """All of config.toml, a field for each table."""

    poll: Poll = dataclasses.field(default_factory=Poll)
    reading: Reading = dataclasses.field(default_factory=Reading)
    keep: Keep = dataclasses.field(default_factory=Keep)
    export: Export = dataclasses.field(default_factory=Export)
    open: Open = dataclasses.field(default_factory=Open)
    ui: Ui = dataclasses.field(default_factory=Ui)
    feeds: Mapping[str, FeedAccess] = dataclasses.field(default_factory=dict)
    """By the address of the feed."""
    keys: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Binding id → key, or several with commas. Only the app knows which ids there are, and reports the others."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where the files of one reader lie; none of them need exist."""

    config: Path
    database: Path
    log: Path


# --- reading it ------------------------------------------------------------------------------------------------------

_TABLES: Mapping[str, type] = {"poll": Poll, "reading": Reading, "keep": Keep, "export": Export, "open": Open, "ui": Ui}
# Kept free for sets of keys that bear a name.
_RESERVED = "preset"


def load_config(path: Path | None) -> Config:
    """The defaults if there is no such file. ConfigError names the first mistake and says how many more there are."""
    config, mistakes = _load(path)
    if mistakes:
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        raise ConfigError(mistakes[0] + more)
    return config


def check_config(path: Path | None) -> tuple[str, ...]:
    """All mistakes, each one line that begins with the name of the file, in the order of the file."""
    return _load(path)[1]


def default_paths(env: Mapping[str, str]) -> Paths:
    """The places that the system has for such files, unless TUI_READER_CONFIG or TUI_READER_DB name others."""
    import platformdirs  # 17 ms, for nothing where a test or a script brings its own paths

    app = platformdirs.PlatformDirs("tui-reader", appauthor=False)
    return Paths(
        config=Path(env.get("TUI_READER_CONFIG") or app.user_config_path / "config.toml"),
        database=Path(env.get("TUI_READER_DB") or app.user_data_path / "reader.db"),
        log=app.user_log_path / "reader.log",
    )


def sample_config() -> str:
    """A config.toml that says what every key is for and sets it to its default."""
    lines = ["# Every key of tui-reader with its default. Keep what you change, delete the rest."]
    for name, table in _TABLES.items():
        lines += ["", f"[{name}]"]
        for key in dataclasses.fields(table):
            lines += [f"# {key.metadata['about']}", f"{key.name} = {_toml(key.metadata['written'])}"]
    lines += [
        "",
        "# For a feed that asks for a password, or for more; secrets are named, not written down:",
        '# [feeds."https://example.com/feed.xml"]',
        '# user = "ada"',
        '# password = "env:EXAMPLE_PASSWORD"      # or "keyring:service/name"',
        '# headers = { "X-Token" = "env:EXAMPLE_TOKEN" }',
        '# user_agent = ""',
        "",
        "[keys]",
        "# The id of an action, as the help screen shows it, and its key or keys:",
        '# id = "o,ctrl+o"',
    ]
    return "\n".join(lines) + "\n"


def _load(path: Path | None) -> tuple[Config, tuple[str, ...]]:
    if path is None:
        return Config(), ()
    try:
        tables = _parse(path.read_bytes())
    except FileNotFoundError:
        return Config(), ()
    except OSError as error:
        return Config(), (f"{path}: cannot be read: {error.strerror}",)
    except ConfigError as error:
        return Config(), (f"{path.name}: {error}",)
    mistakes: list[str] = []
    config = _config(tables, mistakes)
    if config.export.template:
        template = str(path.absolute().parent / _home(config.export.template))
        config = dataclasses.replace(config, export=dataclasses.replace(config.export, template=template))
    return config, tuple(f"{path.name}: {mistake}" for mistake in mistakes)


def _home(written: str) -> Path:
    try:
        return Path(written).expanduser()
    except RuntimeError:
        # The home of somebody whom the system does not know: reading the file will say that it is not there.
        return Path(written)


def _parse(content: bytes) -> dict[str, Any]:
    try:
        # Windows' editors begin a file with a byte order mark.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"line {line}: not UTF-8") from error
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError("too many brackets inside each other") from error
    except ValueError as error:
        # Not only TOMLDecodeError: a number of thousands of digits is a plain ValueError.
        end = f"at line {text.count(chr(10)) + 1}, column {len(text) - text.rfind(chr(10))}"
        raise ConfigError(str(error).replace("at end of document", end)) from error


def _config(tables: Mapping[str, Any], mistakes: list[str]) -> Config:
    found: dict[str, Any] = {}
    for name, table in tables.items():
        if name not in (*_TABLES, "feeds", "keys"):
            mistakes.append(_unknown_table(name, table))
        elif not isinstance(table, dict):
            mistakes.append(f"[{name}]: expected a table, not {_toml(table)}")
        elif name == "keys":
            found[name] = _keys(table, mistakes)
        elif name == "feeds":
            found[name] = {url: _feed(url, access, mistakes) for url, access in table.items()}
        else:
            found[name] = _table(name, table, mistakes)
    return Config(**found)


def _table(name: str, table: Mapping[str, Any], mistakes: list[str]) -> object:
    keys = {key.name: key for key in dataclasses.fields(_TABLES[name])}
    found = {}
    for key, value in table.items():
        if key not in keys:
            hint = _did_you_mean(_place(key) or _nearest(key, keys))
            mistakes.append(f"[{name}] {_shown(key)}: no such key{hint}")
            continue
        try:
            found[key] = keys[key].metadata["read"](value)
        except ValueError as error:
            expected, *choices = error.args
            nearest = _nearest(value, choices) if isinstance(value, str) else ""
            hint = _did_you_mean(_toml(nearest) if nearest else "")
            mistakes.append(f"[{name}] {key}: expected {expected}, not {_toml(value)}{hint}")
    return _TABLES[name](**found)


def _feed(url: str, table: object, mistakes: list[str]) -> FeedAccess:
    """One table of `[feeds]`. Values are never repeated in a mistake: they may be secrets."""
    place = f'[feeds."{_shown(url)}"]'
    if not isinstance(table, dict):
        mistakes.append(f'{place}: expected a table: [feeds."https://…"]')
        return FeedAccess()
    texts = {key: value for key, value in table.items() if key in ("user_agent", "user", "password")}
    for key in table:
        if key not in ("user_agent", "user", "password", "headers"):
            hint = _did_you_mean(_nearest(key, ("user_agent", "user", "password", "headers")))
            mistakes.append(f"{place} {_shown(key)}: no such key{hint}")
    headers = table.get("headers", {})
    for key, value in (*texts.items(), *(headers.items() if isinstance(headers, dict) else [("headers", None)])):
        if not isinstance(value, str):
            mistakes.append(f"{place} {_shown(key)}: expected text")
            return FeedAccess()
    return FeedAccess(**texts, headers=tuple(headers.items()))


def _keys(table: Mapping[str, Any], mistakes: list[str]) -> Mapping[str, str]:
    found = {}
    for name, value in _dotted(table):
        if name == _RESERVED:
            if value != "":
                mistakes.append(f'[keys] {name}: reserved; expected "", not {_toml(value)}')
        elif isinstance(value, str) and value and value.isprintable():
            found[name] = value
        else:
            expected = 'a key or keys such as "o" or "o,ctrl+o"'
            mistakes.append(f"[keys] {_shown(name)}: expected {expected}, not {_toml(value)}")
    return found


def _dotted(table: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Ids may have dots, which TOML takes for tables inside tables unless they are quoted."""
    waiting = list(table.items())
    while waiting:
        name, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting[:0] = [(f"{name}.{key}", inner) for key, inner in value.items()]
        else:
            yield name, value


def _unknown_table(name: str, value: object) -> str:
    table = _nearest(name, (*_TABLES, "keys"))
    right = f"[{table}]" if table else ""
    if isinstance(value, dict):
        return f"[{_shown(name)}]: no such table{_did_you_mean(right)}"
    return f"{_shown(name)}: no such key outside of a table{_did_you_mean(_place(name) or right)}"


def _place(key: str) -> str:
    """Where a key of just that name stands, for one that is in the wrong table; "" if there is none."""
    for name, table in _TABLES.items():
        if key in (field.name for field in dataclasses.fields(table)):
            return f"{key} in [{name}]"
    return ""


def _did_you_mean(right: str) -> str:
    return f"; did you mean {right}?" if right else ""


def _nearest(word: str, choices: Iterable[str]) -> str:
    import difflib  # only mistakes pay for it

    return next(iter(difflib.get_close_matches(word, list(choices), 1)), "")


def _toml(value: object) -> str:
    """The value as the file would have it; in messages also of a type that no key has."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{_shown(quoted)}"'
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    # Python refuses to print numbers of more than 4,300 digits.
    return "a huge number" if isinstance(value, int) and abs(value) > 10**18 else str(value)


def _shown(text: str) -> str:
    """Short, and nothing that a terminal would obey."""
    short = text if len(text) <= 60 else text[:59] + "…"
    return "".join(character if character.isprintable() else "�" for character in short)
