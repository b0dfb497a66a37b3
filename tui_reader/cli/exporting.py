"""The command `export highlights`, and its way back."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_reader.cli.beside import side_by_side
from tui_reader.cli.querying import QueryCommand
from tui_reader.cli.session import Session, print_json, write_whole
from tui_reader.errors import FileError, ReaderError, UsageError
from tui_reader.model import Highlight

if TYPE_CHECKING:
    from tui_reader.export import By, Preset, Press, Written
    from tui_reader.store import Store
    from tui_reader.vault import Prefer, Pull, Pulled, Value

_BY = ("article", "all", "company", "topic", "day")
_PRESETS = ("obsidian", "logseq")


@click.group(invoke_without_command=True)
@click.option("--show-template", is_flag=True, help="Print the template of the Markdown files.")
@click.option("--preset", type=click.Choice(_PRESETS), help="Whose: obsidian, if the configuration names no other.")
@click.pass_context
def export(context: click.Context, show_template: bool, preset: Preset | None) -> None:
    """Write what you have made to files."""
    if show_template:
        _show_template(context.obj, preset)
        context.exit(0)
    if context.invoked_subcommand is None:
        raise click.exceptions.NoArgsIsHelpError(context)


@export.command(name="highlights", cls=QueryCommand)
@click.argument("query", nargs=-1)
@click.option("--output", type=click.Path(path_type=Path), help="A folder for Markdown, else a file.")
@click.option("--format", "form", type=click.Choice(["markdown", "json", "csv"]), default="markdown", show_default=True)
@click.option("--by", type=click.Choice(_BY), default="article", show_default=True, help="What a Markdown file is.")
@click.option("--preset", type=click.Choice(_PRESETS), help="How the files look; else as the configuration has it.")
@click.option("--template", type=click.Path(path_type=Path), help="A template of your own for them.")
@click.option("--show-template", is_flag=True, help="Print the template of the files, to make your own of.")
@click.option("--pull", is_flag=True, help="Read notes and tags that were edited in the files back; write none.")
@click.option("--sync", is_flag=True, help="First --pull, then export.")
@click.option("--prefer", type=click.Choice(["file", "store"]), help="With --pull: what is right where both changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; of --pull one a line.")
@click.option("--changed", is_flag=True, hidden=True, help="Only articles that the folder has not as they are.")
@click.option("--entries", default="", hidden=True, help="Only of these entries: ids with commas.")
@click.option("--child", is_flag=True, hidden=True, help="Leave the processor to the application.")
@click.pass_obj
def export_highlights(session: Session, /, query: tuple[str, ...], output: Path | None, **options: Any) -> int:
    """Highlights as Markdown (a file an article), W3C annotations or CSV. Doing it again changes nothing.

    Between two marker lines the Markdown files are ours; what you write outside of them is never touched.
    """
    if options["show_template"]:
        _show_template(session, options["preset"])
        return 0
    if output is None:
        raise UsageError("missing option --output: the folder of the Markdown files, or the file")
    _check(options)
    if options["child"]:
        os.nice(10)
    if options["form"] == "markdown":
        return _markdown(session, query, output, options)
    from tui_reader.export import annotation_lines, csv_text

    found = found_highlights(session, query)
    text = csv_text(found) if options["form"] == "csv" else "".join(f"{line}\n" for line in annotation_lines(found))
    write_whole(output, text.encode("utf-8"))
    if options["as_json"]:
        print_json({"highlights": len(found), "files": [str(output)]})
    else:
        click.echo(f"{len(found)} highlights written to {output}")
    return 0


def found_highlights(session: Session, query: tuple[str, ...]) -> tuple[Highlight, ...]:
    view = session.view(query)
    with session.store() as store:
        return store.highlights.all(store.highlight_condition(view.term))


def export_automatically(session: Session, store: Store, entry_ids: Iterable[int]) -> None:
    """After a change to these, if the configuration says so. What goes wrong is told, and undoes nothing."""
    try:
        settings = session.config().export
        if not settings.automatic:
            return
        from tui_reader.vault import export_highlights, whole_articles

        folder = Path(settings.folder).expanduser()
        whole = whole_articles(store, entry_ids)
        written = export_highlights(store, whole, folder, _press(session, store, None, None), by="article")
        problems = list(written.failed)
    except ReaderError as error:
        problems = [str(error)]
    for problem in problems:
        click.echo(f"warning: not exported: {problem}", err=True)


# --- Markdown --------------------------------------------------------------------------------------------------------


def _check(options: dict[str, Any]) -> None:
    plain = options["form"] == "markdown"
    for name in ("pull", "sync", "changed", "template", "preset"):
        if options[name] and not plain:
            raise UsageError(f"--{name} is for Markdown")
    if options["by"] != "article" and not plain:
        raise UsageError("--by is for Markdown")
    if options["prefer"] and not (options["pull"] or options["sync"]):
        raise UsageError("--prefer goes with --pull or --sync")


def _markdown(session: Session, query: tuple[str, ...], output: Path, options: dict[str, Any]) -> int:
    from tui_reader.vault import export_highlights, pull_notes

    by: By = options["by"]
    view = session.view(query)
    if output.exists() and not output.is_dir() and not (by == "all" and output.suffix == ".md"):
        raise FileError(f"{output} is a file: the Markdown export wants a folder")
    folder, file = (output.parent, output.name) if by == "all" and output.suffix == ".md" else (output, "")
    code = 0
    with session.store() as store:
        press = _press(session, store, options["preset"], options["template"])
        if options["pull"] or (options["sync"] and folder.is_dir()):
            chosen = _chosen(store, view.term, folder, options)
            prefer: Prefer | None = options["prefer"]
            pull = pull_notes(store, chosen, folder, press, by=by, file=file, now=session.now, prefer=prefer)
            code = _tell_pull(pull, as_json=options["as_json"])
        if not options["pull"]:
            chosen = _chosen(store, view.term, folder, options)
            written = export_highlights(store, chosen, folder, press, by=by, file=file)
            code = _tell_written(chosen, written, options) or code
    return code


def _chosen(store: Store, term: Any, folder: Path, options: dict[str, Any]) -> list[Highlight]:
    """The highlights that are meant; for files of articles all of each, whichever of them the query found."""
    from tui_reader.vault import stale_entries, whole_articles

    if options["changed"]:
        return whole_articles(store, stale_entries(store, folder))
    if options["entries"]:
        return whole_articles(store, [int(each) for each in options["entries"].split(",") if each.isdigit()])
    found = store.highlights.all(store.highlight_condition(term))
    if options["by"] != "article":
        return list(found)
    return list(found) if term is None else whole_articles(store, (each.entry_id for each in found))


def _press(session: Session, store: Store, preset: Preset | None, template: Path | None) -> Press:
    from tui_reader.export import Press, Style

    settings = session.config().export
    chosen: Any = preset or settings.preset
    # A preset that is asked for is wanted with its own template.
    own = template or (Path(settings.template) if settings.template and preset in (None, settings.preset) else None)
    return Press(Style(chosen, _read_template(own) if own else "", store.tags.names()))


def _read_template(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise FileError(f"cannot read the template {path}: {reason}") from error
    if not text.strip():
        raise FileError(f"the template {path} is empty: `tui-reader export --show-template` prints one to begin with")
    return text


def _show_template(session: Session, preset: Preset | None) -> None:
    from tui_reader.export import template_text

    chosen: Any = preset or session.config().export.preset
    click.echo(template_text(chosen), nl=False)


# --- what came of it -------------------------------------------------------------------------------------------------


def _tell_written(highlights: list[Highlight], written: Written, options: dict[str, Any]) -> int:
    for failure in written.failed:
        click.echo(f"error: {failure}", err=True)
    unplaced = [each for each in highlights if options["by"] in ("company", "topic") and not _has(each, options["by"])]
    if options["as_json"]:
        print_json(
            {
                "highlights": len(highlights),
                "written": written.written,
                "unchanged": written.unchanged,
                "removed": [{"file": each.file, "id": each.id, "quote": each.quote} for each in written.removed],
                "unplaced": [each.id for each in unplaced],
                "failed": list(written.failed),
                "files": [str(path) for path in written.files],
            }
        )
        return 1 if written.failed else 0
    click.echo(f"{len(highlights)} highlights: {written.written} files written, {written.unchanged} unchanged")
    for each in written.removed:
        click.echo(f"  removed from {each.file}: “{each.quote.strip()}”")
    if unplaced:
        click.echo(f"  without a {options['by']}, and so in no file: {', '.join(each.id for each in unplaced)}")
    return 1 if written.failed else 0


def _has(highlight: Highlight, by: str) -> bool:
    return bool(highlight.source.companies if by == "company" else highlight.source.topics)


def _tell_pull(pull: Pull, *, as_json: bool) -> int:
    """→ the exit code: 1 if something has to be decided or could not be read."""
    for failure in pull.failed:
        click.echo(f"error: {failure}", err=True)
    conflicts = [each for each in pull.changes if each.status == "conflict"]
    for each in pull.changes:
        if as_json:
            print_json(_record(each))
        elif each.status == "conflict":
            click.echo(f"conflict: the {each.field} of {each.id} in {each.file}")
            ours = _shown(each.store) if each.store is not None else "(removed)"
            click.echo(side_by_side(("in the reader", ours), ("in the file", _shown(each.in_file))))
    back = [each for each in pull.changes if each.status == "pulled"]
    if not as_json and (back or not conflicts):
        click.echo(_sentence(back))
    if conflicts:
        count = "one was" if len(conflicts) == 1 else f"{len(conflicts)} were"
        click.echo(f"error: {count} changed on both sides: --prefer file or --prefer store decides", err=True)
    return 1 if conflicts or pull.failed else 0


def _sentence(back: list[Pulled]) -> str:
    counts = Counter[str](each.field for each in back)
    parts = [f"{counts['note']} {'note' if counts['note'] == 1 else 'notes'}"] if counts["note"] else []
    for field, name in (("tags", "tags"), ("kind", "kind")):
        if counts[field]:
            parts.append(f"the {name} of {counts[field]} {'highlight' if counts[field] == 1 else 'highlights'}")
    return f"{' and '.join(parts)} read back; u in the app undoes it" if parts else "nothing to read back"


def _record(each: Pulled) -> dict[str, object]:
    return {
        "id": each.id,
        "entry_id": each.entry_id,
        "file": each.file,
        "field": each.field,
        "status": each.status,
        "store": _plain(each.store),
        "in_file": _plain(each.in_file),
        "exported": _plain(each.exported),
    }


def _plain(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value


def _shown(value: Value) -> str:
    return " ".join(f"#{tag}" for tag in value) if isinstance(value, tuple) else value or ""
