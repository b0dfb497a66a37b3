"""Commands about highlights: highlight, highlights, export highlights."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from tui_reader.cli.records import highlight_record
from tui_reader.cli.session import Session, print_json, write_whole
from tui_reader.errors import FileError, NotFoundError, UsageError
from tui_reader.model import Article, Highlight, HighlightKind

_KINDS = [kind for kind in get_args(HighlightKind) if kind]


@click.command()
@click.argument("entry_id", metavar="ID", type=int)
@click.option("--quote", required=True, help="The passage, as the article has it.")
@click.option("--note", default="", help="A note, in Markdown.")
@click.option("--kind", type=click.Choice(_KINDS), help="What it is.")
@click.option("--tag", "tags", multiple=True, help="A tag of your own; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def highlight(
    session: Session,
    entry_id: int,
    quote: str,
    note: str,
    kind: HighlightKind | None,
    tags: tuple[str, ...],
    as_json: bool,
) -> None:
    """Highlight a passage of an article. Once this exits with 0 the highlight is on the disk."""
    from tui_reader.clean import clean_line, clean_text

    with session.store() as store:
        article = store.entries.article(entry_id)
        start, end = _passage(article, clean_text(quote))
        made = store.highlights.add(
            article,
            start,
            end,
            now=session.now,
            note=clean_text(note),
            kind=kind or "",
            tags=[clean_line(tag, limit=80) for tag in tags],
        )
    if as_json:
        print_json(highlight_record(made))
    else:
        click.echo(f"highlight {made.id} made")


@click.command()
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def highlights(session: Session, query: tuple[str, ...], as_json: bool) -> None:
    """Highlights that fit a query, newest first."""
    for each in _found(session, query):
        if as_json:
            print_json(highlight_record(each))
        else:
            note = f"\n            {each.note.splitlines()[0]}" if each.note else ""
            click.echo(f"{each.id}  “{each.quote.exact}”{note}\n            — {each.source.title}")


@click.group()
def export() -> None:
    """Write what you have made to files."""


@export.command(name="highlights")
@click.argument("query", nargs=-1)
@click.option("--output", type=click.Path(path_type=Path), required=True, help="A folder for Markdown, else a file.")
@click.option("--format", "form", type=click.Choice(["markdown", "json", "csv"]), default="markdown", show_default=True)
@click.pass_obj
def export_highlights(session: Session, query: tuple[str, ...], output: Path, form: str) -> int:
    """Highlights as Markdown (a file an article), W3C annotations or CSV. Doing it again changes nothing."""
    from tui_reader.export import annotation_lines, csv_text, write_folder

    if form == "markdown":
        with session.store() as store:
            chosen = store.highlights.all(store.highlight_condition(session.view(query).term))
            # A file is an article: it always holds all highlights of it, whichever of them the query found.
            whole = [
                each
                for entry_id in dict.fromkeys(h.entry_id for h in chosen)
                for each in store.highlights.of_entry(entry_id)
            ]
        if output.exists() and not output.is_dir():
            raise FileError(f"{output} is a file: the Markdown export wants a folder")
        written = write_folder(whole, output)
        for failure in written.failed:
            click.echo(f"error: {failure}", err=True)
        click.echo(f"{len(whole)} highlights: {written.written} files written, {written.unchanged} unchanged")
        return 1 if written.failed else 0
    found = _found(session, query)
    text = csv_text(found) if form == "csv" else "".join(f"{line}\n" for line in annotation_lines(found))
    write_whole(output, text.encode("utf-8"))
    click.echo(f"{len(found)} highlights written to {output}")
    return 0


def _found(session: Session, query: tuple[str, ...]) -> tuple[Highlight, ...]:
    view = session.view(query)
    with session.store() as store:
        return store.highlights.all(store.highlight_condition(view.term))


def _passage(article: Article, quote: str) -> tuple[int, int]:
    from tui_reader.anchor import find_quote
    from tui_reader.model import Quote

    wanted = quote.strip()
    if not wanted:
        raise UsageError("the quote is empty")
    start = article.text.find(wanted)
    if start >= 0:
        return start, start + len(wanted)
    found = find_quote(article.text, Quote(wanted, "", "", 0, len(wanted)))
    if found is None:
        raise NotFoundError(
            f"entry {article.entry.id} does not say “{wanted[:60]}”: `show {article.entry.id}` prints its text"
        )
    return found.start, found.end
