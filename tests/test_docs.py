"""README and DESIGN say what is true."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tui_reader.cli import tui_reader
from tui_reader.demo import MADE_AT, fill_demo
from tui_reader.store import open_store
from tui_reader.tagging import load_taxonomy

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tables_of_readme_are_those_of_the_code() -> None:
    spec = importlib.util.spec_from_file_location("readme_docs", ROOT / "scripts" / "readme_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.with_parts(README) == README, "run: python scripts/readme_docs.py"


def test_commands_in_readme_exist() -> None:
    named = set(re.findall(r"^ {4}tui-reader ([a-z-]+)", README, re.MULTILINE))
    assert named
    assert named <= set(tui_reader.commands)


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("perl")), reason="needs jq and perl")
def test_the_round_trip_of_readme_goes_round(tmp_path: Path) -> None:
    script = re.search(r"<!-- round trip.*?-->\n((?:    .*\n)+)", README)
    assert script is not None
    with open_store(tmp_path / "reader.db") as store:
        fill_demo(store, MADE_AT)
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "tui-reader"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tui_reader "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TUI_READER_DB": str(tmp_path / "reader.db"),
        "TUI_READER_CONFIG": str(tmp_path / "config.toml"),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script[1]],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "checked: it holds" in lines
    assert sum(line.endswith('"checked: it holds"') for line in lines) == 1
    assert list((tmp_path / "notes").glob("*.md"))


def test_every_command_says_what_it_does() -> None:
    for name, command in tui_reader.commands.items():
        assert command.help, name
        if isinstance(command, click.Group):
            assert all(each.help for each in command.commands.values())


def test_files_that_the_documents_name_are_there() -> None:
    for document in ("README.md", "DESIGN.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text):
            assert "://" in target or (ROOT / target).exists(), f"{document}: {target}"


def test_the_taxonomy_file_of_readme_loads(tmp_path: Path) -> None:
    block = next(part for part in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[companies." in part)
    own = tmp_path / "taxonomy.toml"
    own.write_text(block, encoding="utf-8")
    taxonomy = load_taxonomy(own)
    assert taxonomy.find("艾克美机器人") == "acme-robotics"
    assert "x-corp" not in taxonomy.companies
