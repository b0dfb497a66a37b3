"""README and DESIGN say what is true."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import click

from tui_reader.cli import tui_reader
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
