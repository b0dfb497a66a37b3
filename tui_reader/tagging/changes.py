"""What a changed taxonomy can change: only entries that have a word of what is different need be tagged anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from tui_reader.tagging.matching import Matcher, Phrase, keyed
from tui_reader.tagging.page import CLAIMS
from tui_reader.tagging.taxonomy import RULES, Company, Taxonomy, Topic


@dataclass(frozen=True, slots=True)
class Difference:
    """Between the taxonomy that made the tags and the one that is there now."""

    version: str
    """Of the old one. What was tagged by yet another one is to be tagged anew whatever it says."""
    all: bool
    """True if any entry may change."""
    phrases: tuple[str, ...] = ()
    """Else those of which a text has one."""


def fingerprint(taxonomy: Taxonomy) -> str:
    """To be kept beside the tags, and handed to `difference` later."""
    parts = {key: [_digest(entry), *phrases] for key, entry, phrases in _parts(taxonomy)}
    return json.dumps({"version": taxonomy.version, "rules": RULES, "parts": parts}, ensure_ascii=False)


def difference(old: str, taxonomy: Taxonomy) -> Difference:
    """`old` is a fingerprint, or "" if there is none: then all may change."""
    if not old:
        return Difference("", all=True)
    was = json.loads(old)
    now = json.loads(fingerprint(taxonomy))
    before, after = was["parts"], now["parts"]
    changed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    # What the wording tells needs no phrase: a topic of it that comes or goes may do so in any entry.
    learned = {f"topic:{slug}" for slug in taxonomy.learned.bias}
    moved = before.keys() ^ after.keys()
    if was["rules"] != RULES or any(key.startswith("words:") for key in changed) or moved & learned:
        return Difference(was["version"], all=True)
    phrases = {phrase for key in changed for part in (before, after) for phrase in part.get(key, [""])[1:]}
    return Difference(was["version"], all=False, phrases=tuple(sorted(phrases)))


class Finder:
    """Says whether a text has one of some phrases, whatever they mean there."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._matcher = Matcher((Phrase(text, "any", "", grows="s9v") for text in phrases), lambda _: True)

    def finds(self, *texts: str) -> bool:
        return any(self._matcher.find(text, keyed(text)) for text in texts)


def _parts(taxonomy: Taxonomy) -> Iterable[tuple[str, object, list[str]]]:
    """(key, entry, the phrases without which it has no say in an entry)."""
    for company in taxonomy.companies.values():
        yield f"company:{company.slug}", company, _claims(company)
    for topic in taxonomy.topics.values():
        yield f"topic:{topic.slug}", topic, _signs(topic, taxonomy)
    for group, words in taxonomy.words.items():
        yield f"words:{group}", words, []
    yield "words:learned", taxonomy.learned.version, []


def _claims(company: Company) -> list[str]:
    return sorted({phrase for role in (*CLAIMS, "never") for phrase in getattr(company, role)})


def _signs(topic: Topic, taxonomy: Taxonomy) -> list[str]:
    words = {word.strip() for pair in topic.pairs for side in pair.split("+") for word in side.split("|")}
    paired = {each for word in words for each in (taxonomy.words[word[1:]] if word.startswith("@") else (word,))}
    return sorted({*topic.cues, *topic.hints, *topic.never, *paired})


def _digest(entry: object) -> str:
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:12]
