"""What every command shares: where the files are, the store, the clock, and JSON Lines on standard output."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_reader.errors import ConfigError, FileError, QueryError, StoreError

if TYPE_CHECKING:
    from tui_reader.config import Config, Paths
    from tui_reader.model import View
    from tui_reader.store import Rules, Store
    from tui_reader.tagging import Taxonomy


class Session:
    def __init__(self, db: Path | None, config: Path | None) -> None:
        self._db = db
        self._config = config
        self._query = ""

    @property
    def now(self) -> datetime:
        """In the zone of the machine: its days are those that a query means."""
        return datetime.now().astimezone()

    def paths(self) -> Paths:
        """The options, else the environment, else what the system has for such files."""
        from tui_reader.config import default_paths

        paths = default_paths(os.environ)
        return replace(paths, database=self._db or paths.database, config=self._config or paths.config)

    def config(self) -> Config:
        """Raises ConfigError, also for a file that was named but is not there."""
        from tui_reader.config import load_config

        if self._config is not None and not self._config.exists():
            raise ConfigError(f"no configuration at {self._config}")
        return load_config(self.paths().config)

    def taxonomy(self) -> Taxonomy:
        """The bundled one, extended by `taxonomy.toml` beside the configuration. Raises TaxonomyError."""
        from tui_reader.tagging import load_taxonomy

        own = self.own_taxonomy()
        return load_taxonomy(own if own.exists() else None)

    def own_taxonomy(self) -> Path:
        """Where the reader's own companies and topics are, if there are any."""
        return self.paths().config.with_name("taxonomy.toml")

    def rules(self) -> Rules:
        """By which entries go: the [keep] table of the configuration."""
        from tui_reader.store import Rules

        keep = self.config().keep
        age = timedelta(seconds=keep.age) if keep.age is not None else None
        return Rules(age=age, per_feed=keep.per_feed, unread=keep.unread)

    @contextlib.contextmanager
    def store(self, *, begin: bool = False) -> Iterator[Store]:
        """`begin`: make one where a path was named and nothing is there, which else is taken for a slip of the pen."""
        from tui_reader.store import open_store

        named = self._db is not None or bool(os.environ.get("TUI_READER_DB"))
        if named and not begin and _is_missing(self.paths().database):
            raise StoreError(f"no database at {self.paths().database}: opening the app, `add` or `import` makes one")
        with open_store(self.paths().database) as store, self._shown():
            yield store

    def view(self, query: tuple[str, ...]) -> View:
        """The words of a query as the shell handed them over. Raises QueryError."""
        from tui_reader.query import parse_query

        self._query = " ".join(query)
        with self._shown():
            return parse_query(self._query, now=self.now)

    def options(self) -> list[str]:
        """Global options that make a child process use the same files."""
        paths = self.paths()
        options = ["--db", str(paths.database)]
        return [*options, "--config", str(self._config)] if self._config else options

    @contextlib.contextmanager
    def _shown(self) -> Iterator[None]:
        """A mistake in the query takes it along: some are found by the parser, some only by the store."""
        try:
            yield
        except QueryError as error:
            error.query = self._query
            raise


def print_json(value: object) -> None:
    """One object a line."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def write_whole(path: Path, data: bytes) -> None:
    """The file appears whole or not at all. Raises FileError."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise FileError(f"cannot write {path}: {error.strerror}") from error


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    raise TypeError(f"no JSON for {type(value).__name__}")


def _is_missing(path: Path) -> bool:
    """Not so where nothing could be at all: the store says what is wrong with such a path."""
    try:
        return not path.exists()
    except OSError:
        return False
