"""Commands about tags: tag and retag."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

import click

from tui_reader.cli.records import tag_record
from tui_reader.cli.session import Session, print_json
from tui_reader.errors import FileError
from tui_reader.model import Tag


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Accepted for symmetry: input and output are JSON Lines always.")
@click.pass_obj
def tag(session: Session, file: TextIO, as_json: bool) -> None:
    """Tag texts that are in no store: JSON lines {id, title, text} in, tags out."""
    from tui_reader.tagging import Tagger

    tagger = Tagger(session.taxonomy())
    for number, line in enumerate(file, 1):
        if line.strip():
            print_json(_tagged(tagger, _read(line, number)))
            sys.stdout.flush()


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def retag(session: Session, dry_run: bool, as_json: bool) -> None:
    """Run the taxonomy over the whole archive. What was tagged by hand stays."""
    from tui_reader.refresh import retag as run
    from tui_reader.tagging import Tagger

    taxonomy = session.taxonomy()
    with session.store() as store:
        ids = store.entries.ids(store.condition(None))
        touched, new, gone = run(store, ids, tagger=Tagger(taxonomy), taxonomy=taxonomy, dry_run=dry_run)
    if as_json:
        print_json({"entries": len(ids), "changed": touched, "new": new, "gone": gone, "dry_run": dry_run})
    else:
        verb = "would change" if dry_run else "changed"
        click.echo(f"{verb} {touched:,} of {len(ids):,} entries: {new:,} tags new, {gone:,} gone")


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
