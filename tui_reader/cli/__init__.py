"""The command line: one thin function a command. Every failure is one line `error: …` and an exit code.

0 is done, 1 failed, 2 wrong usage. Commands import what they need when they run, so that a status bar can ask for a
count without waiting for Textual, httpx or feedparser.
"""

from __future__ import annotations

import contextlib
import errno
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tui_reader.cli.care import backup, doctor
from tui_reader.cli.exporting import export
from tui_reader.cli.highlighting import highlight, highlights
from tui_reader.cli.importing import import_highlights
from tui_reader.cli.marking import mark, redo, undo
from tui_reader.cli.muting import mute, unmute
from tui_reader.cli.opening import demo, open_app
from tui_reader.cli.reading import count, list_entries, search, show
from tui_reader.cli.session import Session
from tui_reader.cli.splitting import split
from tui_reader.cli.streams import drop_output, open_streams
from tui_reader.cli.subscribing import add, export_opml, feeds, import_opml, refresh, unsubscribe
from tui_reader.cli.tagging import retag, tag
from tui_reader.cli.texts import extract
from tui_reader.errors import QueryError, ReaderError, UsageError

_NO_ROOM = (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT)


def run(words: Sequence[str]) -> int:
    """→ the exit code. Nothing but bugs is raised."""
    open_streams()
    try:
        code = tui_reader.main(args=list(words), prog_name="tui-reader", standalone_mode=False)
        sys.stdout.flush()
    except (click.ClickException, ReaderError) as error:
        return _told(error)
    except (KeyboardInterrupt, click.Abort):
        return _fail("interrupted", 130)
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has enough, which click says by the second one.
        drop_output()
        return 0
    except OSError as error:
        # The other doors of the disk have names for what fails; what is left is our own output, sent to a file.
        if error.errno not in _NO_ROOM:
            raise
        drop_output()
        return _fail(f"cannot write the output: {error.strerror}", 1)
    return code if isinstance(code, int) else 0


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--db", type=click.Path(path_type=Path, dir_okay=False), help="The database (also TUI_READER_DB).")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="config.toml (also TUI_READER_CONFIG).")
@click.version_option(package_name="tui-reader", message="%(prog)s %(version)s")
@click.pass_context
def tui_reader(context: click.Context, db: Path | None, config: Path | None) -> None:
    """A terminal news reader with tags that say why and highlights that last. Without a command it opens."""
    context.obj = Session(db, config)
    if context.invoked_subcommand is None:
        context.exit(open_app(context.obj))


for command in (
    add, unsubscribe, import_opml, export_opml, feeds, refresh, list_entries, search, show, count, extract, mark,
    mute, unmute, split, tag, retag, undo, redo, highlight, highlights, export, import_highlights, doctor, backup, demo,
):  # fmt: skip
    tui_reader.add_command(command)


def pointer(query: str, offset: int) -> str:
    """Two lines: the query, or the part of it around the mistake, and a caret under the character."""
    from unicodedata import east_asian_width

    start = max(0, offset - 40)
    shown = "".join(char if char.isprintable() else " " for char in query[start : offset + 30])
    width = sum(2 if east_asian_width(char) in "WF" else 1 for char in shown[: offset - start])
    lead = "  …" if start else "  "
    return f"{lead}{shown}\n{' ' * (len(lead) + width)}^"


def _told(error: click.ClickException | ReaderError) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return 2
    if isinstance(error, click.ClickException):
        return _fail(error.format_message(), 2)
    if isinstance(error, UsageError):
        return _fail(str(error), 2, query_error=error if isinstance(error, QueryError) else None)
    return _fail(str(error), 1)


def _fail(message: str, code: int, *, query_error: QueryError | None = None) -> int:
    from tui_reader.clean import clean_line

    # Where nobody listens the exit code says it all the same.
    with contextlib.suppress(OSError):
        click.echo(f"error: {clean_line(message, limit=500)}", err=True)
        # For people only: scripts get the one line that they expect.
        if query_error and query_error.query and sys.stderr.isatty():
            click.echo(pointer(query_error.query, query_error.offset), err=True)
    return code
