"""The exports drawer: what stands in the reader's Markdown files, so that it is known who has changed it since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui_reader.model import Highlight, Noted

from .database import Database
from .times import to_text


@dataclass(frozen=True, slots=True)
class Stamped:
    """What was written of a highlight, and in which state it was then."""

    noted: Noted
    stamp: str

    @classmethod
    def of(cls, highlight: Highlight, noted: Noted) -> Stamped:
        return cls(noted, f"{to_text(highlight.changed_at)} {highlight.state}")


class Exports:
    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, folder: str) -> dict[str, dict[str, Noted]]:
        """What was last written into the files of a folder or read from them, by part and highlight."""
        found: dict[str, dict[str, Noted]] = {}
        for row in self._database.rows(
            "SELECT part, highlight_id, note, tags, kind FROM exports WHERE folder = ?", (folder,)
        ):
            tags = None if row["tags"] is None else tuple(json.loads(row["tags"]))
            found.setdefault(row["part"], {})[row["highlight_id"]] = Noted(row["note"], tags, row["kind"])
        return found

    def known(self) -> frozenset[str]:
        """All highlights that are in the store, or were when they were exported."""
        return frozenset(self._database.column("SELECT id FROM highlights UNION SELECT highlight_id FROM exports"))

    def gone(self, folder: str) -> frozenset[str]:
        """Parts of the folder none of whose highlights is left in the store."""
        return frozenset(
            self._database.column(
                "SELECT part FROM exports LEFT JOIN highlights ON highlights.id = highlight_id WHERE folder = ? "
                "GROUP BY part HAVING count(highlights.id) = 0",
                (folder,),
            )
        )

    def stale(self, folder: str) -> tuple[int, ...]:
        """Entries whose highlights are not in the folder as they are now: new, changed or removed ones."""
        return tuple(
            self._database.column(
                "SELECT entry_id FROM highlights LEFT JOIN exports ON exports.highlight_id = highlights.id "
                "AND folder = ? AND part = 'e' || entry_id WHERE stamp IS NOT changed_at || ' ' || state "
                "UNION SELECT CAST(substr(part, 2) AS INTEGER) FROM exports "
                "LEFT JOIN highlights ON highlights.id = highlight_id "
                "WHERE folder = ? AND part GLOB 'e[0-9]*' AND highlights.id IS NULL",
                (folder, folder),
            )
        )

    def record(self, folder: str, parts: Mapping[str, Mapping[str, Stamped]]) -> None:
        """What was written: all that is in these parts now."""
        with self._database.writing():
            self._database.run(
                "DELETE FROM exports WHERE folder = ? AND part IN (SELECT value FROM json_each(?))",
                (folder, json.dumps(list(parts))),
            )
            self._put(
                folder, ((part, each, stamped) for part, found in parts.items() for each, stamped in found.items())
            )

    def see(self, folder: str, part: str, found: Mapping[str, Noted]) -> None:
        """What was read, of these highlights of a part: the file is not as it was written."""
        with self._database.writing():
            self._put(folder, ((part, each, Stamped(noted, "")) for each, noted in found.items()))

    def _put(self, folder: str, rows: Iterable[tuple[str, str, Stamped]]) -> None:
        self._database.run_many(
            "INSERT OR REPLACE INTO exports (folder, part, highlight_id, note, tags, kind, stamp) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (folder, part, each, stamped.noted.note, _json(stamped.noted.tags), stamped.noted.kind, stamped.stamp)
                for part, each, stamped in rows
            ],
        )


def _json(tags: tuple[str, ...] | None) -> str | None:
    return None if tags is None else json.dumps(tags, ensure_ascii=False)
