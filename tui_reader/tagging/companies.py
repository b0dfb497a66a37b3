"""Hits → company tags: which names count, which only look like one, and which companies the story is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from tui_reader.model import Evidence, Tag
from tui_reader.tagging.context import is_compound, is_credit, is_figure, is_person, is_place_of_post, is_source
from tui_reader.tagging.matching import Hit
from tui_reader.tagging.page import Page, Part
from tui_reader.tagging.taxonomy import Taxonomy

MOST_EVIDENCE = 40
"""Passages kept for one tag: a long article that names a company on every line needs no more."""

STRONG = frozenset({"names", "products", "tickers"})
"""Roles of phrases that stand for a company without support."""
_RULES = {
    "names": "name",
    "products": "product",
    "tickers": "ticker",
    "weak": "weak name",
    "vague": "weak name",
    "platforms": "platform",
    "speakers": "person",
}


def company_tags(page: Page, taxonomy: Taxonomy, *, publishers: frozenset[str] = frozenset()) -> tuple[Tag, ...]:
    """Primary ones first, else in order of appearance. `publishers` are companies whose own feed this is."""
    by_slug: dict[str, list[_Claim]] = {}
    for claim in _Court(page, taxonomy, publishers).admitted():
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


class _Claim(NamedTuple):
    part: Part
    hit: Hit
    slug: str
    role: str


class _Court:
    """Hears the claims of one entry and admits those that stand for a company."""

    def __init__(self, page: Page, taxonomy: Taxonomy, publishers: frozenset[str]) -> None:
        self._page = page
        self._taxonomy = taxonomy
        # "The platform" looks back at one that is more than the place of a post.
        self._platform_is_subject = page.has("word", "platform")
        claims = [_Claim(part, hit, hit.phrase.slug, hit.phrase.role) for part in page.parts for hit in part.claims]
        opposed = {slug for slug in {claim.slug for claim in claims} if self._is_opposed(slug)}
        claims = [claim for claim in claims if claim.slug not in opposed]
        # Names that belong to somebody else of this entry: after "Claude Monet", Claude is the painter.
        self._doubted = {namesake for part in page.parts for namesake in part.namesakes}
        self._doubted |= {_alias(claim) for claim in claims if self._is_person(claim)}
        claims = [claim for claim in claims if not self._is_void(claim)]
        self._claims = [claim for claim in claims if claim.role in _RULES]
        people = {claim.slug for claim in claims if claim.role == "people"}
        self._backed = people | publishers | _named_twice(self._claims)

    def admitted(self) -> list[_Claim]:
        """In order of appearance."""
        sure = _Sure(self._page, [claim for claim in self._claims if claim.role in STRONG])
        # What the first round admits supports others in the second: 小米 beside 高通, then 荣耀 beside 小米.
        for _ in range(2):
            admitted = [claim for claim in self._claims if self._admits(claim, sure)]
            if len(admitted) == len(sure.claims):
                break
            sure = _Sure(self._page, admitted)
        return sure.claims

    def _is_opposed(self, slug: str) -> bool:
        """True if the entry is about something else of the same name."""
        return self._page.has("against", slug) and not self._page.has("near", slug)

    def _is_void(self, claim: _Claim) -> bool:
        """True if what stands around a name says that it is none, or not the subject of anything."""
        text, hit = claim.part.text, claim.hit
        if claim.role == "people":
            return False
        if claim.role == "tickers":
            return not _is_quoted_ticker(text, hit)
        if self._is_person(claim):
            return True
        if claim.role in ("weak", "vague") and is_compound(text, hit.end):
            return True
        if is_figure(text, hit.start, hit.end, product=claim.role == "products"):
            return True
        if claim.part.has_credits and is_credit(text, hit.start):
            return True
        if claim.role != "platforms":
            return self._taxonomy.companies[claim.slug].kind == "media" and is_source(text, hit.start, hit.end)
        return not self._platform_is_subject and is_place_of_post(text, hit.start, hit.end)

    def _is_person(self, claim: _Claim) -> bool:
        hit = claim.hit
        return hit.phrase.text in self._taxonomy.companies[claim.slug].given and is_person(
            claim.part.text, hit.start, hit.end
        )

    def _admits(self, claim: _Claim, sure: _Sure) -> bool:
        if claim.role in STRONG or claim.slug in sure.named or self._is_close(claim, "near", claim.slug):
            return True
        if claim.role == "speakers" or _alias(claim) in self._doubted:
            return False
        if any(_is_listed(claim, other) for other in sure.neighbours(claim)):
            return True
        return claim.role != "vague" and (self._is_backed(claim, sure) or self._is_at_home(claim, sure))

    def _is_close(self, claim: _Claim, role: str, slug: str) -> bool:
        return self._page.is_close(claim.part, claim.hit, role, slug)

    def _is_backed(self, claim: _Claim, sure: _Sure) -> bool:
        """True if something else of the entry makes the company likely."""
        return claim.slug in self._backed or (claim.role == "platforms" and sure.others(claim.slug))

    def _is_at_home(self, claim: _Claim, sure: _Sure) -> bool:
        """True if a weak name stands where the talk is of AI, of companies, or of what such a product does."""
        company = self._taxonomy.companies[claim.slug]
        if self._is_close(claim, "word", "ai") or sure.is_close(claim):
            return True
        if any(self._is_close(claim, "word", group) for group in company.around):
            return True
        # Shares, billions, a chief executive: but a first name may belong to anybody who has them.
        return claim.hit.phrase.text not in company.given and self._is_close(claim, "word", "business")


class _Sure:
    """Claims that are settled, and what they say for others."""

    def __init__(self, page: Page, claims: list[_Claim]) -> None:
        self.claims = claims
        self.named = {claim.slug for claim in claims if claim.role not in ("vague", "speakers")}
        """Companies whose other names are sure as well."""
        self._page = page
        self._places = {id(part): [c for c in claims if c.part is part] for part in page.parts}
        self._starts = {key: [c.hit.start for c in here] for key, here in self._places.items()}

    def others(self, slug: str) -> bool:
        """True if any other company is settled."""
        return any(claim.slug != slug for claim in self.claims)

    def neighbours(self, claim: _Claim) -> Iterator[_Claim]:
        """The settled claims around one, of other companies."""
        here = self._places[id(claim.part)]
        at = bisect_left(self._starts[id(claim.part)], claim.hit.start)
        return (other for other in here[max(0, at - 4) : at + 5] if other.slug != claim.slug)

    def is_close(self, claim: _Claim) -> bool:
        """True if another company is settled near by; see Page.is_close."""
        reach = claim.part.reach
        for other in self.neighbours(claim):
            if max(other.hit.start - claim.hit.end, claim.hit.start - other.hit.end) <= reach:
                return True
        title, text = (self._places[id(part)] for part in self._page.parts)
        if claim.part is self._page.text:
            return any(other.slug != claim.slug for other in title)
        return any(other.slug != claim.slug for other in text[:4] if self._page.is_lead(other.hit))


def _alias(claim: _Claim) -> tuple[str, str]:
    return (claim.slug, claim.hit.phrase.text.lower())


def _named_twice(claims: list[_Claim]) -> set[str]:
    """Companies that two different doubtful names point to: Meta and Llama, 快手 and 可灵."""
    names: dict[str, set[str]] = {}
    for claim in claims:
        if claim.role in ("weak", "platforms"):
            names.setdefault(claim.slug, set()).add(claim.hit.phrase.text.lower())
    return {slug for slug, aliases in names.items() if len(aliases) > 1}


def _is_quoted_ticker(text: str, hit: Hit) -> bool:
    ticker = hit.phrase.text
    return "." in ticker or ":" in ticker or text[max(0, hit.start - 4) : hit.start].rstrip()[-1:] in tuple("($:（：/")


_LIST_GAP = re.compile(
    r"(?:'s|’s)?\s*(?:,|，|、|/|&|and|or|und|vs\.?|versus|和|与|與|及|以及|跟|同|或|还有)\s*(?:and\s+)?(?:the\s+)?"
    # One name between them may be of a company that nobody here knows.
    r"(?:[A-Z][\w.-]{1,20}(?:\s[A-Z][\w.-]{1,20})?\s*(?:,|，|、|/|and|和|与)\s*(?:and\s+)?|[一-鿿]{2,5}[、和与])?"
)


def _is_listed(claim: _Claim, other: _Claim) -> bool:
    """True if both names stand side by side in a list: "小鹏、理想", "Samsung, Huawei, Honor"."""
    first, second = sorted((claim.hit[:2], other.hit[:2]))
    return second[0] - first[1] <= 48 and bool(_LIST_GAP.fullmatch(claim.part.text, first[1], second[0]))


def _is_primary(claims: list[_Claim], most: int, *, titled: bool, first: bool) -> bool:
    """True if the title or the lead names it, or the text comes back to it more than half as often as to any other.

    Where the title names some company, the others must come early in the lead, or come back more than once. The first
    company of an entry may stand a little later.
    """
    part, start = claims[0].part, claims[0].hit.start
    if part.where == "title":
        return True
    lead = 0.7 if titled else 2 if first else 1
    return start < lead * part.reach or len(claims) >= max(3 if titled else 2, 0.6 * most)


def _evidence(claim: _Claim) -> Evidence:
    return Evidence(claim.hit.phrase.text, claim.hit.start, claim.hit.end, claim.part.where, _RULES[claim.role])
