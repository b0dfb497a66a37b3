"""Hits → topic tags: cues that suffice, hints that need each other, pairs of words in one sentence, and the wording."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from tui_reader.model import Evidence, Tag
from tui_reader.tagging.companies import MOST_EVIDENCE
from tui_reader.tagging.court import NO_VETOES, Vetoes
from tui_reader.tagging.learned import NOTHING_LEARNED, Learned, place, stem, words_of
from tui_reader.tagging.matching import Hit, Phrase
from tui_reader.tagging.page import Match, Page, Part
from tui_reader.tagging.taxonomy import Taxonomy, Topic


class Pair(NamedTuple):
    """Words of the left groups and of the right ones in one sentence are a sign of the topic.

    A group without a name of its own is named after its words: `ban|curb`.
    """

    topic: str
    left: tuple[str, ...]
    right: tuple[str, ...]


Pairs = Mapping[str, tuple[Pair, ...]]
"""By each group of their left sides."""


def by_left(all_pairs: Iterable[Pair]) -> Pairs:
    """For looking up what the words of a text may be half of."""
    found: dict[str, tuple[Pair, ...]] = {}
    for pair in all_pairs:
        for group in pair.left:
            found[group] = (*found.get(group, ()), pair)
    return found


def pairs(topic: Topic) -> tuple[Pair, ...]:
    """`ban|curb + @chips` → Pair(slug, ("ban|curb",), ("chips",))."""
    split = (pair.split("+") for pair in topic.pairs)
    return tuple(Pair(topic.slug, _groups(left), _groups(right)) for left, right in split)


class Verdict(NamedTuple):
    """What the signs of a topic weigh, and what they must."""

    signs: list[Sign]
    weight: float
    needed: float
    wording: float = 0.0
    """The part of the weight that comes from the words as a whole; see Learned."""


def topic_tags(verdicts: Mapping[str, Verdict], taxonomy: Taxonomy) -> tuple[Tag, ...]:
    """In the order of the taxonomy."""
    return tuple(
        Tag("topic", slug, taxonomy.name(slug), evidence=_evidence(verdict.signs), taxonomy=taxonomy.version)
        for slug in taxonomy.topics
        if (verdict := verdicts.get(slug)) and verdict.weight >= verdict.needed
    )


def weigh(
    page: Page,
    taxonomy: Taxonomy,
    all_pairs: Pairs,
    *,
    companies: tuple[Tag, ...],
    is_of_domain: bool,
    vetoes: Vetoes = NO_VETOES,
) -> dict[str, Verdict]:
    """By topic. Entries that speak neither of AI nor of a known company have none, if their feed is not `of_domain`."""
    primary = {tag.slug for tag in companies if tag.salience == "primary"}
    is_sure = bool(primary) or is_of_domain or page.says("ai")
    if not is_sure and not page.says("tech"):
        return {}
    signs = _signs(page, all_pairs, vetoes)
    weights = {slug: sum(weight for _, weight in weight_of(some)) for slug, some in signs.items()}
    for slug in weights:
        weights[slug] += not primary.isdisjoint(taxonomy.topics[slug].makers)
    least = _needed(page)
    needed = max(least, min(_FAINT * max(weights.values(), default=0), _DROWNED * least))
    wording = _Wording(page, taxonomy.learned, companies=[tag.slug for tag in companies], vetoes=vetoes)
    verdicts: dict[str, Verdict] = {}
    # An app that its reader may download makes no entry one of the domain: there signs are needed.
    for slug in signs.keys() | (wording.likely(taxonomy) if is_sure else set()):
        own, share = weights.get(slug, 0.0), wording.share(slug) * needed
        if share < 0 and own >= needed and wording.is_roundup:
            share = 0.0
        # However many its signs are, a topic that the words as a whole speak against is none.
        weight = (min(own, _MOST * needed) if share else own) + share
        told = wording.signs(slug) if weight >= needed else []
        if slug in signs or told:
            verdicts[slug] = Verdict([*signs.get(slug, ()), *told], weight, needed, share)
    return verdicts


class _Wording:
    """What the words of an entry as a whole say about a topic, and which of them do."""

    def __init__(self, page: Page, learned: Learned, *, companies: Iterable[str], vetoes: Vetoes) -> None:
        self._page = page
        words = words_of(page.parts, companies) if learned.bias else set()
        self._learned = learned if len(words) >= _FEW else NOTHING_LEARNED
        self._heard = self._learned.hear(words)
        self._unwanted: defaultdict[str, set[str]] = defaultdict(set)
        for kind, slug, alias in vetoes:
            if kind == "topic":
                self._unwanted[slug].add(stem(alias))

    def likely(self, taxonomy: Taxonomy) -> set[str]:
        """Topics that need no other sign."""
        scores = self._heard.scores.items()
        return {slug for slug, score in scores if score >= (1 - _SHIFT) / _SLOPE and slug in taxonomy.topics}

    @cached_property
    def is_roundup(self) -> bool:
        """Many stories in one text: none of them can be told by how the whole sounds."""
        return any(word in part.key for part in self._page.parts for word in _ROUNDUP)

    def share(self, slug: str) -> float:
        """In parts of what the topic needs; below zero if it sounds unlike the topic, 0 if nothing is known of it."""
        if slug not in self._heard.scores:
            return 0.0
        unwanted = self._unwanted.get(slug)
        score = self._heard.scores[slug] - (self._learned.told(slug, self._heard, unwanted) if unwanted else 0)
        return _SLOPE * score + _SHIFT

    def signs(self, slug: str) -> list[Sign]:
        """The words that speak most for the topic, where they stand first."""
        loudest, unwanted = self._learned.loudest(slug, self._heard), self._unwanted[slug]
        best = islice((word for word in loudest if word[0] != "@" and word not in unwanted), _WORDS_TOLD)
        return [sign for word in best if (sign := self._sign(word, slug))]

    def _sign(self, word: str, slug: str) -> Sign | None:
        for part in self._page.parts:
            if span := place(word, part.key):
                return Sign(part, *span, Phrase(part.text[slice(*span)], "word", slug), "word")
        return None


def _groups(side: str) -> tuple[str, ...]:
    words = side.strip().split("|")
    named = tuple(word[1:] for word in words if word.startswith("@"))
    own = "|".join(word for word in words if not word.startswith("@"))
    return (*named, own) if own else named


class Sign(NamedTuple):
    part: Part
    start: int
    end: int
    phrase: Phrase
    rule: str


def _signs(page: Page, all_pairs: Pairs, vetoes: Vetoes) -> dict[str, list[Sign]]:
    """By topic. Sora is a sign of video generation where it is the model, not where it is the boy of a game."""
    signs: defaultdict[str, list[Sign]] = defaultdict(list)
    for part in page.parts:
        here: defaultdict[str, list[Sign]] = defaultdict(list)
        for topic, sign in _signs_of(part, all_pairs):
            if (sign.start, sign.end) in part.rejected:
                continue
            if not vetoes or ("topic", topic, sign.phrase.text.lower()) not in vetoes:
                here[topic].append(sign)
        for topic, some in here.items():
            signs[topic] += _outermost(some)
    return signs


def _signs_of(part: Part, all_pairs: Pairs) -> Iterator[tuple[str, Sign]]:
    unsaid = part.unsaid
    for start, end, phrase in part.signs():
        if phrase.slug not in unsaid or not unsaid[phrase.slug].cover(start, end):
            yield phrase.slug, Sign(part, start, end, phrase, _RULES[phrase.role])
    for pair in dict.fromkeys(_both_said(part, all_pairs)):
        for start, end, phrase in _paired(part, pair):
            yield pair.topic, Sign(part, start, end, phrase, "pair")


def _both_said(part: Part, all_pairs: Pairs) -> Iterator[Pair]:
    # Most pairs lack their left side.
    groups = part.words.keys()
    return (pair for group in groups for pair in all_pairs.get(group, ()) if not groups.isdisjoint(pair.right))


def _paired(part: Part, pair: Pair) -> tuple[Hit, ...]:
    """The words of both sides in the first sentence that has them apart from each other."""
    rights: dict[int, Match] = {}
    for match in _said(part, pair.topic, pair.right):
        rights.setdefault(part.sentence(match[0]), match)
    for match in _said(part, pair.topic, pair.left) if rights else ():
        other = rights.get(part.sentence(match[0]))
        if other and (match[1] <= other[0] or other[1] <= match[0]):
            return (_word(match, pair.left), _word(other, pair.right))
    return ()


def _said(part: Part, topic: str, groups: tuple[str, ...]) -> list[Match]:
    said = [match for group in groups for match in part.words.get(group, ())]
    unsaid = part.unsaid.get(topic)
    return [match for match in said if not unsaid.cover(match[0], match[1])] if unsaid else said


def _word(match: Match, groups: tuple[str, ...]) -> Hit:
    """The word of the first of the groups that has one there."""
    start, end, meaning = match
    return Hit(start, end, next(meaning.words[group] for group in groups if group in meaning.words))


def _outermost(signs: list[Sign]) -> list[Sign]:
    """Of one part. Without "fraud" in "wire fraud": one passage speaks once."""
    if len(signs) == 1:
        return signs
    kept: list[Sign] = []
    for sign in sorted(signs, key=_place):
        last = kept[-1] if kept else None
        if not last or sign.end > last.end or (sign.start, sign.end) == (last.start, last.end):
            kept.append(sign)
    return kept


def _place(sign: Sign) -> tuple[int, int, str]:
    """The longest first, and of what stands at one place the cues."""
    return sign.start, -sign.end, sign.rule


_RULES = {"cues": "cue", "hints": "hint"}
_WEIGHTS = {"cue": 2.0, "pair": 2.0, "hint": 1.0}
_IN_TITLE = 1.5
_AGAIN = 0.5
_ENOUGH = 2.0
_LONG = 700
"""Characters of English from which a topic must be named more than in passing."""
_SLOPE = 0.5
_SHIFT = 1.8
"""Log-odds of the wording become parts of what a topic needs: fitted together with the rules, see train_topics.py."""
_ROUNDUP = (
    "要闻", "早报", "晚报", "早知道", "早餐", "简讯", "一周回顾", "①", "also in this edition", "also in this issue",
    "in brief", "in other news", "roundup", "round up", "news digest",
)  # fmt: skip
_FEW = 25
"""Below so many different words the wording says little: a bare headline is left to the rules."""
_MOST = 3
"""Signs of the rules count up to so many times what is needed, where the wording is heard as well."""
_WORDS_TOLD = 3
_FAINT = 0.2
"""The part of the strongest topic's weight that the others need in order not to drown in a long article."""
_DROWNED = 1.5
"""But no more than so many times what is needed anyway."""


def weight_of(signs: list[Sign]) -> list[tuple[Sign, float]]:
    """Each phrase counts once, more in the title, and a little more each time it comes back."""
    seen: set[str] = set()
    weights: list[tuple[Sign, float]] = []
    for sign in signs:
        if sign.rule == "word":
            weights.append((sign, 0.0))
            continue
        is_pair = sign.rule == "pair"
        phrase = "pair" if is_pair else sign.phrase.text.lower()
        if phrase in seen:
            weight = 0.0 if is_pair else _AGAIN
        else:
            weight = _WEIGHTS[sign.rule] * (_IN_TITLE if sign.part.where == "title" else 1)
        seen.add(phrase)
        weights.append((sign, weight))
    return weights


def _needed(page: Page) -> float:
    lengths = max(1.0, len(page.text.text) / page.text.density / _LONG)
    return _ENOUGH * math.pow(lengths, 0.6)


def _evidence(signs: list[Sign]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(phrase.text, start, end, part.where, rule) for part, start, end, phrase, rule in signs[:MOST_EVIDENCE]
    )
