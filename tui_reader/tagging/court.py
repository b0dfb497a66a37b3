"""Hears the names of one entry: which stand for a company, which only look as if they did, and why."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from tui_reader.tagging.context import (
    has_age,
    is_called,
    is_compound,
    is_figure,
    is_host,
    is_noun_in,
    is_person,
    is_place_of_post,
    is_source,
    is_sponsor,
)
from tui_reader.tagging.matching import Hit
from tui_reader.tagging.page import Page, Part
from tui_reader.tagging.taxonomy import Taxonomy

Vetoes = frozenset[tuple[str, str, str]]
"""(kind, slug, alias in small letters) of what the reader will not have tagged."""

NO_VETOES: Vetoes = frozenset()

STRONG = frozenset({"names", "products", "tickers"})
"""Roles of phrases that stand for a company without support."""

RULES = {
    "names": "name",
    "products": "product",
    "tickers": "ticker",
    "weak": "weak name",
    "vague": "weak name",
    "platforms": "platform",
    "speakers": "person",
}


class Claim(NamedTuple):
    part: Part
    hit: Hit
    slug: str
    role: str


class Court:
    """Hears the claims of one entry and admits those that stand for a company."""

    def __init__(
        self,
        page: Page,
        taxonomy: Taxonomy,
        *,
        publishers: frozenset[str] = frozenset(),
        is_of_domain: bool = False,
        vetoes: Vetoes = NO_VETOES,
    ) -> None:
        """`publishers` are companies whose own feed this is, `is_of_domain`: it says that it is about AI.

        `vetoes` are names that the reader will not have.
        """
        self._is_of_domain = is_of_domain
        self._page = page
        self._taxonomy = taxonomy
        self.claims = [Claim(part, hit, hit.phrase.slug, hit.phrase.role) for part in page.parts for hit in part.claims]
        persons = [claim for claim in self.claims if self._names_person(claim)]
        self._people = set(map(id, persons))
        # Names that belong to somebody else of this entry: after "Claude Monet", Claude is the painter.
        self._namesakes = page.title.namesakes | page.text.namesakes
        self._doubted = self._namesakes | {_alias(claim) for claim in (*persons, *filter(self._is_noun, self.claims))}
        self._opposed = {slug for slug in {claim.slug for claim in self.claims} if self._opponent(slug)}
        if self._opposed:
            self._opposed -= {claim.slug for claim in self.claims if self._is_clear(claim)}
        self._vetoes = vetoes
        claims = [claim for claim in self.claims if not self.objection(claim)]
        self._claims = [claim for claim in claims if claim.role in RULES]
        people = {claim.slug for claim in claims if claim.role == "people"}
        self._backed = people | publishers | _named_twice(self._claims)

    def admitted(self) -> list[Claim]:
        """In order of appearance."""
        return self.settled.claims

    @cached_property
    def settled(self) -> Sure:
        sure = Sure(self._page, self._strong)
        strong = set(map(id, self._strong))
        # What the first round admits supports others in the second: 小米 beside 高通, then 荣耀 beside 小米.
        for _ in range(2):
            admitted = [claim for claim in self._claims if id(claim) in strong or self.support(claim, sure)]
            if len(admitted) == len(sure.claims):
                break
            sure = Sure(self._page, admitted)
        return sure

    @cached_property
    def _strong(self) -> list[Claim]:
        return list(filter(self._is_strong, self._claims))

    def why(self, claim: Claim) -> str:
        """`support` in the end, told by what else there is: a name does not speak for itself."""
        others = [other for other in self.settled.claims if other.slug != claim.slug]
        witnesses = (Sure(self._page, self._strong), Sure(self._page, [*self._strong, *others]), self.settled)
        return next((told for told in (self.support(claim, sure) for sure in witnesses) if told), "")

    def objection(self, claim: Claim) -> str:
        """What stands around a name and says that it is none, or not the subject of anything; "" if nothing does."""
        if claim.slug in self._opposed:
            return f"the entry has “{self._opponent(claim.slug)}”, which speaks for another meaning"
        if self._vetoes and ("company", *_alias(claim)) in self._vetoes:
            return "you said: not this"
        if claim.role == "people":
            return ""
        if claim.role == "tickers":
            return "" if _is_quoted_ticker(claim.part.text, claim.hit) else "a ticker counts in brackets only"
        return self._misreading(claim) or self._non_subject(claim)

    def support(self, claim: Claim, sure: Sure) -> str:
        """What makes a name that nothing objects to stand for its company; "" if nothing does."""
        if claim.role == "products":
            return f"made by {self._taxonomy.name(claim.slug)}"
        if self._is_strong(claim):
            return "it means nobody else"
        if claim.slug in sure.named:
            return "the entry names it surely"
        if near := self._close(claim, "near", claim.slug):
            return f"“{near}” is near by"
        if claim.role == "speakers" or (claim.role != "platforms" and _alias(claim) in self._doubted):
            return ""
        if listed := next((other for other in sure.neighbours(claim) if _is_listed(claim, other)), None):
            return f"it stands in a list with {listed.hit.phrase.text}"
        if claim.role == "vague" and not _is_foreign(claim):
            return ""
        return self._backing(claim, sure) or self._home(claim, sure)

    def _is_strong(self, claim: Claim) -> bool:
        """Not the Tesla of an entry that names Nikola Tesla, and has no word that speaks for the company."""
        if claim.role not in STRONG:
            return False
        return _alias(claim) not in self._namesakes or self._page.has("near", claim.slug)

    def _is_clear(self, claim: Claim) -> bool:
        """True for names with one meaning: products, and what is longer than a doubtful name (字节跳动, 字节).

        A number behind it makes a doubtful name no longer: the machine that draws lots may be called ERNIE 5.
        """
        company = self._taxonomy.companies[claim.slug]
        doubtful = {each.lower() for each in (*company.weak, *company.vague)}
        name = claim.hit.phrase.text.lower()
        if name.rstrip("0123456789. -") in doubtful:
            return False
        return claim.role == "products" or (claim.role == "names" and any(each in name for each in doubtful))

    def _opponent(self, slug: str) -> str:
        """The word that says that the entry is about something else of the same name; "" if there is none.

        A word that speaks for the company outweighs it, but not where the other meaning is named as well.
        """
        is_named = any(slug == other for other, _ in self._doubted)
        return self._page.first("against", slug) if is_named or not self._page.has("near", slug) else ""

    def _misreading(self, claim: Claim) -> str:
        text, hit = claim.part.text, claim.hit
        if id(claim) in self._people:
            return "a person of that name"
        if claim.role in ("weak", "vague") and is_compound(text, hit.end):
            return "only the beginning of another word or name"
        if is_sponsor(text, hit.end):
            return "a stadium or a match of that name"
        if is_figure(text, hit.start, hit.end, product=claim.role == "products"):
            return "a figure of speech"
        return ""

    def _non_subject(self, claim: Claim) -> str:
        text, hit = claim.part.text, claim.hit
        if claim.part.is_credit(hit.start):
            return "a credit"
        if claim.role == "platforms":
            posted = is_place_of_post(text, hit.start, hit.end) and not self._platform_is_subject
            return "the place of a post" if posted else ""
        if claim.role != "names" and is_host(text, hit.start, hit.end):
            return "what something runs on"
        is_medium = self._taxonomy.companies[claim.slug].kind == "media"
        return "the source of a report" if is_medium and is_source(text, hit.start, hit.end) else ""

    @cached_property
    def _platform_is_subject(self) -> bool:
        """True for "the platform", which looks back at one that is more than the place of a post."""
        return self._page.says("platform")

    def _names_person(self, claim: Claim) -> bool:
        text, hit = claim.part.text, claim.hit
        if claim.role in ("weak", "vague") and has_age(text, hit.end):
            return True
        if claim.role in ("names", "weak", "vague") and " " not in hit.phrase.text and is_called(text, *hit[:2]):
            return True
        return hit.phrase.text in self._taxonomy.companies[claim.slug].given and is_person(text, hit.start, hit.end)

    def _is_noun(self, claim: Claim) -> bool:
        """True if the entry has the word in small letters too, as "the intel" or "an apple"."""
        name = claim.hit.phrase.text
        return claim.role == "weak" and any(is_noun_in(part.text, name) for part in self._page.parts)

    def _close(self, claim: Claim, role: str, slug: str) -> str:
        """The word of that kind near a claim; "" if there is none."""
        return self._page.close(claim.part, claim.hit, role, slug)

    def _backing(self, claim: Claim, sure: Sure) -> str:
        """What else of the entry makes the company likely."""
        if claim.slug in self._backed:
            return "the entry or its feed speaks of it in other ways"
        return "the entry is about companies" if claim.role == "platforms" and sure.others(claim.slug) else ""

    def _home(self, claim: Claim, sure: Sure) -> str:
        """What shows that a weak name stands where the talk is of AI, companies, or what such a product does."""
        company = self._taxonomy.companies[claim.slug]
        if word := self._close(claim, "word", "ai"):
            return f"“{word}” is near by"
        if self._is_of_domain:
            return "its feed is about AI"
        if sure.is_close(claim):
            return "another company is near by"
        # Shares, billions, a chief executive: but a first name may belong to anybody who has them.
        groups = company.around if claim.hit.phrase.text in company.given else (*company.around, "business")
        words = (self._close(claim, "word", group) for group in groups)
        return next((f"“{word}” is near by" for word in words if word), "")


class Sure:
    """Claims that are settled, and what they say for others."""

    def __init__(self, page: Page, claims: list[Claim]) -> None:
        self.claims = claims
        self.named = {claim.slug for claim in claims if claim.role not in ("vague", "speakers")}
        """Companies whose other names are sure as well."""
        self._page = page
        self._places = {id(part): [c for c in claims if c.part is part] for part in page.parts}
        self._starts = {key: [c.hit.start for c in here] for key, here in self._places.items()}

    def others(self, slug: str) -> bool:
        """True if any other company is settled."""
        return any(claim.slug != slug for claim in self.claims)

    def neighbours(self, claim: Claim) -> Iterator[Claim]:
        """The settled claims around one, of other companies."""
        here = self._places[id(claim.part)]
        at = bisect_left(self._starts[id(claim.part)], claim.hit.start)
        return (other for other in here[max(0, at - 4) : at + 5] if other.slug != claim.slug)

    def is_close(self, claim: Claim) -> bool:
        """True if another company is settled near by; see Page.is_close."""
        reach = claim.part.reach
        for other in self.neighbours(claim):
            if max(other.hit.start - claim.hit.end, claim.hit.start - other.hit.end) <= reach:
                return True
        title, text = (self._places[id(part)] for part in self._page.parts)
        if claim.part is self._page.text:
            return any(other.slug != claim.slug for other in title)
        return any(other.slug != claim.slug for other in text[:4] if self._page.is_lead(other.hit))


def _alias(claim: Claim) -> tuple[str, str]:
    return (claim.slug, claim.hit.phrase.text.lower())


def _is_foreign(claim: Claim) -> bool:
    """True for Runway in a Chinese text: an everyday word of another language is no everyday word there."""
    name = claim.hit.phrase.text
    return claim.part.density < 1 and len(name) > 3 and name.isascii() and name.isalpha()


def _named_twice(claims: list[Claim]) -> set[str]:
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


def _is_listed(claim: Claim, other: Claim) -> bool:
    """True if both names stand side by side in a list: "小鹏、理想", "Samsung, Huawei, Honor"."""
    first, second = sorted((claim.hit[:2], other.hit[:2]))
    return second[0] - first[1] <= 48 and bool(_LIST_GAP.fullmatch(claim.part.text, first[1], second[0]))
