"""The rows of "why these tags?": a name and what it came to, the passage below; what was left out comes last."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from tui_reader.model import Article, Evidence, Reason, Tag
from tui_reader.ui.text import Piece, safe

_AROUND = 30
"""Characters of the passage before the name."""


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
    height = 2

    def __init__(self, article: Article, rows: Sequence[WhyRow]) -> None:
        self.rows = tuple(rows)
        self._article = article

    def __len__(self) -> int:
        return len(self.rows)

    def key(self, index: int) -> Hashable:
        row = self.rows[index]
        return (row.kind, row.slug, row.alias, row.tag is None)

    def lines(self, index: int, width: int) -> tuple[tuple[Piece, ...], ...]:
        row = self.rows[index]
        style = {"company": "company", "topic": "topic"}.get(row.kind, "star")
        if row.tag is None:
            head: tuple[Piece, ...] = ((f"✗ {safe(row.name)}", "dim"), (f"  left out: {safe(row.why)}", "dim"))
        else:
            head = ((safe(row.name), style), (f"  {safe(_facts(row))}", "dim"))
        return (head, self._passage(row))

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


def _facts(row: WhyRow) -> str:
    tag = row.tag
    assert tag is not None
    facts: list[str] = [tag.kind, tag.salience] if tag.kind == "company" else [tag.kind]
    if row.passages:
        times = f" × {len(row.passages)}" if len(row.passages) > 1 else ""
        facts.append(f"“{row.alias}”{times}, a {row.passages[0].rule}")
    if row.weight:
        facts.append(f"weighs {row.weight:.1f}")
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
