"""The demo as the screen tests need it: made once, copied for every test that writes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_reader.demo import MADE_AT, fill_demo
from tui_reader.store import Store, open_demo_store, open_store


@pytest.fixture(autouse=True)
def _follow_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pause before the article follows the cursor is for people who hold a key."""
    monkeypatch.setattr("tui_reader.ui.screens.main.FOLLOW_AFTER", 0.001)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filled store, closed: copy it, do not open it."""
    path = tmp_path_factory.mktemp("demo") / "reader.db"
    with open_store(path) as store:
        fill_demo(store, MADE_AT)
    return path


@pytest.fixture
def store(demo_file: Path, tmp_path: Path) -> Iterator[Store]:
    """The demo in a file of this test's own."""
    path = tmp_path / "reader.db"
    shutil.copy(demo_file, path)
    with open_store(path) as opened:
        yield opened


@pytest.fixture
def memory_store() -> Iterator[Store]:
    """The demo as `tui-reader demo` has it: no file."""
    with open_demo_store() as opened:
        fill_demo(opened, MADE_AT)
        yield opened


@pytest.fixture
def empty_store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "empty.db") as opened:
        yield opened
