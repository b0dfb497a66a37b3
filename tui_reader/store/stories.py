"""The stories drawer: an issue and the stories it is split into, which are entries of their own.

An issue keeps its text. While it is split, its stories are in the lists below it and stand for it: it counts as read
itself, and what is found in one of them is not found in it as well. Joined again, they leave the lists and wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_reader.model import CleanEntry

from .arrivals import Arrivals, Saved
from .database import Database
from .feeds import KEPT
from .journal import Change, Journal, field_changes
from .naming import called, no_such_entry

_STORIES = """
SELECT entries.id, entries.url, entries.title, entries.guid, entries.version_id, versions.text,
    states.read, states.swept
FROM entries JOIN states ON states.entry_id = entries.id JOIN versions ON versions.id = entries.version_id
WHERE parent_id = ? ORDER BY sorted_at DESC
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """A story of the store."""

    id: int
    guid: str
    version_id: int
    url: str | None
    title: str
    text: str
    read: bool
    swept: bool


@dataclass(frozen=True, slots=True)
class _Issue:
    id: int
    feed_id: int
    title: str
    moment: str
    """The time that its place in lists begins with."""
    split: bool
    read: bool


class Stories:
    def __init__(self, database: Database, journal: Journal, arrivals: Arrivals) -> None:
        self._database = database
        self._journal = journal
        self._arrivals = arrivals

    def of(self, issue_id: int) -> tuple[int, ...]:
        """The stories that the issue is split into, in order; none if it is whole."""
        if not self.is_split(issue_id):
            return ()
        return tuple(story.id for story in self._known(issue_id) if not story.swept)

    def every(self, issue_id: int) -> tuple[int, ...]:
        """Also those that have left the lists."""
        return tuple(story.id for story in self._known(issue_id))

    def is_split(self, issue_id: int) -> bool:
        return bool(self._database.value("SELECT split FROM states WHERE entry_id = ?", (issue_id,)))

    def issue_of(self, entry_id: int) -> int:
        """The issue that a story stands in; the entry itself if it is none."""
        found = self._database.value("SELECT parent_id FROM entries WHERE id = ?", (entry_id,))
        return int(found) if found else entry_id

    def issues(self, ids: Iterable[int]) -> dict[int, int]:
        """Story → issue, of those of these entries that are stories."""
        rows = self._database.rows(
            "SELECT id, parent_id FROM entries WHERE parent_id IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
            ("[" + ",".join(map(str, ids)) + "]",),
        )
        return {row["id"]: row["parent_id"] for row in rows}

    # --- what arrives

    def keep(self, issue_id: int, stories: Sequence[CleanEntry], now: datetime) -> Saved:
        """Store the stories of an issue that has come or changed, and split it.

        A story is known by its address, its title or its text; those that the issue no longer tells leave the lists,
        unless the reader marked them. Without stories, nothing changes.
        """
        if not stories:
            return Saved({}, {})
        with self._database.writing():
            issue = self._issue(issue_id)
            saved, told = self._save(issue, stories, swept=False, now=now)
            gone = [story.id for story in self._known(issue_id) if story.id not in told]
            self._database.run(
                f"UPDATE states SET swept = 1 WHERE entry_id IN (SELECT value FROM json_each(?)) AND NOT {KEPT}",
                ("[" + ",".join(map(str, gone)) + "]",),
            )
            self._database.run("UPDATE states SET split = 1, read = 1 WHERE entry_id = ?", (issue_id,))
        return saved

    # --- what the reader does

    def split(self, issue_id: int, stories: Sequence[CleanEntry], now: datetime) -> Saved:
        """Undoably, and with it the coming issues of the feed."""
        with self._database.writing():
            issue = self._issue(issue_id)
            saved, told = self._save(issue, stories, swept=True, now=now)
            known = {story.id: story for story in self._known(issue_id) if story.id in told}
            changes = self._wish(issue, "split")
            changes += field_changes("states", "split", {issue_id: int(issue.split)}, new=1)
            changes += _state("swept", known, lambda story: story.swept, new=0)
            if issue.read:
                changes += _state("read", known, lambda story: story.read, new=1)
            changes += field_changes("states", "read", {issue_id: int(issue.read)}, new=1)
            what = f"split {called(issue.title)} into {len(told)} stories"
            self._journal.do(changes, action="split", description=what, now=now)
        return saved

    def join(self, issue_id: int, now: datetime) -> None:
        """Undoably, and with it the coming issues of the feed. Stories that the reader marked stay in the lists."""
        with self._database.writing():
            issue = self._issue(issue_id)
            listed = {story.id: story for story in self._known(issue_id) if not story.swept}
            leaving = self._database.column(
                f"SELECT entry_id FROM states WHERE entry_id IN (SELECT value FROM json_each(?)) AND NOT {KEPT}",
                ("[" + ",".join(map(str, listed)) + "]",),
            )
            changes = self._wish(issue, "whole")
            changes += field_changes("states", "split", {issue_id: int(issue.split)}, new=0)
            changes += field_changes("states", "swept", dict.fromkeys(leaving, 0), new=1)
            if issue.split:
                read = all(story.read for story in listed.values())
                changes += field_changes("states", "read", {issue_id: int(issue.read)}, new=int(read))
            self._journal.do(changes, action="join", description=f"joined {called(issue.title)} again", now=now)

    def _wish(self, issue: _Issue, wish: str) -> list[Change]:
        before = self._database.value("SELECT digest FROM feeds WHERE id = ?", (issue.feed_id,))
        return field_changes("feeds", "digest", {issue.feed_id: before}, new=wish)

    # --- both

    def _save(
        self, issue: _Issue, stories: Sequence[CleanEntry], *, swept: bool, now: datetime
    ) -> tuple[Saved, frozenset[int]]:
        """→ what is new and what changed, and the ids of all that the issue tells now. New ones are `swept` or not."""
        same = _recognised(stories, self._known(issue.id))
        new: dict[int, CleanEntry] = {}
        updated: dict[int, CleanEntry] = {}
        places = {issue.id: _place(issue, 0)}
        for number, story in enumerate(stories):
            old = same.get(number)
            if old is not None:
                entry_id = old.id
                if self._arrivals.update(old.id, old.version_id, story, now=now):
                    updated[old.id] = story
            elif self._is_free(issue.feed_id, story.guid):
                entry_id = self._insert(issue, story, swept=swept, now=now)
                new[entry_id] = story
            else:
                continue
            places[entry_id] = _place(issue, number + 1)
        self._database.run_many(
            "UPDATE states SET sorted_at = ? WHERE entry_id = ?", [(place, each) for each, place in places.items()]
        )
        return Saved(new, updated), frozenset(places) - {issue.id}

    def _insert(self, issue: _Issue, story: CleanEntry, *, swept: bool, now: datetime) -> int:
        entry_id = self._arrivals.insert(issue.feed_id, story, now)
        # Who has read the issue whole has read its stories.
        read = issue.read and not issue.split
        self._database.run("UPDATE entries SET parent_id = ? WHERE id = ?", (issue.id, entry_id))
        self._database.run(
            "UPDATE states SET swept = ?, read = ? WHERE entry_id = ?", (int(swept), int(read), entry_id)
        )
        return entry_id

    def _is_free(self, feed_id: int, guid: str) -> bool:
        """False if the feed uses the guid for something else: no feed would, unless it is up to something."""
        return not self._database.value("SELECT 1 FROM entries WHERE feed_id = ? AND guid = ?", (feed_id, guid))

    def _known(self, issue_id: int) -> tuple[_Known, ...]:
        return tuple(
            _Known(
                row["id"], row["guid"], row["version_id"], row["url"], row["title"], row["text"],
                bool(row["read"]), bool(row["swept"]),
            )
            for row in self._database.rows(_STORIES, (issue_id,))
        )  # fmt: skip

    def _issue(self, issue_id: int) -> _Issue:
        row = self._database.row(
            "SELECT entries.feed_id, title, sorted_at, split, read FROM entries "
            "JOIN states ON states.entry_id = entries.id WHERE entries.id = ?",
            (issue_id,),
        )
        if row is None:
            raise no_such_entry(issue_id)
        moment = row["sorted_at"].partition("~")[0]
        return _Issue(issue_id, row["feed_id"], row["title"], moment, bool(row["split"]), bool(row["read"]))


def _recognised(stories: Sequence[CleanEntry], known: Sequence[_Known]) -> dict[int, _Known]:
    """Place in the issue → the story that it is, by guid, address, title, text: what fits just one on either side."""
    found: dict[int, _Known] = {}
    for key in ("guid", "url", "title", "text"):
        mine: dict[Any, list[int]] = {}
        for number, story in enumerate(stories):
            if number not in found:
                mine.setdefault(getattr(story, key), []).append(number)
        theirs: dict[Any, list[_Known]] = {}
        taken = {each.id for each in found.values()}
        for each in known:
            if each.id not in taken:
                theirs.setdefault(getattr(each, key), []).append(each)
        for value, numbers in mine.items():
            if value and len(numbers) == 1 and len(theirs.get(value, ())) == 1:
                found[numbers[0]] = theirs[value][0]
    return found


def _state(field: str, stories: Mapping[int, _Known], now: Callable[[_Known], bool], *, new: int) -> list[Change]:
    return field_changes("states", field, {story.id: int(now(story)) for story in stories.values()}, new=new)


def _place(issue: _Issue, number: int) -> str:
    """The order of lists: an issue, number 0, and then its stories, whatever else was published in the same second."""
    return f"{issue.moment}~{issue.id:012}~{9999 - number:04}"
