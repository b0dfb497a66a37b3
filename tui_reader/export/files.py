"""Which file of a vault is which article's: by its name, or by what it says of itself where it was renamed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from tui_reader.errors import FileError

from .names import article_files
from .page import reader_id
from .section import Preset
from .sheets import Sheet

_MOST = 100_000
"""Files that are looked at: the folder may be somebody's home by mistake."""
_HEAD = 8192


class Files:
    """The Markdown files of a folder, and of the folders in it: readers sort what they keep."""

    def __init__(self, folder: Path, preset: Preset, exported: Collection[str]) -> None:
        """`exported`: the parts that were exported into it before. Raises OSError."""
        self._folder = folder
        self._preset = preset
        self._exported = exported
        self.names = frozenset(path.name for path in folder.iterdir())
        self._below = list(_below(folder))
        self._articles = article_files(self._below)
        self._renamed: dict[str, str] | None = None

    def path(self, sheet: Sheet) -> Path | None:
        """None if there is no file yet."""
        if sheet.entry_id is None:
            return self._folder / sheet.file if sheet.file in self.names else None
        name = self._articles.get(sheet.entry_id)
        if name is None and sheet.part in self._exported:
            name = self._by_what_they_say().get(sheet.part)
        return self._folder / name if name else None

    def _by_what_they_say(self) -> dict[str, str]:
        """Only asked when a file is missed: it reads the beginning of all others."""
        if self._renamed is None:
            known = set(self._articles.values())
            others = [name for name in self._below if name not in known]
            self._renamed = {found: name for name in reversed(others) if (found := self._reader_id(name))}
        return self._renamed

    def _reader_id(self, name: str) -> str:
        path = self._folder / name
        try:
            if path.is_symlink():
                return ""
            with path.open("rb") as file:
                return reader_id(file.read(_HEAD).decode("utf-8", "replace"), self._preset)
        except (OSError, FileError):
            return ""


def _below(folder: Path) -> Iterator[str]:
    """Relative paths, those of the folder itself first. Hidden folders are programs' own: settings, waste baskets."""
    seen = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(files):
            seen += 1
            if name.endswith(".md") and not name.startswith("."):
                yield (Path(place) / name).relative_to(folder).as_posix()
        if seen > _MOST:
            return
