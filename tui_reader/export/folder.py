"""A folder of Markdown files, one an article: with names that every system takes, written whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from tui_reader.errors import FileError
from tui_reader.model import Highlight, Source

from .article import article_file, short_id

_MAX_BYTES = 180
# Windows takes these for devices, with any extension.
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """What an export did; `failed` has a line for each file that was left as it is, with the reason."""

    written: int
    unchanged: int
    failed: tuple[str, ...]
    files: tuple[Path, ...]


def file_name(source: Source, entry_id: int) -> str:
    """`2026-03-02 Export rules tighten again (e42).md`; no brackets, which end links in Obsidian."""
    date = source.published_at.astimezone(UTC).date().isoformat() if source.published_at else ""
    ending = f"({short_id(entry_id)}).md"
    room = _MAX_BYTES - len(f"{date}  {ending}".encode())
    stem = f"{date} {_cut(_portable(source.title), room)}".strip(" .")
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    return f"{stem} {ending}".strip()


def find_file(names: Iterable[str], entry_id: int) -> str | None:
    """The file of an entry, whatever its title was when it was made or the reader has made of it since."""
    ending = f"({short_id(entry_id)}).md"
    return min((name for name in names if name.endswith(ending)), default=None)


# --- the disk --------------------------------------------------------------------------------------------------------


def write_folder(highlights: Iterable[Highlight], folder: Path) -> Written:
    """Brings the files of these highlights' articles up to date; other files are left alone.

    Give all highlights of an article: those of its file that are not among them are taken out. FileError if the folder
    cannot be used; a single file that cannot be merged is in `failed` instead.
    """
    groups: dict[int, list[Highlight]] = defaultdict(list)
    for highlight in highlights:
        groups[highlight.entry_id].append(highlight)
    written = unchanged = 0
    failed: list[str] = []
    files: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = [path.name for path in folder.iterdir()]
        for entry_id, group in sorted(groups.items()):
            newest = max(group, key=lambda one: (one.changed_at, one.id))
            path = folder / (find_file(names, entry_id) or file_name(newest.source, entry_id))
            try:
                changed = _update(path, group)
            except FileError as error:
                failed.append(f"{path.name}: {error}")
                continue
            files.append(path)
            written, unchanged = written + changed, unchanged + (not changed)
    except OSError as error:
        raise FileError(f"cannot export to {folder}: {error.strerror or error}") from error
    return Written(written, unchanged, tuple(failed), tuple(files))


def _update(path: Path, group: list[Highlight]) -> bool:
    """True if the file had to be written."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise FileError("a link or no plain file: not written")
    try:
        old = path.read_bytes() if path.exists() else None
        existing = None if old is None else old.decode()
    except UnicodeDecodeError:
        raise FileError("not UTF-8: not written") from None
    except PermissionError as error:
        raise FileError(f"cannot be read: {error.strerror}") from None
    new = article_file(group, existing=existing).encode()
    if new == old:
        return False
    _replace(path, new)
    return True


def _replace(path: Path, data: bytes) -> None:
    """Whoever looks, or pulls the plug, finds the old file or the new one."""
    temporary = path.with_name(f".{path.name[-40:]}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


# --- names -----------------------------------------------------------------------------------------------------------


def _portable(title: str) -> str:
    """Without what some system or Obsidian's links cannot bear in a name."""
    title = re.sub(r'[\\/:*?"<>|#^\[\]]', " ", unicodedata.normalize("NFC", title))
    title = "".join(" " if char.isspace() else char for char in title)
    title = "".join(char for char in title if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn", "Co"))
    return " ".join(title.split()).strip(" .")


def _cut(text: str, room: int) -> str:
    """As many whole characters as fit; words are not kept whole."""
    return text.encode()[:room].decode("utf-8", "ignore").strip(" .")
