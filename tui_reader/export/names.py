"""Names of files that every system and Obsidian's links take, whatever a title says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC

from tui_reader.model import Source

_MAX_BYTES = 180
# Windows takes these for devices, with any extension.
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)


def short_id(entry_id: int) -> str:
    """What names an entry in file names and front matter; never changes."""
    return f"e{entry_id}"


def file_name(source: Source, entry_id: int) -> str:
    """`2026-03-02 Export rules tighten again (e42).md`; no brackets, which end links in Obsidian."""
    date = source.published_at.astimezone(UTC).date().isoformat() if source.published_at else ""
    ending = f"({short_id(entry_id)}).md"
    room = _MAX_BYTES - len(f"{date}  {ending}".encode())
    stem = f"{date} {_cut(portable(source.title), room)}".strip(" .")
    return f"{_no_device(stem)} {ending}".strip()


def article_files(names: Iterable[str]) -> dict[int, str]:
    """The file of each entry, whatever its title was when it was made or the reader has made of it since.

    Of several, the one that is not in a folder below.
    """
    found: dict[int, str] = {}
    for name in sorted(names, key=lambda name: (name.count("/"), name), reverse=True):
        match = re.search(r"\(e([1-9]\d{0,17})\)\.md$", name)
        if match:
            found[int(match[1])] = name
    return found


def page_name(title: str, *, otherwise: str) -> str:
    """The name, without its ending, of a page that links name by its title; `otherwise` if nothing of that is left."""
    return _no_device(_cut(portable(title), _MAX_BYTES)) or portable(otherwise)


def portable(title: str) -> str:
    """Without what some system or Obsidian's links cannot bear in a name."""
    title = re.sub(r'[\\/:*?"<>|#^\[\]]', " ", unicodedata.normalize("NFC", title))
    title = "".join(" " if char.isspace() else char for char in title)
    title = "".join(char for char in title if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn", "Co"))
    return " ".join(title.split()).strip(" .")


def _no_device(stem: str) -> str:
    return f"_{stem}" if _DEVICES.match(stem) else stem


def _cut(text: str, room: int) -> str:
    """As many whole characters as fit; words are not kept whole."""
    return text.encode()[:room].decode("utf-8", "ignore").strip(" .")
