"""The command `import-highlights`."""

from __future__ import annotations

from pathlib import Path

import click

from tui_reader.cli.exporting import export_automatically
from tui_reader.cli.session import Session, print_json
from tui_reader.errors import FileError

_FORMS = ("readwise", "hypothesis", "kindle")


@click.command(name="import-highlights")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMS), help="What wrote the file; told from it, if not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def import_highlights(session: Session, file: Path, form: str | None, as_json: bool) -> None:
    """Take over what you highlighted elsewhere.

    From Readwise's CSV, JSON of Hypothesis or W3C annotations, or a Kindle's My Clippings.txt. Each highlight is tied
    to its article, by address or by title and quote; those whose article is not here keep their own words. The same
    file again adds nothing.
    """
    from tui_reader.clippings import read_clippings

    try:
        data = file.read_bytes()
    except OSError as error:
        raise FileError(f"cannot read {file}: {error.strerror}") from error
    found, skipped = read_clippings(data, name=file.name, form=form)  # type: ignore[arg-type]
    with session.store(begin=True) as store:
        done = store.imports.add(found, now=session.now)
        if done.added:
            export_automatically(session, store, (each.entry_id for each in done.added))
    orphans = sum(each.state == "orphan" for each in done.added)
    if as_json:
        print_json(
            {
                "added": len(done.added),
                "matched": len(done.added) - orphans,
                "orphans": orphans,
                "known": done.known,
                "removed": done.removed,
                "skipped": [{"reason": reason} for reason in skipped],
                "ids": [each.id for each in done.added],
            }
        )
        return
    alone = f", {orphans} of them without their article" if orphans else ""
    click.echo(f"{len(done.added)} added{alone}; {done.known} known already")
    if done.removed:
        click.echo(f"  {done.removed} left out: you have removed them here")
    for reason in skipped[:20]:
        click.echo(f"  skipped: {reason}")
    if len(skipped) > 20:
        click.echo(f"  and {len(skipped) - 20} more")
