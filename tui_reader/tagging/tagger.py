"""The one door of the package: title and text in, tags out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from tui_reader.model import CleanEntry, Reason, Tag, TagRow
from tui_reader.tagging.companies import company_tags
from tui_reader.tagging.court import NO_VETOES, STRONG, Court, Vetoes
from tui_reader.tagging.explaining import company_reasons, topic_reasons
from tui_reader.tagging.matching import Hit, Matcher, Phrase, keyed, longest
from tui_reader.tagging.page import CLAIMS, Meaning, Page, meaning
from tui_reader.tagging.taxonomy import Taxonomy
from tui_reader.tagging.topics import Pair, Verdict, by_left, pairs, topic_tags, weigh


class _Feed(NamedTuple):
    """What the title of a feed says of all its entries."""

    companies: frozenset[str]
    """Whose own feed it is."""
    is_about_ai: bool


class _Heard(NamedTuple):
    page: Page
    court: Court
    verdicts: dict[str, Verdict]
    tags: tuple[Tag, ...]


class Tagger:
    """Rules over one taxonomy. The first text costs some milliseconds more; `tag` is pure and deterministic."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self._pairs = tuple(pair for topic in taxonomy.topics.values() for pair in pairs(topic))
        self._by_left = by_left(self._pairs)
        self._feed = lru_cache(maxsize=16)(self._titled)

    @cached_property
    def matcher(self) -> Matcher[Meaning]:
        return Matcher(_phrases(self.taxonomy, self._pairs), meaning)

    def tag(self, title: str, text: str, *, feed_title: str = "", vetoes: Vetoes = NO_VETOES) -> tuple[Tag, ...]:
        """Companies, primary ones first, then topics.

        `text` is the canonical text, which the evidence counts in. A feed's own title gives no tag, but where it names
        a company for sure, that company's doubtful names need no other support; where it says that it is about AI, no
        doubtful name does that is no everyday word. In both cases all its entries belong to the domain.
        """
        return self._hear(title, text, feed_title, vetoes).tags

    def explain(self, title: str, text: str, *, feed_title: str = "", vetoes: Vetoes = NO_VETOES) -> tuple[Reason, ...]:
        """What `tag` considers, what it makes of it and why: all that counts, and what looked as if it did."""
        heard = self._hear(title, text, feed_title, vetoes)
        return (
            *company_reasons(heard.page, heard.court, heard.tags, self.taxonomy),
            *topic_reasons(heard.verdicts, self.taxonomy),
        )

    def _hear(self, title: str, text: str, feed_title: str, vetoes: Vetoes) -> _Heard:
        page = Page(title, text, self.matcher)
        feed = self._feed(feed_title)
        court = Court(page, self.taxonomy, publishers=feed.companies, is_of_domain=feed.is_about_ai, vetoes=vetoes)
        companies = company_tags(court, self.taxonomy)
        verdicts = weigh(
            page,
            self.taxonomy,
            self._by_left,
            companies=companies,
            is_of_domain=bool(feed.companies) or feed.is_about_ai,
            vetoes=vetoes,
        )
        return _Heard(page, court, verdicts, (*companies, *topic_tags(verdicts, self.taxonomy)))

    def _titled(self, feed_title: str) -> _Feed:
        found = self.matcher.find(feed_title, keyed(feed_title))
        claims = longest(Hit(start, end, phrase) for start, end, meaning in found for phrase in meaning.claims)
        companies = frozenset(hit.phrase.slug for hit in claims if hit.phrase.role in STRONG)
        return _Feed(companies, any("ai" in meaning.words for _, _, meaning in found))


def tag_entries(
    tagger: Tagger, *, entries: Iterable[CleanEntry], feed_title: str, vetoes: Vetoes = NO_VETOES
) -> dict[str, tuple[TagRow, ...]]:
    """By guid, the stories of issues too: for many entries at once, in another process."""
    found: dict[str, tuple[TagRow, ...]] = {}
    for entry in entries:
        tags = tagger.tag(entry.title, entry.text, feed_title=feed_title, vetoes=vetoes)
        found[entry.guid] = tuple(map(TagRow.of, tags))
        for story in entry.stories:
            around = story_surroundings(feed_title, story.title, tags)
            told = tagger.tag(story.title, story.text, feed_title=around, vetoes=vetoes)
            found[story.guid] = tuple(map(TagRow.of, told))
    return found


def story_surroundings(feed_title: str, title: str, issue: Iterable[Tag]) -> str:
    """What stands for the feed's title where a story of an issue is tagged; `issue` are the tags of that.

    A story has less around a doubtful name than its issue had: the companies of the issue that the story's title seems
    to name support it there as the title of a feed would. An issue with topics or many companies is of the domain, as a
    feed is that says AI.
    """
    issue = tuple(issue)
    companies = [tag for tag in issue if tag.kind == "company"]
    named = [tag.name for tag in companies if any(each.alias in title for each in tag.evidence)]
    if len(companies) > _MANY or len(companies) < len(issue):
        named.append("AI")
    return " · ".join((feed_title, *named))


_MANY = 3
"""Companies that an issue may name without being about their field."""

_GROWS = {"names": "s9v", "products": "s9v", "weak": "9"}
"""See Phrase.grows. Two apples and a herd of llamas are no companies."""


def _phrases(taxonomy: Taxonomy, all_pairs: tuple[Pair, ...]) -> Iterator[Phrase]:
    for company in taxonomy.companies.values():
        for role in (*CLAIMS, "near", "against", "never"):
            proper, grows = role in CLAIMS, _GROWS.get(role, "")
            yield from (Phrase(text, role, company.slug, proper, grows) for text in getattr(company, role))
    for topic in taxonomy.topics.values():
        for role, name in (("cues", "cues"), ("hints", "hints"), ("never cue", "never")):
            yield from (Phrase(text, role, topic.slug) for text in getattr(topic, name))
    unnamed = {group: group.split("|") for pair in all_pairs for group in (*pair.left, *pair.right)}
    for group, words in (unnamed | taxonomy.words).items():
        yield from (Phrase(text, "word", group) for text in words)
