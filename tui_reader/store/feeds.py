"""The feeds drawer: subscriptions, what each poll came to, and what the server wants to hear next time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tui_reader.errors import NotFoundError
from tui_reader.model import CleanFeed, Feed, OpmlFeed, Outcome, Page

from .database import Database, Row
from .journal import Journal, field_changes
from .times import from_text_or_none, to_text, to_text_or_none

KEPT = """(starred = 1 OR later = 1 OR entry_id IN (SELECT entry_id FROM highlights)
    OR entry_id IN (SELECT entry_id FROM tags WHERE given_by = 'hand'))"""
"""What a reader marked stays: in the lists when its feed goes, in the archive whatever the rules say."""


_JITTER = timedelta(minutes=10)
"""How far the clocks of two machines, or of one before and after it asked a time server, may be apart."""

_TRIAL = timedelta(days=7)
"""How long a permanent redirect must hold before it is believed."""


_FEEDS = """
SELECT *,
    (SELECT count(*) FROM states WHERE feed_id = feeds.id AND swept = 0 AND read = 0) AS unread,
    (SELECT count(*) FROM states WHERE feed_id = feeds.id AND swept = 0 AND read = 1) AS seen
FROM feeds WHERE removed_at IS NULL ORDER BY position, id
"""
"""Counted along an index, feed by feed: grouping all states takes twice as long."""


class Feeds:
    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def all(self) -> tuple[Feed, ...]:
        """Every subscription, in the order of the pane."""
        return tuple(map(_feed, self._database.rows(_FEEDS)))

    def titles(self) -> tuple[tuple[str, str], ...]:
        """(title, folder) of every subscription: what `all` says without counting."""
        rows = self._database.rows(
            "SELECT coalesce(nullif(own_title, ''), nullif(title, ''), url) AS title, folder FROM feeds "
            "WHERE removed_at IS NULL ORDER BY position, id"
        )
        return tuple((row["title"], row["folder"]) for row in rows)

    def find(self, name: str) -> Feed:
        """By id, address, or a part of its title that fits one feed only; digits are an id or the whole title.

        Raises NotFoundError.
        """
        feeds = self.all()
        for exact in (
            [feed for feed in feeds if str(feed.id) == name or feed.url == name],
            [feed for feed in feeds if feed.title.casefold() == name.casefold()],
            [feed for feed in feeds if name.casefold() in feed.title.casefold() and not name.isdecimal()],
        ):
            if len(exact) == 1:
                return exact[0]
            if exact:
                titles = ", ".join(feed.title for feed in exact[:3])
                raise NotFoundError(f"'{name}' fits {len(exact)} feeds ({titles} …): use the id that `feeds` lists")
        raise NotFoundError(f"no feed '{name}': `tui-reader feeds` lists them")

    def due(self, now: datetime) -> tuple[Feed, ...]:
        """Those whose time has come. One that is gone for good is asked only by name."""
        return tuple(feed for feed in self.all() if feed.status != "gone" and _is_due(feed, now))

    def had_any(self) -> bool:
        """Whether anything was ever subscribed to, also what was left again."""
        return self._database.value("SELECT 1 FROM feeds LIMIT 1") is not None

    def is_subscribed(self, feed_id: int) -> bool:
        return bool(self._database.value("SELECT removed_at IS NULL FROM feeds WHERE id = ?", (feed_id,)))

    def add(self, feeds: Iterable[OpmlFeed], now: datetime) -> tuple[tuple[OpmlFeed, ...], tuple[OpmlFeed, ...]]:
        """Subscribe. → (added, known already). One that was unsubscribed comes back with all its entries."""
        added, known = [], []
        with self._database.writing():
            position = int(self._database.value("SELECT coalesce(max(position), 0) FROM feeds"))
            for feed in feeds:
                row = self._database.row("SELECT id, removed_at FROM feeds WHERE url = ?", (feed.url,))
                if row and row["removed_at"] is None:
                    known.append(feed)
                    continue
                position += 1
                if row:
                    self._come_back(row["id"], feed, position)
                else:
                    self._database.run(
                        "INSERT INTO feeds (url, own_title, folder, position, site_url, added_at) "
                        "VALUES (?, ?, ?, ?, ?, ?)",
                        (feed.url, feed.title, feed.folder, position, feed.site_url or None, to_text(now)),
                    )
                added.append(feed)
        return tuple(added), tuple(known)

    def remove(self, feed: Feed, now: datetime) -> int:
        """Unsubscribe, undoably. Its entries leave the lists, but for those that the reader marked. → how many stay."""
        swept = self._database.column(
            f"SELECT entry_id FROM states WHERE feed_id = ? AND swept = 0 AND NOT {KEPT}", (feed.id,)
        )
        changes = field_changes("feeds", "removed_at", {feed.id: None}, new=to_text(now))
        changes += field_changes("states", "swept", dict.fromkeys(swept, 0), new=1)
        self._journal.do(changes, action="unsubscribe", description=f"unsubscribed from {feed.title}", now=now)
        return int(self._database.value("SELECT count(*) FROM states WHERE feed_id = ? AND swept = 0", (feed.id,)))

    def record(self, outcome: Outcome, *, next_at: datetime | None, now: datetime) -> None:
        """What a poll came to."""
        failed = outcome.status in ("failed", "gone")
        moment = to_text(now)
        self._database.run(
            "UPDATE feeds SET checked_at = ?, next_at = ?, status = ?, error = ? WHERE id = ?",
            (moment, to_text_or_none(next_at), outcome.status, outcome.error, outcome.feed_id),
        )
        if failed:
            self._database.run(
                "UPDATE feeds SET failures = failures + 1, failing_since = coalesce(failing_since, ?) WHERE id = ?",
                (moment, outcome.feed_id),
            )
        else:
            self._database.run(
                "UPDATE feeds SET failures = 0, failing_since = NULL, succeeded_at = ? WHERE id = ?",
                (moment, outcome.feed_id),
            )

    def keep_answer(self, feed_id: int, page: Page, parsed: CleanFeed, *, now: datetime, missed: int = 0) -> None:
        """What the feed says of itself, and the validators: they are kept only with the body they came with.

        A permanent redirect becomes the feed's address once it has led to a feed for a week: a hotel's login page
        does not last as long.
        """
        moment = to_text(now)
        self._database.run(
            "UPDATE feeds SET etag = ?, last_modified = ?, title = ?, site_url = coalesce(?, site_url), lang = ?, "
            "full_at = ?, moved_since = CASE WHEN ? IS NULL THEN NULL "
            "WHEN moved_to IS ? THEN min(moved_since, ?) ELSE ? END, moved_to = ? WHERE id = ?",
            (
                page.etag, page.last_modified, parsed.title, parsed.site_url, parsed.lang,
                moment, page.moved_to, page.moved_to, moment, moment, page.moved_to, feed_id,
            ),
        )  # fmt: skip
        if missed:
            self._database.run("UPDATE feeds SET missed = ?, missed_at = ? WHERE id = ?", (missed, moment, feed_id))
        self._database.run(
            "UPDATE feeds SET url = moved_to, moved_to = NULL, moved_since = NULL WHERE id = ? AND moved_since <= ? "
            "AND moved_to NOT IN (SELECT url FROM feeds)",
            (feed_id, to_text(now - _TRIAL)),
        )

    def rates(self, now: datetime) -> dict[int, float]:
        """Entries a week of each feed, over the last four weeks."""
        rows = self._database.rows(
            "SELECT feed_id, count(*) AS entries FROM states WHERE swept = 0 AND sorted_at >= ? AND sorted_at <= ? "
            "AND entry_id NOT IN (SELECT id FROM entries WHERE parent_id IS NOT NULL) GROUP BY feed_id",
            (to_text(now - timedelta(weeks=4)), to_text(now)),
        )
        return {row["feed_id"]: row["entries"] / 4 for row in rows}

    def _come_back(self, feed_id: int, feed: OpmlFeed, position: int) -> None:
        self._database.run(
            "UPDATE feeds SET removed_at = NULL, next_at = NULL, folder = ?, position = ? WHERE id = ?",
            (feed.folder, position, feed_id),
        )
        self._database.run(
            "UPDATE states SET swept = 0 WHERE feed_id = ? AND swept = 1 AND entry_id NOT IN "
            "(SELECT id FROM entries JOIN states ON states.entry_id = parent_id WHERE split = 0)",
            (feed_id,),
        )


def _is_due(feed: Feed, now: datetime) -> bool:
    # Asked in the future: the clock was ahead then, and what was planned by it may be years away.
    planned_wrongly = feed.checked_at is not None and feed.checked_at > now + _JITTER
    return planned_wrongly or feed.next_at is None or feed.next_at <= now


def _feed(row: Row) -> Feed:
    url: str = row["url"]
    values: dict[str, Any] = {
        name: row[name] for name in ("id", "url", "folder", "site_url", "status", "error", "failures")
    }
    return Feed(
        **values,
        title=row["own_title"] or row["title"] or url.split("://")[-1],
        unread=row["unread"],
        total=row["unread"] + row["seen"],
        checked_at=from_text_or_none(row["checked_at"]),
        succeeded_at=from_text_or_none(row["succeeded_at"]),
        next_at=from_text_or_none(row["next_at"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        moved_to=row["moved_to"],
        failing_since=from_text_or_none(row["failing_since"]),
        missed=row["missed"],
        missed_at=from_text_or_none(row["missed_at"]),
        full_at=from_text_or_none(row["full_at"]),
        digest=row["digest"],
    )
