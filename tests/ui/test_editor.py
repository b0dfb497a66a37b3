"""A note in an editor of the reader's own: what is run, and what becomes of the text."""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path

import pytest
from driving import keys, reader, status

from tui_reader.errors import FileError
from tui_reader.store import Store
from tui_reader.ui.editor import edit_file, edit_text, editor_command, show_text


@pytest.fixture
def program(tmp_path: Path):
    """Makes an editor out of a line of shell; it sees the file as `$1`."""

    def make(line: str) -> list[str]:
        path = tmp_path / "editor"
        path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return [str(path)]

    return make


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"EDITOR": "vim"}, ["vim"]),
        ({"EDITOR": "vim", "VISUAL": "code --wait"}, ["code", "--wait"]),
        ({"EDITOR": "'/opt/my editor/run' -n; rm -rf x"}, ["/opt/my editor/run", "-n;", "rm", "-rf", "x"]),
    ],
)
def test_the_command_is_words_and_never_a_shell_line(environment: dict[str, str], words: list[str]) -> None:
    assert editor_command(environment) == words


def test_without_a_setting_there_is_an_editor() -> None:
    assert len(editor_command({"EDITOR": "  "})) == 1


def test_a_setting_that_is_no_command_is_told() -> None:
    with pytest.raises(FileError, match="EDITOR"):
        editor_command({"EDITOR": "vim '"})


def test_what_the_editor_leaves_is_the_text(program) -> None:
    assert edit_text("一\ntwo", program('printf " more\\033[31m\\n\\n" >> "$1"')) == "一\ntwo\n more[31m"
    assert edit_text("一", program("true")) == "一"
    assert edit_text("x", program(': > "$1"')) == ""


def test_nobody_else_can_read_the_file_and_it_is_gone_afterwards(program, tmp_path: Path) -> None:
    log = tmp_path / "log"
    edit_text("x", program(f'echo "$1" > {log}; stat -c %a "$(dirname "$1")" >> {log}'))
    path, mode = log.read_text(encoding="utf-8").split()
    assert Path(path).name == "note.md"
    assert mode == "700"
    assert not Path(path).exists()


@pytest.mark.parametrize("line", ["exit 3", 'rm "$1"'])
def test_an_editor_that_fails_changes_nothing(program, line: str) -> None:
    with pytest.raises(FileError):
        edit_text("x", program(line))
    with pytest.raises(FileError, match="no-such-editor"):
        edit_text("x", ["no-such-editor"])


def test_a_text_that_is_only_read_leaves_nothing_behind(program, tmp_path: Path) -> None:
    log = tmp_path / "log"
    look = f'folder=$(dirname "$1"); echo "$1" > {log}; stat -c "%a" "$1" "$folder" >> {log}'
    look += '; touch "$folder/.article.md.swp"; exit 1'
    assert show_text("# Title", program(look)) is None
    path, mode, of_folder = log.read_text(encoding="utf-8").split()
    assert (Path(path).name, mode, of_folder) == ("article.md", "400", "700")
    assert not Path(path).parent.exists()


def test_what_a_text_says_is_no_order_to_the_editor(program, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    text = "# x vim: set ft=sh:\n-*- eval: (boom) -*-\n vi:noai\nex:q vim>7: \nlocal Variables:\nservim: 1:3 annex: b"
    show_text(text, program(f'cp "$1" {seen}'))
    shown = seen.read_text(encoding="utf-8")
    assert not re.search(r"\b(?:vim?|ex)(?:[<=>]\d+)?:|-\*-|(?i:Local Variables:)", shown)
    # A backslash before such a sign is not seen in Markdown.
    assert shown.replace("\\", "") == text
    assert "servim: 1:3 annex: b" in shown


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('chmod u+w "$1"; echo mine >> "$1"; exit 1', "article.md"),
        ('mv "$1" "$1.old"; echo mine > "$1"', "article.md.old"),
        ('echo mine > "$(dirname "$1")/other.md"', "other.md"),
    ],
)
def test_what_is_written_there_all_the_same_is_not_lost(program, line: str, name: str) -> None:
    kept = show_text("# Title", program(line))
    assert kept is not None
    assert kept.name == name
    assert "mine" in "".join(each.read_text() for each in kept.parent.iterdir())
    shutil.rmtree(kept.parent)


def test_a_file_is_edited_where_it_lies(program, tmp_path: Path) -> None:
    path = tmp_path / "a file; touch trap.md"
    path.write_text("before", encoding="utf-8")
    assert not edit_file(path, program("true"))
    assert edit_file(path, program('echo after > "$1"'))
    assert path.read_text(encoding="utf-8") == "after\n"
    with pytest.raises(FileError, match="no-such-editor"):
        edit_file(path, ["no-such-editor"])
    assert not (tmp_path / "trap.md").exists()


async def test_where_there_is_no_terminal_to_hand_over_it_says_so(store: Store) -> None:
    async with reader(store) as pilot:
        await keys(pilot, "g", "h")
        before = store.highlights.all()
        await keys(pilot, "E")
        assert "cannot be handed to an editor" in status(pilot)
        assert store.highlights.all() == before
        await keys(pilot, "q", "E")
        assert "cannot be handed to an editor: | pipes the article" in status(pilot)
