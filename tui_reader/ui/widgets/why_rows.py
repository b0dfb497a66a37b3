"""The rows of "why these tags?": a name and what it came to, the passage below; what was left out comes last."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tui_reader.model import Article, Evidence, Reason, Tag
from tui_reader.ui.text import Piece, break_lines, safe

_AROUND = 30
"""Characters of the passage before the name."""

_HEAD = 4
"""Lines, where the list is narrow."""

_WIDE = 60


@dataclass(frozen=True, slots=True)
class WhyRow:
    kind: str
    slug: str
    name: str
    tag: Tag | None
    """None for what was considered and left out."""
    alias: str
    """"" for a tag by hand."""
    passages: tuple[Evidence, ...]
    why: str
    weight: float = 0

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Of the passages in the text."""
        return [(each.start, each.end) for each in self.passages if each.where == "text"]


def why_rows(article: Article, reasons: Sequence[Reason]) -> tuple[WhyRow, ...]:
    """By tag, each of its names once; the reasons may still be missing."""
    told: dict[tuple[str, str, str], Reason] = {
        (each.kind, each.slug, each.alias.lower()): each for each in reversed(reasons) if each.counts
    }
    rows: list[WhyRow] = []
    for tag in article.tags:
        if not tag.evidence:
            rows.append(WhyRow(tag.kind, tag.slug, tag.name, tag, "", (), "by hand" if tag.by == "hand" else ""))
        for alias, passages in _by_alias(tag.evidence).items():
            reason = told.get((tag.kind, tag.slug, alias.lower()))
            why, weight = (reason.why, reason.weight) if reason else ("", 0)
            rows.append(WhyRow(tag.kind, tag.slug, tag.name, tag, alias, passages, why, weight))
    return (*rows, *_left_out(reasons))


class WhyRows:
    def __init__(self, article: Article, rows: Sequence[WhyRow], *, width: int) -> None:
        """`width`: cells for a row. What does not fit goes on below, in every row as in the one that needs most."""
        self.rows = tuple(rows)
        self._article = article
        self._heads = [_wrapped(_head(row), width, most=_HEAD) for row in self.rows]
        self._passages = [_wrapped(self._passage(row), width, most=1 if width >= _WIDE else 2) for row in self.rows]
        self.height = max(
            (len(head) + len(some) for head, some in zip(self._heads, self._passages, strict=True)), default=1
        )

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, index: int) -> Hashable:
        row = self.rows[index]
        return (row.kind, row.slug, row.alias, row.tag is None)

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        return (*self._heads[index], *self._passages[index])

    def _passage(self, row: WhyRow) -> tuple[Piece, ...]:
        if not row.passages:
            return ()
        first = row.passages[0]
        source = self._article.entry.title if first.where == "title" else self._article.text
        before, after = source[max(0, first.start - _AROUND) : first.start], source[first.end : first.end + 200]
        return (
            ("  title: " if first.where == "title" else "  ", "dim"),
            (safe(before), "plain"),
            (safe(source[first.start : first.end]), "match"),
            (safe(after), "plain"),
        )


def _head(row: WhyRow) -> tuple[Piece, ...]:
    if row.tag is None:
        return ((f"✗ {safe(row.name)}", "dim"), (f"  left out: {safe(row.why)}", "dim"))
    style = {"company": "company", "topic": "topic"}.get(row.kind, "star")
    return ((safe(row.name), style), (f"  {safe(_facts(row))}", "dim"))


def _wrapped(pieces: Sequence[Piece], width: int, *, most: int) -> list[tuple[Piece, ...]]:
    """In lines of that width; the last of the `most` has all the rest."""
    text = "".join(part for part, _ in pieces)
    spans = list(break_lines(text, 0, len(text), width=max(8, width))) if text else []
    if len(spans) > most:
        spans[most - 1 :] = [(spans[most - 1][0], len(text))]
    return [tuple(_cut(pieces, start, end)) for start, end in spans]


def _cut(pieces: Sequence[Piece], start: int, end: int) -> Iterator[Piece]:
    at = 0
    for part, style in pieces:
        shown = part[max(0, start - at) : max(0, end - at)]
        if shown:
            yield shown, style
        at += len(part)


def _facts(row: WhyRow) -> str:
    tag = row.tag
    assert tag is not None
    facts: list[str] = [tag.kind, tag.salience] if tag.kind == "company" else [tag.kind]
    if row.passages:
        times = f" × {len(row.passages)}" if len(row.passages) > 1 else ""
        weight = f": {row.weight:.1f}" if row.weight else ""
        facts.append(f"“{row.alias}”{times}, a {row.passages[0].rule}{weight}")
    return " · ".join([*facts, row.why] if row.why else facts)


def _by_alias(evidence: Iterable[Evidence]) -> dict[str, tuple[Evidence, ...]]:
    found: dict[str, tuple[Evidence, ...]] = {}
    for each in evidence:
        found[each.alias] = (*found.get(each.alias, ()), each)
    return found


def _left_out(reasons: Iterable[Reason]) -> list[WhyRow]:
    found: dict[tuple[str, str, str, str], list[Reason]] = {}
    for each in reasons:
        if not each.counts:
            found.setdefault((each.kind, each.slug, each.alias, each.why), []).append(each)
    rows = []
    for (kind, slug, alias, why), some in found.items():
        passages = tuple(Evidence(each.alias, each.start, each.end, each.where, each.rule) for each in some)
        rows.append(WhyRow(kind, slug, some[0].name, None, alias, passages, why))
    return rows
