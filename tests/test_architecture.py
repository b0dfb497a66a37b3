"""The house keeps its order: import contracts, lock files that agree, no forbidden calls."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "tui_reader").rglob("*.py"))


def test_import_contracts() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("name", ["run", "dev"])
def test_lock_files_for_pip_agree_with_uv_lock(name: str) -> None:
    locked = {
        package["name"]: package["version"]
        for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
        if "version" in package
    }
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    pinned = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE))
    assert pinned
    assert pinned == {package: locked[package] for package in pinned}


@pytest.mark.parametrize(
    "module",
    ["tui_reader.ui.app", "tui_reader.cli", "tui_reader.store"],
)
def test_starting_the_application_loads_no_heavy_library(module: str) -> None:
    names = "httpx feedparser trafilatura lxml sqlite_utils selectolax rapidfuzz ahocorasick_rs jinja2"
    heavy = set(names.split())
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"shell\s*=\s*True|os\.system\(|os\.popen\(", "no value from outside may meet a shell"),
        (r"markup\s*=\s*True|Text\.from_markup|from_markup\(", "text from feeds is never markup"),
        (r"except Exception:\s*\n\s*pass|except:\s", "an unexpected error is a bug and must be seen"),
        (r"replace=True|alter=True", "sqlite-utils would delete or add columns"),
    ],
)
def test_never_written(pattern: str, why: str) -> None:
    found = [path.name for path in SOURCES if re.search(pattern, path.read_text(encoding="utf-8"))]
    assert not found, why


def test_feeds_opml_is_the_bundled_one() -> None:
    from tui_reader.opml import read_opml

    feeds, skipped = read_opml((ROOT / "feeds.opml").read_bytes())
    assert not skipped
    assert 40 <= len(feeds) <= 50
    assert all(feed.folder and feed.title for feed in feeds)
    assert len({feed.url for feed in feeds}) == len(feeds)
