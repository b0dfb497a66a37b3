"""The left pane's rows: views, companies and topics, folders with their feeds; each row is a query with a count."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from tui_reader.ui.text import Piece, cells, fit, safe


@dataclass(frozen=True, slots=True)
class FeedRow:
    kind: Literal["view", "saved", "section", "folder", "feed", "tag", "more"]
    label: str
    query: str = ""
    """What the row shows when opened; sections and "more" only fold."""
    count: int = 0
    depth: int = 0
    unfolded: bool | None = None
    """None if there is nothing to fold."""
    sign: str = " "
    error: str = ""
    feed_id: int = 0
    folds: str = ""
    """The name of what this row folds; "" if nothing."""
    spark: str = ""
    """The last days, today's at its end; as many of them are drawn as there is room for."""


class FeedRows:
    height = 1

    def __init__(self, rows: Sequence[FeedRow]) -> None:
        self.rows = tuple(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, index: int) -> Hashable:
        row = self.rows[index]
        # Two saved views may have one query.
        return (row.kind, row.query, row.folds, row.feed_id, row.label if row.kind == "saved" else "")

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        row = self.rows[index]
        fold = {None: row.sign, True: "▾", False: "▸"}[row.unfolded]
        lead = "  " * row.depth + (f"{fold} " if fold.strip() or not row.depth else "")
        count = f" {row.count:,}" if row.count else ""
        if row.error:
            count = " !" + count
        spark = _spark(row, width - cells(lead) - cells(count))
        room = max(1, width - cells(lead) - cells(spark) - cells(count))
        style = _style(row)
        pieces: list[Piece] = [
            (lead, "mark" if row.kind in ("view", "saved") else "dim"),
            (fit(safe(row.label), room), style),
        ]
        pieces.append((spark, "dim"))
        pieces.append((count, "error" if row.error else "count"))
        return (tuple(pieces),)


_FEWEST = 4
"""Days; fewer tell nothing."""


def _spark(row: FeedRow, room: int) -> str:
    """As many days as the whole name leaves room for; none where nothing came in all of them."""
    days = min(len(row.spark), room - cells(safe(row.label)) - 1)
    return f" {row.spark[-days:]}" if days >= _FEWEST and row.spark.strip("·") else ""


def _style(row: FeedRow) -> str:
    if row.kind in ("section", "folder"):
        return "section"
    if row.kind == "more":
        return "dim"
    return "unread" if row.count else "plain"
