"""What t and i do on a company or topic of the left pane: follow it more or less, see what it goes together with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from textual.content import Content
from textual.screen import Screen

from tui_reader.store import Mark, Order, Store, TagCount, Together
from tui_reader.ui.background import BackgroundStore
from tui_reader.ui.screens.dialogs import Choice, TextDialog
from tui_reader.ui.text import cells, fit, number, safe, sparkline

ORDERS: dict[str, tuple[Order, str]] = {
    "u": ("unread", "sort by unread"),
    "a": ("activity", "sort by activity: much more than usual comes first"),
    "n": ("name", "sort by name"),
}


class Following:
    def __init__(
        self,
        screen: Screen[None],
        store: Store,
        background: BackgroundStore,
        *,
        now: Callable[[], datetime],
        do: Callable[[Callable[[], str]], None],
        say: Callable[[str], None],
    ) -> None:
        """`do` runs a deed and reports it."""
        self._screen = screen
        self._store = store
        self._background = background
        self._now = now
        self._do = do
        self._say = say

    def ask(self, tag: TagCount | None) -> None:
        """What to do with a company or topic."""
        if tag is None:
            self._say("t pins, hides and sorts companies and topics: put the cursor on one")
            return

        def answered(key: str | None) -> None:
            if key:
                self._do(lambda: _follow(self._store, tag, key, self._now()))

        answers = _answers(tag, self._store.following.order)
        self._screen.app.push_screen(Choice(f"{tag.name}: {tag.kind}", answers), answered)

    async def show_together(self, tag: TagCount) -> None:
        now = self._now()
        together = await self._background.run(lambda store: store.following.together(tag.kind, tag.slug, now))
        if together is not None:
            self._screen.app.push_screen(TextDialog(tag.name, _together_info(together)))


def _answers(tag: TagCount, order: Order) -> list[tuple[str, str]]:
    """What can be done with it, by key."""
    pin = "no longer on top" if tag.mark == "pinned" else "pin: keep it on top"
    hide = "show it again" if tag.mark == "hidden" else "hide: only “more” shows it"
    orders = [(key, text) for key, (each, text) in ORDERS.items() if each != order]
    return [("p", pin), ("h", hide), *orders]


def _follow(store: Store, tag: TagCount, key: str, now: datetime) -> str:
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


def _together_info(together: Together) -> Content:
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
