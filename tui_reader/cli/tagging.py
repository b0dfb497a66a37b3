"""Commands about tags: tag and retag."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

from tui_reader.cli.records import tag_record
from tui_reader.cli.session import Session, print_json
from tui_reader.errors import FileError
from tui_reader.model import Tag

if TYPE_CHECKING:
    from tui_reader.retag import Change


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Accepted for symmetry: input and output are JSON Lines always.")
@click.pass_obj
def tag(session: Session, file: TextIO, as_json: bool) -> None:
    """Tag texts that are in no store.

    JSON lines {id, title, text} in, tags out. To tag an entry by hand: `mark ID --tag NAME`.
    """
    from tui_reader.tagging import Tagger

    tagger = Tagger(session.taxonomy())
    for number, line in enumerate(file, 1):
        if line.strip():
            print_json(_tagged(tagger, _read(line, number)))
            sys.stdout.flush()


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--all", "everything", is_flag=True, help="Also entries that cannot have changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every entry that changes.")
@click.option("--progress", is_flag=True, help="Before it, a JSON line for each step.")
@click.pass_obj
def retag(session: Session, dry_run: bool, everything: bool, as_json: bool, progress: bool) -> None:
    """Tag what a change of the taxonomy affects.

    What was tagged by hand stays.
    """
    import os

    from tui_reader.retag import plan, save_names, steps
    from tui_reader.tagging import Tagger

    taxonomy = session.taxonomy()
    tagged = 0
    changes: list[Change] = []
    with session.store() as store:
        total = len(store.retagging.ids())
        stale = plan(store, taxonomy, all=everything)
        if not dry_run:
            store.database.check_writable()
            save_names(store, taxonomy)
        for step in steps(store, stale, Tagger(taxonomy), dry_run=dry_run, helpers=min(4, os.cpu_count() or 1)):
            tagged += step.tagged
            changes += step.changes
            if progress:
                print_json({"done": step.done, "of": step.of})
                sys.stdout.flush()
    new, gone = sum(len(each.new) for each in changes), sum(len(each.gone) for each in changes)
    if as_json:
        record = {"entries": total, "tagged": tagged, "changed": len(changes), "new": new, "gone": gone}
        print_json(record | {"dry_run": dry_run, "changes": list(map(_change_record, changes))})
    else:
        verb = "would tag" if dry_run else "tagged"
        click.echo(f"{verb} {tagged:,} of {total:,}, {new:,} new, {gone:,} removed")


def _change_record(change: Change) -> dict[str, Any]:
    return {
        "id": change.entry_id,
        "title": change.title,
        "new": [f"{kind}:{slug}" for kind, slug in change.new],
        "gone": [f"{kind}:{slug}" for kind, slug in change.gone],
    }


def _read(line: str, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FileError(f"line {number} is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise FileError(f"line {number} is not a JSON object")
    return record


def _tagged(tagger: Any, record: dict[str, Any]) -> dict[str, Any]:
    from tui_reader.clean import clean_html, clean_line, clean_text
    from tui_reader.doc import build_doc

    title = clean_line(str(record.get("title") or ""))
    text = clean_text(str(record.get("text") or ""))
    if not text and record.get("html"):
        text = build_doc(clean_html(str(record["html"]), base=str(record.get("url") or ""))).text
    tags: tuple[Tag, ...] = tagger.tag(title, text, feed_title=clean_line(str(record.get("feed") or "")))
    companies = [tag for tag in tags if tag.kind == "company"]
    return {
        "id": record.get("id"),
        "companies": [tag.slug for tag in companies],
        "companies_mentioned": [tag.slug for tag in companies if tag.salience == "mentioned"],
        "topics": [tag.slug for tag in tags if tag.kind == "topic"],
        "evidence": [tag_record(tag) for tag in tags],
    }
