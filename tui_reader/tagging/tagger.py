"""The one door of the package: title and text in, tags out."""

from __future__ import annotations

from collections.abc import Iterator

from tui_reader.model import Tag
from tui_reader.tagging.companies import company_tags
from tui_reader.tagging.matching import Matcher, Phrase
from tui_reader.tagging.page import CLAIMS, Page
from tui_reader.tagging.taxonomy import Taxonomy
from tui_reader.tagging.topics import Pair, pairs, topic_tags


class Tagger:
    """Rules over one taxonomy. Making one costs some milliseconds; `tag` is pure and deterministic."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._pairs = tuple(pair for topic in taxonomy.topics.values() for pair in pairs(topic))
        self._matcher = Matcher(_phrases(taxonomy, self._pairs))

    def tag(self, title: str, text: str, *, feed_title: str = "") -> tuple[Tag, ...]:
        """Companies, primary ones first, then topics.

        `text` is the canonical text, which the evidence counts in. A company whose own feed this is, is named on every
        page of it as the publisher: the feed's title therefore gives no tag, and is asked for to say so.
        """
        page = Page(title, text, self._matcher)
        companies = company_tags(page, self.taxonomy)
        return (*companies, *topic_tags(page, self.taxonomy, self._pairs, companies=companies))


_GROWING = frozenset({"names", "products", "weak"})


def _phrases(taxonomy: Taxonomy, all_pairs: tuple[Pair, ...]) -> Iterator[Phrase]:
    for company in taxonomy.companies.values():
        for role in (*CLAIMS, "near", "against", "never"):
            for alias in getattr(company, role):
                yield Phrase(alias, role, company.slug, proper=role in CLAIMS, grows=role in _GROWING)
    for topic in taxonomy.topics.values():
        for role in ("cues", "hints"):
            for words in getattr(topic, role):
                yield Phrase(words, role, topic.slug)
        for words in topic.never:
            yield Phrase(words, "never cue", topic.slug)
    groups = {group: members for group, members in taxonomy.words.items()}
    groups |= {group: tuple(group.split("|")) for pair in all_pairs for side in pair[1:] for group in side if group not in groups}
    for group, members in groups.items():
        for words in members:
            yield Phrase(words, "word", group)
