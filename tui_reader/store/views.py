"""The views drawer: queries that the reader gave a name, in the order in which they were made."""

from __future__ import annotations

from datetime import datetime

from tui_reader.model import SavedView

from .database import Database
from .journal import Journal, row_change
from .times import to_text


class Views:
    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def all(self) -> tuple[SavedView, ...]:
        rows = self._database.rows("SELECT name, query FROM views ORDER BY made_at, rowid")
        return tuple(SavedView(row["name"], row["query"]) for row in rows)

    def save(self, name: str, query: str, *, now: datetime) -> None:
        """Undoably; a view of that name gets the new query and keeps its place."""
        with self._database.writing():
            old = self._row(name)
            made_at = old["made_at"] if old else to_text(now)
            self._change(name, old, {"query": query, "made_at": made_at}, f"saved the view “{name}”", now=now)

    def remove(self, name: str, *, now: datetime) -> None:
        """Undoably."""
        with self._database.writing():
            self._change(name, self._row(name), None, f"removed the view “{name}”", now=now)

    def _row(self, name: str) -> dict[str, str] | None:
        row = self._database.row("SELECT query, made_at FROM views WHERE name = ?", (name,))
        return dict(row) if row else None

    def _change(
        self, name: str, old: dict[str, str] | None, new: dict[str, str] | None, description: str, *, now: datetime
    ) -> None:
        if old != new:
            change = row_change("views", {"name": name}, old=old, new=new)
            self._journal.do([change], action="view", description=description, now=now)
