"""Commands that show entries: list, search, show, count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from tui_reader.cli.querying import QueryCommand
from tui_reader.cli.records import article_record, entry_record, hit_record
from tui_reader.cli.session import Session, print_json
from tui_reader.errors import UsageError
from tui_reader.model import Article, Entry, View, source_of

if TYPE_CHECKING:
    from tui_reader.store import Store

_CHUNK = 200


def _storable(context: click.Context, option: click.Parameter, limit: int | None) -> int | None:
    """SQLite counts to 2^63; nobody has so many entries."""
    return None if limit is None else min(limit, 2**62)


_limited = click.option(
    "--limit", type=click.IntRange(min=0), callback=_storable, help="At most so many; all, if not given."
)


@click.command(name="list", cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@_limited
@click.pass_obj
def list_entries(session: Session, query: tuple[str, ...], as_json: bool, limit: int | None) -> None:
    """Entries that fit a query, newest first."""
    view = session.view(query)
    with session.store() as store:
        _say_what_else(store, view)
        ids = store.entries.ids(store.condition(view.term), limit=limit)
        for some in _chunks(ids):
            for entry in store.entries.rows(some):
                if as_json:
                    print_json(entry_record(entry))
                else:
                    click.echo(_line(entry))


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@_limited
@click.pass_obj
def search(session: Session, query: tuple[str, ...], as_json: bool, limit: int | None) -> None:
    """Entries that fit a query, best first.

    Below each stands the passage that fits.
    """
    view = session.view(query)
    with session.store() as store:
        _say_what_else(store, view)
        ids = store.search.ids(view.term, store.condition(view.term), limit=limit)
        for some in _chunks(ids):
            for hit in store.search.hits(some, view.term):
                if as_json:
                    print_json(hit_record(hit))
                else:
                    click.echo(_line(hit.entry) + (f"\n       {hit.snippet}" if hit.snippet else ""))


@click.command()
@click.argument("entry_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Markdown.")
@click.option("--diff", is_flag=True, help="What changed since it was read, or since the version before.")
@click.pass_obj
def show(session: Session, entry_id: int, as_json: bool, as_markdown: bool, diff: bool) -> None:
    """One article."""
    if as_json and as_markdown:
        raise UsageError("choose one of --json and --markdown")
    if diff and as_markdown:
        raise UsageError("choose one of --diff and --markdown")
    if diff:
        from tui_reader.cli.edits import show_changes

        show_changes(session, entry_id, as_json=as_json)
        return
    with session.store() as store:
        article = store.entries.article(entry_id)
    if as_json:
        print_json(article_record(article))
    elif as_markdown:
        click.echo(_markdown(article), nl=False)
    else:
        entry = article.entry
        when = f"{entry.published_at.astimezone():%Y-%m-%d %H:%M}"
        click.echo(f"{entry.title}\n{entry.feed_title} · {when}\n{entry.url or ''}\n")
        click.echo(article.text)


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.pass_obj
def count(session: Session, query: tuple[str, ...]) -> None:
    """How many entries fit a query: a number."""
    view = session.view(query)
    with session.store() as store:
        click.echo(str(store.entries.count(store.condition(view.term, whole=True))))


def _say_what_else(store: Store, view: View) -> None:
    """On standard error, if the query is understood more widely than it was written."""
    from tui_reader.query import describe

    if told := describe(store.expansions(view.term)):
        click.echo(told, err=True)


def _line(entry: Entry) -> str:
    signs = ("●" if not entry.read else " ") + ("★" if entry.starred else " ")
    title = f"{'└ ' if entry.parent_id else ''}{entry.title or '(no title)'}"
    return f"{entry.id:>6} {signs} {entry.published_at:%Y-%m-%d}  {title}  — {entry.feed_title}"


def _markdown(article: Article) -> str:
    from tui_reader.doc import build_doc
    from tui_reader.export import document_markdown

    return document_markdown(source_of(article.entry), build_doc(article.html))


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    rest = iter(ids)
    while some := list(islice(rest, _CHUNK)):
        yield some
