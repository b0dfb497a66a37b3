"""What `show --diff` prints: how an article was changed since it was read, or since the version before."""

from __future__ import annotations

import click

from tui_reader.changes import Part, base_of, compare
from tui_reader.cli.session import Session, print_json
from tui_reader.model import Version

_SIGNS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
"""As `git diff --word-diff` has them."""


def show_changes(session: Session, entry_id: int, *, as_json: bool) -> None:
    """Raises NotFoundError."""
    with session.store() as store:
        entry = store.entries.article(entry_id).entry
        versions = store.versions.of(entry_id)
    old, new = base_of(versions), versions[-1]
    title = compare(old.title, new.title) if old else ()
    text = compare(old.text, new.text) if old else ()
    if as_json:
        print_json(
            {
                "id": entry_id,
                "title": entry.title,
                "changed": entry.changed,
                "versions": len(versions),
                "from": _record(old) if old else None,
                "to": _record(new),
                "title_changes": [{"kind": part.kind, "text": part.text} for part in title],
                "changes": [{"kind": part.kind, "text": part.text} for part in text],
            }
        )
    elif old is None:
        click.echo(f"entry {entry_id} was not edited: there is one text of it")
    else:
        click.echo(f"from {_name(old)} to {_name(new)}\n\n{_words(title)}\n\n{_words(text)}")


def _record(version: Version) -> dict[str, object]:
    return {"version": version.id, "origin": version.origin, "made_at": version.made_at, "read": version.read}


def _name(version: Version) -> str:
    origin = "its page" if version.origin == "page" else "the feed"
    return f"{origin}, {version.made_at.astimezone():%Y-%m-%d %H:%M}"


def _words(parts: tuple[Part, ...]) -> str:
    return "".join(f"{_SIGNS[part.kind][0]}{part.text}{_SIGNS[part.kind][1]}" for part in parts)
