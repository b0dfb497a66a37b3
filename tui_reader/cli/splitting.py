"""The command that splits issues of newsletters into their stories, and joins them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui_reader.cli.session import Session
from tui_reader.errors import ReaderError

if TYPE_CHECKING:
    from tui_reader.store import Store


@click.command()
@click.argument("ids", metavar="ID…", type=int, nargs=-1, required=True)
@click.option("--join", is_flag=True, help="Put the stories together again.")
@click.pass_obj
def split(session: Session, ids: tuple[int, ...], join: bool) -> None:
    """Split newsletters into their stories.

    The feed's coming issues follow. `undo` takes it back.
    """
    with session.store() as store, store.one_step(session.now):
        issues = tuple(dict.fromkeys(store.stories.issue_of(store.entries.article(each).entry.id) for each in ids))
        done = _join(session, store, issues) if join else _split(session, store, issues)
    for line in done:
        click.echo(line)


def _join(session: Session, store: Store, issues: Sequence[int]) -> list[str]:
    for issue in issues:
        if not store.stories.is_split(issue):
            raise ReaderError(f"entry {issue} is whole already")
        store.stories.join(issue, session.now)
    return [f"{len(issues)} joined"]


def _split(session: Session, store: Store, issues: Sequence[int]) -> list[str]:
    from tui_reader.refresh import split_issue
    from tui_reader.tagging import Tagger

    taxonomy = session.taxonomy()
    tagger = Tagger(taxonomy)
    done = []
    for issue in issues:
        count = split_issue(store, issue, tagger=tagger, taxonomy=taxonomy, now=session.now)
        if not count:
            raise ReaderError(f"entry {issue} does not tell several stories")
        done.append(f"{issue}: {count} stories")
    return done
