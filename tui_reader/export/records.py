"""Highlights as records for programs: W3C Web Annotations and Readwise's CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from tui_reader.doc import without_controls
from tui_reader.model import Highlight

from .escape import one_line

_COLUMNS = ("Highlight", "Title", "Author", "URL", "Note", "Location", "Date")


def annotation_lines(highlights: Iterable[Highlight]) -> Iterator[str]:
    """W3C Web Annotations (JSON-LD), one a line without its line end."""
    for highlight in highlights:
        yield json.dumps(_annotation(highlight), ensure_ascii=False)


def csv_text(highlights: Iterable[Highlight]) -> str:
    """The layout that Readwise imports; tags stand before the note in its way (`.chips`)."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(_COLUMNS)
    for highlight in highlights:
        tags = [f".{'-'.join(tag.split())}" for tag in highlight.tags]
        cells = [
            highlight.quote.exact,
            highlight.source.title,
            highlight.source.author,
            highlight.source.url or "",
            " ".join([*tags, highlight.note]).strip(),
            str(highlight.quote.start),
            highlight.made_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        ]
        rows.writerow([_inert(without_controls(cell)) for cell in cells])
    return out.getvalue()


def _annotation(highlight: Highlight) -> dict[str, object]:
    place = highlight.quote
    source = highlight.source
    bodies = [_body(highlight.note, "commenting")] if highlight.note.strip() else []
    bodies += [_body(tag, "tagging") for tag in highlight.tags]
    bodies += [_body(highlight.kind, "classifying")] if highlight.kind else []
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:tui-reader:highlight:{highlight.id}",
        "type": "Annotation",
        "created": _moment(highlight.made_at),
        "modified": _moment(highlight.changed_at),
        "motivation": "commenting" if highlight.note.strip() else "highlighting",
        "body": bodies,
        "target": {
            "source": _iri(source.url or "") or f"urn:tui-reader:entry:{highlight.entry_id}",
            "dc:title": one_line(source.title),
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": without_controls(place.exact),
                    "prefix": without_controls(place.prefix),
                    "suffix": without_controls(place.suffix),
                },
                {"type": "TextPositionSelector", "start": place.start, "end": place.end},
            ],
        },
    }


def _body(value: str, purpose: str) -> dict[str, str]:
    kind = {"type": "TextualBody", "value": without_controls(value), "purpose": purpose}
    return kind | {"format": "text/markdown"} if purpose == "commenting" else kind


def _iri(address: str) -> str:
    """The address as the model wants it: without what RFC 3987 has no place for. "" if it is none."""
    address = re.sub(r"[\s<>\"{}|\\^`]", lambda match: quote(match[0]), one_line(address))
    return address if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:.", address) else ""


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _inert(cell: str) -> str:
    """Spreadsheets run a cell that starts like a formula; a leading apostrophe makes it text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")) else cell
