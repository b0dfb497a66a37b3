"""Title and text → company and topic tags with the passages that speak for them: pure rules over a TOML taxonomy."""

from tui_reader.tagging.court import NO_VETOES, Vetoes
from tui_reader.tagging.tagger import Tagger, story_surroundings, tag_entries
from tui_reader.tagging.taxonomy import Company, Taxonomy, Topic, load_taxonomy

__all__ = [
    "NO_VETOES",
    "Company",
    "Tagger",
    "Taxonomy",
    "Topic",
    "Vetoes",
    "load_taxonomy",
    "story_surroundings",
    "tag_entries",
]
