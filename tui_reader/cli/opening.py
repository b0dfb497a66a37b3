"""Opening the application: on the reader's own store, or on the demo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_reader.cli.session import Session
from tui_reader.errors import ReaderError

if TYPE_CHECKING:
    from tui_reader.store import Store


def open_app(session: Session) -> int:
    """→ the exit code of the application."""
    _need_terminal()
    config, paths = session.config(), session.paths()
    with session.store(begin=True) as store:
        # Not by whether the file is there: a status bar may have asked it for a count before.
        first_start = store.writable and not store.feeds.had_any()
        if first_start:
            subscribe_bundled(session, store)
        from tui_reader.ui.app import DEMO, ReaderApp
        from tui_reader.ui.background import Commands

        app = ReaderApp(
            store,
            config,
            commands=Commands(session.options(), paths.log),
            first_start=first_start,
            taxonomy=session.own_taxonomy(),
        )
        answer = app.run()
        if store.writable and app.return_code == 0:
            store.end_session(session.now)
    return open_demo(session) if answer == DEMO else app.return_code or 0


def open_demo(session: Session) -> int:
    """The whole application on the bundled sample: in memory, without network."""
    _need_terminal()
    from tui_reader.demo import fill_demo
    from tui_reader.store import open_demo_store
    from tui_reader.ui.app import ReaderApp

    with open_demo_store() as store:
        fill_demo(store, session.now)
        app = ReaderApp(store, session.config(), commands=None)
        app.run()
    return app.return_code or 0


def subscribe_bundled(session: Session, store: Store) -> None:
    """The subscriptions that a first start begins with."""
    from importlib.resources import files

    from tui_reader.opml import read_opml

    bundled = files("tui_reader").joinpath("feeds.opml")
    # In a checkout the file lies at the top, where the wheel takes it from.
    source = bundled if bundled.is_file() else Path(__file__).parents[2] / "feeds.opml"
    feeds, _ = read_opml(source.read_bytes(), name="feeds.opml")
    store.feeds.add(feeds, session.now)


@click.command()
@click.pass_obj
def demo(session: Session) -> int:
    """Open the app on a bundled sample.

    No network is needed, and nothing is written.
    """
    return open_demo(session)


def _need_terminal() -> None:
    # Textual draws on standard error: sent to a file, it would leave a reader before an empty screen.
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        raise ReaderError("the app needs a terminal; `tui-reader --help` lists the commands for scripts")
