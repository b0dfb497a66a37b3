"""Commands that do to entries what keys do in the app, and that take it back: mark, undo, redo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import click

from tui_reader.cli.exporting import export_automatically
from tui_reader.cli.session import Session, print_json
from tui_reader.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from tui_reader.store import Store

_LONGEST = 60
"""Characters of a label, as in the app."""

_WHAT = {"company": "a company", "topic": "a topic", "label": "a tag of your own"}


@click.command()
@click.argument("ids", metavar="ID…", type=int, nargs=-1, required=True)
@click.option("--read/--unread", "read", default=None, help="Mark as read, or as unread.")
@click.option("--star/--unstar", "starred", default=None, help="Star, or take the star away.")
@click.option("--later/--not-later", "later", default=None, help="Put on the read-later list, or take off it.")
@click.option("--tag", "given", metavar="NAME", multiple=True, help="A company, a topic or a tag of your own.")
@click.option("--untag", "taken", metavar="NAME", multiple=True, help="“Not this”: it does not come back.")
@click.pass_obj
def mark(
    session: Session, /, ids: tuple[int, ...], given: tuple[str, ...], taken: tuple[str, ...], **states: Any
) -> None:
    """Mark, star and tag entries.

    A tag is named by its slug or by any name that the taxonomy knows (moonshot-ai, 月之暗面, export-controls); another
    name is a tag of your own. `company:`, `topic:` or `tag:` before it says which it is. Tags by hand win over the
    machine's, for good. All of it is one step: `undo` takes it back, as `u` in the app does.
    """
    wanted: dict[Any, bool] = {field: value for field, value in states.items() if value is not None}
    if not (wanted or given or taken):
        raise UsageError("say what: --read, --unread, --star, --unstar, --later, --not-later, --tag NAME, --untag NAME")
    now = session.now
    with session.store() as store, store.one_step(now) as step:
        for field, value in wanted.items():
            store.entries.mark(ids, field, value=value, now=now)
        told = [*_give(store, ids, given, now), *_take_away(store, ids, taken, now)]
    click.echo(f"{len(step.entry_ids)} changed")
    for line in told:
        click.echo(line)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def undo(session: Session, as_json: bool) -> None:
    """Take back what was done last, here or in the app.

    Again: what was done before that. Reading an article is passed over, as `u` in the app does.
    """
    _turn(session, "undo", as_json=as_json)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def redo(session: Session, as_json: bool) -> None:
    """Do again what `undo` took back last.

    Not if something else was done since.
    """
    _turn(session, "redo", as_json=as_json)


def _turn(session: Session, verb: Literal["undo", "redo"], *, as_json: bool) -> None:
    with session.store() as store:
        before = store.journal.last()
        done = store.undo(session.now) if verb == "undo" else store.redo(session.now)
        if done is None:
            raise NotFoundError(f"nothing to {verb}")
        if store.journal.touched_highlights(before):
            export_automatically(session, store, done.entry_ids)
    if as_json:
        print_json({"did": done.description, "entries": list(done.entry_ids)})
    else:
        click.echo(f"{'undid' if verb == 'undo' else 'did again'}: {done.description}")


# --- tags ------------------------------------------------------------------------------------------------------------


def _give(store: Store, ids: Sequence[int], names: Iterable[str], now: datetime) -> Iterator[str]:
    """→ what each name was taken for."""
    for name in names:
        kind, slug = _tag(store, name)
        new = kind == "label" and slug not in store.tags.labels()
        changed = store.tags.give(ids, kind, slug, now=now)
        what = "a new tag of your own" if new else _WHAT[kind]
        yield f"tagged with {store.tags.name(kind, slug)} ({what}){'' if changed else ' already'}"


def _take_away(store: Store, ids: Sequence[int], names: Iterable[str], now: datetime) -> Iterator[str]:
    for name in names:
        kind, slug = _tag(store, name)
        if kind == "label" and slug not in store.tags.labels():
            raise NotFoundError(f"no tag '{name[:_LONGEST]}': `show ID --json` lists those of an entry")
        store.tags.take_away(ids, kind, slug, now=now)
        lasting = "" if kind == "label" else ", and it will not come back"
        yield f"no longer tagged with {store.tags.name(kind, slug)} ({_WHAT[kind]}){lasting}"


def _tag(store: Store, name: str) -> tuple[str, str]:
    from tui_reader.clean import clean_line

    return store.aliases.tag(clean_line(name, limit=_LONGEST))
