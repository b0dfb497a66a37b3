"""Commands that look after the files: doctor and backup."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui_reader.cli.session import Session, print_json
from tui_reader.errors import ConfigError, FileError, ReaderError, StoreCorruptError

if TYPE_CHECKING:
    from tui_reader.store import Store

TELLS_MORE = "; `tui-reader doctor` tells more"
"""How errors about a damaged file end; not where it is the doctor who speaks."""

READ_ONLY = "the file, or its folder, is read-only: all can be read, nothing changed"
NO_LOG = "this disk allows no write-ahead log: all is as safe, but while one program writes the others wait"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--repair", is_flag=True, help="Make the search index anew; save what can be read of a damaged database.")
@click.pass_obj
def doctor(session: Session, as_json: bool, repair: bool) -> int:
    """Say whether all is sound, or what is wrong.

    Looked at are the database, the search index, the taxonomy and the configuration.
    """
    problems = [*_config_problems(session), *_taxonomy_problems(session)]
    done: tuple[str, ...] = ()
    due, notes = {"entries": 0, "bytes": 0}, list[str]()
    try:
        done = _repair(session) if repair else ()
        with session.store() as store:
            problems += [{"what": each.what, "remedy": each.remedy} for each in store.check()]
            due = _due(session, store)
            notes += _limits(store)
            notes += _saveable(session) if store.damage() else []
    except ReaderError as error:
        problems.append({"what": str(error).removesuffix(TELLS_MORE), "remedy": _remedy(error, repair=repair)})
        notes += _saveable(session) if isinstance(error, StoreCorruptError) else []
    if as_json:
        print_json({"ok": not problems, "problems": problems, "repaired": list(done), "due": due, "notes": notes})
    else:
        _print_report(problems, done, due, notes)
    return 1 if problems else 0


def _limits(store: Store) -> list[str]:
    if not store.writable:
        return [READ_ONLY]
    return [] if store.database.has_log else [NO_LOG]


def _print_report(
    problems: Sequence[dict[str, str]], done: Sequence[str], due: dict[str, int], notes: Sequence[str]
) -> None:
    for line in done:
        click.echo(line)
    for problem in problems:
        click.echo(f"problem: {problem['what']}" + (f" → {problem['remedy']}" if problem["remedy"] else ""))
    for note in notes:
        click.echo(f"note: {note}")
    if due["entries"]:
        size = due["bytes"] / 1e6
        click.echo(f"the [keep] rules remove {due['entries']:,} entries ({size:.1f} MB) after the next refresh")
    if not problems:
        click.echo("ok")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(session: Session, file: Path) -> None:
    """A copy of the database, while others write.

    It replaces an earlier one, and no file that is no database.
    """
    database = session.paths().database
    if file.exists() and database.exists() and file.samefile(database):
        raise FileError(f"{file} is the database itself")
    if not _may_be_replaced(file):
        raise FileError(f"{file} is no database: it is left as it is")
    with session.store() as store:
        store.database.backup(file)
    click.echo(f"copied to {file}")


def _may_be_replaced(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_SQLITE)) in (b"", _SQLITE)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise FileError(f"cannot write {file}: {error.strerror}") from error


_SQLITE = b"SQLite format 3\0"
"""How every database of SQLite begins."""


def _repair(session: Session) -> tuple[str, ...]:
    """→ what was done: a sound file gets its index anew, a damaged one is left aside for a new one."""
    from tui_reader.store import salvage

    try:
        with session.store() as store:
            if not store.damage():
                return store.repair()
    except StoreCorruptError:
        pass  # Too damaged to open is what `salvage` is for.
    saved = salvage(session.paths().database, session.now)
    with session.store() as store:
        return (*saved, *store.repair())


def _due(session: Session, store: Store) -> dict[str, int]:
    """What the rules of retention would remove now."""
    try:
        ids = store.retention.due(session.rules(), session.now)
    except ConfigError:
        return {"entries": 0, "bytes": 0}  # It is among the problems already.
    return {"entries": len(ids), "bytes": store.retention.size(ids)}


def _saveable(session: Session) -> list[str]:
    from tui_reader.store import saveable

    try:
        return [f"`tui-reader doctor --repair` can save {saveable(session.paths().database)}"]
    except ReaderError as error:
        return [str(error)]


def _remedy(error: ReaderError, *, repair: bool) -> str:
    if isinstance(error, StoreCorruptError) and not repair:
        return "`tui-reader doctor --repair` saves what can be read; or restore a backup"
    return "nothing was changed"


def _config_problems(session: Session) -> list[dict[str, str]]:
    from tui_reader.config import check_config

    file = session.paths().config
    mistakes = list(check_config(file))
    if not mistakes:
        from tui_reader.ui.keys import key_mistakes
        from tui_reader.ui.themes import theme_mistakes

        config = session.config()
        found = [*key_mistakes(config.keys), *theme_mistakes(config.ui.theme)]
        mistakes += [f"{file.name}: {mistake}" for mistake in found]
    return [{"what": mistake, "remedy": "edit the file"} for mistake in mistakes]


def _taxonomy_problems(session: Session) -> list[dict[str, str]]:
    try:
        session.taxonomy()
    except ReaderError as error:
        return [{"what": str(error), "remedy": "edit the file"}]
    return []
