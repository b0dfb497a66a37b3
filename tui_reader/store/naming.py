"""What a deed names: whether its entries are there, and how a sentence calls entries and tags."""

from __future__ import annotations

from collections.abc import Sequence

from tui_reader.errors import NotFoundError

from .database import Database


def check_known(database: Database, ids: Sequence[int]) -> None:
    """Raises NotFoundError for the first that does not exist, or has no text any more."""
    known = frozenset(
        database.column(
            "SELECT entry_id FROM states WHERE entry_id IN (SELECT value FROM json_each(?)) AND swept < 2",
            ("[" + ",".join(map(str, ids)) + "]",),
        )
    )
    for entry_id in ids:
        if entry_id not in known:
            raise missing_entry(database, entry_id)


def missing_entry(database: Database, entry_id: int) -> NotFoundError:
    # Through JSON, as everywhere: a number may be too large for SQLite.
    if database.value("SELECT 1 FROM states WHERE swept = 2 AND entry_id = (? ->> 0)", (f"[{entry_id}]",)):
        return NotFoundError(f"the text of entry {entry_id} is gone: the [keep] rules of config.toml removed it")
    return no_such_entry(entry_id)


def no_such_entry(entry_id: int) -> NotFoundError:
    return NotFoundError(f"no entry {entry_id}: `tui-reader list --json` shows the ids")


def called_together(database: Database, ids: Sequence[int]) -> str:
    """One by its title, several by their number."""
    if len(ids) != 1:
        return f"{len(ids):,} entries"
    title = str(database.value("SELECT title FROM entries WHERE id = ?", (ids[0],)))
    return called(title) if title else "an entry"


def called(text: str) -> str:
    """As a description names an entry or a quote: in quotation marks, and in one line of moderate length."""
    text = " ".join(text.split())
    return f"“{text[:60].rstrip()}…”" if len(text) > 61 else f"“{text}”"


def tag_name(database: Database, kind: str, slug: str) -> str:
    """What a person reads; the slug itself where the taxonomy has no other name."""
    return str(database.value("SELECT name FROM tag_names WHERE kind = ? AND slug = ?", (kind, slug)) or slug)
