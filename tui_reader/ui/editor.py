"""A text or a file in the reader's own editor: a program that has the whole terminal, while ours waits."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui_reader.doc import normal_form, without_controls
from tui_reader.errors import FileError

_ORDERS = re.compile(r"(\b(?:vim?|Vim|ex)(?:[<=>]?\d+)?)(:)|(-)(\*-)|(\b(?i:Local Variables))(:)")
"""Modelines, which vim looks for near both ends of a file, and the variables of Emacs."""


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """The words of `$VISUAL` or `$EDITOR`, such as `code --wait`; else an editor that most systems have."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environment.get(name, ""))
        except ValueError as error:
            raise FileError(f"${name} is no command: {error}") from error
        if words:
            return words
    return [next((name for name in ("nano", "vi", "notepad") if shutil.which(name)), "vi")]


def edit_text(text: str, command: Sequence[str]) -> str:
    """What the editor leaves of the text. Raises FileError where it cannot be run, or ends with an error.

    The file has a name of ours in a folder that only its owner can read; nothing of a feed gets into the command.
    """
    with tempfile.TemporaryDirectory(prefix="tui-reader-") as folder:
        path = Path(folder) / "note.md"
        # A text file ends its last line: whoever appends begins a new one.
        path.write_text(f"{text}\n" if text else "", encoding="utf-8")
        try:
            code = subprocess.run([*command, str(path)], check=False).returncode
            written = path.read_bytes().decode("utf-8", "replace")
        except OSError as error:
            raise FileError(f"cannot edit with {command[0]}: {error.strerror or error}") from error
    if code:
        raise FileError(f"{command[0]} ended with {code}: the note is as it was")
    return normal_form(without_controls(written)).strip()


def edit_file(path: Path, command: Sequence[str]) -> bool:
    """→ whether it is another one now. Raises FileError where the editor cannot be run."""
    before = _content(path)
    _run(path, command)
    return _content(path) != before


def show_text(text: str, command: Sequence[str]) -> Path | None:
    """Markdown, in a file that is not to be written. Whoever writes it all the same does not lose that: → where it is.

    The text may be anybody's: what vim and Emacs would take for settings of theirs is escaped. Raises FileError where
    the editor cannot be run.
    """
    text = _ORDERS.sub(lambda found: "\\".join(filter(None, found.groups())), text)
    folder = Path(tempfile.mkdtemp(prefix="tui-reader-"))
    path = folder / "article.md"
    kept = False
    try:
        path.write_text(text, encoding="utf-8")
        path.chmod(0o400)
        _run(path, command)
        written = [each for each in sorted(folder.iterdir()) if each != path and not _of_editor(each.name)]
        kept = bool(written) or _content(path) not in (text.encode(), None)
        return (written[0] if written else path) if kept else None
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


def _run(path: Path, command: Sequence[str]) -> None:
    """What it ends with says nothing about what was written."""
    try:
        subprocess.run([*command, str(path)], check=False)
    except OSError as error:
        raise FileError(f"cannot edit with {command[0]}: {error.strerror or error}") from error


def _content(path: Path) -> bytes | None:
    """None if it is not there, or cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _of_editor(name: str) -> bool:
    """Copies and locks that editors leave behind."""
    return name.startswith((".", "#")) or name.endswith(("~", ".bak", ".swp"))
