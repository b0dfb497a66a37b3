"""Names that count → company tags, and which companies the story is about."""

from __future__ import annotations

from tui_reader.model import Evidence, Tag
from tui_reader.tagging.court import RULES, Claim, Court
from tui_reader.tagging.taxonomy import Taxonomy

MOST_EVIDENCE = 40
"""Passages kept for one tag: a long article that names a company on every line needs no more."""


def company_tags(court: Court, taxonomy: Taxonomy) -> tuple[Tag, ...]:
    """Primary ones first, else in order of appearance."""
    by_slug: dict[str, list[Claim]] = {}
    for claim in court.admitted():
        claim.part.admitted.add(claim.hit[:2])
        by_slug.setdefault(claim.slug, []).append(claim)
    most = max((len(claims) for claims in by_slug.values()), default=0)
    titled = any(claims[0].part.where == "title" for claims in by_slug.values())
    tags: list[Tag] = []
    for slug, claims in by_slug.items():
        primary = _is_primary(claims, most, titled=titled, first=not tags)
        tags.append(
            Tag(
                "company",
                slug,
                taxonomy.name(slug),
                salience="primary" if primary else "mentioned",
                evidence=tuple(_evidence(claim) for claim in claims[:MOST_EVIDENCE]),
                taxonomy=taxonomy.version,
            )
        )
    return tuple(sorted(tags, key=lambda tag: tag.salience != "primary"))


def _is_primary(claims: list[Claim], most: int, *, titled: bool, first: bool) -> bool:
    """True if the title or the lead names it, or the text comes back to it more than half as often as to any other.

    Where the title names some company, the others must come early in the lead, or come back more than once. The first
    company of an entry may stand a little later.
    """
    part, start = claims[0].part, claims[0].hit.start
    if part.where == "title":
        return True
    lead = 0.7 if titled else 2 if first else 1
    return start < lead * part.reach or len(claims) >= max(3 if titled else 2, 0.6 * most)


def _evidence(claim: Claim) -> Evidence:
    return Evidence(claim.hit.phrase.text, claim.hit.start, claim.hit.end, claim.part.where, RULES[claim.role])
