"""Is this entry one that is known already, under another guid? Pure rules; a feed may rewrite all its guids at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tui_reader.fold import fold
from tui_reader.model import CleanEntry
from tui_reader.store.times import from_text


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the store that the feed no longer lists under its guid."""

    id: int
    guid: str
    url: str | None
    title: str
    published_at: str | None


def recognise(
    entries: Sequence[CleanEntry], candidates: Sequence[Known], published: Sequence[str | None]
) -> dict[str, Known]:
    """Guid of each entry that is an old one → which. `published`: its date as the store writes it.

    The same entry has the same address, if that is the address of one article; or the same title and date; or, where
    a feed gives neither addresses nor dates, the same title. Whatever fits two is nobody: an entry too many does less
    harm than an article swallowed by another.
    """
    found: dict[str, Known] = {}
    taken: set[int] = set()
    mine = [_keys(entry.url, entry.title, date) for entry, date in zip(entries, published, strict=True)]
    theirs = [_keys(known.url, known.title, known.published_at) for known in candidates]
    for rule in range(3):
        counts = Counter(keys[rule] for keys in mine), Counter(keys[rule] for keys in theirs)
        by_key = {keys[rule]: known for keys, known in zip(theirs, candidates, strict=True)}
        for entry, keys in zip(entries, mine, strict=True):
            key = keys[rule]
            known = by_key.get(key)
            if key is None or known is None or entry.guid in found or known.id in taken:
                continue
            if counts[0][key] == counts[1][key] == 1:
                found[entry.guid] = known
                taken.add(known.id)
    return found


def gap(entries: Iterable[CleanEntry], newest: str | None, published: Sequence[str | None]) -> int:
    """About how many entries came and went between two polls: 0 unless all that the feed lists is newer than `newest`.

    As many as fit into the gap at the pace of what the feed lists now.
    """
    dates = sorted(date for date in published if date is not None)
    if newest is None or len(dates) < 3 or len(dates) < len(tuple(entries)) or dates[0] <= newest:
        return 0
    span = (from_text(dates[-1]) - from_text(dates[0])).total_seconds()
    missing = (from_text(dates[0]) - from_text(newest)).total_seconds()
    pace = span / (len(dates) - 1)
    return int(min(missing / pace - 1, 10_000)) if pace > 0 and missing > 2 * pace else 0


def _keys(url: str | None, title: str, published_at: str | None) -> tuple[object, object, object]:
    """By address, by title and date, by title alone; None where the rule does not apply."""
    name = fold(title).strip()
    parts = urlsplit(url or "")
    article = url and (parts.path.strip("/") or parts.query)
    return (
        url if article else None,
        (name, published_at) if name and published_at else None,
        name if name and not url and not published_at else None,
    )
