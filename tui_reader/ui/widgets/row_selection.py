"""Rows of a list that are selected: from where it was begun to the cursor, but for rows that came in between since.

It is a range, whatever its length; what it holds is by key, so that rows may come and go around it and within it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol


class Keyed(Protocol):
    def __len__(self) -> int: ...

    def key(self, index: int) -> Hashable: ...


class RowSelection:
    def __init__(self, rows: Keyed, at: int) -> None:
        self.cursor = at
        self._rows = rows
        self._anchor = at
        self._came: set[Hashable] = set()
        """Rows within the range that its reader has not passed over: they came later."""

    def __len__(self) -> int:
        return len(self.span) - len(self._came)

    def __contains__(self, index: int) -> bool:
        return index in self.span and (not self._came or self._rows.key(index) not in self._came)

    @property
    def span(self) -> range:
        return range(min(self._anchor, self.cursor), max(self._anchor, self.cursor) + 1)

    def keys(self) -> Sequence[Hashable]:
        """In the order of the list."""
        keys = _keys(self._rows, self.span)
        return [key for key in keys if key not in self._came] if self._came else keys

    def extend(self, cursor: int) -> None:
        """Up to there: rows that were left are passed over anew when the cursor comes back."""
        self.cursor = cursor
        if self._came:
            self._came.intersection_update(_keys(self._rows, self.span))
            self._came.discard(self._rows.key(cursor))

    def follow(self, rows: Keyed, index_of: Callable[[Hashable], int | None]) -> bool:
        """Other rows, of which `index_of` knows the places. → False if nothing of the selection is left."""
        kept = _places(self.keys(), rows, index_of)
        if not kept:
            return False
        down = self._anchor <= self.cursor
        self._rows = rows
        self._anchor, self.cursor = (kept[0], kept[-1]) if down else (kept[-1], kept[0])
        between = () if len(kept) == len(self.span) else set(self.span).difference(kept)
        self._came = {rows.key(index) for index in between}
        return True


def _places(keys: Sequence[Hashable], rows: Keyed, index_of: Callable[[Hashable], int | None]) -> Sequence[int]:
    """Where those of the keys are that there still are, in order."""
    start = index_of(keys[0])
    if start is not None:
        # Mostly nothing has come between them: a million that are where they were are compared, not looked up.
        span = range(start, min(start + len(keys), len(rows)))
        if list(_keys(rows, span)) == list(keys):
            return span
    found = [index_of(key) for key in keys]
    return sorted(index for index in found if index is not None)


def _keys(rows: Keyed, span: range) -> Sequence[Hashable]:
    """All at once where the rows know how."""
    some = getattr(rows, "keys", None)
    if some is not None:
        found: Sequence[Hashable] = some(span)
        return found
    return [rows.key(index) for index in span]
