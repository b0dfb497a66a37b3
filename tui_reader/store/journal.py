"""Every change a reader makes, as an event that holds its own inverse: undo after a restart, and the base of a sync.

An event is never changed or removed. An undo is an event that names the one it undoes; a redo undoes the undo.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tui_reader.model import Undone

from .database import Database
from .times import to_text

Change = dict[str, Any]
"""One of two forms:

    {"table": "states", "field": "read", "old": 0, "new": 1, "ids": [7, 8, …]}      one field of many rows
    {"table": "highlights", "key": {"id": "…"}, "old": {…} | null, "new": {…} | null}    one row, null where it is not
"""

_FIELDS = {
    "states": {"read", "starred", "later", "swept", "split"},
    "feeds": {"removed_at", "own_title", "folder", "digest"},
}
_KEYS = {"states": "entry_id", "feeds": "id"}
_TABLES = {"highlights", "tags", "tag_vetoes", "tag_marks", "views", "mutes"}

_MANY = 2000

_IN_EFFECT = """NOT EXISTS (SELECT 1 FROM journal AS undo WHERE undo.undoes = event.id
    AND NOT EXISTS (SELECT 1 FROM journal AS redo WHERE redo.undoes = undo.id))"""


@dataclass(slots=True)
class Step:
    """Several deeds that are undone together."""

    actions: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def entry_ids(self) -> frozenset[int]:
        """What has changed so far."""
        return frozenset(entry for change in self.changes for entry in _entries_of(change))


class Journal:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._step: Step | None = None

    def do(self, changes: Sequence[Change], *, action: str, description: str, now: datetime) -> None:
        """Apply the changes and write the event, in one transaction. No changes, no event."""
        if not changes:
            return
        with self._database.writing():
            for change in changes:
                self._apply(change, "new")
            if self._step is None:
                self._write(action, description, changes, now=now)
            else:
                self._step.actions.append(action)
                self._step.descriptions.append(description)
                self._step.changes.extend(changes)

    @contextlib.contextmanager
    def one_step(self, now: datetime) -> Iterator[Step]:
        """All that is done within is one event, or nothing happens."""
        with self._database.writing():
            self._step = step = Step()
            try:
                yield step
            finally:
                self._step = None
            if step.changes:
                self._write(step.actions[0], ", ".join(step.descriptions), step.changes, now=now)

    def last(self) -> int:
        """The number of the newest event."""
        return int(self._database.value("SELECT coalesce(max(id), 0) FROM journal"))

    def touched_highlights(self, after: int) -> bool:
        """Whether an event later than that one may have changed a highlight."""
        found = self._database.value(
            'SELECT 1 FROM journal WHERE id > ? AND (undoes IS NOT NULL OR instr(changes, \'"table":"highlights"\')) '
            "LIMIT 1",
            (after,),
        )
        return found is not None

    def removals(self, table: str) -> list[Change]:
        """The changes in effect that took a row of the table away."""
        events = self._database.column(
            "SELECT changes FROM journal AS event WHERE undoes IS NULL AND instr(changes, '\"new\":null') "
            f"AND instr(changes, ?) AND {_IN_EFFECT}",
            (f'"table":"{table}"',),
        )
        changes = [change for event in events for change in json.loads(event)]
        return [each for each in changes if each["table"] == table and "key" in each and each["new"] is None]

    def undo(self, now: datetime) -> Undone | None:
        """Take back the last event that is in effect; None if there is none.

        What happens by reading on (`open`) is no step of its own: taking it back is what the read key is for.
        """
        event = self._database.row(
            f"SELECT id, description, changes FROM journal AS event WHERE undoes IS NULL AND action != 'open' "
            f"AND {_IN_EFFECT} ORDER BY id DESC LIMIT 1"
        )
        return self._take_back(event, "old", "undo", now=now) if event else None

    def redo(self, now: datetime) -> Undone | None:
        """Take back the last undo, unless something else was done since; None if there is none."""
        event = self._database.row(
            f"SELECT event.id, did.description, did.changes FROM journal AS event JOIN journal AS did "
            f"ON did.id = event.undoes WHERE did.undoes IS NULL AND {_IN_EFFECT} "
            f"AND NOT EXISTS (SELECT 1 FROM journal AS later WHERE later.id > event.id AND later.undoes IS NULL "
            f"AND later.action != 'open') ORDER BY event.id DESC LIMIT 1"
        )
        return self._take_back(event, "new", "redo", now=now) if event else None

    def entries_since(self, moment: datetime) -> frozenset[int]:
        """All entries that the reader did something to since then, or took back; or ever highlighted or tagged.

        What undo and redo put back row by row needs its entry; a field of an entry that is gone they pass over.
        """
        rows = self._database.rows(
            "SELECT did.changes FROM journal AS event LEFT JOIN journal AS undone ON undone.id = event.undoes "
            "JOIN journal AS did ON did.id = coalesce(undone.undoes, event.undoes, event.id) "
            'WHERE event.made_at >= ? OR instr(did.changes, \'"table":"highlights"\') '
            'OR instr(did.changes, \'"table":"tags"\')',
            (to_text(moment),),
        )
        changes = [change for row in rows for change in json.loads(row["changes"])]
        return frozenset(entry for change in changes for entry in _entries_of(change))

    def _take_back(self, event: Any, side: str, action: str, *, now: datetime) -> Undone:
        changes: list[Change] = json.loads(event["changes"])
        with self._database.writing():
            for change in reversed(changes) if side == "old" else changes:
                self._apply(change, side)
            self._write(action, event["description"], (), now=now, undoes=event["id"])
        touched = [entry for change in changes for entry in _entries_of(change)]
        return Undone(event["description"], tuple(dict.fromkeys(touched)))

    def _write(
        self, action: str, description: str, changes: Iterable[Change], *, now: datetime, undoes: int | None = None
    ) -> None:
        self._database.run(
            "INSERT INTO journal (device, made_at, action, description, changes, undoes) VALUES (?, ?, ?, ?, ?, ?)",
            (self._device(), to_text(now), action, description, _json(list(changes)), undoes),
        )

    def _device(self) -> str:
        """A random name for this copy of the database, so that a later sync can tell events apart."""
        self._database.run("INSERT OR IGNORE INTO meta (key, value) VALUES ('device', ?)", (uuid.uuid4().hex[:12],))
        return str(self._database.value("SELECT value FROM meta WHERE key = 'device'"))

    def _apply(self, change: Change, side: str) -> None:
        if "ids" in change:
            self._set_field(change, change[side])
        else:
            self._set_row(change["table"], change["key"], change[side])

    def _set_field(self, change: Change, value: object) -> None:
        table, field = change["table"], change["field"]
        if field not in _FIELDS[table]:
            raise ValueError(f"the journal does not change {table}.{field}")
        if table == "states" and len(change["ids"]) > _MANY:
            # Counting all tags anew, once, is quicker than following each entry.
            self._database.run("DELETE FROM tag_counts")
        # What the rules of retention removed stays removed.
        whole = " AND swept < 2" if table == "states" else ""
        # One statement for any number of rows: the ids travel as one JSON value.
        self._database.run(
            f"UPDATE {table} SET {field} = ? WHERE {_KEYS[table]} IN (SELECT value FROM json_each(?)){whole}",
            (value, _json(change["ids"])),
        )

    def _set_row(self, table: str, key: Mapping[str, Any], row: Mapping[str, Any] | None) -> None:
        if table not in _TABLES:
            raise ValueError(f"the journal does not change rows of {table}")
        where = " AND ".join(f'"{column}" = ?' for column in key)
        if row is None:
            self._database.run(f"DELETE FROM {table} WHERE {where}", tuple(key.values()))
            return
        columns = {**key, **row}
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        updates = ", ".join(f'"{column}" = excluded."{column}"' for column in columns)
        keys = ", ".join(f'"{column}"' for column in key)
        self._database.run(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT ({keys}) DO UPDATE SET {updates}",
            tuple(columns.values()),
        )


def row_change(
    table: str, key: Mapping[str, Any], *, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> Change:
    return {"table": table, "key": dict(key), "old": dict(old) if old else None, "new": dict(new) if new else None}


def field_changes(table: str, field: str, olds: Mapping[int, Any], *, new: Any) -> list[Change]:
    """`olds`: what each row holds now. Rows that hold `new` already are left out; one change a former value."""
    by_old: dict[Any, list[int]] = {}
    for row_id, old in olds.items():
        if old != new:
            by_old.setdefault(old, []).append(row_id)
    return [{"table": table, "field": field, "old": old, "new": new, "ids": ids} for old, ids in by_old.items()]


def _entries_of(change: Change) -> list[int]:
    if change["table"] == "states":
        return list(change["ids"])
    if "key" not in change:
        return []
    row = change["new"] or change["old"] or {}
    found = change["key"].get("entry_id") or row.get("entry_id")
    return [found] if found else []


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
