"""The reader's own taxonomy, watched: what a changed file would change is shown before it is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_reader.ui.background import Commands
from tui_reader.ui.keys import QUIT
from tui_reader.ui.text import number, safe
from tui_reader.ui.widgets.scroller import Scroller
from tui_reader.ui.widgets.status_line import StatusLine

SHOWN = 500
"""Changed entries that are listed."""


class TaxonomyWatch:
    def __init__(
        self,
        app: App[Any],
        path: Path,
        commands: Commands,
        *,
        status: Callable[[], StatusLine],
        done: Callable[[], None],
    ) -> None:
        """`done` is called when tags have changed."""
        self._app = app
        self._path = path
        self._commands = commands
        self._status = status
        self._done = done
        self._seen = self._stamp()
        self._busy = False

    def look(self) -> None:
        """Cheap: for a timer. A file that changes while another change is being dealt with is looked at after."""
        stamp = self._stamp()
        if stamp != self._seen and not self._busy:
            self._seen = stamp
            self._busy = True
            self._app.run_worker(self._ask(), group="taxonomy")

    def _stamp(self) -> tuple[int, int]:
        try:
            stat = self._path.stat()
        except OSError:
            return (0, 0)
        return (stat.st_mtime_ns, stat.st_size)

    async def _ask(self) -> None:
        self._status().show_progress("trying taxonomy.toml …")
        code, out, err = await self._commands.run("retag", "--dry-run", "--json")
        self._status().show_progress("")
        if code:
            told = (err.strip().splitlines() or ["retag failed"])[-1].removeprefix("error: ")
            self._status().say(told.replace(str(self._path), self._path.name))
            self._busy = False
            return
        found: dict[str, Any] = json.loads(out.splitlines()[-1])

        def answered(wanted: bool | None) -> None:
            if wanted or not found["changed"]:
                self._app.run_worker(self._retag(), group="taxonomy")
            else:
                self._status().say("nothing was changed yet: the next refresh will; or run tui-reader retag")
                self._busy = False

        if found["changed"]:
            self._app.push_screen(RetagDialog(found), answered)
        else:
            answered(True)

    async def _retag(self) -> None:
        def on_line(line: Mapping[str, Any]) -> None:
            if "done" in line:
                self._status().show_progress(f"tagging {line['done']:,}/{line['of']:,}")

        code, error = await self._commands.lines("retag", "--progress", on_line=on_line)
        self._status().show_progress("")
        self._status().say(error if code else "the archive is tagged by your taxonomy.toml")
        self._busy = False
        self._done()


class RetagDialog(ModalScreen[bool]):
    """What would change, to scroll through. Dismisses with True to do it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "dismiss(True)", show=False),
        Binding("escape,q", "dismiss(False)", show=False),
        QUIT,
    ]

    def __init__(self, found: Mapping[str, Any]) -> None:
        super().__init__()
        self._found = found

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with Scroller(classes="dialog-body"):
                yield Static(Content.styled("taxonomy.toml has changed", "bold"), classes="dialog-title")
                yield Static(Content(retag_summary(self._found)))
                yield Static(_change_lines(self._found["changes"]))
            yield Static(
                Content.styled("enter do it · esc not now · j k scroll", "$foreground-muted"), classes="dialog-keys"
            )


def retag_summary(found: Mapping[str, Any]) -> str:
    return (
        f"would tag {found['tagged']:,} of {found['entries']:,}, "
        f"{found['new']:,} new, {found['gone']:,} removed, in {number(found['changed'], 'entry', 'entries')}"
    )


def _change_lines(changes: Sequence[Mapping[str, Any]]) -> Content:
    lines = [Content("")]
    for change in changes[:SHOWN]:
        lines.append(Content(safe(change["title"]) or "(no title)"))
        lines += [Content.styled(f"  + {safe(tag)}", "$success") for tag in change["new"]]
        lines += [Content.styled(f"  − {safe(tag)}", "$error") for tag in change["gone"]]
    if len(changes) > SHOWN:
        lines.append(Content.styled(f"and {len(changes) - SHOWN:,} more", "$foreground-muted"))
    return Content("\n").join(lines)
