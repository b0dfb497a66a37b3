"""The following drawer: how much there is about companies and topics, day by day, and which the reader follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from .database import Database
from .journal import Journal, row_change
from .naming import tag_name
from .tags import TagCount, Tags

DAYS = 7
"""Days that are shown, today the last."""

USUAL_DAYS = 28
"""Days before these whose mean is the usual level."""

Order = Literal["unread", "activity", "name"]
Mark = Literal["pinned", "hidden"]


@dataclass(frozen=True, slots=True)
class Together:
    """What else the entries of a company or topic are about."""

    count: TagCount
    companies: tuple[TagCount, ...]
    topics: tuple[TagCount, ...]


class Following:
    def __init__(self, database: Database, journal: Journal, tags: Tags) -> None:
        self._database = database
        self._journal = journal
        self._tags = tags

    def counts(self, kind: str, now: datetime) -> tuple[TagCount, ...]:
        """All tags of a kind, in the reader's order, with their days. It walks all tags: not for the screen's loop."""
        days = self._days(kind, now)
        marks = self._marks(kind)
        counts = [
            replace(
                each,
                days=tuple(days.get(each.slug, {}).get(ago, 0) for ago in reversed(range(DAYS))),
                usual=sum(n for ago, n in days.get(each.slug, {}).items() if ago >= DAYS) / USUAL_DAYS,
                mark=marks.get(each.slug, ""),
            )
            for each in self._tags.counts(kind)
        ]
        return _ordered(counts, self.order)

    def together(self, kind: str, slug: str, now: datetime) -> Together | None:
        """None for what no entry has. Not for the screen's loop either."""
        count = next((each for each in self.counts(kind, now) if each.slug == slug), None)
        if count is None:
            return None
        rows = self._database.rows(
            "SELECT other.kind, other.slug, coalesce(name, other.slug) AS name, sum(read = 0) AS unread, "
            "count(*) AS total FROM tags JOIN tags AS other ON other.entry_id = tags.entry_id AND other.vetoed = 0 "
            "JOIN states ON states.entry_id = tags.entry_id AND swept = 0 AND split = 0 "
            "LEFT JOIN tag_names AS names ON names.kind = other.kind AND names.slug = other.slug "
            "WHERE tags.kind = ? AND tags.slug = ? AND tags.vetoed = 0 AND other.kind != 'label' "
            "AND (other.kind, other.slug) != (?, ?) GROUP BY other.kind, other.slug ORDER BY total DESC, name",
            (kind, slug, kind, slug),
        )
        others = [TagCount(row["kind"], row["slug"], row["name"], row["unread"], row["total"]) for row in rows]
        companies, topics = (tuple(each for each in others if each.kind == of)[:8] for of in ("company", "topic"))
        return Together(count, companies, topics)

    @property
    def order(self) -> Order:
        """By what companies and topics are sorted."""
        found = self._database.value("SELECT value FROM meta WHERE key = 'tag_order'")
        return found if found in ("activity", "name") else "unread"

    def sort_by(self, order: Order) -> None:
        with self._database.writing():
            self._database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('tag_order', ?)", (order,))

    def mark(self, kind: str, slug: str, mark: Mark | None, *, now: datetime) -> None:
        """Keep it on top or out of sight; None is neither. Undoable."""
        old = self._marks(kind).get(slug)
        if old == mark:
            return
        change = row_change(
            "tag_marks",
            {"kind": kind, "slug": slug},
            old={"mark": old} if old else None,
            new={"mark": mark} if mark else None,
        )
        did = {"pinned": "pinned", "hidden": "hid", None: "no longer pinned or hidden:"}[mark]
        self._journal.do(
            [change], action="follow", description=f"{did} {tag_name(self._database, kind, slug)}", now=now
        )

    def _marks(self, kind: str) -> dict[str, str]:
        rows = self._database.rows("SELECT slug, mark FROM tag_marks WHERE kind = ?", (kind,))
        return {row["slug"]: row["mark"] for row in rows}

    def _days(self, kind: str, now: datetime) -> dict[str, dict[int, int]]:
        """slug → days ago → entries."""
        today = now.astimezone(UTC).date()
        found: dict[str, dict[int, int]] = {}
        for row in self._database.rows(
            "SELECT slug, substr(sorted_at, 1, 10) AS day, count(*) AS entries FROM tags "
            "JOIN states ON states.entry_id = tags.entry_id AND swept = 0 AND split = 0 "
            "WHERE kind = ? AND vetoed = 0 AND sorted_at >= ? GROUP BY slug, day",
            (kind, (today - timedelta(days=DAYS + USUAL_DAYS - 1)).isoformat()),
        ):
            ago = (today - datetime.fromisoformat(row["day"]).date()).days
            # Feeds that are ahead of the clock speak of today.
            days = found.setdefault(row["slug"], {})
            days[max(0, ago)] = days.get(max(0, ago), 0) + row["entries"]
        return found


def _ordered(counts: Iterable[TagCount], order: Order) -> tuple[TagCount, ...]:
    """Pinned ones first."""

    def by(each: TagCount) -> tuple[float, ...] | tuple[str, ...]:
        if order == "name":
            return (each.name.casefold(),)
        return (-each.activity, -each.total) if order == "activity" else (-each.unread, -each.total)

    # Twice, because both sorts keep the order of equals.
    return tuple(sorted(sorted(counts, key=by), key=lambda each: each.mark != "pinned"))
