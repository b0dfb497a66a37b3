"""What t and i do on a company or topic of the left pane: follow it more or less, see what it goes together with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from tui_reader.store import Mark, Order, Store, TagCount, Together
from tui_reader.ui.text import cells, fit, number, safe, sparkline

ORDERS: dict[str, tuple[Order, str]] = {
    "u": ("unread", "sort by unread"),
    "a": ("activity", "sort by activity: much more than usual comes first"),
    "n": ("name", "sort by name"),
}


def follow_answers(tag: TagCount, order: Order) -> list[tuple[str, str]]:
    """What can be done with it, by key."""
    pin = "no longer on top" if tag.mark == "pinned" else "pin: keep it on top"
    hide = "show it again" if tag.mark == "hidden" else "hide: only “more” shows it"
    orders = [(key, text) for key, (each, text) in ORDERS.items() if each != order]
    return [("p", pin), ("h", hide), *orders]


def follow(store: Store, tag: TagCount, key: str, now: datetime) -> str:
    """Do it. → the sentence that reports it."""
    if key in ORDERS:
        order, _ = ORDERS[key]
        store.following.sort_by(order)
        return f"companies and topics by {order}"
    wanted: Mark = "pinned" if key == "p" else "hidden"
    off = tag.mark == wanted
    store.following.mark(tag.kind, tag.slug, None if off else wanted, now=now)
    done = {("p", False): "pinned", ("p", True): "no longer pinned", ("h", False): "hidden", ("h", True): "shown again"}
    return f"{tag.name} {done[key, off]} · u undoes"


def together_info(together: Together) -> Content:
    count = together.count
    lines = [
        _row("entries", f"{count.total:,}, {count.unread:,} unread"),
        _row("these days", f"{sparkline(count.days, count.usual)}  {', '.join(map(str, count.days))}"),
        _row("usually", f"{count.usual:.1f} a day"),
        Content(""),
        Content.styled("together with companies", "bold $secondary"),
        *_shares(together.companies, count.total),
        Content(""),
        Content.styled("together with topics", "bold $secondary"),
        *_shares(together.topics, count.total),
    ]
    return Content("\n").join(lines)


def _row(name: str, value: str) -> Content:
    return Content.assemble((fit(name, 14), "$foreground-muted"), safe(value))


def _shares(counts: Sequence[TagCount], total: int) -> list[Content]:
    if not counts:
        return [Content.styled("  none", "$foreground-muted")]
    width = min(36, max(cells(each.name) for each in counts)) + 2
    return [
        Content.assemble(
            f"  {fit(safe(each.name), width)}",
            (f"{number(each.total, 'entry', 'entries'):>12}  {100 * each.total / total:>3.0f} %", "$foreground-muted"),
        )
        for each in counts
    ]
