"""An entry as the rules see it: title and text, each with its hits, sentences and furniture."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from tui_reader.tagging.context import credit_words, furniture, is_credit
from tui_reader.tagging.matching import Hit, Matcher, Phrase, keyed, longest

_STRONGEST_FIRST = ("names", "products", "tickers", "weak", "platforms", "vague", "speakers", "people")
CLAIMS = frozenset(_STRONGEST_FIRST)
"""Roles of phrases that claim to be a company; of overlapping ones only the longest counts."""

_NAMING = frozenset({"names", "products", "weak", "vague"})

_SENTENCE = re.compile(
    # One set in front is looked for quickly, two alternatives are tried at each character.
    r"[.!?。！？；;\n](?:(?<=[.!?])[\"'”’)\]]*\s+|(?<=[。！？；;\n])[。！？；;\n]*)"
)
_HAN = re.compile("[一-鿿]+")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a group of phrases with one spelling says, sorted by who asks."""

    naming: bool
    """Among them are claims, or phrases of `never`."""
    claims: tuple[Phrase, ...]
    support: tuple[Phrase, ...]
    """For or against companies: nobody asks for it but where such a company is claimed."""
    slugs: frozenset[str]
    """Of the support."""
    signs: tuple[Phrase, ...]
    """Of topics."""
    words: Mapping[str, Phrase]
    """By the group that it belongs to: nine of ten phrases of a text are such a word, and few are asked for."""
    namesakes: tuple[tuple[str, str], ...]
    """(slug, name in small letters): Monet's in "Claude Monet"."""
    veto: bool
    """Among them is one of `never`: no claim that it covers counts."""
    unsaid: tuple[str, ...]
    """Topics of which no sign counts that it covers."""


_USES = {
    **dict.fromkeys(CLAIMS, "claims"),
    **dict.fromkeys(("near", "against"), "support"),
    **dict.fromkeys(("cues", "hints"), "signs"),
    "word": "words",
    "never": "vetoes",
    "never cue": "unsaid",
}
"""By role, what a phrase is for."""


def meaning(phrases: tuple[Phrase, ...]) -> Meaning:
    uses: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        uses.setdefault(_USES[phrase.role], []).append(phrase)
    support, vetoes = uses.get("support", ()), uses.get("vetoes", ())
    return Meaning(
        naming="claims" in uses or "vetoes" in uses,
        claims=tuple(uses.get("claims", ())),
        support=tuple(support),
        slugs=frozenset([phrase.slug for phrase in support]),
        signs=tuple(uses.get("signs", ())),
        words={phrase.slug: phrase for phrase in uses.get("words", ())},
        namesakes=tuple([(phrase.slug, word) for phrase in vetoes for word in _namesake(phrase)]),
        veto=bool(vetoes),
        unsaid=tuple([phrase.slug for phrase in uses.get("unsaid", ())]),
    )


def _namesake(phrase: Phrase) -> tuple[str, ...]:
    """The words, in small letters, of a phrase in which a name means somebody or something else: "Claude Monet",
    "the Amazon", "Gemini horoscope"."""
    words = phrase.text.rstrip("*").lower().split()
    return tuple(words) if len(words) == 2 else ()


PageMatcher = Matcher[Meaning]
Match = tuple[int, int, Meaning]
"""(start, end, what stands there)"""


class Part:
    """Title or text."""

    def __init__(self, where: Literal["title", "text"], text: str, matcher: PageMatcher) -> None:
        self.where = where
        self.text = text
        self._matcher = matcher
        self.density = 0.35 if _is_chinese(text[:400]) else 1.0
        """How many characters the text needs for what English says in one."""
        self.reach = round(130 * self.density)
        """How many characters away another word is still close by."""
        self.key = key = keyed(text)
        found = matcher.find(text, key)
        if found and (spans := furniture(key)):
            masked = Spans(spans)
            found = [match for match in found if not masked.cover(match[0], match[1])]
        names = [match for match in found if match[2].naming]
        vetoes = Spans([(start, end) for start, end, meaning in names if meaning.veto])
        self.namesakes = frozenset(namesake for _, _, meaning in names for namesake in meaning.namesakes)
        """(slug, name in small letters) of what is named here beside a word that makes it somebody else's."""
        claims = [
            Hit(start, end, phrase)
            for start, end, meaning in names
            if not (vetoes and vetoes.cover(start, end))
            for phrase in meaning.claims
        ]
        # A name that is listed twice for one company (ERNIE, Ernie) speaks once, by its strongest role.
        claims.sort(key=_weakness)
        best: dict[tuple[int, str], Hit] = {}
        for hit in longest(claims):
            best.setdefault((hit.start, hit.phrase.slug), hit)
        self.claims = list(best.values())
        self._found = found
        self._hits: dict[tuple[str, str], list[Hit]] = {}
        self.admitted: set[tuple[int, int]] = set()
        """Spans of the claims that stand for a company, once they have been heard."""

    def take_up(self, slugs: Set[str]) -> None:
        """Look up what speaks for or against these companies: of the others nobody asks."""
        for start, end, meaning in self._found:
            if meaning.support and not meaning.slugs.isdisjoint(slugs):
                for phrase in meaning.support:
                    if phrase.slug in slugs:
                        self._hits.setdefault((phrase.role, phrase.slug), []).append(Hit(start, end, phrase))

    def hits(self, role: str, slug: str) -> Sequence[Hit]:
        """Hits that claim no company: what is near a company or against it, or a word of a group; in order of their
        ends."""
        if role == "word" and (role, slug) not in self._hits:
            words = self.words.get(slug, ())
            self._hits[role, slug] = [Hit(start, end, meaning.words[slug]) for start, end, meaning in words]
        return self._hits.get((role, slug), ())

    def says(self, group: str) -> bool:
        """True if a word of the group is here."""
        return any(group in meaning.words for _, _, meaning in self._found)

    @cached_property
    def words(self) -> Mapping[str, list[Match]]:
        """By group, in order of their ends."""
        words: defaultdict[str, list[Match]] = defaultdict(list)
        for match in self._found:
            for group in match[2].words:
                words[group].append(match)
        return words

    def sentence(self, offset: int) -> int:
        """The number of the sentence an offset lies in."""
        return bisect_right(self._sentences, offset)

    @cached_property
    def _sentences(self) -> list[int]:
        return [match.end() for match in _SENTENCE.finditer(self.text)]

    def signs(self) -> Iterator[tuple[int, int, Phrase]]:
        """Cues and hints of topics, in order of their ends."""
        for start, end, meaning in self._found:
            for phrase in meaning.signs:
                yield start, end, phrase

    @cached_property
    def unsaid(self) -> Mapping[str, Spans]:
        """By topic, phrases in which there is no sign of it."""
        spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for start, end, meaning in self._found:
            for topic in meaning.unsaid:
                spans[topic].append((start, end))
        return {topic: Spans(some) for topic, some in spans.items()}

    @property
    def masked(self) -> Iterator[tuple[int, int, str, str, str]]:
        """Names within the furniture of the page, or within a phrase in which they mean something else."""
        heard = {hit[:2] for hit in self.claims}
        furnished = Spans(furniture(self.key))
        found = self._matcher.find(self.text, self.key)
        vetoes = [(start, end) for start, end, meaning in found if meaning.veto]
        vetoed = Spans(vetoes)
        for start, end, meaning in found:
            for phrase in meaning.claims if (start, end) not in heard else ():
                if furnished.cover(start, end):
                    yield start, end, phrase.slug, phrase.text, "in a footer, an address or a link to others"
                elif vetoed.cover(start, end):
                    over = next(span for span in vetoes if span[0] <= start and end <= span[1])
                    yield start, end, phrase.slug, phrase.text, f"part of “{self.text[slice(*over)]}”"

    @cached_property
    def rejected(self) -> frozenset[tuple[int, int]]:
        """Spans of names that turned out to stand for no company; to be asked once the claims have been heard."""
        return frozenset(hit[:2] for hit in self.claims if hit.phrase.role in _NAMING) - self.admitted

    def opening(self, length: int) -> str:
        """The beginning of the `keyed` text, with blanks around names: 小鹏说 does not begin with 鹏说."""
        pieces, at = list[str](), 0
        for start, end in sorted({hit[:2] for hit in self.claims if hit.start < length}):
            if start >= at:
                pieces += (self.key[at:start], self.key[start:end])
                at = end
        return " ".join((*pieces, self.key[at:length]))[:length]

    def is_credit(self, start: int) -> bool:
        """True if what starts there is named as where a picture or a text comes from."""
        return is_credit(self.text, start, self._credit_words)

    @cached_property
    def _credit_words(self) -> list[int]:
        return credit_words(self.key)

    def close(self, hit: Hit, others: Sequence[Hit]) -> Hit | None:
        """One of the others, which are in order of their ends, that is within reach and apart from the hit."""
        first = bisect_left(others, hit.start - self.reach, key=_end)
        for other in others[first : first + 9]:
            if other.end <= hit.start or hit.end <= other.start <= hit.end + self.reach:
                return other
        return None


class Page:
    """Both parts of an entry."""

    def __init__(self, title: str, text: str, matcher: PageMatcher) -> None:
        self.title = Part("title", title, matcher)
        self.text = Part("text", text, matcher)
        self.parts = (self.title, self.text)
        claimed = {hit.phrase.slug for part in self.parts for hit in part.claims}
        if claimed:
            for part in self.parts:
                part.take_up(claimed)

    def masked_claims(self) -> Iterator[tuple[str, int, int, str, str, str]]:
        """Names that were not even heard: (part, start, end, slug, alias, why)."""
        for part in self.parts:
            for start, end, slug, alias, why in part.masked:
                yield part.where, start, end, slug, alias, why

    def says(self, group: str) -> bool:
        """True if either part has a word of the group."""
        return any(part.says(group) for part in self.parts)

    def has(self, role: str, slug: str) -> bool:
        """True if either part has such a hit."""
        return any(part.hits(role, slug) for part in self.parts)

    def first(self, role: str, slug: str) -> str:
        """The first such phrase, as the taxonomy writes it; "" if there is none."""
        hits = (hit for part in self.parts for hit in part.hits(role, slug))
        return next((hit.phrase.text for hit in hits), "")

    def close(self, part: Part, hit: Hit, role: str, slug: str) -> str:
        """Such a phrase near by; "" if there is none.

        The title is near to all of the text, the lead of the text to the title.
        """
        here = part.hits(role, slug)
        if here and (other := part.close(hit, here)):
            return other.phrase.text
        if part is self.text:
            there = self.title.hits(role, slug)
        else:
            there = [other for other in self.text.hits(role, slug)[:1] if self.is_lead(other)]
        return there[0].phrase.text if there else ""

    def is_lead(self, hit: Hit) -> bool:
        """True for what the text says first."""
        return hit.start <= 2 * self.text.reach


class Spans:
    """Answers in logarithmic time whether one of many spans covers another."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        ordered = sorted(spans) if spans else ()
        self._starts = [start for start, _ in ordered]
        self._furthest = list(accumulate((end for _, end in ordered), max)) if ordered else []

    def __bool__(self) -> bool:
        return bool(self._starts)

    def cover(self, start: int, end: int) -> bool:
        before = bisect_right(self._starts, start)
        return before > 0 and self._furthest[before - 1] >= end


def _weakness(hit: Hit) -> int:
    return _STRONGEST_FIRST.index(hit.phrase.role)


def _end(hit: Hit) -> int:
    return hit.end


def _is_chinese(text: str) -> bool:
    return not text.isascii() and sum(map(len, _HAN.findall(text))) * 4 > len(text)
