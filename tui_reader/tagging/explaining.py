"""Why an entry has its tags, and why not others: the rules' own words, passage by passage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from tui_reader.model import Reason, Tag
from tui_reader.tagging.court import RULES, Claim, Court
from tui_reader.tagging.page import Page
from tui_reader.tagging.taxonomy import Taxonomy
from tui_reader.tagging.topics import Verdict, weight_of

MOST = 60
"""Passages told of one entry: whoever asks why wants no thousand of them."""


def company_reasons(page: Page, court: Court, tags: tuple[Tag, ...], taxonomy: Taxonomy) -> tuple[Reason, ...]:
    """In order of appearance: each name with what admits it, or what it lacks."""
    salience = {tag.slug: tag.salience for tag in tags if tag.kind == "company"}
    reasons = []
    for claim in court.claims:
        if claim.role not in RULES:
            continue
        support = "" if court.objection(claim) else court.why(claim)
        counts = support if claim.slug in salience else ""
        why = counts or court.objection(claim) or "an everyday word or a name of others, and nothing speaks for it"
        reasons.append(_company_reason(claim, taxonomy, counts=bool(counts), why=why))
    reasons += (_masked(*masked, taxonomy) for masked in islice(page.masked_claims(), MOST))
    return tuple(reasons[:MOST])


def topic_reasons(verdicts: Mapping[str, Verdict], taxonomy: Taxonomy) -> tuple[Reason, ...]:
    """Each sign with its weight; topics that weigh too little are told with what they lack."""
    return tuple(_topic_reasons(verdicts, taxonomy))[:MOST]


def _company_reason(claim: Claim, taxonomy: Taxonomy, *, counts: bool, why: str) -> Reason:
    name = taxonomy.name(claim.slug)
    return Reason(
        "company",
        claim.slug,
        name,
        alias=claim.hit.phrase.text,
        start=claim.hit.start,
        end=claim.hit.end,
        where=claim.part.where,
        rule=RULES[claim.role],
        counts=counts,
        why=why,
    )


def _masked(where: str, start: int, end: int, slug: str, alias: str, why: str, taxonomy: Taxonomy) -> Reason:
    return Reason(
        "company",
        slug,
        taxonomy.name(slug),
        alias=alias,
        start=start,
        end=end,
        where="title" if where == "title" else "text",
        rule="name",
        counts=False,
        why=why,
    )


def _topic_reasons(verdicts: Mapping[str, Verdict], taxonomy: Taxonomy) -> Iterator[Reason]:
    for slug in (slug for slug in taxonomy.topics if slug in verdicts):
        signs, weight, needed, wording = verdicts[slug]
        counts = weight >= needed
        total = f"needs {needed:.1f}: signs {weight - wording:.1f}"
        if wording:
            total += f", wording {'+' if wording > 0 else '−'}{abs(wording):.1f}"
        for sign, own in weight_of(signs):
            yield Reason(
                "topic",
                slug,
                taxonomy.name(slug),
                alias=sign.phrase.text,
                start=sign.start,
                end=sign.end,
                where=sign.part.where,
                rule=sign.rule,
                counts=counts,
                why=total,
                weight=own,
            )
