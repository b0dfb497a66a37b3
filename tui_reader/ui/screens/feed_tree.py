"""The rows of the left pane, made from the store: views, companies, topics, folders and feeds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tui_reader.fold import bare
from tui_reader.model import Feed, SavedView
from tui_reader.store import Store, TagCount
from tui_reader.ui.text import sparkline
from tui_reader.ui.widgets.feed_rows import FeedRow

SHORT = 8
"""Companies and topics shown before "more" is opened."""

VIEWS = (
    ("All", "", "≡"),
    ("Unread", "is:unread", "●"),
    ("Starred", "is:starred", "★"),
    ("Read later", "is:later", "◷"),
)
HIGHLIGHTS = "highlights"
"""The query of the row that opens the highlights screen."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the pane shows of the store, but for tags and the unread entries of saved views: they take longer."""

    feeds: tuple[Feed, ...] = ()
    starred: int = 0
    later: int = 0
    highlights: int = 0
    saved: tuple[SavedView, ...] = ()

    @property
    def unread(self) -> int:
        return sum(feed.unread for feed in self.feeds)


def count(store: Store) -> Counts:
    return Counts(
        store.feeds.all(),
        starred=store.entries.count_state("starred"),
        later=store.entries.count_state("later"),
        highlights=store.highlights.count(),
        saved=store.views.all(),
    )


def feed_rows(
    counts: Counts,
    tags: dict[str, tuple[TagCount, ...]],
    saved: Mapping[str, int],
    *,
    folded: Collection[str],
    words: str = "",
    named_so: Collection[str] = (),
) -> list[FeedRow]:
    """`saved`: unread entries of the saved views, by their queries.

    `folded` names folders and sections that are shut, and "more:…" those that are opened wholly.
    With `words`, only the rows whose name has them, those that are folded away too; and those whose query is one of
    `named_so`, whatever they are called here.
    """
    if words:
        folded = ("more:company", "more:topic")
    rows = _views(counts)
    rows += [FeedRow("saved", view.name, view.query, saved.get(view.query, 0), sign="◇") for view in counts.saved]
    rows += _tag_rows("company", "Companies", tags.get("company", ()), folded)
    rows += _tag_rows("topic", "Topics", tags.get("topic", ()), folded)
    rows += _folder_rows(counts.feeds, folded)
    if words:
        named = [row for row in rows if row.kind not in ("section", "more")]
        return [row for row in named if bare(words) in bare(row.label) or row.query in named_so]
    return rows


def _views(counts: Counts) -> list[FeedRow]:
    numbers = {
        "": sum(feed.total for feed in counts.feeds),
        "is:unread": counts.unread,
        "is:starred": counts.starred,
        "is:later": counts.later,
    }
    rows = [FeedRow("view", label, query, numbers[query], sign=sign) for label, query, sign in VIEWS]
    return [*rows, FeedRow("view", "Highlights", HIGHLIGHTS, counts.highlights, sign="✎")]


def _tag_rows(kind: str, label: str, counts: Sequence[TagCount], folded: Collection[str]) -> list[FeedRow]:
    if not counts:
        return []
    unfolded = kind not in folded
    rows = [FeedRow("section", label, folds=kind, unfolded=unfolded)]
    if not unfolded:
        return rows
    whole = f"more:{kind}" in folded
    seen = [count for count in counts if count.mark != "hidden"]
    least = max(SHORT, sum(count.mark == "pinned" for count in counts))
    # Opened wholly, the list ends with what the reader has hidden: else nobody could bring it back.
    shown = [*seen, *(count for count in counts if count.mark == "hidden")] if whole else seen[:least]
    rows += map(_tag_row, shown)
    if len(counts) > len(shown) or whole:
        text = "fewer" if whole else f"{len(counts) - len(shown)} more"
        rows.append(FeedRow("more", text, depth=1, sign="…", folds=f"more:{kind}"))
    return rows


_SIGNS = {"pinned": "◆", "hidden": "-"}


def _tag_row(count: TagCount) -> FeedRow:
    return FeedRow(
        "tag",
        count.name,
        f"{count.kind}:{count.slug}",
        count.unread,
        depth=1,
        sign=_SIGNS.get(count.mark, " "),
        spark=sparkline(count.days, count.usual),
    )


def _folder_rows(feeds: Sequence[Feed], folded: Collection[str]) -> list[FeedRow]:
    rows = []
    for folder in dict.fromkeys(feed.folder for feed in feeds):
        inside = [feed for feed in feeds if feed.folder == folder]
        if folder:
            name = f"folder:{folder}"
            unfolded = name not in folded
            query = 'folder:"' + folder.replace('"', "") + '"'
            unread = sum(feed.unread for feed in inside)
            rows.append(FeedRow("folder", folder, query, unread, unfolded=unfolded, folds=name))
            if not unfolded:
                continue
        rows += [_feed_row(feed, depth=1 if folder else 0) for feed in inside]
    return rows


def _feed_row(feed: Feed, *, depth: int) -> FeedRow:
    return FeedRow("feed", feed.title, f"feed:{feed.id}", feed.unread, depth=depth, error=feed.error, feed_id=feed.id)
