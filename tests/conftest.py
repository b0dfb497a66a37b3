"""What most tests start from: a store on a real file, a web that says what it is told, and the command line."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_web import FakeWeb
from hypothesis import settings
from pytest_httpserver import HTTPServer

from tui_reader.cli import run
from tui_reader.store import Store, open_store

# What is seen of times is in the zone of the machine: here the same on all.
os.environ["TZ"] = "UTC"
time.tzset()

# A landing must not depend on luck: there the examples are always the same. At one's desk they are new every time.
settings.register_profile("ci", derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """The objects of JSON Lines."""
        return [json.loads(line) for line in self.out.split("\n") if line]

    @property
    def line(self) -> Any:
        (only,) = self.lines
        return only


Cli = Callable[..., Ran]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture(scope="session")
def empty_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: a copy costs less than the migrations."""
    made = tmp_path_factory.mktemp("empty") / "news.db"
    with open_store(made):
        pass
    return made


@pytest.fixture
def store(db: Path, empty_db: Path) -> Iterator[Store]:
    shutil.copyfile(empty_db, db)
    with open_store(db) as opened:
        yield opened


@pytest.fixture
def web(httpserver: HTTPServer) -> FakeWeb:
    return FakeWeb(httpserver)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, where nothing of the machine's user is found or left."""
    home = tmp_path / "home"
    home.mkdir()
    for name in [name for name in os.environ if name.startswith(("XDG_", "TUI_READER_")) or name.endswith("_PROXY")]:
        monkeypatch.delenv(name)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    return home


@pytest.fixture
def cli(db: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in this process: `cli("list", "--json").lines`."""

    def ran(*words: str, stdin: str = "", db: Path | None = db) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        capsys.readouterr()
        code = run([*(("--db", str(db)) if db else ()), *words])
        return Ran(code, *capsys.readouterr())

    return ran


@pytest.fixture
def run_cli(db: Path, home: Path) -> Cli:
    """The command line in a process of its own, for what only a process shows."""

    def ran(*words: str, stdin: str = "", env: dict[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "tui_reader", "--db", str(db), *words],
            input=stdin.encode(),
            capture_output=True,
            env={**os.environ, **(env or {})},
            check=False,
            timeout=60,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return ran
