"""Commands about highlights: highlight and highlights. `exporting` has those that write files."""

from __future__ import annotations

from datetime import date, datetime
from typing import get_args

import click

from tui_reader.cli.exporting import export_automatically, found_highlights
from tui_reader.cli.querying import QueryCommand
from tui_reader.cli.records import highlight_record
from tui_reader.cli.session import Session, print_json
from tui_reader.errors import NotFoundError, UsageError
from tui_reader.model import Article, HighlightKind

_KINDS = [kind for kind in get_args(HighlightKind) if kind]


@click.command()
@click.argument("entry_id", metavar="ID", type=int)
@click.option("--quote", required=True, help="The passage, as the article has it.")
@click.option("--note", default="", help="A note, in Markdown.")
@click.option("--kind", type=click.Choice(_KINDS), help="What it is.")
@click.option("--check-by", metavar="DAY", help="A claim, to be checked by that day: 2027-03-31, 2027, 6w.")
@click.option("--tag", "tags", multiple=True, help="A tag of your own; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def highlight(
    session: Session,
    entry_id: int,
    quote: str,
    note: str,
    kind: HighlightKind | None,
    check_by: str | None,
    tags: tuple[str, ...],
    as_json: bool,
) -> None:
    """Highlight a passage of an article. Once this exits with 0 the highlight is on the disk."""
    from tui_reader.clean import clean_line, clean_text

    if check_by and kind not in (None, "claim"):
        raise UsageError("--check-by is for claims")
    day = _day(check_by, session.now) if check_by else None
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
            check_by=day,
            tags=[clean_line(tag, limit=80) for tag in tags],
        )
        export_automatically(session, store, [entry_id])
    if as_json:
        print_json(highlight_record(made))
    else:
        click.echo(f"highlight {made.id} made")


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def highlights(session: Session, query: tuple[str, ...], as_json: bool) -> None:
    """Highlights that fit a query, newest first."""
    for each in found_highlights(session, query):
        if as_json:
            print_json(highlight_record(each))
        else:
            note = f"\n            {each.note.splitlines()[0]}" if each.note else ""
            click.echo(f"{each.id}  “{each.quote.exact}”{note}\n            — {each.source.title}")


def _day(text: str, now: datetime) -> date:
    from tui_reader.query import DAY_FORMS, parse_day

    try:
        return parse_day(text, now=now)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--check-by {text}: expected {DAY_FORMS}") from error


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
