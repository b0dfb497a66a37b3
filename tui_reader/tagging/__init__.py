"""Title and text → company and topic tags, each with the passages that speak for it. Pure rules over a TOML taxonomy."""

from tui_reader.tagging.tagger import Tagger
from tui_reader.tagging.taxonomy import Company, Taxonomy, Topic, load_taxonomy

__all__ = ["Company", "Tagger", "Taxonomy", "Topic", "load_taxonomy"]
