"""The mutes drawer: queries whose entries are out of every list for a while.

The mutes say what is muted; `states.swept` only keeps what they came to. So nothing need be remembered of the entries
that arrived meanwhile when a mute is taken back, or has had its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from tui_reader.errors import QueryError
from tui_reader.model import Field, Mute, Or, Term
from tui_reader.query import parse_query

from .compile import WITH_MUTED, Condition, asks
from .database import Database
from .feeds import KEPT
from .journal import Journal, row_change
from .times import from_text_or_none, to_text, to_text_or_none

Compile = Callable[[Term, str], Condition]
"""A query, and among which entries it is asked → SQL. Raises QueryError."""

_IS_MUTED = Field("is", "muted")
_MANY = 2000

# Back into the lists, unless their feed or their issue has left them meanwhile.
_LEFT = """CASE WHEN feed_id IN (SELECT id FROM feeds WHERE removed_at IS NOT NULL)
    OR entry_id IN (SELECT entries.id FROM entries JOIN states AS issue ON issue.entry_id = parent_id WHERE split = 0)
    THEN 1 ELSE 0 END"""


class Mutes:
    def __init__(self, database: Database, journal: Journal, compile_query: Compile) -> None:
        self._database = database
        self._journal = journal
        self._compile = compile_query

    def all(self, now: datetime) -> tuple[Mute, ...]:
        """Those in force, the newest first."""
        rows = self._database.rows(
            "SELECT query, until FROM mutes WHERE until IS NULL OR until > ? ORDER BY made_at DESC, query",
            (to_text(now),),
        )
        return tuple(Mute(row["query"], from_text_or_none(row["until"])) for row in rows)

    def left(self, term: Term | None, ids: Sequence[int]) -> frozenset[int]:
        """Which of the entries that a list of this view has are muted by now."""
        if asks(term, _IS_MUTED):
            return frozenset()
        muted = self._database.column("SELECT entry_id FROM states WHERE swept = -1")
        return frozenset(muted).intersection(ids) if muted else frozenset()

    def add(self, query: str, *, until: datetime | None, now: datetime) -> int:
        """Undoably. → how many entries left the lists; what the reader starred, put by or marked by hand stays.

        Raises QueryError. None: until it is taken back. It may take a while: not for the screen's loop.
        """
        term = parse_query(query, now=now).term
        if term is None:
            raise QueryError("a mute needs a query, or everything would be muted", offset=0)
        if asks(term, _IS_MUTED):
            raise QueryError("what is muted cannot say what is muted", offset=0)
        self._compile(term, WITH_MUTED)
        new = {"until": to_text_or_none(until), "made_at": to_text(now)}
        return self._change(query, new, f"muted {query}", now=now)

    def end(self, query: str, *, now: datetime) -> int:
        """Undoably. → how many entries came back into the lists."""
        return self._change(query, None, f"ended the mute of {query}", now=now)

    def settle(self, now: datetime) -> int:
        """Let every entry be in the lists or out of them as the mutes in force say. → how many changed."""
        if not self._at_work():
            return 0
        with self._database.writing():
            muted = self._fitting(now)
            hidden = self._database.column("SELECT entry_id FROM states WHERE swept = -1")
            return self._sweep(muted.difference(hidden)) + self._bring_back(set(hidden) - muted)

    def settle_new(self, after: int, now: datetime) -> int:
        """The same for entries that have just arrived: those with ids above `after`."""
        if self._database.value("SELECT 1 FROM mutes LIMIT 1") is None:
            return 0
        with self._database.writing():
            return self._sweep(self._fitting(now, after))

    def _at_work(self) -> bool:
        found = self._database.value(
            "SELECT 1 WHERE EXISTS (SELECT 1 FROM mutes) OR EXISTS (SELECT 1 FROM states WHERE swept = -1)"
        )
        return found is not None

    def _change(self, query: str, new: dict[str, str | None] | None, description: str, *, now: datetime) -> int:
        with self._database.writing():
            row = self._database.row("SELECT until, made_at FROM mutes WHERE query = ?", (query,))
            old = dict(row) if row else None
            if old == new:
                return 0
            change = row_change("mutes", {"query": query}, old=old, new=new)
            self._journal.do([change], action="mute", description=description, now=now)
            return self.settle(now)

    def _fitting(self, now: datetime, after: int = 0) -> set[int]:
        """The entries that a mute in force is about."""
        terms = tuple(self._terms(now))
        if not terms:
            return set()
        found = self._compile(Or(terms) if len(terms) > 1 else terms[0], WITH_MUTED)
        return set(
            self._database.column(
                f"SELECT entry_id FROM states WHERE {found.sql} AND entry_id > ? AND NOT {KEPT}",
                (*found.parameters, after),
            )
        )

    def _terms(self, now: datetime) -> Iterator[Term]:
        for mute in self.all(now):
            try:
                term = parse_query(mute.query, now=now).term
                if term is not None:
                    self._compile(term, WITH_MUTED)
                    yield term
            except QueryError:
                # It names a company or a feed that is known no more: it is about nothing.
                continue

    def _sweep(self, ids: set[int]) -> int:
        self._set("-1", "swept = 0", ids)
        return len(ids)

    def _bring_back(self, ids: set[int]) -> int:
        self._set(_LEFT, "swept = -1", ids)
        return len(ids)

    def _set(self, value: str, where: str, ids: set[int]) -> None:
        if len(ids) > _MANY:
            # Counting all tags anew, once, is quicker than following each entry.
            self._database.run("DELETE FROM tag_counts")
        if ids:
            self._database.run(
                f"UPDATE states SET swept = {value} WHERE {where} AND entry_id IN (SELECT value FROM json_each(?))",
                ("[" + ",".join(map(str, ids)) + "]",),
            )
